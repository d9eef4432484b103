"""What Jira puts into a webhook, per flavour. Pure."""

from typing import Any

from plugin.sandbox.records import Event
from plugin.sandbox.spelling import Speller


def payload(speller: Speller, event: Event) -> dict[str, Any]:
    """The body for one event.

    Comment events name no `user`; on Cloud they carry a part of the issue, on Data Center nothing but the comment,
    whose `self` holds the numeric issue id. Changelog items have a `fieldId` on Cloud only.
    """
    cloud = speller.site.cloud
    body: dict[str, Any] = {"timestamp": int(event.at.timestamp() * 1000), "webhookEvent": event.name}
    if event.name.startswith("comment_") and event.comment:
        body["comment"] = speller.comment(event.issue, event.comment, with_email=not cloud)
        if cloud:
            body["issue"] = speller.partial_issue(event.issue)
        return body
    if event.type_name:
        body["issue_event_type_name"] = event.type_name
    body["user"] = speller.user(event.actor, with_email=not cloud)
    body["issue"] = speller.issue(event.issue, with_email=not cloud)
    if event.change:
        body["changelog"] = speller.changelog(event.change)
    if event.comment:
        body["comment"] = speller.comment(event.issue, event.comment, with_email=not cloud)
    return body
