"""The form in which a request is typed to be tried out: read, and filled in with a real one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from plugin.contract.decision import Eligibility
from plugin.contract.model import Answer, Appointment, Author, Comment, Override
from plugin.mappings.load import Mappings
from plugin.overview.asked import Asked
from plugin.overview.trial import inputs_of
from plugin.store.decisions import Kept
from webhooks.admin.language import N_, _

LONGEST: Final = 2_000
LONGEST_ANSWER: Final = 32_767
"""Letters of a comment in Jira."""

LISTS: Final = {"answers": ("at", "text"), "comments": ("at",), "appointments": ("from", "to")}
"""Lists of the form, each with the columns in which something is typed."""

MOST_UNITS: Final = 999_999


@dataclass
class Form:
    """What was typed, and what is wrong with it, by the field's name."""

    typed: MultiDict[str, str]
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
        return self._moment(self.typed.get(name, ""), name)

    def moment_if_any(self, name: str) -> datetime | None:
        """The same; None where nothing was typed."""
        return self.moment(name) if self.text(name) else None

    def rows(self, name: str, *chosen: str) -> Iterator[tuple[str, ...]]:
        """The rows of a list in which something was typed: what that was, then what was chosen. Its fields are called
        `name.column`, each as often as there are rows.
        """
        typed = LISTS[name]
        listed = [self.typed.getlist(f"{name}.{each}") for each in (*typed, *chosen)]
        for row in zip(*listed, strict=False):
            said = tuple(text.strip().replace("\r\n", "\n")[:LONGEST_ANSWER] for text in row)
            if any(said[: len(typed)]):
                yield said

    def row_moment(self, name: str, text: str) -> datetime:
        """A moment in a row of that list."""
        return self._moment(text, name)

    def _moment(self, text: str, name: str) -> datetime:
        try:
            written = datetime.fromisoformat(text).replace(tzinfo=None)
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
        if not (text.isascii() and text.isdecimal()) or int(text) > MOST_UNITS:
            self.wrong[name] = _("Give a whole number, 0 or more.")
            return 0
        return int(text)


def asked_in(form: Form, mappings: Mappings) -> Asked:
    """What it says; what is wrong with it is noted in the form."""
    known = choices(mappings)
    stated, modified = (
        form.one_of("stated_severity", known["stated_severity"]),
        form.one_of("modified", known["modified"]),
    )
    asked = Asked(
        raised_by=form.needed("raised_by"),
        kind=form.one_of("kind", known["kind"]) or form.needed("kind"),
        raised=form.moment("raised"),
        at=form.moment("at"),
        customer=form.one_of("customer", known["customer"]),
        organizations=tuple(filter(None, (each.strip() for each in (form.text("organizations") or "").split(";")))),
        product=form.text("product"),
        version=form.text("version"),
        environment=form.one_of("environment", known["environment"]),
        impact=form.one_of("impact", known["impact"]),
        stated_severity=int(stated) if stated and "stated_severity" not in form.wrong else None,
        platform=form.text("platform"),
        third_party=form.text("third_party"),
        modified=None if modified is None else modified == "yes",
        credits_used=form.number("credits_used"),
        sessions_used=form.number("sessions_used"),
        outcome=form.one_of("outcome", known["outcome"]),
        ended=form.moment_if_any("ended"),
        on_behalf=form.one_of("on_behalf", known["on_behalf"]) == "yes",
        override=_override(form, known["override"]),
        answers=tuple(_answers(form)),
        comments=tuple(_comments(form, known["by"])),
        appointments=tuple(_appointments(form)),
    )
    if not form.wrong:
        _in_order(form, asked)
    return asked


def _override(form: Form, known: Mapping[str, str]) -> Override | None:
    word, reason = form.one_of("override", known), form.text("override_reason")
    if word is None or "override" in form.wrong:
        return None
    if reason is None:
        form.wrong["override_reason"] = _("This is needed.")
    return Override(Eligibility(word), reason or "")


def _answers(form: Form) -> Iterator[Answer]:
    for at, text in form.rows("answers"):
        if not text:
            form.wrong["answers"] = _("Say what was answered.")
        yield Answer(text, form.row_moment("answers", at))


def _comments(form: Form, known: Mapping[str, str]) -> Iterator[Comment]:
    for number, (at, by, public) in enumerate(form.rows("comments", "by", "public")):
        if by not in known:
            form.wrong["comments"] = _("%(word)s is not among the choices any more.", word=by)
        else:
            yield Comment(str(number), form.row_moment("comments", at), Author(by), public != "no")


