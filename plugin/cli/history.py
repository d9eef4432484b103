"""The command that tells how a request came to what is decided on it: every decision, and what each one changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from plugin.contract.changes import Content
from plugin.contract.policy import Policy
from plugin.contract.receipt import one_line, receipt, value_text
from plugin.contract.receipt_text import as_text
from plugin.contract.steps import moment_text
from plugin.overview.history import told
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


def _drawn(key: str, kept: Sequence[Kept], policy: Policy) -> Table:
    drawn = Table("#", "decided", "eligibility", "severity", "response due", "credits", title=f"Decisions on {key}")
    drawn.title_justify = "left"
    drawn.add_column("what changed")
    for number, (each, changed) in enumerate(told(kept, policy), 1):
        values = (
            value_text(name, each.content["rulings"][name.replace(" ", "_")]["value"], policy)
            for name in ("eligibility", "severity", "response due", "credits charged")
        )
        drawn.add_row(str(number), moment_text(each.decided_at.astimezone(policy.zone)), *values, "\n".join(changed))
    return drawn


def _data(kept: Sequence[Kept], policy: Policy) -> Iterator[dict[str, Any]]:
    for number, (each, changed) in enumerate(told(kept, policy), 1):
        yield {"number": number, "changes": list(changed), "decision": each.content}
