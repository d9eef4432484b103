"""The webhook: there, to be registered, to be put right, or a rule that stands in for it. Pure."""

from typing import Final
from urllib.parse import urlsplit

from plugin.jira.admin import SIGNED_SINCE, HookWanted
from plugin.jira.setup import clicks
from plugin.jira.setup.rows import ADMIN_FIRST, HOOK, Register, Row, State, Wanted, fingerprint, is_our_hook
from plugin.jira.survey import SeenHook, Survey

EVENTS: Final = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
)

PATH: Final = "/webhooks/jira"
"""Where the receiver listens, below the address under which Jira reaches it."""


def row_of_hook(seen: Survey, wanted: Wanted) -> Row:
    """How it stands with the webhook."""
    server = seen.server
    if wanted.public_url is None:
        told = "where does Jira reach this service? Set PUBLIC_URL, such as https://support.your-company.example"
        return Row("webhook", State.BLOCKED, told)
    url = wanted.public_url + PATH
    subject, page = f"webhook {url}", clicks.webhooks(server)
    parts = urlsplit(url)
    if server.cloud and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        return Row(subject, State.BLOCKED, "Cloud sends webhooks to https only: set PUBLIC_URL to such an address")
    if not server.cloud and server.major < SIGNED_SINCE:
        rule = clicks.automation_rule(url, wanted.header)
        secret = "" if wanted.header_secret else " A secret is made for it first (WEBHOOK_HEADER_SECRETS)."
        page = clicks.automation(server, wanted.projects[0] if wanted.projects else "")
        return Row(subject, State.BY_HAND, f"{rule}{secret}", None, page)
    jql = f"project in ({', '.join(_quoted(key) for key in wanted.projects)})"
    described = f"URL {url}, events {', '.join(EVENTS)}, JQL {jql}, and the secret (WEBHOOK_SECRETS)"
    if seen.hooks is None:
        return Row(subject, State.BY_HAND, f"{ADMIN_FIRST}, or to create it there: {described}", None, page)
    mine = next((hook for hook in seen.hooks if is_our_hook(hook)), None)
    other = next((hook for hook in seen.hooks if hook.url == url and not is_our_hook(hook)), None)
    if mine is None and other is not None:
        wrong = _wrong(other)
        if wrong:
            told = f"{other.name!r} was made by hand and has to be put right: {'; '.join(wrong)}"
            return Row(subject, State.BY_HAND, told, None, page)
        return Row(subject, State.THERE, f"made by hand: {other.name}")
    name = f"{HOOK} {fingerprint(wanted.secret)}" if wanted.secret else HOOK
    right = mine is not None and (mine.name, mine.url, mine.enabled) == (name, url, True)
    if mine is not None and right and not _wrong(mine) and mine.jql in (None, jql):
        return Row(subject, State.THERE, mine.name)
    told = "put right" if mine else "register, signed"
    if not wanted.secret:
        return Row(subject, State.MISSING, f"{told}, with a secret that is made for it (WEBHOOK_SECRETS)")
    deed = Register(HookWanted(name, url, EVENTS, jql, wanted.secret), mine.id if mine else None)
    return Row(subject, State.MISSING, f"{told}; {', '.join(EVENTS)}; {jql}", deed)


def _wrong(hook: SeenHook) -> list[str]:
    missing = [event for event in EVENTS if event not in hook.events]
    return [
        *(["it is switched off"] if not hook.enabled else []),
        *([f"it lacks {', '.join(missing)}"] if missing else []),
        *(["it has no secret, and what it sends is refused"] if hook.signed is False else []),
    ]


def _quoted(key: str) -> str:
    return f'"{key}"'
