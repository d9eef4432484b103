"""When to stop insisting."""

from datetime import timedelta

from plugin.jira.plan import SetFields
from plugin.rewrites import Rewrites
from tests.road.house import FRIDAY


def _edit(tier: str = "premium", decided_at: str = "now") -> SetFields:
    return SetFields(("tier",), {"customfield_1": tier}, {"tier": tier, "decided_at": decided_at, "revision": "r"})


def test_the_same_may_be_written_five_times_within_an_hour() -> None:
    rewrites, now = Rewrites(), FRIDAY
    for minute in range(5):
        assert not rewrites.enough("1", _edit(decided_at=str(minute)), now)
        rewrites.note("1", _edit(decided_at=str(minute)), now)
        now += timedelta(minutes=1)
    assert rewrites.enough("1", _edit(decided_at="later"), now)
    assert not rewrites.enough("2", _edit(), now)
    assert not rewrites.enough("1", _edit("basic"), now)
    assert rewrites.enough("1", _edit(), FRIDAY + timedelta(minutes=59))
    assert not rewrites.enough("1", _edit(), FRIDAY + timedelta(minutes=60))


def test_what_was_written_long_ago_is_not_kept_in_memory() -> None:
    rewrites = Rewrites()
    for number in range(50):
        rewrites.note(str(number), _edit(), FRIDAY)
    rewrites.enough("other", _edit(), FRIDAY + timedelta(hours=2))
    assert rewrites._written == {}
