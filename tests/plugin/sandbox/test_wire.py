"""Faults on demand and the traffic log, in Python and through the control addresses."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
import requests

from plugin.sandbox import Fault, Kind, Sandbox, running_sandbox
from tests.plugin.sandbox.conftest import PLUGIN, Caller, Receiver

MYSELF = "/rest/api/2/myself"


@pytest.mark.parametrize(
    ("kind", "status", "retry_after"),
    [
        (Kind.BUSY, 429, "7"),
        (Kind.BROKEN, 500, None),
        (Kind.UNAVAILABLE, 503, None),
        (Kind.UNAVAILABLE_RETRY, 503, "7"),
        (Kind.UNAUTHORIZED, 401, None),
        (Kind.FORBIDDEN, 403, None),
        (Kind.CONFLICT, 409, None),
        (Kind.TOO_LARGE, 413, None),
        (Kind.BUSY_RESET, 429, None),
    ],
)
def test_a_fault_answers_once_and_then_all_is_well(
    plugin: Caller, kind: Kind, status: int, retry_after: str | None
) -> None:
    plugin.sandbox.faults.add(Fault(kind, seconds=7))

    answer = plugin("GET", MYSELF)
    assert answer.status_code == status
    assert answer.json()["errorMessages"]
    assert answer.headers.get("Retry-After") == retry_after
    assert plugin("GET", MYSELF).status_code == 200


def test_retry_after_can_be_a_date() -> None:
    with running_sandbox(clock=lambda: datetime(2026, 11, 20, 14, 3, tzinfo=UTC)) as sandbox:
        sandbox.faults.add(Fault(Kind.BUSY_DATE, seconds=90))
        told = Caller(sandbox, PLUGIN)("GET", MYSELF).headers["Retry-After"]

    assert told == "Fri, 20 Nov 2026 14:04:30 GMT"
    assert parsedate_to_datetime(told) == datetime(2026, 11, 20, 14, 4, 30, tzinfo=UTC)


def test_a_fault_hits_only_the_method_and_path_it_names_and_as_often_as_told(plugin: Caller, raised: str) -> None:
    plugin.sandbox.faults.add(Fault(Kind.BROKEN, method="PUT", path=r"/issue/SUP-\d+$", times=2))
    path = f"/rest/api/2/issue/{raised}"

    assert plugin("GET", path).status_code == 200
    assert plugin("PUT", f"{path}/properties/k", json=1).status_code == 201
    assert [plugin("PUT", path, json={}).status_code for _ in range(3)] == [500, 500, 204]


def test_a_reset_before_does_no_work_and_a_reset_after_does(plugin: Caller, raised: str) -> None:
    path = f"/rest/api/2/issue/{raised}/comment"
    for kind, left_behind in ((Kind.RESET_BEFORE, 0), (Kind.RESET_AFTER, 1)):
        plugin.sandbox.faults.add(Fault(kind, method="POST"))
        with pytest.raises(requests.ConnectionError) as lost:
            plugin("POST", path, json={"body": "Hello"})
        assert "Connection reset by peer" in str(lost.value)
        assert plugin("GET", path).json()["total"] == left_behind


def test_a_time_out_does_the_work_and_closes_without_an_answer(plugin: Caller, raised: str) -> None:
    path = f"/rest/api/2/issue/{raised}/comment"
    plugin.sandbox.faults.add(Fault(Kind.TIMEOUT_AFTER, method="POST", seconds=0.3))

    began = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        plugin("POST", path, json={"body": "Hello"})
    assert time.monotonic() - began >= 0.3
    assert plugin("GET", path).json()["total"] == 1


def test_a_client_less_patient_than_the_time_out_sees_silence(plugin: Caller) -> None:
    plugin.sandbox.faults.add(Fault(Kind.TIMEOUT_AFTER, seconds=0.5))

    with pytest.raises(requests.ReadTimeout):
        requests.get(plugin.sandbox.url + MYSELF, timeout=0.1)


@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.BAD_GATEWAY, 502), (Kind.GATEWAY_TIMEOUT, 504), (Kind.LOGIN_PAGE, 200)]
)
def test_a_proxy_or_a_login_page_answers_with_a_page(plugin: Caller, kind: Kind, status: int) -> None:
    plugin.sandbox.faults.add(Fault(kind))
    answer = plugin("GET", MYSELF)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html;charset=UTF-8")
    assert "Log in" in answer.text


def test_half_an_answer_does_the_work_and_breaks_off(plugin: Caller, raised: str) -> None:
    path = f"/rest/api/2/issue/{raised}/comment"
    plugin.sandbox.faults.add(Fault(Kind.HALF, method="POST"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        plugin("POST", path, json={"body": "Hello"})
    assert plugin("GET", path).json()["total"] == 1


def test_a_spent_rate_limit_is_said_with_a_good_answer(plugin: Caller) -> None:
    plugin.sandbox.faults.add(Fault(Kind.SPENT, seconds=30))
    answer = plugin("GET", MYSELF)
    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (200, "0")
    reset = datetime.fromisoformat(answer.headers["X-RateLimit-Reset"])
    assert 25 < (reset - datetime.now(UTC)).total_seconds() <= 30
    assert "X-RateLimit-Remaining" not in plugin("GET", MYSELF).headers


def test_a_slow_jira_answers_in_the_end(plugin: Caller) -> None:
    plugin.sandbox.faults.add(Fault(Kind.SLOW, seconds=0.2))
    began = time.monotonic()
    assert plugin("GET", MYSELF).status_code == 200
    assert time.monotonic() - began >= 0.2


def test_every_exchange_is_logged_but_never_the_token(plugin: Caller, mira: Caller) -> None:
    plugin("GET", MYSELF + "?x=1")
    plugin("GET", MYSELF, auth=("a", "b"))
    mira("GET", MYSELF)
    plugin.sandbox.faults.add(Fault(Kind.RESET_AFTER))
    with pytest.raises(requests.ConnectionError):
        plugin("PUT", "/rest/api/2/issue/SUP-1", json={"fields": {}})

    exchanges = plugin.sandbox.traffic.all()
    assert [(one.method, one.query, one.status) for one in exchanges] == [
        ("GET", "x=1", 200),
        ("GET", "", 401),
        ("GET", "", 403),
        ("PUT", "", 0),
    ]
    assert [one.who for one in exchanges] == [PLUGIN, None, mira.email, PLUGIN]
    assert exchanges[3].body == b'{"fields": {}}'
    assert "token-support-contract" not in repr(exchanges)
    assert "Authorization" not in exchanges[0].headers


def control(sandbox: Sandbox, method: str, path: str, /, **options: object) -> requests.Response:
    return requests.request(method, f"{sandbox.url}/sandbox{path}", json=options or None, timeout=5)


def test_faults_can_be_told_from_another_process(plugin: Caller) -> None:
    sandbox = plugin.sandbox

    answer = control(sandbox, "POST", "/faults", kind="busy", method="GET", path="/myself", times=2, seconds=3, body="")
    assert answer.json() == [{"kind": "busy", "method": "GET", "path": "/myself", "times": 2, "seconds": 3, "body": ""}]
    assert plugin("GET", MYSELF).status_code == 429
    assert control(sandbox, "GET", "/faults").json()[0]["times"] == 1
    assert control(sandbox, "DELETE", "/faults").json() == []
    assert plugin("GET", MYSELF).status_code == 200


@pytest.mark.parametrize("wrong", [{"kind": "flood"}, {"kind": "busy", "path": "("}, {"kind": "busy", "often": 2}])
def test_a_fault_that_is_none_is_refused(sandbox: Sandbox, wrong: dict[str, object]) -> None:
    answer = control(sandbox, "POST", "/faults", **wrong)

    assert answer.status_code == 400
    assert "The kinds are busy, busy_date" in answer.text


def test_tokens_can_be_revoked_from_another_process(plugin: Caller) -> None:
    control(plugin.sandbox, "POST", "/tokens/revoke", who=PLUGIN)
    assert plugin("GET", MYSELF).status_code == 401
    control(plugin.sandbox, "POST", "/tokens/restore", who=PLUGIN)
    assert plugin("GET", MYSELF).status_code == 200
    assert control(plugin.sandbox, "POST", "/tokens/revoke", who="nobody").status_code == 400


def test_webhooks_can_be_steered_from_another_process(plugin: Caller, receiver: Receiver, raised: str) -> None:
    sandbox = plugin.sandbox
    assert sandbox.webhooks.wait_idle()

    assert control(sandbox, "POST", "/webhooks", hold=True).json()["hold"]
    plugin("POST", f"/rest/api/2/issue/{raised}/comment", json={"body": "x"})
    assert control(sandbox, "GET", "/webhooks").json()["held"] == 2
    assert len(receiver.got) == 1
    control(sandbox, "POST", "/webhooks/release")
    assert sandbox.webhooks.wait_idle()
    state = control(sandbox, "GET", "/webhooks").json()
    assert (state["held"], state["pending"], state["hold"]) == (0, 0, False)
    assert [one["event"] for one in state["deliveries"]] == [
        "jira:issue_created",
        "comment_created",
        "jira:issue_updated",
    ]
    assert control(sandbox, "POST", "/webhooks", url=None, secret=None).json()["signed"] is False
    assert control(sandbox, "POST", "/webhooks", often=2).status_code == 400


def test_traffic_can_be_read_and_cleared_from_another_process(plugin: Caller) -> None:
    plugin("GET", MYSELF)

    (exchange,) = control(plugin.sandbox, "GET", "/traffic").json()
    assert (exchange["method"], exchange["path"], exchange["status"]) == ("GET", MYSELF, 200)
    assert "Support Contract" in exchange["answer"]
    assert control(plugin.sandbox, "DELETE", "/traffic").json() == []
    assert control(plugin.sandbox, "GET", "/traffic").json() == []


def test_another_process_can_ask_who_and_what_there_is(sandbox: Sandbox) -> None:
    told = control(sandbox, "GET", "/site").json()

    assert told["flavour"] == sandbox.site.flavour
    assert told["fields"]["Product"] == sandbox.site.field("Product").id
    tokens = {person["email"]: person["token"] for person in told["people"]}
    assert tokens[PLUGIN] == "token-support-contract"
