import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugin.contract.decision import (
    AccountRepresentative,
    Backfill,
    Decision,
    Eligibility,
    Reason,
    Reminder,
    ResponseKept,
    Ruling,
    Source,
)
from plugin.contract.explain import READINGS
from plugin.contract.model import Standing
from plugin.jira.fields import WRITTEN
from plugin.jira.plan import (
    LONGEST_TEXT,
    PROPOSED,
    SetFields,
    plan,
    same,
    shortened,
    spell,
    standing_of,
    wanted_property,
    wanted_values,
)
from plugin.jira.read import PROPERTY, shown
from tests.plugin.jira.builders import FIELDS, PRIORITIES, decision, finding, issue, moments, option

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)

NORA, IVO = (
    AccountRepresentative(name, account, Source("agreements/aurora-robotics.yaml", 17))
    for name, account in (("Nora Quist", "712020:nora"), ("Ivo Berg", "712020:ivo"))
)
RULED = [word for word in WRITTEN if word not in PROPOSED]
"""The words whose fields show the decision."""

_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
_findings = st.lists(st.builds(finding, _texts, st.none() | st.sampled_from(Reason)), min_size=1, max_size=6).map(tuple)
_both = st.booleans()
decisions = st.builds(
    decision,
    decided_at=moments,
    revision=_texts,
    customer=st.none() | _texts,
    tier=st.none() | st.sampled_from(["premium", "advanced", "basic", "platinum"]),
    severity=st.integers(1, 4),
    eligibility=st.sampled_from(Eligibility),
    findings=_findings,
    response_due=st.none() | moments,
    charge=st.integers(0, 500),
    credits_left=st.none() | st.integers(-50, 500),
    clock_started=st.none() | moments,
    priority=st.none() | st.sampled_from(list(PRIORITIES.values())),
    representative=st.none() | st.sampled_from([NORA, IVO]),
    first_response=st.none() | moments,
    response_kept=st.sampled_from(ResponseKept),
    reminder=st.none()
    | st.builds(Reminder, st.sampled_from(["80 %", "2 h before", "overdue"]), moments, _both, _both, st.none()),
)
holdings = st.dictionaries(st.sampled_from(["2025", "2026", "bought-7"]), st.integers(1, 99), max_size=3)


def as_jira_keeps_it(value: Any, word: str) -> Any:
    """A written value as it is read back: times cut to the minute, numbers as floats, lines ended as browsers do."""
    match FIELDS[word].type:
        case _ if value is None:
            return None
        case "datetime":
            return f"{value[:16]}:00.000{value[-5:]}"
        case "number":
            return float(value)
        case "option":
            return option(value["value"])
        case "priority":
            return {"id": "1", **value}
        case "user":
            return {"displayName": "Somebody", **value}
    return value.strip().replace("\n", "\r\n").replace("-", "\\-")


