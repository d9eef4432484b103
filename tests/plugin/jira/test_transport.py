"""The HTTP towards Jira, one law each: what is sent, what an answer means, who is at fault where there is none."""

import contextlib
import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraBusy, JiraLockedOut, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.jira.fields import FieldMap
from plugin.jira.pace import Pace
from plugin.jira.read import PROPERTY
from plugin.jira.transport import TIMEOUT
from plugin.sandbox import Fault, Flavour, Kind, Sandbox
from tests.plugin.jira.conftest import MIRA, PATIENT, PLUGIN, SHORT, ClientOf, Server

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TOKEN = "ATATT3xFf-s3cret"
ServerOf = Callable[[], Server]


def calls(sandbox: Sandbox, method: str = "*", path: str = "") -> list[tuple[str, str]]:
    """What the sandbox was asked, `method` and `path` permitting."""
    return [(one.method, one.path) for one in sandbox.traffic.all() if method in ("*", one.method) and path in one.path]


def test_cloud_is_asked_with_email_and_token_and_data_center_with_the_token_alone(
    servers: ServerOf,
) -> None:
    server = servers()
    server.answers = [(200, {}, b"{}")] * 2
    for email in ("me@vendor.example", None):
        asking = JiraClient(server.url, email, TOKEN, "cloud")
        asking.myself()
        asking.close()

    basic, bearer = (headers["Authorization"] for _, _, headers in server.got)
    assert basic.startswith("Basic ")
    assert bearer == f"Bearer {TOKEN}"


def test_organizations_are_asked_for_as_an_experimental_api(cloud: Sandbox, client_of: ClientOf) -> None:
    client_of(cloud).organizations_of(cloud.site.person(MIRA).account_id)

    [asked] = [one for one in cloud.traffic.all() if one.path.startswith("/rest/servicedeskapi/organization")]
    assert asked.headers["X-Experimentalapi"] == "opt-in"


def test_pages_that_never_say_that_they_are_the_last_end_where_they_are_empty(servers: ServerOf) -> None:
    server = servers()
    values: list[dict[str, Any]] = [
        {"values": [{"id": 11, "name": "Aurora Robotics"}], "isLastPage": False},
        {"values": [{"id": 12, "name": "Brennhaus Medical"}], "isLastPage": False},
        {"values": [], "isLastPage": False},
        {"comments": [{"id": "1"}], "total": 3},
        {"comments": [], "total": 3},
        {"issues": [{"id": "1"}], "total": 3},
        {"issues": [], "total": 3},
    ]
    server.answers = [(200, {}, json.dumps(page).encode()) for page in values]
    jira = JiraClient(server.url, None, TOKEN, "cloud")

    assert [each.id for each in jira.organizations_of("a:1")] == ["11", "12"]
    assert [each["id"] for each in jira.comments("SUP-1")] == ["1"]
    jira.flavour = "datacenter"
    assert [each["id"] for each in jira.search("project = SUP", ["status"])] == ["1"]
    jira.close()
    assert server.answers == []


# Trouble.


def test_busy_comes_with_the_moment_to_try_again(sandbox: Sandbox, client_of: ClientOf, raised: str) -> None:
    jira = client_of(sandbox, clock=lambda: NOW)
    sandbox.faults.clock = lambda: NOW
    for kind in (Kind.BUSY, Kind.BUSY_DATE, Kind.UNAVAILABLE_RETRY):
        sandbox.faults.add(Fault(kind, "GET", "/issue/", seconds=90))
        with pytest.raises(JiraTrouble) as trouble:
            jira.issue(raised, ["status"], [])
        assert trouble.value.retry_at == NOW + timedelta(seconds=90)
        assert isinstance(trouble.value, JiraUnavailable if kind is Kind.UNAVAILABLE_RETRY else JiraBusy)


