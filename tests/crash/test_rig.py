"""Killed again and again, at lines of the road and at random moments: nothing is lost, nothing is done twice.

A short run of the rig; the long one is started by hand: python -m tests.crash --help
"""

import random
from pathlib import Path

import pytest

from tests.crash.lines import lines_of_the_road
from tests.crash.rig import rig

LINES, MOMENTS = 8, 8


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
