"""Commands that judge: mapping files, a request in a file, a request in Jira."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from plugin.cli.edge import (
    fail,
    failures,
    json_option,
    mappings_dir_or_fail,
    mappings_or_fail,
    placed,
    settings_or_fail,
    store_or_empty,
    text_width,
)
from plugin.contract.decide import decide as decide_by_contract
from plugin.contract.decision import Decision
from plugin.contract.matching import find_agreement
from plugin.contract.policy import Policy
from plugin.contract.receipt import receipt, receipt_data
from plugin.contract.receipt_schema import receipt_schema
from plugin.contract.receipt_text import as_text
from plugin.jira.read import LeftAlone
from plugin.look import Seen, consider, see
from plugin.mappings import examples
from plugin.mappings.check import check as check_mappings
from plugin.mappings.files import in_folder
from plugin.offline import PayloadError, read_payload
from plugin.service import jira_client
from plugin.site_fields import field_map
from plugin.store import decisions, replies


@click.command()
def check() -> None:
    """Check the mapping files and run their examples.

    Reads those in MAPPINGS_DIR, else in ./mappings. Prints every problem as file:line:column and ends with exit code
    1; warnings alone are exit code 0. Needs no Jira.
    """
    directory = mappings_dir_or_fail(settings_or_fail())
    found = check_mappings(directory, datetime.now(UTC).date())
    for problem in found:
        click.secho(placed(directory, problem), fg="yellow" if problem.warning else "red")
    wrong = [problem for problem in found if not problem.warning]
    if wrong:
        click.echo(f"{len(wrong)} problem{'s' if len(wrong) > 1 else ''}; nothing of this is used until all is good.")
        if all(in_folder(problem.file, examples.FOLDER) for problem in wrong):
            click.echo("Only examples fail: where you meant the change, correct what they expect.")
        sys.exit(1)
    click.echo(f"{directory}: all good.")


@click.command()
@click.option("--file", "path", required=True, type=click.Path(path_type=Path), help="A webhook or an issue, as JSON.")
@click.option("--fields", "catalogue", type=click.Path(path_type=Path), help="The answer of GET /rest/api/2/field.")
@click.option("--at", help="Decide as of this moment, such as 2026-11-20T16:30+01:00; default now.")
@json_option
def decide(path: Path, catalogue: Path | None, at: str | None, as_data: bool) -> None:
    """Decide on a request in a file, and explain it.

    Needs no Jira and no database. Credits count as if none had been used.
    """
    mappings = mappings_or_fail(settings_or_fail())
    now = datetime.now(UTC) if at is None else _moment(at, mappings.policy)
    try:
        request = read_payload(path, mappings, catalogue)
    except PayloadError as error:
        fail(str(error))
    if isinstance(request, LeftAlone):
        fail(f"{path}: this issue is left alone: {request.why}.")
    agreement = find_agreement(request, mappings.agreements)
    _print(decide_by_contract(request, agreement, mappings.policy, now), mappings.policy, as_data)


def _print_schema(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(json.dumps(receipt_schema(), indent=2))
        context.exit()


@click.command()
@click.argument("key")
@json_option
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of --json, and do nothing else.",
)
def explain(key: str, as_data: bool) -> None:
    """Explain a request in Jira; writes nothing.

    Says what the contract says of request KEY as it is now, and why: a dry run of what serve would write.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    now = datetime.now(UTC)
    with failures(), closing(jira_client(settings)) as jira:
        fields = field_map(jira, mappings)
        seen = see(jira, mappings, fields, key, None, now)
        with store_or_empty(settings) as store:
            if isinstance(seen, Seen):
                with store.reading() as tx:
                    standing = decisions.standing(tx, seen.request.id)
                    ours = replies.comment_ids(tx, seen.request.id)
                if standing is not None:
                    seen = see(jira, mappings, fields, key, standing, now, ours=ours)
            if not isinstance(seen, Seen):
                fail(f"{key} is left alone: {seen.why}.")
            with store.reading() as tx:
                decision = consider(tx, seen, mappings, now)
    _print(decision, mappings.policy, as_data)


def _print(decision: Decision, policy: Policy, as_data: bool) -> None:
    if as_data:
        click.echo(json.dumps(receipt_data(decision, policy), indent=2, ensure_ascii=False))
    else:
        click.echo(as_text(receipt(decision, policy), text_width()))


def _moment(text: str, policy: Policy) -> datetime:
    """A moment as somebody types it; without an offset it is one in the vendor's zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--at {text!r} is no moment: write it like 2026-11-20T16:30 or 2026-11-20T16:30+01:00.")
    return read if read.tzinfo else read.replace(tzinfo=policy.zone)
