"""The demo: the whole product on this machine, and six requests raised in the portal as customers would."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from plugin.contract.decision import Eligibility
from plugin.contract.policy import Policy
from plugin.jira.client import JiraClient
from plugin.jira.fields import FieldMap
from plugin.jira.read import PROPERTY, Shown, shown, wanted_fields
from plugin.mappings.load import Mappings
from plugin.site_fields import field_map

PATIENCE = 40.0
"""Seconds until a demo whose requests are not done is given up."""

SECRET = "demo"
ACCOUNT = "support-contract@vendor.example"
NEWEST, ONE_BACK, TOO_OLD = -1, -2, -4


class DemoFailed(Exception):
    """The demo did not get through; the text says where it stopped and what the processes said last."""


@dataclass(frozen=True, slots=True)
class Story:
    """One request of the demo: who raises it, what they choose on the portal's form, and what it shows."""

    shows: str
    who: str
    type: str
    summary: str
    version: int | str
    environment: str = "Production"
    impact: str = "No outage"


FAULT, QUESTION = "Report a fault", "Ask a question"
DOWN, IMPAIRED = "Totally non-operational", "Seriously impaired"

STORIES = (
    Story("a supported version", "mira.castellan", FAULT, "All test runs stop at once", NEWEST, impact=DOWN),
    Story("one version back", "emil.sandor", FAULT, "Reports take minutes to open", ONE_BACK, impact=IMPAIRED),
    Story("too old a version", "jonas.feld", FAULT, "The recorder does not start", TOO_OLD),
    Story("an unknown version", "greta.holm", QUESTION, "Can a test plan be shared?", "latest"),
    Story("not a named contact", "lena.roth", QUESTION, "How do I add an attachment?", NEWEST),
    Story("an agreement that ended", "oskar.brandt", FAULT, "The licence server is not found", NEWEST),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One request once it is done: what was raised, and what Jira shows."""

    key: str
    customer: str
    story: Story
    shown: Shown


@dataclass(frozen=True, slots=True)
class Stage:
    """The running demo: where the sandbox and the receiver listen, and who is there. `admin` is a link to the admin's
    pages that sets the first password."""

    jira: str
    receiver: str
    admin: str
    site: Mapping[str, Any]

    @property
    def tokens(self) -> dict[str, str]:
        """Everybody's token, by e-mail address."""
        return {person["email"]: person["token"] for person in self.site["people"]}


@contextmanager
def staged(mappings_dir: Path, tell: Callable[[str], None]) -> Iterator[Stage]:
    """Run the sandbox, the receiver and the workers as processes of their own until the block ends.

    Raises:
        DemoFailed: when one of them does not start.
    """
    with ExitStack() as stack:
        _reach_this_machine_directly()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="support-contract-demo-")))
        tell("Starting a sandbox Jira Service Management ...")
        (jira,) = stack.enter_context(_process(folder, "sandbox", ["sandbox", "--port", "0"], {}))
        site = _ask("GET", f"{jira}/sandbox/site").json()
        stage = Stage(jira, "", "", site)
        tell("Starting the receiver and the workers ...")
        port = _free_port()
        environment = {
            "JIRA_URL": jira,
            "JIRA_EMAIL": ACCOUNT,
            "JIRA_TOKEN": stage.tokens[ACCOUNT],
            "JIRA_FLAVOUR": "cloud",
            "WEBHOOK_SECRETS": SECRET,
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "MAPPINGS_DIR": str(mappings_dir.resolve()),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            # Where notes for agents lead to.
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            # Whatever the environment says of the admin's pages: they are for this machine, and have a password.
            "ADMIN_PAGES": "on",
            **dict.fromkeys(("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"), ""),
        }
        admin, receiver = stack.enter_context(_process(folder, "serve", ["serve"], environment, places=2))
        hook = {"url": f"{receiver}/webhooks/jira", "secret": SECRET}
        _ask("POST", f"{jira}/sandbox/webhooks", json=hook)
        yield replace(stage, receiver=receiver, admin=admin)


def play(stage: Stage, mappings: Mappings) -> list[Row]:
    """Raise the six requests through the portal's API and wait until each is done.

    Raises:
        DemoFailed: when the portal refuses one, or one is not done within `PATIENCE` seconds.
    """
    client = JiraClient(stage.jira, ACCOUNT, stage.tokens[ACCOUNT], "cloud")
    try:
        keys = [_raise(stage, story, mappings.policy) for story in STORIES]
        fields = field_map(client, mappings)
        deadline = time.monotonic() + PATIENCE
        return [_done(client, fields, key, story, deadline) for key, story in zip(keys, STORIES, strict=True)]
    finally:
        client.close()


ROOMY = 140
"""Columns from which on the reasons fit into the table."""


