import json

import pytest

from plugin.jira.board import BoardKind, BoardSetting, OrganizationProperty, board_of
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.sandbox import Flavour, Sandbox

SETTING = BoardSetting(BoardKind.ORGANIZATION_PROPERTY, "support-contract.balance")


@pytest.mark.parametrize("flavour", [Flavour.CLOUD], indirect=True)
def test_the_board_shows_absolute_values_for_each_organization(jira: JiraClient, sandbox: Sandbox) -> None:
    board = board_of(SETTING, jira)
    assert board is not None
    assert board.shown("11") is None

    board.show("11", {"available": 30})
    board.show("11", {"available": 29})
    board.show("12", {"available": 16})

    assert (board.shown("11"), board.shown("12"), board.shown("13")) == ({"available": 29}, {"available": 16}, None)
    puts = [one for one in sandbox.traffic.all() if one.method == "PUT"]
    assert [json.loads(one.body) for one in puts] == [{"available": 30}, {"available": 29}, {"available": 16}]
    assert puts[0].path == "/rest/servicedeskapi/organization/11/property/support-contract.balance"


@pytest.mark.parametrize("flavour", [Flavour.DATACENTER], indirect=True)
def test_where_jira_has_no_such_properties_nothing_is_shown_and_showing_says_so(jira: JiraClient) -> None:
    board = board_of(SETTING, jira)
    assert board is not None

    assert board.shown("11") is None
    with pytest.raises(JiraGone):
        board.show("11", {"available": 30})


@pytest.mark.parametrize("flavour", [Flavour.CLOUD], indirect=True)
def test_every_kind_that_may_be_set_makes_a_board_or_deliberately_none(jira: JiraClient) -> None:
    made = {kind: board_of(BoardSetting(kind, "key"), jira) for kind in BoardKind}

    assert isinstance(made.pop(BoardKind.ORGANIZATION_PROPERTY), OrganizationProperty)
    assert made == {BoardKind.NONE: None}
