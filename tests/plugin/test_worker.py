"""The road step by step: what goes wrong on it, and how it ends right by itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugin.contract.tables import Table
from plugin.jira.client import JiraClient
from plugin.sandbox import Kind, seed
from plugin.sandbox.records import Issue
from plugin.sandbox.site import Named, Site
from plugin.store import Store, StoreUnavailable, attempts, doors
from tests.road.house import (
    ACCOUNT,
    DOWN,
    IMPAIRED,
    JONAS,
    MIRA,
    NEWEST,
    QUESTION,
    TOO_OLD,
    House,
    emptied,
    house,
    sqlite_store,
    without_field,
)

CALLS = {
    "catalogue": ("GET", r"/field$"),
    "look": ("GET", r"/issue/\d+$"),
    "fields": ("PUT", r"/issue/\d+$"),
    "reply": ("POST", r"/comment$"),
    "transitions": ("GET", r"/transitions$"),
    "transition": ("POST", r"/transitions$"),
    "board before": ("GET", r"/property/"),
    "board": ("PUT", r"/property/"),
}
"""Every call of the road when a request is refused: method, and what its path looks like."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("worker")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def nothing_left_to_do(home: House, *issues: Issue) -> bool:
    """Looking at these requests again writes nothing."""
    home.forget_traffic()
    for issue in issues:
        home.knock(issue)
    home.settle()
    return home.writes() == [] and home.sums_to_zero()


# Faults: nothing lost, nothing doubled, right by itself once it is over


READS = (Kind.BUSY_DATE, Kind.RESET_BEFORE, Kind.FORBIDDEN)
WRITES = (Kind.BROKEN, Kind.RESET_AFTER, Kind.TIMEOUT_AFTER, Kind.UNAUTHORIZED, Kind.FORBIDDEN)


@pytest.mark.parametrize(
    ("call", "kind"),
    [(call, kind) for call, (method, _) in CALLS.items() for kind in (READS if method == "GET" else WRITES)],
)
def test_one_fault_at_any_call_changes_nothing_about_the_end(home: House, call: str, kind: Kind) -> None:
    served, refused = home.raised(MIRA), home.raised(JONAS, version=TOO_OLD)
    home.fault(kind, *CALLS[call])
    home.settle()
    assert not home.sandbox.faults.waiting(), "the fault never happened"
    assert home.parked() == []
    assert (home.shows(served, "Eligibility"), home.shows(refused, "Eligibility")) == ("Eligible", "Not eligible")
    assert (home.held("aurora-robotics", served), home.held("aurora-robotics", refused)) == (1, 0)
    assert (home.shows(served, "Credits charged"), home.shows(refused, "Credits charged")) == (1, 0)
    assert (len(home.replies(served)), len(home.replies(refused))) == (0, 1)
    # A transition that Jira refuses is for the agent to see; it is not tried for ever.
    waits = not (call == "transition" and kind is Kind.FORBIDDEN)
    assert home.status(refused) == ("Waiting for customer" if waits else "Waiting for support")
    assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 191
    assert nothing_left_to_do(home, served, refused)


@pytest.mark.parametrize("kind", [Kind.BUSY, Kind.BUSY_DATE, Kind.UNAVAILABLE_RETRY])
def test_nobody_of_the_process_calls_jira_before_retry_after(home: House, kind: Kind) -> None:
    home.raised(MIRA), home.raised(JONAS)
    home.receive(*home.sent())
    home.fault(kind, "GET", "/issue/", seconds=120)
    one, two = home.worker("one"), home.worker("two")
    assert one.step()
    called = home.calls()
    for _ in range(6):
        home.clock.advance(seconds=19.9)
        assert not one.step()
        assert not two.step()
    assert home.calls() == called
    home.clock.advance(seconds=0.6)
    assert two.step()
    assert home.calls() > called


def test_an_outage_of_many_attempts_parks_nothing_and_counts_as_no_attempt(home: House) -> None:
    issue = home.raised()
    home.receive(*home.sent())
    home.fault(Kind.UNAVAILABLE, times=30)
    worker = home.worker()
    for _ in range(30):
        assert worker.step()
        home.clock.now = max(home.pause.until, home.doors()[0].due)
    [door] = home.doors()
    assert (door.attempts, door.parked) == (0, False)
    assert "503" in (door.trouble or "")
    home.clock.advance(minutes=10)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"
    assert home.held("aurora-robotics", issue) == 1