def _appointments(form: Form) -> Iterator[Appointment]:
    for start, end in form.rows("appointments"):
        begins, ends = (form.row_moment("appointments", each) if each else None for each in (start, end))
        if begins and ends and ends <= begins:
            form.wrong["appointments"] = _("It ends before it begins.")
        yield Appointment(begins, ends)


def _in_order(form: Form, asked: Asked) -> None:
    """Nothing happens to a request before it was raised."""
    before = _("This is before the request was raised.")
    if asked.at < asked.raised:
        form.wrong["at"] = before
    if asked.ended and asked.ended < asked.raised:
        form.wrong["ended"] = before
    if any(each.said_at < asked.raised for each in asked.answers):
        form.wrong["answers"] = before
    if any(each.written < asked.raised for each in asked.comments):
        form.wrong["comments"] = before


def rows(typed: MultiDict[str, str], name: str) -> int:
    """How many rows of a list to show: up to the last one in which something was typed."""
    listed = list(zip(*(typed.getlist(f"{name}.{each}") for each in LISTS[name]), strict=False))
    return max((number for number, row in enumerate(listed, 1) if any(map(str.strip, row))), default=0)


def happened(typed: MultiDict[str, str]) -> bool:
    """Was anything typed of what happens to a request after it was raised?"""
    singly = ("override", "override_reason", "ended", "outcome")
    return any(typed.get(name) for name in singly) or any(rows(typed, name) for name in LISTS)


def choices(mappings: Mappings) -> dict[str, dict[str, str]]:
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
        "outcome": {each: each.replace("_", " ") for each in sorted(set(mappings.declared.resolutions.values()))},
        "on_behalf": {"no": _("No"), "yes": _("Yes")},
        "override": {each.value: _(each.value) for each in Eligibility},
        "by": {each.value: _(title) for each, title in _AUTHORS.items()},
        "public": {"yes": _("the customer sees it"), "no": _("only agents see it")},
    }


_AUTHORS: Final = {Author.AGENT: N_("an agent"), Author.CUSTOMER: N_("a customer"), Author.MACHINE: N_("a machine")}


def empty(now: datetime, mappings: Mappings) -> MultiDict[str, str]:
    """The form as it begins: raised and decided now."""
    present = _typed(now, mappings)
    return MultiDict({"raised": present, "at": present, "kind": mappings.policy.kinds[0].id})


def filled(kept: Kept, now: datetime, mappings: Mappings) -> MultiDict[str, str]:
    """The form, filled in with a real request: decided as the next look would, or as it was once it is resolved."""
    inputs = inputs_of(kept)
    known = inputs.request
    asked = Asked.of(known, inputs.now if known.ended else max(now, inputs.now))
    words = (
        "product", "version", "environment", "impact", "platform", "third_party", "raised_by", "kind",
        "stated_severity", "outcome",
    )  # fmt: skip
    form = MultiDict((name, str(getattr(asked, name) or "")) for name in words)
    form["key"], form["organizations"] = known.key, "; ".join(asked.organizations)
    form["modified"] = "" if asked.modified is None else "yes" if asked.modified else "no"
    form["on_behalf"] = "yes" if asked.on_behalf else "no"
    if asked.override:
        form["override"], form["override_reason"] = asked.override.eligibility.value, asked.override.reason
    for name in ("raised", "at", "ended"):
        form[name] = _typed(getattr(asked, name), mappings)
    for answer in asked.answers:
        _add(form, "answers", at=_typed(answer.said_at, mappings), text=answer.text)
    for each in asked.comments:
        public = "yes" if each.public else "no"
        _add(form, "comments", at=_typed(each.written, mappings), by=each.by.value, public=public)
    for booked in asked.appointments:
        _add(form, "appointments", **{"from": _typed(booked.start, mappings), "to": _typed(booked.end, mappings)})
    return form


def _add(form: MultiDict[str, str], name: str, **row: str) -> None:
    for column, text in row.items():
        form.add(f"{name}.{column}", text)


def _typed(moment: datetime | None, mappings: Mappings) -> str:
    """As browsers write it; "" for none."""
    return f"{moment.astimezone(mappings.policy.zone):%Y-%m-%dT%H:%M}" if moment else ""
