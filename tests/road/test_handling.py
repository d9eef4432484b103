"""Priority and technical account representative: proposed once, and people's own choice stands (C8, C11)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plugin.contract.decision import AccountRepresentative
from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Issue
from plugin.store import Store
from tests.road.house import DOWN, EMIL, IMPAIRED, MIRA, TOO_OLD, YUSUF, House, house

NORA, SAM = "nora.quist@vendor.example", "sam.okafor@vendor.example"
REPRESENTATIVE = "Technical account representative"


@pytest.fixture(params=Flavour)
def home(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(store, seed(request.param)) as built:
        yield built


def looked_at(home: House, issue: Issue, times: int) -> list[str]:
    """What is written by so many further looks."""
    home.forget_traffic()
    for _ in range(times):
        home.knock(issue)
        home.settle()
    return home.writes()


def unshare(home: House, issue: Issue) -> None:
    """An agent takes everybody else's part in the request away."""
    home.change(issue, Request_participants=[])


def named(home: House, customer: str, name: str, account: str) -> None:
    """Somebody else is named in the customer's agreement."""
    agreements = [
        replace(each, account_representative=AccountRepresentative(name, account, each.source))
        if each.customer == customer
        else each
        for each in home.mappings.agreements
    ]
    home.mappings = replace(home.mappings, agreements=tuple(agreements))


def account(home: House, email: str) -> str:
    person = home.person(email)
    return person.account_id if home.sandbox.site.cloud else person.username


def without(home: House, *words: str) -> None:
    """The site has no field for these words."""
    declared = home.mappings.declared
    fields = {word: spec for word, spec in declared.fields.items() if word not in words}
    home.mappings = replace(home.mappings, declared=replace(declared, fields=fields))


@pytest.mark.parametrize(
    ("who", "priority", "representative"),
    [(MIRA, "Highest", NORA), (EMIL, "Highest", None), (YUSUF, "Medium", None)],
)
def test_each_tier_gets_what_it_brings(home: House, who: str, priority: str, representative: str | None) -> None:
    issue = home.raised(who)
    home.settle()
    assert (home.shows(issue, "Priority"), home.shows(issue, REPRESENTATIVE)) == (priority, representative)
    assert home.participants(issue) == ([representative] if representative else [])
    assert looked_at(home, issue, 3) == []


def test_an_agents_own_priority_survives_every_look_until_the_ruling_is_another(home: House) -> None:
    """Lessons 31 and 82."""
    issue = home.raised()
    home.settle()
    home.change(issue, Priority="Low")
    assert looked_at(home, issue, 10) == []
    assert home.shows(issue, "Priority") == "Low"

    home.change(issue, Business_impact=IMPAIRED)
    home.settle()
    assert home.shows(issue, "Priority") == "High"
    home.change(issue, Priority="Lowest")
    assert looked_at(home, issue, 3) == []
    home.change(issue, Business_impact=DOWN)
    home.settle()
    assert home.shows(issue, "Priority") == "Highest"
    assert home.parked() == []


def test_a_request_that_waits_for_the_customer_keeps_its_priority_and_an_agents_choice_outlives_the_wait(
    home: House,
) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.shows(issue, "Priority") == "Medium"
    home.change(issue, MIRA, Product_version="26.2")
    home.settle()
    assert home.shows(issue, "Priority") == "Highest"

    home.change(issue, Priority="Low")
    for version in (TOO_OLD, "26.2"):
        home.change(issue, MIRA, Product_version=version)
        home.settle()
        assert home.shows(issue, "Priority") == "Low"


def test_a_representative_whom_people_replaced_or_unshared_stays_so_until_another_is_named(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.change(issue, **{REPRESENTATIVE: None})
    unshare(home, issue)
    assert looked_at(home, issue, 10) == []
    assert (home.shows(issue, REPRESENTATIVE), home.participants(issue)) == (None, [])

    named(home, "aurora-robotics", "Sam Okafor", account(home, SAM))
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, REPRESENTATIVE), home.participants(issue)) == (SAM, [SAM])
    assert looked_at(home, issue, 3) == []


def test_a_participant_is_added_beside_those_who_are_there(home: House) -> None:
    issue = home.raised()
    home.change(issue, Request_participants=[home.spelled(EMIL), home.spelled(NORA)])
    home.settle()
    assert home.participants(issue) == [EMIL, NORA]
    assert not [write for write in home.writes() if "/participant" in write]
    named(home, "aurora-robotics", "Sam Okafor", account(home, SAM))
    home.knock(issue)
    home.settle()
    assert home.participants(issue) == [EMIL, NORA, SAM]


