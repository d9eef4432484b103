"""A backfill under way: the requests that were surveyed, gone through one by one and slowly, each by its door.

A running service works on beside it, on the same database: a webhook meanwhile is nothing special, and what a run that
was killed has begun is finished by the service or by the next run.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from plugin.jira.errors import JiraBusy, JiraGone, JiraHitch, JiraLockedOut, JiraRefused, JiraUnavailable
from plugin.jira.fields import FieldsMissing
from plugin.pause import wait_after
from plugin.store import backfills
from plugin.store.backfills import Order
from plugin.store.engine import Store
from plugin.survey import Steps
from plugin.troubles import NotKept
from plugin.worker import LeaseLost, Worker

PATIENCE: Final = timedelta(minutes=10)
"""How long a Jira that is away is waited for before a run ends; it goes on when it is started again."""

IN_A_ROW: Final = 10
"""So many requests in a row that cannot be written to have the same trouble: somebody has to look into it first."""

INSIDE: Final = 2.0
"""Seconds to wait when nothing is left but requests that a worker of the service is looking at."""


class StoppedEarly(Exception):
    """A backfill that ended before it was through; the text says why. Started again it goes on."""


@dataclass(frozen=True, slots=True)
class Through:
    """A request that a backfill has gone through; `trouble` is what was not done, None where all is well.

    `gone`: there is nothing to be done any more.
    """

    key: str
    trouble: str | None = None
    gone: bool = False


def go_through(
    worker: Worker,
    store: Store,
    order: Order,
    clock: Callable[[], datetime],
    steps: Steps,
    tell: Callable[[str], None],
    patience: timedelta = PATIENCE,
) -> Iterator[Through]:
    """Look at every request that is left of the order, and write what differs; what it came to, one by one.

    What was begun and not finished by a run that was killed is finished by this one, or by the running service.

    Raises:
        StoppedEarly: when Jira is away for too long, or nothing can be written to it.
        JiraLockedOut, FieldsMissing, Forgotten, StoreError: when nothing can be worked until somebody acts.
    """
    with store.reading() as tx:
        left = deque(backfills.to_do(tx, order))
    failures, since, in_a_row, inside = 0, clock(), 0, 0
    while left:
        each, outcome = left.popleft(), None
        steps.wait()
        try:
            entered = worker.look_at(each.request_id, each.request_key)
        except LeaseLost:
            entered = False
        except (JiraLockedOut, FieldsMissing):
            raise
        except (JiraBusy, JiraUnavailable) as trouble:
            now, failures = clock(), failures + 1
            if now - since > patience:
                stays = f"{trouble} It has been so since {since:%H:%M} UTC."
                if left:
                    raise StoppedEarly(stays) from None
                yield Through(each.request_key, stays)
                continue
            # After the next one, whose success would tell that Jira breaks on this one only.
            left.insert(0 if isinstance(trouble, JiraBusy) else 1, each)
            due = min(trouble.retry_at or now + wait_after(failures), now + patience)
            tell(f"{trouble} Tried again at {due:%H:%M:%S} UTC.")
            steps.sleep(max(0.0, (due - now).total_seconds()))
            continue
        except JiraGone:
            entered, outcome = True, "It is not there any more, or hidden from our account."
        except (JiraRefused, JiraHitch, NotKept) as trouble:
            failures, since, in_a_row = 0, clock(), in_a_row + 1
            yield Through(each.request_key, str(trouble))
            if in_a_row >= IN_A_ROW:
                raise StoppedEarly(
                    f"{in_a_row} requests in a row could not be written to, at last: {trouble}"
                ) from None
            continue
        failures, since = 0, clock()
        if not entered:
            # A worker of the service is looking at it: it comes up again after the others.
            left.append(each)
            inside += 1
            if inside >= len(left):
                inside = 0
                steps.sleep(INSIDE)
            continue
        in_a_row = inside = 0
        with store.writing() as tx:
            backfills.done(tx, order, each.request_id, clock())
        yield Through(each.request_key, outcome, gone=outcome is not None)
    with store.writing() as tx:
        backfills.end(tx, order, clock())
