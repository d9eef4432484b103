"""From where somebody comes: what is forged is not believed, and what our own proxies say is."""

from ipaddress import ip_network

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from plugin.settings import Proxies, Settings
from plugin.store import Store
from tests.webhooks.test_receiver import PATH, UPDATED
from webhooks import create_app
from webhooks.addresses import hops, household, is_here, names_here
from webhooks.strangers import PER_MINUTE

OURS: Proxies = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("peer", "asked", "proxies", "passed"),
    [
        ("203.0.113.7", "", (), 0),
        ("10.0.0.1", "203.0.113.7", (), 0),
        ("10.0.0.1", "203.0.113.7", OURS, 1),
        ("10.0.0.1", "192.0.2.9, 203.0.113.7", OURS, 1),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", OURS, 2),
        ("10.0.0.1", "10.9.9.9, 203.0.113.7, 10.0.0.2", OURS, 2),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", OURS, 2),
        ("10.0.0.1", "", OURS, 0),
        ("10.0.0.1", "203.0.113.7, unknown", OURS, 1),
        ("::ffff:10.0.0.1", "203.0.113.7", OURS, 1),
        ("2001:db8::1", "203.0.113.7", OURS, 1),
        ("203.0.113.66", "10.0.0.2", OURS, 0),
        ("", "10.0.0.2", OURS, 0),
        ("203.0.113.66", "203.0.113.7", 1, 1),
        ("10.0.0.1", "192.0.2.9, 203.0.113.7", 1, 1),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", 2, 2),
        ("203.0.113.66", "10.0.0.2", 2, 0),
        ("10.0.0.1", "203.0.113.7", 0, 0),
    ],
)
def test_only_what_our_own_proxies_have_written_is_read(peer: str, asked: str, proxies: Proxies, passed: int) -> None:
    assert hops(peer, [each.strip() for each in asked.split(",") if each], proxies) == passed


def test_of_ipv6_all_that_one_customer_has_counts_as_one() -> None:
    assert household("2001:db8:1:2::3") == household("2001:db8:1:2:ffff::9") != household("2001:db8:1:3::3")
    assert household("::ffff:203.0.113.7") == household("203.0.113.7") == "203.0.113.7"
    assert household(None) == household("a name") == "unknown"


def test_which_names_are_those_of_this_machine() -> None:
    assert all(names_here(each) for each in ("localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "127.9.9.9"))
    assert not any(names_here(each) for each in ("", "localhost.example", "127.0.0.1.elsewhere.example", "10.0.0.1"))
    assert not is_here("::ffff:10.0.0.1")


def knock(client: FlaskClient, forwarded: str) -> int:
    return client.post(PATH, data=UPDATED, headers={"X-Forwarded-For": forwarded}).status_code


def test_a_forged_address_does_not_help_a_stranger(settings: Settings, store: Store) -> None:
    client = create_app(settings, store).test_client()
    answers = [knock(client, f"203.0.113.{number}") for number in range(PER_MINUTE.amount + 1)]
    assert answers == [401] * PER_MINUTE.amount + [429]
    behind = settings.model_copy(update={"trusted_proxies": (ip_network("127.0.0.1"),)})
    client = create_app(behind, store).test_client()
    answers = [knock(client, f"192.0.2.{number}, 203.0.113.7") for number in range(PER_MINUTE.amount + 1)]
    assert answers == [401] * PER_MINUTE.amount + [429]


def test_behind_a_proxy_that_is_trusted_each_stranger_is_one(settings: Settings, store: Store) -> None:
    behind = settings.model_copy(update={"trusted_proxies": 1})
    client = create_app(behind, store).test_client()
    with capture_logs() as logs:
        assert {knock(client, f"203.0.113.{number}") for number in range(PER_MINUTE.amount + 9)} == {401}
    assert logs[0]["sender"] == "203.0.113.0"
