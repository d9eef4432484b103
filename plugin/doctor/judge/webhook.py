"""The webhook: registered, switched on, told of the right things, signed; and whether it arrives."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from plugin.doctor.line import Line, ok, some, unknown, warning, wrong
from plugin.doctor.seen import Answer, Arrival, Change
from plugin.jira.errors import JiraTrouble
from plugin.jira.seen import SeenHook
from plugin.jira.setup.rows import fingerprint, is_our_hook
from plugin.jira.setup.webhook import EVENTS, PATH

SETTLED: Final = timedelta(minutes=2)
"""How long after a change its webhook should have come; Cloud's may take longer now and then."""

SLACK: Final = timedelta(minutes=10)
"""How far two clocks may differ before a webhook seems to have come before its change."""

_SETUP: Final = "support-contract setup --apply puts it right, with an administrator's token."
_LOST: Final[Mapping[str, str]] = {
    "jira:issue_created": "new requests wait for the next reconciliation",
    "jira:issue_updated": "changes wait for the next reconciliation",
    "jira:issue_deleted": "what a deleted request cost is given back late",
    "comment_created": "customers' answers wait for the next reconciliation",
    "comment_updated": "corrected answers wait for the next reconciliation",
}


def ours(hooks: Sequence[SeenHook], public_url: str | None) -> SeenHook | None:
    """The webhook that is for us: by its address, or else by the name that setup gives it, or by where it ends."""
    tests = (
        lambda hook: public_url is not None and hook.url == public_url + PATH,
        is_our_hook,
        lambda hook: hook.url.endswith(PATH),
    )
    return next((hook for test in tests for hook in hooks if test(hook)), None)


def registered(told: Sequence[SeenHook] | JiraTrouble, public_url: str | None, signs: bool) -> list[Line]:
    """Is there a webhook for us? `signs`: whether this Jira can sign one."""
    if isinstance(told, JiraTrouble):
        return [
            unknown(
                "Jira shows its webhooks to administrators only.",
                "Run doctor --only webhook with an administrator's token; or see System > WebHooks in Jira.",
            )
        ]
    hook = ours(told, public_url)
    if hook is not None and not signs:
        return [
            warning(
                f"This Jira cannot sign: what {hook.name!r} sends is refused.",
                "Remove it, and let an automation rule send the webhook: support-contract setup says how.",
            )
        ]
    if hook is not None:
        return [ok(f"{hook.name!r} goes to {hook.url}.")]
    if not signs:
        return [
            unknown(
                "This Jira cannot sign webhooks, and shows nobody the automation rules that stand in for them.",
                "See that there is one (support-contract setup says how), and try it with --with and a request's key.",
            )
        ]
    where = public_url + PATH if public_url else f"an address that ends with {PATH}"
    return [wrong(f"No webhook goes to {where}: requests wait for the next reconciliation.", _SETUP)]


def address(hook: SeenHook, public_url: str | None) -> list[Line]:
    """Does it go to where we are?"""
    if public_url is None:
        return [unknown("Whether that is where we are cannot be told without PUBLIC_URL.", "Set PUBLIC_URL.")]
    if hook.url != public_url + PATH:
        return [wrong(f"It goes to {hook.url}, and we are at {public_url}{PATH}.", f"{_SETUP} Or correct PUBLIC_URL.")]
    return [ok("It goes to where PUBLIC_URL says that we are.")]


def enabled(hook: SeenHook) -> list[Line]:
    """Is it switched on?"""
    if hook.enabled:
        return [ok("It is switched on.")]
    return [
        wrong("It is switched off: no change is told of.", f"Switch it on in System > WebHooks; or {_lower(_SETUP)}")
    ]


def events(hook: SeenHook) -> list[Line]:
    """Is it told of everything that matters?"""
    missing = [event for event in EVENTS if event not in hook.events]
    if not missing:
        return [ok("It is told of requests created, changed and deleted, and of comments.")]
    return [wrong(f"It is not told of {some(missing)}: {_LOST[missing[0]]}.", _SETUP)]


