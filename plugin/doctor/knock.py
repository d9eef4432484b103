"""Knocking at our own receiver, signed as Jira signs; and letting Jira knock. Nothing is left behind by either."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Final

from plugin.doctor.ask import ask
from plugin.doctor.seen import Answer, Arrival
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraTrouble
from plugin.jira.inquiries import remove_comment
from plugin.jira.setup.webhook import PATH
from plugin.settings import Settings

NOTE: Final = "support-contract doctor tries whether webhooks arrive. This note is removed again at once."

EVERY: Final = 0.25
"""Seconds between two looks whether a webhook has come."""

EVENT: Final = "support_contract_doctor"
"""No event of Jira's: the receiver says that it has it, and keeps nothing."""


def knock(address: str, settings: Settings) -> Answer:
    """Knock with the first secret that there is: as a webhook is signed with it, or as an automation rule sends it."""
    body = json.dumps({"webhookEvent": EVENT}).encode()
    headers = {"Content-Type": "application/json", "X-Atlassian-Webhook-Identifier": EVENT}
    if settings.webhook_secrets:
        secret = settings.webhook_secrets[0].get_secret_value()
        headers["X-Hub-Signature"] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    elif settings.webhook_header_secrets:
        headers[settings.webhook_header] = settings.webhook_header_secrets[0].get_secret_value()
    return ask(f"{address}{PATH}", data=body, headers=headers)


def let_jira_knock(jira: JiraClient, came: Callable[[str, str], bool], key: str, wait: float) -> Arrival:
    """Leave an internal note on a request, wait until the webhook about it is kept, and remove the note again.

    `came` tells of a request's and a comment's ids whether it is. `wait` is the seconds to wait. Whatever ends the
    waiting, Ctrl-C too: the note is removed.

    Raises:
        JiraTrouble: when the note cannot be left.
    """
    id = str(jira.issue(key, ["status"], [])["id"])
    comment, began = jira.comment(id, NOTE, {"sd.public.comment": {"internal": True}}), time.monotonic()
    seconds = left = None
    try:
        while seconds is None and time.monotonic() - began < wait:
            time.sleep(EVERY)
            if came(id, comment):
                seconds = time.monotonic() - began
    finally:
        left = _removed(jira, id, comment)
    return Arrival(key, wait, seconds, left)


def _removed(jira: JiraClient, request_id: str, comment: str) -> str | None:
    """None when the note is gone, else why it is not."""
    try:
        remove_comment(jira, request_id, comment)
    except JiraGone:
        return None
    except JiraTrouble as trouble:
        return str(trouble)
    return None
