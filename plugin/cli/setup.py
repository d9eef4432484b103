"""The command that makes a Jira ready for the contract: what is there, what is missing; made, or taken back."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

from plugin.cli.edge import (
    fail,
    failures,
    json_option,
    mappings_dir_or_fail,
    mappings_in_or_fail,
    print_table,
    settings_or_fail,
    text_width,
)
from plugin.cli.setup_secret import show_secret, tell_what_stays, with_secret
from plugin.jira.admin import Admin
from plugin.jira.errors import JiraTrouble
from plugin.jira.seen import ADMINISTER_PROJECTS, RECORD, Survey
from plugin.jira.setup import Outcome, Row, State, Wanted, carry_out, plan, undo
from plugin.jira.survey import survey
from plugin.mappings.fields import FILE
from plugin.mappings.load import Mappings
from plugin.mappings.rename import CannotRename, names_in, renamed
from plugin.service import jira_client
from plugin.settings import Settings

_NAMES: Final = "names"
"""In the record that Jira keeps: the names that fields.yaml had before."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Other names for fields, by word: in force at once, and put into the file when something is done."""

    file: Path
    wanted: Mapping[str, str]

    @property
    def changed(self) -> dict[str, str]:
        """Those that the file does not have yet."""
        there = names_in(self.file.read_bytes())
        return {word: name for word, name in self.wanted.items() if there.get(word) != name}

    def write(self) -> None:
        """Put them into the file, which is either as before or wholly new at any moment."""
        content = renamed(self.file.read_bytes(), self.wanted)
        aside = self.file.with_name(f".{self.file.name}.new")
        try:
            aside.write_bytes(content)
            aside.replace(self.file)
        finally:
            with suppress(FileNotFoundError):
                aside.unlink()