def jql(hook: SeenHook, projects: Sequence[str]) -> list[Line]:
    """Does its JQL let the requests of every project through?"""
    if hook.jql is None:
        return [unknown("Jira does not show which requests it is for.", "Look at its JQL in System > WebHooks.")]
    if not hook.jql.strip():
        return [ok("It is for every request, whatever the project.")]
    words = {word.strip("\"'(),=").casefold() for word in hook.jql.replace(",", " ").replace("(", " ").split()}
    absent = [project for project in projects if project.casefold() not in words]
    if absent:
        return [wrong(f"Its JQL does not name {some(absent)}: {hook.jql}", _SETUP)]
    if words - {project.casefold() for project in projects} - {"project", "in", ""}:
        return [
            warning(
                f"Its JQL is not about projects alone: {hook.jql}",
                "See that it lets every request of a customer through; others wait for the next reconciliation.",
            )
        ]
    return [ok(f"It is for the requests of {some(list(projects))}.")]


def signed(hook: SeenHook, secrets: Sequence[str]) -> list[Line]:
    """Does it sign, and with a secret that we know? The name that setup gives it says which secret, not the secret."""
    if hook.signed is False:
        return [
            wrong("It has no secret, so what it sends is refused.", f"Enter WEBHOOK_SECRETS there; or {_lower(_SETUP)}")
        ]
    _, _, mark = hook.name.partition(" ")
    if is_our_hook(hook) and mark:
        if mark in {fingerprint(secret) for secret in secrets}:
            return [ok("It signs with a secret that is in WEBHOOK_SECRETS.")]
        return [wrong("It was given another secret than those in WEBHOOK_SECRETS: what it sends is refused.", _SETUP)]
    if hook.signed is None:
        return [unknown("Jira does not show whether it has a secret.", "Try it: --with and the key of a request.")]
    return [ok("It signs what it sends.")]


def way_in(told: Answer, url: str) -> list[Line]:
    """Is the way open from PUBLIC_URL to us?"""
    where = url + PATH
    if told.status == 202:
        return [ok(f"A webhook that is signed with our secret is taken at {where}.")]
    if told.trouble is not None:
        return [
            warning(
                f"From here nobody answers at {where} ({told.trouble}).",
                "See that the name leads to your TLS proxy, and try from outside: curl --request POST; 401 is right.",
            )
        ]
    if told.status == 401:
        return [
            wrong(
                f"What answers at {where} does not know our secret.",
                "Start the service anew with these WEBHOOK_SECRETS; or another installation answers there.",
            )
        ]
    return [
        wrong(
            f"A signed webhook is answered with {told.status} at {where}.",
            "Let the proxy pass POST /webhooks/jira on to HOST and PORT, unchanged and without a login.",
        )
    ]


def arriving(changes: Sequence[Change], now: datetime) -> list[Line]:
    """Do webhooks come? Told by the requests that changed last: has a webhook about them been kept since?"""
    settled = sorted((each for each in changes if now - each.changed > SETTLED), key=lambda each: each.changed)
    if not settled:
        return [unknown("No request has changed lately.", "Let Jira knock: doctor --with and the key of a request.")]
    last = settled[-1]
    if last.heard is not None and last.heard >= last.changed - SLACK:
        return [ok(f"They arrive: {last.key} changed, and a webhook told of it at {last.heard:%Y-%m-%d %H:%M} UTC.")]
    return [
        warning(
            f"{last.key} changed at {last.changed:%Y-%m-%d %H:%M} UTC, and no webhook told of it.",
            "Let Jira knock, to be sure: doctor --with and the key of a request; the runbook has No webhook arrives.",
        )
    ]


def knocked(told: Arrival) -> list[Line]:
    """Did the webhook arrive that a note of ours on a request made Jira send?"""
    lines = []
    if told.seconds is not None:
        lines.append(ok(f"Jira knocked: its webhook about {told.key} was kept after {told.seconds:.0f} seconds."))
    else:
        lines.append(
            wrong(
                f"A note on {told.key} made no webhook arrive within {told.waited:g} seconds.",
                "Go through the lines above; on Cloud a webhook that failed often waits longer: --wait 900.",
            )
        )
    if told.left is not None:
        lines.append(
            warning(f"The note on {told.key} could not be removed: {told.left}", "Remove it by hand; it is internal.")
        )
    return lines


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
