"""doors: what cannot be worked, what was tried, another try, leaving one alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugin.store import attempts, doors, inbox
from plugin.store.inbox import Delivery
from tests.plugin.cli.conftest import Run
from tests.stores import migrated

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
REFUSED = "Jira answered PUT /rest/api/2/issue/10001 with 403: [no] permission."


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a store with one parked request (SUP-1), one that is tried again (SUP-2), one that just waits (SUP-3)."""
    address = f"sqlite:///{tmp_path}/kept.sqlite3"
    store = migrated(address)
    with store.writing() as tx:
        for number, most in ((1, 1), (2, 8)):
            inbox.keep(tx, Delivery(str(number), "comment_created", str(10000 + number), None, NOON, 0, False, "{}"))
            doors.knock(tx, str(10000 + number), f"SUP-{number}", NOON)
            door = doors.claim(tx, "anna", NOON, timedelta(seconds=60))
            assert door is not None
            attempts.note(tx, door.request_id, NOON, "anna", "An earlier one.")
            attempts.note(tx, door.request_id, NOON, "anna", REFUSED)
            doors.later(tx, door, NOON + timedelta(minutes=5), REFUSED, most)
        doors.knock(tx, "10003", "SUP-3", NOON)
    store.close()
    return address


def _state(run: Run, url: str, request: str) -> str:
    return str(json.loads(run("doors", "show", request, "--json", DATABASE_URL=url).stdout)["state"])


def test_what_cannot_be_worked_is_listed_with_what_went_wrong(run: Run, url: str) -> None:
    result = run("doors", "list", DATABASE_URL=url)
    assert result.exit_code == 0
    assert result.stdout.index("SUP-1") < result.stdout.index("SUP-2")
    assert "SUP-3" not in result.stdout
    assert "[no] permission" in result.stdout
    listed = json.loads(run("doors", "list", "--json", DATABASE_URL=url).stdout)
    assert [(row["request"], row["state"], row["tries"]) for row in listed] == [
        ("SUP-1", "parked", 1),
        ("SUP-2", "open", 1),
    ]


def test_where_all_is_well_that_is_said(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.sqlite3"
    assert run("migrate", DATABASE_URL=url).exit_code == 0
    assert run("doors", "list", DATABASE_URL=url).stdout == "Nothing is in trouble: every request was worked.\n"
    assert run("doors", "list", "--discarded", DATABASE_URL=url).stdout == "Nothing was discarded.\n"


@pytest.mark.parametrize("name", ["SUP-1", "sup-1", "10001"])
def test_one_request_is_shown_with_every_try_and_what_asked_for_it(run: Run, url: str, name: str) -> None:
    shown = run("doors", "show", name, DATABASE_URL=url).stdout
    assert shown.startswith("SUP-1: parked, tried 1 times in a row")
    for words in ("An earlier one.", REFUSED, "comment_created", "2026-11-20 12:00:00 UTC", "doors retry SUP-1"):
        assert words in shown


def test_a_request_that_nobody_waits_for_is_said_to_be_well(run: Run, url: str) -> None:
    result = run("doors", "show", "SUP-99", DATABASE_URL=url)
    assert result.exit_code == 1
    assert "Nobody waits for SUP-99" in result.stderr


def test_a_parked_request_is_tried_again_by_hand(run: Run, url: str) -> None:
    result = run("doors", "retry", "SUP-1", DATABASE_URL=url)
    assert result.stdout == "1 request will be looked at as soon as a worker is free.\n"
    assert _state(run, url, "SUP-1") == "open"


def test_all_parked_requests_are_tried_again_at_once(run: Run, url: str) -> None:
    assert run("doors", "retry", "--all", DATABASE_URL=url).stdout.startswith("1 request will")
    assert run("doors", "retry", "--all", DATABASE_URL=url).stdout.startswith("0 requests will")


def test_a_retry_says_which(run: Run, url: str) -> None:
    for arguments in ((), ("SUP-1", "--all")):
        result = run("doors", "retry", *arguments, DATABASE_URL=url)
        assert (result.exit_code, "write --all" in result.stderr) == (1, True)


def test_a_retry_of_one_that_comes_up_by_itself_changes_nothing(run: Run, url: str) -> None:
    result = run("doors", "retry", "SUP-1", "SUP-2", DATABASE_URL=url)
    assert result.exit_code == 1
    assert "SUP-2 is not parked: it comes up by itself at 2026-11-20 12:05:00 UTC" in result.stderr
    assert _state(run, url, "SUP-1") == "parked"


def test_a_discarded_request_is_kept_with_the_reason_and_can_be_taken_up_again(run: Run, url: str) -> None:
    result = run("doors", "discard", "SUP-1", "--reason", "a test request", "--by", "Sam", DATABASE_URL=url)
    assert result.exit_code == 0
    assert "SUP-1" not in run("doors", "list", DATABASE_URL=url).stdout
    listed = run("doors", "list", "--discarded", DATABASE_URL=url).stdout
    assert "a test request (by Sam on 20" in listed
    assert _state(run, url, "SUP-1") == "discarded"
    assert run("doors", "retry", "SUP-1", DATABASE_URL=url).exit_code == 0
    assert _state(run, url, "SUP-1") == "open"


def test_only_a_parked_request_is_discarded_and_only_with_a_reason(run: Run, url: str) -> None:
    result = run("doors", "discard", "SUP-2", "--reason", "no", DATABASE_URL=url)
    assert "SUP-2 is not parked" in result.stderr
    assert run("doors", "discard", "SUP-1", "--reason", " ", DATABASE_URL=url).exit_code == 1
    assert run("doors", "discard", "SUP-1", DATABASE_URL=url).exit_code == 2
