"""The demo as somebody runs it: as a process, which ends by itself and leaves nothing behind."""

import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from rich.console import Console

from plugin.contract.decision import Eligibility
from plugin.demo import STORIES, Row, show
from plugin.jira.read import Shown
from tests.plugin.contract.builders import POLICY, at
from tests.processes import ROOT, Process, command

KEYS = [f"SUP-{number}" for number in range(1, 7)]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Return the folder that the demo takes for its temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(tmp_path: Path, temporary: Path) -> Iterator[Process]:
    with command("demo", "--keep", settings={"TMPDIR": str(temporary)}, folder=tmp_path) as running:
        yield running


def test_the_demo_shows_six_requests_and_ends_by_itself(tmp_path: Path, temporary: Path) -> None:
    # Settings of an installation, and a proxy that nothing gets through, change nothing.
    elsewhere = {"JIRA_URL": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "PORT": "1"}
    with command("demo", settings={"TMPDIR": str(temporary), **elsewhere}, folder=tmp_path) as demo:
        assert demo.ended() == 0, demo.lines
        assert demo.left_behind() == []
    printed = "\n".join(demo.lines)
    rows = {
        cells[0]: cells
        for line in demo.lines
        if len(cells := [cell.strip() for cell in line.strip("│").split("│")]) == 8 and cells[0].startswith("SUP-")
    }
    assert list(rows) == KEYS
    assert [(cells[1], cells[2], cells[3], cells[5], cells[6]) for cells in rows.values()] == [
        ("Aurora Robotics", "Premium", "1", "eligible", "1 charged"),
        ("Brennhaus Medical", "Advanced", "2", "eligible", "1 charged"),
        ("Aurora Robotics", "Premium", "3", "not eligible", "0 charged"),
        ("Brennhaus Medical", "Advanced", "3", "needs information", "0 charged"),
        ("Cobalt Rail", "Basic", "3", "not eligible", "0 charged"),
        ("Delta Foundry", "-", "3", "not eligible", "0 charged"),
    ]
    assert [bool(re.fullmatch(r"\w{3} \d\d \w{3}", cells[4])) for cells in rows.values()] == [True] * 2 + [False] * 4
    assert "\x1b" not in printed
    assert demo.lines[-1].endswith("run it with --keep.")
    assert [each.name for each in tmp_path.iterdir()] == ["temporary"], "nothing is written where it is run"
    assert list(temporary.iterdir()) == []


def test_with_keep_the_pages_can_be_opened_until_ctrl_c(kept: Process, temporary: Path) -> None:
    portal = kept.wait_for("The customers' portal:").split()[-1]
    agents = kept.wait_for("The agents' page:").split()[-1]
    admins = kept.wait_for("The admin's pages:").split()[-1]
    kept.wait_for("Ctrl-C")
    session = requests.Session()
    session.trust_env = False
    for page in (portal, agents, admins):
        answer = session.get(page, timeout=20)
        assert answer.status_code == 200
        assert "<html" in answer.text
    assert "SUP-6" in session.get(agents, timeout=20).text
    assert 'name="password"' in session.get(admins, timeout=20).text
    session.close()
    kept.interrupt()
    assert kept.ended() == 0
    assert kept.lines[-1] == "Press Ctrl-C to end it."
    assert kept.left_behind() == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP], ids=["terminated", "terminal closed"])
def test_a_demo_that_is_ended_half_way_ends_what_it_started(
    kept: Process, temporary: Path, told: signal.Signals
) -> None:
    kept.wait_for("Raising six requests")
    kept.child.send_signal(told)
    assert kept.ended() == 1
    assert not any("Traceback" in line for line in kept.lines)
    assert kept.left_behind() == []
    assert list(temporary.iterdir()) == []


def test_a_demo_that_cannot_be_played_says_why(tmp_path: Path, temporary: Path) -> None:
    mappings = Path(shutil.copytree(ROOT / "mappings", tmp_path / "mappings"))
    fields = (mappings / "fields.yaml").read_text()
    (mappings / "fields.yaml").write_text(fields.replace("{name: Product version}", "{name: Versionsnummer}"))
    settings = {"TMPDIR": str(temporary), "MAPPINGS_DIR": str(mappings)}
    with command("demo", settings=settings, folder=tmp_path) as demo:
        assert demo.ended() == 1
        assert demo.left_behind() == []
    (error,) = (line for line in demo.lines if line.startswith("Error: "))
    assert re.search(r"version \(fields\.yaml:\d+\): name 'Versionsnummer': the site has no such field", error)
    assert not any("Traceback" in line for line in demo.lines)


def _row(number: int, **values: object) -> Row:
    plain = {
        "tier": "premium",
        "severity": "1",
        "response_due": at("2026-11-23 16:00"),
        "eligibility": str(Eligibility.ELIGIBLE),
        "reason": "All is well [and good].\nSecond line",
        "credits_charged": 1,
        "credits_left": 0,
    }
    return Row(f"SUP-{number}", "Aurora Robotics", STORIES[0], Shown(plain | values, None, "In progress"))


def _shown(width: int, *rows: Row) -> str:
    console = Console(width=width, no_color=True, force_terminal=False)
    with console.capture() as captured:
        show(list(rows), POLICY, console)
    return captured.get()


def test_a_wide_terminal_has_the_first_reason_in_the_table() -> None:
    table = _shown(150, _row(1))
    assert "All is well [and good]." in table
    assert "Second line" not in table
    assert "Mon 23 Nov" in table
    assert "16:00 CET" in table
    assert "0 left" in table


def test_a_narrow_terminal_has_the_first_reasons_below_the_table() -> None:
    lines = _shown(80, _row(1)).splitlines()
    assert lines[-1] == "SUP-1 a supported version: All is well [and good]."
    assert max(map(len, lines)) <= 80


def test_what_is_not_there_is_a_dash() -> None:
    cells = _shown(150, _row(1, tier=None, response_due=None, credits_left=None)).splitlines()
    (first,) = (line for line in cells if "SUP-1" in line)
    (second,) = (line for line in cells if "- left" in line)
    assert [cell.strip() for cell in first.split("│")][3:6] == ["-", "1", "-"]
    assert second
