"""Terms, agreement years, and what is in force on a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.model import Term, after_deletion, anniversary
from tests.plugin.contract.builders import agreement, entitlement, on, request, term

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def test_both_ends_of_a_term_are_in_it() -> None:
    year = term("2026")
    assert [year.covers(on(day)) for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")] == [
        False,
        True,
        True,
        False,
    ]
    assert str(year) == "2026-01-01 to 2026-12-31"


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("2026", "2027", False),
        ("2026", "2026-12-31 2027-12-31", True),
        ("2026", "2026-05-01 2026-05-02", True),
        ("2026-05-01 2026-05-02", "2026", True),
        ("2027", "2026", False),
    ],
)
def test_terms_overlap_when_they_share_a_day(one: str, other: str, overlap: bool) -> None:
    assert term(one).overlaps(term(other)) is overlap
    assert term(other).overlaps(term(one)) is overlap


def test_an_anniversary_of_29_february_is_1_march_where_there_is_none() -> None:
    leap = on("2024-02-29")
    assert [str(anniversary(leap, years)) for years in (0, 1, 3, 4)] == [
        "2024-02-29",
        "2025-03-01",
        "2027-03-01",
        "2028-02-29",
    ]


@given(DAYS, st.integers(0, 4000))
def test_the_years_of_a_term_are_the_term_cut_into_pieces(first: date, days: int) -> None:
    whole = Term(first, first + timedelta(days))
    years = list(whole.years())
    assert (years[0].first, years[-1].last) == (whole.first, whole.last)
    assert all(one.last + timedelta(1) == following.first for one, following in pairwise(years))
    assert all(365 <= (year.last - year.first).days + 1 <= 366 for year in years[:-1])


def test_the_term_on_a_day_is_the_one_that_covers_it() -> None:
    gap = agreement(terms=["2024", "2026"])
    assert gap.term_on(on("2026-05-01")) == term("2026")
    assert gap.term_on(on("2025-05-01")) is None


def test_an_entitlement_is_in_force_only_within_a_term_of_the_agreement() -> None:
    signed = agreement(entitlement(during="2025-01-01 2026-06-30"))
    assert signed.entitlements_on(on("2025-12-31")) == ()
    assert signed.entitlements_on(on("2026-06-30")) == signed.entitlements
    assert signed.entitlements_on(on("2026-07-01")) == ()


def test_a_deleted_request_is_the_same_request_but_deleted() -> None:
    gone = after_deletion(request())
    assert (gone.id, gone.deleted, request().deleted) == (request().id, True, False)