SICK = {
    "look": (Kind.BROKEN, "GET", "/issue/{}$"),
    "fields": (Kind.BROKEN, "PUT", "/issue/{}$"),
    "fields, too many": (Kind.BUSY_ISSUE, "PUT", "/issue/{}$"),
    "comment": (Kind.BAD_GATEWAY, "POST", "/issue/{}/comment$"),
    "transition": (Kind.BROKEN, "POST", "/issue/{}/transitions$"),
}


@pytest.mark.parametrize("what", SICK)
def test_a_request_that_jira_always_breaks_on_is_parked_and_holds_up_no_other(home: House, what: str) -> None:
    kind, method, path = SICK[what]
    sick, well = home.raised(version=TOO_OLD), list[Issue]()
    home.fault(kind, method, path.format(sick.id), times=10_000)
    for waits in range(9):
        home.settle_for(seconds=2.6 * 2**waits)
        well.append(home.raised(JONAS))
        home.settle_for(seconds=2.7)
        assert home.shows(well[-1], "Eligibility") == "Eligible"
    [door] = home.parked()
    assert (door.request_key, door.attempts) == (sick.key, 8)
    assert f"Jira answered {method} /rest/api/2/issue/{sick.id}" in (door.trouble or "")
    if kind is not Kind.BUSY_ISSUE:
        assert "Other requests work meanwhile, so it is something about this one" in (door.trouble or "")
    if "look" not in what:
        # Everything but what Jira breaks on is done.
        assert home.shows(sick, "Eligibility") == (None if "fields" in what else "Not eligible")
        assert len(home.replies(sick)) == (what != "comment")
        assert (home.status(sick) == "Waiting for customer") == ("fields" in what)
    home.sandbox.faults.clear()
    home.clock.advance(hours=2)
    home.reconcile()
    home.settle()
    assert home.parked() == []
    assert (home.shows(sick, "Eligibility"), len(home.replies(sick))) == ("Not eligible", 1)
    assert nothing_left_to_do(home, sick, well[0])


def test_a_refusal_parks_the_request_and_says_what_to_do(home: House) -> None:
    refused, other = home.raised(MIRA), home.raised(JONAS)
    home.fault(Kind.FORBIDDEN, "PUT", f"/issue/{refused.id}$", times=1000)
    home.settle()
    [door] = home.parked()
    assert door.request_key == refused.key
    assert "403" in (door.trouble or "")
    assert "Our account lacks a permission" in (door.trouble or "")
    assert len([write for write in home.writes() if write.endswith(f"/issue/{refused.id} 403")]) == 8
    assert home.shows(other, "Eligibility") == "Eligible"
    home.forget_traffic()
    home.clock.advance(days=1)
    assert not home.worker().step()
    assert home.calls() == 0


@pytest.mark.parametrize("opener", ["knock", "reconcile"])
def test_a_knock_or_a_reconciliation_opens_a_parked_request_again(home: House, opener: str) -> None:
    issue = home.raised()
    home.fault(Kind.FORBIDDEN, "PUT", "/property/", times=8)
    home.settle()
    assert [door.request_key for door in home.parked()] == [issue.key]
    assert home.board(11) is None
    if opener == "knock":
        home.knock(issue)
    else:
        home.reconcile()
        assert home.parked(), "it is left to a person for an hour"
        home.clock.advance(hours=1, minutes=7)  # an hour from when it would have been due: at most 6.5 minutes later
        home.reconcile()
    home.settle()
    assert home.parked() == []
    # Everything but the board had been done before: that it is still to be done must not be forgotten.
    assert (home.board(11) or {})["available"] == 191


def test_what_was_tried_is_kept_without_anything_secret(home: House) -> None:
    issue = home.raised()
    home.fault(Kind.FORBIDDEN, "PUT", f"/issue/{issue.id}$", times=3)
    home.settle()
    with home.store.reading() as tx:
        tried = attempts.latest(tx, issue.id)
    assert len(tried) == 3
    assert all("403" in each.trouble and each.worker == "one" for each in tried)
    assert [each.at for each in tried] == sorted(each.at for each in tried)


