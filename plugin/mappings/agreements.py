"""`agreements/<customer>.yaml`: what one customer has signed (C4, C15, C22, C23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from plugin.contract.decision import AccountRepresentative
from plugin.contract.model import (
    AuthorizedModification,
    Entitlement,
    NamedContact,
    Package,
    Renewal,
    SupportAgreement,
    Term,
)
from plugin.mappings.appointments import AppointmentShape, appointments
from plugin.mappings.problem import Report
from plugin.mappings.reads import member_of
from plugin.mappings.references import ProductWord, TierWord
from plugin.mappings.shape import Rows, Shape
from plugin.mappings.values import Date, Domain, Email, Language, Months, Positive, Text, YesNo
from plugin.mappings.words import Words, resolved

FOLDER = "agreements"


class TermShape(Shape):
    """A span of days that was bought, both ends included."""

    first: Date = Field(alias="from")
    """The first day."""
    last: Date = Field(alias="to")
    """The last day."""


class PartOfTermShape(Shape):
    """A span of days within the agreement; an end that is left out is the agreement's."""

    first: Date | None = Field(None, alias="from")
    """The first day; left out: the agreement's."""
    last: Date | None = Field(None, alias="to")
    """The last day; left out: the agreement's."""


class EntitlementShape(PartOfTermShape):
    """Licences of one product, at one tier."""

    product: ProductWord
    """By id, name or alias (releases.yaml)."""
    tier: TierWord
    """By id, name or alias (tiers.yaml)."""
    licenses: Positive
    """How many developer licences."""
    free: YesNo = False
    """A free licence brings no support; left out: no."""


class NamedContactShape(PartOfTermShape):
    """A person who may raise requests."""

    name: Text
    """What we call them."""
    email: Email | None = None
    """The address they are recognised by, in any case, with or without a plus part."""
    emails: tuple[Email, ...] = ()
    """The same for more than one address."""
    account: Text | None = None
    """Their Jira account: the account id, or on Data Center the user key."""

    def addresses(self) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
        """Every address, and where it stands in the shape."""
        first = ((self.email, ("email",)),) if self.email is not None else ()
        return (*first, *((email, ("emails", n)) for n, email in enumerate(self.emails)))


class PackageShape(Shape):
    """Support credits bought beside the yearly ones (C17); both days included."""

    bought: Date
    """The first day of its use."""
    credits: Positive
    """How many."""
    expires: Date
    """The last day of its use."""
    reference: Text | None = None
    """What tells it apart, such as an order number."""

    @property
    def name(self) -> str:
        """What tells it apart from the agreement's other packages."""
        return self.reference or str(self.bought)


class AuthorizedModificationShape(Shape):
    """A change of the software that was authorized in writing on that day (C27)."""

    date: Date
    """The day of the letter."""
    what: Text
    """What was changed."""


class AccountRepresentativeShape(Shape):
    """Who of our people looks after the customer (C11)."""

    name: Text
    account: Text
    """Their account in Jira: on Cloud its account id, on Data Center its user name."""


class MatchShape(Shape):
    """How a request is known to be this customer's: by Jira organization id, organization name or mail domain."""

    organization_ids: tuple[Text, ...] = ()
    """Ids of Jira organizations; looked at first."""
    organizations: tuple[Text, ...] = ()
    """Names of Jira organizations; looked at second."""
    domains: tuple[Domain, ...] = ()
    """Domains of mail addresses; for requests without an organization."""


