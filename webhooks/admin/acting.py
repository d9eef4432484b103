"""What admins do about one request: each thing once, and never over what somebody else did since they looked.

A form says which change of the request was the newest when it was shown. Whoever sends one after another change of the
same kind is told of that, and nothing is done. While something is set in Jira the request's door is held, as a worker
holds it: so of two who act at the same moment one comes second.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import abort, request
from sqlalchemy import Connection

from plugin.by_hand import NotDeclared, set_fields
from plugin.jira.errors import JiraTrouble
from plugin.settings import SettingsError
from plugin.store import audit, decisions, doors
from plugin.store.audit import Change
from plugin.store.doors import Door
from webhooks.admin.desk import Desk
from webhooks.admin.gate import who
from webhooks.admin.language import N_, _, ago_text
from webhooks.admin.sent import number

_DID: Final = {
    "request.look": N_("had it looked at"),
    "request.retry": N_("had it tried again"),
    "request.discard": N_("put it aside"),
    "request.override": N_("overruled the contract"),
    "request.rules": N_("let the rules decide again"),
    "request.appointment": N_("booked an appointment, or took it back"),
}
"""Actions that keep others of their kind from being done unseen."""

_KINDS: Final = (
    ("request.look",),
    ("request.retry", "request.discard"),
    ("request.override", "request.rules"),
    ("request.appointment",),
)

_HOLD: Final = timedelta(minutes=2)
"""Longer than Jira is waited for; whoever comes back later finds the door free."""

_ASKED: Final = 8
_ASKED_EVERY: Final = 0.25
"""How often, and after how many seconds each time, a door at which somebody is inside is asked for."""


class Acting:
    """Acts for whoever is signed in; each action returns None, or a sentence that says why nothing was done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def at_door(
        self, key: str, action: str, reason: str | None, act: Callable[[Connection, str, datetime], bool]
    ) -> str | None:
        """Do something at the request's door, and write it down."""
        now = self._desk.now()
        with self._desk.store.writing() as tx:
            request_id = _known(tx, key)
            if other := self._other(tx, key, action):
                return None if _is_this(other, action, reason, None) else _told(other, now)
            if not act(tx, request_id, now):
                return _("It is not parked any more.")
            audit.record(tx, who().name, action, key, now, reason=reason)
        return None

    def look(self, key: str) -> str | None:
        """Have the request looked at; a sentence where somebody has asked for that already, which does no harm."""
        now = self._desk.now()
        with self._desk.store.writing() as tx:
            other = self._other(tx, key, "request.look")
            doors.knock(tx, _known(tx, key), key, now)
            audit.record(tx, who().name, "request.look", key, now)
        return _told(other, now) if other and other.person != who().name else None

    def in_jira(self, key: str, action: str, values: Mapping[str, Any], reason: str | None) -> str | None:
        """Set fields of the request in Jira, write it down, and have it looked at."""
        after = {word: None if each is None else str(each) for word, each in values.items()}
        entered = self._entered(key, action, reason, after)
        if not isinstance(entered, Door):
            return entered
        try:
            with self._desk.jira() as jira:
                before = set_fields(jira, self._desk.mappings().declared, entered.request_id, values)
        except (JiraTrouble, NotDeclared, SettingsError) as trouble:
            with self._desk.store.writing() as tx:
                doors.leave(tx, entered)
            return str(trouble)
        now = self._desk.now()
        with self._desk.store.writing() as tx:
            audit.record(tx, who().name, action, key, now, reason=reason, before=before, after=after)
            doors.leave(tx, entered)
            doors.knock(tx, entered.request_id, key, now)
        return None

    def _entered(self, key: str, action: str, reason: str | None, after: Mapping[str, Any]) -> Door | str | None:
        """The request's door, held; a sentence where it is not to be done; None where it was, by this very form."""
        for _turn in range(_ASKED):
            now = self._desk.now()
            with self._desk.store.writing() as tx:
                request_id = _known(tx, key)
                if other := self._other(tx, key, action):
                    return None if _is_this(other, action, reason, after) else _told(other, now)
                if door := doors.enter(tx, request_id, key, "the admin's pages", now, _HOLD):
                    return door
            time.sleep(_ASKED_EVERY)
        return _("It is being looked at at this very moment. Try again in a few seconds.")

    @staticmethod
    def _other(tx: Connection, key: str, action: str) -> Change | None:
        """What was done of that kind since the form was shown, the last of it."""
        kind = next(kind for kind in _KINDS if action in kind)
        return audit.newest(tx, key, kind, after=request.form.get("seen", default=0, type=number))


def _is_this(change: Change, action: str, reason: str | None, after: Mapping[str, Any] | None) -> bool:
    """Is it what this form asks for, by the same person? Then a button was pressed twice."""
    return (change.person, change.action, change.reason, change.after) == (who().name, action, reason, after)


def _told(change: Change, now: datetime) -> str:
    return _(
        "%(person)s was faster, %(ago)s: %(did)s. Nothing more was done. Look at it as it is now, then decide.",
        person=change.person,
        ago=ago_text(change.at, now),
        did=_(_DID[change.action]),
    )


def _known(tx: Connection, key: str) -> str:
    return decisions.request_named(tx, key) or abort(404)
