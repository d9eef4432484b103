"""A reply to the customer as a public comment that carries the id of its intent, so that it can be found again."""

from typing import Final

from plugin.jira.client import JiraClient

REPLY_PROPERTY: Final = "support-contract.reply"
PUBLIC: Final = {"internal": False}
"""JSM's own property `sd.public.comment`; `internal` must be a JSON boolean (JSDCLOUD-9766)."""


def send(jira: JiraClient, key: str, body: str, intent: str) -> str:
    """Write the reply; returns the comment's id. Never inside a transition, where Jira may drop it silently."""
    return jira.comment(key, body, {"sd.public.comment": PUBLIC, REPLY_PROPERTY: {"intent": intent}})


def find(jira: JiraClient, key: str, intent: str, account: str) -> str | None:
    """The id of our comment that carries the intent; None where it was never written."""
    for comment in jira.comments(key):
        author = comment.get("author") or {}
        if account not in (author.get("accountId"), author.get("name"), author.get("key")):
            continue
        value = jira.comment_property(str(comment["id"]), REPLY_PROPERTY)
        if isinstance(value, dict) and value.get("intent") == intent:
            return str(comment["id"])
    return None


def escape(text: str) -> str:
    r"""What somebody typed, as plain text in a comment: no wiki markup, mention or link of theirs survives.

    https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all

    >>> escape("see [~mira] at *https://x.example*")
    'see \\[\\~mira\\] at \\*https&#58;//x.example\\*'
    """
    for mark in "\\{}[]*_^~|!+?#-":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("@", "&#64;").replace(":", "&#58;").replace("\r", "").replace("\n", " ")
