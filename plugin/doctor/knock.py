"""Knocking at our own receiver, signed as Jira signs: with an event that nothing is done about, so nothing is left."""

import hashlib
import hmac
import json
from typing import Final

from plugin.doctor.looks import ask
from plugin.doctor.seen import Answer
from plugin.settings import Settings

EVENT: Final = "support_contract_doctor"
"""No event of Jira's: the receiver says that it has it, and keeps nothing."""

RECEIVER: Final = "/webhooks/jira"


def knock(address: str, settings: Settings) -> Answer:
    """Knock with the first secret that there is: as a webhook is signed with it, or as an automation rule sends it."""
    body = json.dumps({"webhookEvent": EVENT}).encode()
    headers = {"Content-Type": "application/json", "X-Atlassian-Webhook-Identifier": EVENT}
    if settings.webhook_secrets:
        secret = settings.webhook_secrets[0].get_secret_value()
        headers["X-Hub-Signature"] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    elif settings.webhook_header_secrets:
        headers[settings.webhook_header] = settings.webhook_header_secrets[0].get_secret_value()
    return ask(f"{address}{RECEIVER}", data=body, headers=headers)