def _named(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for each in given:
        word, equals, name = each.partition("=")
        if not equals or not word.strip() or not name.strip():
            raise click.BadParameter(f"{each!r} is no name: write it like tier='Contract tier'.")
        pairs[word.strip()] = name.strip()
    return pairs


@click.command()
@click.option("--apply", "acts", is_flag=True, help="Do it. Without it, nothing is changed anywhere.")
@click.option("--undo", "backwards", is_flag=True, help="Take back what setup has made, and nothing else.")
@click.option(
    "--name",
    "names",
    multiple=True,
    callback=_named,
    metavar="WORD=NAME",
    help="Call the field of a word otherwise, in fields.yaml as well; may be given again.",
)
@click.option(
    "--screen",
    "screens",
    multiple=True,
    type=int,
    metavar="ID",
    help="Data Center: a screen of the project, where it cannot be told which those are; may be given again.",
)
@click.option("--show-secret", "shows", is_flag=True, help="Print the webhook's secret when all is done.")
@json_option
def setup(
    acts: bool, backwards: bool, names: dict[str, str], screens: tuple[int, ...], shows: bool, as_data: bool
) -> None:
    """Make Jira ready: fields, options, screens, the webhook.

    It looks first, and prints what is there, what is missing and what it would do; with --apply it does that. What no
    API can do is told as clicks, with the page's address. It can be run again at any time: what is there stays as it
    is. Run it with the token of an administrator of Jira; PUBLIC_URL is where Jira reaches this service.
    """
    settings = settings_or_fail()
    directory = mappings_dir_or_fail(settings)
    mappings = mappings_in_or_fail(directory)
    renames = _Names(directory / FILE, names)
    unknown = sorted(names.keys() - mappings.declared.fields.keys())
    if unknown:
        fail(f"fields.yaml has no word {', '.join(unknown)}; it has {', '.join(sorted(mappings.declared.fields))}.")
    screen = Console(stderr=True)
    with failures(), closing(jira_client(settings)) as jira, screen.status("Looking at Jira") as status:
        admin = Admin(jira)
        specs = [replace(spec, name=names.get(word, spec.name)) for word, spec in mappings.declared.fields.items()]

        def look() -> Survey:
            return survey(
                admin,
                mappings.declared.projects,
                specs,
                screens,
                lambda what: status.update(f"Looking at {what}"),
            )

        seen = look()
        if acts and not backwards:
            settings = with_secret(settings, seen.server)
        wanted = _wanted(settings, mappings, specs)

        def planned(found: Survey) -> Sequence[Row]:
            return undo(found, wanted) if backwards else plan(found, wanted)

        renaming = _old_names(seen, renames.file) if backwards else renames
        outcome = Outcome((), {}, tuple(planned(seen)))
        if acts:

            def doing(row: Row) -> None:
                status.update(f"{row.subject}: {row.told}")

            if not backwards:
                _note_names(admin, seen, renaming)
            _write(renaming)
            try:
                outcome = carry_out(admin, look, planned, doing)
            except JiraTrouble as trouble:
                fail(f"{trouble} What was done so far is done: run it again for the rest.")
    # What was done is there by now: said once.
    done = {row.subject for row in outcome.done}
    left = (row for row in outcome.left if row.state is not State.THERE or row.subject not in done)
    rows = [*_rows_of_names(renaming, acts), *outcome.done, *left]
    if as_data:
        click.echo(json.dumps(_data(seen, rows, outcome, acts, backwards), indent=2, ensure_ascii=False))
    else:
        _show(seen, rows, outcome, acts, backwards)
    if shows and acts:
        show_secret(settings, seen.server)
    if backwards and outcome.done and not outcome.failed:
        tell_what_stays(seen.server, mappings.declared.projects)
    if outcome.failed:
        fail(f"{len(outcome.failed)} of these Jira refused: put right what it says, and run it again.")


def _wanted(settings: Settings, mappings: Mappings, specs: Sequence[Any]) -> Wanted:
    policy = mappings.policy
    return Wanted(
        specs=tuple(specs),
        projects=mappings.declared.projects,
        request_types=tuple(mappings.declared.request_types),
        choices={"product": tuple(product.name for product in policy.products)},
        public_url=settings.public_url,
        secret=settings.webhook_secrets[0].get_secret_value() if settings.webhook_secrets else None,
        header_secret=bool(settings.webhook_header_secrets),
        header=settings.webhook_header,
    )


def _old_names(seen: Survey, file: Path) -> _Names:
    """The names that fields.yaml had, where it still has those that setup put there."""
    record = next((project.record.get(_NAMES) for project in seen.projects if project.record.get(_NAMES)), None)
    there = names_in(file.read_bytes())
    kept = {word: each for word, each in record.items() if isinstance(each, list)} if isinstance(record, dict) else {}
    return _Names(file, {word: str(old) for word, (old, new) in kept.items() if there.get(word) == new})


def _note_names(admin: Admin, seen: Survey, names: _Names) -> None:
    """Note what fields.yaml says before it says something else."""
    changed = names.changed
    if not changed:
        return
    there = names_in(names.file.read_bytes())
    project = next((each for each in seen.projects if ADMINISTER_PROJECTS in each.may), None)
    if project is not None:
        known = project.record.get(_NAMES)
        before = known if isinstance(known, dict) else {}
        fresh = {word: [before.get(word, [there.get(word)])[0], name] for word, name in changed.items()}
        record = {"schema": 1, **project.record, _NAMES: {**before, **fresh}}
        admin.set_project_property(project.key, RECORD, record)


def _write(names: _Names) -> None:
    try:
        if names.changed:
            names.write()
    except CannotRename as problem:
        fail(str(problem))
    except OSError as error:
        fail(f"{names.file} cannot be written: {error.strerror}.")


def _rows_of_names(names: _Names, acts: bool) -> list[Row]:
    waits = {} if acts else names.changed
    return [Row(f"fields.yaml: {word}", State.MISSING, f"call its field {name!r}") for word, name in waits.items()]


def _show(seen: Survey, rows: Sequence[Row], outcome: Outcome, acts: bool, backwards: bool) -> None:
    kind = "Cloud" if seen.server.cloud else f"Data Center {'.'.join(map(str, seen.server.version))}"
    drawn = Table("what", "state", "what is done", title=f"{seen.server.url} ({kind}), as {seen.account}")
    drawn.title_justify = "left"
    for row in rows:
        state = _state(row, outcome, backwards)
        if row.state is not State.BY_HAND:
            drawn.add_row(row.subject, state, outcome.failed.get(row, row.told))
    if drawn.row_count:
        print_table(drawn)
    by_hand = [row for row in rows if row.state is State.BY_HAND]
    if by_hand:
        click.echo("For you to do, since no API does it, or our account may not:")
    width, pages = text_width(), dict.fromkeys(row.page for row in by_hand)
    for page in pages:
        click.echo(page or "In Jira:")
        for row in by_hand:
            if row.page == page:
                told = f"  - {row.subject}: {row.told}"
                click.echo(click.wrap_text(told, width, subsequent_indent="    ") if width else told)
    due = [row for row in rows if row.state is State.MISSING and row not in outcome.done and row not in outcome.failed]
    if not rows:
        click.echo("There is nothing of setup's here." if backwards else "There is nothing to do.")
    elif acts:
        more = f"; {len(due)} more are to do: run it again" if due else ""
        click.echo(f"{len(outcome.done)} done, {len(outcome.failed)} refused, {len(by_hand)} for you to do{more}.")
    else:
        click.echo(f"{len(due)} to do: nothing was changed; --apply does it." if due else "Nothing to do by itself.")


def _state(row: Row, outcome: Outcome, backwards: bool) -> str:
    if row in outcome.done:
        return "done"
    if row in outcome.failed:
        return "refused"
    return "ours" if backwards and row.state is State.MISSING else str(row.state)


def _data(seen: Survey, rows: Sequence[Row], outcome: Outcome, acts: bool, backwards: bool) -> dict[str, Any]:
    return {
        "jira": seen.server.url,
        "cloud": seen.server.cloud,
        "version": ".".join(map(str, seen.server.version)),
        "account": seen.account,
        "administrator": seen.administers,
        "applied": acts,
        "rows": [
            {
                "what": row.subject,
                "state": _state(row, outcome, backwards),
                "told": outcome.failed.get(row, row.told),
                "page": row.page,
            }
            for row in rows
        ],
    }