def test_a_request_that_a_person_discarded_is_left_alone_until_it_changes(home: House) -> None:
    issue = home.raised()
    home.fault(Kind.FORBIDDEN, "PUT", f"/issue/{issue.id}$", times=8)
    home.settle()
    with home.store.writing() as tx:
        assert doors.discard(tx, issue.id, "a test request (by Sam)")
    home.clock.advance(days=3)
    home.reconcile()
    home.settle()
    assert home.shows(issue, "Eligibility") is None
    home.change(issue, Business_impact=IMPAIRED)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"


def test_a_value_that_jira_does_not_know_parks_the_request_and_names_the_field(kept: Store) -> None:
    site = seed()
    tier = site.field("Support tier")
    fields = {**site.fields, tier.id: replace(tier, options=tier.options[1:])}
    with house(emptied(kept), replace(site, fields=fields)) as home:
        home.raised()
        home.settle()
        [door] = home.parked()
        assert "400" in (door.trouble or "")
        assert "Support tier" in (door.trouble or "")


def test_a_revoked_token_parks_nothing_says_what_to_do_and_ends_with_a_new_one(home: House) -> None:
    issue = home.raised()
    home.receive(*home.sent())
    home.sandbox.revoke(ACCOUNT)
    worker = home.worker(max_attempts=3)
    for _ in range(10):
        assert worker.step()
        home.clock.now = max(home.pause.until, home.doors()[0].due)
    [door] = home.doors()
    assert "set JIRA_TOKEN" in (door.trouble or "")
    assert home.parked() == []
    home.sandbox.restore(ACCOUNT)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"


def test_a_rule_that_breaks_parks_only_the_request_that_it_breaks_on(home: House) -> None:
    costs = home.mappings.policy.costs
    rows = tuple(row for row in costs.rows if ("kind", "question") not in tuple(row.when))
    home.mappings = replace(home.mappings, policy=replace(home.mappings.policy, costs=Table(rows)))
    broken, whole = home.raised(MIRA, QUESTION), home.raised(JONAS)
    home.settle()
    [door] = home.parked()
    assert door.request_key == broken.key
    assert "LookupError" in (door.trouble or "")
    assert home.held("aurora-robotics", whole) == 1
    assert home.shows(broken, "Eligibility") is None
    assert home.holders(broken) == {}


def test_a_field_that_decisions_rest_on_is_named_and_the_request_waits_for_it(home: House) -> None:
    issue, good = home.raised(), home.mappings
    home.mappings = without_field(good, "version", "Product vision")
    home.receive(*home.sent())
    worker = home.worker(max_attempts=2)
    for _ in range(5):
        assert worker.step()
        home.clock.advance(minutes=10)
    [door] = home.doors()
    assert "fields.yaml" in (door.trouble or "")
    assert "'Product vision'" in (door.trouble or "")
    assert "nearest: 'Product version'" in (door.trouble or "")
    assert home.writes() == []
    home.mappings = good
    home.settle()
    assert home.shows(issue, "Support tier") == "Premium"


def test_a_database_that_is_away_for_a_moment_is_nobodys_fault(home: House) -> None:
    issue = home.raised()
    home.receive(*home.sent())
    worker = home.worker()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plugin.worker.settle", _unavailable)
        for _ in range(10):
            assert worker.step()
            home.clock.advance(minutes=10)
    assert [door.attempts for door in home.doors()] == [0]
    home.settle()
    assert home.held("aurora-robotics", issue) == 1


# Leases


class _Then(JiraClient):
    """A client that lets something happen right after its first call of `method`, and before its caller goes on."""

    def __init__(self, home: House, method: str, then: Callable[[], object], before: bool = False) -> None:
        person = home.person(ACCOUNT)
        super().__init__(home.sandbox.url, ACCOUNT, person.token, "cloud", home.clock)
        self._wanted, self._then, self._before, self._done = method, then, before, False

    def _once(self, method: str, call: Callable[[], Any]) -> Any:
        due = method == self._wanted and not self._done
        self._done = self._done or due
        if due and self._before:
            self._then()
        answer = call()
        if due and not self._before:
            self._then()
        return answer

    def issue(self, id_or_key: str, fields: list[str], properties: list[str], history: bool = False) -> dict[str, Any]:
        answer: dict[str, Any] = self._once(
            "issue", lambda: super(_Then, self).issue(id_or_key, fields, properties, history)
        )
        return answer

    def edit(self, id_or_key: str, fields: Any, properties: Any) -> None:
        self._once("edit", lambda: super(_Then, self).edit(id_or_key, fields, properties))

    def comment(self, id_or_key: str, body: str, properties: Any) -> str:
        return str(self._once("comment", lambda: super(_Then, self).comment(id_or_key, body, properties)))


