"""reconcile: what Jira shows held against what it should show, with and without putting it right."""

import json
from collections.abc import Mapping

from plugin.sandbox import Sandbox
from plugin.store import Store, memory
from plugin.store.census import open_doors
from tests.plugin.cli.conftest import ACCOUNT, Run

BOARD = "support-contract.credits"


def _spoil(jira: Sandbox, raised: str) -> None:
    issue = jira.jira.issue(raised)
    field = jira.site.field("Support tier")
    jira.jira.edit(issue, jira.site.person(ACCOUNT), {field.id: {"value": "Basic"}})
    jira.jira.organization_properties[11, BOARD] = {"available": 7}


def test_where_all_is_well_that_is_said(run: Run, installation: Mapping[str, str]) -> None:
    result = run("reconcile", "--dry-run", **installation)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == ("1 open requests looked at: 0 would be written to. 0 balances are shown wrongly.\n")


def test_a_dry_run_says_what_is_different_and_changes_nothing(
    run: Run, installation: Mapping[str, str], jira: Sandbox, raised: str, store: Store
) -> None:
    _spoil(jira, raised)
    before = len(jira.traffic.all())
    said = run("reconcile", "--dry-run", **installation).stdout
    assert raised in said
    assert "Support tier" in said
    assert "1 open requests looked at: 1 would be written to. 1 balances are shown wrongly." in said
    assert [one for one in jira.traffic.all()[before:] if one.method != "GET"] == []
    with store.reading() as tx:
        assert open_doors(tx) == []
    data = json.loads(run("reconcile", "--dry-run", "--json", **installation).stdout)
    assert data == {
        "requests": 1,
        "different": [{"request": raised, "would_write": ["Support tier"]}],
        "balances": [{"customer": "aurora-robotics", "organization": "11", "shown": 7, "right": 191}],
    }


def test_what_is_different_is_put_right(
    run: Run, installation: Mapping[str, str], jira: Sandbox, raised: str, store: Store
) -> None:
    _spoil(jira, raised)
    said = run("reconcile", **installation).stdout
    assert said == "1 requests, 1 of them to be looked at by the workers.\n1 balances put right.\n"
    assert jira.jira.organization_properties[11, BOARD]["available"] == 191
    with store.reading() as tx:
        assert [door.request_key for door in open_doors(tx)] == [raised]


def test_without_an_installation_there_is_nothing_to_hold_it_against(run: Run, access: Mapping[str, str]) -> None:
    result = run("reconcile", "--dry-run", **access)
    assert (result.exit_code, "is empty" in result.stderr) == (1, True)


def test_a_database_that_lost_its_memory_is_not_reconciled_with_what_jira_knows(
    run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store
) -> None:
    with store.writing() as tx:
        memory.found_gap(tx, "On SUP-7 Jira shows more.")
    before = len(jira.traffic.all())
    result = run("reconcile", **installation)
    assert (result.exit_code, result.stderr) == (1, "Error: On SUP-7 Jira shows more.\n")
    assert len(jira.traffic.all()) == before
