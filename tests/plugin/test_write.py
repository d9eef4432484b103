"""What is written to Jira: whose balance is shown where, and when to stop insisting."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from plugin.intents import look_for
from plugin.jira.board import BoardKind, BoardSetting
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraUnavailable
from plugin.look import Seen, Settled, see, settle
from plugin.rewrites import Rewrites
from plugin.sandbox import Kind
from plugin.sandbox.records import Issue
from plugin.site_fields import field_map
from plugin.store import Store, replies
from plugin.write import Writer
from tests.road.house import ACCOUNT, BOARD, EMIL, JONAS, MIRA, TOO_OLD, House, emptied, house, sqlite_store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("write")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def boards(home: House) -> dict[int, int]:
    """What each organization's board says is available."""
    shown = home.sandbox.jira.organization_properties
    return {id: value["available"] for (id, key), value in shown.items() if key == BOARD}


def _known_by(home: House, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> None:
    """Let Aurora's agreement be matched like this, and nobody else have one."""
    aurora = replace(home.agreement("aurora-robotics"), organization_ids=ids, organization_names=names)
    home.mappings = replace(home.mappings, agreements=(aurora,))


def test_a_balance_is_shown_on_every_organization_that_the_agreement_names(home: House) -> None:
    _known_by(home, ids=("11", "13"))
    home.raised()
    home.settle()
    assert boards(home) == {11: 191, 13: 191}


def test_a_balance_is_shown_on_the_organization_that_the_agreement_names_by_name(home: House) -> None:
    _known_by(home, names=("AURORA Robotics",))
    home.raised()
    home.settle()
    assert boards(home) == {11: 191}


@pytest.mark.parametrize("by_name", [False, True])
def test_a_balance_is_never_shown_on_another_organization_that_the_request_is_shared_with(
    home: House, by_name: bool
) -> None:
    _known_by(home, names=("Aurora Robotics",)) if by_name else _known_by(home, ids=("11",))
    issue = home.raised()
    home.move_to(issue, 11, 14)
    home.settle()
    assert boards(home) == {11: 191}


def test_a_request_of_an_organization_without_an_agreement_is_charged_to_nobody(home: House) -> None:
    _known_by(home, ids=("11",))
    issue = home.raised()
    home.move_to(issue, 14)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Needs information"
    assert (home.holders(issue), boards(home)) == ({}, {})


def test_without_a_board_nothing_is_shown(home: House) -> None:
    home.mappings = replace(home.mappings, board=BoardSetting(BoardKind.NONE, ""))
    issue = home.raised()
    home.settle()
    assert home.holders(issue) == {"aurora-robotics": 1}
    assert boards(home) == {}
    assert not [one for one in home.sandbox.traffic.all() if "/property/" in one.path]


def test_a_board_that_somebody_changed_is_right_again_with_the_next_booking(home: House) -> None:
    home.raised(MIRA)
    home.settle()
    home.sandbox.jira.organization_properties[11, BOARD] = {"available": 7_000}
    home.raised(JONAS)
    home.settle()
    assert boards(home) == {11: 190}


class _BeforeTheBoard(JiraClient):
    """A client that lets something happen once, between working a balance out and showing it."""

    def __init__(self, home: House, then: Callable[[], object]) -> None:
        super().__init__(home.sandbox.url, ACCOUNT, home.person(ACCOUNT).token, "cloud", home.clock)
        self._then: list[Callable[[], object]] = [then]

    def set_organization_property(self, organization: str, key: str, value: Any) -> None:
        while self._then:
            self._then.pop()()
        super().set_organization_property(organization, key, value)


def test_a_balance_that_another_worker_moved_meanwhile_is_shown_again(home: House) -> None:
    """Jira has no conditional write: the older balance is written last, over the newer one."""
    home.raised(MIRA)
    home.receive(*home.sent())

    def meanwhile() -> None:
        home.raised(JONAS)
        home.receive(*home.sent())
        assert home.worker("two").step()
        assert boards(home) == {11: 190}

    slow = _BeforeTheBoard(home, meanwhile)
    assert home.worker("one", slow).step()
    assert boards(home) == {11: 190}
    slow.close()


def test_a_reply_says_to_the_customer_what_the_fields_say_to_the_agent(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    [reply] = home.replies(issue)
    assert reply.body.replace("\\", "").startswith(f"Hello Mira Castellan,\n\nThank you for your request {issue.key}.")
    assert "24.2" in home.shows(issue, "Eligibility reason")


def _with_a_note(home: House, issue: Issue) -> tuple[Seen, Settled]:
    """What a look at the request settles, and of what is to be said only the note for agents."""
    seen = see(home.client(), home.mappings, field_map(home.client(), home.mappings), issue.id, None, home.clock())
    assert isinstance(seen, Seen)
    with home.store.writing() as tx:
        settled = settle(tx, seen, home.mappings, home.clock())
    return seen, replace(settled, unsent=tuple(each for each in settled.unsent if not each.intent.public))


def test_a_note_that_only_agents_see_asks_nothing_of_the_customer(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    seen, settled = _with_a_note(home, issue)
    writer = Writer(home.store, home.client(), home.mappings, home.clock, lambda: None, Rewrites())
    writer.carry_out(seen, settled, field_map(home.client(), home.mappings), afresh=False)
    assert (len(home.notes(issue)), home.replies(issue)) == (1, [])
    assert home.status(issue) == "Waiting for support"


def test_a_note_whose_answer_was_lost_is_found_again(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    seen, settled = _with_a_note(home, issue)
    fields = field_map(home.client(), home.mappings)
    writer = Writer(home.store, home.client(), home.mappings, home.clock, lambda: None, Rewrites())
    home.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    with pytest.raises(JiraUnavailable):
        writer.carry_out(seen, settled, fields, afresh=False)
    [note] = settled.unsent
    [comment] = look_for(home.client(), issue.id, [note.intent.id]).values()
    assert comment is not None
    writer.carry_out(seen, replace(settled, unsent=(replace(note, comment=comment),)), fields, afresh=True)
    assert (len(home.notes(issue)), home.replies(issue)) == (1, [])
    with home.store.reading() as tx:
        assert [each.sent for each in replies.recorded(tx, issue.id) if not each.public] == [True]


def test_a_request_in_order_costs_one_read_one_edit_one_note_and_one_balance(home: House) -> None:
    home.raised(EMIL)
    home.settle()  # the catalogue of fields is remembered
    issue = home.raised(EMIL)
    home.receive(*home.sent())
    home.forget_traffic()
    assert home.worker().step()
    asked = [f"{one.method} {one.path}" for one in home.sandbox.traffic.all()]
    path = f"/rest/api/2/issue/{issue.id}"
    board = f"PUT /rest/servicedeskapi/organization/12/property/{BOARD}"
    assert asked == [f"GET {path}", f"PUT {path}", f"POST {path}/comment", board]