@pytest.mark.parametrize(
    ("kind", "trouble", "told"),
    [
        (Kind.BUSY, JiraBusy, "429"),
        (Kind.BROKEN, JiraUnavailable, "500"),
        (Kind.UNAVAILABLE, JiraUnavailable, "503"),
        (Kind.UNAUTHORIZED, JiraLockedOut, "JIRA_TOKEN"),
        (Kind.FORBIDDEN, JiraRefused, "lacks a permission"),
        (Kind.RESET_BEFORE, JiraUnavailable, "did not answer"),
        (Kind.RESET_AFTER, JiraUnavailable, "did not answer"),
        (Kind.TIMEOUT_AFTER, JiraUnavailable, "it took too long"),
    ],
)
@pytest.mark.parametrize("flavour", [Flavour.CLOUD], indirect=True)
def test_every_way_to_fail_is_told_by_who_is_at_fault_and_no_call_is_sent_twice(
    client_of: ClientOf, sandbox: Sandbox, raised: str, kind: Kind, trouble: type[JiraTrouble], told: str
) -> None:
    jira = client_of(sandbox, timeout=_patience(kind))
    every: list[tuple[str, Callable[[], object]]] = [
        ("GET", lambda: jira.issue(raised, ["status"], [])),
        ("PUT", lambda: jira.edit(raised, {}, {PROPERTY: {}})),
        ("POST", lambda: jira.comment(raised, "Hello", {})),
        ("POST", lambda: jira.transition(raised, "11")),
    ]
    for method, call in every:
        sandbox.traffic.clear()
        sandbox.faults.add(Fault(kind, seconds=1.0))

        with pytest.raises(trouble, match=told) as raised_trouble:
            call()

        assert type(raised_trouble.value) is trouble
        assert f"{method} /rest/api/2/issue/{raised}" in str(raised_trouble.value)
        assert [one.method for one in sandbox.traffic.all()] == [method]
        assert sandbox.faults.waiting() == []


@pytest.mark.parametrize("kind", [Kind.RESET_AFTER, Kind.TIMEOUT_AFTER])
def test_a_comment_whose_answer_was_lost_is_on_the_request_once(
    client_of: ClientOf, sandbox: Sandbox, raised: str, kind: Kind
) -> None:
    jira = client_of(sandbox, timeout=_patience(kind))
    sandbox.faults.add(Fault(kind, "POST", "/comment", seconds=1.0))

    with pytest.raises(JiraUnavailable):
        jira.comment(raised, "Hello", {})

    assert [each["body"] for each in jira.comments(raised)] == ["Hello"]


def test_after_a_failure_the_client_works_on(jira: JiraClient, sandbox: Sandbox, raised: str) -> None:
    for kind in (Kind.RESET_BEFORE, Kind.BROKEN):
        sandbox.faults.add(Fault(kind))
        with pytest.raises(JiraUnavailable):
            jira.issue(raised, ["status"], [])

        assert jira.issue(raised, ["status"], [])["key"] == raised


def test_a_refused_field_is_told_with_its_name(jira: JiraClient, fields: FieldMap, raised: str) -> None:
    tier, due = fields["tier"].id, fields["response_due"].id

    with pytest.raises(JiraRefused) as refused:
        jira.edit(raised, {tier: {"value": "Gold"}, due: "tomorrow", "customfield_1": 1}, {})

    told = str(refused.value)
    assert f"Support tier ({tier}):" in told
    assert f"Response due ({due}):" in told
    assert "customfield_1:" in told
    assert "edit screen" in told


def test_a_revoked_token_locks_us_out_until_it_is_good_again(jira: JiraClient, sandbox: Sandbox) -> None:
    sandbox.revoke(PLUGIN)
    with pytest.raises(JiraLockedOut, match="make a new one and set JIRA_TOKEN"):
        jira.myself()
    sandbox.restore(PLUGIN)

    assert jira.myself()["displayName"] == "Support Contract"


def test_a_customers_token_lacks_a_permission(sandbox: Sandbox, client_of: ClientOf, raised: str) -> None:
    with pytest.raises(JiraRefused, match="Our account lacks a permission"):
        client_of(sandbox, MIRA).issue(raised, ["status"], [])


