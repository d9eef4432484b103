"""A policy with the contract's real numbers, agreements and requests from plain values; invented people and hosts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from plugin.contract.case import Case, case_of
from plugin.contract.coverage import Calendar
from plugin.contract.decision import Citation, Eligibility, PatchEligibility, Reason, Source
from plugin.contract.model import (
    Appointment,
    AuthorizedModification,
    Entitlement,
    NamedContact,
    NoAgreement,
    Organization,
    Package,
    Person,
    SupportAgreement,
    SupportRequest,
    Term,
)
from plugin.contract.policy import (
    UNLIMITED,
    AppointmentDays,
    CarryOver,
    Clause,
    Clock,
    ClockStart,
    CountsAsResponse,
    Coverage,
    Inclusion,
    Kind,
    Platform,
    Policy,
    Product,
    ReleaseLine,
    Service,
    Severity,
    Shortage,
    ThirdParty,
    Tier,
    Verdict,
)
from plugin.contract.reminding import Measure, Point, Reminding
from plugin.contract.tables import ANY, Cited, Row, Table

T = TypeVar("T")

BERLIN = ZoneInfo("Europe/Berlin")
MIRA = Person("Mira Vogt", "acc-mira", "mira@aurora-robotics.example")
JONAS = Person("Jonas Falk", "acc-jonas", "jonas@aurora-robotics.example")
AURORA_ORG = Organization("101", "Aurora Robotics")
BIRCH_ORG = Organization("102", "Birch Instruments")
TIERS = ("premium", "advanced", "basic")
KINDS = ("fault", "question", "installation", "remote_session", "training", "enhancement")
RESPONSE_HOURS = {"premium": (8, 12, 24), "advanced": (16, 24, 36), "basic": (24, 48, 72)}
RELEASED = {
    "2.8": "2015-05-05",
    "2.9": "2016-05-05",
    "2.10": "2016-11-08",
    "2.11": "2017-05-09",
    "18.1": "2018-05-15",
    "20.1": "2020-05-12",
    "24.1": "2025-05-20",
    "24.2": "2025-11-18",
    "25.1": "2026-05-19",
    "25.2": "2026-12-01",
}
"""The expecco lines of these tests. In November 2026 the current one is 25.1, 24.2 is one back, 25.2 is to come."""


def at(text: str) -> datetime:
    """A moment in Berlin: `2026-11-23 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def on(text: str) -> date:
    return date.fromisoformat(text)


def term(text: str) -> Term:
    """`2026` is that year; `2026-03-01 2027-02-28` is a term from and to."""
    first, _, last = text.partition(" ")
    if not last:
        return Term(date(int(first), 1, 1), date(int(first), 12, 31))
    return Term(on(first), on(last))


NOON = at("2026-11-23 12:00")
"""A Monday in November 2026: when requests are decided unless a test says otherwise."""


def cite(clause: str, file: str, line: int = 1) -> Citation:
    return Citation(clause, Source(file, line))


def table(clause: str, file: str, *rows: tuple[Any, ...]) -> Table[Any]:
    """Rows of (conditions, value), with the first day in force and which requests it applies to where they matter."""
    return Table(
        tuple(
            Row(tuple(conditions.items()), Cited(value, cite(clause, file, number), *since))
            for number, (conditions, value, *since) in enumerate(rows, 1)
        )
    )


def always(value: T, clause: str = "C9", file: str = "credits.yaml") -> Table[T]:
    """A table of one row that fits everything."""
    return table(clause, file, ({}, value))


def product(name: str, released: dict[str, str], *aliases: str) -> Product:
    lines = tuple(ReleaseLine(line, on(day), cite("C21", "releases.yaml", 10)) for line, day in released.items())
    return Product(name.lower().replace(" ", "-"), name, aliases, lines, cite("C21", "releases.yaml", 9))


CALENDAR = Calendar.from_week(
    "Europe/Berlin",
    {weekday: [("08:00", "18:00")] for weekday in ("mon", "tue", "wed", "thu", "fri")},
    closed={on("2026-12-25"): "Christmas Day", on("2027-01-01"): "New Year's Day", on("2027-01-06"): "Epiphany"},
    name="business",
    known_years=(2025, 2026, 2027),
)

VERDICTS: dict[Reason, tuple[Eligibility, bool]] = {
    Reason.CUSTOMER_UNKNOWN: (Eligibility.NEEDS_INFORMATION, True),
    Reason.CUSTOMER_AMBIGUOUS: (Eligibility.NEEDS_INFORMATION, True),
    Reason.AGREEMENT_NOT_BEGUN: (Eligibility.NOT_ELIGIBLE, True),
    Reason.AGREEMENT_ENDED: (Eligibility.NOT_ELIGIBLE, True),
    Reason.FREE_LICENSE: (Eligibility.NOT_ELIGIBLE, True),
    Reason.CONTACT_NOT_NAMED: (Eligibility.NOT_ELIGIBLE, True),
    Reason.PRODUCT_MISSING: (Eligibility.NEEDS_INFORMATION, True),
    Reason.PRODUCT_UNKNOWN: (Eligibility.NEEDS_INFORMATION, True),
    Reason.PRODUCT_NOT_COVERED: (Eligibility.NOT_ELIGIBLE, True),
    Reason.VERSION_MISSING: (Eligibility.NEEDS_INFORMATION, True),
    Reason.VERSION_UNCLEAR: (Eligibility.NEEDS_INFORMATION, True),
    Reason.VERSION_UNLISTED: (Eligibility.NEEDS_INFORMATION, True),
    Reason.VERSION_TOO_NEW: (Eligibility.NEEDS_INFORMATION, True),
    Reason.VERSION_TOO_OLD: (Eligibility.NOT_ELIGIBLE, True),
    Reason.VERSION_PRERELEASE: (Eligibility.NOT_ELIGIBLE, True),
    Reason.PLATFORM_UNKNOWN: (Eligibility.NEEDS_INFORMATION, True),
    Reason.THIRD_PARTY: (Eligibility.LIMITED, True),
    Reason.MODIFICATION: (Eligibility.NOT_ELIGIBLE, True),
    Reason.SERVICE_NOT_IN_TIER: (Eligibility.LIMITED, True),
    Reason.SERVICE_REFUSED: (Eligibility.NOT_ELIGIBLE, True),
    Reason.RESOURCES: (Eligibility.ELIGIBLE, False),
    Reason.SEVERITY_LOWERED: (Eligibility.ELIGIBLE, True),
    Reason.CREDITS_FLAGGED: (Eligibility.LIMITED, False),
    Reason.CREDITS_HELD: (Eligibility.ON_HOLD, False),
    Reason.CREDITS_REFUSED: (Eligibility.NOT_ELIGIBLE, True),
    Reason.SESSIONS_FLAGGED: (Eligibility.LIMITED, False),
    Reason.SESSIONS_HELD: (Eligibility.ON_HOLD, False),
    Reason.SESSIONS_REFUSED: (Eligibility.NOT_ELIGIBLE, True),
}

_RULES = (
    ("agreement_in_force", "C22"),
    ("free_license", "C23"),
    ("named_contact", "C24"),
    ("covered_product", "C28"),
    ("supported_version", "C21"),
    ("severity", "C18"),
    ("tier", "C1"),
    ("response_due", "C2"),
    ("credits", "C9"),
    ("platform", "C29"),
    ("third_party", "C26"),
    ("modification", "C27"),
    ("service", "C7"),
    ("patch_eligibility", "C30"),
    ("override", "C28"),
    ("priority", "C8"),
    ("account_representative", "C11"),
    ("answer", "C28"),
    ("appointment", "C3"),
    ("response_kept", "C2"),
    ("reminder", "C2"),
)


def reminding(*points: str, note: bool = True, field: bool = True, priority: str | None = None) -> Reminding:
    """Reminders at points as they are written: `50 %`, `2 h before`, `overdue`."""
    return Reminding(tuple(map(_point, points)), note, field, priority)


def _point(text: str) -> Point:
    number, _, unit = text.partition(" ")
    if not unit:
        return Point(Measure.OVERDUE)
    if unit == "%":
        return Point(Measure.PART, percent=int(number))
    return Point(Measure.BEFORE, before=timedelta(hours=int(number)))


POLICY = Policy(
    revision="r1",
    zone=BERLIN,
    tiers=(Tier("premium", "Premium", ("Gold",)), Tier("advanced", "Advanced", ("Silver",)), Tier("basic", "Basic")),
    severities=(Severity(1, "Critical"), Severity(2, "Major"), Severity(3, "Minor")),
    kinds=tuple(Kind(kind, kind.replace("_", " ").capitalize()) for kind in KINDS),
    products=(
        product("expecco", RELEASED, "Expecco Desktop"),
        product("expecco ALM", {"2.2": "2024-03-01", "2.3": "2025-03-01", "2.4": "2026-03-01"}, "ALM"),
    ),
    calendars={"business": CALENDAR},
    response_targets=table(
        "C2",
        "tiers.yaml",
        *(
            ({"tier": tier, "severity": str(severity)}, timedelta(hours=hours))
            for tier, row in RESPONSE_HOURS.items()
            for severity, hours in enumerate(row, 1)
        ),
    ),
    contact_limits=table(
        "C4",
        "tiers.yaml",
        ({"tier": "premium"}, 5),
        ({"tier": "advanced"}, 2),
        ({"tier": "basic"}, 1),
        ({"tier": ANY}, UNLIMITED),
    ),
    coverage=table("C3", "coverage.yaml", ({"tier": ANY}, Coverage("business", Clock.COVERAGE))),
    appointments=table(
        "C3",
        "coverage.yaml",
        ({"tier": "premium"}, AppointmentDays.ANY_DAY),
        ({"tier": "advanced"}, AppointmentDays.OPENING_DAYS),
        ({"tier": "basic"}, AppointmentDays.NONE),
    ),
    clock_starts=always(ClockStart.ELIGIBLE, "C2", "coverage.yaml"),
    counts_as_response=always(CountsAsResponse(False, False, False, False), "C2", "coverage.yaml"),
    reminders=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, reminding("80 %", "overdue"))),
    severity_table=table(
        "C18",
        "severities.yaml",
        ({"kind": "fault", "environment": "production", "impact": "down"}, 1),
        ({"kind": "fault", "environment": "production", "impact": "impaired"}, 2),
        ({"kind": ANY, "environment": ANY, "impact": ANY}, 3),
    ),
    supported_lines=table("C21", "releases.yaml", ({"product": ANY}, 2)),
    grace=table("C21", "releases.yaml", ({"product": ANY}, timedelta(0))),
    fixes=table(
        "C30",
        "releases.yaml",
        ({"kind": "fault", "severity": "1", "line": "supported"}, PatchEligibility.PATCH),
        ({"kind": "fault", "severity": "2", "line": "supported"}, PatchEligibility.PATCH),
        ({"kind": "fault", "severity": "1", "line": "other"}, PatchEligibility.NEXT_MAINTENANCE_RELEASE),
        ({"kind": "fault", "severity": "2", "line": "other"}, PatchEligibility.NEXT_MAINTENANCE_RELEASE),
        ({"kind": "fault", "severity": ANY, "line": ANY}, PatchEligibility.SCHEDULED),
        ({"kind": ANY, "severity": ANY, "line": ANY}, PatchEligibility.NOT_APPLICABLE),
    ),
    platforms=table(
        "C29",
        "releases.yaml",
        ({"product": "expecco", "platform": "Windows"}, Platform("Windows", ("Win",), True, "8 GB")),
        ({"product": ANY, "platform": "Linux"}, Platform("Linux", ("Ubuntu",), True, None)),
    ),
    third_party=table(
        "C26",
        "releases.yaml",
        ({}, ThirdParty("Selenium", ("WebDriver",))),
        ({}, ThirdParty("Appium", ())),
    ),
    services=table(
        "C7",
        "tiers.yaml",
        ({"tier": "basic", "kind": "remote_session"}, Service(Inclusion.NO, "fault")),
        ({"tier": "basic", "kind": "training"}, Service(Inclusion.NO, None)),
        ({"tier": ANY, "kind": "installation"}, Service(Inclusion.GUIDANCE, None)),
        ({"tier": ANY, "kind": ANY}, Service(Inclusion.YES, None)),
    ),
    priorities=table(
        "C8",
        "tiers.yaml",
        *(
            ({"tier": tier, "severity": str(severity)}, word)
            for tier in ("premium", "advanced")
            for severity, word in enumerate(("highest", "high", "medium"), 1)
        ),
        ({"tier": "basic", "severity": ANY}, None),
    ),
    representatives=table("C11", "tiers.yaml", ({"tier": "premium"}, True), ({"tier": ANY}, False)),
    verdicts=table(
        "C28",
        "eligibility.yaml",
        *(({"reason": reason}, Verdict(*verdict)) for reason, verdict in VERDICTS.items()),
    ),
    grants=table(
        "C9",
        "credits.yaml",
        ({"tier": "premium", "unit": "credit"}, 32),
        ({"tier": "advanced", "unit": "credit"}, 16),
        ({"tier": "basic", "unit": "credit"}, 0),
    ),
    carry_over=always(CarryOver(None, 0)),
    costs=table(
        "C9",
        "credits.yaml",
        ({"kind": "fault", "severity": ANY, "unit": "credit"}, 1),
        ({"kind": "question", "severity": ANY, "unit": "credit"}, 1),
        ({"kind": "installation", "severity": ANY, "unit": "credit"}, 1),
        ({"kind": "remote_session", "severity": ANY, "unit": "credit"}, 2),
        ({"kind": ANY, "severity": ANY, "unit": ANY}, 0),
    ),
    shortage=table("C9", "credits.yaml", ({"kind": "fault"}, Shortage.ACCEPT_AND_FLAG), ({"kind": ANY}, Shortage.HOLD)),
    refunds=table("C9", "credits.yaml", ({"outcome": "product_defect"}, True), ({"outcome": ANY}, False)),
    rules={rule: cite(clause, "eligibility.yaml", 40 + line) for line, (rule, clause) in enumerate(_RULES)},
    clauses={f"C{number}": Clause(f"Title {number}", f"What clause {number} says.") for number in range(1, 31)},
)


WITH_TRAINING = replace(
    POLICY,
    grants=Table(
        (
            *POLICY.grants.rows,
            *table(
                "C10",
                "credits.yaml",
                ({"tier": "premium", "unit": "training_session"}, 3),
                ({"tier": "advanced", "unit": "training_session"}, 1),
                ({"tier": "basic", "unit": "training_session"}, 0),
            ).rows,
        )
    ),
    costs=Table(
        (
            *table("C10", "credits.yaml", ({"kind": "training", "severity": ANY, "unit": "training_session"}, 1)).rows,
            *POLICY.costs.rows,
        )
    ),
)
"""The same policy with the second unit: training sessions (C10)."""


def policy(**changes: Any) -> Policy:
    """The policy with some of its parts replaced."""
    return replace(POLICY, **changes)


def policy_with_lines(released: dict[str, str]) -> Policy:
    """The policy with another list of expecco lines."""
    return policy(products=(product("expecco", released), *POLICY.products[1:]))


def entitlement(
    tier: str = "premium", licenses: int = 1, product: str = "expecco", during: str = "2026", free: bool = False
) -> Entitlement:
    return Entitlement(product, tier, licenses, free, term(during), Source("agreements/aurora.yaml", 12))


def contact(
    name: str = "Mira Vogt",
    accounts: Iterable[str] = ("acc-mira",),
    emails: Iterable[str] = ("mira@aurora-robotics.example",),
    during: str | None = None,
) -> NamedContact:
    serving = None if during is None else term(during)
    return NamedContact(name, tuple(accounts), tuple(emails), serving, Source("agreements/aurora.yaml", 20))


def agreement(
    *entitlements: Entitlement,
    terms: Iterable[str] = ("2026",),
    contacts: Iterable[NamedContact] | None = None,
    customer: str = "aurora",
    name: str = "Aurora Robotics",
    organization_ids: tuple[str, ...] = ("101",),
    organization_names: tuple[str, ...] = ("Aurora Robotics",),
    domains: tuple[str, ...] = ("aurora-robotics.example",),
    packages: Iterable[Package] = (),
    modifications: Iterable[AuthorizedModification] = (),
    appointments: Iterable[Appointment] = (),
) -> SupportAgreement:
    """An agreement for 2026; without entitlements named: one Premium licence of expecco, 32 credits."""
    return SupportAgreement(
        customer=customer,
        name=name,
        terms=tuple(term(each) for each in terms),
        entitlements=entitlements or (entitlement(),),
        named_contacts=(contact(),) if contacts is None else tuple(contacts),
        source=Source(f"agreements/{customer}.yaml", 1),
        organization_ids=organization_ids,
        organization_names=organization_names,
        domains=domains,
        packages=tuple(packages),
        authorized_modifications=tuple(modifications),
        appointments=tuple(appointments),
    )


def package(credits: int, during: str, name: str = "") -> Package:
    """A package of credits, named after the day it was bought unless a reference is given."""
    return Package(name or str(term(during).first), credits, term(during), Source("agreements/aurora.yaml", 30))


def booked(start: str | None, end: str | None, **changes: Any) -> Appointment:
    """An appointment by wall times in Berlin."""
    return Appointment(at(start) if start else None, at(end) if end else None, **changes)


def request(
    version: str | None = "25.1", raised: str | datetime = "2026-11-23 09:00", id: str = "10001", **changes: Any
) -> SupportRequest:
    """A question about expecco, raised by a named contact on a Monday morning, in order in every respect."""
    plain = SupportRequest(
        id=id,
        key=f"SUP-{id[-3:].lstrip('0')}",
        raised=at(raised) if isinstance(raised, str) else raised,
        raised_by=MIRA,
        kind="question",
        organizations=(AURORA_ORG,),
        product="expecco",
        version=version,
    )
    return replace(plain, **changes)


def case(
    asked: SupportRequest | None = None,
    signed: SupportAgreement | NoAgreement | None = None,
    under: Policy = POLICY,
    now: datetime = NOON,
) -> Case:
    """A case in order in every respect, but for what is given."""
    return case_of(asked or request(), agreement() if signed is None else signed, under, now)
