"""The records that the contract speaks of: who asks, what for, and what was signed.

Dates are dates in the vendor's zone (`Policy.zone`); moments are aware datetimes.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from plugin.contract.decision import AccountRepresentative, Backfill, Eligibility, Source


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer organization as the help desk knows it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who raised a request. `account` and `email` are both optional: either is enough to be recognised."""

    name: str
    account: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an earlier decision on the same request leaves behind for the next one.

    `waited`: the customer had to do something first, then or before. `clock_started` is None where it never ran.
    `backfill` are the terms on which a backfill took the request up; None where it was not one that did.
    `responded` is the first response as it was known then. `followed_since` is when the first decision was made from
    which on reminders are given, None where none was.
    """

    decided_at: datetime
    waited: bool
    clock_started: datetime | None
    backfill: Backfill | None = None
    responded: datetime | None = None
    followed_since: datetime | None = None


class Author(StrEnum):
    """Who wrote a comment: an agent, a customer, or this product or another machine."""

    AGENT = "agent"
    CUSTOMER = "customer"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a request, without what it says. `public`: the customer sees it. `written` is when it was added."""

    id: str
    written: datetime
    by: Author
    public: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A public comment of whoever raised the request, as text, and when it was written or last changed by them."""

    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """When something that the contract judges by was last changed; `word` is what it is called here."""

    word: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """What an agent ruled against the rules, and why; it stands until it is cleared on the request."""

    eligibility: Eligibility
    reason: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """A window booked for support outside opening hours (C3): aware moments, the end not included, None not given.

    `request` is the key of the one request that an agreement's appointment is for, None for all of them. `reference` is
    what people know it by. `source` is where an agreement's file says so, None for what is booked on a request.
    """

    start: datetime | None
    end: datetime | None
    request: str | None = None
    reference: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class SupportRequest:
    """One request as the contract sees it.

    `product`, `version`, `platform` and `third_party` are what the customer wrote, `modified` whether they changed the
    software (None: not said); `kind`, `environment` and `impact` are words of the policy.
    `outcome` is the policy's word for how it ended, or None; `ended` is when it was resolved, None while it is open.
    `amended` is when somebody last changed a thing that the contract judges by, `changed` when each of them was changed
    last. `answers` are known only where the customer was, or is to be, asked something. `deleted` is set once the
    request is known to be gone. `appointments` are those that an agent booked on this request. `backfill` are the terms
    on which a backfill took it up; None where it was served from the first. `comments` are those that may be a
    response, as far as anybody needs to know (`rules.response_kept.responses`). `on_behalf`: an agent raised it for the
    customer.
    """

    id: str
    key: str
    raised: datetime
    raised_by: Person
    kind: str
    organizations: tuple[Organization, ...] = ()
    product: str | None = None
    version: str | None = None
    environment: str | None = None
    impact: str | None = None
    stated_severity: int | None = None
    language: str | None = None
    outcome: str | None = None
    amended: datetime | None = None
    deleted: bool = False
    standing: Standing | None = None
    platform: str | None = None
    third_party: str | None = None
    modified: bool | None = None
    override: Override | None = None
    ended: datetime | None = None
    answers: tuple[Answer, ...] = ()
    changed: tuple[Change, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    backfill: Backfill | None = None
    comments: tuple[Comment, ...] = ()
    on_behalf: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A span of days, both ends included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Is this day one of the term's?"""
        return self.first <= day <= self.last

    def overlaps(self, other: "Term") -> bool:
        """Do the two terms share a day?"""
        return self.first <= other.last and other.first <= self.last

    def years(self) -> Iterator["Term"]:
        """The agreement years of this term (C9, C15): each begins on the anniversary of its first day.

        A term that begins on 29 February has its anniversary on 1 March in other years.
        """
        begins, count = self.first, 0
        while begins <= self.last:
            count += 1
            following = anniversary(self.first, count)
            yield Term(begins, min(following - timedelta(days=1), self.last))
            begins = following

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def anniversary(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class NamedContact:
    """A person who may raise requests (C4): recognised by account or by any of the e-mail addresses.

    `term` bounds when (a substitute, somebody who left); None is the whole agreement.
    """

    name: str
    accounts: tuple[str, ...]
    emails: tuple[str, ...]
    term: Term | None
    source: Source


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One product that an agreement covers, at one tier, for a term. A free licence brings no support (C23)."""

    product: str
    tier: str
    licenses: int
    free: bool
    term: Term
    source: Source


@dataclass(frozen=True, slots=True)
class Package:
    """Support credits bought beside the yearly ones (C17): usable on the days of `term`, whatever year they fall in.

    `name` tells the packages of an agreement apart: the reference, else the day on which it was bought.
    """

    name: str
    credits: int
    term: Term
    source: Source


@dataclass(frozen=True, slots=True)
class AuthorizedModification:
    """A change of the software that the vendor authorized in writing on that day (C27)."""

    day: date
    what: str
    source: Source


@dataclass(frozen=True, slots=True)
class Renewal:
    """How an agreement is renewed (C15): by itself unless notice is given so many months before, or by an order.

    It is told to people, and extends nothing: a renewed agreement has another term, and expired is expired.
    """

    automatic: bool
    notice_months: int | None = None


@dataclass(frozen=True, slots=True)
class SupportAgreement:
    """What one customer has signed. `terms` are the spans bought (C15); renewing adds one."""

    customer: str
    name: str
    terms: tuple[Term, ...]
    entitlements: tuple[Entitlement, ...]
    named_contacts: tuple[NamedContact, ...]
    source: Source
    organization_ids: tuple[str, ...] = ()
    organization_names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    renewal: Renewal | None = None
    language: str | None = None
    authorized_modifications: tuple[AuthorizedModification, ...] = ()
    account_representative: AccountRepresentative | None = None
    appointments: tuple[Appointment, ...] = ()

    def term_on(self, day: date) -> Term | None:
        """The term in force on that day, or None (C22)."""
        return next((term for term in self.terms if term.covers(day)), None)

    def entitlements_on(self, day: date) -> tuple[Entitlement, ...]:
        """The entitlements in force on that day; none outside the agreement's own terms."""
        if self.term_on(day) is None:
            return ()
        return tuple(each for each in self.entitlements if each.term.covers(day))


@dataclass(frozen=True, slots=True)
class NoAgreement:
    """No agreement could be told for a request: nobody matched, or more than one did (`candidates`)."""

    candidates: tuple[str, ...] = ()


def after_deletion(request: SupportRequest) -> SupportRequest:
    """The same request once it is known to be deleted."""
    return replace(request, deleted=True)
