"""Requests, agreements and policies of every sort, for the laws of the contract."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from plugin.contract.coverage import Calendar
from plugin.contract.decision import AccountRepresentative, Eligibility, PatchEligibility, Reason, Source
from plugin.contract.grants import UNITS, grants
from plugin.contract.ledger import Account, Places
from plugin.contract.model import (
    Appointment,
    Author,
    Comment,
    NoAgreement,
    Person,
    Standing,
    SupportAgreement,
    SupportRequest,
)
from plugin.contract.policy import (
    UNLIMITED,
    AppointmentDays,
    CarryOver,
    Clock,
    ClockStart,
    CountsAsResponse,
    Coverage,
    Inclusion,
    Policy,
    Service,
    Shortage,
    Verdict,
)
from plugin.contract.reminding import Measure, Point, Reminding
from plugin.contract.tables import ANY, AppliesTo, Cited, Row, Table
from tests.plugin.contract.builders import (
    AURORA_ORG,
    BIRCH_ORG,
    CALENDAR,
    JONAS,
    KINDS,
    MIRA,
    POLICY,
    TIERS,
    agreement,
    always,
    at,
    cite,
    contact,
    entitlement,
    package,
    policy,
    table,
)

# Requests

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=3 * 365)).map(lambda passed: at("2025-01-01 00:00") + passed)
STANDINGS = st.builds(Standing, MOMENTS, st.booleans(), st.none() | MOMENTS)

NOT_BOOKED = st.builds(
    SupportRequest,
    id=st.just("10001"),
    key=st.just("SUP-1"),
    raised=MOMENTS,
    raised_by=st.sampled_from([MIRA, JONAS, Person("Ada Brandt")]),
    kind=st.sampled_from(KINDS),
    organizations=st.sampled_from([(), (AURORA_ORG,), (AURORA_ORG, BIRCH_ORG)]),
    product=st.sampled_from([None, "expecco", "ALM", "Toaster"]),
    version=st.sampled_from([None, "25.1", "24.2", "24.1", "25.2", "25", "latest", "2.3", "24.2 beta", "99.1"]),
    environment=st.sampled_from([None, "production", "test"]),
    impact=st.sampled_from([None, "down", "impaired", "minor"]),
    stated_severity=st.sampled_from([None, 1, 2, 3]),
    outcome=st.sampled_from([None, "product_defect", "solved"]),
    amended=st.none() | MOMENTS,
    deleted=st.booleans(),
    standing=st.none() | STANDINGS,
    platform=st.sampled_from([None, "Windows", "Linux, Windows", "Other"]),
    third_party=st.sampled_from([None, "Selenium", "JUnit"]),
    modified=st.sampled_from([None, True, False]),
    ended=st.none() | MOMENTS,
    on_behalf=st.booleans(),
)

AWAY = st.none() | st.integers(-24, 240).map(lambda hours: timedelta(hours=hours))
"""How far from raising an appointment begins or ends; None where that is not given."""


@st.composite
def bookings(draw: st.DrawFn, raised: datetime) -> tuple[Appointment, ...]:
    """Some windows around the time in which a response may be due; at times half given, or the wrong way round."""
    windows = draw(st.lists(st.tuples(AWAY, AWAY), max_size=2))
    moments = [[None if hours is None else raised + hours for hours in window] for window in windows]
    return tuple(Appointment(start, end) for start, end in moments)


@st.composite
def comments(draw: st.DrawFn, raised: datetime) -> tuple[Comment, ...]:
    """A few comments of anybody's around that time, in any order."""
    said = st.tuples(st.integers(-24, 240), st.sampled_from(Author), st.booleans())
    return tuple(
        Comment(str(number), raised + timedelta(hours=hours), by, public)
        for number, (hours, by, public) in enumerate(draw(st.lists(said, max_size=3)), 1)
    )


@st.composite
def requests(draw: st.DrawFn) -> SupportRequest:
    """A request with what was booked and said on it."""
    asked = draw(NOT_BOOKED)
    return replace(asked, appointments=draw(bookings(asked.raised)), comments=draw(comments(asked.raised)))


REQUESTS = requests()

# Agreements

ENTITLEMENTS = st.builds(
    entitlement,
    tier=st.sampled_from(TIERS),
    licenses=st.integers(1, 3),
    product=st.sampled_from(["expecco", "expecco-alm"]),
    during=st.sampled_from(["2026", "2025", "2026-07-01 2026-12-31", "2025-01-01 2027-12-31"]),
    free=st.booleans(),
)
PACKAGES = st.sampled_from(
    [
        [],
        [package(3, "2025-11-01 2026-04-30")],
        [package(2, "2026-02-01 2026-05-31", "PO-1"), package(5, "2026-02-01 2027-01-31", "PO-2")],
    ]
)
AGREEMENTS = st.builds(
    lambda entitlements, terms, contacts, packages, named: replace(
        agreement(*entitlements, terms=terms, contacts=contacts, packages=packages), account_representative=named
    ),
    st.lists(ENTITLEMENTS, min_size=1, max_size=3),
    st.sampled_from([["2026"], ["2025", "2026"], ["2025-07-01 2027-06-30"]]),
    st.sampled_from([[], [contact()], [contact(during="2026-06-01 2026-11-30")]]),
    PACKAGES,
    st.sampled_from([None, AccountRepresentative("Nora Quist", "nora", Source("agreements/aurora.yaml", 25))]),
)
SIGNED = AGREEMENTS | st.just(NoAgreement()) | st.just(NoAgreement(("Aurora Robotics", "Birch"))) | st.none()

