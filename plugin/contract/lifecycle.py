"""Which release lines are supported on a day, and until when (C13, C21): the newest ones, and for a grace period those
that the last releases have pushed out.

The order of release lines is that of the list, never of the numbers.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from plugin.contract.policy import Policy, Product, ReleaseLine
from plugin.contract.tables import AsOf, Cited


@dataclass(frozen=True, slots=True)
class LineState:
    """What becomes of a line, seen from one day.

    `current`: among the newest that are supported. `last_day`: the last on which it is supported, None where no listed
    release ends that. `supported` on the day: current, or within the grace period. `leaves`: the next release ends it.
    """

    line: ReleaseLine
    released: bool
    current: bool
    supported: bool
    leaves: bool
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A product's lines on a day, oldest first; `upcoming` is the next release that the list knows of."""

    product: Product
    states: tuple[LineState, ...]
    upcoming: ReleaseLine | None
    count: Cited[int]
    grace: Cited[timedelta]

    @property
    def current(self) -> tuple[ReleaseLine, ...]:
        """The lines that are supported without any grace, oldest first."""
        return tuple(state.line for state in self.states if state.current)

    def state_of(self, line: ReleaseLine) -> LineState:
        """What becomes of this line, which has to be one of the product's."""
        return next(state for state in self.states if state.line == line)


def lifecycle(product: Product, policy: Policy, when: date | AsOf) -> Lifecycle:
    """The product's lines on that day, or on the day a request was raised, by the numbers in force for it.

    A release on a day counts from the start of that day. Grace begins with it: of 30 days it is the first.

    Raises:
        LookupError: when no row fits; the check of the mapping files prevents it.
    """
    count, grace = policy.supported_lines.find(when, product=product.id), policy.grace.find(when, product=product.id)
    if count is None or grace is None:
        raise LookupError(f"releases.yaml does not say how many lines of {product.id} are supported, or the grace")
    day = AsOf.of(when).raised
    lines, out = product.lines, len(product.released_by(day))
    upcoming = lines[out] if out < len(lines) else None
    # A release that is not listed yet will be of one line.
    arriving = sum(line.released == upcoming.released for line in lines[out:]) if upcoming else 1
    states = []
    for number, line in enumerate(lines):
        pushed_out_by = number + count.value
        ends = lines[pushed_out_by].released + grace.value - _DAY if pushed_out_by < len(lines) else None
        released = number < out
        current = released and pushed_out_by >= out
        supported = released and (ends is None or day <= ends)
        states.append(LineState(line, released, current, supported, current and pushed_out_by < out + arriving, ends))
    return Lifecycle(product, tuple(states), upcoming, count, grace)


_DAY = timedelta(days=1)
