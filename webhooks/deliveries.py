"""A webhook's body and headers -> what to keep. Pure.

Nothing is believed beyond which request to look at: the truth is in Jira.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.links import without_signatures
from plugin.store.inbox import AUTOMATION, Delivery

DELETED = "jira:issue_deleted"
# Other events change nothing that the contract looks at; issue_property_set among them is mostly our own echo.
LOOKED_AT = frozenset(
    {
        "jira:issue_created",
        "jira:issue_updated",
        DELETED,
        "comment_created",
        "comment_updated",
        "comment_deleted",
    }
)

# Data Center sends comment events without an issue: its id is only in the comment's own address.
_COMMENT_ADDRESS = re.compile(r"/issue/([0-9]{1,19})/comment/")
_NUMBER = re.compile(r"[0-9]{1,19}")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}-[0-9]{1,19}")
_WORD = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Ignored:
    """Ours to acknowledge, but nothing to look at."""

    event: str
    reason: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """Not a webhook; the reason is a sentence that says what to do."""

    reason: str


def read_delivery(
    body: bytes, *, identifier: str | None, retry: str | None, received_at: datetime, fresh: Callable[[], str]
) -> Delivery | Ignored | Malformed:
    """Read one webhook.

    `identifier` and `retry` are the headers X-Atlassian-Webhook-Identifier and -Retry, where sent. `fresh` gives
    an identity never used before, for a body that has none of its own.
    """
    content = _object(body)
    if isinstance(content, Malformed):
        return content
    issue, comment = _part(content, "issue"), _part(content, "comment")
    event = _word(content.get("webhookEvent"))
    if event is None:
        # JSM automation sends "Work item data (Jira format)": the issue, and no event.
        if not issue:
            return Malformed(
                "The body names neither an event nor an issue: in an automation rule choose "
                "'Work item data (Jira format)' as the web request's body."
            )
        event = AUTOMATION
    elif event not in LOOKED_AT:
        return Ignored(event, "the contract does not depend on this event")
    request_id = _request_id(issue, comment)
    if request_id is None:
        return Ignored(event, "the body does not say which issue it is about")
    return Delivery(
        identity=_word(identifier) or _identity(event, request_id, content, comment) or fresh(),
        event=event,
        request_id=request_id,
        request_key=_fitting(_KEY, issue.get("key")),
        received_at=received_at,
        retries=int(retry) if retry and re.fullmatch(r"[0-9]{1,6}", retry) else 0,
        deleted=event == DELETED,
        # The echo of our own notes comes back with their links.
        body=without_signatures(body.decode()),
    )


def _object(body: bytes) -> dict[str, Any] | Malformed:
    if not body.strip():
        return Malformed("The body is empty: let the webhook send the issue (on Data Center: untick 'Exclude body').")
    try:
        # Decoded here, strictly: json.loads would let lone surrogates through, which no database keeps.
        content = json.loads(body.decode())
    except (ValueError, RecursionError):
        return Malformed("The body is not JSON in UTF-8: a Jira webhook always is.")
    if not isinstance(content, dict):
        return Malformed("The body is JSON, but not an object: a Jira webhook always is one.")
    return content


def _part(content: dict[str, Any], name: str) -> dict[str, Any]:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _request_id(issue: dict[str, Any], comment: dict[str, Any]) -> str | None:
    if number := _fitting(_NUMBER, issue.get("id")):
        return number
    address = comment.get("self")
    found = _COMMENT_ADDRESS.search(address) if isinstance(address, str) else None
    return found[1] if found else None


def _identity(event: str, request_id: str, content: dict[str, Any], comment: dict[str, Any]) -> str | None:
    # Automation says nothing that tells a repetition from a second genuine run, so each run counts: a look too
    # many does no harm, a look too few does.
    if event == AUTOMATION:
        return None
    if change := _word(_part(content, "changelog").get("id")):
        return f"{event}:{request_id}:change:{change}"
    number, stamp = _word(comment.get("id")), _word(comment.get("updated"))
    if number and stamp:
        return f"{event}:{request_id}:comment:{number}:{stamp}"
    if moment := _word(content.get("timestamp")):
        return f"{event}:{request_id}:at:{moment}"
    return None


def _word(value: object) -> str | None:
    return _fitting(_WORD, value)


def _fitting(pattern: re.Pattern[str], value: object) -> str | None:
    # Some senders write ids as numbers. A bool is an int in Python, but never an id.
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
