"""Jira in every bad state that it is known for: nothing lost, nothing twice, and right by itself once it is over."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from plugin.jira.pace import Pace
from plugin.sandbox import Kind
from plugin.sandbox.records import Issue
from plugin.store import Store
from tests.road.house import ACCOUNT, EMIL, JONAS, MIRA, TOO_OLD, House, emptied, house, sqlite_store
from tests.road.play import People, all_is_as_the_contract_says, is_as_the_contract_says, looking_again_changes_nothing

ONE_REQUEST = (
    Kind.BROKEN,
    Kind.BAD_GATEWAY,
    Kind.GATEWAY_TIMEOUT,
    Kind.UNAVAILABLE,
    Kind.HALF,
    Kind.LOGIN_PAGE,
    Kind.RESET_BEFORE,
    Kind.RESET_AFTER,
    Kind.TIMEOUT_AFTER,
    Kind.SLOW,
    Kind.CONFLICT,
    Kind.TOO_LARGE,
    Kind.FORBIDDEN,
    Kind.BUSY_ISSUE,
)
"""What may happen to one request over and over again, while Jira is well otherwise."""

EVERYBODY = (
    Kind.BUSY,
    Kind.BUSY_DATE,
    Kind.BUSY_RESET,
    Kind.SPENT,
    Kind.NEAR,
    Kind.UNAVAILABLE_RETRY,
    Kind.UNAUTHORIZED,
)
"""What concerns all requests alike."""

SILENT = (Kind.TIMEOUT_AFTER, Kind.SLOW)
LONG = 1847
"""Seconds."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("misbehaves")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def three(home: House) -> People:
    """A request in order, one that is refused with a letter and a transition, and one of another customer."""
    return People(home, [home.raised(MIRA), home.raised(JONAS, version=TOO_OLD), home.raised(EMIL)])


def all_is_well(people: People) -> None:
    """As if nothing had ever happened: every field, reply and charge is there, once, and nothing is left to do."""
    all_is_as_the_contract_says(people)
    told = {issue.key: len(people.home.replies(issue)) for issue in people.issues}
    assert told == {issue.key: people.home.shows(issue, "Eligibility") == "Not eligible" for issue in people.issues}
    assert {len(people.home.notes(issue)) for issue in people.issues} == {1}
    assert looking_again_changes_nothing(people)


def impatient(home: House, kind: Kind) -> float:
    """For how long Jira is silent: longer than this client waits, as half a minute and more is in life."""
    if kind not in SILENT:
        return 1.0
    home.patience = (5, 0.1)
    return 0.25


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        *((kind, method) for kind in ONE_REQUEST for method in ("GET", "PUT", "POST")),
        *((kind, "GET") for kind in EVERYBODY),
    ],
)
def test_what_goes_wrong_a_few_times_anywhere_changes_nothing_about_the_end(
    home: House, kind: Kind, method: str
) -> None:
    people, seconds = three(home), impatient(home, kind)
    home.fault(kind, method, times=3, seconds=seconds)
    home.settle()
    assert not home.sandbox.faults.waiting(), "the fault never happened"
    all_is_well(people)


@pytest.mark.parametrize("kind", ONE_REQUEST)
def test_what_always_goes_wrong_with_one_request_holds_up_no_other(home: House, kind: Kind) -> None:
    people, seconds = three(home), impatient(home, kind)
    sick = people.issues[0]
    home.fault(kind, path=f"/issue/{sick.id}(/|$)", times=10_000, seconds=seconds)
    home.settle_for(seconds=8)
    for _ in range(2):
        late = home.raised(JONAS)
        people.issues.append(late)
        home.settle_for(seconds=3)
        assert home.shows(late, "Eligibility") == "Eligible"
    for other in people.issues[1:]:
        is_as_the_contract_says(home, other)
    assert [door.request_key for door in [*home.doors(), *home.parked()]] == [sick.key]

    home.sandbox.faults.clear()
    home.settle()
    home.clock.advance(hours=1, minutes=10)
    home.reconcile()
    home.settle()
    all_is_well(people)


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.LOGIN_PAGE])
def test_an_outage_of_hours_parks_nothing_and_is_not_made_worse(home: House, kind: Kind) -> None:
    people = three(home)
    home.fault(kind, times=10_000)
    home.settle_for(hours=2)
    assert home.parked() == []
    assert {door.attempts for door in home.doors()} == {0}
    # Each about once in five minutes, and somewhat more often in the beginning.
    assert home.calls() <= 2 * 24 * len(people.issues)
    home.sandbox.faults.clear()
    home.settle_for(minutes=14)
    all_is_well(people)