@pytest.mark.parametrize("slept", ["issue", "edit", "comment"])
def test_a_worker_that_slept_through_its_lease_undoes_nothing(home: House, slept: str) -> None:
    issue = home.raised(version=TOO_OLD)
    home.receive(*home.sent())

    def meanwhile() -> None:
        home.clock.advance(seconds=61)
        home.change(issue, Product_version=NEWEST)
        home.settle(home.worker("two"))
        assert home.held("aurora-robotics", issue) == 1

    assert home.worker("one", _Then(home, slept, meanwhile)).step()
    home.settle()
    assert home.held("aurora-robotics", issue) == home.shows(issue, "Credits charged") == 1
    assert home.shows(issue, "Eligibility") == "Eligible"
    # Whoever had the reply in hand may have sent it; nobody sends it twice.
    assert len(home.replies(issue)) <= 1
    assert nothing_left_to_do(home, issue)


def test_a_worker_that_slept_before_it_booked_books_nothing(home: House) -> None:
    """What it saw is older than what the other worker has booked since, and nobody would knock again."""
    issue = home.raised(version=NEWEST)
    home.receive(*home.sent())

    def meanwhile() -> None:
        home.clock.advance(seconds=61)
        home.change(issue, Product_version=TOO_OLD)
        home.settle(home.worker("two"))

    home.worker("one", _Then(home, "issue", meanwhile)).step()
    assert home.held("aurora-robotics", issue) == 0
    assert home.doors() == []


def test_a_change_during_a_look_is_looked_at_again(home: House) -> None:
    issue = home.raised(version=NEWEST)
    home.receive(*home.sent())

    def meanwhile() -> None:
        home.change(issue, Product_version=TOO_OLD)
        home.receive(*home.sent())

    worker = home.worker("one", _Then(home, "issue", meanwhile))
    assert worker.step()
    assert [door.request_key for door in home.doors()] == [issue.key]
    home.settle(worker)
    assert home.shows(issue, "Eligibility") == "Not eligible"
    assert home.held("aurora-robotics", issue) == 0


def test_a_request_that_no_worker_comes_back_from_is_parked_at_last(home: House) -> None:
    issue = home.raised()
    home.receive(*home.sent())
    for _ in range(3):
        with home.store.writing() as tx:
            assert doors.claim(tx, "dead", home.clock(), timedelta(seconds=60))
        home.clock.advance(seconds=61)
    assert home.worker(max_attempts=2).step()
    [door] = home.parked()
    assert door.request_key == issue.key
    assert "did not come back" in (door.trouble or "")
    assert home.calls() == 0
    home.knock(issue)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"


# Requests that are not served, or not any more


def _as_type(home: House, issue: Issue, name: str) -> None:
    """An agent gives the request another type; Jira says that it was updated."""
    issue.request_type = Named("77", name)
    home.change(issue, Labels=[name.casefold()])


def test_a_request_whose_type_is_not_mapped_is_left_alone(home: House) -> None:
    issue = home.raised()
    _as_type(home, issue, "Billing")
    home.settle()
    assert home.writes() == []
    assert (home.own(issue), home.holders(issue), home.doors()) == (None, {}, [])


def test_a_request_that_gets_a_type_that_is_not_mapped_gives_its_credits_back(home: House) -> None:
    issue, other = home.raised(MIRA), home.raised(JONAS)
    home.settle()
    before = issue.request_type
    _as_type(home, issue, "Billing")
    home.settle()
    assert home.holders(issue) == {}
    assert (home.shows(issue, "Credits charged"), home.own(issue)["charged"]) == (0, {})
    assert home.held("aurora-robotics", other) == 1
    assert (home.board(11) or {})["available"] == 191
    assert nothing_left_to_do(home, issue, other)
    _as_type(home, issue, before.name)
    home.settle()
    assert (home.holders(issue), home.shows(issue, "Credits charged")) == ({"aurora-robotics": 1}, 1)


