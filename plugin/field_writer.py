"""Setting the fields of a request and our property on it: as many of them as Jira takes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraHitch, JiraRefused, JiraUnavailable
from plugin.jira.fields import FieldMap
from plugin.jira.plan import SetFields
from plugin.jira.read import PROPERTY
from plugin.rewrites import Rewrites
from plugin.troubles import NotKept, Troubles

log = structlog.get_logger()

Planned = Callable[[FieldMap], SetFields | None]
"""What there is to write, if the site has these fields only."""


class FieldWriter:
    """Writes the fields of one request. `hold` is called before each write and raises when the look lost its lease.

    Jira takes an edit as a whole or not at all. A field that was taken off the screen, an option or an account that is
    gone, or an app's field that breaks must not keep all the others unwritten: what Jira finds fault with is planned
    around, as if the site lacked it. It is tried again with the next look.
    """

    def __init__(
        self, jira: JiraClient, clock: Callable[[], datetime], hold: Callable[[], None], rewrites: Rewrites
    ) -> None:
        self._jira, self._clock, self._hold, self._rewrites = jira, clock, hold, rewrites

    def write(
        self, request_id: str, key: str, planned: Planned, fields: FieldMap, troubles: Troubles
    ) -> SetFields | None:
        """Write what is planned for these fields; returns what was written, if anything."""
        while (edit := planned(fields)) is not None:
            if self._rewrites.enough(request_id, edit, self._clock()):
                troubles.add(NotKept(_not_kept(key, edit, fields)))
                return None
            try:
                self._send(request_id, edit)
            except JiraRefused as refusal:
                troubles.add(refusal)
                at_fault = refusal.fields
                if at_fault.isdisjoint(edit.fields):
                    return None
                fields = {word: field for word, field in fields.items() if field.id not in at_fault}
                continue
            except JiraHitch as hitch:
                if not hitch.broke:
                    troubles.add(hitch)
                    return None
                edit = self._one_by_one(request_id, edit, planned, fields, hitch, troubles)
                if edit is None:
                    return None
            self._rewrites.note(request_id, edit, self._clock())
            log.info("written", request=key, fields=list(edit.words))
            return edit
        return None

    def _send(self, request_id: str, edit: SetFields) -> None:
        self._hold()
        self._jira.edit(request_id, edit.fields, {PROPERTY: edit.property})

    def _one_by_one(
        self,
        request_id: str,
        whole: SetFields,
        planned: Planned,
        fields: FieldMap,
        broken: JiraHitch,
        troubles: Troubles,
    ) -> SetFields | None:
        """Write the fields of an edit one after the other where Jira breaks on them all together, since it does not say
        on which it does; returns the edit with the words that it took, if any.

        Raises:
            JiraUnavailable: when Jira is away by now.
        """
        well = {word: field for word, field in fields.items() if word not in whole.words}
        sick, taken, several = list[str](), list[str](), len(whole.words) > 1
        for word in whole.words:
            try:
                if not several:
                    sick.append(word)
                # With those taken before it, so that our property says of all of them that they were written.
                elif (edit := planned({**well, word: fields[word]})) is not None:
                    self._send(request_id, edit)
                    taken.append(word)
                    well[word] = fields[word]
            except (JiraUnavailable, JiraHitch, JiraRefused) as trouble:
                if trouble.broke:
                    sick.append(word)
                elif isinstance(trouble, JiraUnavailable):
                    raise
                else:
                    troubles.add(trouble)
        if not taken:
            troubles.add(broken)
        if sick:
            named = ", ".join(f"{fields[word].name} ({fields[word].id})" for word in sick)
            troubles.add(JiraHitch(_breaks_on(named)))
        return replace(whole, words=tuple(taken)) if taken else None


def _breaks_on(fields: str) -> str:
    return (
        f"Jira breaks (500) on what we write into {fields}: set it by hand in Jira; if that fails too, its "
        "administrator (or the maker of the app that the field is from) finds why in Jira's log. To do without the "
        "field, take it out of fields.yaml."
    )


def _not_kept(key: str, edit: SetFields, fields: FieldMap) -> str:
    what = ", ".join(fields[word].name for word in edit.words) or f"our property {PROPERTY}"
    return (
        f"{key} does not keep what we write ({what}): it was written {Rewrites.MOST} times within an hour and is "
        "different again. Look in the history of the request who changes it back (an automation rule, another app, a "
        "second installation of this one) and stop that; it is written again an hour later, at the next knock."
    )
