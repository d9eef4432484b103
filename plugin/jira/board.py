"""The balance board: where Jira shows a customer's credits. It gets absolute values, never deltas."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from plugin.jira.client import JiraClient


class BoardKind(StrEnum):
    """Where Jira can show a balance; NONE keeps it in our own database only."""

    ORGANIZATION_PROPERTY = "organization_property"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class BoardSetting:
    """What `credits.yaml` says: which kind of board, and under which key."""

    kind: BoardKind
    key: str


class Board(Protocol):
    """Something in Jira that can show one value per organization."""

    def shown(self, organization: str) -> Any:
        """What is shown now; None where nothing is."""

    def show(self, organization: str, value: dict[str, Any]) -> None:
        """Show this value instead."""


class OrganizationProperty:
    """The organization's entity property: at most 32,768 bytes, invisible in the UI."""

    def __init__(self, jira: JiraClient, key: str) -> None:
        self._jira, self._key = jira, key

    def shown(self, organization: str) -> Any:
        """What is shown now; None where nothing is."""
        return self._jira.organization_property(organization, self._key)

    def show(self, organization: str, value: dict[str, Any]) -> None:
        """Show this value instead."""
        self._jira.set_organization_property(organization, self._key, value)


def board_of(setting: BoardSetting, jira: JiraClient) -> Board | None:
    """The board that the setting names; None where it names none."""
    match setting.kind:
        case BoardKind.ORGANIZATION_PROPERTY:
            return OrganizationProperty(jira, setting.key)
        case BoardKind.NONE:
            return None
