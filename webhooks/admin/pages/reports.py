"""Reports over a period: responses by tier, refusals by reason, units used by customer; as tables, charts and data."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from plugin.contract.grants import CREDIT, TRAINING
from plugin.contract.statement import Month
from plugin.documents import sheet
from plugin.mappings.load import Mappings
from plugin.overview.reports import MOST, Period, Responses, refused, responses_kept, units_used
from webhooks.admin.charts import Columns, columns
from webhooks.admin.desk import Desk
from webhooks.admin.language import _
from webhooks.admin.page import render
from webhooks.admin.reasons import reason_text

USUAL: Final = 6
"""Months of a report where nobody says how many."""

LISTED: Final = 25
"""Rows of a table on the page; the others are told as one."""

JSON_SCHEMA: Final = 1
"""Grows when a key changes its meaning or goes."""

DRAWN: Final = 5
"""Rows that a chart tells apart; the others are drawn as one."""

_STANDS: Final = ("kept", "missed", "overdue", "open")

Counts = Mapping[Month, int]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of counts for the page, the greatest rows first; `others` is what is not listed, by month."""

    rows: Sequence[tuple[str, Counts]]
    others: Counts
    left_out: int
    total: int
    chart: Columns

    @classmethod
    def of(cls, months: Sequence[Month], rows: Sequence[tuple[str, Counts]]) -> "Listing":
        """Of rows with their titles."""
        counts = [row for _title, row in rows]
        return cls(
            rows=rows[:LISTED],
            others=_summed(months, counts[LISTED:]),
            left_out=max(len(rows) - LISTED, 0),
            total=sum(sum(row.values()) for row in counts),
            chart=_stacked(months, counts),
        )


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    @pages.get("/reports")
    def reports() -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        present = Month.of(mappings.policy.day(now))
        wanted = _period(present)
        period = wanted or Period.until(present, USUAL)
        with desk.store.reading() as tx:
            kept, reasons = responses_kept(tx, period, now), refused(tx, period)
            credits, sessions = (units_used(tx, unit, period) for unit in (CREDIT, TRAINING))
        months = period.months
        total = {month: sum((row.get(month, Responses()) for row in kept.values()), Responses()) for month in months}
        names = _names(mappings)

        def by_customer(used: Mapping[str, Counts]) -> Listing:
            return Listing.of(months, [(names.get(customer, customer), row) for customer, row in used.items()])

        shown = render(
            "reports",
            period=period,
            months=months,
            choice=[present.before(back) for back in range(MOST)],
            zone=mappings.policy.zone.key,
            stands=_STANDS,
            kept=[(name, kept[tier], sum(kept[tier].values(), Responses())) for tier, name in _tiers(mappings, kept)],
            kept_total=total,
            kept_sum=sum(total.values(), Responses()),
            kept_chart=columns(months, [{m: getattr(each, n) for m, each in total.items()} for n in _STANDS]),
            refused=Listing.of(months, [(reason_text(reason), row) for reason, row in reasons.items()]),
            credits=by_customer(credits),
            sessions=by_customer(sessions),
            drawn=DRAWN,
            problem=None
            if wanted
            else _("This is no period of 1 to %(most)s months. Shown are the last ones.", most=MOST),
        )
        return shown, 200 if wanted else 422

    @pages.get("/reports/<name>.<form>", endpoint="report")
    def document(name: str, form: str) -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        period, made = _period(Month.of(mappings.policy.day(now))), _REPORTS.get(name)
        if period is None or made is None or form not in _KINDS:
            abort(404)
        with desk.store.reading() as tx:
            titles, rows = made(tx, mappings, period, now)
        text = sheet(titles, rows) if form == "csv" else _json(name, period, titles, rows)
        sent = Response(text, content_type=f"{_KINDS[form]}; charset=utf-8")
        saved = f"{name}-{period.first}-{period.last}.{form}"
        sent.headers.set("Content-Disposition", "attachment", filename=saved)
        return sent


def _period(present: Month) -> Period | None:
    """The period that is asked for; None where it makes no sense."""
    first, last = request.args.get("from"), request.args.get("to")
    try:
        until = Month.read(last) if last else present
        return Period(Month.read(first), until) if first else Period.until(until, USUAL)
    except ValueError:
        return None


def _names(mappings: Mappings) -> dict[str, str]:
    return {each.customer: each.name for each in mappings.agreements}


def _tiers(mappings: Mappings, found: Iterable[str | None]) -> list[tuple[str | None, str]]:
    """The tiers that there is something of, in the order of the files, with their names; those without one last."""
    names = {each.id: each.name for each in mappings.policy.tiers}
    order = [*names, None]
    known = sorted(found, key=lambda tier: order.index(tier) if tier in order else len(order))
    return [(tier, names.get(tier, tier) if tier else "") for tier in known]


def _summed(months: Sequence[Month], rows: Iterable[Counts]) -> dict[Month, int]:
    """Rows as one."""
    several = tuple(rows)
    return {month: sum(row.get(month, 0) for row in several) for month in months} if several else {}


def _stacked(months: Sequence[Month], rows: Sequence[Counts]) -> Columns:
    """The greatest rows apart, the others as one. What was given back is no column."""
    shown = [*rows[:DRAWN], _summed(months, rows[DRAWN:])] if len(rows) > DRAWN else rows
    return columns(months, [{month: max(0, count) for month, count in row.items()} for row in shown])


Row = tuple[Any, ...]
Report = tuple[tuple[str, ...], list[Row]]
"""A report to save: its titles, and its rows."""


def _responses(tx: Connection, mappings: Mappings, period: Period, now: datetime) -> Report:
    kept = responses_kept(tx, period, now)
    names = ("kept", "missed", "overdue", "open", "not_applicable")
    rows = [
        (str(month), name, *(getattr(kept[tier][month], each) for each in names))
        for month in period.months
        for tier, name in _tiers(mappings, kept)
        if month in kept[tier]
    ]
    return ("month", "tier", *names), rows


def _refusals(tx: Connection, _mappings: Mappings, period: Period, _now: datetime) -> Report:
    rows: list[Row] = [
        (str(month), reason, row[month])
        for month in period.months
        for reason, row in refused(tx, period).items()
        if month in row
    ]
    return ("month", "reason", "requests"), rows


def _used(unit: str, title: str) -> Callable[[Connection, Mappings, Period, datetime], Report]:
    def report(tx: Connection, mappings: Mappings, period: Period, _now: datetime) -> Report:
        used, names = units_used(tx, unit, period), _names(mappings)
        rows: list[Row] = [
            (str(month), customer, names.get(customer, ""), row[month])
            for month in period.months
            for customer, row in used.items()
            if month in row
        ]
        return ("month", "customer", "name", title), rows

    return report


def _json(name: str, period: Period, titles: Sequence[str], rows: Iterable[Row]) -> str:
    found = {
        "schema": JSON_SCHEMA,
        "report": name,
        "from": str(period.first),
        "to": str(period.last),
        "rows": [dict(zip(titles, row, strict=True)) for row in rows],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


_KINDS: Final = {"csv": "text/csv", "json": "application/json"}
_REPORTS: Final = {
    "responses": _responses,
    "refusals": _refusals,
    "credits": _used(CREDIT, "credits"),
    "sessions": _used(TRAINING, "training_sessions"),
}