def show(rows: list[Row], policy: Policy, console: Console) -> None:
    """Print the rows as a table to enjoy; on a narrow terminal the reasons follow below it."""
    wide = console.width >= ROOMY
    drawn = Table(title="What the support contract says", title_justify="left", show_lines=True, pad_edge=False)
    drawn.add_column("request", no_wrap=True)
    for name in ("customer", "tier", "sev.", "response due", "eligibility"):
        drawn.add_column(name, justify="right" if name == "sev." else "left")
    drawn.add_column("credits", justify="right")
    if wide:
        drawn.add_column("first reason", ratio=1)
    for row in rows:
        values, tier, left = row.shown.values, row.shown.values["tier"], row.shown.values["credits_left"]
        cells = [
            f"[bold]{row.key}[/]" + (f"\n[dim]{row.story.shows}[/]" if wide else ""),
            row.customer,
            policy.tier(tier).name if tier else "-",
            str(values["severity"]),
            _when(values["response_due"], policy),
            f"[{_COLOURS[values['eligibility']]}]{values['eligibility']}[/]",
            f"{values['credits_charged']} charged\n{'-' if left is None else left} left",
        ]
        drawn.add_row(*cells, *([escape(_first_reason(row))] if wide else []))
    console.print(drawn)
    for row in rows if not wide else ():
        console.print(f"[bold]{row.key}[/] {row.story.shows}: {escape(_first_reason(row))}", highlight=False)


def _first_reason(row: Row) -> str:
    return str(row.shown.values["reason"]).splitlines()[0]


_COLOURS = {
    Eligibility.ELIGIBLE: "green",
    Eligibility.LIMITED: "yellow",
    Eligibility.ON_HOLD: "yellow",
    Eligibility.NEEDS_INFORMATION: "cyan",
    Eligibility.NOT_ELIGIBLE: "red",
}


def _when(due: datetime | None, policy: Policy) -> str:
    if due is None:
        return "-"
    local = due.astimezone(policy.zone)
    return f"{local:%a %d %b}\n{local:%H:%M} {local.tzname()}"


def _raise(stage: Stage, story: Story, policy: Policy) -> str:
    """Raise a request through the portal's API as that customer; returns its key."""
    email = next(each for each in stage.tokens if each.startswith(f"{story.who}@"))
    product, version = policy.products[0], story.version
    if isinstance(version, int):
        released = product.released_by(policy.day(datetime.now(UTC)))
        if len(released) < -version:
            raise DemoFailed(f"The demo needs {-version} released lines of {product.name}; add them to releases.yaml.")
        version = released[version].name
    said = {
        "Product": {"value": product.name},
        "Product version": version,
        "Usage environment": {"value": story.environment},
        "Business impact": {"value": story.impact},
    }
    api, credentials = f"{stage.jira}/rest/servicedeskapi", (email, stage.tokens[email])
    types = _ask("GET", f"{api}/servicedesk/1/requesttype", auth=credentials).json()["values"]
    values = {"summary": story.summary} | {stage.site["fields"][name]: value for name, value in said.items()}
    body = {
        "serviceDeskId": "1",
        "requestTypeId": next(each["id"] for each in types if each["name"] == story.type),
        "requestFieldValues": values,
    }
    return str(_ask("POST", f"{api}/request", json=body, auth=credentials).json()["issueKey"])


def _ask(method: str, url: str, **more: Any) -> requests.Response:
    try:
        answer = requests.request(method, url, timeout=10, **more)
    except requests.RequestException as error:
        raise DemoFailed(f"The sandbox did not answer {method} {url}: {error}") from None
    if not answer.ok:
        raise DemoFailed(f"The sandbox refused {method} {url}: {answer.status_code} {answer.text}")
    return answer


def _reach_this_machine_directly() -> None:
    """Let neither this process nor its children ask a proxy of the environment for 127.0.0.1."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1"]))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _done(client: JiraClient, fields: FieldMap, key: str, story: Story, deadline: float) -> Row:
    while time.monotonic() < deadline:
        issue = client.issue(key, wanted_fields(fields), [PROPERTY])
        display = shown(issue, fields)
        if display.property:
            organizations = issue["fields"].get(fields["organizations"].id) or [{"name": "-"}]
            return Row(key, organizations[0]["name"], story, display)
        time.sleep(0.1)
    raise DemoFailed(f"{key} ({story.shows}) was not done within {PATIENCE:.0f} seconds.")


@contextmanager
def _process(
    folder: Path, name: str, arguments: list[str], environment: Mapping[str, str], places: int = 1
) -> Iterator[list[str]]:
    """Run a command of ours until the block ends; yields the addresses that its first lines tell, one each."""
    log = folder / f"{name}.log"
    with log.open("w") as lines:
        command = [sys.executable, "-m", "webhooks", *arguments]
        child = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=lines,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        try:
            said = [child.stdout.readline() for _ in range(places)] if child.stdout else []
            if not all("http://" in line for line in said):
                raise DemoFailed(f"{name} did not start: {''.join(said)}{log.read_text()[-2000:]}")
            yield [line[line.index("http://") :].split()[0].rstrip(";") for line in said]
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdout:
                child.stdout.close()
