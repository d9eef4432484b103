"""Going through the probes: each after those that it comes after, and not at all where one of them is broken."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plugin.doctor.kept import TooLong
from plugin.doctor.line import Group, Line, Verdict, unknown
from plugin.doctor.looks import Looks
from plugin.doctor.probe import Probe
from plugin.doctor.probes import PROBES
from plugin.jira.errors import JiraBusy, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.store import StoreError

_WORST_FIRST: Final = (Verdict.WRONG, Verdict.WARNING, Verdict.UNKNOWN, Verdict.OK)
_STANDS: Final = frozenset({Verdict.OK, Verdict.WARNING})

_REPORT: Final = "Look at it by hand, and tell those who make support-contract which version of Jira you have."


@dataclass(frozen=True, slots=True)
class Found:
    """What one probe found."""

    probe: Probe
    lines: tuple[Line, ...]

    @property
    def stands(self) -> bool:
        """Can others build on it? They can where anything of it is as it should be."""
        return any(line.verdict in _STANDS for line in self.lines)


def examine(
    look: Looks,
    groups: Iterable[Group] = (),
    told: Callable[[Probe], None] = lambda _: None,
    probes: Sequence[Probe] = PROBES,
) -> Sequence[Found]:
    """Every probe of these groups (none: of all) in the order of the table; others only as far as they are needed.

    `told` is called before each probe is looked at.
    """
    wanted = set(groups) or set(Group)
    by_name = {probe.name: probe for probe in probes}
    found: dict[str, Found] = {}

    def find(probe: Probe) -> Found:
        if probe.name not in found:
            before = [find(by_name[name]) for name in probe.after]
            why = next((_why(each) for each in before if not each.stands), None)
            if why is None:
                told(probe)
            found[probe.name] = Found(probe, (_skipped(why),) if why else _lines(probe, look))
        return found[probe.name]

    ordered = [find(probe) for probe in probes if probe.group in wanted]
    return sorted(ordered, key=lambda each: list(Group).index(each.probe.group))


def counts(found: Iterable[Found]) -> Mapping[Verdict, int]:
    """How many lines there are of each verdict."""
    verdicts = [line.verdict for each in found for line in each.lines]
    return {verdict: verdicts.count(verdict) for verdict in Verdict}


def _why(found: Found) -> str:
    """Why nothing can be built on it: what is wrong with it, or with what it was to be built on itself."""
    first = found.lines[0]
    return first.sentence if first.verdict is Verdict.SKIPPED else found.probe.broken


def _skipped(why: str) -> Line:
    return Line(Verdict.SKIPPED, why)


def _lines(probe: Probe, look: Looks) -> tuple[Line, ...]:
    try:
        return tuple(sorted(probe.judge(look), key=lambda line: _WORST_FIRST.index(line.verdict)))
    except (LookupError, TypeError, ValueError, AttributeError) as surprise:
        # A Jira that answers otherwise than any that we know: that is one line's trouble, and no other's.
        return (unknown(f"What was answered is not understood ({type(surprise).__name__}).", _REPORT),)
    except (JiraTrouble, StoreError, TooLong) as trouble:
        return (unknown(str(trouble), _remedy(trouble)),)


def _remedy(trouble: Exception) -> str:
    match trouble:
        case JiraBusy():
            return "Jira asks for a pause: run doctor again in some minutes."
        case JiraUnavailable() | TooLong():
            return "Run doctor again; if it stays so, look at Jira's status page or log, and at the network."
        case JiraRefused():
            return "See whether our account may look at it, and whether this Jira has it at all."
    return "See whether the database runs, and whether DATABASE_URL is right."
