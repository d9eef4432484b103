"""A row that applies to open requests, on the road: from its day on for those still open, never for those resolved."""

from pathlib import Path

import pytest

from plugin.mappings.load import load
from plugin.sandbox import Flavour, seed
from plugin.sandbox.records import Issue
from plugin.store import Store, decisions
from tests.plugin.mappings.broken import copy_of_shipped, replaced
from tests.road.clauses import due, to_the_minute
from tests.road.house import House, house
from tests.road.play import every_decision_is_decided_again

PREMIUM = "  - {tier: premium, severity: 1, within: 8 h, cites: C2}\n"


@pytest.mark.parametrize("flavour", Flavour)
def test_a_promise_gets_shorter_on_its_day_for_whoever_still_waits(
    store: Store, flavour: Flavour, tmp_path: Path
) -> None:
    """The files are there on Friday, the row begins on Monday; what is resolved on Friday keeps its eight hours."""
    directory = copy_of_shipped(tmp_path)
    row = PREMIUM.replace("8 h", "6 h").replace("}", ", from: 2026-11-23, applies_to: open}")
    replaced(directory, "tiers.yaml", PREMIUM, PREMIUM + row)
    with house(store, seed(flavour)) as home:
        loaded = load(directory).mappings
        assert loaded is not None
        home.mappings = home.accounted(loaded)
        waits, resolved, later = home.raised(), home.raised(), home.raised()
        home.settle()
        assert shown(home, waits, resolved, later) == [due(waits.created, 8)] * 3

        home.transition(resolved, "Resolve this issue", "Done")
        home.settle()
        home.clock.advance(days=3)
        home.reconcile()
        home.settle()
        assert shown(home, waits, resolved, later) == [due(waits.created, hours) for hours in (6, 8, 6)]

        # Resolved or opened again, it keeps what was in force when it was open last.
        home.transition(later, "Resolve this issue", "Done")
        home.transition(resolved, "Reopen")
        home.settle()
        home.clock.advance(days=30)
        home.reconcile()
        home.settle()
        assert shown(home, waits, resolved, later) == [due(waits.created, 6)] * 3

        every_decision_is_decided_again(home)
        with home.store.reading() as tx:
            ended = [each.content["ended"] is not None for each in decisions.kept(tx, resolved.id)]
        assert ended == [False, True, False]
        home.forget_traffic()
        for issue in (waits, resolved, later):
            home.knock(issue)
        home.settle()
        assert home.writes() == []


def shown(home: House, *issues: Issue) -> list[object]:
    return [to_the_minute(home.shows(issue, "Response due")) for issue in issues]
