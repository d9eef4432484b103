"""Charts: nothing sticks out of the box, whatever the numbers are."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.ledger import EntryKind
from plugin.contract.statement import Month
from plugin.overview.burndown import burn_down
from tests.plugin.overview.test_burndown import BERLIN, GRANT, TODAY, YEAR, line
from webhooks.admin.charts import BOTTOM, LEFT, RIGHT, TOP, columns, slope

MONTHS = [Month(2026, number) for number in range(1, 13)]


@given(st.lists(st.tuples(st.integers(0, 233), st.integers(-500, 500)), max_size=9))
def test_a_slope_stays_in_its_box(moves: list[tuple[int, int]]) -> None:
    lines = [GRANT] + [
        line(number, YEAR.first + timedelta(days=after), EntryKind.CORRECT, units)
        for number, (after, units) in enumerate(moves, start=2)
    ]
    drawn = slope(burn_down(lines, YEAR, TODAY, (), BERLIN))
    assert all(TOP <= dot.y <= BOTTOM and LEFT <= dot.x <= RIGHT for dot in drawn.dots)
    assert all(LEFT <= float(x) <= RIGHT for x in re.findall(r"H([-\d.]+)", drawn.area))
    assert all(TOP <= float(y) <= BOTTOM for y in re.findall(r"V([-\d.]+)", drawn.area))


def test_what_expires_falls_when_its_day_is_over() -> None:
    told = burn_down([GRANT, line(2, date(2026, 6, 30), EntryKind.EXPIRE, -96)], YEAR, TODAY, (), BERLIN)
    drawn = slope(told)
    july = next(mark for mark in drawn.months if mark.day == date(2026, 7, 1))
    assert drawn.dots[-1].kind == "expired"
    assert drawn.dots[-1].x == july.at


@given(st.lists(st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 10_000)), max_size=6))
def test_columns_stand_on_each_other_within_the_box(rows: list[dict[Month, int]]) -> None:
    drawn = columns(MONTHS, rows)
    assert all(block.y >= TOP - 0.2 and block.y + block.height <= BOTTOM + 0.2 for block in drawn.blocks)
    assert all(block.x >= LEFT and block.x + block.width <= RIGHT for block in drawn.blocks)
    assert len(drawn.ticks) <= 7
