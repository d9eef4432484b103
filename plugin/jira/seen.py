"""A Jira as setup and doctor find it, as values.

What our account may not see is None, never empty: the `unseen` of a `Survey` then has the sentence that Jira said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

ADMINISTER_PROJECTS: Final = "ADMINISTER_PROJECTS"
"""The permission to administer a project, by Jira's key."""

RECORD: Final = "support-contract.setup"
"""The project's entity property with what setup changed about things that were there before."""

CUSTOM_TYPES: Final = "com.atlassian.jira.plugin.system.customfieldtypes:"
"""How the keys of the types begin that an administrator can make fields of."""


@dataclass(frozen=True, slots=True)
class Server:
    """Which Jira: its address for people, its version (Cloud's says nothing), and the time that it has (UTC)."""

    cloud: bool
    url: str
    version: tuple[int, ...]
    time: datetime | None

    @property
    def major(self) -> int:
        """The major version."""
        return self.version[0] if self.version else 0


@dataclass(frozen=True, slots=True)
class SeenContext:
    """Where a field is to be had: the projects (ids; None: all of them), and the options there, by id."""

    id: str
    projects: frozenset[str] | None
    options: Mapping[str, str]

    def has(self, project: str) -> bool:
        """Whether it is for a project."""
        return self.projects is None or project in self.projects


@dataclass(frozen=True, slots=True)
class SeenField:
    """One field of the catalogue. `type` is the key of its type, `scope` the team-managed project that it belongs to.

    `contexts` is None where they cannot be seen, `description` where it cannot.
    """

    id: str
    name: str
    type: str
    scope: str | None
    description: str | None
    contexts: tuple[SeenContext, ...] | None = None


@dataclass(frozen=True, slots=True)
class SeenScreen:
    """A screen: the fields on it, the first of its tabs, and whether requests are edited with it, or created."""

    id: int
    name: str
    tab: int
    fields: frozenset[str]
    edits: bool
    creates: bool


@dataclass(frozen=True, slots=True)
class SeenProject:
    """A project that is looked after. `may` are our account's permissions in it, of those that matter.

    `settable` has the fields that we may set, with the options of each, on the request `newest`, or on a new one where
    there is none. `screens` is None where Jira does not say which it uses. `forms` has the fields that customers are
    shown, by the name of the request type; None without a service desk. `record` is the property RECORD.
    """

    key: str
    id: str
    team_managed: bool
    may: frozenset[str]
    newest: str | None
    settable: Mapping[str, tuple[str, ...]] | None
    screens: tuple[SeenScreen, ...] | None
    forms: Mapping[str, frozenset[str]] | None
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeenHook:
    """A registered webhook. `signed` is None where Jira does not tell."""

    id: str
    name: str
    url: str
    events: frozenset[str]
    jql: str | None
    enabled: bool
    signed: bool | None


@dataclass(frozen=True, slots=True)
class Survey:
    """A Jira as it was found. `lost` are declared projects that we do not see, `unseen` why something is None."""

    server: Server
    account: str
    administers: bool
    projects: tuple[SeenProject, ...]
    lost: tuple[str, ...]
    catalogue: tuple[dict[str, Any], ...]
    fields: Mapping[str, SeenField]
    hooks: tuple[SeenHook, ...] | None
    unseen: Mapping[str, str] = field(default_factory=dict)
