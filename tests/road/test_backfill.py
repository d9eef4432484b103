"""A backfill on the whole road: what it writes, what it never does, and what a later webhook then does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from plugin.backfill import StoppedEarly, Through, go_through
from plugin.contract.decision import Backfill
from plugin.jira.errors import JiraLockedOut, JiraRefused
from plugin.rebuild import rebuild
from plugin.remembered import recall
from plugin.sandbox import Flavour, Guise, Kind, seed
from plugin.sandbox.records import Issue
from plugin.store import Store, backfills, doors
from plugin.store.backfills import Order
from plugin.survey import BadQuery, Steps, Surveyed, ordered, query, survey
from tests.road.house import ONE_BACK, TOO_OLD, House, emptied, house, sqlite_store

ALL = "created >= -900d"
FIELDS_ONLY, IN_FULL = Backfill(), Backfill(charges=True, replies=True)
CHARGED = Backfill(charges=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(params=list(Flavour))
def home(request: pytest.FixtureRequest, kept: Store) -> Iterator[House]:
    """Return a house that serves requests from tomorrow on: whatever is raised today is an old one by then."""
    with house(emptied(kept), seed(request.param)) as built:
        yield serving_from_tomorrow(built)


@pytest.fixture
def cloud(kept: Store) -> Iterator[House]:
    """Return the same on Cloud only, for what is no matter of the flavour."""
    with house(emptied(kept)) as built:
        yield serving_from_tomorrow(built)


@pytest.fixture
def either(store: Store) -> Iterator[House]:
    """Return the same on both databases."""
    with house(store) as built:
        yield serving_from_tomorrow(built)


def serving_from_tomorrow(home: House) -> House:
    tomorrow = home.clock.now.date() + timedelta(days=1)
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, since=tomorrow))
    return home


def steps(home: House) -> Steps:
    """So slow that it would be seen, in the time of the house."""
    return Steps(60, lambda seconds: home.clock.advance(seconds=seconds), lambda: home.clock().timestamp())


def surveyed(home: House, terms: Backfill = FIELDS_ONLY, jql: str = ALL) -> list[Surveyed]:
    return list(survey(home.client(), home.store, home.mappings, jql, terms, home.clock(), steps(home)))


def order_of(home: House, terms: Backfill = FIELDS_ONLY) -> Order:
    found = ordered(surveyed(home, terms))
    with home.store.writing() as tx:
        return backfills.begin(tx, ALL, terms, found, home.clock())


def gone_through(home: House, order: Order, told: list[str] | None = None) -> list[Through]:
    said = [] if told is None else told
    return list(go_through(home.worker("backfill"), home.store, order, home.clock, steps(home), said.append))


def backfilled(home: House, terms: Backfill = FIELDS_ONLY) -> list[Through]:
    return gone_through(home, order_of(home, terms))


def some(home: House) -> tuple[Issue, Issue, Issue]:
    """Three old requests: one in order, one of too old a version, one that is done; the service leaves them alone."""
    good, old, done = home.raised(), home.raised(version=TOO_OLD), home.raised(version=ONE_BACK)
    home.transition(done, "Resolve this issue", "Done")
    home.settle()
    home.clock.advance(days=10)
    home.forget_traffic()
    return good, old, done


def test_old_requests_show_what_the_contract_says_and_nothing_else_happens(home: House) -> None:
    issues = some(home)
    before = [(home.status(each), len(each.comments), home.participants(each)) for each in issues]
    assert {each.trouble for each in backfilled(home)} == {None}
    assert [home.shows(each, "Support tier") for each in issues] == ["Premium"] * 3
    assert [home.shows(each, "Eligibility") for each in issues] == ["Eligible", "Not eligible", "Eligible"]
    assert [home.shows(each, "Credits charged") for each in issues] == [0, 0, 0]
    assert [(home.status(each), len(each.comments), home.participants(each)) for each in issues] == before
    assert [home.holders(each) for each in issues] == [{}, {}, {}]
    assert all(write.startswith("PUT ") for write in home.writes())


def test_what_was_said_before_is_what_is_written_then(home: House) -> None:
    good, *_ = some(home)
    told = {
        each.key: {change.name: (change.before, change.after) for change in each.changes} for each in surveyed(home)
    }
    assert home.writes() == []
    backfilled(home)
    assert told[good.key]["Support tier"] == ("none", home.shows(good, "Support tier"))
    assert told[good.key]["Ruled severity"] == ("none", home.shows(good, "Ruled severity"))
    [tier] = [change for each in surveyed_again(home, good) for change in each.changes]
    assert (tier.name, tier.before, tier.after) == ("Support tier", "Basic", "Premium")
    assert "C1" in tier.why[0]
    assert ".yaml:" in tier.why[0]


def surveyed_again(home: House, issue: Issue) -> list[Surveyed]:
    """What a survey says once an agent has changed a field by hand."""
    home.change(issue, Support_tier="Basic")
    return [each for each in surveyed(home) if each.key == issue.key]


def test_a_second_run_finds_nothing_and_writes_nothing(either: House) -> None:
    some(either)
    backfilled(either)
    either.settle()
    either.forget_traffic()
    assert [each.changes for each in surveyed(either)] == [(), (), ()]
    assert backfilled(either) == []
    assert either.writes() == []


def test_whatever_happens_later_to_such_a_request_it_costs_nothing_and_nobody_is_written_to(home: House) -> None:
    issues = good, old, done = some(home)
    backfilled(home)
    home.settle()
    comments = [len(each.comments) for each in issues]
    home.change(good, Product_version=TOO_OLD)
    home.change(old, Product_version=ONE_BACK)
    home.transition(done, "Reopen")
    home.settle()
    home.reconcile()
    home.settle()
    assert [home.shows(each, "Eligibility") for each in issues] == ["Not eligible", "Eligible", "Eligible"]
    assert [home.holders(each) for each in issues] == [{}, {}, {}]
    assert [len(each.comments) for each in issues] == comments


def test_a_status_that_an_agent_chose_is_never_moved_back(home: House) -> None:
    _, old, _ = some(home)
    backfilled(home)
    home.transition(old, "Respond to customer")
    waiting = home.status(old)
    assert waiting == home.mappings.declared.waiting_to
    home.change(old, Product_version=ONE_BACK)
    home.settle()
    assert (home.shows(old, "Eligibility"), home.status(old)) == ("Eligible", waiting)


def test_a_charge_has_to_be_asked_for_and_stays(home: House) -> None:
    good, old, done = some(home)
    backfilled(home)
    found = {each.key: {change.name for change in each.changes} for each in surveyed(home, CHARGED)}
    assert {key for key, names in found.items() if "ledger" in names} == {good.key, done.key}
    backfilled(home, CHARGED)
    home.settle()
    assert [home.held("aurora-robotics", each) for each in (good, old, done)] == [1, 0, 1]
    assert [home.shows(each, "Credits charged") for each in (good, old, done)] == [1, 0, 1]
    # A later run that does not ask for it takes nothing back, and neither does a webhook.
    assert backfilled(home) == []
    home.change(good, Business_impact="Seriously impaired")
    home.settle()
    assert home.held("aurora-robotics", good) == 1
    assert good.comments == []
    assert home.sums_to_zero()


def test_a_ledger_that_is_made_again_knows_what_a_backfill_charged(home: House) -> None:
    good, *_ = some(home)
    backfilled(home, CHARGED)
    home.settle()
    before = home.places("aurora-robotics")
    emptied(home.store)
    with home.store.writing() as tx:
        rebuild(tx, recall(home.client(), home.store, home.mappings, home.clock()), home.mappings, False)
    assert home.places("aurora-robotics") == before
    home.change(good, Business_impact="Seriously impaired")
    home.settle()
    assert (home.held("aurora-robotics", good), good.comments) == (1, [])
    assert backfilled(home, CHARGED) == []


def test_asked_to_write_to_people_it_does_so_once(home: House) -> None:
    good, old, _ = some(home)
    backfilled(home, IN_FULL)
    home.settle()
    assert len(home.replies(old)) == 1
    assert home.status(old) == home.mappings.declared.waiting_to
    assert (len(home.notes(good)), home.held("aurora-robotics", good)) == (1, 1)
    assert backfilled(home, IN_FULL) == []


def test_what_the_service_takes_up_by_itself_is_left_to_it(home: House) -> None:
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, since=date(2026, 1, 1)))
    own = home.raised()
    [found] = surveyed(home)
    assert found.left_out == (
        "It is served already, and a look would also move credits and write a comment: left to the service."
    )
    home.settle()
    assert home.held("aurora-robotics", own) == 1
    [well] = surveyed(home)
    assert (well.changes, well.left_out) == ((), None)
    home.change(own, Support_tier="Basic")
    home.sent()
    [spoilt] = surveyed(home)
    assert (spoilt.is_to_do, spoilt.takes_up) == (True, False)
    backfilled(home)
    assert (home.shows(own, "Support tier"), home.held("aurora-robotics", own)) == ("Premium", 1)
    home.change(own, Product_version=TOO_OLD)
    home.settle()
    assert len(home.replies(own)) == 1


def test_done_requests_that_were_never_decided_are_taken_up_without_a_charge(cloud: House) -> None:
    cloud.mappings = replace(cloud.mappings, declared=replace(cloud.mappings.declared, since=None))
    done = cloud.raised()
    cloud.transition(done, "Resolve this issue", "Done")
    cloud.sent()
    backfilled(cloud)
    cloud.settle()
    assert (cloud.shows(done, "Support tier"), cloud.holders(done), done.comments) == ("Premium", {}, [])


def test_a_webhook_between_order_and_look_finds_the_terms(home: House) -> None:
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, since=None))
    done = home.raised(version=TOO_OLD)
    home.transition(done, "Resolve this issue", "Done")
    home.sent()
    order = order_of(home)
    home.change(done, Business_impact="Seriously impaired")
    home.settle()
    assert (home.holders(done), done.comments) == ({}, [])
    assert home.shows(done, "Eligibility") == "Not eligible"
    home.forget_traffic()
    assert gone_through(home, order) == [Through(done.key)]
    assert home.writes() == []


def test_what_the_service_has_taken_up_since_the_survey_is_not_taken_away_from_it(home: House) -> None:
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, since=None))
    done = home.raised()
    home.transition(done, "Resolve this issue", "Done")
    found = ordered(surveyed(home))
    home.settle()
    assert home.held("aurora-robotics", done) == 1
    with home.store.writing() as tx:
        order = backfills.begin(tx, ALL, FIELDS_ONLY, found, home.clock())
    assert gone_through(home, order) == [Through(done.key)]
    home.settle()
    assert (home.held("aurora-robotics", done), home.shows(done, "Credits charged")) == (1, 1)
    assert "backfill" not in home.own(done)


def test_a_run_that_was_ended_goes_on_where_it_was(either: House) -> None:
    issues = some(either)
    order = order_of(either)
    running = go_through(either.worker("killed"), either.store, order, either.clock, steps(either), lambda _: None)
    assert next(running) == Through(issues[0].key)
    del running
    with either.store.reading() as tx:
        again = backfills.under_way(tx)
        assert again == order
        assert [each.request_key for each in backfills.to_do(tx, order)] == [issues[1].key, issues[2].key]
    either.forget_traffic()
    assert gone_through(either, again) == [Through(issues[1].key), Through(issues[2].key)]
    assert len(either.writes()) == 2
    with either.store.reading() as tx:
        assert backfills.under_way(tx) is None


def test_it_goes_no_faster_than_it_was_told(cloud: House) -> None:
    some(cloud)
    order, begun = order_of(cloud), cloud.clock()
    gone_through(cloud, order)
    assert cloud.clock() - begun == timedelta(seconds=2)


def test_a_request_that_is_gone_meanwhile_holds_nothing_up(cloud: House) -> None:
    good, old, done = some(cloud)
    order = order_of(cloud)
    cloud.delete(old)
    cloud.sent()
    assert gone_through(cloud, order) == [
        Through(good.key),
        Through(old.key, "It is not there any more, or hidden from our account.", gone=True),
        Through(done.key),
    ]
    assert cloud.doors() == cloud.parked() == []


def test_a_jira_that_is_away_for_a_while_is_waited_for(cloud: House) -> None:
    some(cloud)
    order, told = order_of(cloud), list[str]()
    cloud.fault(Kind.UNAVAILABLE, "PUT", times=3)
    assert {each.trouble for each in gone_through(cloud, order, told)} == {None}
    assert told
    assert "Tried again at" in told[0]
    assert cloud.doors() == cloud.parked() == []


def test_a_jira_that_stays_away_ends_it_and_the_next_run_goes_on(cloud: House) -> None:
    issues = some(cloud)
    order = order_of(cloud)
    cloud.fault(Kind.UNAVAILABLE, "PUT", times=1000)
    with pytest.raises(StoppedEarly, match="It has been so since"):
        gone_through(cloud, order)
    cloud.sandbox.faults.clear()
    assert len(gone_through(cloud, order)) == 3
    assert [cloud.shows(each, "Support tier") for each in issues] == ["Premium"] * 3
    assert cloud.doors() == cloud.parked() == []


def test_an_account_that_is_not_let_in_any_more_ends_it_at_once(cloud: House) -> None:
    some(cloud)
    order = order_of(cloud)
    cloud.fault(Kind.UNAUTHORIZED, times=1000)
    with pytest.raises(JiraLockedOut):
        gone_through(cloud, order)
    assert cloud.doors() == []


def test_one_request_that_cannot_be_written_to_keeps_no_other(home: House) -> None:
    good, old, done = some(home)
    order = order_of(home)
    home.fault(Kind.FORBIDDEN, "PUT", path=f"/issue/{old.id}", times=1)
    found = gone_through(home, order)
    assert [(each.key, each.trouble is None) for each in found] == [
        (good.key, True), (old.key, False), (done.key, True)
    ]  # fmt: skip
    assert home.doors() == home.parked() == []
    assert [each.key for each in surveyed(home) if each.is_to_do] == [old.key]
    assert backfilled(home) == [Through(old.key)]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_request_that_jira_always_breaks_on_keeps_no_other(cloud: House, place: int) -> None:
    issues = some(cloud)
    sick, order = issues[place], order_of(cloud)
    cloud.fault(Kind.BROKEN, "PUT", path=f"/issue/{sick.id}$", times=10_000)
    found = gone_through(cloud, order)
    assert {each.key for each in found} == {each.key for each in issues}
    [told] = [each for each in found if each.trouble]
    assert told.key == sick.key
    assert ("It has been so since" if place == 2 else "it is something about this one") in str(told.trouble)
    cloud.sandbox.faults.clear()
    assert backfilled(cloud) == [Through(sick.key)]


def test_where_no_request_can_be_written_to_it_gives_up(cloud: House) -> None:
    for _ in range(11):
        cloud.raised()
    cloud.settle()
    order = order_of(cloud)
    cloud.fault(Kind.FORBIDDEN, "PUT", times=1000)
    with pytest.raises(StoppedEarly, match="10 requests in a row could not be written to"):
        gone_through(cloud, order)
    assert cloud.parked() == []


def test_while_a_worker_is_inside_the_others_come_first(either: House) -> None:
    good, old, done = some(either)
    order = order_of(either)
    either.knock(good)
    with either.store.writing() as tx:
        inside = doors.claim(tx, "one", either.clock(), timedelta(seconds=60))
    assert inside is not None
    assert [each.key for each in gone_through(either, order)] == [old.key, done.key, good.key]
    assert either.clock() >= inside.due


def test_a_door_that_waited_already_is_not_forgotten_when_the_look_fails(cloud: House) -> None:
    good, *_ = some(cloud)
    order = order_of(cloud)
    cloud.knock(good)
    [before] = cloud.doors()
    cloud.fault(Kind.FORBIDDEN, "PUT", times=1000)
    gone_through(cloud, order)
    assert cloud.doors() == [before]


def test_requests_that_the_contract_knows_nothing_of_are_left_out(cloud: House) -> None:
    cloud.raised(type="Report a fault")
    other = cloud.raised()
    cloud.mappings = replace(
        cloud.mappings, declared=replace(cloud.mappings.declared, request_types={"Ask a question": "question"})
    )
    found = {each.key: each.left_out for each in surveyed(cloud)}
    assert found[other.key] == "It is left alone: request type 'Report a fault' has no kind in fields.yaml."


FAULTS = {
    Guise.COMPANY_MANAGED: (Kind.RESET_AFTER, Kind.BUSY),
    Guise.TEAM_MANAGED: (Kind.BAD_GATEWAY, Kind.HALF),
    Guise.DATACENTER_9: (Kind.BROKEN, Kind.RESET_BEFORE),
    Guise.DATACENTER_10: (Kind.CONFLICT, Kind.UNAVAILABLE_RETRY),
}


@pytest.mark.parametrize("guise", Guise)
def test_in_every_guise_it_comes_to_the_same_whatever_goes_wrong_on_the_way(kept: Store, guise: Guise) -> None:
    with house(emptied(kept), seed(guise)) as built:
        home = serving_from_tomorrow(built)
        issues = good, old, _ = some(home)
        order = order_of(home)
        writing, reading = FAULTS[guise]
        home.fault(writing, "PUT", "/issue/")
        home.fault(reading, "GET", "/issue/")
        failed = [each.key for each in gone_through(home, order) if each.trouble]
        assert len(failed) <= 1
        home.settle()
        backfilled(home)
        home.settle()
        assert [home.shows(each, "Eligibility") for each in issues] == ["Eligible", "Not eligible", "Eligible"]
        assert home.shows(good, "Credits charged") == 0
        assert [home.holders(each) for each in issues] == [{}, {}, {}]
        assert (old.comments, home.parked()) == ([], [])
        assert backfilled(home) == []


def test_jql_that_jira_does_not_take_is_jiras_to_refuse(home: House) -> None:
    with pytest.raises(JiraRefused, match="Error in the JQL Query"):
        surveyed(home, jql="sprint in openSprints()")


@pytest.mark.parametrize("jql", ["", "  ", "key = SUP-1 ORDER BY created"])
def test_jql_that_cannot_be_part_of_a_search_is_refused(jql: str) -> None:
    with pytest.raises(BadQuery):
        query(jql, ["SUP"])


def test_words_in_quotes_are_no_order() -> None:
    assert query('summary ~ "order by mail" OR key = SUP-1', ["SUP", "OPS"]) == (
        'project in ("SUP", "OPS") AND (summary ~ "order by mail" OR key = SUP-1) ORDER BY created ASC'
    )


def test_terms_are_kept_in_jira_as_well(cloud: House) -> None:
    good, *_ = some(cloud)
    backfilled(cloud)
    assert cloud.own(good)["backfill"] == {"charges": False, "replies": False}
