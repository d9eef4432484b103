"""What comes of a request: rulings, each with the findings that gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class Outcome(StrEnum):
    """How a finding turned out, from best to worst."""

    MET = "met"
    LIMITED = "limited"
    UNKNOWN = "unknown"
    NOT_MET = "not met"


class Eligibility(StrEnum):
    """Whether the contract helps with this request, from best to worst. The order is the order of the members."""

    ELIGIBLE = "eligible"
    LIMITED = "limited"
    ON_HOLD = "on hold"
    NEEDS_INFORMATION = "needs information"
    NOT_ELIGIBLE = "not eligible"

    @property
    def waits(self) -> bool:
        """Must the customer do something first?"""
        return self in (Eligibility.NEEDS_INFORMATION, Eligibility.NOT_ELIGIBLE)

    @staticmethod
    def worst(several: "list[Eligibility]") -> "Eligibility":
        """The worst of several; ELIGIBLE of none."""
        order = list(Eligibility)
        return max(several, key=order.index, default=Eligibility.ELIGIBLE)


class PatchEligibility(StrEnum):
    """How a fault would be fixed (C30)."""

    PATCH = "patch"
    NEXT_MAINTENANCE_RELEASE = "next maintenance release"
    SCHEDULED = "scheduled"
    NOT_APPLICABLE = "not applicable"


class ResponseKept(StrEnum):
    """Whether the first response was given in time (C2). Open is what still can be."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    OVERDUE = "open overdue"
    NOT_APPLICABLE = "not applicable"


class Reason(StrEnum):
    """Why a request is not simply eligible, or what is to be said about it all the same.

    What follows from each is a row of `eligibility.yaml`.
    """

    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_AMBIGUOUS = "customer_ambiguous"
    AGREEMENT_NOT_BEGUN = "agreement_not_begun"
    AGREEMENT_ENDED = "agreement_ended"
    FREE_LICENSE = "free_license"
    CONTACT_NOT_NAMED = "contact_not_named"
    PRODUCT_MISSING = "product_missing"
    PRODUCT_UNKNOWN = "product_unknown"
    PRODUCT_NOT_COVERED = "product_not_covered"
    VERSION_MISSING = "version_missing"
    VERSION_UNCLEAR = "version_unclear"
    VERSION_UNLISTED = "version_unlisted"
    VERSION_TOO_NEW = "version_too_new"
    VERSION_TOO_OLD = "version_too_old"
    VERSION_PRERELEASE = "version_prerelease"
    PLATFORM_UNKNOWN = "platform_unknown"
    THIRD_PARTY = "third_party"
    MODIFICATION = "modification"
    SERVICE_NOT_IN_TIER = "service_not_in_tier"
    SERVICE_REFUSED = "service_refused"
    RESOURCES = "resources"
    SEVERITY_LOWERED = "severity_lowered"
    CREDITS_FLAGGED = "credits_flagged"
    CREDITS_HELD = "credits_held"
    CREDITS_REFUSED = "credits_refused"
    SESSIONS_FLAGGED = "sessions_flagged"
    SESSIONS_HELD = "sessions_held"
    SESSIONS_REFUSED = "sessions_refused"


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a mapping file: `tiers.yaml:12`."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class AccountRepresentative:
    """Who of the vendor's people looks after a customer (C11): by name, and by their account with the help desk."""

    name: str
    account: str
    source: Source

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Reminder:
    """An agent is reminded of a response that nobody has given yet: at which point of the time, and since when.

    `note`: in a note on the request; `field`: in a field of it. `priority`: what its priority becomes until it is
    answered, None where it stays.
    """

    point: str
    at: datetime
    note: bool
    field: bool
    priority: str | None

    def __str__(self) -> str:
        return self.point


@dataclass(frozen=True, slots=True)
class Citation:
    """The clause that a value rests on, and the place in the mapping files that says so."""

    clause: str
    source: Source

    def __str__(self) -> str:
        return f"{self.clause}, {self.source}"


