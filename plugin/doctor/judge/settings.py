"""The environment: is all there that is needed, and are the secrets kept as secrets should be?"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from plugin.doctor.line import Line, ok, some, warning, wrong
from plugin.links import Links
from plugin.settings import SettingsError

SHORT_SECRET = 16
"""Characters below which a secret can be guessed."""

OLD_ZONES = timedelta(days=450)
"""How old time zone data may be: governments change daylight saving at a few months' notice, and rarely."""


def environment(trouble: SettingsError | None) -> list[Line]:
    """Can the settings be read?"""
    if trouble is None:
        return [ok("Every setting can be read.")]
    remedy = "Correct it in the environment, or in its file in the folder SECRETS_DIR."
    return [wrong(each, remedy) for each in str(trouble).splitlines()]


def access(missing: SettingsError | None) -> list[Line]:
    """Is it said where Jira is, and who we are there?"""
    if missing is None:
        return [ok("It is said where Jira is and who we are there.")]
    sentence, _, remedy = str(missing).partition(": ")
    return [wrong(f"{sentence}.", f"{remedy[:1].upper()}{remedy[1:]}")]


def secrets(lengths: Mapping[str, Sequence[int]], make_one: str) -> list[Line]:
    """Is there a secret that tells Jira from a stranger? `lengths`: of the secrets of each variable."""
    counted = {name: each for name, each in lengths.items() if each}
    if not counted:
        return [
            wrong(
                "There is no webhook secret, so nothing could tell Jira from a stranger, and no webhook is taken.",
                f"Set WEBHOOK_SECRETS to the secret of the webhook; make one with: {make_one}",
            )
        ]
    short = [name for name, each in counted.items() if min(each) < SHORT_SECRET]
    if short:
        return [
            warning(
                f"A secret in {' and '.join(short)} has fewer than {SHORT_SECRET} characters and could be guessed.",
                f"Make a longer one, and enter it in Jira as well: {make_one}",
            )
        ]
    told = " and ".join(f"{len(each)} in {name}" for name, each in counted.items())
    return [ok(f"Webhook secrets: {told}.")]


def lease(seconds: int, longest_answer: int) -> list[Line]:
    """Does a worker hold a request as long as an answer of Jira's may take?"""
    if seconds > longest_answer:
        return [ok(f"A worker holds a request for {seconds} seconds, longer than any answer of Jira's takes.")]
    return [
        warning(
            f"LEASE_SECONDS is {seconds}: Jira may take {longest_answer} for an answer, and then two workers may write "
            "the same comment.",
            f"Set LEASE_SECONDS above {longest_answer}, or leave it out (60).",
        )
    ]


def secret_files(modes: Mapping[str, int] | None) -> list[Line]:
    """May others read the files with secrets in them? `modes`: permission bits by path; None without such a folder."""
    if modes is None:
        return [ok("No secret stands in a file: there is no SECRETS_DIR.")]
    loose = [path for path, mode in modes.items() if mode & 0o007]
    if loose:
        return [
            wrong(
                f"Every user of this machine may read {some(loose, 3)}.",
                f"chmod o= {' '.join(loose)}",
            )
        ]
    return [ok(f"Secrets in files that no other user may read: {len(modes)}.")]


def public_url(url: str | None) -> list[Line]:
    """Is it known under which address Jira reaches us?"""
    if url is None:
        return [
            warning(
                "PUBLIC_URL is not set, so it is not known under which address Jira reaches us.",
                "Set PUBLIC_URL to the address of your TLS proxy, such as https://support.your-company.example.",
            )
        ]
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        return [
            warning(
                f"PUBLIC_URL is {url}: webhooks would come without TLS, and Cloud sends none there.",
                "Put a TLS proxy in front, and write its https:// address into PUBLIC_URL.",
            )
        ]
    return [ok(f"Jira is to reach us at {url}.")]


def receipt_links(links: Links | None, pages: str, days: int) -> list[Line]:
    """Do notes for agents have links to their receipts? `pages` is ADMIN_PAGES, `days` RECEIPT_LINK_DAYS."""
    if links is not None:
        return [ok(f"Notes have a link that opens their receipt for {links.lasting.days} days, at {links.address}.")]
    if pages == "on" and days:
        return [
            warning(
                "Notes have no link to their receipts, because it is not known where agents reach the admin's pages.",
                "Set PUBLIC_URL, for the workers as well; or RECEIPT_LINK_DAYS=0, if you want no links.",
            )
        ]
    why = "RECEIPT_LINK_DAYS is 0" if not days else "only this machine reaches the admin's pages"
    return [ok(f"Notes have no link to their receipts: {why if pages != 'off' else 'ADMIN_PAGES is off'}.")]


def zones(known: tuple[str, date] | None, today: date) -> list[Line]:
    """Does this machine know of today's daylight saving rules? `known`: the version of its data, and about when that
    was released; None where that cannot be told.
    """
    if known is None:
        return [
            warning(
                "How old the time zone data of this machine is cannot be told.",
                "Install the newest: pip install --upgrade tzdata, and your system's package tzdata.",
            )
        ]
    version, released = known
    if today - released > OLD_ZONES:
        return [
            warning(
                f"The time zone data of this machine is {version}: daylight saving may have changed since.",
                "Install the newest: your system's package tzdata, or pip install --upgrade tzdata.",
            )
        ]
    return [ok(f"The time zone data of this machine is {version}.")]
