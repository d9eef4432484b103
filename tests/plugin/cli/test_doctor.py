"""doctor: what an admin reads, what a script reads, and that neither reads a secret."""

import json
from collections.abc import Mapping

import pytest

from plugin.sandbox import Fault, Kind, Sandbox
from tests.plugin.cli.conftest import Run, Spawn

SECRET = "nobody-may-ever-read-this-one"


def test_a_line_for_each_assumption_and_a_remedy_where_it_fails(run: Run, installation: Mapping[str, str]) -> None:
    result = run("doctor", **installation, WEBHOOK_SECRETS=SECRET, PORT="1")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert "  + reachable       " + f"{installation['JIRA_URL']} answers in " in result.stdout
    place = lines.index("  - receiver        Nothing answers at http://127.0.0.1:1 (the connection is refused).")
    assert lines[place + 1].strip().startswith("> Start it: support-contract serve")
    assert "  . not looked at, because the service does not run: secret, worker" in lines
    assert lines[-1].endswith("7 not looked at. Begin with service: receiver.")


def test_a_remedy_that_several_lines_share_is_said_once(
    run: Run, installation: Mapping[str, str], jira: Sandbox
) -> None:
    for name in ("Support tier", "Eligibility", "First response", "Response kept"):
        del jira.site.fields[jira.site.field(name).id]
    lines = run("doctor", "--only", "fields", **installation).stdout.splitlines()
    told = [line.strip() for line in lines if "setup --apply does, or says where" in line]
    assert told == [
        "> Create it or correct the mapping (support-contract setup --apply does, or says where).",
        "> Create it or correct the mapping (support-contract setup --apply does, or says where), or take it out of "
        "fields.yaml.",
    ]


def test_one_group_alone_is_looked_at_with_what_it_rests_on(run: Run, installation: Mapping[str, str]) -> None:
    result = run("doctor", "--only", "fields", "--json", **installation)
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["good"] is True
    assert {line["probe"] for line in told["lines"]} == {"fields", "options", "edit screen", "portal"}
    assert {line["verdict"] for line in told["lines"]} == {"ok"}


def test_what_it_rests_on_is_named_where_that_is_broken(
    run: Run, installation: Mapping[str, str], jira: Sandbox
) -> None:
    jira.faults.add(Fault(Kind.UNAVAILABLE, times=99))
    told = json.loads(run("doctor", "--only", "fields", "--json", **installation).stdout)
    assert {(line["verdict"], line["sentence"]) for line in told["lines"]} == {("not looked at", "Jira is not reached")}


def test_without_any_setting_it_says_what_to_set(run: Run) -> None:
    result = run("doctor")
    assert (result.exit_code, "Jira cannot be reached without JIRA_URL" in result.stdout) == (1, True)


@pytest.mark.parametrize("kind", [None, Kind.UNAUTHORIZED, Kind.LOGIN_PAGE, Kind.FORBIDDEN, Kind.BROKEN])
def test_no_secret_is_ever_shown(run: Run, installation: Mapping[str, str], jira: Sandbox, kind: Kind | None) -> None:
    if kind:
        jira.faults.add(Fault(kind, path="/rest/", times=999))
    secrets = {
        "JIRA_TOKEN": installation["JIRA_TOKEN"] if kind is None else f"{SECRET}-1",
        "WEBHOOK_SECRETS": f"{SECRET}-2,{SECRET}-3",
        "WEBHOOK_HEADER_SECRETS": f"{SECRET}-4",
        "DATABASE_URL": f"postgresql://somebody:{SECRET}-5@127.0.0.1:1/contract",
    }
    for form in ((), ("--json",)):
        result = run("doctor", *form, **{**installation, **secrets})
        assert SECRET not in result.output
        assert installation["JIRA_TOKEN"] not in result.output


def test_nothing_is_left_behind(run: Run, access: Mapping[str, str], jira: Sandbox, raised: str) -> None:
    jira.traffic.clear()
    run("doctor", **access)
    assert {one.method for one in jira.traffic.all()} == {"GET"}
    assert raised


def test_a_pipe_is_told_the_same(spawn: Spawn, installation: Mapping[str, str]) -> None:
    result = spawn("doctor", "--only", "settings", **installation)
    assert (result.returncode, result.stderr) == (1, "")
    assert "There is no webhook secret" in result.stdout