def test_a_login_page_is_no_answer_to_a_write_either(servers: ServerOf) -> None:
    server = servers()
    server.answers = [(200, {"Content-Type": "text/html"}, b"<html>Log in</html>")] * 2
    jira = JiraClient(server.url, None, TOKEN, "datacenter")

    for call in (jira.myself, lambda: jira.edit("SUP-1", {"summary": "x"}, {})):
        with pytest.raises(JiraUnavailable, match="login page"):
            call()
    jira.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_so_that_no_write_turns_into_a_look_and_no_token_goes_elsewhere(
    servers: ServerOf, status: int
) -> None:
    here, elsewhere = servers(), servers()
    here.answers = [(status, {"Location": f"{elsewhere.url}/rest/api/2/issue/SUP-1"}, b"")] * 3
    jira = JiraClient(here.url, None, TOKEN, "datacenter")

    for call in (
        lambda: jira.issue("SUP-1", ["status"], []),
        lambda: jira.edit("SUP-1", {"summary": "x"}, {}),
        lambda: jira.comment("SUP-1", "Hello", {}),
    ):
        with pytest.raises(JiraUnavailable, match="redirect"):
            call()
    jira.close()

    assert len(here.got) == 3
    assert elsewhere.got == []


def test_an_answer_that_breaks_off_is_no_answer(servers: ServerOf) -> None:
    server = servers()
    server.answers = [(200, {"Content-Length": "1000"}, b'{"id": ')]
    server.answers += [(200, {"Content-Encoding": "gzip"}, b"not gzip at all")]
    jira = JiraClient(server.url, None, TOKEN, "datacenter", timeout=SHORT)

    for _ in range(2):
        with pytest.raises(JiraUnavailable):
            jira.myself()
    jira.close()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for each in held:
            each.close()


def test_silence_is_not_waited_for_longer_than_the_time_out(silent: str) -> None:
    jira = JiraClient(silent, None, TOKEN, "datacenter", timeout=(0.3, 0.3))

    with pytest.raises(JiraUnavailable, match="it took too long"):
        jira.myself()
    jira.close()


def test_nobody_at_home_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    jira = JiraClient(f"http://127.0.0.1:{port}", None, TOKEN, "datacenter")

    with pytest.raises(JiraUnavailable, match=r"did not answer GET /rest/api/2/myself: the connection is refused"):
        jira.myself()
    jira.close()


def test_unless_told_otherwise_a_client_waits_for_half_a_minute_at_most() -> None:
    assert TIMEOUT == (5, 30)


@pytest.mark.parametrize("email", ["me@vendor.example", None])
def test_no_message_and_no_traceback_holds_a_secret(
    servers: ServerOf, email: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    server = servers()
    caplog.set_level(logging.DEBUG)
    answers: list[tuple[int, dict[str, str], bytes]] = [
        (status, {}, b'{"errorMessages": ["No."]}') for status in (400, 401, 403, 404, 409, 429, 500, 503)
    ]
    server.answers = [*answers, (200, {}, b"<html>"), (302, {"Location": "/login"}, b"")]
    jira = JiraClient(server.url, email, TOKEN, "datacenter", timeout=SHORT)
    shown = [repr(jira), str(jira)]
    while server.answers:
        with pytest.raises(JiraTrouble) as trouble:
            jira.myself()
        shown += [str(trouble.value), repr(trouble.value), str(trouble.getrepr(style="short", chain=True))]
    jira.url = "http://127.0.0.1:1"
    with pytest.raises(JiraTrouble) as trouble:
        jira.myself()
    shown += [str(trouble.value), str(trouble.getrepr(style="short", chain=True)), caplog.text]
    jira.close()

    [authorization] = {headers["Authorization"] for _, _, headers in server.got}
    for secret in (TOKEN, authorization.split()[1], "Authorization"):
        assert not any(secret in text for text in shown)


@pytest.mark.parametrize("token", ["s3cret\n", " s3cret", "s3 cret", "s3cret\x00", "s3crét", "s3cret😀"])
def test_a_token_that_no_header_may_hold_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ValueError, match="JIRA_TOKEN") as refused:
        JiraClient("http://127.0.0.1:1", None, token, "datacenter")

    assert "s3c" not in str(refused.value)


