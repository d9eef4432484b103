"""Does what a plan says, and looks again, until there is nothing more that could be done."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from plugin.jira.admin import Admin
from plugin.jira.errors import JiraGone, JiraHitch, JiraLockedOut, JiraRefused
from plugin.jira.seen import RECORD, Survey
from plugin.jira.setup.rows import (
    AddContext,
    AddOptions,
    Deed,
    Forget,
    MakeField,
    PutOnScreen,
    Register,
    RemoveContext,
    RemoveField,
    RemoveOption,
    Row,
    TakeOffScreen,
    Unregister,
)

ROUNDS: Final = 6
"""A field, its context, its options, its screens: what is made in one round is what the next builds upon."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, what Jira refused and why, and the plan as it is now."""

    done: tuple[Row, ...]
    failed: Mapping[Row, str]
    left: tuple[Row, ...]


def carry_out(
    admin: Admin,
    look: Callable[[], Survey],
    planned: Callable[[Survey], Sequence[Row]],
    doing: Callable[[Row], None] = lambda _row: None,
) -> Outcome:
    """Do whatever is planned, round by round. `doing` is told of each row before it is done.

    No deed is done twice: what Jira does not show at once (its search lags behind) is not made again.

    Raises:
        JiraTrouble: where Jira is away or asks for a pause. What is done is done; another run does the rest.
    """
    done: list[Row] = []
    failed: dict[Row, str] = {}
    for _ in range(ROUNDS):
        seen = look()
        records = {project.key: dict(project.record) for project in seen.projects}
        rows = tuple(planned(seen))
        tried = {row.deed for row in (*done, *failed)}
        due = [(row, row.deed) for row in rows if row.deed is not None and row.deed not in tried]
        if not due:
            return Outcome(tuple(done), failed, rows)
        for row, deed in due:
            doing(row)
            try:
                _do(admin, deed, records)
            except (JiraRefused, JiraHitch, JiraLockedOut) as trouble:
                failed[row] = str(trouble)
            else:
                done.append(row)
    return Outcome(tuple(done), failed, tuple(planned(look())))


def _do(admin: Admin, deed: Deed, records: dict[str, dict[str, Any]]) -> None:
    match deed:
        case MakeField():
            admin.create_field(deed.name, deed.type, deed.searcher, deed.description)
        case AddContext():
            _note(admin, records, deed.note, "contexts", [(deed.field, deed.project)])
            admin.create_context(deed.field, deed.name, [deed.project])
        case AddOptions():
            _note(admin, records, deed.note, "options", [(deed.field, value) for value in deed.values])
            admin.add_options(deed.field, deed.context, deed.values)
        case PutOnScreen():
            _note(admin, records, deed.note, "screens", [(deed.field, str(deed.screen))])
            admin.put_on_screen(deed.screen, deed.tab, deed.field)
        case Register():
            admin.register(deed.wanted, deed.id)
        case _:
            with suppress(JiraGone):  # gone with something else, or by somebody else's hand
                _take_back(admin, deed)


def _take_back(
    admin: Admin, deed: RemoveField | RemoveContext | RemoveOption | TakeOffScreen | Unregister | Forget
) -> None:
    match deed:
        case RemoveField():
            admin.remove_field(deed.field)
        case RemoveContext():
            admin.remove_context(deed.field, deed.context)
        case RemoveOption():
            admin.remove_option(deed.field, deed.context, deed.option)
        case TakeOffScreen():
            admin.take_off_screen(deed.screen, deed.tab, deed.field)
        case Unregister():
            admin.unregister(deed.id)
        case Forget():
            admin.delete_project_property(deed.project, RECORD)


def _note(
    admin: Admin,
    records: dict[str, dict[str, Any]],
    project: str | None,
    what: str,
    pairs: Sequence[tuple[str, str]],
) -> None:
    """Keep in the project what is going to be changed, before it is: a crash in between is harmless either way."""
    if project is None:
        return
    record = records[project]
    known = [list(each) for each in record.get(what) or ()]
    fresh = [list(each) for each in pairs if list(each) not in known]
    if fresh:
        records[project] = {"schema": 1, **record, what: [*known, *fresh]}
        admin.set_project_property(project, RECORD, records[project])
