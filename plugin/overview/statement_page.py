"""A statement as people get it: an HTML page that prints well, and a sheet. Only words, no arithmetic."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from plugin.contract.decision import Eligibility, ResponseKept
from plugin.contract.grants import CREDIT, TRAINING, UNITS
from plugin.contract.policy import UNLIMITED, Policy
from plugin.contract.receipt import one_line
from plugin.contract.statement import Moved, Section
from plugin.documents import Amount, FreeText, page, sheet
from plugin.mappings.statements import StatementFile
from plugin.mappings.wording import Wording
from plugin.overview.statement_data import statement_data
from plugin.statement import Asked, Statement, Used

FORMATS: Final = ("html", "csv", "json")

_SHOWN: Final = (Section.GRANTED, Section.CARRIED_OVER, Section.USED, Section.CORRECTED, Section.EXPIRED)
_QUIET: Final = (Section.CARRIED_OVER, Section.CORRECTED)
"""Headings that are left out of the balance where nothing stands under them."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement in one language. `reasons`: of corrections, as they were written down."""

    statement: Statement
    policy: Policy
    words: StatementFile
    language: str
    reasons: bool = False

    def html(self) -> str:
        """The whole page. It needs nothing but itself."""
        made, words = self.statement, self.words
        moment = self._wording.moment(self._local(made.made))
        titles = [words.day, words.what, words.lot, words.unit, words.units]
        return page(
            "statement",
            {
                "language": self.language,
                "title": f"{words.title}, {self._wording.month(made.month.first)}",
                "customer": made.agreement.name,
                "made": words.made_on.format(moment=moment),
                "not_over": "" if made.is_over else words.not_over.format(moment=moment),
                "words": words,
                "units": list(self._units),
                "balance": tuple(self._balance()),
                "left": [
                    (self._lot(e.lot), self._unit(e.unit), self._day(e.last), self._n(e.units)) for e in made.left
                ],
                "used": [self._used(each) for each in made.used],
                "used_sum": self._used_sum(),
                "movement_titles": [*titles, words.reason] if self.reasons else titles,
                "movements": tuple(self._movements()),
                "requests": [self._request(each) for each in made.requests],
                "response_titles": [words.severity, *map(self._kept, ResponseKept)],
                "responses": tuple(self._responses()),
                "term": self._term(),
                "renewal": self._renewal(),
                "entitlements": tuple(self._entitlements()),
                "contacts": ", ".join(each.name for each in made.contacts),
                "seats": self._seats(),
                "versions": tuple(self._versions()),
            },
        )

    def csv(self) -> str:
        """Every line of the month: the first and the last of a unit are balances, the others are between them."""
        words = self.words
        titles = (
            words.unit, words.day, words.what, words.request, words.kind, words.severity, words.clause, words.lot,
            words.units,
        )  # fmt: skip
        return sheet(titles, self._lines())

    def written(self, form: str) -> str:
        """The statement in one of `FORMATS`."""
        match form:
            case "csv":
                return self.csv()
            case "json":
                return json.dumps(statement_data(self.statement, self.reasons), indent=2, ensure_ascii=False) + "\n"
        return self.html()

    @property
    def _wording(self) -> Wording:
        return Wording(self.language)

    @property
    def _units(self) -> tuple[str, ...]:
        return tuple(map(self._unit, UNITS))

    def _unit(self, unit: str) -> str:
        return {CREDIT: self.words.credits, TRAINING: self.words.training_sessions}[unit]

    def _n(self, amount: int) -> Amount:
        return Amount(self._wording.number(amount))

    def _signed(self, amount: int) -> Amount:
        return Amount(self._wording.signed(amount))

    def _day(self, day: date | None) -> str:
        return self._wording.short_day(day) if day else ""

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.policy.zone)

    def _section(self, section: Section) -> str:
        text: str = getattr(self.words, section.replace(" ", "_"))
        return text

    def _balance(self) -> Iterator[Mapping[str, Any]]:
        tallies = [self.statement.tallies[unit] for unit in UNITS]
        yield {"title": self.words.opening, "amounts": [self._n(one.opening) for one in tallies], "is_sum": False}
        for section in _SHOWN:
            amounts = [one.total(section) for one in tallies]
            if any(amounts) or section not in _QUIET:
                shown = [self._signed(amount) for amount in amounts]
                yield {"title": self._section(section), "amounts": shown, "is_sum": False}
        yield {"title": self.words.closing, "amounts": [self._n(one.closing) for one in tallies], "is_sum": True}

    def _left(self) -> Iterator[Row]:
        for each in self.statement.left:
            yield self._lot(each.lot), self._unit(each.unit), self._day(each.last), self._n(each.units)

    def _used(self, used: Used) -> Row:
        amounts = (self._n(used.units[unit]) if unit in used.units else Amount("") for unit in UNITS)
        return (used.key, *self._about(used.asked), ", ".join(used.asked.clauses) if used.asked else "", *amounts)

    def _used_sum(self) -> Row:
        totals = (self._n(-self.statement.tallies[unit].total(Section.USED)) for unit in UNITS)
        return (self.words.total, "", "", "", "", *totals)

    def _about(self, asked: Asked | None) -> Row:
        """When it was raised, its kind and severity."""
        if asked is None:
            return "", "", ""
        return self._day(self._local(asked.raised).date()), self._kind(asked.kind), str(asked.severity)

    def _kind(self, kind: str) -> str:
        named = next((each.name for each in self.words.kinds if each.kind == kind), None)
        return named or next((each.name for each in self.policy.kinds if each.id == kind), kind)

    def _movements(self) -> Iterator[Row]:
        for unit, one in self.statement.tallies.items():
            for each in one.moved:
                if each.section is not Section.USED and each.line.units:
                    line = each.line
                    row = (self._day(each.day), self._section(each.section), self._lot(line.lot), self._unit(unit))
                    why = (FreeText(one_line(line.memo) if self._tells(each) else ""),) if self.reasons else ()
                    yield (*row, self._signed(line.units), *why)

    def _tells(self, moved: Moved) -> bool:
        return self.reasons and moved.section is Section.CORRECTED

    def _lot(self, lot: str) -> str:
        """A grant as people know it: by its first day, or a package by its name."""
        name = next(lot.removeprefix(f"{unit} ") for unit in UNITS if lot.startswith(f"{unit} "))
        if name.startswith("package "):
            return self.words.package.format(name=self._known(name.removeprefix("package ")))
        if name.startswith("carry-over "):
            return f"{self.words.carried_over}, {self._known(name.removeprefix('carry-over '))}"
        return self._known(name)

    def _known(self, text: str) -> str:
        try:
            return self._day(date.fromisoformat(text))
        except ValueError:
            return text

    def _request(self, asked: Asked) -> Row:
        due = self._wording.short_moment(self._local(asked.response_due)) if asked.response_due else ""
        eligibility = getattr(self.words, Eligibility(asked.eligibility).name.casefold())
        written = FreeText(one_line(" ".join(text for text in (asked.product, asked.version) if text)))
        kept = self._kept(asked.response_kept) if asked.response_kept else ""
        return (asked.key, *self._about(asked), written, eligibility, due, kept)

    def _kept(self, kept: ResponseKept) -> str:
        text: str = getattr(self.words, f"response_{kept.name.casefold()}")
        return text

    def _responses(self) -> Iterator[Row]:
        for each in self.statement.responses:
            yield str(each.severity), *(self._n(each.counts.get(kept, 0)) for kept in ResponseKept)

    def _term(self) -> str:
        made, words = self.statement, self.words
        if (term := made.agreement.term_on(made.on)) is not None:
            return words.in_force.format(first=self._day(term.first), last=self._day(term.last))
        ended = [term.last for term in made.agreement.terms if term.last < made.on]
        if ended:
            return words.ended.format(last=self._day(max(ended)))
        return words.begins.format(first=self._day(min(term.first for term in made.agreement.terms)))

    def _renewal(self) -> str:
        renewal = self.statement.agreement.renewal
        if renewal is None:
            return ""
        if not renewal.automatic:
            return self.words.by_order
        if renewal.notice_months is None:
            return self.words.renews_itself
        return self.words.renews.format(months=renewal.notice_months)

    def _entitlements(self) -> Iterator[Row]:
        products = {each.id: each.name for each in self.policy.products}
        tiers = {each.id: each.name for each in self.policy.tiers}
        term = self.statement.agreement.term_on(self.statement.on)
        for each in self.statement.entitlements:
            tier = tiers.get(each.tier, each.tier) + (f" ({self.words.free})" if each.free else "")
            last = min(each.term.last, term.last) if term else each.term.last
            yield products.get(each.product, each.product), tier, self._n(each.licenses), self._day(last)

    def _seats(self) -> str:
        used, limit = len(self.statement.contacts), self.statement.limit
        if limit is None:
            return ""
        if limit is UNLIMITED:
            return self.words.seats_unlimited.format(used=used)
        return self.words.seats.format(used=used, limit=limit)

    def _versions(self) -> Iterator[Row]:
        for each in self.statement.versions:
            state = self.words.supported if each.supported else self.words.not_supported
            if each.supported and each.last_day:
                state = self.words.supported_until.format(day=self._day(each.last_day))
            yield each.product, each.line, self._n(each.requests), state

    def _lines(self) -> Iterator[Sequence[object]]:
        made, asked = self.statement, {each.key: each.asked for each in self.statement.used}
        for unit, one in made.tallies.items():
            name = self._unit(unit)
            yield name, str(made.month.first), self.words.opening, "", "", "", "", "", one.opening
            for each in one.moved:
                known = asked.get(each.line.request_key or "")
                about = (self._kind(known.kind), known.severity, ", ".join(known.clauses)) if known else ("", "", "")
                what, key = self._section(each.section), each.line.request_key or ""
                yield name, str(each.day), what, key, *about, each.line.lot, each.line.units
            yield name, str(made.on), self.words.closing, "", "", "", "", "", one.closing