# Policies

SEVERITIES = ("1", "2", "3")
CALENDARS = {
    "business": CALENDAR,
    "lunch": Calendar.from_week(
        "Europe/Berlin",
        {day: [("08:00", "12:00"), ("13:00", "18:00")] for day in ("mon", "wed", "sat")},
        closed={date(2026, 12, 26): "Boxing Day"},
        name="lunch",
    ),
    "nights": Calendar.from_week(
        "America/Havana", {day: [("20:00", "06:00")] for day in ("fri", "sun")}, name="nights"
    ),
    "always": Calendar.from_week(
        "UTC", {day: [("00:00", "24:00")] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}, name="always"
    ),
}
REMINDINGS = st.builds(
    Reminding,
    st.lists(
        st.sampled_from(
            [
                Point(Measure.PART, percent=50),
                Point(Measure.PART, percent=90),
                Point(Measure.BEFORE, before=timedelta(hours=1)),
                Point(Measure.OVERDUE),
            ]
        ),
        unique=True,
        max_size=3,
    ).map(tuple),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "highest"]),
)
HOURS = st.none() | st.integers(0, 72).map(lambda number: timedelta(hours=number))
"""A response time; None where none is promised."""


@st.composite
def tables(
    draw: st.DrawFn,
    clause: str,
    file: str,
    cases: Sequence[dict[str, str]],
    values: st.SearchStrategy[Any],
    applies_to: Sequence[AppliesTo] = (AppliesTo.RAISED,),
) -> Table[Any]:
    """A row for some of these cases, some of them with another from a day on, and a last row for all the others.

    `applies_to` are the requests to which a row with a day may apply.
    """
    rows: list[Row[Any]] = []

    def add(when: Iterable[tuple[str, str]], since: date, applies_to: AppliesTo) -> None:
        place = cite(clause, file, len(rows) + 1)
        rows.append(Row(tuple(when), Cited(draw(values), place, since, applies_to)))

    for case in draw(st.lists(st.sampled_from(cases), max_size=6, unique_by=lambda each: tuple(each.values()))):
        add(case.items(), date.min, AppliesTo.RAISED)
        if draw(st.booleans()):
            since = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
            add(case.items(), since, draw(st.sampled_from(applies_to)))
    add(((name, ANY) for name in cases[0]), date.min, AppliesTo.RAISED)
    return Table(tuple(rows))


