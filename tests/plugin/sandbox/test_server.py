"""Serving in the foreground, as the command line does, and many callers at once."""

import signal
import subprocess
import sys
import threading

import requests
from werkzeug.test import Client

from plugin.sandbox import Flavour, Sandbox, create_sandbox, seed
from tests.plugin.sandbox.conftest import Caller

PROGRAM = """
from plugin.sandbox import Flavour, serve
serve(port=0, flavour=Flavour.DATACENTER, ready=lambda sandbox: print(sandbox.url, flush=True))
"""


def test_serving_tells_where_and_ends_well_when_interrupted() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        told = requests.get(f"{url}/rest/api/2/serverInfo", timeout=5).json()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0

    assert (told["baseUrl"], told["deploymentType"]) == (url, "Server")


def test_the_application_can_be_used_without_a_server() -> None:
    client = Client(create_sandbox(Sandbox(seed(Flavour.CLOUD))))

    told = client.get("/rest/api/2/serverInfo").get_json()
    assert told["baseUrl"] == "http://jira.example"


def test_many_callers_at_once_lose_nothing(plugin: Caller, raised: str) -> None:
    def comment(number: int) -> None:
        plugin("POST", f"/rest/api/2/issue/{raised}/comment", json={"body": str(number)})

    threads = [threading.Thread(target=comment, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    comments = plugin("GET", f"/rest/api/2/issue/{raised}/comment").json()["comments"]
    assert {one["body"] for one in comments} == {str(number) for number in range(20)}
    assert len({one["id"] for one in comments}) == 20
