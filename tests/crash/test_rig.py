"""Killed again and again, out of disk, out of database: nothing is lost, nothing is done twice.

Short runs of the rig; the long one is started by hand: python -m tests.crash --help
"""

import json
import random
from pathlib import Path

import pytest

from tests.crash.lines import lines_of_the_road
from tests.crash.nodes import wait_for
from tests.crash.rig import Rig, rig
from tests.postgres import Postgres

LINES, MOMENTS = 5, 6


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
            wait_for(lambda: _a_look_was_put_off(running), "a worker to meet the full disk", tmp_path / "one.log")
            answer = running.deliver("large", large.encode())
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        running.comes_to_rest()
    print(running.figures)


def _a_look_was_put_off(running: Rig) -> bool:
    """Let somebody do something that leads to a new decision; the knock is ours, since no webhook is taken."""
    running.somebody_does_something()
    for issue in running.people.living:
        running.home.knock(issue)
    return any("look put off" in line and "disk is full" in line for line in running.log.splitlines())


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