def _cases(**words: Sequence[str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{}]
    for name, known in words.items():
        found = [{**case, name: word} for case in found for word in known]
    return found


SERVICES = st.builds(Service, st.sampled_from([Inclusion.YES, Inclusion.GUIDANCE]), st.none()) | st.builds(
    Service, st.just(Inclusion.NO), st.none() | st.just("question")
)
CARRY_OVERS = st.builds(CarryOver, st.sampled_from([None, 0, 2, 7, UNLIMITED]), st.integers(1, 15))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy that says anything at all in every table, as far as the check of the mapping files lets it."""
    products = [product.id for product in POLICY.products]
    return policy(
        revision="random",
        calendars=CALENDARS,
        response_targets=draw(tables("C2", "tiers.yaml", _cases(tier=TIERS, severity=SEVERITIES), HOURS)),
        coverage=draw(
            tables(
                "C3",
                "coverage.yaml",
                _cases(tier=TIERS),
                st.builds(Coverage, st.sampled_from(sorted(CALENDARS)), st.sampled_from(Clock)),
            )
        ),
        appointments=draw(tables("C3", "coverage.yaml", _cases(tier=TIERS), st.sampled_from(AppointmentDays))),
        clock_starts=draw(tables("C2", "coverage.yaml", [{}], st.sampled_from(ClockStart))),
        counts_as_response=draw(tables("C2", "coverage.yaml", [{}], st.builds(CountsAsResponse))),
        reminders=draw(tables("C2", "tiers.yaml", _cases(tier=TIERS, severity=SEVERITIES), REMINDINGS)),
        contact_limits=draw(
            tables("C4", "tiers.yaml", _cases(tier=TIERS), st.sampled_from([None, 0, 1, 2, UNLIMITED]))
        ),
        severity_table=draw(
            tables(
                "C18",
                "severities.yaml",
                _cases(kind=KINDS, environment=("production", "test", "untold"), impact=("down", "impaired", "untold")),
                st.integers(1, 3),
            )
        ),
        supported_lines=draw(tables("C21", "releases.yaml", _cases(product=products), st.integers(1, 4))),
        grace=draw(tables("C21", "releases.yaml", _cases(product=products), st.sampled_from([0, 30, 400]).map(_days))),
        fixes=draw(
            tables(
                "C30",
                "releases.yaml",
                _cases(kind=KINDS, severity=SEVERITIES, line=("supported", "other")),
                st.sampled_from(PatchEligibility),
            )
        ),
        services=draw(tables("C7", "tiers.yaml", _cases(tier=TIERS, kind=KINDS), SERVICES)),
        priorities=draw(
            tables(
                "C8",
                "tiers.yaml",
                _cases(tier=TIERS, severity=SEVERITIES),
                st.sampled_from([None, "highest", "high", "medium"]),
            )
        ),
        representatives=draw(tables("C11", "tiers.yaml", _cases(tier=TIERS), st.booleans())),
        verdicts=draw(
            tables(
                "C28",
                "eligibility.yaml",
                _cases(reason=[str(reason) for reason in Reason]),
                st.builds(Verdict, st.sampled_from(Eligibility), st.booleans()),
            )
        ),
        **draw(_units()),
    )


def _days(number: int) -> timedelta:
    return timedelta(days=number)


@st.composite
def _units(draw: st.DrawFn) -> dict[str, Table[Any]]:
    """What is granted, carried over, charged and refunded."""
    return {
        "grants": draw(tables("C9", "credits.yaml", _cases(tier=TIERS, unit=UNITS), st.integers(0, 6))),
        "carry_over": draw(tables("C9", "credits.yaml", _cases(tier=TIERS, unit=UNITS), CARRY_OVERS)),
        "costs": draw(
            tables("C9", "credits.yaml", _cases(kind=KINDS, severity=SEVERITIES, unit=UNITS), st.integers(0, 3))
        ),
        "shortage": draw(tables("C9", "credits.yaml", _cases(kind=KINDS), st.sampled_from(Shortage))),
        "refunds": draw(tables("C9", "credits.yaml", _cases(outcome=("product_defect", "solved")), st.booleans())),
    }


@st.composite
def fair_policies(draw: st.DrawFn) -> Policy:
    """A policy in which no tier is better than a higher one: in response times, and in what may be asked for.

    All tiers share their hours, and credits stop nothing: a tier that includes more costs more.
    """

    def targets(since: date) -> list[Row[Any]]:
        rows = []
        for severity in SEVERITIES:
            drawn = draw(st.lists(HOURS, min_size=3, max_size=3))
            hours = sorted(drawn, key=lambda each: _NEVER if each is None else each)
            for tier, within in zip(TIERS, hours, strict=True):
                when = (("tier", tier), ("severity", severity))
                rows.append(Row(when, Cited(within, cite("C2", "tiers.yaml"), since)))
        return rows

    services = []
    for kind in KINDS:
        first_without = draw(st.integers(0, len(TIERS)))
        instead = draw(st.sampled_from([None, "question"]))
        for number, tier in enumerate(TIERS):
            said = Service(Inclusion.YES, None) if number < first_without else Service(Inclusion.NO, instead)
            services.append(({"tier": tier, "kind": kind}, said))
    coverage = st.builds(Coverage, st.sampled_from(sorted(CALENDARS)), st.sampled_from(Clock))
    later = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    return policy(
        revision="fair",
        calendars=CALENDARS,
        response_targets=Table((*targets(date.min), *targets(later))),
        coverage=draw(tables("C3", "coverage.yaml", [{}], coverage)),
        clock_starts=draw(tables("C2", "coverage.yaml", [{}], st.sampled_from(ClockStart))),
        services=table("C7", "tiers.yaml", *services),
        shortage=always(Shortage.ACCEPT_AND_FLAG),
    )


_NEVER = timedelta.max


@st.composite
def accounts(draw: st.DrawFn) -> Policy:
    """The usual policy with other tables for credits and training sessions."""
    return policy(revision="random", **draw(_units()))


POLICIES = st.builds(
    lambda start, mode: policy(clock_starts=always(start), shortage=always(mode)),
    st.sampled_from(list(ClockStart)),
    st.sampled_from(list(Shortage)),
)
"""The usual policy, but for from when the clock runs and what is done when credits are short."""


# What `decide` takes

Given = tuple[SupportRequest, SupportAgreement | NoAgreement | None, Policy, datetime, Places]
"""What `decide` takes, in its order."""


@st.composite
def spent(draw: st.DrawFn, signed: SupportAgreement | NoAgreement | None, under: Policy) -> Places:
    """Some of what is granted is consumed by other requests, at times more than there is (after a correction)."""
    if not isinstance(signed, SupportAgreement):
        return {}
    lots = [each.lot for unit in UNITS for each in grants(signed, under, at("2027-12-31 00:00").date(), unit)]
    return {(lot, Account.CONSUMED): draw(st.sampled_from([0, 1, 16, 31, 32, 40, 96])) for lot in lots}


@st.composite
def cases(draw: st.DrawFn, policies: st.SearchStrategy[Policy] = POLICIES) -> Given:
    """A request, the agreement that fits it, a policy, the moment of deciding, and what others have used."""
    asked, signed, under = draw(REQUESTS), draw(SIGNED), draw(policies)
    now = asked.raised + draw(st.timedeltas(timedelta(0), timedelta(days=400)))
    return asked, signed, under, now, draw(spent(signed, under))
