"""The agents' queues."""

import pytest

from tests.plugin.sandbox.conftest import Caller

QUEUE = "/rest/servicedeskapi/servicedesk/1/queue"


@pytest.mark.usefixtures("raised")
def test_a_resolved_request_leaves_the_open_ones(plugin: Caller) -> None:
    def counts() -> list[int]:
        found = plugin("GET", QUEUE, params={"includeCount": "true"}).json()["values"]
        return [each["issueCount"] for each in found]

    assert counts() == [1, 1]
    done = {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Done"}}}
    assert plugin("POST", "/rest/api/2/issue/SUP-1/transitions", json=done).status_code == 204
    assert counts() == [0, 1]
    assert "issueCount" not in plugin("GET", f"{QUEUE}/1").json()
    assert plugin("GET", f"{QUEUE}/9/issue").status_code == 404
