"""The log: where it goes, in which form, and what never gets into it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# In a process of its own: what is set up counts for the whole process.
SPEAK = """
import logging, sys, structlog
from plugin.logs import configure_logs
configure_logs(sys.argv[1])
configure_logs(sys.argv[1])
log = structlog.get_logger()
log.debug("too quiet")
log.info("written", request="SUP-1", customer="Gr\\u00fc\\u00dfe")
logging.getLogger("waitress").info("too quiet")
logging.getLogger("waitress").warning("queue %s", "full")
logging.getLogger("jira").error("headers and body")
logging.getLogger("webhooks").error("Exception on %s [GET]", "/admin/receipt/10042.1767225600." + 32 * "4f")
log.warning("opened", address="/admin/receipt/10042.1767225600." + 32 * "4f")
def look():
    token = "correct-" + "horse"
    raise ValueError("it broke")
try:
    look()
except ValueError:
    log.exception("look failed")
    logging.getLogger("waitress").exception("failed too")
"""


def _said(form: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", SPEAK, form],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_a_line_that_nobody_can_take_stops_nothing() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        went_on = subprocess.run(
            [sys.executable, "-c", f"{SPEAK}\nprint('went on')", "json"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=writer,
            text=True,
            timeout=60,
            check=False,
        ).stdout
    finally:
        os.close(writer)
    assert went_on == "went on\n"


def test_away_from_a_terminal_every_line_is_json_on_standard_error() -> None:
    said = _said("auto", PYTHONIOENCODING="ascii")
    assert said.stdout == ""
    ours, others, page, linked, failed, failed_too = (json.loads(line) for line in said.stderr.splitlines())
    assert (ours["event"], ours["level"], ours["request"]) == ("written", "info", "SUP-1")
    assert ours["customer"] == "Grüße"
    assert ours["timestamp"].endswith("Z")
    assert (others["event"], others["level"], others["logger"]) == ("queue full", "warning", "waitress")
    # Who reads the log does not read receipts.
    assert page["event"] == "Exception on /admin/receipt/10042.1767225600.… [GET]"
    assert linked["address"] == "/admin/receipt/10042.1767225600.…"
    for told in (failed, failed_too):
        assert told["exception"].endswith("ValueError: it broke")
        assert told["level"] == "error"


def test_for_a_person_the_lines_are_plain() -> None:
    said = _said("console").stderr
    assert "written" in said
    assert "request=SUP-1" in said
    assert "queue full" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_shows_no_values(form: str) -> None:
    said = _said(form).stderr
    assert "ValueError: it broke" in said
    assert "correct-horse" not in said


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_is_too_quiet_or_speaks_of_bodies_is_not_written(form: str) -> None:
    said = _said(form).stderr
    assert "too quiet" not in said
    assert "headers and body" not in said


def test_on_a_terminal_it_is_for_a_person_in_colour() -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", SPEAK, "auto"], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 4096):
            said += piece
    except OSError:
        pass  # Linux says so when the other end is closed
    finally:
        os.close(ours)
    assert child.wait(60) == 0
    assert b"\x1b[" in said
    assert b"correct-horse" not in said
    assert b'{"event"' not in said
