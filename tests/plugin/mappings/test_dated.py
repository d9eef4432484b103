"""Changes that wait for a day: the row of today stays, and what cannot wait is named."""

from datetime import date
from pathlib import Path

import pytest

from plugin.contract.tables import AppliesTo
from plugin.mappings.check import look_over
from plugin.mappings.dated import NotDatable, as_if_in_force, can_wait, dated, planned
from plugin.mappings.edit import on_disk
from plugin.mappings.forms import form

SHIPPED = on_disk(Path("mappings"))
TIERS = SHIPPED["tiers.yaml"].decode()
DAY, TODAY = date(2027, 1, 1), date(2026, 11, 26)
RAISED, OPEN = AppliesTo.RAISED, AppliesTo.OPEN

OLD = "  - {tier: premium, severity: 3, within: 24 h, cites: C2} # printed"
NEW = "  - {tier: premium, severity: 3, within: 20 h, cites: C2"


def edited(old: str, new: str, text: str = TIERS) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def waits(after: str, applies_to: AppliesTo = RAISED) -> str:
    return dated("tiers.yaml", TIERS, after, DAY, applies_to)


def is_good(name: str, text: str) -> bool:
    return look_over({**SHIPPED, name: text.encode()})[0] == ()


def test_a_changed_row_stands_below_the_one_of_today_which_is_as_it_was() -> None:
    text = waits(edited(OLD, f"{NEW}}} # printed"))
    line = next(each for each in TIERS.splitlines(keepends=True) if each.startswith(OLD))
    assert text == TIERS.replace(line, f"{line}{NEW}, from: 2027-01-01}}\n")
    assert is_good("tiers.yaml", text)


def test_it_may_hold_for_requests_that_are_open_then_where_requests_are_judged_by_it() -> None:
    assert f"{NEW}, from: 2027-01-01, applies_to: open}}\n" in waits(edited(OLD, f"{NEW}}} # printed"), OPEN)
    contacts = waits(edited("limit: 5,", "limit: 6,"), OPEN)
    assert "  - {tier: premium, limit: 6, cites: C4, from: 2027-01-01}\n" in contacts


def test_a_row_that_is_new_is_dated_where_it_stands() -> None:
    row = "  - {tier: basic, kind: fault, included: guidance, cites: C7}\n"
    after = edited("services:\n", f"services:\n{row}")
    assert waits(after) == after.replace("guidance, cites: C7}", "guidance, cites: C7, from: 2027-01-01}", 1)


def test_a_row_in_lines_of_its_own_can_wait_as_well() -> None:
    name, before = "prices.yaml", "currency: EUR\nlapse:\n  - tier: any\n    first_year: 80 # so far\n    cites: C16\n"
    text = dated(name, before, before.replace("80", "70"), DAY, RAISED)
    assert text == (f"{before}  - tier: any\n    first_year: 70 # so far\n    cites: C16\n    from: 2027-01-01\n")


def test_a_day_that_somebody_wrote_stays() -> None:
    after = edited(OLD, f"{OLD[:-10]}\n{NEW}, from: 2028-02-01}} # printed")
    assert waits(after) == after


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("name: Premium", "name: Top", ("tiers, 1, name",)),
        (
            "  - {tier: premium, assigned: yes, cites: C11}\n",
            "",
            ("account representatives: tier premium, assigned yes",),
        ),
        ("priorities: [highest,", "priorities: [urgent,", ("priorities",)),
    ],
)
def test_what_cannot_wait_is_named(old: str, new: str, places: tuple[str, ...]) -> None:
    with pytest.raises(NotDatable) as refused:
        waits(edited(old, new))
    assert refused.value.places == places


def test_what_no_form_shows_cannot_wait() -> None:
    with pytest.raises(NotDatable):
        waits("tiers: [")
    assert not can_wait(None)
    assert can_wait(form("tiers.yaml", TIERS, None))
    assert not can_wait(form("clauses.yaml", SHIPPED["clauses.yaml"].decode(), None))


def test_what_is_planned_is_listed_with_its_day() -> None:
    text = waits(edited(OLD, f"{NEW}}} # printed"))
    (plan,) = planned("tiers.yaml", text, TODAY)
    assert (plan.table, plan.day, plan.says) == ("response targets", DAY, "tier premium, severity 3, within 20 h")
    assert plan.at == "/response_targets/7"
    assert planned("tiers.yaml", text, DAY) == ()
    assert planned("replies/frame.en.md", "Hello", TODAY) == ()


def test_what_is_planned_can_be_looked_at_as_if_it_held_already() -> None:
    text = waits(edited(OLD, f"{NEW}}} # printed"))
    assert as_if_in_force("tiers.yaml", TIERS, text, TODAY) == text.replace("2027-01-01", "1980-01-01")
    assert as_if_in_force("tiers.yaml", text, text, TODAY) == text, "what was planned before is no change"
    past = edited(OLD, f"{OLD[:-10]}\n{NEW}, from: 2026-05-01}} # printed")
    later = past.replace("within: 36 h, cites: C2}", "within: 30 h, cites: C2, from: 2027-01-01}")
    assert "within: 30 h, cites: C2, from: 2026-05-01}" in as_if_in_force("tiers.yaml", past, later, TODAY)
