"""The command that shows what an edit of the mapping files would change, before they are used."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection

from plugin.cli.edge import (
    json_option,
    mappings_dir_or_fail,
    mappings_in_or_fail,
    print_table,
    settings_or_fail,
    store_to_read,
)
from plugin.contract.policy import Policy
from plugin.contract.preview import more_charged, sums
from plugin.contract.receipt import value_text
from plugin.mappings.load import Mappings, load, load_recorded
from plugin.review import Previewed, WhatIf, what_if
from plugin.store import decisions
from plugin.store.decisions import Kept
from plugin.store.policies import files_of

JSON_SCHEMA: Final = 1


@click.command()
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--last",
    "most",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="How many requests: those decided last.",
)
@json_option
def preview(directory: Path | None, most: int, as_data: bool) -> None:
    """Show what an edit of the mapping files would change.

    Decides the last requests once more by the files in DIRECTORY, an edited copy of those in use, and shows what would
    be different and why. Without DIRECTORY by those in MAPPINGS_DIR, for when they are edited and not in use yet.
    Reads the database and no Jira; writes nothing.
    """
    settings = settings_or_fail()
    in_use = mappings_dir_or_fail(settings)
    directory = directory or in_use
    edited = mappings_in_or_fail(directory)
    with store_to_read(settings) as store, store.reading() as tx:
        kept = decisions.last(tx, most)
        in_force, called = _in_force(tx, None if directory.samefile(in_use) else in_use, kept)
    found = what_if(_tracked(kept), edited, in_force, datetime.now(UTC))
    if as_data:
        click.echo(json.dumps(_data(found, edited, in_force), indent=2, ensure_ascii=False))
        return
    if found.different:
        print_table(_drawn(found.different, edited.policy))
    for line in _in_sum(found):
        click.echo(line)
    click.echo(f"Decided by revision {edited.policy.revision} in {directory}; compared with {called}.")


def _in_force(tx: Connection, in_use: Path | None, kept: Sequence[Kept]) -> tuple[Mappings | None, str]:
    """The files to compare with, and what to call them: those in use, else those that were decided by last.

    None where neither can be read: then with what was decided.
    """
    mappings = load(in_use).mappings if in_use else None
    if mappings is not None:
        return mappings, f"revision {mappings.policy.revision} in {in_use}"
    files = files_of(tx, kept[-1].revision) if kept else None
    mappings = load_recorded(files).mappings if files else None
    if mappings is not None:
        return mappings, f"revision {mappings.policy.revision}, by which was decided last"
    return None, "what was decided"


def _tracked(kept: Sequence[Kept]) -> Iterable[Kept]:
    screen = Console(stderr=True)
    return track(kept, "Deciding", console=screen, transient=True, disable=not screen.is_terminal)


def _drawn(different: Iterable[Previewed], policy: Policy) -> Table:
    drawn = Table("request", "customer", "what", title="What would be different", title_justify="left")
    for name in ("before", "after", "why"):
        drawn.add_column(name)
    for request in different:
        name, customer = request.key + (" (open)" if request.open else ""), request.customer or "-"
        for each in request.differences:
            said = (value_text(each.name, value, policy) for value in (each.before, each.after))
            drawn.add_row(name, customer, each.name, *said, "\n".join(each.why))
            name, customer = "", ""
        drawn.add_section()
    return drawn


def _in_sum(found: WhatIf) -> Iterable[str]:
    differences = [each for request in found.different for each in request.differences]
    yield f"{len(found.different)} of {len(found.decided)} decisions would be different."
    if differences:
        yield f"  open when last looked at: {sum(request.open for request in found.different)}"
    for name, how in sums(differences).items():
        counted = ", ".join(f"{count} {what}" for what, count in how.items())
        more = more_charged(differences, name)
        yield f"  {name}: {counted}" + (f" ({more:+d} in all)" if more else "")
    for why in dict.fromkeys(why for _, why in found.left_out):
        keys = [key for key, said in found.left_out if said == why]
        yield f"{len(keys)} could not be decided once more, as {why}: {', '.join(keys)}"


def _data(found: WhatIf, edited: Mappings, in_force: Mappings | None) -> dict[str, Any]:
    return {
        "schema": JSON_SCHEMA,
        "revision": edited.policy.revision,
        "compared_with": in_force.policy.revision if in_force else None,
        "decided": len(found.decided),
        "different": len(found.different),
        "sums": sums(each for request in found.different for each in request.differences),
        "requests": [
            {
                "request": request.key,
                "customer": request.customer,
                "open": request.open,
                "differences": [
                    {"what": each.name, "before": each.before, "after": each.after, "why": list(each.why)}
                    for each in request.differences
                ],
            }
            for request in found.different
        ],
        "left_out": [{"request": key, "why": why} for key, why in found.left_out],
    }