SEPARATOR: Final = "; "
"""Between the parts of a fact that has several: not a comma, which may be in a person's name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: one sentence, the outcome, and what it rests on.

    `reason` is set where the finding stands in the way; `facts` are the values that a reply to the customer may name,
    several in one with `SEPARATOR` between.
    """

    rule: str
    outcome: Outcome
    sentence: str
    cites: tuple[Citation, ...]
    reason: Reason | None = None
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError(f"finding of {self.rule!r} cites no clause: {self.sentence}")


@dataclass(frozen=True, slots=True)
class Ruling(Generic[T]):
    """A value and the findings that gave it. Refuses to exist without one.

    Raises:
        ValueError: when there is no finding.
    """

    value: T
    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        if not self.findings:
            raise ValueError(f"a ruling of {self.value!r} needs a finding that says why")


@dataclass(frozen=True, slots=True)
class Backfill:
    """On what terms a request is served that was there before anybody served it: its fields always show the contract.

    `charges`: it costs what any other costs; otherwise nothing. `replies`: people are written to and statuses moved as
    on any other; otherwise nobody hears of it, and its status is left to people.
    """

    charges: bool = False
    replies: bool = False

    def widened(self, more: "Backfill | None") -> "Backfill":
        """These terms and those: what was granted once is never taken away again."""
        return self if more is None else Backfill(self.charges or more.charges, self.replies or more.replies)


@dataclass(frozen=True, slots=True)
class Decision:
    """The rulings on one request, at one moment, under one policy revision.

    `charge` and `credits_left` are whole credits (C9), `sessions_charged` and `sessions_left` online training sessions
    (C10); what is left is what the customer has once this charge is booked, None where no agreement is in force to
    count for. `response_due` is None where no response time is promised or,
    unless the clock always runs from raising, while the customer has to do something first. `clock_started` is the
    moment from which the response time runs, None where it never has; a later wait does not forget it. `told` are the
    reasons that the customer is told of, `drafted` those of them that an agent is to tell, each with the row of the
    mapping files that says so. `stated_severity` is the customer's own statement (C18), None where none was made.
    `priority` is a word of the policy (C8), None where the help desk's own stays as it is. `account_representative` is
    None where the tier includes none, or the agreement names none (C11). `backfill` are the terms on which a backfill
    took the request up, None where none did.
    `first_response` is the moment of the response that counts, or of the first that would once the time runs, None
    where there is none. `followed_since` is when the request was decided first, `next_look` the next moment at which it
    would be decided otherwise though nothing happens to it: a reminder falls due, or the response is late; None for
    never.
    """

    request_id: str
    request_key: str
    decided_at: datetime
    revision: str
    customer: Ruling[str | None]
    tier: Ruling[str | None]
    severity: Ruling[int]
    eligibility: Ruling[Eligibility]
    response_due: Ruling[datetime | None]
    charge: Ruling[int]
    credits_left: Ruling[int | None]
    sessions_charged: Ruling[int]
    sessions_left: Ruling[int | None]
    patch_eligibility: Ruling[PatchEligibility]
    priority: Ruling[str | None]
    account_representative: Ruling[AccountRepresentative | None]
    first_response: Ruling[datetime | None]
    response_kept: Ruling[ResponseKept]
    response_reminder: Ruling[Reminder | None]
    clock_started: datetime | None
    told: tuple[Finding, ...]
    drafted: Mapping[Reason, Source] = field(default_factory=lambda: MappingProxyType({}))
    stated_severity: int | None = None
    backfill: Backfill | None = None
    followed_since: datetime | None = None
    next_look: datetime | None = None

    @property
    def talks(self) -> bool:
        """May people be written to because of it, and statuses be moved?"""
        return self.backfill is None or self.backfill.replies

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Every finding that stands in the way or has to be told, in the order of the checks."""
        return tuple(finding for finding in self.eligibility.findings if finding.reason is not None)
