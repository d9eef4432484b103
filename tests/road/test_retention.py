"""A request whose history was forgotten is a request like any other when somebody comes back to it."""

from datetime import timedelta

from plugin.store.retention import forget
from tests.road.house import House


def test_a_request_opened_again_after_years_costs_nothing_more(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.transition(issue, "Resolve this issue", "Done")
    home.settle()
    home.clock.advance(days=1200)
    with home.store.writing() as tx:
        assert forget(tx, home.clock() - timedelta(days=1000)) == 1
    home.transition(issue, "Reopen")
    home.settle()

    assert home.holders(issue) == {"aurora-robotics": 1}
    assert home.sums_to_zero()
    assert home.parked() == []
