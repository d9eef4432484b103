"""sandbox as a process: where it says it is, how it ends."""

import socket
from pathlib import Path

import pytest
import requests

from tests.processes import command


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