@pytest.mark.parametrize("refused", [False, True])
def test_a_request_that_moves_to_another_project_gives_its_credits_back(home: House, refused: bool) -> None:
    issue = home.raised()
    home.settle()
    # The sandbox has one project: that it is none of ours any more looks the same from here.
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, projects=("OPS",)))
    if refused:
        home.fault(Kind.FORBIDDEN, "PUT", "/issue/", times=100)
    home.knock(issue)
    home.settle()
    assert home.holders(issue) == {}
    assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 192
    assert home.shows(issue, "Credits charged") == (1 if refused else 0)
    assert home.parked() == []


def test_a_deleted_request_gives_its_credits_back(home: House) -> None:
    issue = home.raised()
    home.settle()
    assert (home.board(11) or {})["available"] == 191
    home.delete(issue)
    home.settle()
    assert home.holders(issue) == {}
    assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 192
    assert home.doors() == []


def test_a_deletion_that_arrives_before_everything_else_ends_the_same(home: House) -> None:
    issue = home.raised()
    home.receive(*home.sent())
    assert home.worker().step()
    home.change(issue, Business_impact=IMPAIRED)
    home.delete(issue)
    home.receive(*reversed(home.sent()))
    home.settle()
    assert (home.holders(issue), home.doors(), home.parked()) == ({}, [], [])


