"""An issue and its comments as the platform API shows them: the parts that were asked for, in version 2 or 3."""

from typing import Any

from flask import g, request

from plugin.sandbox.records import Comment, Issue
from plugin.sandbox.rest import sandbox


def show_issue(issue: Issue, fields: list[str], properties: list[str], expand: list[str]) -> dict[str, Any]:
    """The issue with these fields (`*all` and `-field` as in Jira), properties and expansions."""
    speller = sandbox().speller
    everything = any(name in ("*all", "*navigable") or name.startswith("-") for name in fields)
    spelled = speller.issue(issue, ["*all"] if everything else fields)
    if everything or "comment" in fields:
        comments = [show_comment(issue, comment) for comment in issue.comments]
        spelled["fields"]["comment"] = {
            "comments": comments,
            "maxResults": len(comments),
            "total": len(comments),
            "startAt": 0,
        }
    if everything or "attachment" in fields:
        spelled["fields"]["attachment"] = [speller.attachment(each) for each in issue.attachments]
    for name in fields:
        spelled["fields"].pop(name.removeprefix("-") if name.startswith("-") else "", None)
    if g.version == "3":
        _to_adf(spelled["fields"])
    if properties:
        wanted = issue.properties if "*all" in properties else properties
        spelled["properties"] = {name: issue.properties[name] for name in wanted if name in issue.properties}
    if "changelog" in expand:
        spelled["changelog"] = speller.history(issue)
    return spelled


def _to_adf(fields: dict[str, Any]) -> None:
    """Version 3 tells long texts as documents; the sandbox knows paragraphs of plain lines."""
    long_texts = [f.id for f in sandbox().site.fields.values() if f.kind == "textarea" or f.id == "description"]
    for place, key in [(fields, id) for id in long_texts] + [
        (comment, "body") for comment in fields.get("comment", {}).get("comments", [])
    ]:
        if place.get(key):
            place[key] = {"type": "doc", "version": 1, "content": [*map(_paragraph, place[key].split("\n\n"))]}


def _paragraph(text: str) -> dict[str, Any]:
    lines = [[{"type": "text", "text": line}] if line else [] for line in text.split("\n")]
    broken = [{"type": "hardBreak"}]
    return {"type": "paragraph", "content": [node for line in lines for node in (*broken, *line)][1:]}


def show_comment(issue: Issue, comment: Comment) -> dict[str, Any]:
    """The comment, with its properties where `expand=properties` asks for them."""
    here = sandbox()
    spelled = here.speller.comment(issue, comment)
    if "properties" in names(request.args.get("expand")):
        spelled["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
    return spelled


def names(text: str | None) -> list[str]:
    """The names in a comma-separated parameter."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]