def test_an_outage_of_writing_alone_parks_nothing_either(home: House) -> None:
    people = three(home)
    for method in ("PUT", "POST"):
        home.fault(Kind.UNAVAILABLE, method, times=10_000)
    home.settle_for(minutes=30)
    assert home.parked() == []
    home.sandbox.faults.clear()
    home.settle_for(minutes=14)
    all_is_well(people)


@pytest.mark.parametrize("kind", [Kind.BUSY, Kind.BUSY_DATE, Kind.BUSY_RESET, Kind.UNAVAILABLE_RETRY])
def test_half_an_hour_that_jira_asks_for_is_kept_to_the_second(home: House, kind: Kind) -> None:
    people, begun = three(home), home.clock()
    home.fault(kind, "GET", "/issue/", seconds=LONG)
    # Who answers with a date or a moment names whole seconds.
    home.settle_for(seconds=LONG - 1)
    # The catalogue, and the call that was refused.
    assert home.calls() == 2
    # What customers do meanwhile is kept.
    people.issues.append(home.raised(JONAS))
    home.settle_for(seconds=3)
    assert home.clock() - begun < timedelta(seconds=LONG + 3)
    all_is_well(people)


def test_where_nothing_is_left_of_the_limit_nothing_is_asked_until_there_is(home: House) -> None:
    people = three(home)
    home.fault(Kind.SPENT, "GET", "/issue/", seconds=60)
    home.pace = Pace(10_000)
    home.settle_for(seconds=59)
    assert home.calls() == 2
    home.settle_for(seconds=4)
    all_is_well(people)


def test_a_revoked_token_is_told_once_and_loudly_and_hardly_tried_until_it_works_again(home: House) -> None:
    people = three(home)
    home.sandbox.revoke(ACCOUNT)
    home.settle_for(hours=1)
    people.issues.append(home.raised(JONAS))
    home.settle_for(hours=1)
    assert home.parked() == []
    # Jira may lock an account that goes on knocking.
    assert 0 < home.calls() <= 40
    [loud] = [log for log in home.logs if log["log_level"] == "error"]
    assert loud["event"] == "locked out of Jira: no request is worked until it lets us in"
    assert "make a new one and set JIRA_TOKEN" in loud["trouble"]
    assert {"set JIRA_TOKEN" in (door.trouble or "") for door in home.doors()[1:2]} == {True}

    home.sandbox.restore(ACCOUNT)
    home.settle_for(minutes=14)
    assert "Jira works again" in [log["event"] for log in home.logs]
    all_is_well(people)


def test_a_permission_that_is_taken_away_is_tried_so_often_and_asked_for_in_words(home: House) -> None:
    people = three(home)
    home.fault(Kind.FORBIDDEN, path="/issue/", times=10_000)
    home.settle()
    assert len(home.parked()) == len(people.issues)
    assert all("it must be an agent who may browse, edit" in (door.trouble or "") for door in home.parked())
    assert home.calls() == 1 + 8 * len(people.issues)
    home.sandbox.faults.clear()
    home.clock.advance(hours=1, minutes=10)
    home.reconcile()
    home.settle()
    all_is_well(people)


def test_a_comment_that_is_refused_keeps_no_other_unwritten(home: House) -> None:
    people = People(home, [home.raised(JONAS, version=TOO_OLD)])
    [issue] = people.issues
    home.receive(*home.sent())
    home.fault(Kind.TOO_LARGE, "POST", "/comment$")
    assert home.worker().step()
    assert (home.replies(issue), len(home.notes(issue))) == ([], 1)
    home.settle()
    assert home.status(issue) == "Waiting for customer"
    all_is_well(people)