def test_not_found_alone_is_no_proof_of_a_deletion(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.delete(issue)
    home.sent()  # lost
    home.knock(issue)
    home.settle()
    [door] = home.parked()
    assert issue.key in (door.trouble or "")
    assert "never said that it was deleted" in (door.trouble or "")
    assert home.holders(issue) == {"aurora-robotics": 1}


def test_a_request_that_changes_hands_gives_the_former_customer_the_credits_back(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    home.move_to(issue, 12)
    home.settle()
    assert home.holders(issue) == {}
    assert home.available("aurora-robotics") == 192
    assert (home.board(11) or {})["available"] == 192
    assert home.shows(issue, "Eligibility") == "Not eligible"
    home.move_to(issue, 11)
    home.settle()
    assert home.holders(issue) == {"aurora-robotics": 1}
    assert ((home.board(11) or {})["available"], (home.board(12) or {})["available"]) == (191, 96)
    assert nothing_left_to_do(home, issue)


# Whoever else works on the request


def test_an_agent_who_moves_the_status_by_hand_is_not_fought_over(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.status(issue) == "Waiting for customer"
    for name in ("Start work", "Respond to customer", "Respond to support", "Start work"):
        home.transition(issue, name)
        home.settle()
    assert home.status(issue) == "In progress"
    assert len(home.replies(issue)) == 1
    assert len([write for write in home.writes() if "/transitions" in write]) == 1


def _site_without(*transitions: str) -> Site:
    site = seed()
    return replace(site, transitions=tuple(each for each in site.transitions if each.name not in transitions))


def test_a_transition_that_is_not_offered_is_not_asked_for_again(kept: Store) -> None:
    with house(emptied(kept), _site_without("Respond to customer")) as home:
        issue = home.raised(version=TOO_OLD)
        home.settle()
        assert home.status(issue) == "Waiting for support"
        assert len(home.replies(issue)) == 1
        assert [log["status"] for log in home.logs if log["event"] == "transition not offered"] == [home.status(issue)]
        assert nothing_left_to_do(home, issue)
        assert not [one for one in home.sandbox.traffic.all() if "/transitions" in one.path]


def test_no_comment_is_ever_sent_inside_a_transition(home: House) -> None:
    home.raised(version=TOO_OLD)
    home.settle()
    [taken] = [one for one in home.sandbox.traffic.all() if one.method == "POST" and "/transitions" in one.path]
    assert b"comment" not in taken.body


def _fight(home: House, issue: Issue, looks: int) -> None:
    """An automation rule clears the tier whenever it was written."""
    worker = home.worker()
    for _ in range(looks):
        if home.shows(issue, "Support tier") is not None:
            home.change(issue, Support_tier=None)
        home.receive(*home.sent())
        home.clock.advance(seconds=10)
        worker.step()


def test_a_field_that_somebody_changes_back_each_time_ends_in_a_sentence_and_not_in_a_loop(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    _fight(home, issue, looks=60)
    edits = [write for write in home.writes() if write.startswith("PUT /rest/api/2/issue/")]
    assert len(edits) == 5
    [door] = home.parked()
    assert f"{issue.key} does not keep what we write (Support tier)" in (door.trouble or "")
    assert "Look in the history of the request who changes it back" in (door.trouble or "")
    # The rest of what is to be done does not suffer.
    assert (len(home.replies(issue)), home.status(issue)) == (1, "Waiting for customer")


def test_a_fight_over_a_field_is_tried_again_an_hour_later_and_ends_once_the_other_gives_in(home: House) -> None:
    issue, quiet = home.raised(MIRA), home.raised(JONAS)
    _fight(home, issue, looks=40)
    assert home.shows(quiet, "Support tier") == "Premium"
    assert home.shows(issue, "Support tier") is None
    home.clock.advance(hours=1, minutes=10)
    home.reconcile()
    home.settle()
    assert home.shows(issue, "Support tier") == "Premium"
    assert home.parked() == []


def test_an_agent_who_tries_four_severities_is_followed_each_time(home: House) -> None:
    issue = home.raised()
    for impact in (IMPAIRED, DOWN, IMPAIRED, DOWN, IMPAIRED, DOWN, IMPAIRED):
        home.change(issue, Business_impact=impact)
        home.settle()
        assert home.shows(issue, "Ruled severity") == ("Severity 1" if impact == DOWN else "Severity 2")
    assert home.parked() == []


# Replies


def test_a_reply_that_could_not_be_sent_is_not_sent_once_it_is_no_longer_true(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.receive(*home.sent())
    home.fault(Kind.BROKEN, "POST", "/comment$")
    assert home.worker().step()
    home.change(issue, Product_version=NEWEST)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.replies(issue)) == ("Eligible", [])
    assert home.status(issue) == "Waiting for support"
    # It was never told: when it is so again, it is.
    home.change(issue, Product_version=TOO_OLD)
    home.settle()
    assert (len(home.replies(issue)), home.status(issue)) == (1, "Waiting for customer")


def test_only_what_is_true_now_is_told_when_the_reason_changed_before_it_could_be_sent(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.receive(*home.sent())
    home.fault(Kind.BROKEN, "POST", "/comment$")
    assert home.worker().step()
    home.change(issue, Product_version="latest")
    home.settle()
    [reply] = home.replies(issue)
    assert 'you wrote "latest"' in reply.body


def test_a_request_that_the_customer_has_answered_meanwhile_is_not_put_to_wait_for_them(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.receive(*home.sent())
    home.fault(Kind.RESET_AFTER, "POST", "/comment$")
    assert home.worker().step()
    assert len(home.replies(issue)) == 1
    home.sandbox.jira.comment(issue, home.person(MIRA), "I cannot update before Monday.", public=True)
    home.settle()
    assert len(home.replies(issue)) == 1
    assert home.status(issue) == "Waiting for support"


def test_each_reason_is_told_once_however_often_it_comes_back(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    for version in (TOO_OLD, "latest", TOO_OLD, "latest", NEWEST, TOO_OLD):
        home.change(issue, Product_version=version)
        home.settle()
    assert len(home.replies(issue)) == 2


def test_editing_the_mapping_files_does_not_tell_everybody_again(home: House) -> None:
    issue = home.raised("pia.lindqvist@aurora-robotics.example")
    home.settle()
    assert "Mira Castellan" in home.replies(issue)[0].body
    aurora = home.agreement("aurora-robotics")
    fewer = replace(aurora, named_contacts=aurora.named_contacts[1:], name="Aurora Robotics SE")
    others = tuple(each for each in home.mappings.agreements if each.customer != aurora.customer)
    home.mappings = replace(home.mappings, agreements=(*others, fewer))
    home.knock(issue)
    home.settle()
    assert len(home.replies(issue)) == 1


def _unavailable(*_: object) -> None:
    raise StoreUnavailable("The database is away.")
