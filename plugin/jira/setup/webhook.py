"""The webhook: there, to be registered, to be put right, or a rule that stands in for it. Pure."""

from typing import Final
from urllib.parse import urlsplit

from plugin.jira.admin import SIGNED_SINCE, HookWanted
from plugin.jira.seen import SeenHook, Survey
from plugin.jira.setup import clicks
from plugin.jira.setup.rows import ADMIN_FIRST, HOOK, Register, Row, State, Wanted, fingerprint, is_our_hook

EVENTS: Final = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
)

PATH: Final = "/webhooks/jira"
"""Where the receiver listens, below the address under which Jira reaches it."""


def address(wanted: Wanted) -> str | None:
    """Where Jira is to send webhooks; None where nobody has said how it reaches us."""
    return None if wanted.public_url is None else wanted.public_url + PATH


def jql(wanted: Wanted) -> str:
    """The requests that are looked after."""
    keys = ", ".join(f'"{key}"' for key in wanted.projects)
    return f"project in ({keys})"


def is_this_ones(hook: SeenHook, wanted: Wanted) -> bool:
    """Whether setup has made this webhook for this installation: another one beside the same Jira has its own."""
    return is_our_hook(hook) and (hook.url == address(wanted) or hook.jql == jql(wanted))


def row_of_hook(seen: Survey, wanted: Wanted) -> Row:
    """How it stands with the webhook."""
    server, url = seen.server, address(wanted)
    if url is None:
        told = "where does Jira reach this service? Set PUBLIC_URL, such as https://support.your-company.example"
        return Row("webhook", State.BLOCKED, told)
    subject, page, parts = f"webhook {url}", clicks.webhooks(server), urlsplit(url)
    if server.cloud and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        return Row(subject, State.BLOCKED, "Cloud sends webhooks to https only: set PUBLIC_URL to such an address")
    if not server.cloud and server.major < SIGNED_SINCE:
        secret = "" if wanted.header_secret else " A secret is made for it first (WEBHOOK_HEADER_SECRETS)."
        page = clicks.automation(server, wanted.projects[0] if wanted.projects else "")
        return Row(subject, State.BY_HAND, clicks.automation_rule(url, wanted.header) + secret, None, page)
    if seen.hooks is None:
        what = f"URL {url}, events {', '.join(EVENTS)}, JQL {jql(wanted)}, and the secret (WEBHOOK_SECRETS)"
        return Row(subject, State.BY_HAND, f"{ADMIN_FIRST}, or let them create it there: {what}", None, page)
    mine = next((hook for hook in seen.hooks if is_this_ones(hook, wanted)), None)
    other = next((hook for hook in seen.hooks if hook.url == url), None)
    if mine is None and other is not None:
        return _made_by_hand(subject, other, page)
    name = f"{HOOK} {fingerprint(wanted.secret)}" if wanted.secret else HOOK
    if (
        mine is not None
        and not _wrong(mine)
        and (mine.name, mine.url) == (name, url)
        and mine.jql in (None, jql(wanted))
    ):
        return Row(subject, State.THERE, mine.name)
    told = "put right" if mine else "register, signed"
    if not wanted.secret:
        return Row(subject, State.MISSING, f"{told}, with a secret that is made for it (WEBHOOK_SECRETS)")
    deed = Register(HookWanted(name, url, EVENTS, jql(wanted), wanted.secret), mine.id if mine else None)
    return Row(subject, State.MISSING, f"{told}; {', '.join(EVENTS)}; {jql(wanted)}", deed)


def _made_by_hand(subject: str, hook: SeenHook, page: str) -> Row:
    wrong = _wrong(hook)
    if not wrong:
        return Row(subject, State.THERE, f"made by hand: {hook.name}")
    return Row(subject, State.BY_HAND, f"put {hook.name!r}, made by hand, right: {'; '.join(wrong)}", None, page)


def _wrong(hook: SeenHook) -> list[str]:
    missing = [event for event in EVENTS if event not in hook.events]
    return [
        *(["it is switched off"] if not hook.enabled else []),
        *([f"it lacks {', '.join(missing)}"] if missing else []),
        *(["it has no secret, and what it sends is refused"] if hook.signed is False else []),
    ]