def test_a_transition_that_jira_breaks_on_keeps_no_field_unwritten_and_is_taken_once_it_works(home: House) -> None:
    people = three(home)
    asked = people.issues[1]
    home.settle()
    home.change(asked, MIRA, Product_version="26.2")
    home.fault(Kind.CONFLICT, "POST", f"/issue/{asked.id}/transitions$", times=10_000)
    home.settle()
    assert (home.shows(asked, "Eligibility"), home.status(asked)) == ("Eligible", "Waiting for customer")
    [door] = home.parked()
    assert "with 409" in (door.trouble or "")
    home.sandbox.faults.clear()
    home.clock.advance(hours=1, minutes=10)
    home.reconcile()
    home.settle()
    assert home.status(asked) == "Waiting for support"
    all_is_as_the_contract_says(people)
    assert looking_again_changes_nothing(people)


# Requests that are gone


def moved(home: House, issue: Issue, key: str) -> None:
    home.sandbox.jira.move(issue, home.person(EMIL), key)


def test_a_request_that_is_moved_to_another_project_costs_nothing_until_it_is_back(home: House) -> None:
    people = three(home)
    home.settle()
    there, back = people.issues[0], people.issues[0].key
    moved(home, there, "OPS-1")
    home.settle()
    assert home.holders(there) == {}
    assert (home.shows(there, "Credits charged"), home.own(there)["charged"]) == (0, {})
    assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 192
    assert [home.doors(), home.parked()] == [[], []]
    home.reconcile()
    home.forget_traffic()
    home.settle()
    assert home.writes() == []

    moved(home, there, back)
    home.settle()
    all_is_well(people)


def test_a_request_that_is_moved_where_we_may_not_look_is_told_and_taken_up_when_it_is_back(home: House) -> None:
    people = three(home)
    home.settle()
    hidden = people.issues[0]
    home.sandbox.jira._issues.pop(hidden.key)  # Jira does not tell it from one that is not there
    home.knock(hidden)
    home.settle()
    [door] = home.parked()
    assert f"Jira has no request {hidden.key} for us" in (door.trouble or "")
    assert "let the account browse it" in (door.trouble or "")
    assert home.holders(hidden) == {"aurora-robotics": 1}
    home.sandbox.jira._issues[hidden.key] = hidden
    home.change(hidden, Business_impact="Seriously impaired")
    home.change(hidden, Business_impact="Totally non-operational")
    home.settle()
    all_is_as_the_contract_says(people)


def test_one_deleted_request_among_others_gives_back_what_it_held(home: House) -> None:
    people = three(home)
    home.receive(*home.sent())
    home.worker().step()
    home.delete(people.issues[0])
    people.deleted.add(people.issues[0].key)
    home.settle()
    all_is_as_the_contract_says(people)
    assert home.holders(people.issues[0]) == {}


# Organizations that are gone


def test_an_organization_that_is_deleted_costs_its_customer_nothing_but_the_board(home: House) -> None:
    people = three(home)
    home.settle()
    home.sandbox.jira.delete_organization(11)
    people.issues.append(home.raised(JONAS))
    home.knock(people.issues[0])
    home.settle()
    assert home.parked() == []
    for issue in people.issues:
        # By the domain of the address.
        is_as_the_contract_says(home, issue)
    [told] = [log for log in home.logs if log["event"] == "balance not shown"]
    assert (told["organization"], told["customer"]) == ("11", "aurora-robotics")
    assert "organization_ids" in told["trouble"]
    assert (home.board(12) or {})["available"] == home.available("brennhaus-medical")


# A certificate


def test_an_expired_certificate_is_never_accepted_and_told_and_a_new_one_needs_nobody(kept: Store) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1)).configure_cert(context)
    with pytest.MonkeyPatch.context() as patch, authority.cert_pem.tempfile() as bundle:
        patch.setenv("REQUESTS_CA_BUNDLE", bundle)
        with house(emptied(kept), tls=context) as home:
            people = three(home)
            home.settle_for(minutes=20)
            assert (home.calls(), home.parked()) == (0, [])
            [told] = [log for log in home.logs if log["event"] == "Jira is away"]
            assert "certificate has expired. Renew the certificate there" in told["trouble"]
            authority.issue_cert("127.0.0.1").configure_cert(context)
            home.settle_for(minutes=14)
            all_is_well(people)
