"""The service desk's own SLA: cycles as JSM tells them, counted by what an administrator has entered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plugin.sandbox import Sandbox
from plugin.sandbox.records import Issue
from tests.plugin.sandbox.conftest import Caller

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""16:00 in Berlin: two hours before support closes."""


@pytest.fixture
def issue(sandbox: Sandbox, raised: str) -> Issue:
    found = sandbox.jira.issue(raised)
    found.created = FRIDAY
    for name, value in {"Support tier": "Premium", "Ruled severity": "Severity 1"}.items():
        field = sandbox.site.field(name)
        found.values[field.id] = next(each for each in field.options if each.value == value)
    sandbox.clock = lambda: FRIDAY + timedelta(hours=1)
    return found


def told(caller: Caller, issue: Issue) -> dict[str, Any]:
    [sla] = caller("GET", f"/rest/servicedeskapi/request/{issue.key}/sla").json()["values"]
    assert sla == caller("GET", f"/rest/servicedeskapi/request/{issue.key}/sla/1").json()
    return dict(sla)


def test_a_cycle_goes_on_in_open_hours_until_an_agent_comments(sandbox: Sandbox, plugin: Caller, issue: Issue) -> None:
    cycle = told(plugin, issue)["ongoingCycle"]
    monday = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert cycle["breachTime"]["epochMillis"] == int(monday.timestamp() * 1000)
    assert (cycle["goalDuration"]["millis"], cycle["elapsedTime"]["friendly"]) == (8 * 3_600_000, "1h 0m")
    assert (cycle["breached"], cycle["paused"], cycle["withinCalendarHours"]) == (False, False, True)

    comment = sandbox.jira.comment(issue, sandbox.site.person("sam.okafor@vendor.example"), "Hello", public=True)
    comment.created = FRIDAY + timedelta(minutes=30)
    done = told(plugin, issue)
    assert "ongoingCycle" not in done
    assert done["completedCycles"][0]["elapsedTime"]["friendly"] == "0h 30m"


def test_a_pause_moves_the_breach_and_another_goal_too(sandbox: Sandbox, plugin: Caller, issue: Issue) -> None:
    sandbox.sla.pauses[issue.key] = [(FRIDAY + timedelta(minutes=30), None)]
    cycle = told(plugin, issue)["ongoingCycle"]
    assert (cycle["paused"], cycle["elapsedTime"]["friendly"]) == (True, "0h 30m")
    later = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    assert cycle["breachTime"]["epochMillis"] == int(later.timestamp() * 1000)


def test_without_a_goal_there_is_no_cycle_and_customers_see_none(
    sandbox: Sandbox, plugin: Caller, mira: Caller, issue: Issue
) -> None:
    sandbox.sla.goals.clear()
    assert told(plugin, issue)["completedCycles"] == []
    assert "ongoingCycle" not in told(plugin, issue)
    assert mira("GET", f"/rest/servicedeskapi/request/{issue.key}/sla").status_code == 403
    assert plugin("GET", f"/rest/servicedeskapi/request/{issue.key}/sla/2").status_code == 404
