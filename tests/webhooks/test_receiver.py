"""The receiver: checks, keeps, knocks, answers; and what it says about itself."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select, text
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from plugin.settings import Settings, SettingsError
from plugin.store import Store, open_store
from plugin.store.census import open_doors
from plugin.store.inbox import reported_deleted
from plugin.store.tables import deliveries
from webhooks import create_app
from webhooks.keeper import Keeper

PAYLOADS = sorted((Path(__file__).parents[1] / "payloads").glob("*.json"))
UPDATED = (Path(__file__).parents[1] / "payloads" / "cloud-issue-updated.json").read_bytes()
PATH = "/webhooks/jira"
Signed = Callable[..., dict[str, str]]


@pytest.fixture
def client(settings: Settings, store: Store) -> FlaskClient:
    return create_app(settings, store).test_client()


@pytest.fixture
def lost(settings: Settings) -> Iterator[FlaskClient]:
    """Return a client of an application whose database does not answer."""
    broken = open_store("postgresql://nobody@127.0.0.1:1/nothing")
    yield create_app(settings, broken).test_client()
    broken.close()


def _kept(store: Store) -> int:
    with store.reading() as tx:
        return tx.execute(select(func.count()).select_from(deliveries)).scalar_one()


def _knocked(store: Store) -> list[tuple[str, int]]:
    with store.reading() as tx:
        return [(door.request_id, door.knocks) for door in open_doors(tx)]


def _figures(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        "/".join([sample.name.removeprefix("support_contract_"), *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


def _outcome(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["outcome"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda path: path.stem)
def test_every_known_shape_is_kept_and_its_door_knocked(
    client: FlaskClient, store: Store, signed: Signed, payload: Path
) -> None:
    body = payload.read_bytes()
    assert _outcome(client.post(PATH, data=body, headers=signed(body))) == (202, "kept")
    assert _kept(store) == 1
    ((_, knocks),) = _knocked(store)
    assert knocks == 1


def test_the_same_delivery_twice_is_one(client: FlaskClient, store: Store, signed: Signed) -> None:
    for outcome in ("kept", "known", "known"):
        answer = client.post(PATH, data=UPDATED, headers=signed(UPDATED, "6931227"))
        assert _outcome(answer) == (202, outcome)
    assert _kept(store) == 1
    assert _knocked(store) == [("10001", 1)]


def test_two_deliveries_on_one_request_share_its_door(client: FlaskClient, store: Store, signed: Signed) -> None:
    for identifier in ("1", "2"):
        client.post(PATH, data=UPDATED, headers=signed(UPDATED, identifier))
    assert _kept(store) == 2
    assert _knocked(store) == [("10001", 2)]


def test_an_automation_rule_that_runs_twice_is_two(client: FlaskClient, store: Store) -> None:
    body = json.dumps({"issue": {"id": "10001", "key": "SUP-1"}})
    for _ in range(2):
        answer = client.post(PATH, data=body, headers={"X-Support-Contract-Secret": "automation-knows-this"})
        assert _outcome(answer) == (202, "kept")
    assert _knocked(store) == [("10001", 2)]


def test_a_deleted_request_is_remembered_as_deleted(client: FlaskClient, store: Store, signed: Signed) -> None:
    body = json.dumps({"webhookEvent": "jira:issue_deleted", "issue": {"id": "10002"}, "timestamp": 1}).encode()
    assert _outcome(client.post(PATH, data=body, headers=signed(body))) == (202, "kept")
    with store.reading() as tx:
        assert reported_deleted(tx, "10002")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Support-Contract-Secret": "correct-horse-battery"},
        {"X-Support-Contract-Secret": ""},
        {"Authorization": "Bearer automation-knows-this"},
    ],
)
def test_a_stranger_is_turned_away_and_leaves_nothing(
    client: FlaskClient, store: Store, headers: dict[str, str]
) -> None:
    answer = client.post(PATH, data=UPDATED, headers=headers)
    assert _outcome(answer) == (401, "stranger")
    assert "WEBHOOK_SECRETS" in answer.get_json()["reason"]
    assert _kept(store) == 0
    assert _knocked(store) == []
    assert _figures(client)["deliveries_total/stranger"] == 1


def test_a_body_changed_on_its_way_is_a_strangers(client: FlaskClient, signed: Signed) -> None:
    answer = client.post(PATH, data=UPDATED.replace(b"10001", b"10002"), headers=signed(UPDATED))
    assert _outcome(answer) == (401, "stranger")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_any_content_type_will_do(client: FlaskClient, store: Store, signed: Signed, kind: str | None) -> None:
    headers = {**signed(UPDATED), "Content-Type": kind}
    assert _outcome(client.post(PATH, data=UPDATED, headers=headers)) == (202, "kept")
    with store.reading() as tx:
        assert tx.execute(select(deliveries.c.body)).scalar_one() == UPDATED.decode()


def test_an_unknown_event_is_counted_and_knocks_at_no_door(client: FlaskClient, store: Store, signed: Signed) -> None:
    body = json.dumps({"webhookEvent": "sprint_closed", "issue": {"id": "10001"}}).encode()
    assert _outcome(client.post(PATH, data=body, headers=signed(body))) == (202, "ignored")
    assert (_kept(store), _knocked(store)) == (0, [])
    assert _figures(client)["deliveries_total/ignored"] == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense"])
def test_what_is_no_webhook_is_refused_with_a_sentence(client: FlaskClient, signed: Signed, body: bytes) -> None:
    answer = client.post(PATH, data=body, headers=signed(body))
    assert _outcome(answer) == (400, "malformed")
    assert answer.get_json()["reason"].startswith("The body is ")


def test_a_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(client: FlaskClient, signed: Signed) -> None:
    limit = 1024 * 1024
    start = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}, "timestamp": 1'
    body = start + b" " * (limit - len(start) - 1) + b"}"
    assert _outcome(client.post(PATH, data=body, headers=signed(body))) == (202, "kept")
    body += b" "
    answer = client.post(PATH, data=body, headers=signed(body))
    assert _outcome(answer) == (413, "too_large")
    assert "larger than 1048576 bytes: raise MAX_BODY_BYTES" in answer.get_json()["reason"]


def test_a_delivery_and_its_knock_are_kept_together_or_not_at_all(
    settings: Settings, store_url: str, signed: Signed
) -> None:
    store = open_store(store_url)
    store.migrate()
    client = create_app(settings, store).test_client()
    with store.writing() as tx:
        tx.execute(text("ALTER TABLE doors RENAME TO doors_away"))
    assert client.post(PATH, data=UPDATED, headers=signed(UPDATED)).status_code in (500, 503)
    assert _kept(store) == 0
    with store.writing() as tx:
        tx.execute(text("ALTER TABLE doors_away RENAME TO doors"))
    assert _outcome(client.post(PATH, data=UPDATED, headers=signed(UPDATED))) == (202, "kept")
    store.close()


def test_without_a_database_jira_is_asked_to_come_again(lost: FlaskClient, signed: Signed) -> None:
    answer = lost.post(PATH, data=UPDATED, headers=signed(UPDATED))
    assert _outcome(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "60"
    figures = _figures(lost)
    assert figures["store_up"] == 0
    assert figures["deliveries_total/unavailable"] == 1
    assert not [name for name in figures if name.startswith(("doors", "oldest"))], "nothing is made up"


def test_alive_is_not_ready(client: FlaskClient, lost: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == lost.get("/healthz").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json() == {"status": "ready"}
    answer = lost.get("/readyz")
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.get_data(as_text=True)


def test_the_figures_tell_deliveries_and_doors(client: FlaskClient, signed: Signed) -> None:
    client.post(PATH, data=UPDATED, headers=signed(UPDATED, "1"))
    client.post(PATH, data=UPDATED, headers=signed(UPDATED, "1"))
    figures = _figures(client)
    assert figures["deliveries_total/kept"] == figures["deliveries_total/known"] == 1
    assert figures["doors/due"] == 1
    assert figures["doors/later"] == figures["doors/leased"] == figures["doors/parked"] == 0
    assert figures["oldest_due_seconds"] >= 0
    assert figures["store_up"] == 1


def test_two_applications_in_one_process_count_apart(settings: Settings, store: Store, signed: Signed) -> None:
    first, second = (create_app(settings, store).test_client() for _ in range(2))
    first.post(PATH, data=UPDATED, headers=signed(UPDATED))
    assert _figures(first)["deliveries_total/kept"] == 1
    assert _figures(second)["deliveries_total/kept"] == 0


def test_each_delivery_is_one_line_in_the_log_without_its_body_or_a_secret(client: FlaskClient, signed: Signed) -> None:
    with capture_logs() as lines:
        client.post(PATH, data=UPDATED, headers=signed(UPDATED, "6931227"))
        client.post(PATH, data=UPDATED)
    kept, stranger = lines
    assert (kept["identity"], kept["event"], kept["outcome"]) == ("6931227", "delivery", "kept")
    assert (kept["webhook"], kept["request"]) == ("jira:issue_updated", "SUP-1")
    assert stranger["outcome"] == "stranger"
    for word in ("License server", "correct-horse", "sha256="):
        assert word not in str(lines)


def test_a_bug_of_ours_is_logged_with_the_delivery_that_met_it(
    settings: Settings, store: Store, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Heard(logging.Handler):
        about: tuple[str, str] | None = None

        def emit(self, _record: logging.LogRecord) -> None:
            bound = get_contextvars()
            self.about = (bound["identity"], bound["request"])

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    app, heard = create_app(settings, store), Heard()
    app.logger.addHandler(heard)
    monkeypatch.setattr(Keeper, "keep", broken)
    try:
        assert app.test_client().post(PATH, data=UPDATED, headers=signed(UPDATED, "6931227")).status_code == 500
    finally:
        app.logger.removeHandler(heard)
    assert heard.about == ("6931227", "SUP-1")
    assert get_contextvars() == {}, "the next delivery of this thread is another"


def test_without_a_secret_there_is_no_application(store: Store) -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_SECRETS"):
        create_app(Settings(), store)
