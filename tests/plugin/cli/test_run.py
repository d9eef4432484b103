"""sandbox and worker as processes: where they say they are, what they do, how they end."""

import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests

from plugin.sandbox import Sandbox
from tests.processes import PATIENCE, command


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_sandbox_says_where_its_pages_are_until_ctrl_c(tmp_path: Path, flavour: str) -> None:
    with command("sandbox", "--port", "0", "--flavour", flavour, settings={}, folder=tmp_path) as sandbox:
        line = sandbox.wait_for("Sandbox Jira on http://")
        url = line.split()[3]
        assert "portal: /portal, agents' page: /agent" in line
        assert requests.get(f"{url}/sandbox/site", timeout=20).json()["flavour"] == flavour
        for page in ("/", "/portal", "/agent"):
            assert requests.get(url + page, timeout=20).status_code == 200
        sandbox.interrupt()
        assert sandbox.ended() == 0
        assert sandbox.left_behind() == []
    assert len(sandbox.lines) == 1


def test_a_sandbox_on_a_port_that_is_taken_ends_with_the_port_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with command("sandbox", "--port", port, settings={}, folder=tmp_path) as sandbox:
            assert sandbox.ended() == 1
    assert port in "\n".join(sandbox.lines)
    assert not any("Traceback" in line for line in sandbox.lines)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_works_what_is_open_without_any_webhook_and_ends_when_told(
    jira: Sandbox, raised: str, access: Mapping[str, str], tmp_path: Path, told: signal.Signals
) -> None:
    field, deadline = jira.site.field("Eligibility").id, time.monotonic() + PATIENCE
    with command("worker", settings=access, folder=tmp_path) as worker:
        worker.wait_for("Working.")
        while not jira.jira.issue(raised).values.get(field):
            assert time.monotonic() < deadline, worker.lines
            time.sleep(0.05)
        worker.child.send_signal(told)
        assert worker.ended() == 0
        assert worker.left_behind() == []
    assert not any("Traceback" in line for line in worker.lines)


def test_a_worker_without_a_jira_does_not_start(tmp_path: Path) -> None:
    with command("worker", settings={}, folder=tmp_path) as worker:
        assert worker.ended() == 1
    assert worker.lines[-1].startswith("Error: Jira cannot be reached without JIRA_URL and JIRA_TOKEN")
    assert list(tmp_path.iterdir()) == [], "nothing is left behind by what did not start"
