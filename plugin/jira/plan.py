"""Decision - what the issue shows = Writes. Pure: planning over a written issue plans nothing."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from plugin.contract.decision import AccountRepresentative, Backfill, Decision, Eligibility
from plugin.contract.explain import READINGS, reason_text
from plugin.contract.model import Standing
from plugin.jira.fields import Declared, Field, FieldMap
from plugin.jira.read import Shown
from plugin.jira.values import moment_of

REMARKS: Final = ("request", "decided_at", "since", "revision", "credits_left")
"""What our property says of whose it is and of the moment of deciding: never a cause to write either."""

PARTICIPANTS: Final = "participants"
"""The word for the people with whom a request is shared: somebody is added, the field itself never written."""

PROPOSED: Final = ("priority", "account_representative", PARTICIPANTS)
"""Words of which the contract proposes and people dispose (`wanted_proposals`)."""

LONGEST_TEXT: Final = 32_767
"""What a text field of Jira holds, in UTF-16 code units."""

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class SetFields:
    """Set fields by id and our property, in one call. `words` are the words whose fields differ.

    `participant` is whom to share the request with before that: the property says that it was done.
    """

    words: tuple[str, ...]
    fields: Mapping[str, Any]
    property: Mapping[str, Any]
    participant: AccountRepresentative | None = None


def plan(
    decision: Decision,
    held: Mapping[str, int],
    waited: bool,
    shown: Shown,
    fields: FieldMap,
    since: datetime | None = None,
) -> SetFields | None:
    """The one edit that makes the issue show the decision; None where it does already.

    `held` is what the request holds of each lot. `waited` says whether the customer had to do something first.
    Another reading (what is left of the credits) is no cause to write, unless the field shows none at all.
    `since` is the moment of the kept decision that this one repeats; None where it is the first to say so.
    """
    if not decision.talks:
        # Whoever a request is shared with is told so by Jira.
        fields = {word: field for word, field in fields.items() if word != PARTICIPANTS}
    wanted = {word: value for word, value in wanted_values(decision).items() if word in fields}
    # Nobody is to hear of a request again that is done: there nothing is proposed any more.
    proposed, proposals = _proposed(shown.property), {} if shown.ended else wanted_proposals(decision)
    fresh = {word: value for word, value in proposals.items() if word in fields and value != proposed.get(word)}
    wanted |= {word: value for word, value in fresh.items() if _may_write(word, value, proposed, shown)}
    own = wanted_property(decision, held, waited, {**proposed, **fresh}, since)
    differing = tuple(word for word in wanted if not same(shown.values[word], wanted[word], fields[word]))
    causes = [word for word in differing if word not in READINGS or shown.values[word] is None]
    if not causes and _ruled(own) == _ruled(shown.property):
        return None
    written = {fields[word].id: spell(wanted[word], fields[word]) for word in differing}
    invited = PARTICIPANTS in fresh and fresh[PARTICIPANTS] not in shown.participants
    return SetFields(differing, written, own, decision.account_representative.value if invited else None)


def wanted_values(decision: Decision) -> dict[str, Any]:
    """What each word should say whose field shows the decision: changed by hand, it is written back."""
    reminder = decision.response_reminder.value
    return {
        "tier": decision.tier.value,
        "severity": str(decision.severity.value),
        "response_due": decision.response_due.value,
        "eligibility": decision.eligibility.value.value,
        "reason": shortened(reason_text(decision)),
        "credits_charged": decision.charge.value,
        "credits_left": decision.credits_left.value,
        "sessions_charged": decision.sessions_charged.value,
        "sessions_left": decision.sessions_left.value,
        "patch_eligibility": decision.patch_eligibility.value.value,
        "first_response": decision.first_response.value,
        "response_kept": decision.response_kept.value.value,
        "response_reminder": reminder.point if reminder is not None and reminder.field else None,
    }


def wanted_proposals(decision: Decision) -> dict[str, str | None]:
    """What we propose for each word that people dispose of: what they make of it stands until we propose another.

    So a proposal is compared with the one before, which our property keeps, and never with what the field shows. None
    takes a proposal back; a word that is not among them is left as it is.
    """
    priority, representative = decision.priority.value, decision.account_representative.value
    account = representative.account if representative else None
    proposals = {"account_representative": account, PARTICIPANTS: account}
    return {"priority": priority, **proposals} if priority is not None else proposals


def _proposed(own: Mapping[str, Any] | None) -> dict[str, Any]:
    """What our property says that we proposed last."""
    proposed = (own or {}).get("proposed")
    return {word: proposed[word] for word in PROPOSED if word in proposed} if isinstance(proposed, Mapping) else {}


def _may_write(word: str, value: str | None, proposed: Mapping[str, Any], shown: Shown) -> bool:
    """A proposal taken back empties the field only while it still stands there; nobody's share is taken away."""
    return word != PARTICIPANTS and (value is not None or shown.values[word] == proposed[word])


