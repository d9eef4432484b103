"""What a Jira site is made of before anybody raises a request: people, fields, statuses. Values only."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final

CUSTOM_TYPES: Final = "com.atlassian.jira.plugin.system.customfieldtypes:"
"""How the keys of the types begin that an administrator can make fields of."""


class Flavour(StrEnum):
    """Which Jira is played: the two differ in how they spell people, changes and webhooks."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


class Guise(StrEnum):
    """Which Jira is played, to the last difference; a flavour's own word is the guise that is usual for it.

    A team-managed project of Cloud has fields of its own, which no administrator's API reaches. Data Center 9 cannot
    sign its webhooks and registers them elsewhere than Data Center 10.
    """

    COMPANY_MANAGED = "cloud"
    TEAM_MANAGED = "cloud-team-managed"
    DATACENTER_9 = "datacenter-9"
    DATACENTER_10 = "datacenter"

    @property
    def flavour(self) -> Flavour:
        """Cloud or Data Center."""
        return Flavour.CLOUD if self in (Guise.COMPANY_MANAGED, Guise.TEAM_MANAGED) else Flavour.DATACENTER

    @property
    def version(self) -> tuple[int, int, int]:
        """The version that this Jira says it has."""
        match self:
            case Guise.DATACENTER_9:
                return 9, 12, 20
            case Guise.DATACENTER_10:
                return 10, 3, 24
            case _:
                return 1001, 0, 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `token` is the API token (Cloud) or personal access token (Data Center).

    Jira's administrators are agents too.
    """

    name: str
    email: str
    agent: bool
    account_id: str
    username: str
    key: str
    token: str
    organizations: tuple[int, ...] = ()
    language: str = "en"
    admin: bool = False

    @property
    def scoped_token(self) -> str:
        """Cloud: the token with scopes, which only the gateway takes."""
        return f"scoped-{self.token}"

    @property
    def client(self) -> tuple[str, str]:
        """Cloud: id and secret of the OAuth 2.0 client that acts as this account."""
        return f"client-{self.username}", f"secret-{self.token}"


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer's organization, as JSM knows it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field, or one priority. It may be to be had in one context of the field only."""

    id: str
    value: str
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Where a custom field is to be had: in these projects (ids), or in all of them where none is named."""

    id: str
    name: str
    projects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an issue. `custom` is the key of the custom field's type, None for Jira's own fields.

    `editable` is whether it is on the screen on which the project edits its requests; `scope` is the id of the one
    team-managed project that it belongs to. A custom field of any other kind is to be had where its `contexts` say.
    """

    id: str
    name: str
    type: str
    custom: str | None = None
    items: str | None = None
    options: tuple[Option, ...] = ()
    editable: bool = False
    on_portal: bool = False
    by_agent: bool = False
    description: str = ""
    scope: str | None = None
    contexts: tuple[Context, ...] = ()

    def reaches(self, project: str) -> bool:
        """Whether a project, by its id, has this field at all."""
        if self.custom is None or self.scope is not None or not self.configurable:
            return self.scope in (None, project)
        return any(project in (context.projects or (project,)) for context in self.contexts)

    @property
    def configurable(self) -> bool:
        """Whether it is a field as an administrator makes them, none of Jira's or of JSM's own."""
        return self.custom is not None and self.custom.startswith(CUSTOM_TYPES)

    @property
    def kind(self) -> str:
        """The last word of the custom type (`select`, `float`), or Jira's own type (`string`)."""
        return self.custom.rsplit(":", 1)[1] if self.custom else self.type


@dataclass(frozen=True, slots=True)
class Status:
    """A step of the workflow; `category` is one of new, indeterminate, done."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one of the statuses `sources` (ids) to the status `target`; it may ask for a resolution."""

    id: str
    name: str
    sources: frozenset[str]
    target: str
    asks_resolution: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Something of Jira's with an id and a name: a resolution, a request type."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """One Jira site with one project and one service desk, before the first request.

    `numbers` are for whatever is made later: no id is given twice. `properties` are those of the project, and
    `default_screen` are the fields on the screen that comes with every Jira and that the project does not use.
    """

    guise: Guise
    project: Named
    project_key: str
    issue_type: Named
    people: tuple[Person, ...]
    organizations: MutableMapping[int, Organization]
    fields: MutableMapping[str, Field]
    request_types: Mapping[str, Named]
    statuses: Mapping[str, Status]
    first_status: str
    transitions: tuple[Transition, ...]
    resolutions: tuple[Named, ...]
    numbers: "count[int]"
    properties: MutableMapping[str, object]
    default_screen: list[str]

    @property
    def flavour(self) -> Flavour:
        """Cloud or Data Center."""
        return self.guise.flavour

    @property
    def team_managed(self) -> bool:
        """Whether the project looks after its fields itself."""
        return self.guise is Guise.TEAM_MANAGED

    def editable(self, id: str) -> bool:
        """Whether the field with this id can be set on the project's requests."""
        return self.fields[id].editable and self.fields[id].reaches(self.project.id)

    @property
    def cloud(self) -> bool:
        """Whether this site spells things as Jira Cloud does."""
        return self.flavour is Flavour.CLOUD

    def field(self, name: str) -> Field:
        """The field that is called `name` on this site; `KeyError` if there is none."""
        for field in self.fields.values():
            if field.name == name:
                return field
        raise KeyError(f"no field is called {name!r}; there are {sorted(f.name for f in self.fields.values())}")

    def person(self, who: str) -> Person:
        """The person with this e-mail, accountId, user name or key; `KeyError` if there is none."""
        for person in self.people:
            if who in (person.email, person.account_id, person.username, person.key):
                return person
        raise KeyError(f"nobody here is known as {who!r}; there are {[p.email for p in self.people]}")

    @property
    def default_priority(self) -> Option:
        """The priority of a request that nobody gave one: the middle one, as in a fresh Jira."""
        priorities = self.fields["priority"].options
        return priorities[len(priorities) // 2]

    def custom(self, key: str) -> Field:
        """The one field of the custom type `key`, for example `vp-origin`."""
        return next(field for field in self.fields.values() if field.kind == key)
