"""Agreements that end while requests are open: which, when, and in what order."""

from dataclasses import replace

import pytest

from plugin.contract.ending import ENDING_SOON, ending
from plugin.contract.model import SupportAgreement
from tests.plugin.contract.builders import agreement, on

OPEN = {"aurora": ["SUP-1", "SUP-7"]}


def signed(*terms: str, customer: str = "aurora") -> SupportAgreement:
    return replace(agreement(terms=list(terms)), customer=customer)


def left(day: str, *terms: str) -> list[int]:
    return [each.days_left for each in ending([signed(*terms)], on(day), OPEN)]


@pytest.mark.parametrize(
    ("day", "days"),
    [
        ("2026-11-01", []),
        ("2026-11-02", [60]),
        ("2026-12-31", [1]),
        ("2027-01-01", [0]),
        ("2028-06-01", [-517]),
    ],
)
def test_an_agreement_is_spoken_of_from_sixty_days_before_its_end_on(day: str, days: list[int]) -> None:
    assert ENDING_SOON == 60
    assert left(day, "2026") == days


def test_the_keys_of_what_is_open_are_told_and_whether_it_is_over() -> None:
    (soon,), (over,) = (ending([signed("2026")], on(day), OPEN) for day in ("2026-12-31", "2027-01-01"))

    assert soon.requests == over.requests == ("SUP-1", "SUP-7")
    assert (str(soon.last), soon.ended, over.ended) == ("2026-12-31", False, True)


def test_an_agreement_without_open_requests_is_nobodys_trouble() -> None:
    assert ending([signed("2026", customer="brennhaus")], on("2027-01-01"), {**OPEN, "brennhaus": []}) == ()


def test_a_renewal_that_follows_at_once_is_no_end() -> None:
    assert left("2026-12-31", "2027", "2026") == []
    assert left("2027-12-01", "2027", "2026") == [31]


def test_in_a_gap_the_agreement_has_ended_although_it_will_begin_again() -> None:
    assert left("2027-03-01", "2026", "2028") == [-59]
    assert left("2026-12-31", "2026", "2028") == [1]


def test_before_its_first_day_nothing_has_ended_and_on_it_the_end_may_be_near() -> None:
    assert left("2026-11-30", "2026-12-01 2026-12-31") == []
    assert left("2026-12-01", "2026-12-01 2026-12-31") == [31]


def test_what_ended_first_comes_first() -> None:
    agreements = [signed("2026", customer="b"), signed("2025", customer="c"), signed("2026", customer="a")]
    found = ending(agreements, on("2027-01-01"), {"a": ["1"], "b": ["2"], "c": ["3"]})

    assert [each.agreement.customer for each in found] == ["c", "a", "b"]
