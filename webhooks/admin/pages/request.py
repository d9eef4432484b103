"""One request: what was decided on it and why, how it came to that, and what an agent may do about it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from plugin.by_hand import NotDeclared, set_fields
from plugin.contract.decision import Eligibility
from plugin.jira.errors import JiraTrouble
from plugin.links import links_of, signed
from plugin.overview.request import request_seen
from plugin.settings import SettingsError
from plugin.store import audit, decisions, doors, keys
from plugin.store.keys import Key
from webhooks.admin.desk import Desk
from webhooks.admin.drawing import days
from webhooks.admin.gate import who
from webhooks.admin.language import _
from webhooks.admin.page import render

LONGEST: Final = 2000
"""Characters of a reason."""


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    links = links_of(desk.settings)

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

    def known(tx: Connection, key: str) -> str:
        return decisions.request_named(tx, key) or abort(404)

    def at_door(key: str, action: str, reason: str | None, act: Callable[[Connection, str, datetime], bool]) -> bool:
        """Do something at the request's door, and write it down; False where it was not to be done."""
        now = desk.now()
        with desk.store.writing() as tx:
            done = act(tx, known(tx, key), now)
            if done:
                audit.record(tx, who().name, action, key, now, reason=reason)
        return done

    def in_jira(key: str, action: str, values: Mapping[str, Any], reason: str | None) -> str | None:
        """Set fields of the request in Jira, write it down, and have it looked at; what went wrong, if it did."""
        with desk.store.reading() as tx:
            request_id = known(tx, key)
        try:
            with desk.jira() as jira:
                before = set_fields(jira, desk.mappings().declared, request_id, values)
        except (JiraTrouble, NotDeclared, SettingsError) as trouble:
            return str(trouble)
        after, now = {word: None if each is None else str(each) for word, each in values.items()}, desk.now()
        with desk.store.writing() as tx:
            audit.record(tx, who().name, action, key, now, reason=reason, before=before, after=after)
            doors.knock(tx, request_id, key, now)
        return None

    @pages.get("/requests/<key>", endpoint="one_request")
    def show(key: str) -> ResponseReturnValue:
        return shown(key)

    @pages.post("/requests/<key>/look")
    def look_again(key: str) -> ResponseReturnValue:
        def knock(tx: Connection, request_id: str, now: datetime) -> bool:
            doors.knock(tx, request_id, key, now)
            return True

        at_door(key, "request.look", None, knock)
        return back(key, _("It will be looked at as soon as a worker is free."))

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
        if not at_door(key, "request.retry", None, doors.release):
            return refused(key, _("It is not parked any more."))
        return back(key, _("It will be tried again as soon as a worker is free."))

    @pages.post("/requests/<key>/discard")
    def discard(key: str) -> ResponseReturnValue:
        reason = _reason()
        if not reason:
            return refused(key, _("Say why: it is kept."))

        def leave(tx: Connection, request_id: str, now: datetime) -> bool:
            return doors.discard(tx, request_id, f"{reason} (by {who().name} on {now:%Y-%m-%d})")

        if not at_door(key, "request.discard", reason, leave):
            return refused(key, _("It is not parked any more."))
        return back(key, _("It is left alone until it changes in Jira."))

    @pages.post("/requests/<key>/override")
    def override(key: str) -> ResponseReturnValue:
        verdict, reason = request.form.get("eligibility", ""), _reason()
        if verdict not in {each.value for each in Eligibility}:
            return refused(key, _("Choose what it is to be."))
        if not reason:
            return refused(key, _("Say why: without a reason an override does not count."))
        values = {"override": verdict, "override_reason": f"{reason} ({who().name})"}
        trouble = in_jira(key, "request.override", values, reason)
        return (
            refused(key, trouble)
            if trouble
            else back(key, _("It is overruled. The page shows it after the next look."))
        )

    @pages.post("/requests/<key>/rules")
    def rules_again(key: str) -> ResponseReturnValue:
        trouble = in_jira(key, "request.rules", {"override": None, "override_reason": None}, None)
        return refused(key, trouble) if trouble else back(key, _("The rules decide again, with the next look."))

    @pages.post("/requests/<key>/appointment")
    def book(key: str) -> ResponseReturnValue:
        begins, ends = _moment("begins"), _moment("ends")
        if begins is None or ends is None:
            return refused(key, _("Give the beginning and the end, with day and time."))
        if begins >= ends:
            return refused(key, _("It has to end after it begins."))
        trouble = in_jira(key, "request.appointment", {"appointment_from": begins, "appointment_until": ends}, None)
        return (
            refused(key, trouble) if trouble else back(key, _("It is booked. The page shows it after the next look."))
        )

    @pages.post("/requests/<key>/appointment/cancel")
    def cancel(key: str) -> ResponseReturnValue:
        values = {"appointment_from": None, "appointment_until": None}
        trouble = in_jira(key, "request.appointment", values, None)
        return refused(key, trouble) if trouble else back(key, _("It is not booked any more."))

    def _moment(field: str) -> datetime | None:
        """A moment as the browser's field gives it, in the vendor's zone."""
        try:
            typed = datetime.fromisoformat(request.form.get(field, ""))
        except ValueError:
            return None
        return (typed if typed.tzinfo else typed.replace(tzinfo=desk.mappings().policy.zone)).astimezone(UTC)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST]
