"""Service accounts: through the gateway, with a token that has scopes or one of OAuth 2.0 that lasts an hour."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraBusy, JiraLockedOut, JiraUnavailable
from plugin.jira.gateway import ClientCredentials
from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from plugin.service import jira_client
from plugin.settings import Settings
from tests.plugin.jira.conftest import PATIENT, PLUGIN, Server


class Clock:
    """A clock that moves when it is told to."""

    now = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Iterator[Sandbox]:
    with running_sandbox(seed(Guise.COMPANY_MANAGED), clock=clock) as running:
        yield running


def service_account(site: Sandbox, clock: Clock, secret: str | None = None) -> JiraClient:
    id, real = site.site.person(PLUGIN).client
    credentials = ClientCredentials(site.url, id, secret or real, clock, PATIENT)
    return JiraClient(site.url, None, real, "cloud", clock, PATIENT, credentials=credentials, gateway=site.url)


def test_a_token_with_scopes_goes_through_the_gateway(site: Sandbox) -> None:
    person = site.site.person(PLUGIN)
    jira = JiraClient(site.url, person.email, person.scoped_token, "cloud", timeout=PATIENT, gateway=site.url)
    assert jira.account() == person.account_id
    assert jira.base == f"{site.url}/ex/jira/{site.cloud_id}"
    assert len(list(jira.organizations())) == 4


def test_a_token_with_scopes_is_of_no_use_at_the_site_itself(site: Sandbox) -> None:
    person = site.site.person(PLUGIN)
    with pytest.raises(JiraLockedOut):
        JiraClient(site.url, person.email, person.scoped_token, "cloud", timeout=PATIENT).myself()


def test_a_client_works_on_past_the_hour_that_a_token_lasts(site: Sandbox, clock: Clock) -> None:
    jira = service_account(site, clock)
    for minutes in (0, 30, 26, 4, 61):
        clock.now += timedelta(minutes=minutes)
        assert jira.myself()["accountId"] == site.site.person(PLUGIN).account_id


def test_a_token_that_is_refused_early_is_not_used_again(site: Sandbox, clock: Clock) -> None:
    jira = service_account(site, clock)
    jira.myself()
    site.revoke_bearers()
    with pytest.raises(JiraLockedOut):
        jira.myself()
    assert jira.myself()["accountId"] == site.site.person(PLUGIN).account_id


def test_a_client_that_is_not_known_is_told_what_to_do_and_keeps_its_secret(site: Sandbox, clock: Clock) -> None:
    with pytest.raises(JiraLockedOut, match="JIRA_CLIENT_ID") as told:
        service_account(site, clock, "guessed-badly").myself()
    assert "guessed-badly" not in str(told.value)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((429, {}, b""), JiraBusy),
        ((503, {}, b""), JiraUnavailable),
        ((200, {}, b"<p>Log in"), JiraUnavailable),
        ((200, {}, b'{"access_token": 1}'), JiraUnavailable),
    ],
)
def test_a_token_that_does_not_come_is_jiras_trouble(
    servers: Callable[[], Server], clock: Clock, answer: tuple[int, dict[str, str], bytes], trouble: type[Exception]
) -> None:
    server = servers()
    server.answers.append(answer)
    with pytest.raises(trouble):
        ClientCredentials(server.url, "id", "secret", clock, PATIENT).token()


def test_a_place_that_is_silent_is_unavailable(clock: Clock) -> None:
    nobody = "http://127.0.0.1:1"
    with pytest.raises(JiraUnavailable):
        ClientCredentials(nobody, "id", "secret", clock, PATIENT).token()
    with pytest.raises(JiraUnavailable):
        JiraClient(nobody, "a@b.example", "token", "cloud", timeout=PATIENT, gateway=nobody).myself()


def test_a_site_that_is_no_cloud_site_tells_no_id() -> None:
    with running_sandbox(seed(Guise.DATACENTER_10)) as running:
        jira = JiraClient(running.url, "a@b.example", "token", "cloud", timeout=PATIENT, gateway=running.url)
        with pytest.raises(JiraUnavailable, match="cloudId"):
            jira.myself()


def test_a_service_that_runs_uses_the_credential_of_the_settings(site: Sandbox, clock: Clock) -> None:
    clock.now = datetime.now(UTC)
    id, secret = site.site.person(PLUGIN).client
    settings = Settings(
        jira_url=site.url,
        jira_flavour="cloud",
        jira_client_id=id,
        jira_token=SecretStr(secret),
        jira_gateway=site.url,
        jira_auth_url=site.url,
    )
    assert jira_client(settings).account() == site.site.person(PLUGIN).account_id


def test_what_the_gateway_does_not_have_says_that_a_scope_may_be_missing(site: Sandbox) -> None:
    person = site.site.person(PLUGIN)
    jira = JiraClient(site.url, person.email, person.scoped_token, "cloud", timeout=PATIENT, gateway=site.url)
    with pytest.raises(JiraLockedOut, match="manage:jira-configuration"):
        jira.call("GET", "/rest/webhooks/1.0/webhook")
