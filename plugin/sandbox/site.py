"""What a Jira site is made of before anybody raises a request: people, fields, statuses. Values only."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from enum import StrEnum


class Flavour(StrEnum):
    """Which Jira is played: the two differ in how they spell people, changes and webhooks."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `token` is the API token (Cloud) or personal access token (Data Center)."""

    name: str
    email: str
    agent: bool
    account_id: str
    username: str
    key: str
    token: str
    organizations: tuple[int, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer's organization, as JSM knows it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field, or one priority."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an issue. `custom` is the key of the custom field's type, None for Jira's own fields."""

    id: str
    name: str
    type: str
    custom: str | None = None
    items: str | None = None
    options: tuple[Option, ...] = ()
    editable: bool = False
    on_portal: bool = False
    by_agent: bool = False

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
    """One Jira site with one project and one service desk, before the first request."""

    flavour: Flavour
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
