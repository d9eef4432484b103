"""A request moves on, as the portal shows it."""

from tests.plugin.sandbox.conftest import Caller

REQUEST = "/rest/servicedeskapi/request"


def test_the_portal_offers_what_asks_for_nothing_and_tells_where_a_request_has_been(
    plugin: Caller, mira: Caller, raised: str
) -> None:
    path = f"{REQUEST}/{raised}"
    assert {each["name"] for each in mira("GET", f"{path}/transition").json()["values"]} == {
        "Respond to customer",
        "Start work",
    }

    moved = plugin("POST", f"{path}/transition", json={"id": "11", "additionalComment": {"body": "Which version?"}})

    assert moved.status_code == 204
    been = mira("GET", f"{path}/status").json()["values"]
    assert [each["status"] for each in been] == ["Waiting for customer", "Waiting for support"]
    assert [each["body"] for each in mira("GET", f"{path}/comment").json()["values"]] == ["Which version?"]


def test_what_is_not_offered_is_refused(plugin: Caller, raised: str) -> None:
    for id in ("31", "51", "x"):
        assert plugin("POST", f"{REQUEST}/{raised}/transition", json={"id": id}).status_code == 400
