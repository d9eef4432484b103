"""The way to Jira: reachable, trusted, on one clock with us, and of a kind that this product knows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from plugin.doctor.line import Line, ok, unknown, warning, wrong
from plugin.jira.errors import JiraTrouble
from plugin.jira.greeting import Greeting
from plugin.jira.trouble import Allowance
from plugin.jira.values import moment_of

SOON = timedelta(days=21)
"""How long before its end a certificate is spoken of."""

SLIGHT, GRAVE = timedelta(seconds=30), timedelta(minutes=10)
"""Differences between two clocks: below the one nobody notices, above the other webhooks and looks miss each other."""

MOST_ON_CLOUD = 100
"""Reads a second that Cloud takes of a site, from all callers together."""

OLDEST = 9
"""The oldest Data Center that is known to work."""

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def reachable(told: Greeting | JiraTrouble) -> list[Line]:
    """Is there a Jira at JIRA_URL?"""
    if isinstance(told, JiraTrouble):
        return [wrong(str(told), "Is JIRA_URL right, is Jira up, and does this machine reach it? Try curl from here.")]
    if told.aim is not None:
        return [
            wrong(
                f"{told.address} sends us on to {told.aim}.",
                "Set JIRA_URL to the address that Jira is served under, without a login page in between.",
            )
        ]
    if told.status >= 500:
        return [
            wrong(f"{told.address} answers with {told.status}.", "Look at Jira's status page or its log; try again.")
        ]
    if told.info is None and told.status not in (0, 401, 403):
        return [
            wrong(
                f"{told.address} answers with {told.status}, and not as Jira does.",
                "Is JIRA_URL right, with its context path if it has one, and no proxy or login page in between?",
            )
        ]
    return [ok(f"{told.address} answers in {told.seconds * 1000:.0f} ms.")]


def certificate(told: Greeting) -> list[Line]:
    """Is the way encrypted, may the other end be trusted, and for how long?"""
    parts = urlsplit(told.address)
    if told.distrust is not None:
        sentence, _, remedy = told.distrust.partition(". ")
        return [wrong(f"Jira's certificate cannot be trusted: {sentence}.", remedy)]
    if parts.scheme != "https":
        if parts.hostname in _THIS_MACHINE:
            return [ok("Jira is on this machine; nothing goes over a network.")]
        return [
            warning(
                "JIRA_URL begins with http://: the token goes over the network for all to read.",
                "Serve Jira with TLS, and write https:// into JIRA_URL.",
            )
        ]
    if told.certificate_ends is None:
        return [unknown("The certificate is trusted; how long it is good cannot be seen.", "Nothing, while it works.")]
    left, day = told.certificate_ends - told.at, f"{told.certificate_ends:%Y-%m-%d}"
    by = f" (by {told.issuer})" if told.issuer else ""
    if left < SOON:
        return [
            warning(
                f"Jira's certificate is good until {day} only, {left.days} days from now{by}.",
                "Have it renewed in time; from that day on nothing is worked.",
            )
        ]
    return [ok(f"Jira's certificate is good until {day}{by}.")]


def clock(info: Mapping[str, Any], at: datetime) -> list[Line]:
    """Do the two clocks agree? `at`: when Jira said what it says, by ours."""
    theirs = moment_of(info.get("serverTime"))
    if theirs is None:
        return [unknown("Jira does not say what time it is.", "See that both machines keep their clocks by NTP.")]
    off = theirs - at
    amount, side = _spoken(abs(off)), "ahead of" if off > timedelta() else "behind"
    remedy = "Let both machines keep their clocks by NTP (timedatectl status; chronyc tracking)."
    if abs(off) <= SLIGHT:
        return [ok("The two clocks agree within half a minute.")]
    told = f"Jira's clock is {amount} {side} ours"
    if abs(off) <= GRAVE:
        return [warning(f"{told}: due times are off by as much.", remedy)]
    return [wrong(f"{told}: due times are off by as much, and changes may be missed.", remedy)]


def version(info: Mapping[str, Any], flavour: str) -> list[Line]:
    """Is it the kind of Jira that we take it for, and a version that is known to work?"""
    cloud = str(info.get("deploymentType", "")).casefold() == "cloud"
    named = str(info.get("version", "an unknown version"))
    if cloud != (flavour == "cloud"):
        is_one, taken = ("Jira Cloud", "Data Center") if cloud else (f"Data Center {named}", "Cloud")
        return [
            wrong(
                f"This is {is_one}, and we take it for {taken}.",
                f"Set JIRA_FLAVOUR to {'cloud' if cloud else 'datacenter'}.",
            )
        ]
    if cloud:
        return [ok("Jira Cloud.")]
    numbers = info.get("versionNumbers") or [0]
    major = numbers[0] if isinstance(numbers[0], int) else 0
    if major < OLDEST:
        return [
            warning(f"Data Center {named} is older than what this was made for.", f"Upgrade Jira to {OLDEST} or newer.")
        ]
    if major < 10:
        return [
            warning(
                f"Data Center {named} cannot sign its webhooks, and is not supported by Atlassian any more.",
                "Let an automation rule send the webhook, with WEBHOOK_HEADER_SECRETS; upgrade to 10 when you can.",
            )
        ]
    return [ok(f"Data Center {named}.")]


def limits(seen: Allowance | None, per_second: int, cloud: bool) -> list[Line]:
    """What does Jira say of its rate limits, and do we go slower than they are?"""
    if cloud and per_second > MOST_ON_CLOUD:
        return [
            warning(
                f"JIRA_REQUESTS_PER_SECOND is {per_second}, and Cloud takes {MOST_ON_CLOUD} from all callers together.",
                "Lower it: all processes together are to stay below that, and leave something to others.",
            )
        ]
    if seen is None:
        return [ok(f"Jira speaks of no rate limit; this process asks {per_second} times a second at most.")]
    told = f"Jira speaks of a rate limit of {seen.limit}, {seen.remaining} of it left"
    if seen.remaining == 0 or seen.near:
        return [
            warning(
                f"{told}.",
                "Lower JIRA_REQUESTS_PER_SECOND, and look who else asks Jira with this account or for this site.",
            )
        ]
    if seen.per_second is not None and seen.per_second < per_second:
        return [
            warning(
                f"Jira allows {seen.per_second:g} requests a second, and this process asks up to {per_second}.",
                "Lower JIRA_REQUESTS_PER_SECOND, or have Jira's administrator raise the limit for our account.",
            )
        ]
    return [ok(f"{told}.")]


def _spoken(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"
