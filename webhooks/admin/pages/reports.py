"""Reports over a period: responses by tier, refusals by reason, credits by customer; as tables, charts and CSV."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from plugin.contract.statement import Month
from plugin.documents import sheet
from plugin.mappings.load import Mappings
from plugin.overview.reports import MOST, Period, Responses, credits_used, refused, responses_kept
from webhooks.admin.charts import Columns, columns
from webhooks.admin.desk import Desk
from webhooks.admin.page import render
from webhooks.admin.reasons import reason_text

USUAL: Final = 6
"""Months of a report where nobody says how many."""

DRAWN: Final = 5
"""Rows that a chart tells apart; the others are drawn as one."""

_STANDS: Final = ("kept", "missed", "overdue", "open")

Counts = Mapping[Month, int]


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    @pages.get("/reports")
    def reports() -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        present = Month.of(mappings.policy.day(now))
        period = _period(present)
        with desk.store.reading() as tx:
            kept, reasons, used = responses_kept(tx, period, now), refused(tx, period), credits_used(tx, period)
        months = period.months
        total = {month: sum((row.get(month, Responses()) for row in kept.values()), Responses()) for month in months}
        customers = {each.customer: each.name for each in mappings.agreements}
        return render(
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
            refused=[(reason_text(reason), row) for reason, row in reasons.items()],
            refused_chart=_stacked(months, tuple(reasons.values())),
            used=[(customers.get(customer, customer), row) for customer, row in used.items()],
            used_chart=_stacked(months, tuple(used.values())),
            drawn=DRAWN,
        )

    @pages.get("/reports/<name>.csv", endpoint="report")
    def document(name: str) -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        period = _period(Month.of(mappings.policy.day(now)))
        with desk.store.reading() as tx:
            made = _SHEETS.get(name, _no_sheet)(tx, mappings, period, now)
        sent = Response(made, content_type="text/csv; charset=utf-8")
        saved = f"{name}-{period.first}-{period.last}.csv"
        sent.headers.set("Content-Disposition", "attachment", filename=saved)
        return sent


def _period(present: Month) -> Period:
    """The period that is asked for; answers that there is no such page where it makes no sense."""
    first, last = request.args.get("from"), request.args.get("to")
    try:
        until = Month.read(last) if last else present
        return Period(Month.read(first), until) if first else Period.until(until, USUAL)
    except ValueError:
        abort(404)


def _tiers(mappings: Mappings, found: Iterable[str | None]) -> list[tuple[str | None, str]]:
    """The tiers that there is something of, in the order of the files, with their names; those without one last."""
    names = {each.id: each.name for each in mappings.policy.tiers}
    order = [*names, None]
    known = sorted(found, key=lambda tier: order.index(tier) if tier in order else len(order))
    return [(tier, names.get(tier, tier) if tier else "") for tier in known]


def _stacked(months: Sequence[Month], rows: Sequence[Counts]) -> Columns:
    """The greatest rows apart, the others as one. What was given back is no column."""
    others = {month: sum(row.get(month, 0) for row in rows[DRAWN:]) for month in months}
    shown = [*rows[:DRAWN], others] if len(rows) > DRAWN else rows
    return columns(months, [{month: max(0, count) for month, count in row.items()} for row in shown])


def _responses_sheet(tx: Connection, mappings: Mappings, period: Period, now: datetime) -> str:
    kept = responses_kept(tx, period, now)
    names = ("kept", "missed", "overdue", "open", "not_applicable")
    rows = [
        (str(month), name, *(getattr(kept[tier][month], each) for each in names))
        for month in period.months
        for tier, name in _tiers(mappings, kept)
        if month in kept[tier]
    ]
    return sheet(("month", "tier", *names), rows)


def _refusals_sheet(tx: Connection, _mappings: Mappings, period: Period, _now: datetime) -> str:
    return sheet(("month", "reason", "requests"), _flat(period, refused(tx, period)))


def _credits_sheet(tx: Connection, _mappings: Mappings, period: Period, _now: datetime) -> str:
    return sheet(("month", "customer", "credits"), _flat(period, credits_used(tx, period)))


def _flat(period: Period, rows: Mapping[str, Counts]) -> list[tuple[str, str, int]]:
    return [(str(month), name, row[month]) for month in period.months for name, row in rows.items() if month in row]


def _no_sheet(_tx: Connection, _mappings: Mappings, _period: Period, _now: datetime) -> str:
    abort(404)


_SHEETS: Final = {"responses": _responses_sheet, "refusals": _refusals_sheet, "credits": _credits_sheet}
