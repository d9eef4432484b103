"""What setup is about: the lines of its plan, its deeds, what is wanted, and how what it made is known again. Values.

What setup makes tells so itself, where Jira keeps it: a field in its description, a webhook in its name. What it
changes about things of others is noted in a property of the project before it is changed. So a lost machine, a crash
between any two steps and another administrator change nothing: look again, and do what differs.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from plugin.jira.admin import HookWanted
from plugin.jira.fields import FieldSpec
from plugin.jira.seen import ADMINISTER_PROJECTS, CUSTOM_TYPES, SeenField, SeenHook, SeenProject

MARK: Final = "Made by support-contract setup."
"""How the description of a field ends that setup has made."""

HOOK: Final = "support-contract"
"""How the name of a webhook begins that setup has made; then comes which secret it has, not the secret."""


SEARCHERS: Final = {
    "select": "multiselectsearcher",
    "textfield": "textsearcher",
    "textarea": "textsearcher",
    "datetime": "datetimerange",
    "float": "exactnumber",
    "userpicker": "userpickergroupsearcher",
}
"""A field without its searcher could not be found by in JQL, nor be the goal of an SLA."""


class State(StrEnum):
    """How it stands with one thing."""

    THERE = "there"
    MISSING = "missing"
    BY_HAND = "by hand"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class MakeField:
    """Make a custom field of this kind (`select`)."""

    name: str
    kind: str
    description: str

    @property
    def type(self) -> str:
        """The key of the type."""
        return CUSTOM_TYPES + self.kind

    @property
    def searcher(self) -> str:
        """The key of the searcher."""
        return CUSTOM_TYPES + SEARCHERS[self.kind]


@dataclass(frozen=True, slots=True)
class AddContext:
    """Make a field to be had in a project. `note` is the project that is to remember it; None where nobody needs to."""

    field: str
    name: str
    project: str
    note: str | None


@dataclass(frozen=True, slots=True)
class AddOptions:
    """Add options to a field; `note` likewise."""

    field: str
    context: str
    values: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class PutOnScreen:
    """Put a field on a screen; `note` likewise."""

    field: str
    screen: int
    tab: int
    note: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """Register a webhook, or make the one with this id so."""

    wanted: HookWanted
    id: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveField:
    """Remove a field that setup made."""

    field: str


@dataclass(frozen=True, slots=True)
class RemoveContext:
    """Remove a context that setup added."""

    field: str
    context: str


@dataclass(frozen=True, slots=True)
class RemoveOption:
    """Remove an option that setup added."""

    field: str
    context: str
    option: str


@dataclass(frozen=True, slots=True)
class TakeOffScreen:
    """Take a field off a screen that setup put on it."""

    field: str
    screen: int
    tab: int


@dataclass(frozen=True, slots=True)
class Unregister:
    """Remove the webhook."""

    id: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Remove the record from a project: there is nothing more to undo."""

    project: str


Deed = (
    MakeField
    | AddContext
    | AddOptions
    | PutOnScreen
    | Register
    | RemoveField
    | RemoveContext
    | RemoveOption
    | TakeOffScreen
    | Unregister
    | Forget
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan: what it is about, how it stands, and a sentence; what is done, or the page to do it on."""

    subject: str
    state: State
    told: str
    deed: Deed | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be there.

    `choices` are the options of fields that `fields.yaml` gives none for, by word. `public_url` is the address under
    which Jira reaches the receiver; `secret` signs the webhook, `header_secret` is whether one for automation rules is
    set; `header` is what it comes in.
    """

    specs: tuple[FieldSpec, ...]
    projects: tuple[str, ...]
    request_types: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    public_url: str | None = None
    secret: str | None = field(default=None, repr=False)
    header_secret: bool = False
    header: str = ""


def fingerprint(secret: str) -> str:
    """Which secret a webhook has, in a word that does not tell it."""
    return hashlib.sha256(b"support-contract webhook\0" + secret.encode()).hexdigest()[:8]


def is_ours(there: SeenField) -> bool:
    """Whether setup has made this field."""
    return (there.description or "").rstrip().endswith(MARK)


def is_our_hook(hook: SeenHook) -> bool:
    """Whether setup has made this webhook, for whatever installation."""
    return hook.name == HOOK or hook.name.startswith(f"{HOOK} ")


def may_note(project: SeenProject, note: str | None) -> bool:
    """Whether what is changed about a thing of others can be noted, where it has to be."""
    return note is None or ADMINISTER_PROJECTS in project.may


ADMIN_FIRST: Final = "only an administrator of Jira may do this: run setup with a token of theirs"
"""Said where our account is none."""
