"""What must hold within an agreement, and between all of them (C4, C15)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from plugin.contract.ending import ENDING_SOON
from plugin.contract.model import Appointment, Entitlement, SupportAgreement, Term
from plugin.contract.policy import UNLIMITED, Quantity
from plugin.contract.rules.named_contact import folded
from plugin.contract.seats import contact_limit
from plugin.contract.tables import Cited, Table
from plugin.mappings.agreements import MatchShape, NamedContactShape, Signed
from plugin.mappings.coverage import CoveragePart
from plugin.mappings.problem import Place, Report, expected, one_of
from plugin.mappings.replies import Replies


def check_together(matches: Iterable[tuple[str, MatchShape]], report: Report) -> None:
    """No two customers may fit the same request: it could not be told whose it is."""
    seen: dict[tuple[str, str], tuple[Place, str]] = {}
    for owner, match in matches:
        for key, values in (
            ("organization_ids", match.organization_ids),
            ("organizations", match.organizations),
            ("domains", match.domains),
        ):
            for number, value in enumerate(values):
                place = match.place(key, number)
                first, customer = seen.setdefault((key, value.casefold()), (place, owner))
                if first != place:
                    sentence = f"{value} is already matched by {customer} in {first.source}; keep it in one agreement"
                    report.problem(place, sentence)


def check_agreement(each: Signed, limits: Table[Quantity] | None, report: Report, today: date | None) -> None:
    """Matched by something; one tier for a product on a day; no contact twice, and no more than the tier allows."""
    match, agreement = each.file.match, each.agreement
    if not (match.organization_ids or match.organizations or match.domains):
        sentence = "match: nothing is given; expected organization_ids, organizations or domains"
        report.problem(each.file.place("match"), sentence)
    _check_tiers(each, report)
    _check_same_contact(each, report)
    if limits is not None:
        _check_limits(each, limits, report)
    if today is not None and (left := (agreement.terms[-1].last - today).days) < ENDING_SOON:
        last = max(each.file.terms, key=lambda term: term.last)
        days = f"in {left} day{'' if left == 1 else 's'}"
        when = f"ended on {last.last}; today is {today}" if left < 0 else f"ends on {last.last}, {days}"
        report.warning(last.place("to"), f"the agreement of {agreement.name} {when}")


def check_appointments(each: Signed, covered: CoveragePart, projects: Sequence[str], report: Report) -> None:
    """An appointment for a request that is looked after, and on days on which some tier in force grants it (C3)."""
    agreement = each.agreement
    for shape, booked in zip(each.file.appointments, agreement.appointments, strict=True):
        if booked.request is not None and (project := booked.request.rpartition("-")[0]) not in projects:
            sentence = f"request: {booked.request} is of no project in fields.yaml; {expected(project, projects)}"
            report.problem(shape.place("request"), sentence)
        day = shape.start.date()
        tiers = {paid.tier for paid in agreement.entitlements_on(day) if not paid.free}
        if not any(_grants(tier, booked, day, covered) for tier in tiers):
            sentence = f"{agreement.name} has no tier on {day} that grants this appointment; correct or remove it"
            report.warning(shape.place(), sentence)


def _grants(tier: str, booked: Appointment, day: date, covered: CoveragePart) -> bool:
    row, coverage = covered.appointments.find(day, tier=tier), covered.coverage.find(day, tier=tier)
    calendar = covered.calendars.get(coverage.value.calendar) if coverage else None
    if row is None or calendar is None or booked.start is None or booked.end is None:
        return False
    return any(row.value.include(date, calendar) for date, *_ in calendar.by_date(booked.start, booked.end))


def check_languages(signed: Iterable[Signed], replies: Replies, report: Report) -> None:
    """The language that an agreement names should be one that replies are written in."""
    for each in signed:
        language = each.file.language
        if language is not None and language not in replies.languages:
            told = f"replies are in {one_of(replies.languages)}; its customers get another of these"
            report.warning(each.file.place("language"), f"language: there are no replies in {language}; {told}")


def _check_tiers(each: Signed, report: Report) -> None:
    """Two tiers for one product on one day: nobody could say which applies, and it is never guessed."""
    paid: list[Entitlement] = []
    for shape, entitlement in zip(each.file.entitlements, each.agreement.entitlements, strict=True):
        if entitlement.free:
            continue
        for other in paid:
            same = other.product == entitlement.product and other.term.overlaps(entitlement.term)
            if same and other.tier != entitlement.tier:
                sentence = (
                    f"{entitlement.product} is {entitlement.tier} here and {other.tier} in line {other.source.line} "
                    "on the same days; end one with to: before the other begins"
                )
                report.problem(shape.place("tier"), sentence)
        paid.append(entitlement)


def _check_same_contact(each: Signed, report: Report) -> None:
    seen: dict[str, list[tuple[Term | None, Place]]] = {}
    for shape, contact in zip(each.file.named_contacts, each.agreement.named_contacts, strict=True):
        for key, word, place in _recognised_by(shape):
            for term, first in seen.setdefault(key, []):
                if term is None or contact.term is None or term.overlaps(contact.term):
                    report.problem(place, f"{word} is already in line {first.line}; remove one of them")
                    break
            seen[key].append((contact.term, place))


def _recognised_by(shape: NamedContactShape) -> Iterable[tuple[str, str, Place]]:
    for email, path in shape.addresses():
        yield folded(email), email, shape.place(*path)
    if shape.account is not None:
        yield f"account {shape.account}", shape.account, shape.place("account")


def _check_limits(each: Signed, limits: Table[Quantity], report: Report) -> None:
    """The first day on which there are more contacts than the best tier in force allows is a problem (C4)."""
    agreement = each.agreement
    for day in _days_of_change(agreement, limits):
        limit = contact_limit(agreement, limits, day)
        serving = [
            (shape, contact)
            for shape, contact in zip(each.file.named_contacts, agreement.named_contacts, strict=True)
            if contact.term is None or contact.term.covers(day)
        ]
        if limit is None or limit.value is UNLIMITED or len(serving) <= (limit.value or 0):
            continue
        sentence = (
            f"{len(serving)} named contacts on {day}, and the tier allows {limit.value or 'none'} ({limit.cites}); "
            "end one with to:, or sell a higher tier"
        )
        report.problem(serving[limit.value or 0][0].place(), sentence)
        return


def check_representative(each: Signed, representatives: Table[bool], report: Report, today: date | None) -> None:
    """One is named where a tier in force from today on includes one, and only where a tier ever does (C11)."""
    agreement, named = each.agreement, each.agreement.account_representative
    days = _days_of_change(agreement, representatives)
    ahead = days if today is None else [today, *(day for day in days if day > today)]
    if named is None and (row := _including(agreement, representatives, ahead)):
        sentence = (
            f"{agreement.name} has a technical account representative ({row.cites}), and none is named; expected "
            "technical_account_representative with a name and an account"
        )
        report.warning(each.file.place("name"), sentence)
    if named is not None and not _including(agreement, representatives, days):
        sentence = (
            f"no tier of {agreement.name} includes a technical account representative, so {named.name} is never "
            "assigned; remove it, or sell a higher tier"
        )
        report.warning(each.file.key_place("technical_account_representative"), sentence)


def _including(agreement: SupportAgreement, representatives: Table[bool], days: Iterable[date]) -> Cited[bool] | None:
    """The first row that includes a representative on one of these days, for a tier in force then."""
    rows = (
        representatives.find(day, tier=entitlement.tier)
        for day in days
        for entitlement in agreement.entitlements_on(day)
        if not entitlement.free
    )
    return next((row for row in rows if row is not None and row.value), None)


def _days_of_change(agreement: SupportAgreement, limits: Table[Any]) -> list[date]:
    """The days on which the number of contacts or what the tiers allow may change while a term is in force."""
    spans: list[Term] = [*agreement.terms, *(each.term for each in agreement.entitlements)]
    spans += [each.term for each in agreement.named_contacts if each.term is not None]
    spans_begin = {span.first for span in spans} | {row.cited.since for row in limits.rows}
    ends = {span.last.toordinal() + 1 for span in spans if span.last < date.max}
    return sorted(day for day in spans_begin | set(map(date.fromordinal, ends)) if agreement.term_on(day) is not None)
