"""The service itself: does it listen, with the same secrets, and does somebody work?"""

from datetime import datetime, timedelta

from plugin.doctor.line import Line, ok, some, warning, wrong
from plugin.doctor.seen import Answer, Figures
from plugin.store.census import Census

LATE = timedelta(minutes=10)
"""How long a request may wait for a worker before that is spoken of."""

START = "Start it: support-contract serve; or give HOST and PORT as the running service has them."


def receiver(told: Answer, address: str) -> list[Line]:
    """Does something listen at HOST and PORT, and is it ready?"""
    if told.trouble is not None:
        return [wrong(f"Nothing answers at {address} ({told.trouble}).", START)]
    if told.status == 200:
        return [ok(f"The service at {address} is ready.")]
    if told.status == 503:
        return [wrong(f"The service at {address} is not ready: its database does not answer.", "Its log says why.")]
    return [wrong(f"What answers at {address} is not this service (it said {told.status}).", START)]


def same_secret(told: Answer, address: str) -> list[Line]:
    """Does the running service know the secret that is in our environment?"""
    if told.status == 202:
        return [ok("It takes a webhook that is signed with our secret.")]
    if told.status == 401:
        return [
            wrong(
                "The running service does not know the secret in this environment.",
                "Start it anew, with the same WEBHOOK_SECRETS; secrets are read when it starts.",
            )
        ]
    said = told.trouble or f"it said {told.status}"
    return [wrong(f"A signed webhook is not taken at {address} ({said}).", "Its log says why.")]


def worker(told: Figures, every: timedelta, now: datetime) -> list[Line]:
    """Is anybody working? Whoever works reconciles now and then."""
    at = told.reconciled
    if at is None:
        return [
            warning(
                "The service has not reconciled yet since it started.",
                "Wait a minute; if it stays so, its log has `not reconciled` or `nothing is worked` and why.",
            )
        ]
    age = now - at
    if age > 2 * every + LATE:
        return [
            wrong(
                f"The service last reconciled {_spoken(age)} ago, and should every {_spoken(every)}.",
                "Its log has `not reconciled` and why; if it says nothing, start it anew.",
            )
        ]
    return [ok(f"The service reconciled {_spoken(age)} ago.")]


def queue(counted: Census, parked: list[str], now: datetime) -> list[Line]:
    """Does anything wait for a person, or too long for a worker?"""
    lines = []
    if counted.parked:
        lines.append(
            warning(
                f"Requests that cannot be worked and wait for a person: {some(parked)}.",
                "support-contract doors show says what went wrong with one, and doors retry tries again.",
            )
        )
    if counted.oldest_due is not None and now - counted.oldest_due > LATE:
        lines.append(
            warning(
                f"Requests that wait for a worker: {counted.due}, the first for {_spoken(now - counted.oldest_due)}.",
                "See whether workers run, and what their log says of Jira.",
            )
        )
    return lines or [ok("No request waits for a person, and none for long.")]


def _spoken(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    return "a minute" if minutes == 1 else f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