def wanted_property(
    decision: Decision,
    held: Mapping[str, int],
    waited: bool,
    proposed: Mapping[str, str | None],
    since: datetime | None = None,
) -> dict[str, Any]:
    """Our entity property: enough to decide again, and to rebuild the ledger, without our database.

    `proposed` is what we have proposed for the words that people dispose of. `since` is the moment of the decision as
    our database keeps it, for whoever finds that it does not any more (`plugin/memory.py`).
    """
    return {
        "schema": 1,
        "request": decision.request_id,
        "decided_at": _iso(decision.decided_at),
        "since": _iso(since or decision.decided_at),
        "revision": decision.revision,
        "customer": decision.customer.value,
        "tier": decision.tier.value,
        "severity": decision.severity.value,
        "eligibility": decision.eligibility.value.value,
        "reasons": list(dict.fromkeys(finding.reason.value for finding in decision.reasons if finding.reason)),
        "response_due": _iso(decision.response_due.value),
        "clock_started": _iso(decision.clock_started),
        "first_response": _iso(decision.first_response.value),
        "response_kept": decision.response_kept.value.value,
        "followed_since": _iso(decision.followed_since),
        "waited": waited,
        "charged": dict(sorted(held.items())),
        "credits_left": decision.credits_left.value,
        "proposed": {word: value for word, value in sorted(proposed.items()) if value is not None},
        **({"backfill": asdict(decision.backfill)} if decision.backfill else {}),
    }


def standing_of(own: Mapping[str, Any] | None) -> Standing | None:
    """What our property says that an earlier decision left behind; None where it says nothing that can be read."""
    if not own or own.get("schema") != 1:
        return None
    decided, started = moment_of(own.get("decided_at")), moment_of(own.get("clock_started"))
    if decided is None or (started is None and own.get("clock_started")):
        return None
    terms = own.get("backfill")
    backfill = (
        Backfill(*(terms.get(each) is True for each in ("charges", "replies"))) if isinstance(terms, dict) else None
    )
    responded, followed = moment_of(own.get("first_response")), moment_of(own.get("followed_since"))
    return Standing(decided, own.get("waited") is True, started, backfill, responded, followed)


def waits(own: Mapping[str, Any] | None) -> bool:
    """Does our property say that the customer has to do something first?"""
    return any((own or {}).get("eligibility") == each for each in Eligibility if each.waits)


def goes_back(decision: Decision, shown: Shown, declared: Declared) -> bool:
    """Is it to leave the status that waits for the customer, since nothing is asked of them any more?

    Only where our property says that it was we who asked: an agent may wait there for an answer of their own.
    """
    waiting = declared.waiting_to is not None and shown.status.casefold() == declared.waiting_to.casefold()
    asked_by_us = decision.talks and waits(shown.property)
    return waiting and asked_by_us and declared.waiting_back is not None and not decision.eligibility.value.waits


def may_wait(shown: Shown, declared: Declared) -> bool:
    """May it go to the status that waits for the customer from the one that it is in?"""
    left = {each.casefold() for each in declared.waiting_from}
    return declared.waiting_to is not None and shown.status.casefold() in left


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text, cut where Jira would refuse it for its length: a customer may have typed a whole log as a version."""
    coded = text.encode("utf-16-le", "surrogatepass")
    return text if len(coded) <= 2 * longest else coded[: 2 * longest - 2].decode("utf-16-le", "ignore") + "…"


def units(text: str) -> int:
    """How long Jira finds the text: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def same(shown: Any, wanted: Any, field: Field) -> bool:
    """Does the field show what is wanted? As Jira keeps it: times to the minute, texts by their words.

    A text may come back with other line ends, escapes, quotes or dashes than it was sent with. If that counted, the
    echo of every edit would be the cause of the next.
    """
    if field.type == "datetime" and shown is not None and wanted is not None:
        return bool(_to_the_minute(shown) == _to_the_minute(wanted))
    if field.type == "string" and isinstance(shown, str) and isinstance(wanted, str):
        return _WORD.findall(shown) == _WORD.findall(wanted)
    return bool(shown == wanted)


def spell(value: Any, field: Field) -> Any:
    """A value as Jira wants it written: an option by its name, a person by the account, a time with its offset."""
    if value is None:
        return None
    match field.type:
        case "datetime":
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}+0000"
        case "number":
            return value
        case "option":
            return {"value": field.option_of(str(value))}
        case "priority":
            return {"name": field.option_of(str(value))}
        case "user":
            return {field.known_as: str(value)}
    return field.option_of(str(value))


def _ruled(own: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (own or {}).items() if name not in REMARKS}


def _iso(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None


def _to_the_minute(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(second=0, microsecond=0)
