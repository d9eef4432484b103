"""Instants: aware on the way in, UTC on the way out, in the order of time on both databases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError

from plugin.store import Store
from plugin.store.tables import policies

NOON = datetime(2026, 3, 29, 12, 0, 0, 123456, tzinfo=UTC)


def _seen(store: Store, *moments: datetime) -> list[datetime]:
    with store.writing() as tx:
        for number, moment in enumerate(moments):
            tx.execute(policies.insert().values(revision=str(number), first_seen=moment, content={}))
        return [row.first_seen for row in tx.execute(policies.select().order_by("first_seen"))]


def test_an_instant_comes_back_as_utc_to_the_microsecond(store: Store) -> None:
    (seen,) = _seen(store, NOON.astimezone(ZoneInfo("Europe/Berlin")))
    assert seen == NOON
    assert seen.tzinfo == UTC


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="has no time zone: give an aware datetime"):
        _seen(store, NOON.replace(tzinfo=None))


def test_instants_sort_by_time_whatever_their_zone(store: Store) -> None:
    # 02:30 exists twice in the night when summer time ends; only the instant tells the two apart.
    berlin = ZoneInfo("Europe/Berlin")
    early = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    late = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    whole = NOON.replace(microsecond=0)
    seen = _seen(store, late, NOON, early, whole)
    assert seen == [whole, NOON, early.astimezone(UTC), late.astimezone(UTC)]
    assert seen[3] - seen[2] == timedelta(hours=1)
