"""Add a package of credits to a customer's agreement: what it would change is shown first, then its file is written.

The file stays the truth: what the package grants is booked by the next look, as after any other edit of the file.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from pathlib import Path
from typing import Final

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.contract.model import SupportAgreement
from plugin.mappings.edit import ChangedMeanwhile, NotWritten, on_disk, why_not_writable
from plugin.mappings.rows import NotAdded
from plugin.overview.edit import save, seal
from plugin.overview.packages import Addition, Bought, addition, file_of, lot_of, with_package
from plugin.store import audit, ledger
from webhooks.admin.desk import Desk
from webhooks.admin.editor import secret
from webhooks.admin.gate import who
from webhooks.admin.language import _, number_text
from webhooks.admin.page import render
from webhooks.admin.pages.customers import lot_text, signed
from webhooks.admin.sent import number

MOST: Final = 100_000
"""Credits at once: beyond it somebody slipped."""

LONGEST: Final = 100
"""Letters of a reference."""

LONGEST_REASON: Final = 1_000
FIELDS: Final = ("credits", "bought", "expires", "reference", "reason")


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in. `key` tells this form from any other: with it a package is added once. `standing` and `seal`
    are the preview's.
    """

    typed: Mapping[str, str]
    key: str
    standing: str
    seal: str

    @classmethod
    def sent(cls) -> "Form":
        """The form that came."""
        sent = request.form
        typed = {name: " ".join(sent.get(name, "").split()) for name in FIELDS}
        return cls(typed, sent.get("key") or secrets.token_urlsafe(12), sent.get("standing", ""), sent.get("seal", ""))

    @property
    def bought(self) -> Bought | str:
        """The package, or what is wrong with what was filled in."""
        typed = self.typed
        try:
            credits = number(typed["credits"])
        except ValueError:
            credits = 0
        if not 0 < credits <= MOST:
            return _("Give a whole number of credits, from 1 to %(most)s.", most=number_text(MOST))
        first, last, reference = _day(typed["bought"]), _day(typed["expires"]), typed["reference"]
        if first is None or last is None:
            return _("Give both days, such as 2026-11-20.")
        if last < first:
            return _("It ends before it begins: give a last day that comes later.")
        if len(reference) > LONGEST or not reference.isprintable():
            return _("Give a reference of at most %(most)s letters.", most=LONGEST)
        return Bought(credits, first, last, reference or None)

    def reason(self, bought: Bought) -> str:
        """For the history of the file."""
        given = self.typed["reason"][:LONGEST_REASON]
        return given or f"package {bought.name}: {bought.credits} credits"


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    directory = Path(desk.settings.mappings_dir)

    def shown(
        agreement: SupportAgreement, form: Form, added: Addition | None = None, problem: str | None = None
    ) -> str:
        bought = form.bought
        return render(
            "package",
            agreement=agreement,
            form=form,
            bought=None if isinstance(bought, str) else bought,
            added=added,
            problem=problem,
            seal=_seal(added) if added and added.after is not None else None,
            read_only=why_not_writable(directory, file_of(agreement.customer)),
            today=desk.mappings().policy.day(desk.now()),
            lot_text=lot_text,
            new=None if isinstance(bought, str) else lot_of(bought),
        )

    def looked(agreement: SupportAgreement, form: Form, problem: str | None = None) -> ResponseReturnValue:
        """The preview, from which it can be added where nothing stands in the way."""
        bought, disk = form.bought, on_disk(directory)
        if isinstance(bought, str):
            return shown(agreement, form, problem=bought), 422
        if file_of(agreement.customer) not in disk:
            abort(404)
        try:
            with desk.store.reading() as tx:
                added = addition(tx, disk, agreement.customer, bought, desk.mappings(), desk.now())
        except NotAdded as why:
            return shown(agreement, form, problem=str(why)), 422
        return shown(agreement, form, added, problem), 409 if problem else 422 if added.after is None else 200

    def done(customer: str) -> ResponseReturnValue:
        return redirect(url_for("admin.customer", customer=customer, added=1), 303)

    @pages.post("/customers/<customer>/package/preview")
    def preview_package(customer: str) -> ResponseReturnValue:
        agreement, form = signed(desk.mappings(), customer), Form.sent()
        with desk.store.reading() as tx:
            if audit.is_done(tx, customer, form.key):
                # Sent again by the browser's way back.
                return done(customer)
        return looked(agreement, form)

    @pages.post("/customers/<customer>/package")
    def add_package(customer: str) -> ResponseReturnValue:
        agreement, form, now = signed(desk.mappings(), customer), Form.sent(), desk.now()
        bought, file = form.bought, file_of(customer)
        if isinstance(bought, str):
            return shown(agreement, form, problem=bought), 422
        try:
            with desk.store.writing() as tx:
                # Locked: a second click waits here, and finds it done.
                ledger.lock(tx, [customer])
                if audit.is_done(tx, customer, form.key):
                    return done(customer)
                stood = on_disk(directory).get(file) or abort(404)
                content = with_package(file, stood, bought)
                sealed = seal(secret(), form.standing, {file: content})
                if not compare_digest(form.seal.encode(), sealed.encode()):
                    raise ChangedMeanwhile
                after = {"lot": lot_of(bought), **bought.row}
                audit.record(
                    tx, who().name, "customer.package", customer, now,
                    reason=form.reason(bought), after={**after, audit.FORM: form.key},
                )  # fmt: skip
                save(tx, directory, {file: (stood, content)}, form.standing, who().name, form.reason(bought), now)
        except (ChangedMeanwhile, NotAdded):
            return looked(agreement, form, _stale())
        except NotWritten as why:
            return shown(agreement, form, problem=str(why)), 422
        return done(customer)

    def _seal(added: Addition) -> str:
        return seal(secret(), added.looked.standing, {added.file: added.content})


def _stale() -> str:
    return _("The files changed meanwhile. Nothing was added: this is what it would come to now.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
