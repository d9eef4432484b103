"""The native SLA: what to enter, and where it differs."""

import json
from collections.abc import Mapping
from datetime import timedelta

from plugin.sandbox import Sandbox
from tests.plugin.cli.conftest import Run


def test_the_recipe_says_every_calendar_goal_and_limit(run: Run) -> None:
    result = run("sla-recipe", "--on", "2026-11-26")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "   office, time zone Europe/Berlin" in lines
    assert "       2027-03-26  Good Friday" in lines
    place = lines.index('   "Support tier" = "Basic" AND "Ruled severity" = "Severity 3"')
    assert lines[place + 1] == "     within 72 h, calendar office"
    assert "     stop counting: Comment: for customers" in lines
    assert any(line.startswith("   - JSM starts when a request is created.") for line in lines)
    assert any(line.startswith("   - Appointments (Premium, Advanced) are in no JSM calendar") for line in lines)


def test_the_recipe_as_json_has_a_goal_for_each_tier_and_severity(run: Run) -> None:
    told = json.loads(run("sla-recipe", "--json", "--on", "2026-11-26").stdout)
    assert [each["minutes"] for each in told["goals"]] == [60 * hours for hours in (8, 12, 24, 16, 24, 36, 24, 48, 72)]
    assert len(told["goals"]) <= told["most_goals"] == 90
    [office] = told["calendars"]
    assert (office["time_zone"], office["week"]["mon"], office["week"]["sun"]) == (
        "Europe/Berlin",
        "08:00-18:00",
        "closed",
    )
    assert {"date": "2026-12-25", "name": "Christmas Day"} in office["holidays"]


def test_where_all_agrees_that_is_said_with_exit_code_0(run: Run, installation: Mapping[str, str]) -> None:
    result = run("sla-audit", **installation)
    assert (result.exit_code, result.stdout) == (
        0,
        "1 requests looked at: 0 differ. Times are those of Europe/Berlin.\n",
    )


def test_what_differs_is_a_row_with_its_cause_and_exit_code_1(
    run: Run, installation: Mapping[str, str], jira: Sandbox, raised: str
) -> None:
    jira.sla.goals[("Premium", "Severity 1")] = timedelta(hours=7)
    result = run("sla-audit", **installation)
    assert result.exit_code == 1
    assert raised in result.stdout
    assert "other goal: Its goal is 7 h; the contract gives 8 h." in " ".join(result.stdout.replace("│", " ").split())
    told = json.loads(run("sla-audit", "--json", **installation).stdout)
    assert (told["requests"], told["sla"]) == (1, "Time to first response")
    [different] = told["different"]
    assert (different["request"], [each["cause"] for each in different["why"]]) == (raised, ["other goal"])


def test_an_sla_of_another_name_measures_nothing(run: Run, installation: Mapping[str, str]) -> None:
    result = run("sla-audit", "--sla", "Time to resolution", "--json", **installation)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["different"][0]["why"][0]["cause"] == "not measured"
