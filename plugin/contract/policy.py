"""The vendor's standard terms as tables: everything that an admin can change, at one revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from plugin.contract.coverage import Calendar
from plugin.contract.decision import Citation, Eligibility, PatchEligibility
from plugin.contract.reminding import Reminding
from plugin.contract.tables import Table

T = TypeVar("T")


class Unlimited(Enum):
    """The quantity without an end. It is neither 0 nor none."""

    UNLIMITED = "unlimited"


UNLIMITED: Final = Unlimited.UNLIMITED
Quantity = int | Unlimited | None
"""None is "none at all", a number is that many, UNLIMITED has no end: three different values."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the contract: its title, and its wording as explanations quote it."""

    title: str
    says: str


class Clock(StrEnum):
    """How a response time counts (C2): hours of covered time, or hours by the clock on the wall."""

    COVERAGE = "coverage"
    ELAPSED = "elapsed"


class ClockStart(StrEnum):
    """From when the response time runs: always from raising, or from when the customer did what was needed first."""

    RAISED = "raised"
    ELIGIBLE = "eligible"


@dataclass(frozen=True, slots=True)
class CountsAsResponse:
    """What counts as the first response (C2) beside a public comment that an agent writes once the time runs.

    `early`: one that they wrote before; `withdrawn`: one that was deleted since, or hidden from the customer;
    `resolved`: that the request was resolved without any; `on_behalf`: that an agent raised it for the customer.
    """

    early: bool
    withdrawn: bool
    resolved: bool
    on_behalf: bool


class AppointmentDays(StrEnum):
    """On which days a tier grants booked appointments (C3): on any, on those that have opening hours, or never."""

    ANY_DAY = "any day"
    OPENING_DAYS = "opening days"
    NONE = "none"

    def include(self, day: date, calendar: Calendar) -> bool:
        """Is an appointment granted on this date of the calendar's zone?"""
        match self:
            case AppointmentDays.ANY_DAY:
                return True
            case AppointmentDays.OPENING_DAYS:
                return calendar.opens_on(day)
            case _:
                return False


class Shortage(StrEnum):
    """What to do with a request that costs more credits than are left (C9)."""

    ACCEPT_AND_FLAG = "accept_and_flag"
    HOLD = "hold"
    REFUSE = "refuse"


class Inclusion(StrEnum):
    """Whether a tier includes a kind of request (C5 to C10): wholly, as guidance on how to do it (C14), or not."""

    YES = "yes"
    GUIDANCE = "guidance"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Service:
    """What a tier says to a kind of request. `instead`: the kind that one which is not included is helped with as."""

    included: Inclusion
    instead: str | None


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What is left at the end of an agreement year, carried into the next one (C9).

    At most `most` whole units (UNLIMITED: all of them, None: nothing), usable for `months` months from then on.
    """

    most: Quantity
    months: int


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of support (C1): its id, its name, and other names it goes by."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Severity:
    """A level of business impact (C18 to C20): 1 is the gravest."""

    level: int
    name: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request, such as a fault or a question."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """Versions that share a lifecycle (C21), released to everybody on `released`."""

    name: str
    released: date
    cites: Citation


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its release lines, oldest first. The order is that of the list, never of the numbers."""

    id: str
    name: str
    aliases: tuple[str, ...]
    lines: tuple[ReleaseLine, ...]
    cites: Citation

    def released_by(self, day: date) -> tuple[ReleaseLine, ...]:
        """The lines that were out on that day, oldest first."""
        return tuple(line for line in self.lines if line.released <= day)


@dataclass(frozen=True, slots=True)
class Platform:
    """A system that a product runs on (C29), by its name and others it goes by. `minimum`: what it has to have."""

    name: str
    aliases: tuple[str, ...]
    supported: bool
    minimum: str | None


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """Software of others that the products work with (C26), by its name and others it goes by."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which calendar a tier's response times run in, and how they count (C2, C3)."""

    calendar: str
    clock: Clock


class Mode(StrEnum):
    """How a reply gets to the customer: it is sent, or drafted for an agent, who sends it or does not."""

    SEND = "send"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a reason: the eligibility, whether the customer is told, and how."""

    eligibility: Eligibility
    reply: bool
    mode: Mode = Mode.SEND


@dataclass(frozen=True, slots=True)
class Policy:
    """All mapping files at one revision. Tables are keyed by the words named beside them; tiers stand best first."""

    revision: str
    zone: ZoneInfo
    tiers: tuple[Tier, ...]
    severities: tuple[Severity, ...]
    kinds: tuple[Kind, ...]
    products: tuple[Product, ...]
    calendars: Mapping[str, Calendar]
    response_targets: Table[timedelta | None]  # tier, severity
    contact_limits: Table[Quantity]  # tier
    coverage: Table[Coverage]  # tier
    appointments: Table[AppointmentDays]  # tier
    clock_starts: Table[ClockStart]  # (none)
    counts_as_response: Table[CountsAsResponse]  # (none)
    reminders: Table[Reminding]  # tier, severity
    severity_table: Table[int]  # kind, environment, impact
    supported_lines: Table[int]  # product
    grace: Table[timedelta]  # product
    fixes: Table[PatchEligibility]  # kind, severity, line
    platforms: Table[Platform]  # product, platform
    third_party: Table[ThirdParty]  # (none): every row applies
    services: Table[Service]  # tier, kind
    priorities: Table[str | None]  # tier, severity; None leaves it as the help desk has it
    representatives: Table[bool]  # tier
    verdicts: Table[Verdict]  # reason
    grants: Table[int]  # tier, unit
    carry_over: Table[CarryOver]  # tier, unit
    costs: Table[int]  # kind, severity, unit
    shortage: Table[Shortage]  # kind
    refunds: Table[bool]  # outcome
    rules: Mapping[str, Citation]
    """What a rule cites where it speaks of the rule itself: a row of `eligibility.yaml` each."""
    clauses: Mapping[str, Clause]
    """What the contract says, by the names that values cite: `C1`, `C2`."""

    def day(self, moment: datetime) -> date:
        """The vendor's date at that moment."""
        return moment.astimezone(self.zone).date()

    def tier_named(self, word: str) -> Tier | None:
        """The tier with that id, name or alias, in any case."""
        return _named(word, ((tier, (tier.id, tier.name, *tier.aliases)) for tier in self.tiers))

    def tier(self, tier_id: str) -> Tier:
        """The tier with exactly that id. Raises KeyError otherwise."""
        return {tier.id: tier for tier in self.tiers}[tier_id]

    def kind(self, kind_id: str) -> Kind:
        """The kind with exactly that id. Raises KeyError otherwise."""
        return {kind.id: kind for kind in self.kinds}[kind_id]

    def product_named(self, word: str) -> Product | None:
        """The product with that id, name or alias, in any case."""
        return _named(word, ((each, (each.id, each.name, *each.aliases)) for each in self.products))


def _named(word: str, entries: Iterable[tuple[T, tuple[str, ...]]]) -> T | None:
    wanted = " ".join(word.split()).casefold()
    return next((entry for entry, names in entries if wanted in {name.casefold() for name in names}), None)
