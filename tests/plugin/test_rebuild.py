"""The ledger made again from Jira alone: as it was, nothing charged or said twice, and what is not known is said."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.contract.books import correction, matter_of
from plugin.contract.grants import CREDIT, TRAINING
from plugin.contract.ledger import Places, without
from plugin.jira.read import PROPERTY
from plugin.jira.reply import REPLY_PROPERTY
from plugin.mappings.load import load
from plugin.rebuild import Difference
from plugin.remembered import lots_in
from plugin.sandbox import Flavour, seed
from plugin.sandbox.records import Issue
from plugin.store import Store, decisions, ledger, memory
from plugin.store.tables import decisions as kept_decisions
from plugin.store.tables import metadata
from tests.plugin.mappings.broken import copy_of_shipped, replaced
from tests.road.house import (
    ACCOUNT,
    AGENT,
    BOARD,
    EMIL,
    IMPAIRED,
    JONAS,
    LENA,
    MIRA,
    NEWEST,
    QUESTION,
    SESSION,
    TOO_OLD,
    UNCLEAR,
    House,
    emptied,
    house,
    sqlite_store,
)
from tests.road.play import People, looking_again_changes_nothing

AURORA, BRENNHAUS = "aurora-robotics", "brennhaus-medical"
LOT = "credit 2026-04-01"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("rebuild")) as store:
        yield store


@pytest.fixture(params=Flavour)
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


Books = Mapping[str, Places]


def books(home: House) -> Books:
    """Where the units of every customer stand, of those who have any."""
    with home.store.reading() as tx:
        found = {each.customer: ledger.places(tx, each.customer) for each in home.mappings.agreements}
    return {customer: places for customer, places in found.items() if places}


def rows(home: House) -> dict[str, list[Any]]:
    """Everything that the database holds."""
    with home.store.reading() as tx:
        return {table.name: tx.execute(table.select()).all() for table in metadata.sorted_tables}


def comments(*issues: Issue) -> list[str]:
    return [comment.id for issue in issues for comment in issue.comments if comment.author.email == ACCOUNT]


def correct(home: House, units: int, lot: str = LOT, unit: str = CREDIT) -> None:
    with home.store.writing() as tx:
        ledger.lock(tx, [AURORA])
        entry = correction(AURORA, unit, lot, units, home.mappings.policy, home.clock(), "Goodwill (by Nora)")
        ledger.book(tx, [entry])


def goes_on_as_before(home: House, before: Books, *issues: Issue) -> None:
    """The books are what they were, and looking at everything once more neither writes nor says anything."""
    said = comments(*issues)
    assert books(home) == before
    assert home.sums_to_zero()
    assert looking_again_changes_nothing(People(home, list(issues)))
    assert books(home) == before
    assert comments(*issues) == said


def without_charges(home: House, issues: list[Issue]) -> Books:
    """The books as they would be without these requests."""
    found = dict(books(home))
    with home.store.reading() as tx:
        for issue in issues:
            for customer in found:
                found[customer] = without(found[customer], ledger.held(tx, customer, matter_of(issue.id)))
    return found


def every_kind(home: House) -> list[Issue]:
    issues = [
        home.raised(MIRA),
        home.raised(JONAS, type=SESSION, impact=IMPAIRED),
        home.raised(EMIL, version=TOO_OLD),
        home.raised(MIRA, version=UNCLEAR),
        home.raised(LENA, type=QUESTION),
        home.raised(EMIL),
    ]
    home.settle()
    home.transition(issues[1], "Resolve this issue", "Done")
    home.transition(issues[5], "Resolve this issue", "Product defect")
    home.settle()
    home.clock.advance(hours=3)
    home.change(issues[2], Product_version=NEWEST)
    home.settle()
    return issues


def test_a_ledger_that_was_lost_is_as_it_was_and_nothing_is_charged_or_said_twice(home: House) -> None:
    issues, at = every_kind(home), home.clock()
    before = books(home)
    home.clock.advance(days=1)
    emptied(home.store)
    done = home.rebuild()
    assert dict(done.charges) == {(AURORA, CREDIT): 3, (BRENNHAUS, CREDIT): 1}
    assert dict(done.requests) == {AURORA: 2, BRENNHAUS: 1}
    assert done.decisions == 6
    assert done.comments == len(comments(*issues))
    goes_on_as_before(home, before, *issues)
    with home.store.reading() as tx:
        lines = ledger.statement(tx, AURORA, CREDIT)
    assert [line.kind for line in lines] == ["grant", "expire", "grant", "expire", "grant", "charge", "charge"]
    assert [line.effective for line in lines] == sorted(line.effective for line in lines)
    assert lines[-1].effective == date(2026, 11, 20)
    assert lines[-1].booked_at <= at
    assert lines[-1].memo == f"{issues[1].key}: restored from what Jira shows"
    assert {line.request_key for line in lines} == {None, issues[0].key, issues[1].key}


def test_doing_it_twice_is_doing_it_once_and_a_database_that_knows_everything_is_left_alone(home: House) -> None:
    issues = every_kind(home)
    before = rows(home)
    assert home.rebuild().nothing
    assert rows(home) == before
    home.clock.advance(days=1)
    emptied(home.store)
    assert not home.rebuild().nothing
    before = rows(home)
    assert home.rebuild().nothing
    assert rows(home) == before
    home.settle()
    home.knock(issues[0])
    home.settle()
    assert home.rebuild().nothing


def _restored(home: House, backup: Mapping[str, list[Any]]) -> None:
    emptied(home.store)
    with home.store.writing() as tx:
        for table in metadata.sorted_tables:
            if backup[table.name]:
                tx.execute(table.insert(), [dict(row._mapping) for row in backup[table.name]])


def test_on_a_database_of_last_night_only_what_happened_since_is_made_good(home: House) -> None:
    issues = every_kind(home)
    backup = rows(home)
    home.clock.advance(hours=12)
    fresh = home.raised(JONAS)
    home.settle()
    home.change(issues[3], Product_version=NEWEST)
    home.change(issues[0], Business_impact=IMPAIRED)
    home.settle()
    home.transition(fresh, "Resolve this issue", "Done")
    home.settle()
    before, due = books(home), home.shows(issues[3], "Response due")
    _restored(home, backup)
    home.clock.advance(hours=1)
    done = home.rebuild()
    assert dict(done.charges) == {(AURORA, CREDIT): 2}
    assert dict(done.requests) == {AURORA: 2}
    assert done.decisions == 3
    goes_on_as_before(home, before, *issues, fresh)
    assert home.shows(issues[3], "Response due") == due


def test_work_that_stood_still_goes_on(home: House) -> None:
    issue = home.raised()
    home.settle()
    before = books(home)
    emptied(home.store)
    fresh = home.raised(JONAS)
    home.knock(issue)
    home.receive(*home.sent())
    home.worker().step()
    assert not home.worker().step()
    home.rebuild()
    with home.store.reading() as tx:
        assert memory.gap(tx) is None
    home.clock.advance(minutes=10)
    home.settle()
    assert home.holders(fresh) == {AURORA: 1}
    assert books(home) != before
    home.delete(fresh)
    home.settle()
    goes_on_as_before(home, before, issue)


def test_a_response_is_due_when_it_was_though_nothing_tells_any_more_when_the_customer_could_be_helped(
    home: House,
) -> None:
    issue = home.raised(version=UNCLEAR)
    home.settle()
    home.clock.advance(hours=20)
    home.change(issue, Product_version=NEWEST)
    home.clock.advance(hours=2)
    home.settle()
    due = home.shows(issue, "Response due")
    emptied(home.store)
    home.clock.advance(days=2)
    home.rebuild()
    home.change(issue, Support_tier="Basic")
    home.settle()
    assert home.shows(issue, "Response due") == due
    with home.store.reading() as tx:
        standing = decisions.standing(tx, issue.id)
    assert standing is not None
    assert standing.waited


# Corrections by hand, and balances


def test_what_was_corrected_by_hand_is_known_where_jira_shows_balances(home: House) -> None:
    home.raised()
    home.settle()
    correct(home, -7)
    correct(home, 1, "training_session 2026-04-01", TRAINING)
    issue = home.raised()
    home.settle()
    before = books(home)
    emptied(home.store)
    done = home.rebuild()
    if home.sandbox.site.cloud:
        assert dict(done.corrections) == {(AURORA, CREDIT): -7, (AURORA, TRAINING): 1}
        assert done.unknown == done.differences == []
        goes_on_as_before(home, before, issue)
        with home.store.reading() as tx:
            [line] = [each for each in ledger.statement(tx, AURORA, CREDIT) if each.kind == "correct"]
        assert line.memo == "by hand, for a reason that is not known any more: restored from what Jira shows"
    else:
        assert not done.corrections
        [sentence] = done.unknown
        assert sentence.startswith("Jira does not show what was corrected by hand for aurora-robotics.")


@pytest.mark.parametrize("trust_board", [False, True])
def test_a_balance_that_nothing_accounts_for_is_said_and_kept_only_where_that_is_wanted(
    kept: Store, trust_board: bool
) -> None:
    with house(emptied(kept)) as home:
        issue, hidden = home.raised(), home.raised(type=SESSION)
        home.settle()
        before = books(home)
        home.delete(hidden)
        home.sent()
        emptied(home.store)
        done = home.rebuild(trust_board)
        if trust_board:
            assert dict(done.corrections) == {(AURORA, CREDIT): -2}
            assert done.differences == []
            assert home.available(AURORA) == 192 - 3
        else:
            assert done.differences == [Difference(AURORA, LOT, -2)]
            assert books(home) != before
            assert home.available(AURORA) == 192 - 1
        assert home.rebuild(trust_board).nothing
        home.knock(issue)
        home.settle()
        assert home.rebuild(trust_board).nothing
        assert home.sums_to_zero()


def test_entries_are_numbered_on_so_that_nobody_takes_the_new_ledger_for_an_older_one(kept: Store) -> None:
    with house(emptied(kept)) as home:
        home.raised()
        home.settle()
        for units in (3, -3):
            correct(home, units)
        for _ in range(3):
            issue = home.raised()
            home.settle()
        shown = home.board(11)
        emptied(home.store)
        home.rebuild()
        correct(home, 5)
        assert home.rebuild().nothing
        assert home.available(AURORA) == 192 - 4 + 5
        home.change(issue, Business_impact=IMPAIRED)
        home.raised()
        home.settle()
        after = home.board(11)
        assert shown is not None
        assert after is not None
        assert after["entries"] > shown["entries"]
        assert (after["available"], after["corrections"]) == (192, {LOT: 5})


@pytest.mark.parametrize(
    "value", ["lots", [], 7, None, {"gold": 7}, {7: 7}, {LOT: "many"}, {LOT: True}, {LOT: 1.5}, {LOT: 0}]
)
def test_units_by_lot_are_whole_units_of_lots_and_nothing_else(value: object) -> None:
    assert lots_in(value, least=1) is None
    assert lots_in({LOT: 2, "training_session 2026-04-01": 1}, least=1) == {LOT: 2, "training_session 2026-04-01": 1}
    assert lots_in({LOT: -2}) == {LOT: -2}


@pytest.mark.parametrize("broken", ["lots", {LOT: "many"}])
def test_a_board_that_somebody_has_broken_is_not_believed(kept: Store, broken: object) -> None:
    with house(emptied(kept)) as home:
        home.raised()
        home.settle()
        board: Any = home.board(11)
        home.sandbox.jira.organization_properties[11, BOARD] = {**board, "corrections": broken, "lots": broken}
        emptied(home.store)
        done = home.rebuild()
        assert done.unknown == [
            "The corrections that Jira shows of aurora-robotics cannot be read: they are not restored."
        ]
        assert home.available(AURORA) == 191


def test_a_board_of_an_earlier_release_is_held_against_what_is_known(kept: Store) -> None:
    with house(emptied(kept)) as home:
        home.raised()
        home.settle()
        correct(home, 3)
        home.raised()
        home.settle()
        board: Any = home.board(11)
        earlier = {name: value for name, value in board.items() if name not in ("corrections", "entries")}
        home.sandbox.jira.organization_properties[11, BOARD] = earlier
        emptied(home.store)
        done = home.rebuild()
        assert done.differences == [Difference(AURORA, LOT, 3)]
        assert [each.split(".")[0] for each in done.unknown] == [
            "Jira does not show what was corrected by hand for aurora-robotics"
        ]
        assert home.rebuild().nothing


# What is not there any more, or not as it was


def test_what_a_request_cost_that_is_not_served_any_more_is_given_back_and_said(home: House) -> None:
    issue, other = home.raised(), home.raised(EMIL)
    home.settle()
    types = home.mappings.declared.request_types
    fewer = {name: kind for name, kind in types.items() if kind != "fault"}
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, request_types=fewer))
    emptied(home.store)
    done = home.rebuild()
    why = "is not served any more (request type 'Report a fault' has no kind in fields.yaml)"
    assert done.unknown[:2] == [
        f"{issue.key} {why}: what it shows of aurora-robotics (1 credit) is given back.",
        f"{other.key} {why}: what it shows of brennhaus-medical (1 credit) is given back.",
    ]
    assert home.holders(issue) == {}


@pytest.mark.parametrize("charged", ["all", {LOT: -1}])
def test_a_charge_that_somebody_has_made_unreadable_is_said_and_left_to_the_next_look(
    home: House, charged: object
) -> None:
    issue = home.raised()
    home.settle()
    before = books(home)
    issue.properties[PROPERTY] = {**home.own(issue), "charged": charged}
    emptied(home.store)
    done = home.rebuild()
    assert done.unknown[0].startswith(f"What {issue.key} was charged cannot be read")
    home.settle()
    assert books(home) == before
    assert home.own(issue)["charged"] == {LOT: 1}


def test_what_a_customer_cost_who_has_no_agreement_any_more_is_kept_and_said(home: House) -> None:
    issue = home.raised()
    home.settle()
    agreements = tuple(each for each in home.mappings.agreements if each.customer != AURORA)
    home.mappings = replace(home.mappings, agreements=agreements)
    emptied(home.store)
    done = home.rebuild()
    assert "There is no agreement of aurora-robotics in the mapping files" in done.unknown[0]
    assert home.holders(issue) == {AURORA: 1}
    assert home.sums_to_zero()


def test_a_request_that_changed_hands_since_the_backup_is_charged_to_whom_it_belongs(home: House) -> None:
    issue = home.raised()
    home.settle()
    backup = rows(home)
    home.clock.advance(hours=1)
    home.move_to(issue, 12)
    home.settle()
    before = books(home)
    _restored(home, backup)
    home.rebuild()
    assert books(home) == before


def test_requests_from_before_requests_were_served_are_read_since_a_backfill_may_have_taken_them_up(
    home: House,
) -> None:
    old = home.raised()
    home.clock.advance(days=10)
    issue = home.raised()
    home.settle()
    since = home.mappings.policy.day(home.clock())
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, since=since))
    emptied(home.store)
    assert home.recalled().requests == 2
    home.rebuild()
    assert home.holders(issue) == {AURORA: 1}
    # None has taken this one up: it is not served any more.
    home.knock(old)
    home.settle()
    assert home.holders(old) == {}


# What was said


def _of_an_earlier_release(*issues: Issue) -> None:
    """Comments that say no more than their intent, and properties without what this release adds."""
    for issue in issues:
        for comment in issue.comments:
            if REPLY_PROPERTY in comment.properties:
                comment.properties[REPLY_PROPERTY] = {"intent": comment.properties[REPLY_PROPERTY]["intent"]}
        own = issue.properties[PROPERTY]
        issue.properties[PROPERTY] = {name: each for name, each in own.items() if name not in ("request", "since")}


def test_what_an_earlier_release_said_is_not_said_again(home: House) -> None:
    issues = every_kind(home)
    before = books(home)
    _of_an_earlier_release(*issues)
    emptied(home.store)
    home.clock.advance(days=1)
    done = home.rebuild()
    assert "What the comments of an earlier release are for is not known" in done.unknown[-1]
    assert all(issue.key in done.unknown[-1] for issue in issues)
    goes_on_as_before(home, before, *issues)


def test_what_is_new_since_is_said_and_what_was_said_is_not(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    emptied(home.store)
    home.clock.advance(hours=1)
    home.change(issue, Product_version=UNCLEAR)
    home.rebuild()
    assert len(home.replies(issue)) == 1
    home.knock(issue)
    home.settle()
    assert len(home.replies(issue)) == 2
    home.change(issue, Product_version=TOO_OLD)
    home.settle()
    assert len(home.replies(issue)) == 2


def test_a_comment_by_hand_with_our_account_is_nobodys_intent(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.sandbox.jira.comment(issue, home.person(ACCOUNT), "Tried it out by hand.", public=True)
    home.sent()
    assert home.rebuild().nothing
    emptied(home.store)
    assert home.rebuild().comments == 1


def test_agents_hear_of_it_once_though_a_line_has_moved_in_the_files_meanwhile(home: House, tmp_path: Path) -> None:
    issue = home.raised()
    home.settle()
    emptied(home.store)
    directory = copy_of_shipped(tmp_path)
    replaced(directory, "severities.yaml", "severities:\n", "# Looked through.\nseverities:\n")
    moved = load(directory).mappings
    assert moved is not None
    home.mappings = home.accounted(moved)
    home.rebuild()
    home.knock(issue)
    home.settle()
    assert len(home.notes(issue)) == 1


STEPS = st.tuples(
    st.sampled_from(["raise", "raise", "change", "solve", "say", "delete", "share", "settle"]),
    st.integers(0, 1000),
    st.integers(0, 1000),
)


@given(st.lists(STEPS, min_size=3, max_size=10), st.integers(0, 8))
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_and_wherever_the_backup_is_from_the_ledger_is_what_it_was(
    kept: Store, steps: list[tuple[str, int, int]], backed_up: int
) -> None:
    with house(emptied(kept)) as home:
        people, backup = People(home), rows(home)
        for number, (name, one, two) in enumerate(steps):
            home.clock.advance(seconds=7)
            if name != "settle":
                people.happens(name, one, two)
            home.settle()
            if number == backed_up:
                backup = rows(home)
        home.settle()
        before = books(home)
        home.clock.advance(minutes=3)
        _restored(home, backup)
        unknown = " ".join(home.rebuild().unknown)
        # That a request was deleted since the back-up stands nowhere any more: it is said.
        gone = [each for each in people.issues if each not in people.living and home.holders(each)]
        assert all(f"{each.key} is charged" in unknown for each in gone)
        assert without_charges(home, gone) == {each: before[each] for each in books(home)}
        said = comments(*people.living)
        assert looking_again_changes_nothing(people)
        assert comments(*people.living) == said
        assert home.rebuild().nothing


def test_the_rows_of_a_database_are_all_compared(home: House) -> None:
    home.raised()
    home.settle()
    before = rows(home)
    with home.store.writing() as tx:
        tx.execute(kept_decisions.update().values(request_key="SUP-0"))
    assert rows(home) != before


def test_what_left_since_the_backup_is_named_and_given_back_where_that_is_certain(home: House) -> None:
    deleted, moved = home.raised(), home.raised(JONAS, type=SESSION)
    old = home.raised(EMIL)
    home.settle()
    backup = rows(home)
    home.clock.advance(hours=1)
    fresh = home.raised(EMIL)
    home.delete(deleted)
    home.sandbox.jira.move(moved, home.person(AGENT), "OPS-1")
    home.settle()
    assert home.holders(moved) == home.holders(deleted) == {}
    _restored(home, backup)
    declared = replace(home.mappings.declared, since=home.mappings.policy.day(home.clock()) + timedelta(days=3))
    sentences = [each for each in home.rebuild().unknown if "charged" in each]
    assert sentences == [
        f"{deleted.key} is charged 1 credit of aurora-robotics, and Jira does not show it to us any more. If it was "
        "deleted, give that back: support-contract credits correct.",
        "OPS-1 was moved to a project that is not served, and is still charged 2 credits of aurora-robotics: its next "
        "look gives that back.",
    ]
    home.settle()
    assert home.holders(moved) == {}
    assert home.holders(deleted) == {AURORA: 1}
    assert home.holders(old) == home.holders(fresh) == {BRENNHAUS: 1}
    # Requests of before the first day that is served are not taken for gone.
    home.mappings = replace(home.mappings, declared=declared)
    remembered = home.recalled()
    assert (remembered.requests, remembered.gone, remembered.moved) == (2, {matter_of(deleted.id)}, {})
