"""Try it: a request typed, or a real one with something changed, decided at any moment. Nothing is written anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.mappings.load import Mappings
from plugin.overview import trial
from plugin.overview.trial import Asked, NotTried
from plugin.store.decisions import Kept
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to
from webhooks.admin.language import _
from webhooks.admin.page import render

LONGEST = 2_000
MOST_CREDITS = 999_999


@dataclass
class _Form:
    """What was typed, and what is wrong with it, by the field's name."""

    typed: Mapping[str, str]
    zone: ZoneInfo
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        return self.typed.get(name, "").strip()[:LONGEST] or None

    def needed(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            self.wrong[name] = _("This is needed.")
        return text or ""

    def one_of(self, name: str, known: Mapping[str, str]) -> str | None:
        text = self.text(name)
        if text is not None and text not in known:
            self.wrong[name] = _("%(word)s is not among the choices any more.", word=text)
        return text

    def moment(self, name: str) -> datetime:
        """A moment on the vendor's clocks; of two such, the earlier."""
        try:
            written = datetime.fromisoformat(self.typed.get(name, "")).replace(tzinfo=None)
            moment = written.replace(tzinfo=self.zone)
            back = moment.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None)
        except (ValueError, OverflowError):
            self.wrong[name] = _("Give a day and a time, such as 2026-11-20T16:30.")
            return datetime.now(UTC)
        if back != written:
            self.wrong[name] = _("The clocks leave this time out on that day: choose another one.")
        elif not 1980 <= written.year < 2200:
            self.wrong[name] = _("Choose a year between 1980 and 2199.")
        return moment

    def number(self, name: str) -> int:
        text = self.text(name) or "0"
        if not (text.isascii() and text.isdecimal()) or int(text) > MOST_CREDITS:
            self.wrong[name] = _("Give a whole number, 0 or more.")
            return 0
        return int(text)


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views. Whoever may look may try."""

    def known(key: str | None) -> Kept | None:
        if key is None:
            return None
        with desk.store.reading() as tx:
            return trial.recorded(tx, key)

    def shown(mappings: Mappings, typed: Mapping[str, str], **more: object) -> str:
        values = {"wrong": {}, "problem": None, "tried": None, "real": None, **more}
        return render("trial", typed=typed, choices=_choices(mappings), **values)

    @pages.get("/try", endpoint="trial")
    def show() -> ResponseReturnValue:
        mappings, key = desk.mappings(), (request.args.get("key") or "").strip() or None
        kept = known(key)
        typed = {
            "raised": _typed(desk.now(), mappings),
            "at": _typed(desk.now(), mappings),
            "kind": mappings.policy.kinds[0].id,
        }
        if key is not None and kept is None:
            return shown(mappings, typed, problem=_("No request %(key)s was decided on yet.", key=key)), 404
        if kept is None:
            return shown(mappings, typed)
        try:
            return shown(mappings, _filled(kept, desk.now(), mappings), real=kept.content["request"]["key"])
        except NotTried as error:
            return shown(mappings, typed, problem=str(error)), 422

    @pages.post("/try", endpoint="tried")
    @open_to(Role.VIEWER)
    def decide() -> ResponseReturnValue:
        mappings, typed = desk.mappings(), request.form
        key = typed.get("key", "").strip() or None
        kept = known(key)
        form = _Form(typed, mappings.policy.zone)
        asked = _asked(form, mappings)
        real = kept.content["request"]["key"] if kept else None
        if form.wrong:
            return shown(mappings, typed, wrong=form.wrong, real=real), 422
        try:
            return shown(mappings, typed, tried=trial.tried(asked, mappings, kept), real=real)
        except NotTried as error:
            return shown(mappings, typed, problem=str(error), real=real), 422


def _asked(form: _Form, mappings: Mappings) -> Asked:
    choices = _choices(mappings)
    stated, modified = (
        form.one_of("stated_severity", choices["stated_severity"]),
        form.one_of("modified", choices["modified"]),
    )
    asked = Asked(
        raised_by=form.needed("raised_by"),
        kind=form.one_of("kind", choices["kind"]) or form.needed("kind"),
        raised=form.moment("raised"),
        at=form.moment("at"),
        customer=form.one_of("customer", choices["customer"]),
        organizations=tuple(filter(None, (each.strip() for each in (form.text("organizations") or "").split(";")))),
        product=form.text("product"),
        version=form.text("version"),
        environment=form.one_of("environment", choices["environment"]),
        impact=form.one_of("impact", choices["impact"]),
        stated_severity=int(stated) if stated and "stated_severity" not in form.wrong else None,
        platform=form.text("platform"),
        third_party=form.text("third_party"),
        modified=None if modified is None else modified == "yes",
        credits_used=form.number("credits_used"),
    )
    if not {"raised", "at"} & form.wrong.keys() and asked.at < asked.raised:
        form.wrong["at"] = _("This is before the request was raised.")
    return asked


def _choices(mappings: Mappings) -> dict[str, dict[str, str]]:
    """What may be chosen: words of the policy, and what they are called."""
    policy = mappings.policy

    def options(word: str) -> dict[str, str]:
        spec = mappings.declared.fields.get(word)
        return {ours: theirs for theirs, ours in (spec.values or {}).items()} if spec else {}

    return {
        "customer": {each.customer: each.name for each in mappings.agreements},
        "kind": {each.id: each.name for each in policy.kinds},
        "product": {each.name: each.name for each in policy.products},
        "environment": options("environment"),
        "impact": options("impact"),
        "stated_severity": {str(each.level): each.name for each in policy.severities},
        "modified": {"yes": _("Yes"), "no": _("No")},
    }


def _filled(kept: Kept, now: datetime, mappings: Mappings) -> dict[str, str]:
    """The form, filled in with a real request: decided as the next look would, or as it was once it is resolved."""
    inputs = trial.inputs_of(kept)
    known = inputs.request
    asked = Asked.of(known, inputs.now if known.ended else max(now, inputs.now))
    words = {
        name: getattr(asked, name)
        for name in ("product", "version", "environment", "impact", "platform", "third_party")
    }
    return {
        **{name: value or "" for name, value in words.items()},
        "key": known.key,
        "raised_by": asked.raised_by,
        "kind": asked.kind,
        "organizations": "; ".join(asked.organizations),
        "stated_severity": str(asked.stated_severity or ""),
        "modified": "" if asked.modified is None else "yes" if asked.modified else "no",
        "raised": _typed(asked.raised, mappings),
        "at": _typed(asked.at, mappings),
    }


def _typed(moment: datetime, mappings: Mappings) -> str:
    """As browsers write it."""
    return f"{moment.astimezone(mappings.policy.zone):%Y-%m-%dT%H:%M}"
