"""C2: whether the first response was given in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Decision, ResponseKept
from plugin.contract.instants import instant_of
from plugin.contract.model import Author, Comment, SupportRequest
from plugin.contract.policy import CountsAsResponse, Policy
from plugin.contract.rules.response_kept import responses
from tests.plugin.contract.builders import JONAS, POLICY, agreement, always, at, policy, request

RAISED = at("2026-11-23 09:00")
DUE = at("2026-11-23 17:00")
LATER = at("2026-12-01 09:00")
FAULT = request(kind="fault", environment="production", impact="down", raised=RAISED)
"""Severity 1 of Premium: eight hours."""

NOBODY = CountsAsResponse(early=False, withdrawn=False, resolved=False, on_behalf=False)


def said(moment: str | datetime, by: Author = Author.AGENT, public: bool = True, id: str = "1") -> Comment:
    return Comment(id, at(moment) if isinstance(moment, str) else moment, by, public)


def decided(
    *comments: Comment, now: datetime = LATER, under: Policy = POLICY, asked: SupportRequest = FAULT, **changes: Any
) -> Decision:
    return decide(replace(asked, comments=comments, **changes), agreement(), under, now)


def ruled(*comments: Comment, **more: Any) -> tuple[datetime | None, ResponseKept]:
    decision = decided(*comments, **more)
    return decision.first_response.value, decision.response_kept.value


def counting(**what: bool) -> Policy:
    return policy(counts_as_response=always(replace(NOBODY, **what), "C2", "coverage.yaml"))


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("2026-11-23 09:00", ResponseKept.KEPT),
        ("2026-11-23 17:00", ResponseKept.KEPT),
        ("2026-11-23 17:01", ResponseKept.MISSED),
        ("2026-11-23 23:00", ResponseKept.MISSED),
    ],
)
def test_a_response_is_in_time_up_to_the_very_moment_at_which_it_is_due(moment: str, kept: ResponseKept) -> None:
    assert ruled(said(moment)) == (at(moment), kept)


def test_the_first_of_several_counts() -> None:
    several = [said("2026-11-24 09:00"), said("2026-11-23 10:00", id="2"), said("2026-11-23 11:00", id="3")]
    assert ruled(*several) == (at("2026-11-23 10:00"), ResponseKept.KEPT)


@pytest.mark.parametrize(
    "comment",
    [
        said("2026-11-23 10:00", public=False),
        said("2026-11-23 10:00", Author.CUSTOMER),
        said("2026-11-23 10:00", Author.MACHINE),
    ],
)
def test_neither_a_note_nor_a_customer_nor_a_machine_responds(comment: Comment) -> None:
    assert ruled(comment) == (None, ResponseKept.OVERDUE)


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (RAISED, ResponseKept.OPEN),
        (DUE, ResponseKept.OPEN),
        (DUE + timedelta(microseconds=1), ResponseKept.OVERDUE),
    ],
)
def test_without_a_response_it_is_open_until_it_is_overdue(now: datetime, kept: ResponseKept) -> None:
    assert ruled(now=now) == (None, kept)


def test_where_no_response_is_due_none_is_missed() -> None:
    refused = replace(FAULT, raised_by=JONAS)
    assert ruled(asked=refused) == (None, ResponseKept.NOT_APPLICABLE)
    assert ruled(said("2026-11-23 10:00"), asked=refused) == (at("2026-11-23 10:00"), ResponseKept.NOT_APPLICABLE)


def test_a_response_before_the_clock_ran_does_not_count_unless_the_files_say_so() -> None:
    waiting = decided(asked=replace(FAULT, version=None), now=RAISED)
    told = replace(FAULT, standing=standing_after(waiting, None), amended=at("2026-11-23 12:00"))
    early = said("2026-11-23 10:00")

    assert ruled(early, asked=told) == (None, ResponseKept.OVERDUE)
    assert "before the response time began to run" in decided(early, asked=told).first_response.findings[0].sentence
    assert ruled(early, said("2026-11-23 12:00", id="2"), asked=told)[1] is ResponseKept.KEPT
    assert ruled(early, asked=told, under=counting(early=True)) == (early.written, ResponseKept.KEPT)


def test_a_response_that_is_withdrawn_is_none_any_more_unless_the_files_say_so() -> None:
    answered = decided(said("2026-11-23 10:00"), now=at("2026-11-23 11:00"))
    since = replace(FAULT, standing=standing_after(answered, None))

    assert ruled(asked=since) == (None, ResponseKept.OVERDUE)
    assert ruled(said("2026-11-23 10:00", public=False), asked=since) == (None, ResponseKept.OVERDUE)
    assert ruled(asked=since, under=counting(withdrawn=True)) == (at("2026-11-23 10:00"), ResponseKept.KEPT)


@pytest.mark.parametrize(
    ("resolved", "silently", "counted"),
    [
        ("2026-11-23 12:00", ResponseKept.NOT_APPLICABLE, ResponseKept.KEPT),
        ("2026-11-24 12:00", ResponseKept.MISSED, ResponseKept.MISSED),
    ],
)
def test_resolved_without_a_response(resolved: str, silently: ResponseKept, counted: ResponseKept) -> None:
    assert ruled(ended=at(resolved)) == (None, silently)
    assert ruled(ended=at(resolved), under=counting(resolved=True)) == (at(resolved), counted)


def test_opened_again_its_time_has_gone_on() -> None:
    assert ruled(ended=None, now=at("2026-11-24 12:00"))[1] is ResponseKept.OVERDUE


def test_a_request_that_an_agent_raised_for_the_customer_is_answered_only_where_the_files_say_so() -> None:
    assert ruled(on_behalf=True) == (None, ResponseKept.OVERDUE)
    assert ruled(on_behalf=True, under=counting(on_behalf=True)) == (RAISED, ResponseKept.KEPT)
    assert ruled(under=counting(on_behalf=True)) == (None, ResponseKept.OVERDUE)


def test_a_severity_that_is_corrected_moves_the_ruling_and_moves_it_back() -> None:
    late = said("2026-11-24 10:00")
    assert [ruled(late, impact=impact)[1] for impact in ("down", "impaired", "down")] == [
        ResponseKept.MISSED,
        ResponseKept.KEPT,
        ResponseKept.MISSED,
    ]


def test_a_ruling_cites_the_target_and_what_counts() -> None:
    decision = decided(said("2026-11-23 18:00"))
    assert [str(each) for each in decision.first_response.findings[0].cites] == [
        "C2, eligibility.yaml:59",
        "C2, coverage.yaml:1",
    ]
    assert [str(each) for each in decision.response_kept.findings[0].cites] == [
        "C2, eligibility.yaml:59",
        "C2, tiers.yaml:1",
        "C3, coverage.yaml:1",
    ]
    assert decision.response_kept.findings[0].sentence == (
        "The response of Mon 23 Nov 2026 18:00 CET came after it was due (Mon 23 Nov 2026 17:00 CET)."
    )


COMMENTS = st.lists(
    st.builds(
        Comment,
        id=st.uuids().map(str),
        written=st.timedeltas(timedelta(0), timedelta(days=4)).map(lambda passed: RAISED.astimezone(UTC) + passed),
        by=st.sampled_from(Author),
        public=st.booleans(),
    ),
    max_size=5,
)
COUNTING = st.builds(CountsAsResponse, *[st.booleans()] * 4)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda passed: RAISED.astimezone(UTC) + passed)


@given(COMMENTS, MOMENTS)
def test_it_is_kept_just_when_the_first_response_came_by_the_moment_it_was_due(
    comments: list[Comment], now: datetime
) -> None:
    decision = decided(*comments, now=now)
    first, due = decision.first_response.value, decision.response_due.value
    assert due is not None
    kept = first is not None and instant_of(first) <= instant_of(due)
    assert (decision.response_kept.value is ResponseKept.KEPT) == kept
    given_ = [each.written for each in comments if each.public and each.by is Author.AGENT]
    assert first == min(given_, default=None)


@given(COMMENTS, COMMENTS, MOMENTS, COUNTING, st.booleans())
def test_notes_customers_and_machines_change_nothing(
    comments: list[Comment], others: list[Comment], now: datetime, counts: CountsAsResponse, on_behalf: bool
) -> None:
    under = policy(counts_as_response=always(counts, "C2", "coverage.yaml"))
    silent = [each for each in others if not (each.public and each.by is Author.AGENT)]
    assert ruled(*comments, *silent, now=now, under=under, on_behalf=on_behalf) == ruled(
        *comments, now=now, under=under, on_behalf=on_behalf
    )
    assert responses([*comments, *silent]) == responses(comments)


@given(COMMENTS, MOMENTS, COUNTING, st.none() | MOMENTS)
def test_deciding_twice_is_deciding_once_whatever_counts(
    comments: list[Comment], now: datetime, counts: CountsAsResponse, ended: datetime | None
) -> None:
    under = policy(counts_as_response=always(counts, "C2", "coverage.yaml"))
    asked = replace(FAULT, comments=tuple(comments), ended=ended)
    first = decide(asked, agreement(), under, now)
    again = decide(replace(asked, standing=standing_after(first, None)), agreement(), under, now)
    assert again == first
