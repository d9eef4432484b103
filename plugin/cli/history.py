"""The command that tells how a request came to what is decided on it: every decision, and what each one changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.table import Table

from plugin.cli.edge import (
    fail,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
    store_to_read,
    text_width,
)
from plugin.contract.changes import Content, changes
from plugin.contract.policy import Policy
from plugin.contract.receipt import as_text, one_line, receipt, value_text
from plugin.contract.steps import moment_text
from plugin.review import NotReplayable, replayed
from plugin.store import decisions
from plugin.store.decisions import Kept
from plugin.store.policies import files_of


@click.command()
@click.argument("key")
@click.option("--explain", "number", type=click.IntRange(min=1), help="Explain the decision with this number.")
@json_option
def history(key: str, number: int | None, as_data: bool) -> None:
    """List every decision on a request, and what each changed.

    KEY is the request's, such as SUP-7. With --explain the whole explanation of one of them, as it was made: by the
    mapping files of that time, with their clauses. Needs no Jira; writes nothing.
    """
    settings = settings_or_fail()
    policy = mappings_or_fail(settings).policy
    with store_to_read(settings) as store, store.reading() as tx:
        request = decisions.request_named(tx, key)
        if request is None:
            fail(f"There is no decision on a request {key}.")
        kept = decisions.kept(tx, request)
        if number is not None and number > len(kept):
            fail(f"--explain {number}: there are {len(kept)} decisions on {key}; expected 1 to {len(kept)}.")
        files = None if number is None else files_of(tx, kept[number - 1].revision)
    if number is not None:
        _explain(kept[number - 1], files, policy, as_data)
    elif as_data:
        click.echo(json.dumps(list(_data(kept, policy)), indent=2, ensure_ascii=False))
    else:
        print_table(_drawn(key, kept, policy))


def _explain(kept: Kept, files: Mapping[str, bytes] | None, policy: Policy, as_data: bool) -> None:
    """The receipt, by the files of then; where the decision cannot be made once more, what was kept of it."""
    if as_data:
        click.echo(json.dumps(kept.content, indent=2, ensure_ascii=False))
        return
    try:
        click.echo(as_text(receipt(*replayed(kept, files)), text_width()))
    except NotReplayable as why:
        click.echo("\n".join(_as_kept(kept.content, policy)))
        click.echo(f"\nThis is what was kept. It was not made once more: {why}.")


def _as_kept(content: Content, policy: Policy) -> Iterator[str]:
    for key, ruling in content["rulings"].items():
        name = key.replace("_", " ")
        yield f"{name.capitalize()}: {value_text(name, ruling['value'], policy)}"
        for finding in ruling["findings"]:
            places = "; ".join(f"{each['clause']} {each['source']}" for each in finding["cites"])
            yield f"  {one_line(finding['sentence'])} [{places}]"


def _told(kept: Sequence[Kept], policy: Policy) -> Iterator[tuple[Kept, tuple[str, ...]]]:
    """Every decision, and what is different about it since the one before."""
    before: Kept | None = None
    for each in kept:
        if before is None:
            yield each, ()
        else:
            told = (*changes(before.content, each.content, policy), *_resolved(before.content, each.content, policy))
            yield each, told or ("The same; only words or places in the files are others.",)
        before = each


def _resolved(before: Content, now: Content, policy: Policy) -> Iterator[str]:
    was, is_ = before.get("ended"), now.get("ended")
    if is_ and is_ != was:
        yield f"Resolved {moment_text(datetime.fromisoformat(is_).astimezone(policy.zone))}."
    elif was and not is_:
        yield "Opened again."


def _drawn(key: str, kept: Sequence[Kept], policy: Policy) -> Table:
    drawn = Table("#", "decided", "eligibility", "severity", "response due", "credits", title=f"Decisions on {key}")
    drawn.title_justify = "left"
    drawn.add_column("what changed")
    for number, (each, told) in enumerate(_told(kept, policy), 1):
        values = (
            value_text(name, each.content["rulings"][name.replace(" ", "_")]["value"], policy)
            for name in ("eligibility", "severity", "response due", "credits charged")
        )
        drawn.add_row(str(number), moment_text(each.decided_at.astimezone(policy.zone)), *values, "\n".join(told))
    return drawn


def _data(kept: Sequence[Kept], policy: Policy) -> Iterator[dict[str, Any]]:
    for number, (each, told) in enumerate(_told(kept, policy), 1):
        yield {"number": number, "changes": list(told), "decision": each.content}
