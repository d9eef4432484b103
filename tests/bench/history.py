"""Does one look cost more, the more there were before?"""

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from plugin.contract.model import Organization, Person, SupportRequest
from plugin.jira.read import Shown
from plugin.look import Seen, settle
from plugin.mappings.load import Mappings
from plugin.store import open_store

RAISED = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def request(number: int) -> SupportRequest:
    """A question of Aurora Robotics', in order in every respect."""
    return SupportRequest(
        id=str(number),
        key=f"SUP-{number}",
        raised=RAISED,
        raised_by=Person("Mira Castellan", None, "mira.castellan@aurora-robotics.example"),
        kind="question",
        organizations=(Organization("11", "Aurora Robotics"),),
        product="expecco",
        version="26.1",
    )


def looks(mappings: Mappings, before: int, measured: int = 200) -> tuple[float, float]:
    """Milliseconds for one look's decision and bookings: in an empty store, and after so many other requests."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/history.sqlite3")
        store.migrate()
        aurora = next(each for each in mappings.agreements if each.customer == "aurora-robotics")
        # Enough credits for all of them.
        rich = replace(aurora, entitlements=(replace(aurora.entitlements[0], licenses=100_000),))

        def look(first: int, count: int) -> float:
            begun = time.perf_counter()
            for number in range(first, first + count):
                with store.writing() as tx:
                    seen = Seen(request(number), Shown({}, None, "Waiting for support"), rich)
                    settle(tx, seen, mappings, RAISED + timedelta(seconds=number))
            return (time.perf_counter() - begun) / count * 1000

        early = look(0, measured)
        look(measured, before)
        late = look(measured + before, measured)
        store.close()
    return early, late