def written(edit: SetFields, on: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The issue after the edit, read from Jira again; `on` are the values by word that it had before."""
    words = {field.id: word for word, field in FIELDS.items()}
    values = {words[id]: as_jira_keeps_it(value, words[id]) for id, value in edit.fields.items()}
    if edit.participant:
        values["participants"] = [{"displayName": "Somebody", "accountId": edit.participant.account}]
    return issue({**(on or {}), **values}, {PROPERTY: json.loads(json.dumps(edit.property))})


def first_edit(decided: Decision, held: Mapping[str, int], waited: bool) -> SetFields:
    edit = plan(decided, held, waited, shown(issue(), FIELDS), FIELDS)
    assert edit is not None
    return edit


def test_an_untouched_issue_gets_every_field_spelled_and_our_property() -> None:
    due = datetime(2026, 11, 23, 16, 30, 12, 345_678, tzinfo=UTC)
    reminder = Reminder("80 %", NOW, note=True, field=True, priority=None)
    decided = decision(
        NOW,
        response_due=due,
        clock_started=NOW,
        priority="high",
        representative=NORA,
        first_response=NOW,
        reminder=reminder,
    )

    edit = first_edit(decided, {"2026": 1}, False)

    assert edit.words == WRITTEN
    assert edit.participant == NORA
    assert edit.fields == {
        "customfield_21": {"value": "Premium"},
        "customfield_22": {"value": "Severity 2"},
        "customfield_23": "2026-11-23T16:30:12.345+0000",
        "customfield_24": {"value": "Eligible"},
        "customfield_25": "All conditions of the support contract are met.",
        "customfield_26": 1,
        "customfield_27": 30,
        "customfield_28": 0,
        "customfield_29": 3,
        "customfield_30": {"value": "Patch"},
        "customfield_35": "2026-11-23T11:00:00.000+0000",
        "customfield_36": {"value": "Open"},
        "customfield_37": "80 %",
        "priority": {"name": "High"},
        "customfield_33": {"accountId": "712020:nora"},
    }
    assert edit.property == {
        "schema": 1,
        "request": "10007",
        "decided_at": "2026-11-23T11:00:00+00:00",
        "since": "2026-11-23T11:00:00+00:00",
        "revision": "r1",
        "customer": "aurora",
        "tier": "premium",
        "severity": 2,
        "eligibility": "eligible",
        "reasons": [],
        "response_due": "2026-11-23T16:30:12.345678+00:00",
        "clock_started": "2026-11-23T11:00:00+00:00",
        "first_response": "2026-11-23T11:00:00+00:00",
        "response_kept": "open",
        "followed_since": "2026-11-23T11:00:00+00:00",
        "waited": False,
        "charged": {"2026": 1},
        "credits_left": 30,
        "proposed": {"account_representative": "712020:nora", "participants": "712020:nora", "priority": "high"},
    }


@given(decisions, holdings, st.booleans())
def test_planning_over_the_written_issue_plans_nothing(decided: Decision, held: dict[str, int], waited: bool) -> None:
    after = shown(written(first_edit(decided, held, waited)), FIELDS)

    assert plan(decided, held, waited, after, FIELDS) is None


@given(decisions, decisions, holdings, holdings)
def test_planning_over_an_issue_written_twice_plans_nothing(
    first: Decision, second: Decision, held: dict[str, int], later: dict[str, int]
) -> None:
    once = written(first_edit(first, held, False))
    edit = plan(second, later, True, shown(once, FIELDS), FIELDS)
    assert edit is not None  # `waited` differs
    words = {field.id: word for word, field in FIELDS.items()}
    kept = {words[id]: value for id, value in once["fields"].items() if words.get(id) in (*WRITTEN, "participants")}

    assert plan(second, later, True, shown(written(edit, kept), FIELDS), FIELDS) is None


@given(decisions, holdings, moments, _texts, st.none() | st.integers(0, 99))
def test_another_reading_alone_plans_nothing(
    decided: Decision, held: dict[str, int], at: datetime, revision: str, left: int | None
) -> None:
    assume(left is None or decided.credits_left.value is not None)
    after = shown(written(first_edit(decided, held, False)), FIELDS)
    again = replace(decided, decided_at=at, revision=revision, credits_left=Ruling(left, decided.credits_left.findings))

    assert plan(again, held, False, after, FIELDS) is None


def test_a_changed_ruling_takes_the_reading_along() -> None:
    decided = decision(NOW, credits_left=30)
    after = shown(written(first_edit(decided, {}, False)), FIELDS)
    again = decision(NOW, tier="basic", credits_left=12)

    edit = plan(again, {}, False, after, FIELDS)

    assert edit is not None
    assert edit.words == ("tier", "credits_left")


@pytest.mark.parametrize("word", READINGS)
def test_a_reading_that_is_not_shown_at_all_is_written(word: str) -> None:
    decided = decision(NOW)
    whole = written(first_edit(decided, {}, False))
    whole["fields"][FIELDS[word].id] = None

    edit = plan(decided, {}, False, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    assert edit.words == (word,)


_BY_HAND: dict[str, Any] = {
    "tier": option("Basic"),
    "severity": option("Severity 3"),
    "response_due": "2026-11-24T16:30:00.000+0100",
    "eligibility": option("On hold"),
    "reason": "Because I say so",
    "credits_charged": 0.0,
    "sessions_charged": 2.0,
    "patch_eligibility": option("Scheduled"),
    "first_response": "2026-11-24T09:00:00.000+0100",
    "response_kept": option("Kept"),
    "response_reminder": "2 h before",
}


@pytest.mark.parametrize("word", [word for word in RULED if word not in READINGS])
@pytest.mark.parametrize("emptied", [False, True])
def test_a_field_changed_by_hand_is_written_back_and_no_other(word: str, emptied: bool) -> None:
    reminder = Reminder("80 %", NOW, note=True, field=True, priority=None)
    decided = decision(NOW, response_due=NOW, clock_started=NOW, first_response=NOW, reminder=reminder)
    whole = written(first_edit(decided, {}, False))
    whole["fields"][FIELDS[word].id] = None if emptied else _BY_HAND[word]

    edit = plan(decided, {}, False, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    assert edit.words == (word,)
    assert set(edit.fields) == {FIELDS[word].id}


@pytest.mark.parametrize("word", ["tier", "response_due"])
def test_a_field_filled_by_hand_where_the_contract_says_nothing_is_emptied(word: str) -> None:
    decided = decision(NOW, tier=None, response_due=None)
    whole = written(first_edit(decided, {}, False))
    whole["fields"][FIELDS[word].id] = _BY_HAND[word]

    edit = plan(decided, {}, False, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    assert edit.fields == {FIELDS[word].id: None}


@pytest.mark.parametrize(
    ("held", "waited", "changes"),
    [
        ({"2026": 2}, False, {}),
        ({"2026": 1}, True, {}),
        ({"2026": 1}, False, {"customer": "birch"}),
        ({"2026": 1}, False, {"clock_started": NOW - timedelta(hours=1)}),
        ({"2026": 1}, False, {"response_due": NOW + timedelta(seconds=1)}),
    ],
)
def test_what_only_our_property_says_is_written_without_a_field(
    held: dict[str, int], waited: bool, changes: dict[str, Any]
) -> None:
    plain: dict[str, Any] = {"response_due": NOW, "clock_started": NOW}
    after = shown(written(first_edit(decision(NOW, **plain), {"2026": 1}, False)), FIELDS)

    edit = plan(decision(NOW, **{**plain, **changes}), held, waited, after, FIELDS)

    assert edit is not None
    assert (edit.words, edit.fields) == ((), {})


_JIRAS_OWN: dict[str, list[Any]] = {
    "priority": [{"id": "3", "name": "Medium"}, {"id": "7", "name": "Whenever"}],
    "account_representative": [None, {"accountId": "712020:una", "displayName": "Una Falk"}],
    "participants": [[], [{"accountId": "712020:una", "displayName": "Una Falk"}]],
}
"""What people make of what we proposed."""


@given(decisions, holdings, st.data())
def test_what_people_make_of_a_proposal_stands(decided: Decision, held: dict[str, int], data: st.DataObject) -> None:
    """Lessons 31 and 82: the agent's own priority wins until the ruling is another."""
    whole = written(first_edit(decided, held, False))
    for word, values in _JIRAS_OWN.items():
        whole["fields"][FIELDS[word].id] = data.draw(st.sampled_from(values))

    assert plan(decided, held, False, shown(whole, FIELDS), FIELDS) is None


@given(decisions, decisions, holdings)
def test_only_another_proposal_writes_over_what_people_made_of_the_one_before(
    first: Decision, second: Decision, held: dict[str, int]
) -> None:
    whole = written(first_edit(first, held, False))
    for word, values in _JIRAS_OWN.items():
        whole["fields"][FIELDS[word].id] = values[1]

    edit = plan(second, held, True, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    priority, representative = second.priority.value, second.account_representative.value
    assert ("priority" in edit.words) == (priority not in (None, first.priority.value))
    new = representative not in (None, first.account_representative.value)
    assert ("account_representative" in edit.words) == new
    assert edit.participant == (representative if new else None)


def test_a_priority_on_which_the_contract_has_no_say_stays_and_is_remembered() -> None:
    whole = written(first_edit(decision(NOW, priority="highest"), {}, False))

    edit = plan(decision(NOW, customer="birch", priority=None), {}, False, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    assert (edit.words, edit.property["proposed"]) == ((), {"priority": "highest"})


def test_a_representative_who_is_none_any_more_is_taken_back_where_nobody_chose_another() -> None:
    whole = written(first_edit(decision(NOW, representative=NORA), {}, False))
    gone = decision(NOW, tier="basic", representative=None)

    edit = plan(gone, {}, False, shown(whole, FIELDS), FIELDS)
    assert edit is not None
    assert edit.words == ("tier", "account_representative")
    assert edit.fields[FIELDS["account_representative"].id] is None
    assert edit.property["proposed"] == {}

    whole["fields"][FIELDS["account_representative"].id] = {"accountId": "712020:ivo"}
    edit = plan(gone, {}, False, shown(whole, FIELDS), FIELDS)
    assert edit is not None
    assert edit.words == ("tier",)


def test_who_takes_part_already_is_not_asked_again_and_remembered_all_the_same() -> None:
    whole = issue({"participants": [{"accountId": "712020:nora"}]})

    edit = plan(decision(NOW, representative=NORA), {}, False, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    assert edit.participant is None
    assert edit.property["proposed"]["participants"] == "712020:nora"


def test_nothing_is_proposed_any_more_on_a_request_that_is_done_until_it_is_taken_up_again() -> None:
    decided = decision(NOW, response_due=NOW, priority="high", representative=NORA, first_response=NOW)
    done = issue(resolution={"id": "1", "name": "Done"}, resolutiondate="2026-11-20T16:00:00.000+0100")

    edit = plan(decided, {}, False, shown(done, FIELDS), FIELDS)
    assert edit is not None
    assert (edit.words, edit.participant, edit.property["proposed"]) == (tuple(RULED[:-1]), None, {})

    again = plan(decided, {}, False, shown(written(edit), FIELDS), FIELDS)
    assert again is not None
    assert (again.words, again.participant) == (("priority", "account_representative"), NORA)


@pytest.mark.parametrize("word", PROPOSED)
def test_what_a_site_has_no_field_for_is_proposed_once_it_has_one(word: str) -> None:
    decided = decision(NOW, priority="high", representative=NORA)
    without = {known: field for known, field in FIELDS.items() if known != word}
    edit = plan(decided, {}, False, shown(issue(), without), without)
    assert edit is not None
    assert word not in edit.property["proposed"]
    assert (edit.participant is None) == (word == "participants")
    whole = written(edit)
    assert plan(decided, {}, False, shown(whole, without), without) is None

    later = plan(decided, {}, False, shown(whole, FIELDS), FIELDS)

    assert later is not None
    assert later.words == (() if word == "participants" else (word,))
    assert later.property["proposed"].keys() == set(PROPOSED)


def test_data_center_knows_people_by_their_user_names() -> None:
    assert spell("nquist", replace(FIELDS["account_representative"], known_as="name")) == {"name": "nquist"}


@pytest.mark.parametrize("own", [None, {}, [], "x", 7, {"schema": 2}, {"schema": 1, "charged": "lots"}])
def test_a_property_that_somebody_has_broken_is_written_again(own: object) -> None:
    decided = decision(NOW)
    whole = written(first_edit(decided, {}, False))
    whole["properties"] = {PROPERTY: own}

    edit = plan(decided, {}, False, shown(whole, FIELDS), FIELDS)

    assert edit is not None
    assert edit.property == wanted_property(decided, {}, False, {})


@given(decisions, holdings, st.booleans())
def test_our_property_gives_back_what_the_decision_left_behind(
    decided: Decision, held: dict[str, int], waited: bool
) -> None:
    own = json.loads(json.dumps(wanted_property(decided, held, waited, {})))

    assert standing_of(own) == Standing(
        decided.decided_at,
        waited,
        decided.clock_started,
        responded=decided.first_response.value,
        followed_since=decided.followed_since,
    )


@pytest.mark.parametrize("terms", [Backfill(), Backfill(charges=True), Backfill(replies=True), Backfill(True, True)])
def test_our_property_says_on_what_terms_a_backfill_took_the_request_up(terms: Backfill) -> None:
    own = json.loads(json.dumps(wanted_property(replace(decision(NOW), backfill=terms), {}, False, {})))
    standing = standing_of(own)
    assert standing is not None
    assert standing.backfill == terms


@pytest.mark.parametrize(
    "own",
    [
        None,
        {},
        {"schema": 2, "decided_at": "2026-11-23T11:00:00+00:00", "waited": True},
        {"schema": 1},
        {"schema": 1, "decided_at": None},
        {"schema": 1, "decided_at": 17},
        {"schema": 1, "decided_at": "yesterday"},
        {"schema": 1, "decided_at": "2026-11-23T11:00:00"},
        {"schema": 1, "decided_at": "2026-11-23T11:00:00+00:00", "clock_started": ["x"]},
        {"schema": 1, "decided_at": "2026-11-23T11:00:00+00:00", "clock_started": "2026-11-23T11:00:00"},
    ],
)
def test_a_property_that_cannot_be_read_left_nothing_behind(own: dict[str, Any] | None) -> None:
    assert standing_of(own) is None


@pytest.mark.parametrize("waited", [None, "false", 1, []])
def test_only_true_says_that_the_customer_had_to_wait(waited: object) -> None:
    own = {"schema": 1, "decided_at": "2026-11-23T11:00:00+00:00", "waited": waited}

    assert standing_of(own) == Standing(NOW, False, None)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)


@given(_json | st.dictionaries(st.sampled_from(["schema", "decided_at", "waited", "clock_started"]), _json))
def test_no_property_at_all_makes_reading_or_planning_fail(own: Any) -> None:
    seen = shown(issue(properties={PROPERTY: own}), FIELDS)

    standing_of(seen.property)
    assert plan(decision(NOW), {}, False, seen, FIELDS) is not None


def test_many_reasons_and_very_long_texts_fit_into_jira() -> None:
    whole_log = "ä😀 log line " * 4_000
    findings = tuple(finding(f"You wrote {whole_log!r}.", reason) for reason in [*Reason] * 30)
    decided = decision(NOW, eligibility=Eligibility.NOT_ELIGIBLE, findings=findings)

    edit = first_edit(decided, {f"lot-{number}": 1 for number in range(50)}, True)

    assert len(json.dumps(edit.property).encode()) < 32_768
    assert edit.property["reasons"] == list(Reason)
    reason = edit.fields[FIELDS["reason"].id]
    assert len(reason.encode("utf-16-le")) <= 2 * LONGEST_TEXT
    assert reason.startswith("You wrote")
    assert reason.endswith("…")
    assert plan(decided, {f"lot-{number}": 1 for number in range(50)}, True, shown(written(edit), FIELDS), FIELDS) is (
        None
    )


@given(st.text(), st.integers(1, 20))
def test_a_shortened_text_fits_and_a_short_one_stays(text: str, longest: int) -> None:
    cut = shortened(text, longest)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2

    assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= longest
    assert (cut == text) == (units <= longest)


def test_the_property_does_not_depend_on_the_order_of_the_lots() -> None:
    one = wanted_property(decision(NOW), {"a": 1, "b": 2}, False, {})
    other = wanted_property(decision(NOW), {"b": 2, "a": 1}, False, {})

    assert json.dumps(one) == json.dumps(other)


@given(decisions)
def test_every_written_word_has_a_value_and_every_value_can_be_sent(decided: Decision) -> None:
    wanted = wanted_values(decided)

    assert list(wanted) == RULED
    json.dumps({word: spell(value, FIELDS[word]) for word, value in wanted.items()})


@pytest.mark.parametrize(
    ("word", "there", "wanted", "equal"),
    [
        ("response_due", NOW, NOW + timedelta(seconds=59), True),
        ("response_due", NOW, NOW + timedelta(seconds=60), False),
        ("response_due", NOW, NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00+09:00").tzinfo), True),
        ("response_due", None, NOW, False),
        ("response_due", NOW, None, False),
        ("response_due", None, None, True),
        ("reason", "one\r\ntwo \r\n", "one\ntwo", True),
        ("reason", "one\ntwo", "one two", True),
        ("reason", "version 25.1\\-beta", "version 25.1-beta", True),
        ("reason", "We support “25.1” – and newer\u2060.", 'We support "25.1" -- and newer.', True),
        ("reason", "version 2.10", "version 21.0", False),
        ("reason", "open until 18:00", "open until 1:800", False),
        ("reason", "one two", "two one", False),
        ("reason", "", "one", False),
        ("reason", None, "one", False),
        ("eligibility", "on-hold", "on hold", False),
        ("credits_left", 2, 2, True),
        ("credits_left", 0, None, False),
        ("tier", "Premium", "premium", False),
    ],
)
def test_two_values_are_the_same_where_jira_could_not_tell_them_apart(
    word: str, there: Any, wanted: Any, equal: bool
) -> None:
    assert same(there, wanted, FIELDS[word]) is equal
