"""A field that is renamed or deleted in Jira: what can be written is, nobody is asked for what cannot be read."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from plugin.store import Store
from tests.road.house import JONAS, MIRA, House, emptied, house, sqlite_store
from tests.road.play import People, all_is_as_the_contract_says, looking_again_changes_nothing

WITHOUT = "fields missing in Jira: requests are worked without them"
STOPPED = "fields missing in Jira: no request is worked until they are there"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("missing")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def renamed(home: House, name: str, to: str) -> None:
    """An admin of Jira gives a field another name."""
    field = home.sandbox.site.field(name)
    home.sandbox.site.fields[field.id] = replace(field, name=to)


def loud(home: House) -> list[tuple[str, str]]:
    return [(log["event"], log["trouble"]) for log in home.logs if log["log_level"] == "error"]


def looked_at_again(home: House) -> None:
    """A quarter of an hour later, as the service does it by itself; more than an hour, where something is parked."""
    home.clock.advance(minutes=80 if home.parked() else 15)
    home.reconcile()
    home.settle()


@pytest.mark.parametrize("name", ["Support tier", "Credits left", "Request language"])
def test_a_field_that_no_decision_rests_on_keeps_nothing_undone_when_it_is_renamed(home: House, name: str) -> None:
    people = People(home, [home.raised(MIRA)])
    home.settle()
    renamed(home, name, f"{name} (old)")
    home.clock.advance(minutes=11)
    people.issues.append(home.raised(JONAS))
    home.settle()
    assert home.parked() == []
    assert (home.shows(people.issues[1], "Eligibility"), home.held("aurora-robotics", people.issues[1])) == (
        "Eligible",
        1,
    )
    if name != "Request language":  # which is found by its schema
        [(event, trouble)] = loud(home)
        assert event == WITHOUT
        assert (
            f"name '{name}'): the site has no such field (nearest: '{name} (old)')" in trouble
            or "fields.yaml" in trouble
        )

    renamed(home, f"{name} (old)", name)
    home.clock.advance(seconds=31)
    looked_at_again(home)
    assert home.shows(people.issues[1], "Credits left") == 190
    all_is_as_the_contract_says(people)
    assert looking_again_changes_nothing(people)


def test_a_written_field_that_is_deleted_and_restored_is_filled_in_again(home: House) -> None:
    people = People(home, [home.raised(MIRA)])
    home.settle()
    id = home.field("Support tier")
    field = home.sandbox.site.fields.pop(id)
    people.issues.append(home.raised(JONAS))
    # Jira refuses what the catalogue in hand still has.
    home.settle()
    home.sandbox.site.fields[id] = field
    assert home.shows(people.issues[1], "Support tier") is None
    assert home.shows(people.issues[1], "Eligibility") == "Eligible"
    [door] = home.parked()
    assert f"Support tier ({id})" in (door.trouble or "")
    looked_at_again(home)
    all_is_as_the_contract_says(people)
    assert looking_again_changes_nothing(people)


@pytest.mark.parametrize("known", [True, False])
def test_nobody_is_asked_for_what_was_in_a_field_that_is_deleted(home: House, known: bool) -> None:
    people = People(home, [home.raised(MIRA)])
    if known:
        # The catalogue in hand still has it, so that it looks as if nobody had filled it in.
        home.client().fields()
    id = home.field("Product version")
    field = home.sandbox.site.fields.pop(id)
    home.settle_for(minutes=30)
    assert home.own(people.issues[0]) is None
    assert home.replies(people.issues[0]) == home.notes(people.issues[0]) == []
    [(event, trouble)] = loud(home)
    assert event == STOPPED
    assert "version (fields.yaml:" in trouble
    assert "create it or correct the mapping" in trouble
    [door] = home.doors()
    assert door.attempts == 0
    # Each look asks for the catalogue at most.
    assert home.calls() <= 2 + 30 * 3

    home.sandbox.site.fields[id] = field
    home.settle_for(minutes=1)
    all_is_as_the_contract_says(people)
    assert looking_again_changes_nothing(people)


def test_a_field_that_is_made_anew_is_read_under_its_new_id(home: House) -> None:
    people = People(home, [home.raised(MIRA)])
    home.client().fields()
    [issue] = people.issues
    field = home.sandbox.site.fields.pop(home.field("Product version"))
    home.sandbox.site.fields["customfield_19999"] = replace(field, id="customfield_19999")
    issue.values["customfield_19999"] = issue.values[field.id]
    home.clock.advance(seconds=31)
    home.settle()
    assert home.replies(issue) == []
    all_is_as_the_contract_says(people)