def test_a_request_that_moves_to_a_customer_without_a_representative_does_not_go_on_naming_one(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.move_to(issue, 12)
    home.settle()
    assert home.shows(issue, REPRESENTATIVE) is None
    assert looked_at(home, issue, 3) == []


def test_nobody_hears_of_a_request_again_that_is_done(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.transition(issue, "Resolve this issue", "Done")
    home.settle()
    named(home, "aurora-robotics", "Sam Okafor", account(home, SAM))
    home.change(issue, Business_impact=IMPAIRED)
    home.settle()
    assert (home.shows(issue, "Ruled severity"), home.shows(issue, "Priority")) == ("Severity 2", "Highest")
    assert (home.shows(issue, REPRESENTATIVE), home.participants(issue)) == (NORA, [NORA])
    home.transition(issue, "Reopen")
    home.settle()
    assert (home.shows(issue, "Priority"), home.participants(issue)) == ("High", [NORA, SAM])


def test_a_site_without_these_fields_is_no_trouble(home: House) -> None:
    without(home, "priority", "account_representative", "participants")
    issue = home.raised()
    home.settle()
    assert (home.shows(issue, "Priority"), home.shows(issue, REPRESENTATIVE)) == ("Medium", None)
    assert (home.participants(issue), home.parked()) == ([], [])
    assert home.shows(issue, "Eligibility") == "Eligible"
    assert looked_at(home, issue, 1) == []


def test_fields_that_a_site_gets_later_are_filled_in(home: House) -> None:
    whole = home.mappings
    without(home, "priority", "account_representative", "participants")
    issue = home.raised()
    home.settle()
    home.mappings = whole
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, "Priority"), home.shows(issue, REPRESENTATIVE)) == ("Highest", NORA)
    assert home.participants(issue) == [NORA]


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.RESET_AFTER, Kind.TIMEOUT_AFTER])
@pytest.mark.parametrize("call", ["POST /participant$", "PUT /issue/[^/]+$"])
def test_whatever_breaks_between_sharing_and_recording_it_ends_the_same(home: House, kind: Kind, call: str) -> None:
    issue = home.raised()
    home.fault(kind, *call.split())
    home.settle()
    assert not home.sandbox.faults.waiting(), "the fault never happened"
    assert (home.shows(issue, "Priority"), home.participants(issue)) == ("Highest", [NORA])
    unshare(home, issue)
    home.change(issue, Priority="Low")
    assert looked_at(home, issue, 3) == []
    assert (home.shows(issue, "Priority"), home.participants(issue)) == ("Low", [])


def test_an_account_that_does_not_exist_keeps_nothing_else_unwritten(home: House) -> None:
    named(home, "aurora-robotics", "Ivo Berg", "ivo-who-left")
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.shows(issue, REPRESENTATIVE)) == ("Not eligible", None)
    assert len(home.replies(issue)) == 1
    [door] = home.parked()
    trouble = door.trouble or ""
    assert "The request could not be shared with Ivo Berg (agreements/aurora-robotics.yaml:" in trouble
    assert f"{REPRESENTATIVE} ({home.field(REPRESENTATIVE)}): User 'ivo-who-left' does not exist" in trouble
    taken = [write for write in home.writes() if write.startswith("PUT /rest/api/2/issue/") and write.endswith(" 204")]
    assert len(taken) == 1

    named(home, "aurora-robotics", "Nora Quist", account(home, NORA))
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, REPRESENTATIVE), home.participants(issue)) == (NORA, [NORA])
    assert (looked_at(home, issue, 3), home.parked()) == ([], [])


def test_whoever_may_not_share_requests_is_told_so_and_the_rest_is_written(home: House) -> None:
    issue = home.raised()
    home.fault(Kind.FORBIDDEN, "POST", "/participant$", times=1000)
    home.settle()
    assert (home.shows(issue, "Priority"), home.shows(issue, REPRESENTATIVE)) == ("Highest", NORA)
    [door] = home.parked()
    assert "could not be shared with Nora Quist" in (door.trouble or "")
    home.sandbox.faults.clear()
    home.knock(issue)
    home.settle()
    assert (home.participants(issue), home.parked()) == ([NORA], [])


def test_a_priority_that_jira_does_not_have_is_tried_again_until_it_does(home: House) -> None:
    spec = home.mappings.declared.fields["priority"]
    values = {"Blocker" if ours == "highest" else name: ours for name, ours in (spec.values or {}).items()}
    wrong: Any = {**home.mappings.declared.fields, "priority": replace(spec, values=values)}
    whole = home.mappings
    home.mappings = replace(whole, declared=replace(whole.declared, fields=wrong))
    issue = home.raised()
    home.settle()
    assert (home.shows(issue, "Priority"), home.shows(issue, REPRESENTATIVE)) == ("Medium", NORA)
    [door] = home.parked()
    assert "Priority (priority): Priority name 'Blocker' is not valid" in (door.trouble or "")
    assert "priority" not in home.own(issue)["proposed"]
    home.mappings = whole
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, "Priority"), home.parked()) == ("Highest", [])
    assert looked_at(home, issue, 3) == []
