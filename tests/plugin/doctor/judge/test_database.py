"""The database, judged."""

from pathlib import Path

import pytest

from plugin.doctor.judge import database
from plugin.doctor.line import Verdict
from plugin.store import StoreUnavailable
from plugin.store.engine import Schema

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
MB = 1_000_000


def test_one_that_is_not_there_yet_is_no_fault() -> None:
    assert database.answers("SQLite x", None, is_there=True)[0].verdict is OK
    assert database.answers("SQLite x", None, is_there=False)[0].verdict is WARNING
    assert database.answers("", StoreUnavailable("PostgreSQL does not answer."), is_there=False)[0].verdict is WRONG


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Schema("m2", "m2", is_newer=False, moved_to=None), OK),
        (Schema("m1", "m2", is_newer=False, moved_to=None), WARNING),
        (Schema(None, "m2", is_newer=False, moved_to=None), WARNING),
        (Schema("m9", "m2", is_newer=True, moved_to=None), WRONG),
        (Schema("m2", "m2", is_newer=False, moved_to="PostgreSQL contract"), WRONG),
    ],
)
def test_its_release_is_told(found: Schema, verdict: Verdict) -> None:
    assert database.schema(found)[0].verdict is verdict


@pytest.mark.parametrize(("free", "verdict"), [(None, OK), (900, OK), (500, WARNING), (199, WRONG)])
def test_room_is_told_before_it_is_needed(free: int | None, verdict: Verdict) -> None:
    [line] = database.room(None if free is None else free * MB, 200 * MB, Path("/var/lib"))
    assert line.verdict is verdict


def test_who_else_may_read_it_is_told() -> None:
    assert [database.mode(bits, "store")[0].verdict for bits in (0o640, 0o600, 0o644, None)] == [OK, OK, WARNING, OK]


def test_what_it_forgot_is_told_with_what_to_do() -> None:
    assert database.gap(None)[0].verdict is OK
    [line] = database.gap("On SUP-7 Jira shows more. Run it again.")
    assert (line.verdict, line.sentence, line.remedy) == (WRONG, "On SUP-7 Jira shows more.", "Run it again.")
