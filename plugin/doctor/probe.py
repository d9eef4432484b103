"""What a probe is."""

from collections.abc import Callable
from dataclasses import dataclass

from plugin.doctor.line import Group, Line
from plugin.doctor.looks import Looks


@dataclass(frozen=True, slots=True)
class Probe:
    """One assumption. `judge` has what it wants looked at, and says how it is.

    `after` are the probes without which that would be no use; `broken` tells those that come after this one what is
    wrong, as the end of "not looked at, because".
    """

    group: Group
    name: str
    judge: Callable[[Looks], list[Line]]
    after: tuple[str, ...] = ()
    broken: str = ""
