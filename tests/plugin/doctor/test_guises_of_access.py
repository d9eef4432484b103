"""The doctor lets itself in as every kind of account does, and past a certificate that is in order only."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from plugin.doctor.examination import examine
from plugin.doctor.line import Group, Verdict
from plugin.doctor.looks import Looks
from plugin.sandbox import Fault, Guise, Kind, Sandbox, running_sandbox, seed
from tests.plugin.doctor.conftest import Patient, verdicts

OK, WARNING, WRONG, UNKNOWN, SKIPPED = Verdict
PLUGIN = "support-contract@vendor.example"


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED], indirect=True)
@pytest.mark.parametrize("client", [False, True])
def test_a_service_account_comes_in_through_the_gateway(patient: Patient, client: bool) -> None:
    account = patient.sandbox.site.person(PLUGIN)
    patient.env.setenv("JIRA_GATEWAY", patient.sandbox.url)
    if client:
        patient.env.setenv("JIRA_AUTH_URL", patient.sandbox.url)
        patient.env.setenv("JIRA_CLIENT_ID", account.client[0])
        patient.env.setenv("JIRA_TOKEN", account.client[1])
    else:
        patient.env.setenv("JIRA_EMAIL", PLUGIN)
        patient.env.setenv("JIRA_TOKEN", account.scoped_token)

    found = patient.examined()

    [line] = found["login"]
    kind = "an OAuth 2.0 credential of a service account" if client else "a token with scopes through the gateway"
    assert (line.verdict, line.sentence) == (OK, f"We are Support Contract, with {kind}.")
    assert found["registered"][0].verdict is UNKNOWN
    assert not [name for name, lines in found.items() for each in lines if each.verdict is WRONG]


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED], indirect=True)
def test_a_client_that_is_not_known_is_locked_out(patient: Patient) -> None:
    for name, value in {
        "JIRA_GATEWAY": patient.sandbox.url,
        "JIRA_AUTH_URL": patient.sandbox.url,
        "JIRA_CLIENT_ID": "nobody",
        "JIRA_TOKEN": "guessed",
    }.items():
        patient.env.setenv(name, value)
    found = patient.examined(Group.CONNECTION, Group.ACCOUNT)
    assert found["reachable"][0].verdict is OK
    assert {each[0].verdict for name, each in found.items() if name in ("token", "permissions")} == {SKIPPED}
    assert "guessed" not in str(found)


Served = Callable[..., Sandbox]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Served]:
    """Return a function: a Data Center with a certificate that is good for so many days."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:

        def serve(days: int, known: bool) -> Sandbox:
            authority = trustme.CA()
            certificate = authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=days))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            sandbox = stack.enter_context(running_sandbox(seed(Guise.DATACENTER_10), tls=context))
            if known:
                patch.setenv("REQUESTS_CA_BUNDLE", stack.enter_context(authority.cert_pem.tempfile()))
            token = sandbox.site.person(PLUGIN).token
            for name, value in {"JIRA_URL": sandbox.url, "JIRA_TOKEN": token}.items():
                monkeypatch.setenv(name, value)
            monkeypatch.chdir(tmp_path)
            return sandbox

        yield serve


@pytest.mark.parametrize(
    ("days", "known", "verdict", "said"),
    [
        (90, True, OK, "is good until"),
        (9, True, WARNING, "days from now"),
        (-1, True, WRONG, "certificate has expired"),
        (90, False, WRONG, "cannot be trusted"),
    ],
)
def test_a_certificate_is_looked_at(served: Served, days: int, known: bool, verdict: Verdict, said: str) -> None:
    served(days, known)
    with closing(Looks()) as look:
        found = {each.probe.name: each.lines for each in examine(look, [Group.CONNECTION])}
    [line] = found["certificate"]
    assert (line.verdict, said in line.sentence) == (verdict, True), line
    assert found["reachable"][0].verdict is OK
    assert verdicts(found)["clock"] == ((SKIPPED,) if verdict is WRONG else (OK,))


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_an_answer_that_does_not_come_is_one_lines_trouble(patient: Patient) -> None:
    patient.patience = 0.5
    patient.sandbox.faults.add(Fault(Kind.SLOW, path="/rest/api/2/resolution", seconds=1.5))
    found = patient.examined(Group.PROJECT)
    [line] = found["resolutions"]
    assert (line.verdict, line.sentence) == (UNKNOWN, "There was no answer within 0.5 seconds.")
    assert found["statuses"][0].verdict is OK
