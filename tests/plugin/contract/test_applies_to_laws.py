"""Rows that apply to open requests: what holds for every table by which requests are judged, one added later included.

A policy is *renewed* by writing every such row once more with a first day: the same words, and a citation of its own.
"""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.case import case_of
from plugin.contract.decide import decide
from plugin.contract.decision import Citation, Decision, Eligibility
from plugin.contract.explain import rulings
from plugin.contract.policy import ClockStart, Policy, Verdict
from plugin.contract.tables import AppliesTo, Row, Table
from tests.plugin.contract.builders import POLICY, cite
from tests.plugin.contract.strategies import MOMENTS, Given, cases
from tests.plugin.contract.test_decide_laws import ruled

JUDGE_NOBODY = {"grants", "carry_over", "contact_limits"}
JUDGING = [each.name for each in fields(Policy) if isinstance(getattr(POLICY, each.name), Table)]
JUDGING = [name for name in JUDGING if name not in JUDGE_NOBODY]
UNCITED: dict[str, Any] = {"verdicts": Verdict(Eligibility.ON_HOLD, False), "clock_starts": ClockStart.RAISED}
"""Tables whose rows no finding cites, with values by which they are told apart."""


def renewed(under: Policy, since: date, applies_to: AppliesTo) -> Policy:
    """The policy with every row by which requests are judged once more, in force from a day on."""

    def again(name: str, row: Row[Any]) -> Row[Any]:
        cited = replace(row.cited, cites=cite("C2", f"from-{since}/{name}"), since=since, applies_to=applies_to)
        return replace(row, cited=replace(cited, value=UNCITED.get(name, row.cited.value)))

    tables = {name: getattr(under, name).rows for name in JUDGING}
    later = {name: Table((*rows, *(again(name, row) for row in rows))) for name, rows in tables.items()}
    return replace(under, **later)


def open_until(given_: Given) -> date:
    asked, signed, under, now, _ = given_
    return case_of(asked, signed, under, now).as_of.open_until


def under_another(given_: Given, policy: Policy) -> Decision:
    asked, signed, _, now, booked = given_
    return decide(asked, signed, policy, now, booked)


def cited(decision: Decision) -> set[Citation]:
    return {each for ruling in rulings(decision).values() for finding in ruling.findings for each in finding.cites}


def rows_of(policy: Policy) -> set[Citation]:
    """What the judging rows cite. Every row for third-party software applies, the old as well as the new."""
    tables = (getattr(policy, name) for name in JUDGING if name != "third_party")
    return {row.cited.cites for table in tables for row in table.rows}


HOW_IT_WENT_ON = ("first_response", "response_kept", "response_reminder", "next_look")
ENDED = st.none() | MOMENTS
DAYS = st.integers(1, 400).map(lambda days: timedelta(days=days))


@given(cases(), ENDED, ENDED, DAYS)
def test_without_a_row_for_open_requests_it_does_not_matter_until_when_one_was_open(
    given_: Given, ended: Any, other: Any, ago: timedelta
) -> None:
    asked, *rest = given_
    under = renewed(given_[2], POLICY.day(asked.raised) - ago + timedelta(days=200), AppliesTo.RAISED)
    one, two = (under_another((replace(asked, ended=each), *rest), under) for each in (ended, other))
    # Whether the response was kept is no matter of rows: it is, by when it was resolved.
    assert ruled(one) == ruled(replace(two, **{name: getattr(one, name) for name in HOW_IT_WENT_ON}))


@given(cases(), ENDED, DAYS)
def test_a_row_changes_no_request_that_was_resolved_before_its_day_nor_any_before_it_has_come(
    given_: Given, ended: Any, later: timedelta
) -> None:
    given_ = (replace(given_[0], ended=ended), *given_[1:])
    under = renewed(given_[2], open_until(given_) + later, AppliesTo.OPEN)
    assert under_another(given_, under) == decide(*given_)


@given(cases(), st.integers(0, 1000))
def test_from_its_day_on_every_row_for_open_requests_judges_those_raised_before(given_: Given, part: int) -> None:
    raised, until = POLICY.day(given_[0].raised), open_until(given_)
    since = raised + (until - raised) * part // 1000
    under = renewed(given_[2], since, AppliesTo.OPEN)
    decision, before = under_another(given_, under), decide(*given_)
    assert not cited(decision) & rows_of(given_[2])
    assert decision.eligibility.value in (Eligibility.ELIGIBLE, Eligibility.ON_HOLD)
    assert (decision.told, decision.clock_started) == ((), given_[0].raised)
    assert (decision.severity.value, decision.tier, decision.customer) == (
        before.severity.value,
        before.tier,
        before.customer,
    )


@given(cases(), DAYS)
def test_the_same_row_for_those_raised_from_its_day_on_changes_none_raised_before(
    given_: Given, later: timedelta
) -> None:
    under = renewed(given_[2], POLICY.day(given_[0].raised) + later, AppliesTo.RAISED)
    assert under_another(given_, under) == decide(*given_)


@given(cases(), st.integers(0, 1000), DAYS)
def test_of_several_rows_in_force_for_a_request_the_newest_wins(given_: Given, part: int, ago: timedelta) -> None:
    raised, until = POLICY.day(given_[0].raised), open_until(given_)
    newest = raised + (until - raised) * part // 1000
    older = renewed(given_[2], newest - ago, AppliesTo.OPEN)
    both = renewed(older, newest, AppliesTo.OPEN)
    assert not cited(under_another(given_, both)) & rows_of(older)


@given(cases(), MOMENTS, DAYS, DAYS)
def test_a_request_that_is_resolved_stays_with_its_rows_however_late_one_looks(
    given_: Given, ended: Any, since: timedelta, later: timedelta
) -> None:
    asked, signed, under, now, booked = given_
    asked = replace(asked, ended=max(ended, asked.raised))
    under = renewed(under, POLICY.day(asked.raised) + since, AppliesTo.OPEN)
    first, again = (decide(asked, signed, under, moment, booked) for moment in (now, now + later))
    newer = rows_of(under) - rows_of(given_[2])
    assert bool(cited(first) & newer) == bool(cited(again) & newer)
