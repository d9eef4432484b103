"""Customers: all of them, those first who need attention; one of them as a whole; and their statements."""

import secrets
from datetime import date
from typing import Final

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Policy
from plugin.contract.statement import Month
from plugin.mappings.load import Mappings
from plugin.mappings.replies import DEFAULT_LANGUAGE
from plugin.overview import customers as overview
from plugin.overview.statement_page import FORMATS, StatementPage
from plugin.statement import statement
from webhooks.admin.charts import slope
from webhooks.admin.desk import Desk
from webhooks.admin.language import _, day_text
from webhooks.admin.page import render

SHOWN: Final = 25
"""Requests of a customer that are listed."""

MONTHS: Final = 24
"""Months of which statements are offered."""

_KINDS: Final = {"html": "text/html", "csv": "text/csv", "json": "application/json"}


def signed(mappings: Mappings, customer: str) -> SupportAgreement:
    """A customer's agreement; answers that there is no such page where there is none."""
    return next((each for each in mappings.agreements if each.customer == customer), None) or abort(404)


def named(policy: Policy) -> dict[str, dict[str, str]]:
    """The names of tiers and products by their ids, for templates."""
    return {
        "tiers": {each.id: each.name for each in policy.tiers},
        "products": {each.id: each.name for each in policy.products},
    }


def lot_text(lot: str) -> str:
    """A lot as people know it: by the day on which it was granted, or a package by its name."""
    name = lot.partition(" ")[2]
    if name.startswith("package "):
        return _("package %(name)s", name=name.removeprefix("package "))
    if name.startswith("carry-over "):
        return _("carried over from the year that began on %(day)s", day=_day(name.removeprefix("carry-over ")))
    return _("granted on %(day)s", day=_day(name))


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    @pages.get("/customers", endpoint="customers")
    def everybody() -> ResponseReturnValue:
        mappings, words = desk.mappings(), request.args.get("q", "").strip()
        with desk.store.reading() as tx:
            found = overview.standings(tx, mappings.agreements, mappings.policy, desk.now())
        shown = overview.matching(found, words)
        return render("customers", customers=shown, total=len(found), words=words, **named(mappings.policy))

    @pages.get("/customers/<customer>", endpoint="customer")
    def one(customer: str) -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        agreement = signed(mappings, customer)
        with desk.store.reading() as tx:
            seen = overview.customer(tx, agreement, mappings.policy, now)
        return render(
            "customer",
            seen=seen,
            agreement=agreement,
            charts={each.unit: slope(each.burn_down) for each in seen.holdings},
            shown=SHOWN,
            months=_months(agreement, Month.of(seen.today)),
            lot_text=lot_text,
            lots={each.unit: each.lots for each in seen.holdings},
            key=secrets.token_urlsafe(12),
            booked="booked" in request.args,
            added="added" in request.args,
            now=now,
            **named(mappings.policy),
        )

    @pages.get("/customers/<customer>/statement", endpoint="statement")
    def document(customer: str) -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        agreement, form = signed(mappings, customer), request.args.get("format", "html")
        month = _month(request.args.get("month", ""))
        if form not in FORMATS or month.first > mappings.policy.day(now):
            abort(404)
        words = mappings.statement_words
        wanted = (request.args.get("language"), agreement.language, DEFAULT_LANGUAGE, *words)
        language = next((each for each in wanted if each in words), None) or abort(404)
        with desk.store.reading() as tx:
            made = statement(tx, agreement, mappings, month, now)
        text = StatementPage(made, mappings.policy, words[language], language, "reasons" in request.args).written(form)
        # Saved, not shown: it brings its own style, which no page here may.
        name = f"{agreement.customer}-{month}.{form}"
        sent = Response(text, content_type=f"{_KINDS[form]}; charset=utf-8")
        sent.headers.set("Content-Disposition", "attachment", filename=name)
        return sent


def _day(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text))
    except ValueError:
        return text


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError:
        abort(404)


def _months(agreement: SupportAgreement, present: Month) -> list[Month]:
    """The months of which there can be a statement, the present one first."""
    begun, found = min(term.first for term in agreement.terms), list[Month]()
    year, number = present.year, present.number
    while len(found) < MONTHS and (month := Month(year, number)).last >= begun:
        found.append(month)
        year, number = (year, number - 1) if number > 1 else (year - 1, 12)
    return found or [present]
