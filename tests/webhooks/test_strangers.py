"""Whoever does not stop knocking without a proof costs little, and never stands in Jira's way."""

from flask.testing import FlaskClient
from structlog.testing import capture_logs

from plugin.settings import Settings
from plugin.store import Store
from tests.webhooks.test_receiver import PATH, UPDATED, Signed
from webhooks import create_app
from webhooks.strangers import PER_MINUTE, Strangers


def test_each_address_is_counted_for_itself() -> None:
    strangers = Strangers()
    assert [strangers.too_many("192.0.2.1") for _ in range(PER_MINUTE.amount + 1)] == [False] * 30 + [True]
    assert not strangers.too_many("192.0.2.2")
    assert not strangers.too_many(None)


def test_a_stranger_who_does_not_stop_is_told_so_and_logged_no_more(settings: Settings, store: Store) -> None:
    client: FlaskClient = create_app(settings, store).test_client()
    with capture_logs() as logs:
        answers = [client.post(PATH, data=UPDATED) for _ in range(PER_MINUTE.amount + 5)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429] * 5
    assert answers[-1].headers["Retry-After"] == "60"
    assert len(logs) == 30


def test_a_signed_webhook_is_taken_all_the_same(settings: Settings, store: Store, signed: Signed) -> None:
    client: FlaskClient = create_app(settings, store).test_client()
    for _ in range(PER_MINUTE.amount + 5):
        client.post(PATH, data=UPDATED)
    assert client.post(PATH, data=UPDATED, headers=signed(UPDATED)).status_code == 202
