"""Killed again and again, out of disk, out of database: nothing is lost, nothing is done twice.

Short runs of the rig; the long one is started by hand: python -m tests.crash --help
"""

import json
import random
from pathlib import Path

import pytest

from tests.crash.lines import lines_of_the_road
from tests.crash.rig import rig
from tests.postgres import Postgres

LINES, MOMENTS = 6, 6


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_acknowledged_webhook_leads_to_the_right_fields_one_reply_and_one_charge(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    with rig(url, tmp_path) as running:
        running.kill_at(random.Random(kind).sample(lines_of_the_road(), LINES))
        running.comes_to_rest()
        running.kill_anywhere(MOMENTS)
        running.comes_to_rest()
    print(running.figures)
    assert running.figures.kills > MOMENTS
    assert running.figures.repeated > 0


def test_a_disk_that_is_full_for_a_while_costs_nothing_but_the_while(sqlite_url: str, tmp_path: Path) -> None:
    large = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": "SUP-1", "x": "x" * 20_000}})
    with rig(sqlite_url, tmp_path) as running:
        running.all_are_up()
        running.goes_on(1.0)
        with running.full_disk():
            running.goes_on(2.0)
            answer = running.deliver("large", large.encode())
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        running.comes_to_rest()
    print(running.figures)
    said = running.log
    assert "database or disk is full" in said
    # Workers met it too.
    assert "look put off" in said or "worker cannot work" in said


def test_a_postgresql_that_is_away_for_a_while_costs_nothing_but_the_while(
    postgres_server: Postgres, postgres_url: str, tmp_path: Path
) -> None:
    with rig(postgres_url, tmp_path) as running:
        for abruptly in (True, False):
            running.all_are_up()
            running.goes_on(1.0)
            with postgres_server.away(abruptly):
                running.goes_on(0.5)
        running.comes_to_rest()
    print(running.figures)
    assert running.figures.kills == 0
    assert "worker cannot work" in running.log
