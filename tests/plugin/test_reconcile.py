"""What was lost is found: reconciliation knocks at every request that may have changed unheard."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from plugin.compare import COMMENT, would_write
from plugin.jira.errors import JiraRefused, JiraUnavailable
from plugin.look import Seen, see
from plugin.reconcile import knock_at_open_requests, misshown_balances, show_balances
from plugin.sandbox import Flavour, Kind, seed
from plugin.site_fields import field_map
from plugin.store import Store, decisions, doors
from tests.road.house import AGENT, BOARD, EMIL, JONAS, MIRA, TOO_OLD, House, emptied, house, sqlite_store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("reconcile")) as store:
        yield store


@pytest.fixture(params=Flavour)
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


def test_requests_whose_webhooks_were_all_lost_are_worked(home: House) -> None:
    issues = [home.raised(MIRA), home.raised(EMIL), home.raised(JONAS, version=TOO_OLD)]
    home.sent()
    home.settle()
    assert [home.shows(issue, "Eligibility") for issue in issues] == [None, None, None]
    assert home.reconcile() == 3
    home.settle()
    assert [home.shows(issue, "Eligibility") for issue in issues] == ["Eligible", "Eligible", "Not eligible"]


def test_a_product_defect_whose_webhook_was_lost_is_refunded(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.transition(issue, "Resolve this issue", "Product defect")
    home.sent()
    home.clock.advance(days=13)
    assert home.reconcile() == 1
    home.settle()
    assert home.holders(issue) == {}
    assert home.shows(issue, "Credits charged") == 0


def test_a_request_that_was_done_long_ago_is_left_in_peace(home: House) -> None:
    issue, still_open = home.raised(MIRA), home.raised(JONAS)
    home.settle()
    home.transition(issue, "Resolve this issue", "Done")
    home.settle()
    for each in (issue, still_open):
        home.change(each, Support_tier=None)
    home.sent()
    home.clock.advance(days=15)
    assert home.reconcile() == 1
    assert [door.request_key for door in home.doors()] == [still_open.key]


def test_reconciling_when_all_is_well_writes_nothing(home: House) -> None:
    for who in (MIRA, JONAS, EMIL):
        home.raised(who)
    home.raised(version=TOO_OLD)
    home.settle()
    home.forget_traffic()
    assert home.reconcile() == 4
    home.settle()
    assert home.writes() == []


def test_a_request_that_waits_out_its_trouble_is_not_hurried(home: House) -> None:
    issue = home.raised()
    home.receive(*home.sent())
    home.fault(Kind.FORBIDDEN, "PUT", f"/issue/{issue.id}$", times=3)
    worker = home.worker()
    for _ in range(3):
        home.clock.now = max(home.clock.now, home.doors()[0].due)
        worker.step()
    [before] = home.doors()
    home.reconcile()
    assert home.doors() == [before]


def test_more_requests_than_fit_into_one_page_are_all_found(home: House) -> None:
    for _ in range(230):
        home.raised()
    home.sent()
    assert home.reconcile() == 230
    assert len({door.request_id for door in home.doors()}) == 100  # what `open_doors` shows at most
    with home.store.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM doors").scalar_one() == 230


def test_a_project_that_jira_does_not_know_is_said(home: House) -> None:
    declared = replace(home.mappings.declared, projects=("NOPE",))
    with pytest.raises(JiraRefused, match="NOPE"):
        knock_at_open_requests(
            home.client(), home.store, replace(home.mappings, declared=declared), home.clock(), timedelta(days=1)
        )


def test_what_was_found_before_jira_went_away_is_knocked_at(home: House) -> None:
    home.raised()
    home.sent()
    search = "/search/jql$" if home.sandbox.site.cloud else "/search$"
    assert home.reconcile() == 1
    home.settle()
    home.fault(Kind.UNAVAILABLE, "GET", search)
    with pytest.raises(JiraUnavailable):
        home.reconcile()


def test_requests_found_together_are_due_one_after_the_other_and_a_webhook_comes_before_them(home: House) -> None:
    for _ in range(25):
        home.raised()
    home.sent()
    assert home.reconcile() == 25
    dues = [door.due - home.clock() for door in home.doors()]
    assert dues == [timedelta(seconds=number / 10) for number in range(25)]
    late = home.raised(EMIL)
    home.receive(*home.sent())
    home.clock.advance(seconds=0.05)
    for _ in range(2):
        assert home.worker().step()
    assert home.shows(late, "Eligibility") == "Eligible"
    home.settle()
    assert home.doors() == []


def test_a_request_that_a_worker_has_in_hand_is_looked_at_once_more(home: House) -> None:
    issue = home.raised()
    home.sent()
    home.knock(issue)
    with home.store.writing() as tx:
        door = doors.claim(tx, "one", home.clock(), timedelta(minutes=1))
    assert door is not None
    home.reconcile()
    with home.store.writing() as tx:
        doors.close(tx, door)
    [again] = home.doors()
    assert (again.request_id, again.due) == (issue.id, home.clock())


# What is held against what it should show


def _cloud(home: House) -> bool:
    return home.sandbox.site.cloud


def test_on_cloud_whoever_is_as_they_should_be_is_read_with_a_hundred_others_and_not_knocked_at(home: House) -> None:
    for _ in range(5):
        home.raised()
    home.settle()
    home.reconciled()
    home.settle()
    home.forget_traffic()
    found = home.reconciled()
    assert (found.requests, found.knocked) == (5, 0 if _cloud(home) else 5)
    assert not _cloud(home) or home.doors() == []
    # One search for the open ones, one for those that changed lately; the catalogue of fields is remembered.
    assert home.calls() == 2


def test_a_field_that_was_changed_while_nobody_listened_is_found(home: House) -> None:
    well, changed = home.raised(), home.raised()
    home.settle()
    home.change(changed, Support_tier="Basic")
    home.sent()
    found = home.reconciled()
    assert found.knocked == (1 if _cloud(home) else 2)
    home.settle()
    assert [home.shows(each, "Support tier") for each in (well, changed)] == ["Premium", "Premium"]


def test_whoever_was_asked_something_is_looked_at_for_their_answer(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.sandbox.jira.comment(issue, home.person(MIRA), "We have updated to 26.2.", public=True)
    home.sent()
    assert home.reconciled().knocked == 1
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"


def test_an_edit_of_the_mapping_files_is_brought_to_those_that_it_changes_only(home: House) -> None:
    aurora, brennhaus = home.raised(MIRA), home.raised(EMIL)
    home.settle()
    agreement = home.agreement("brennhaus-medical")
    better = replace(agreement, entitlements=tuple(replace(each, tier="premium") for each in agreement.entitlements))
    others = tuple(each for each in home.mappings.agreements if each is not agreement)
    home.mappings = replace(home.mappings, agreements=(*others, better))
    assert home.reconciled().knocked == (1 if _cloud(home) else 2)
    home.settle()
    assert [home.shows(each, "Support tier") for each in (aurora, brennhaus)] == ["Premium", "Premium"]


def test_holding_a_request_against_what_it_should_show_leaves_no_trace(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.change(issue, Business_impact="Seriously impaired")
    home.sent()
    fields, before = field_map(home.client(), home.mappings), home.places("aurora-robotics")
    with home.store.reading() as tx:
        standing, decided = decisions.standing(tx, issue.id), decisions.history(tx, issue.id)
    seen = see(home.client(), home.mappings, fields, issue.key, standing, home.clock())
    assert isinstance(seen, Seen)
    for _ in range(2):
        with home.store.writing() as tx:
            words = would_write(tx, seen, home.mappings, fields, home.clock())
        assert {"severity", "response_due", COMMENT} <= set(words)
    with home.store.reading() as tx:
        assert decisions.history(tx, issue.id) == decided
    assert home.places("aurora-robotics") == before


def test_a_balance_that_somebody_changed_in_jira_is_found_and_put_right(home: House) -> None:
    home.raised()
    home.settle()
    if not _cloud(home):
        assert misshown_balances(home.client(), home.store, home.mappings, home.clock()) == ()
        return
    right = home.board(11)
    home.sandbox.jira.organization_properties[11, BOARD] = {"available": 7}
    [found] = misshown_balances(home.client(), home.store, home.mappings, home.clock())
    assert (found.customer, found.organization, found.shown) == ("aurora-robotics", "11", {"available": 7})
    assert found.wanted == right
    show_balances(home.client(), home.store, home.mappings, [found], home.clock)
    assert home.board(11) == right
    assert misshown_balances(home.client(), home.store, home.mappings, home.clock()) == ()


def test_a_board_is_found_by_the_organizations_name_where_the_agreement_gives_no_id(home: House) -> None:
    if not _cloud(home):
        return
    aurora = replace(home.agreement("aurora-robotics"), organization_ids=())
    others = tuple(each for each in home.mappings.agreements if each.customer != aurora.customer)
    home.mappings = replace(home.mappings, agreements=(aurora, *others))
    home.raised()
    home.settle()
    home.sandbox.jira.organization_properties.clear()
    [found] = misshown_balances(home.client(), home.store, home.mappings, home.clock())
    assert (found.organization, found.shown, found.wanted["available"]) == ("11", None, 191)


def test_a_balance_that_jira_does_not_take_keeps_no_other_wrong(kept: Store) -> None:
    with house(emptied(kept)) as home:
        home.raised(MIRA), home.raised(EMIL)
        home.settle()
        properties = home.sandbox.jira.organization_properties
        for organization in (11, 12):
            properties[organization, BOARD] = {"available": 7_000}
        found = misshown_balances(home.client(), home.store, home.mappings, home.clock())
        home.fault(Kind.FORBIDDEN, "PUT", "/organization/11/")
        with pytest.raises(JiraRefused, match="organization/11/"):
            show_balances(home.client(), home.store, home.mappings, found, home.clock)
        assert [properties[organization, BOARD]["available"] for organization in (11, 12)] == [7_000, 95]


def test_a_lost_answer_is_found_though_the_request_comes_up_by_itself_later(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.clock.advance(minutes=20)
    home.sandbox.jira.comment(issue, home.person(AGENT), "We are on it.", public=True)
    home.sent()
    assert home.reconciled().knocked == 1
    home.settle()
    assert home.shows(issue, "Response kept") == "Kept"


def test_a_reminder_whose_door_was_lost_is_given_by_the_next_reconciliation(home: House) -> None:
    issue = home.raised()
    home.settle()
    before = len(home.notes(issue))
    with home.store.writing() as tx:
        tx.exec_driver_sql("DELETE FROM doors")
    home.clock.advance(days=10)
    home.reconcile()
    home.settle()
    assert len(home.notes(issue)) == before + 1
    assert home.shows(issue, "Response kept") == "Open overdue"