class RenewalMode(StrEnum):
    """How an agreement is renewed."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class RenewalShape(Shape):
    """How it is renewed, for people to read. It extends no term."""

    mode: Annotated[RenewalMode, member_of(RenewalMode)]
    notice: Months | None = None
    """How long before the end notice has to be given."""


class AgreementFile(Shape):
    """What one customer has signed. The name of the file is the id of the customer."""

    name: Text
    """The customer's name."""
    match: MatchShape
    terms: Rows[TermShape]
    """What was bought, both days included; renewing adds a row."""
    renewal: RenewalShape | None = None
    language: Language | None = None
    """The language of replies, unless the customer's account says another."""
    entitlements: Rows[EntitlementShape]
    """The products that it covers, at which tier."""
    named_contacts: Rows[NamedContactShape]
    """Who may raise requests; not more at a time than the tier allows."""
    packages: tuple[PackageShape, ...] = ()
    """Support credits bought beside the yearly ones."""
    authorized_modifications: tuple[AuthorizedModificationShape, ...] = ()
    """Changes of the software that were authorized in writing."""
    technical_account_representative: AccountRepresentativeShape | None = None
    """Who of our people looks after the customer, where a tier of theirs includes that."""
    appointments: tuple[AppointmentShape, ...] = ()
    """Windows outside the opening hours that were booked for them."""

    @property
    def customer(self) -> str:
        """The customer's id: the name of the file."""
        return PurePosixPath(self.place().file).stem


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement beside the file it comes from."""

    file: AgreementFile
    agreement: SupportAgreement


def agreement(file: AgreementFile, words: Words, report: Report, zone: ZoneInfo | None = None) -> Signed | None:
    """Build the agreement. None, and problems, where a term or a word is wrong.

    `zone` is the vendor's, in which appointments are written; where it is not known they are left out.
    """
    terms = _terms(file.terms, report)
    if not terms:
        return None
    whole = Term(terms[0].first, terms[-1].last)
    entitlements = []
    for each in file.entitlements:
        product = resolved(report, each.place("product"), "product", each.product, words.products)
        tier = resolved(report, each.place("tier"), "tier", each.tier, words.tiers)
        term = _part(each, whole, report)
        if product is not None and tier is not None and term is not None:
            entitlements.append(Entitlement(product, tier, each.licenses, each.free, term, each.place().source))
    contacts = []
    for contact in file.named_contacts:
        term = _part(contact, whole, report)
        accounts = () if contact.account is None else (contact.account,)
        emails = tuple(email for email, _ in contact.addresses())
        if not accounts and not emails:
            report.problem(contact.place(), f"{contact.name} cannot be recognised; expected an email or an account")
        if term is not None:
            bounds = None if contact.first is None and contact.last is None else term
            contacts.append(NamedContact(contact.name, accounts, emails, bounds, contact.place().source))
    packages = _packages(file.packages, report)
    written = file.appointments if zone else ()
    booked = appointments(written, zone, report) if zone else ()
    made = (entitlements, contacts, packages, booked)
    if [len(each) for each in made] != [
        len(file.entitlements),
        len(file.named_contacts),
        len(file.packages),
        len(written),
    ]:
        return None
    signed = SupportAgreement(
        customer=file.customer,
        name=file.name,
        terms=terms,
        entitlements=tuple(entitlements),
        named_contacts=tuple(contacts),
        source=file.place("name").source,
        organization_ids=file.match.organization_ids,
        organization_names=file.match.organizations,
        domains=file.match.domains,
        packages=packages,
        renewal=None
        if file.renewal is None
        else Renewal(file.renewal.mode is RenewalMode.AUTOMATIC, file.renewal.notice),
        language=file.language,
        authorized_modifications=tuple(
            AuthorizedModification(each.date, each.what, each.place().source) for each in file.authorized_modifications
        ),
        account_representative=_representative(file.technical_account_representative),
        appointments=booked,
    )
    return Signed(file, signed)


def _representative(shape: AccountRepresentativeShape | None) -> AccountRepresentative | None:
    return None if shape is None else AccountRepresentative(shape.name, shape.account, shape.place().source)


def _terms(shapes: Sequence[TermShape], report: Report) -> tuple[Term, ...]:
    """The terms, oldest first; none where one of them is wrong."""
    good = True
    spans: list[tuple[Term, TermShape]] = []
    for shape in shapes:
        if shape.last < shape.first:
            report.problem(shape.place("to"), _backwards(shape.first, shape.last))
            good = False
            continue
        term = Term(shape.first, shape.last)
        for other, _ in spans:
            if other.overlaps(term):
                report.problem(shape.place(), f"the term {term} overlaps the term {other}; correct the dates")
                good = False
        spans.append((term, shape))
    return tuple(sorted((term for term, _ in spans), key=lambda term: term.first)) if good else ()


def _packages(shapes: Sequence[PackageShape], report: Report) -> tuple[Package, ...]:
    """The packages; those that are wrong left out."""
    good: list[Package] = []
    seen: dict[str, PackageShape] = {}
    for shape in shapes:
        first = seen.setdefault(shape.name.casefold(), shape)
        if first is not shape:
            sentence = f"the package {shape.name} is already in line {first.place().line}; give each its own reference"
            report.problem(shape.place("reference" if shape.reference else "bought"), sentence)
        elif shape.expires < shape.bought:
            sentence = f"expires: {shape.expires} comes before bought: {shape.bought}; expected the last day of its use"
            report.problem(shape.place("expires"), sentence)
        else:
            good.append(Package(shape.name, shape.credits, Term(shape.bought, shape.expires), shape.place().source))
    return tuple(good)


def _part(shape: PartOfTermShape, whole: Term, report: Report) -> Term | None:
    """The span of days within the agreement."""
    first, last = shape.first or whole.first, shape.last or whole.last
    for name, day in (("from", shape.first), ("to", shape.last)):
        if day is not None and not whole.covers(day):
            sentence = f"{name}: {day} is outside the agreement, {whole}; correct it, or leave it out for the whole"
            report.problem(shape.place(name), sentence)
            return None
    if last < first:
        report.problem(shape.place("to"), _backwards(first, last))
        return None
    return Term(first, last)


def _backwards(first: date, last: date) -> str:
    return f"to: {last} comes before from: {first}; expected the last day of the span"