# The pace, and what a proxy or a certificate can do to us.


@pytest.mark.parametrize("kind", [Kind.BAD_GATEWAY, Kind.GATEWAY_TIMEOUT, Kind.LOGIN_PAGE, Kind.HALF])
def test_a_page_or_half_an_answer_is_nobodys_fault_but_jiras(cloud: Sandbox, client_of: ClientOf, kind: Kind) -> None:
    cloud.faults.add(Fault(kind))
    asking = client_of(cloud)
    with pytest.raises(JiraUnavailable):
        asking.myself()
    assert asking.myself()["accountId"]


def test_a_client_that_was_told_that_nothing_is_left_asks_nothing(cloud: Sandbox, client_of: ClientOf) -> None:
    pace = Pace(1000)
    one, other = client_of(cloud, pace=pace), client_of(cloud, pace=pace)
    cloud.faults.add(Fault(Kind.SPENT, seconds=60))
    assert one.myself()["accountId"]
    asked = len(calls(cloud))
    for asking in (one, other):
        with pytest.raises(JiraBusy) as told:
            asking.myself()
        assert told.value.retry_at is not None
        assert 50 < (told.value.retry_at - datetime.now(UTC)).total_seconds() <= 60
    assert len(calls(cloud)) == asked


def test_a_client_that_was_told_that_little_is_left_goes_slowly_with_all_others(
    cloud: Sandbox, client_of: ClientOf
) -> None:
    slept: list[float] = []

    class Impatient(Exception):
        pass

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        raise Impatient

    pace = Pace(5, sleep)
    one, other = client_of(cloud, pace=pace), client_of(cloud, pace=pace)
    cloud.faults.add(Fault(Kind.NEAR))
    one.myself()
    other.myself()
    with pytest.raises(Impatient):
        one.myself()
    assert len(slept) == 1


def test_writes_to_one_issue_are_counted_whatever_the_call(sandbox: Sandbox, client_of: ClientOf, raised: str) -> None:
    counted: list[tuple[str, str | None]] = []

    class Counting(Pace):
        def wait(self, method: str, issue: str | None, now: datetime) -> None:
            super().wait(method, issue, now)
            counted.append((method, issue))

    asking = client_of(sandbox, pace=Counting(1000))
    asking.edit(raised, {}, {"a": 1})
    asking.comment(raised, "Hello", {})
    asking.transition(raised, "11")
    asking.organization_property("11", "x")
    assert counted == [("PUT", raised), ("POST", raised), ("POST", raised), ("GET", None)]


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "certificate has expired"), (30, "self-signed certificate|unable to get")]
)
def test_a_certificate_that_is_not_in_order_is_never_accepted(days: int, said: str) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with contextlib.suppress(OSError):
            context.wrap_socket(listening.accept()[0], server_side=True).close()

    thread = threading.Thread(target=answer)
    thread.start()
    asking = JiraClient(f"https://127.0.0.1:{listening.getsockname()[1]}", None, TOKEN, "datacenter")
    with pytest.MonkeyPatch.context() as patch, authority.cert_pem.tempfile() as bundle:
        if days < 0:
            # Its authority is known: only the date is wrong.
            patch.setenv("REQUESTS_CA_BUNDLE", bundle)
        with pytest.raises(JiraUnavailable, match=f"cannot be trusted: .*({said}).*REQUESTS_CA_BUNDLE") as told:
            asking.myself()
    assert TOKEN not in str(told.value)
    asking.close()
    thread.join()
    listening.close()


def _patience(kind: Kind) -> tuple[float, float]:
    """Silence is not waited for; a busy machine is."""
    return SHORT if kind is Kind.TIMEOUT_AFTER else PATIENT
