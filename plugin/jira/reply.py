"""A comment to the customer, or to agents only, that carries the id of its intent, so that it can be found again."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from plugin.jira.client import JiraClient

REPLY_PROPERTY: Final = "support-contract.reply"

LONGEST_VALUE: Final = 1_000
"""Characters of one typed text that a comment shows."""

_JOINER: Final = "\N{WORD JOINER}"
_SPELLED: Final = str.maketrans(
    {mark: f"\\{mark}" for mark in "-#*_+?^~|%{}[]()!@"} | {mark: mark + _JOINER for mark in "\\:;&"}
)
_AT_LINE_START: Final = re.compile(r"\b(h[1-6]|bq)\.")
_ESCAPED: Final = re.compile(r"\\([-#*_+?^~|%{}\[\]()!@])|" + _JOINER)


def send(jira: JiraClient, key: str, body: str, intent: str, public: bool = True, causes: Sequence[str] = ()) -> str:
    """Write the reply, or the note that only agents see; returns the comment's id.

    Never inside a transition, where Jira may drop it silently. What it is there for (`causes`) stays with it, so that
    it is known to be said even by a database that has lost it.
    """
    # JSM's own property; `internal` must be a JSON boolean (JSDCLOUD-9766).
    seen_by = {"internal": not public}
    return jira.comment(
        key, body, {"sd.public.comment": seen_by, REPLY_PROPERTY: {"intent": intent, "causes": list(causes)}}
    )


def find(jira: JiraClient, key: str, intents: Collection[str], account: str) -> dict[str, str]:
    """Those of the intents that comments of ours carry, with the ids of these; the others were never written."""
    found: dict[str, str] = {}
    for comment in jira.comments(key):
        author = comment.get("author") or {}
        if account not in (author.get("accountId"), author.get("name"), author.get("key")):
            continue
        value = jira.comment_property(str(comment["id"]), REPLY_PROPERTY)
        if isinstance(value, dict) and value.get("intent") in intents:
            found[value["intent"]] = str(comment["id"])
        if len(found) == len(intents):
            break
    return found


def escape(text: str) -> str:
    r"""What somebody typed, as plain text in a comment: no wiki markup, mention or link of theirs survives.

    A backslash disarms what Jira knows as special; where it knows no escape (a backslash, `:`, `;`, entities, `h1.`) an
    invisible word joiner comes in between. Not HTML entities: Cloud shows them as they stand. Very long texts are cut,
    since a comment may have 32,767 characters.
    https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all

    >>> escape("see [~mira] at *home*")
    'see \\[\\~mira\\] at \\*home\\*'
    """
    line = " ".join(text.splitlines())
    line = line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
    return _AT_LINE_START.sub(rf"\1{_JOINER}.", line.translate(_SPELLED))


def as_read(body: str) -> str:
    r"""A comment as people read it: what `escape` put in is out again. Marks of our own templates stay as they are.

    >>> as_read(escape("see [~mira] at *home*: 3 & 4"))
    'see [~mira] at *home*: 3 & 4'
    """
    return _ESCAPED.sub(lambda found: found[1] or "", body)
