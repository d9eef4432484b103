"""Comments one by one."""

from plugin.sandbox.webhooks import Behaviour
from tests.plugin.sandbox.conftest import Caller

ISSUE = "/rest/api/2/issue"


def test_a_comment_that_is_removed_is_gone_and_the_world_is_told(plugin: Caller, raised: str) -> None:
    plugin.sandbox.webhooks.behaviour = Behaviour(hold=True)
    path = f"{ISSUE}/{raised}/comment"
    id = plugin("POST", path, json={"body": "x"}).json()["id"]

    assert plugin("GET", f"{path}/{id}").json()["body"] == "x"
    assert plugin("DELETE", f"{path}/{id}").status_code == 204

    assert plugin("GET", f"{path}/{id}").status_code == 404
    assert plugin("GET", path).json()["total"] == 0
    assert plugin.sandbox.webhooks.log[-1].event == "comment_deleted"


def test_a_comment_is_found_on_its_own_request_only(plugin: Caller, mira: Caller, raised: str) -> None:
    id = plugin("POST", f"{ISSUE}/{raised}/comment", json={"body": "x"}).json()["id"]
    sent = {"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": {"summary": "Another"}}
    other = mira("POST", "/rest/servicedeskapi/request", json=sent).json()["issueKey"]

    assert plugin("GET", f"{ISSUE}/{other}/comment/{id}").status_code == 404
    assert plugin("PUT", f"{ISSUE}/{other}/comment/{id}", json={"body": "y"}).status_code == 404
