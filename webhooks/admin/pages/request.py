"""One request: what was decided on it and why, how it came to that, and what an agent may do about it."""

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from plugin.contract.decision import Eligibility
from plugin.links import links_of, signed
from plugin.overview.request import request_seen
from plugin.store import audit, decisions, doors, keys
from plugin.store.keys import Key
from webhooks.admin.acting import Acting
from webhooks.admin.desk import Desk
from webhooks.admin.drawing import days
from webhooks.admin.gate import who
from webhooks.admin.language import _
from webhooks.admin.page import render

LONGEST: Final = 2000
"""Characters of a reason."""


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    links, acting = links_of(desk.settings), Acting(desk)

    def shown(key: str, problem: str | None = None, link: tuple[str, datetime] | None = None) -> str:
        mappings = desk.mappings()
        with desk.store.reading() as tx:
            seen = request_seen(tx, known(tx, key), mappings.policy, desk.recorded) or abort(404)
        declared = mappings.declared.fields
        return render(
            "request",
            seen=seen,
            drawn=days(seen.strip.days) if seen.strip else None,
            tiers={tier.id: tier.name for tier in mappings.policy.tiers},
            now=desk.now(),
            problem=problem,
            link=link,
            may_link=links is not None,
            typed=request.form,
            verdicts=list(Eligibility),
            jira=desk.settings.jira_url,
            may_override="override" in declared and "override_reason" in declared,
            may_book="appointment_from" in declared and "appointment_until" in declared,
        )

    def refused(key: str, sentence: str) -> ResponseReturnValue:
        return shown(key, sentence), 422

    def back(key: str, sentence: str) -> ResponseReturnValue:
        flash(sentence)
        return redirect(url_for("admin.one_request", key=key))

    def answered(key: str, trouble: str | None, sentence: str) -> ResponseReturnValue:
        return refused(key, trouble) if trouble else back(key, sentence)

    def known(tx: Connection, key: str) -> str:
        return decisions.request_named(tx, key) or abort(404)

    @pages.get("/requests/<key>", endpoint="one_request")
    def show(key: str) -> ResponseReturnValue:
        return shown(key)

    @pages.post("/requests/<key>/look")
    def look_again(key: str) -> ResponseReturnValue:
        faster = acting.look(key)
        return back(key, faster or _("It will be looked at as soon as a worker is free."))

    @pages.post("/requests/<key>/link", endpoint="receipt_link")
    def make_link(key: str) -> ResponseReturnValue:
        if links is None:
            abort(404)
        now = desk.now()
        ends_at = now + links.lasting
        with desk.store.writing() as tx:
            token = signed(keys.secret(tx, Key.RECEIPTS), known(tx, key), ends_at)
            audit.record(tx, who().name, "request.link", key, now, after={"until": ends_at.isoformat()})
        return shown(key, link=(links.leads_to(token), ends_at))

    @pages.post("/requests/<key>/retry")
    def retry(key: str) -> ResponseReturnValue:
        return answered(
            key,
            acting.at_door(key, "request.retry", None, doors.release),
            _("It will be tried again as soon as a worker is free."),
        )

    @pages.post("/requests/<key>/discard")
    def discard(key: str) -> ResponseReturnValue:
        reason = _reason()
        if not reason:
            return refused(key, _("Say why: it is kept."))

        def leave(tx: Connection, request_id: str, now: datetime) -> bool:
            return doors.discard(tx, request_id, f"{reason} (by {who().name} on {now:%Y-%m-%d})")

        trouble = acting.at_door(key, "request.discard", reason, leave)
        return answered(key, trouble, _("It is left alone until it changes in Jira."))

    @pages.post("/requests/<key>/override")
    def override(key: str) -> ResponseReturnValue:
        verdict, reason = request.form.get("eligibility", ""), _reason()
        if verdict not in {each.value for each in Eligibility}:
            return refused(key, _("Choose what it is to be."))
        if not reason:
            return refused(key, _("Say why: without a reason an override does not count."))
        values = {"override": verdict, "override_reason": f"{reason} ({who().name})"}
        trouble = acting.in_jira(key, "request.override", values, reason)
        return answered(key, trouble, _("It is overruled. The page shows it after the next look."))

    @pages.post("/requests/<key>/rules")
    def rules_again(key: str) -> ResponseReturnValue:
        trouble = acting.in_jira(key, "request.rules", {"override": None, "override_reason": None}, None)
        return answered(key, trouble, _("The rules decide again, with the next look."))

    @pages.post("/requests/<key>/appointment")
    def book(key: str) -> ResponseReturnValue:
        begins, ends = _moment("begins"), _moment("ends")
        if begins is None or ends is None:
            return refused(key, _("Give the beginning and the end, with day and time."))
        if begins >= ends:
            return refused(key, _("It has to end after it begins."))
        trouble = acting.in_jira(
            key, "request.appointment", {"appointment_from": begins, "appointment_until": ends}, None
        )
        return answered(key, trouble, _("It is booked. The page shows it after the next look."))

    @pages.post("/requests/<key>/appointment/cancel")
    def cancel(key: str) -> ResponseReturnValue:
        values = {"appointment_from": None, "appointment_until": None}
        trouble = acting.in_jira(key, "request.appointment", values, None)
        return answered(key, trouble, _("It is not booked any more."))

    def _moment(field: str) -> datetime | None:
        """A moment as the browser's field gives it, in the vendor's zone."""
        try:
            typed = datetime.fromisoformat(request.form.get(field, ""))
            return (typed if typed.tzinfo else typed.replace(tzinfo=desk.mappings().policy.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST]
