"""Links that open the receipt of one request without a sign-in: signed, and good until a moment. Pure.

What is signed is the text as it stands in the address, so that no two spellings of one link are good. Whoever has the
link reads that one receipt, as whoever reads the note that it stands in does; so it is written into notes for agents
alone.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from plugin.settings import Settings

_PAGE: Final = "receipt"
PATH: Final = f"{_PAGE}/"
"""Where the page is, under the address of the admin's pages."""

_PURPOSE: Final = b"receipt "
"""What is signed begins with it: a signature for one purpose is good for no other."""

_TOKEN: Final = re.compile(r"([0-9]{1,19})\.([0-9]{1,11})\.([0-9a-f]{64})", re.ASCII)
_SIGNATURE: Final = re.compile(r"(\b[0-9]{1,19}\.[0-9]{1,11})\.[0-9a-f]{64}\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Links:
    """Where links lead to, and how long each is good.

    `address`: of the admin's pages as agents reach them, with a stroke at the end.
    """

    address: str
    lasting: timedelta

    def leads_to(self, token: str) -> str:
        """The whole address."""
        return f"{self.address}{PATH}{token}"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link of ours opens, and until when: an aware moment, to the second."""

    request_id: str
    ends_at: datetime


def links_of(settings: Settings) -> Links | None:
    """How links are made; None where nobody wants any, or others cannot reach the pages."""
    if settings.admin_pages != "on" or settings.public_url is None or not settings.receipt_link_days:
        return None
    return Links(settings.admin_address(settings.port), timedelta(days=settings.receipt_link_days))


def signed(secret: str, request_id: str, ends_at: datetime) -> str:
    """What a link to the receipt of this request ends with; it is good until that aware moment, to the second."""
    about = f"{request_id}.{int(ends_at.timestamp())}"
    return f"{about}.{_signature(secret, about)}"


def opened(secret: str, token: str) -> Opened | None:
    """What the link opens, be it still good or not any more; None where it was not signed with this secret."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    request_id, ends, signature = found.groups()
    # In constant time: how far a guess is right must not be told by how long the answer takes.
    if not hmac.compare_digest(signature, _signature(secret, f"{request_id}.{ends}")):
        return None
    return Opened(request_id, datetime.fromtimestamp(int(ends), UTC))


def without_signatures(text: str) -> str:
    """A text that others may keep: links in it open nothing any more."""
    # Every webhook comes through here, and hardly one has a link: a word is found far faster than a pattern.
    return _SIGNATURE.sub(r"\1.…", text) if _PAGE in text else text


def _signature(secret: str, about: str) -> str:
    return hmac.new(secret.encode(), _PURPOSE + about.encode(), "sha256").hexdigest()
