"""A field that Jira does not take: the others are written all the same, the trouble is told, and it comes to an end."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plugin.mappings.load import Mappings
from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Issue
from plugin.store import Store
from tests.road.house import FRIDAY, JONAS, TOO_OLD, House, house

FIELDS = {
    "Support tier": "Premium",
    "Ruled severity": "Severity 1",
    "Eligibility": "Eligible",
    "Credits charged": 1,
    "Credits left": 191,
    "Patch eligibility": "Patch",
}


@pytest.fixture(params=Flavour)
def home(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(store, seed(request.param)) as built:
        yield built


def on_screen(home: House, name: str, there: bool) -> None:
    """An admin of Jira takes a field off the edit screen, or puts it back."""
    fields: Any = home.sandbox.site.fields
    field = home.sandbox.site.field(name)
    fields[field.id] = replace(field, editable=there)


def with_option(mappings: Mappings, word: str, old: str, new: str) -> Mappings:
    """The same mappings, one option of a field spelled in another way."""
    spec = mappings.declared.fields[word]
    values = {new if option == old else option: ours for option, ours in (spec.values or {}).items()}
    fields = {**mappings.declared.fields, word: replace(spec, values=values)}
    return replace(mappings, declared=replace(mappings.declared, fields=fields))


def shown(home: House, issue: Issue) -> dict[str, Any]:
    return {name: home.shows(issue, name) for name in FIELDS}


def edits(home: House, issue: Issue) -> list[int]:
    """The status of every edit of the request since the traffic was last forgotten."""
    path = f"/rest/api/2/issue/{issue.id}"
    return [one.status for one in home.sandbox.traffic.all() if (one.method, one.path) == ("PUT", path)]


def parked_for(home: House, issue: Issue) -> str:
    """What the request waits for a person for."""
    [door] = home.parked()
    assert door.request_key == issue.key
    return door.trouble or ""


def writes_nothing_more(home: House, issue: Issue) -> bool:
    home.forget_traffic()
    home.knock(issue)
    home.settle()
    return home.writes() == [] and home.parked() == []


@pytest.mark.parametrize("name", list(FIELDS))
def test_a_field_that_is_off_the_screen_keeps_no_other_unwritten(home: House, name: str) -> None:
    on_screen(home, name, False)
    issue = home.raised()
    home.settle()
    assert shown(home, issue) == {**FIELDS, name: None}
    assert home.own(issue)["tier"] == "premium"
    assert home.held("aurora-robotics", issue) == 1
    trouble = parked_for(home, issue)
    assert f"{name} ({home.field(name)})" in trouble
    assert "Put the field on the edit screen" in trouble
    # One edit was taken; each look tried the whole one, and wrote nothing else.
    assert sorted(edits(home, issue)) == [204, *[400] * (len(edits(home, issue)) - 1)]

    on_screen(home, name, True)
    home.forget_traffic()
    home.knock(issue)
    home.settle()
    assert (shown(home, issue), edits(home, issue)) == (FIELDS, [204])
    assert writes_nothing_more(home, issue)


def test_an_option_that_is_gone_keeps_no_other_field_unwritten(home: House) -> None:
    home.mappings = with_option(home.mappings, "tier", "Premium", "Platinum")
    issue = home.raised()
    home.settle()
    assert shown(home, issue) == {**FIELDS, "Support tier": None}
    trouble = parked_for(home, issue)
    assert "Option value 'Platinum' is not valid" in trouble
    assert "Compare what fields.yaml" in trouble


def test_fields_that_jira_breaks_on_keep_no_other_unwritten(home: House) -> None:
    sick, names = home.raised(), ("Ruled severity", "Eligibility")
    home.fault(Kind.BROKEN, "PUT", f"/issue/{sick.id}$", times=10_000, body="|".join(map(home.field, names)))
    for waits in range(9):
        home.settle_for(seconds=2.6 * 2**waits)
        # Else nobody could tell a sick request from a Jira that is broken.
        home.raised(JONAS)
        home.settle_for(seconds=2.7)
    well = {name: value for name, value in FIELDS.items() if name != "Credits left"}
    assert shown(home, sick).items() >= {**well, **dict.fromkeys(names)}.items()
    assert home.own(sick)["tier"] == "premium"
    trouble = parked_for(home, sick)
    assert "Jira breaks (500) on what we write into " in trouble
    assert all(f"{name} ({home.field(name)})" in trouble for name in names)

    home.sandbox.faults.clear()
    home.forget_traffic()
    home.knock(sick)
    home.settle()
    assert shown(home, sick).items() >= well.items()
    assert edits(home, sick) == [204]
    assert writes_nothing_more(home, sick)


def test_several_sick_fields_are_told_together_and_the_rest_is_written(home: House) -> None:
    on_screen(home, "Eligibility", False)
    home.mappings = with_option(home.mappings, "severity", "Severity 1", "Blocker")
    issue = home.raised()
    home.settle()
    assert shown(home, issue) == {**FIELDS, "Eligibility": None, "Ruled severity": None}
    trouble = parked_for(home, issue)
    assert "Eligibility (" in trouble
    assert "Blocker" in trouble


def test_where_no_field_is_on_the_screen_our_property_is_written_all_the_same(home: House) -> None:
    for name in ("Response due", "Eligibility reason", "Training sessions charged", "Training sessions left", *FIELDS):
        on_screen(home, name, False)
    issue = home.raised()
    home.settle()
    assert set(shown(home, issue).values()) == {None}
    assert home.own(issue)["eligibility"] == "eligible"
    assert parked_for(home, issue)


def test_the_customer_hears_and_the_credits_are_right_however_sick_a_field_is(home: House) -> None:
    on_screen(home, "Credits charged", False)
    refused = home.raised(version=TOO_OLD)
    home.settle()
    assert len(home.replies(refused)) == 1
    assert home.status(refused) == "Waiting for customer"
    home.change(refused, Product_version="26.2")
    home.settle()
    assert home.shows(refused, "Eligibility") == "Eligible"
    assert home.available("aurora-robotics") == 191
    assert len(home.replies(refused)) == 1


def test_an_edit_that_is_refused_as_a_whole_does_not_keep_the_reply_unsent(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.fault(Kind.FORBIDDEN, "PUT", f"/issue/{issue.id}$", times=1000)
    home.settle()
    assert "Our account lacks a permission" in parked_for(home, issue)
    assert len(home.replies(issue)) == 1


def test_a_field_that_goes_sick_later_is_told_with_the_next_change(home: House) -> None:
    issue = home.raised()
    home.settle()
    on_screen(home, "Ruled severity", False)
    assert writes_nothing_more(home, issue)
    home.change(issue, Usage_environment="Test")
    home.settle()
    assert home.shows(issue, "Patch eligibility") == "Scheduled"
    assert home.shows(issue, "Ruled severity") == "Severity 1"
    assert "Ruled severity" in parked_for(home, issue)


def test_a_sick_field_beside_one_that_an_automation_changes_back_comes_to_an_end(home: House) -> None:
    on_screen(home, "Ruled severity", False)
    issue = home.raised()
    for _ in range(50):
        home.settle()
        if "does not keep what we write" in parked_for(home, issue):
            break
        home.change(issue, Support_tier="Basic")
    assert "Ruled severity" in parked_for(home, issue)
    assert edits(home, issue).count(204) == 5
    assert home.clock() - FRIDAY < home.rewrites.WITHIN
