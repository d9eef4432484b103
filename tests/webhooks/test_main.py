"""`support-contract serve` as a process: it starts with a sentence or not at all, and ends when it is told to."""

import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Row, select

from plugin.sandbox import Fault, Kind, Sandbox, running_sandbox
from plugin.store import open_store
from plugin.store.doors import reminds
from plugin.store.tables import doors
from tests.processes import PATIENCE, ROOT, Process, command

SECRET = "between-us"
ACCOUNT, MIRA = "support-contract@vendor.example", "mira.castellan@aurora-robotics.example"


@pytest.fixture
def jira() -> Iterator[Sandbox]:
    with running_sandbox(webhook_secret=SECRET, retry_delays=[0.1] * 5) as sandbox:
        yield sandbox


@pytest.fixture
def settings(jira: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Return the settings of an installation beside that Jira."""
    return {
        "JIRA_URL": jira.url,
        "JIRA_EMAIL": ACCOUNT,
        "JIRA_TOKEN": jira.site.person(ACCOUNT).token,
        "JIRA_FLAVOUR": "cloud",
        "WEBHOOK_SECRETS": SECRET,
        "DATABASE_URL": f"sqlite:///{tmp_path}/kept.sqlite3",
        "PORT": "0",
        "WORKERS": "1",
    }


@pytest.fixture
def serving(jira: Sandbox, settings: dict[str, str], tmp_path: Path) -> Iterator[Process]:
    """Serve, with Jira's webhooks registered."""
    with command("serve", settings=settings, folder=tmp_path) as process:
        line = process.wait_for("Listening on http://")
        jira.webhooks.url = f"{line.split()[2].rstrip(';')}/webhooks/jira"
        yield process


def _raise(jira: Sandbox) -> str:
    """Raise a fault as Mira does on the portal; its key."""
    site = jira.site
    values = {
        "summary": "All test runs stop at once",
        site.field("Product").id: {"value": "expecco"},
        site.field("Product version").id: "26.2",
        site.field("Usage environment").id: {"value": "Production"},
        site.field("Business impact").id: {"value": "Totally non-operational"},
    }
    kind, mira = site.request_types["1"], site.person(MIRA)
    return jira.jira.create(mira, mira, kind, values).key


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _shows(jira: Sandbox, key: str) -> bool:
    return bool(jira.jira.issue(key).values.get(jira.site.field("Eligibility").id))


def _door(settings: dict[str, str]) -> "Row[tuple[str | None, str | None]] | None":
    store = open_store(settings["DATABASE_URL"])
    try:
        with store.reading() as tx:
            return tx.execute(select(doors.c.worker, doors.c.trouble).where(~reminds())).one_or_none()
    finally:
        store.close()


def test_a_webhook_leads_to_the_fields_and_the_command_line_shows_the_same(
    serving: Process, jira: Sandbox, settings: dict[str, str], tmp_path: Path
) -> None:
    key = _raise(jira)
    _until(lambda: _shows(jira, key) and jira.webhooks.wait_idle() and _door(settings) is None)
    with command("explain", key, settings=settings, folder=tmp_path) as explain:
        assert explain.ended() == 0
    assert "Credits: 1 charged, 191 left" in explain.lines
    with command("credits", "balance", "aurora-robotics", settings=settings, folder=tmp_path) as balance:
        assert balance.ended() == 0
    assert any("191 until" in line for line in balance.lines)
    serving.child.terminate()
    assert serving.ended() == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_it_is_told_to(serving: Process, told: signal.Signals) -> None:
    url = serving.lines[-1].split()[2].rstrip(";")
    assert requests.get(f"{url}/readyz", timeout=20).json() == {"status": "ready"}
    serving.child.send_signal(told)
    assert serving.ended() == 0
    assert serving.left_behind() == []
    assert not any("Traceback" in line for line in serving.lines)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/readyz", timeout=20)


def test_it_finishes_what_it_has_in_hand_before_it_ends(
    serving: Process, jira: Sandbox, settings: dict[str, str]
) -> None:
    # The edit is done, and its answer comes late or never: the worker is in the middle of its look.
    jira.faults.add(Fault(Kind.TIMEOUT_AFTER, method="PUT", path="/issue/", seconds=2))
    key = _raise(jira)
    _until(lambda: _shows(jira, key))
    serving.child.terminate()
    assert serving.ended() == 0
    door = _door(settings)
    assert door is not None
    assert door.worker is None, "nobody has to wait for the lease to run out"
    assert "did not answer PUT" in str(door.trouble)


def test_a_second_ctrl_c_does_not_wait(serving: Process, jira: Sandbox, settings: dict[str, str]) -> None:
    jira.faults.add(Fault(Kind.TIMEOUT_AFTER, method="PUT", path="/issue/", seconds=15))
    key = _raise(jira)
    _until(lambda: _shows(jira, key))
    serving.interrupt()
    serving.wait_for("Ending")
    serving.interrupt()
    assert serving.ended() == -signal.SIGINT
    assert not any("Traceback" in line for line in serving.lines)
    door = _door(settings)
    assert door is not None
    assert door.worker is not None, "its look was broken off, and is taken up again when the lease runs out"


def test_what_was_not_finished_is_taken_up_by_the_next_process(
    serving: Process, jira: Sandbox, settings: dict[str, str], tmp_path: Path
) -> None:
    jira.faults.add(Fault(Kind.UNAVAILABLE, times=1_000))
    key = _raise(jira)
    jira.webhooks.wait_idle()
    serving.child.kill()
    serving.ended()
    jira.faults.clear()
    with command("serve", settings=settings, folder=tmp_path) as next_one:
        _until(lambda: _shows(jira, key))
        next_one.child.terminate()
        assert next_one.ended() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"WEBHOOK_SECRETS": ""}, "No webhook secret is set, so anybody could knock: set WEBHOOK_SECRETS"),
        ({"JIRA_URL": ""}, "Jira cannot be reached without JIRA_URL"),
        ({"JIRA_TOKEN": "", "JIRA_EMAIL": ""}, "without JIRA_TOKEN and JIRA_EMAIL"),
        ({"MAPPINGS_DIR": "nowhere"}, "nowhere does not exist: run this in the folder that holds it"),
        ({"DATABASE_URL": "mysql://host/db"}, "DATABASE_URL starts with mysql"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/db"}, "PostgreSQL db on 127.0.0.1 does not answer"),
        # An address for documentation, which no machine has.
        ({"HOST": "192.0.2.1"}, "Cannot listen on 192.0.2.1:0: "),
    ],
)
def test_it_does_not_start_and_says_why(
    settings: dict[str, str], tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    with command("serve", settings={**settings, **changes}, folder=tmp_path) as serve:
        assert serve.ended() == 1
    (error,) = (line for line in serve.lines if line.startswith("Error: "))
    assert sentence in error
    assert not any("Traceback" in line for line in serve.lines)


def test_a_port_that_is_taken_is_named(settings: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with command("serve", settings={**settings, "PORT": port}, folder=tmp_path) as serve:
            assert serve.ended() == 1
    assert serve.lines[-1] == (
        f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use. Set PORT to another one."
    )


def test_an_example_that_fails_keeps_it_from_starting(settings: dict[str, str], tmp_path: Path) -> None:
    mappings = Path(shutil.copytree(ROOT / "mappings", tmp_path / "mappings"))
    credits = mappings / "examples" / "credits.yaml"
    credits.write_text(credits.read_text().replace("charge: 1, left: 191", "charge: 7, left: 191", 1))
    with command("serve", settings={**settings, "MAPPINGS_DIR": str(mappings)}, folder=tmp_path) as serve:
        assert serve.ended() == 1
    assert len(serve.lines) == 2
    assert serve.lines[0].startswith(f"{mappings}/examples/credits.yaml:")
    assert "expected 7, got 1" in serve.lines[0]
    assert serve.lines[1].startswith(f"Error: The mapping files in {mappings} cannot be used")


def _figures(url: str) -> dict[str, float]:
    text = requests.get(f"{url}/metrics", timeout=20).text
    return {
        "/".join([sample.name.removeprefix("support_contract_"), *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_worker_works_without_any_webhook_and_tells_how_it_is_until_it_ends(
    jira: Sandbox, settings: dict[str, str], tmp_path: Path
) -> None:
    key = _raise(jira)
    with command("worker", settings={**settings, "METRICS_PORT": "0"}, folder=tmp_path) as worker:
        url = worker.wait_for("Telling how it is on http://").split()[5].removesuffix("/healthz,")
        _until(lambda: _shows(jira, key) and _door(settings) is None)
        _until(lambda: _figures(url)["look_seconds_count/done"] == 1)
        for path, status in (("/healthz", 200), ("/readyz", 200), ("/webhooks/jira", 404)):
            assert requests.get(url + path, timeout=20).status_code == status
        figures = _figures(url)
        assert figures["decisions_total/eligible"] == figures["replies_total/agents"] == figures["store_up"] == 1
        assert figures["jira_calls_total/ok"] >= 3
        assert time.time() - figures["last_reconciliation_timestamp_seconds"] < PATIENCE
        worker.child.terminate()
        assert worker.ended() == 0
        assert worker.left_behind() == []
    assert not any("Traceback" in line for line in worker.lines)


def test_several_processes_as_they_are_deployed_count_every_thing_once_between_them(
    jira: Sandbox, settings: dict[str, str], postgres_url: str, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name, secret in (("jira_token", settings.pop("JIRA_TOKEN")), ("webhook_secrets", SECRET)):
        (secrets / name).write_text(f"{secret}\n")
    (secrets / "database_url").write_text(f"{postgres_url}\n")
    del settings["WEBHOOK_SECRETS"], settings["DATABASE_URL"]
    given = {**settings, "SECRETS_DIR": str(secrets), "METRICS_PORT": "0"}
    with (
        command("serve", settings=given, folder=tmp_path) as serve,
        command("worker", settings=given, folder=tmp_path) as worker,
    ):
        urls = [
            serve.wait_for("Listening on http://").split()[2].rstrip(";"),
            worker.wait_for("Telling how it is on http://").split()[5].removesuffix("/healthz,"),
        ]
        jira.webhooks.url = f"{urls[0]}/webhooks/jira"
        keys = [_raise(jira) for _ in range(6)]
        _until(lambda: all(_shows(jira, key) for key in keys) and jira.webhooks.wait_idle())
        _until(lambda: sum(_figures(url)["replies_total/agents"] for url in urls) == len(keys))
        figures = [_figures(url) for url in urls]
        assert sum(each["decisions_total/eligible"] for each in figures) == len(keys)
        assert figures[0]["deliveries_total/kept"] >= len(keys)
        assert figures[1]["deliveries_total/kept"] == 0
        assert [each["store_up"] for each in figures] == [1, 1]
        for process in (serve, worker):
            process.child.terminate()
            assert process.ended() == 0


def test_a_worker_that_nobody_asks_has_no_port_and_ends_on_ctrl_c(
    jira: Sandbox, settings: dict[str, str], tmp_path: Path
) -> None:
    key = _raise(jira)
    with command("worker", settings=settings, folder=tmp_path) as worker:
        worker.wait_for("Working.")
        _until(lambda: _shows(jira, key))
        worker.interrupt()
        assert worker.ended() == 0
        assert worker.left_behind() == []
    assert not any("Telling" in line or "Traceback" in line for line in worker.lines)


def test_a_worker_whose_port_is_taken_says_which_variable_to_change(settings: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with command("worker", settings={**settings, "METRICS_PORT": port}, folder=tmp_path) as worker:
            assert worker.ended() == 1
    assert worker.lines[-1].endswith("Set METRICS_PORT to another one.")


def test_a_worker_without_a_jira_does_not_start(tmp_path: Path) -> None:
    with command("worker", settings={}, folder=tmp_path) as worker:
        assert worker.ended() == 1
    assert worker.lines[-1].startswith("Error: Jira cannot be reached without JIRA_URL and JIRA_TOKEN")
    assert list(tmp_path.iterdir()) == [], "nothing is left behind by what did not start"


def test_the_first_start_prints_a_link_that_sets_the_first_password(serving: Process) -> None:
    line = next(each for each in serving.lines if each.startswith("The admin's pages: "))
    link = line.split()[3]
    assert requests.get(link, timeout=20).status_code == 200
    assert requests.get(f"{link}x", timeout=20).status_code == 404
