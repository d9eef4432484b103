"""An installation that is well, beside a sandbox in each of the four guises; and what the doctor finds of it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from plugin.doctor import here
from plugin.doctor.examination import examine
from plugin.doctor.line import Group, Line, Verdict
from plugin.doctor.looks import Looks
from plugin.mappings.check import load_and_try
from plugin.mappings.load import Loaded
from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from plugin.sandbox.records import Issue
from plugin.settings import Settings, read_settings
from plugin.store import Store
from tests.openapi import judge
from tests.stores import migrated
from webhooks import create_app
from webhooks.metrics import Metrics

SHIPPED = Path(__file__).parents[3] / "mappings"
ACCOUNT = "ines.falk@vendor.example"
"""An administrator of Jira's, so that there is everything to be seen."""

MIRA = "mira.castellan@aurora-robotics.example"
SECRET = "between-us-and-jira-for-ever"

Examined = Mapping[str, tuple[Line, ...]]
"""The lines of each probe."""


class Clock:
    """A clock that can be put off."""

    off = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.off


class Patient:
    """An installation, and hands to break one thing of it."""

    def __init__(self, sandbox: Sandbox, store: Store, metrics: Metrics, folder: Path, env: pytest.MonkeyPatch) -> None:
        self.sandbox, self.store, self.metrics, self.folder, self.env = sandbox, store, metrics, folder, env
        self.clock, self.patience = Clock(), 20.0

    @property
    def issue(self) -> Issue:
        """The newest request."""
        return self.sandbox.jira.issues()[0]

    @property
    def url(self) -> str:
        """Where its receiver is."""
        return read_settings().public_url or ""

    def examined(self, *groups: Group, request: str | None = None, wait: float = 10.0) -> Examined:
        """What the doctor finds."""
        with closing(Looks(request, self.clock, self.patience, wait)) as look:
            return {each.probe.name: each.lines for each in examine(look, groups)}

    def mappings(self, file: str, old: str, new: str) -> None:
        """Edit a mapping file, in a copy of the shipped ones."""
        path = self.folder / "mappings" / file
        if not path.parent.exists():
            for each in SHIPPED.rglob("*"):
                if each.is_file():
                    copy = self.folder / "mappings" / each.relative_to(SHIPPED)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    copy.write_bytes(each.read_bytes())
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.env.setenv("MAPPINGS_DIR", str(self.folder / "mappings"))

    def withhold(self, *permissions: str) -> None:
        """Take permissions from our account."""
        self.sandbox.withhold(ACCOUNT, *permissions)


_tried = cache(load_and_try)


def _load(directory: Path, today: date) -> Loaded:
    """Like `load_and_try`, but the shipped files are read once: running their examples takes its time."""
    return _tried(directory, today) if directory == SHIPPED else load_and_try(directory, today)


@pytest.fixture(params=list(Guise))
def guise(request: pytest.FixtureRequest) -> Guise:
    return Guise(request.param)


@pytest.fixture
def patient(guise: Guise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """Return an installation in which all is well, as far as the guise lets it."""
    with patient_in(guise, tmp_path, monkeypatch) as made:
        yield made


@contextmanager
def patient_in(guise: Guise, folder: Path, env: pytest.MonkeyPatch) -> Iterator[Patient]:
    """An installation in which all is well, as far as the guise lets it."""
    env.setattr(here, "load_and_try", _load)
    for name in (*Settings.model_fields, "secrets_dir", "credentials_directory"):
        env.delenv(name.upper(), raising=False)
    file = folder / "kept.sqlite3"
    store = migrated(f"sqlite:///{file}")
    file.chmod(0o640)
    with running_sandbox(seed(guise), retry_delays=[0.01]) as sandbox:
        account = sandbox.site.person(ACCOUNT)
        mapping = {
            "JIRA_URL": sandbox.url,
            "JIRA_TOKEN": account.token,
            "JIRA_FLAVOUR": sandbox.site.flavour.value,
            "WEBHOOK_SECRETS": SECRET,
            "DATABASE_URL": f"sqlite:///{file}",
            "MAPPINGS_DIR": str(SHIPPED),
            **({"JIRA_EMAIL": ACCOUNT} if sandbox.site.cloud else {}),
        }
        for name, value in mapping.items():
            env.setenv(name, value)
        metrics = Metrics(store)
        metrics.reconciled(datetime.now(UTC))
        with served(create_app(read_settings(), store, metrics)) as port:
            env.setenv("PORT", str(port))
            env.setenv("PUBLIC_URL", f"http://127.0.0.1:{port}")
            sandbox.webhooks.url, sandbox.webhooks.secret = f"http://127.0.0.1:{port}/webhooks/jira", SECRET
            for status in ("In progress", "Waiting for customer", "Waiting for support"):
                _raised(sandbox).status = next(id for id, each in sandbox.site.statuses.items() if each.name == status)
            assert sandbox.webhooks.wait_idle()
            for issue in sandbox.jira.issues():
                issue.updated -= timedelta(minutes=5)
            patient = Patient(sandbox, store, metrics, folder, env)
            yield patient
        judge(sandbox)
    store.close()


@contextmanager
def served(app: Any) -> Iterator[int]:
    """Serve an application on a free port, which is returned."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _raised(sandbox: Sandbox) -> Issue:
    mira = sandbox.site.person(MIRA)
    kind = next(iter(sandbox.site.request_types.values()))
    return sandbox.jira.create(mira, mira, kind, {"summary": "The recorder does not start"})


def verdicts(examined: Examined) -> Mapping[str, tuple[Verdict, ...]]:
    """How it is with each probe."""
    return {name: tuple(line.verdict for line in lines) for name, lines in examined.items()}
