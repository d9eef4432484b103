"""An answer of Jira's -> who is at fault, in words that say what to do. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from requests import ConnectionError, Response, Timeout

from plugin.jira.errors import (
    JiraBusy,
    JiraGone,
    JiraHitch,
    JiraLockedOut,
    JiraRefused,
    JiraTrouble,
    JiraUnavailable,
)
from plugin.jira.keepable import content

DESK: Final = "/rest/servicedeskapi/"
"""Where the REST API of Jira Service Management begins."""

LONGEST_WAIT: Final = timedelta(days=1)
"""A Retry-After is believed up to here."""

_LONGEST_COMPLAINT: Final = 1_000
_ON_ONE_ISSUE: Final = "per-issue"
"""In Cloud's `RateLimit-Reason`: too many writes to this issue, and to no other."""
_CERTIFICATE: Final = re.compile(r"certificate verify failed: ([^(\[]+)")
_LOCKED_OUT: Final = (
    "The token was revoked or has run out, does not belong to JIRA_EMAIL, or its account has to log in to the site "
    "once: make a new one and set JIRA_TOKEN."
)
_SCOPES: Final = (
    "The token lacks a scope for this: give it read:jira-work, write:jira-work, read:jira-user, "
    "read:servicedesk-request, write:servicedesk-request and manage:servicedesk-customer, for setup also "
    "manage:jira-configuration. A few calls are not to be had through the gateway at all."
)
_FORBIDDEN: Final = (
    "Our account lacks a permission: it must be an agent who may browse, edit and comment in the project."
)
_NOT_ON_SCREEN: Final = "Put the field on the edit screen of the project, or correct fields.yaml."
_NOT_TAKEN: Final = (
    "Compare what fields.yaml and the agreement say with what the field takes in Jira: its options, its people."
)
_NOT_JIRA: Final = "That is not Jira speaking: is JIRA_URL right, Jira running, or a proxy or login page in between?"
_ALONE: Final = (
    "Other requests work meanwhile, so it is something about this one: open it in Jira and do the same by hand. If "
    "that fails too, Jira's administrator (on Cloud: Atlassian's support) can see why."
)
_REDIRECTED: Final = "Set JIRA_URL to the address that Jira is served under, or let our account past the login page."


def trouble_of(answer: Response, what: str, now: datetime, names: Mapping[str, str]) -> JiraTrouble | None:
    """The trouble that an answer tells of; None where all went well.

    `what` is method and path of the call, `names` the display names of the site's fields by id.
    """
    status, complaint, retry_at = answer.status_code, _complaint(answer), _retry_at(answer, now)
    told = _words(complaint, names) if complaint and status >= 400 else answer.headers.get("Content-Type", "")
    said = f"Jira answered {what} with {status}: {(told or 'nothing else').rstrip('.')}."
    if status == 401 or _login_failed(answer):
        return JiraLockedOut(f"{said} {_SCOPES if 'scope' in said else _LOCKED_OUT}", retry_at)
    if status < 300:
        return JiraUnavailable(f"{said} {_NOT_JIRA}") if answer.content and not _is_json(answer) else None
    if status < 400:
        aim = urlsplit(answer.headers.get("Location", ""))
        place = f"{aim.scheme}://{aim.netloc.rpartition('@')[2]}" if aim.netloc else "another page"
        return JiraUnavailable(f"Jira answered {what} with {status}, a redirect to {place}. {_REDIRECTED}")
    if status == 409 or (status == 429 and _ON_ONE_ISSUE in answer.headers.get("RateLimit-Reason", "")):
        return JiraHitch(said, retry_at)
    if status == 429:
        return JiraBusy(said, retry_at)
    if status >= 500 or status == 408:
        return JiraUnavailable(said, retry_at, broke=status == 500)
    if status == 404:
        # A proxy, or a server that has not started Jira yet, does not know what Jira has. But an API that this Jira
        # lacks is not there either, and servicedeskapi on Data Center may lack some.
        known = complaint is not None or DESK in what
        return JiraGone(said) if known else JiraUnavailable(f"{said} {_NOT_JIRA}", retry_at)
    at_fault = frozenset(_errors(complaint))
    advice = _FORBIDDEN if status == 403 else _NOT_ON_SCREEN if "screen" in said else _NOT_TAKEN if at_fault else ""
    return JiraRefused(f"{said} {advice}".strip(), at_fault)


def alone(trouble: JiraUnavailable) -> JiraHitch:
    """The same trouble, where the calls for other requests work."""
    return JiraHitch(f"{trouble} {_ALONE}", broke=trouble.broke)


