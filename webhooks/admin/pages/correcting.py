"""Correct a customer's balance by hand: first shown what it would book, then booked, once, however often it is sent."""

import secrets
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.contract.grants import CREDIT, UNITS
from plugin.contract.model import SupportAgreement
from plugin.overview.correcting import NoLotError, Proposal, RefusedError, book, propose
from plugin.overview.lots import lots_today
from plugin.store import audit, ledger
from webhooks.admin.desk import Desk
from webhooks.admin.gate import who
from webhooks.admin.language import _
from webhooks.admin.page import render
from webhooks.admin.pages.customers import lot_text, signed

MOST: Final = 100_000
"""Units at once: beyond it somebody slipped."""

LONGEST: Final = 500
"""Letters of a reason."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in. `key` tells this form from any other: with it a form is booked once. `seen` is the ledger's
    newest entry when it was shown. Without a `lot` it is the one that the contract implies.
    """

    unit: str
    units: int | None
    reason: str
    lot: str | None
    key: str
    seen: int | None

    @classmethod
    def sent(cls) -> "Form":
        """The form that came; what makes no sense in it is None."""
        sent = request.form
        # Of what: a unit, or one lot of it, which begins with its unit.
        unit, _blank, of = sent.get("of", CREDIT).partition(" ")
        return cls(
            unit=unit if unit in UNITS else CREDIT,
            units=sent.get("units", type=int),
            reason=" ".join(sent.get("reason", "").split()),
            lot=f"{unit} {of}" if of else None,
            key=sent.get("key") or secrets.token_urlsafe(12),
            seen=sent.get("seen", type=int),
        )

    @property
    def of(self) -> str:
        """Of what, as the form says it."""
        return self.lot or self.unit

    @property
    def problem(self) -> str | None:
        """What is wrong with it, if anything."""
        if not self.units or abs(self.units) > MOST:
            return _("Give a whole number other than 0, such as 5 or -5.")
        if not self.reason or len(self.reason) > LONGEST or not self.reason.isprintable():
            return _("Give a reason of at most %(most)s letters: it is kept in the ledger.", most=LONGEST)
        return None


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    def shown(
        agreement: SupportAgreement, form: Form, proposed: Proposal | None = None, problem: str | None = None
    ) -> str:
        mappings, now = desk.mappings(), desk.now()
        with desk.store.reading() as tx:
            lots = lots_today(tx, agreement, mappings.policy, now)
        return render(
            "correcting",
            agreement=agreement,
            form=form,
            proposed=proposed,
            problem=problem,
            lots=lots,
            lot_text=lot_text,
            today=mappings.policy.day(now),
        )

    def done(customer: str) -> ResponseReturnValue:
        return redirect(url_for("admin.customer", customer=customer, booked=1), 303)

    @pages.post("/customers/<customer>/correct/preview")
    def preview_correction(customer: str) -> ResponseReturnValue:
        mappings, form, now = desk.mappings(), Form.sent(), desk.now()
        agreement = signed(mappings, customer)
        if form.problem or form.units is None:
            return shown(agreement, form, problem=form.problem), 422
        memo = f"{form.reason} (by {who().name})"
        try:
            with desk.store.reading() as tx:
                if audit.is_done(tx, customer, form.key):
                    # Sent again by the browser's way back.
                    return done(customer)
                proposed = propose(tx, agreement, mappings.policy, now, form.unit, form.units, memo, form.lot)
        except RefusedError as why:
            return shown(agreement, form, problem=_why(why)), 422
        return shown(agreement, form, proposed)

    @pages.post("/customers/<customer>/correct")
    def correct(customer: str) -> ResponseReturnValue:
        mappings, form, now = desk.mappings(), Form.sent(), desk.now()
        agreement = signed(mappings, customer)
        if form.problem or form.units is None:
            return shown(agreement, form, problem=form.problem), 422
        memo = f"{form.reason} (by {who().name})"
        try:
            with desk.store.writing() as tx:
                ledger.lock(tx, [customer])
                if audit.is_done(tx, customer, form.key):
                    return done(customer)
                proposed = propose(tx, agreement, mappings.policy, now, form.unit, form.units, memo, form.lot)
                if proposed.seen != form.seen or not book(tx, proposed):
                    return shown(agreement, form, proposed, _stale()), 409
                before = {"unit": form.unit, "balance": proposed.before}
                after = {
                    **before,
                    "balance": proposed.after,
                    "lot": proposed.lot.id,
                    "units": form.units,
                    audit.FORM: form.key,
                }
                audit.record(
                    tx, who().name, "customer.correct", customer, now, reason=form.reason, before=before, after=after
                )
        except RefusedError as why:
            return shown(agreement, form, problem=_why(why)), 422
        return done(customer)


def _stale() -> str:
    return _("Something else was booked meanwhile. Nothing was changed: this is what it would come to now.")


def _why(why: RefusedError) -> str:
    if isinstance(why, NoLotError):
        return _("There is nothing that can be used today, nor corrected. Add a package to the agreement first.")
    return str(why)
