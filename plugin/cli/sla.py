"""Commands about Jira's native SLAs: what to enter for this policy, and where what they measure differs from it."""

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from plugin.cli.edge import (
    day_option,
    failures,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
    store_or_empty,
)
from plugin.contract.case import case_of
from plugin.contract.decision import Decision
from plugin.contract.measured import Measured, Why, differences
from plugin.contract.steps import moment_text
from plugin.jira import sla
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.fields import FieldMap
from plugin.jira.plan import same, wanted_values
from plugin.look import Seen, consider, see
from plugin.mappings.load import Mappings
from plugin.service import jira_client
from plugin.site_fields import field_map
from plugin.store import Store, decisions, replies

FIRST_RESPONSE = "Time to first response"
GOES_BY = ("tier", "severity", "response_due")
"""The fields that the goals of an SLA go by, and the one that it is compared with."""


@click.command("sla-recipe")
@day_option("For requests raised on this day")
@json_option
def sla_recipe(day: date | None, as_data: bool) -> None:
    """Print the calendars, goals and JQL to enter in JSM.

    Jira has no API for its SLAs, so a person enters them. Their goals go by the tier and severity that this product
    writes. What JSM cannot count as the contract does is said at the end. Needs no Jira.
    """
    mappings = mappings_or_fail(settings_or_fail())
    policy = mappings.policy
    told = sla.recipe(policy, mappings.declared, day or policy.day(datetime.now(UTC)))
    if not as_data:
        click.echo(sla.as_text(told))
        return
    data = {
        "calendars": [
            {
                "name": each.name,
                "time_zone": each.zone,
                "week": dict(each.week),
                "holidays": [{"date": str(closed), "name": name} for closed, name in each.holidays],
            }
            for each in told.calendars
        ],
        "goals": [
            {"jql": each.jql, "minutes": int(each.within.total_seconds()) // 60, "calendar": each.calendar}
            for each in told.goals
        ],
        "most_goals": sla.MOST_GOALS,
        "limits": list(told.limits),
    }
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class _Audited:
    """A request, both ends of its time, and why they differ; nothing where they do not."""

    key: str
    ours: datetime | None
    jsm: datetime | None
    why: tuple[Why, ...]


@click.command("sla-audit")
@click.option("--jql", default="statusCategory != Done", show_default=True, help="Which of the requests looked after.")
@click.option("--sla", "name", default=FIRST_RESPONSE, show_default=True, help="The name of the SLA in JSM.")
@json_option
def sla_audit(jql: str, name: str, as_data: bool) -> None:
    """List where JSM's breach time and ours differ, and why.

    Reads the SLA of each request; writes nothing. Exit code 1 when something differs.
    """
    settings = settings_or_fail()
    mappings, now = mappings_or_fail(settings), datetime.now(UTC)
    with failures(), closing(jira_client(settings)) as jira, store_or_empty(settings) as store:
        found = audit(jira, store, mappings, jql, name, now)
    different = [each for each in found if each.why]
    if as_data:
        click.echo(json.dumps(_data(found, different, name), indent=2, ensure_ascii=False))
    else:
        _print(found, different, mappings)
    if different:
        sys.exit(1)


def audit(jira: JiraClient, store: Store, mappings: Mappings, jql: str, name: str, now: datetime) -> list[_Audited]:
    """Hold the SLA of every request that fits against the contract."""
    fields = field_map(jira, mappings)
    projects = ", ".join(f'"{each}"' for each in mappings.declared.projects)
    query = f"project in ({projects}) AND ({jql}) ORDER BY created ASC"
    issues = [str(issue["id"]) for issue in jira.search(query, ["created"])]
    screen = Console(stderr=True)
    found = []
    for request_id in track(issues, "Reading SLAs", console=screen, disable=not screen.is_terminal):
        with store.reading() as tx:
            standing, ours = decisions.standing(tx, request_id), replies.comment_ids(tx, request_id)
        try:
            seen = see(jira, mappings, fields, request_id, standing, now, ours=ours)
            if isinstance(seen, Seen):
                measured = sla.measured(jira.slas(request_id), name, now)
                with store.reading() as tx:
                    found.append(_audited(seen, consider(tx, seen, mappings, now), measured, mappings, fields, now))
        except JiraGone:
            continue  # deleted meanwhile
    return found


def _audited(
    seen: Seen, decision: Decision, measured: Measured | None, mappings: Mappings, fields: FieldMap, now: datetime
) -> _Audited:
    wanted = wanted_values(decision)
    written = all(same(seen.shown.values[word], wanted[word], fields[word]) for word in GOES_BY)
    as_of = case_of(seen.request, seen.agreement, mappings.policy, now).as_of
    why = differences(decision, as_of, measured, written, mappings.policy)
    return _Audited(seen.request.key, decision.response_due.value, measured.due if measured else None, why)


def _print(found: Sequence[_Audited], different: Sequence[_Audited], mappings: Mappings) -> None:
    zone = mappings.policy.zone

    def said(moment: datetime | None) -> str:
        return moment_text(moment.astimezone(zone)) if moment else "-"

    if different:
        drawn = Table("request", "due here", "breach in JSM", "why", title="Where JSM differs", title_justify="left")
        for each in different:
            why = "\n".join(f"{one.cause}: {one.sentence}" for one in each.why)
            drawn.add_row(each.key, said(each.ours), said(each.jsm), why)
        print_table(drawn)
    click.echo(f"{len(found)} requests looked at: {len(different)} differ. Times are those of {zone.key}.")


def _data(found: Sequence[_Audited], different: Sequence[_Audited], name: str) -> dict[str, Any]:
    return {
        "sla": name,
        "requests": len(found),
        "different": [
            {
                "request": each.key,
                "due": each.ours.isoformat() if each.ours else None,
                "breach": each.jsm.isoformat() if each.jsm else None,
                "why": [{"cause": one.cause, "sentence": one.sentence} for one in each.why],
            }
            for each in different
        ],
    }