def unanswered(error: Exception) -> str:
    """Why there was no answer, in a few words; never the library's own, which may hold the token."""
    said = str(error)
    if isinstance(error, Timeout):
        return "it took too long"
    if "Connection refused" in said:
        return "the connection is refused"
    if "NameResolutionError" in said or "getaddrinfo" in said:
        return "no such host is known here"
    return "the connection broke" if isinstance(error, ConnectionError) else type(error).__name__


def untrusted(error: Exception) -> str:
    """What is wrong with Jira's certificate, as far as the library says it, and what to do."""
    found = _CERTIFICATE.search(str(error))
    reason = found[1].strip().rstrip(".") if found else "TLS was refused"
    return (
        f"{reason}. Renew the certificate there; an authority of your own is made known with REQUESTS_CA_BUNDLE. It is "
        "never left unchecked."
    )


def spent_until(answer: Response, now: datetime) -> datetime | None:
    """Until when nothing is left of a rate limit, as the answer's own headers say; None where something is left.

    Cloud names the moment (`X-RateLimit-Reset`), Data Center how long it takes until its bucket gets more
    (`X-RateLimit-Interval-Seconds`).
    """
    if answer.headers.get("X-RateLimit-Remaining", "").strip() != "0":
        return None
    interval = answer.headers.get("X-RateLimit-Interval-Seconds", "").strip()
    if interval.isascii() and interval.isdigit():
        return now + timedelta(seconds=int(interval[:10]))
    return _reset(answer, now)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an answer says of a rate limit. `per_second`: how fast more is given, where it says so (Data Center)."""

    limit: int
    remaining: int
    near: bool
    per_second: float | None


def allowance(answer: Response) -> Allowance | None:
    """What the answer says of a rate limit; None where it says nothing."""
    told = {
        name: int(value)
        for name in ("Limit", "Remaining", "Interval-Seconds", "FillRate")
        if (value := answer.headers.get(f"X-RateLimit-{name}", "").strip()[:10]).isascii() and value.isdigit()
    }
    if not told.keys() >= {"Limit", "Remaining"}:
        return None
    interval, fill = told.get("Interval-Seconds"), told.get("FillRate")
    return Allowance(
        told["Limit"], told["Remaining"], near_limit(answer), fill / interval if fill and interval else None
    )


def near_limit(answer: Response) -> bool:
    """Does Jira say that little is left of a rate limit? Cloud does, below a fifth of it."""
    return answer.headers.get("X-RateLimit-NearLimit", "").strip().casefold() == "true"


def _reset(answer: Response, now: datetime) -> datetime | None:
    try:
        reset = datetime.fromisoformat(answer.headers.get("X-RateLimit-Reset", "").strip())
    except ValueError:
        return None
    reset = reset if reset.tzinfo else reset.replace(tzinfo=UTC)
    return min(reset, now + LONGEST_WAIT) if reset > now else None


def _login_failed(answer: Response) -> bool:
    """With a token that is no good, Jira may go on as if nobody had asked: with 404, or a page without what we see."""
    reason = answer.headers.get("X-Seraph-LoginReason", "")
    return "FAILED" in reason or "DENIED" in reason or "X-Authentication-Denied-Reason" in answer.headers


def _is_json(answer: Response) -> bool:
    try:
        content(answer)
    except ValueError:
        return False
    return True


def _complaint(answer: Response) -> dict[str, Any] | None:
    """The JSON object that Jira answers with where something is wrong; None where it is anything else."""
    complaint = content(answer) if _is_json(answer) else None
    return complaint if isinstance(complaint, dict) else None


def _words(complaint: dict[str, Any], names: Mapping[str, str]) -> str:
    """What Jira complains of, each field with the name that people know it by."""
    messages = complaint.get("errorMessages")
    told = [str(each) for each in messages] if isinstance(messages, list) else []
    told += [str(complaint[key]) for key in ("errorMessage", "message") if complaint.get(key)]
    told += [
        f"{names[id]} ({id}): {text}" if id in names else f"{id}: {text}" for id, text in _errors(complaint).items()
    ]
    return " ".join(told)[:_LONGEST_COMPLAINT]


def _errors(complaint: dict[str, Any] | None) -> dict[str, Any]:
    """A sentence for each field that Jira finds fault with, by the field's id."""
    errors = (complaint or {}).get("errors")
    return errors if isinstance(errors, dict) else {}


def _retry_at(answer: Response, now: datetime) -> datetime | None:
    """Retry-After, in seconds or as a date (RFC 9110, 10.2.3), else when the rate limit starts anew; None where neither
    makes sense.

    A moment that is no later than now is none: who says slow down and means at once would be asked for ever.
    """
    said = answer.headers.get("Retry-After", "").strip()
    try:
        if said.isascii() and said.isdigit():
            moment = now + timedelta(seconds=int(said[:10]))
        else:
            moment = parsedate_to_datetime(said)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _reset(answer, now)
    return min(moment, now + LONGEST_WAIT) if moment > now else None
