"""The names that templates of replies may use: what each stands for, and values to try a template with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from plugin.contract.decision import SEPARATOR, Reason

FRAME: Final = "frame"
RECEIPT: Final = "receipt"
DRAFT: Final = "draft"


def _number(fact: str) -> int | str:
    return int(fact) if fact else ""


def _day(fact: str) -> date | str:
    return date.fromisoformat(fact) if fact else ""


def _list(fact: str) -> tuple[str, ...]:
    return tuple(fact.split(SEPARATOR)) if fact else ()


@dataclass(frozen=True, slots=True)
class Name:
    """One name: how a finding's fact becomes its value (nothing becomes something empty), and facts to try it with."""

    read: Callable[[str], object]
    samples: tuple[str, ...]


NAMES: Final[Mapping[str, Name]] = {
    "person": Name(str, ("Mira Castellan",)),
    "customer": Name(str, ("Aurora Robotics",)),
    "organizations": Name(_list, ("Aurora Robotics", "Aurora Robotics; Cobalt Rail")),
    "begins": Name(_day, ("2027-01-01",)),
    "ended": Name(_day, ("2025-12-31",)),
    "contacts": Name(_list, ("Mira Castellan; Jonas Feld", "Mira Castellan")),
    "seats": Name(_number, ("2", "0", "1")),
    "limit": Name(_number, ("5", "1", "2")),
    "full": Name(str, ("yes",)),
    "product": Name(str, ("expecco",)),
    "products": Name(_list, ("expecco; expecco ALM", "expecco")),
    "version": Name(str, ("25.1",)),
    "line": Name(str, ("25.1",)),
    "supported": Name(_list, ("26.2; 26.1", "26.2")),
    "update_to": Name(str, ("26.2",)),
    "platform": Name(str, ("OS/2",)),
    "platforms": Name(_list, ("Windows; Linux", "Linux")),
    "software": Name(_list, ("Selenium; Appium", "Selenium")),
    "service": Name(str, ("Remote session",)),
    "tier": Name(str, ("Basic",)),
    "tiers": Name(_list, ("Premium; Advanced", "Premium")),
    "stated": Name(_number, ("1", "2")),
    "ruled": Name(_number, ("3", "2")),
    "because": Name(str, ("environment", "impact", "both", "kind")),
    "needed": Name(_number, ("2", "1")),
    "left": Name(_number, ("1", "0", "2")),
}
"""What a finding may tell, beside the person who asked."""

_RELEASES: Final = ("product", "version", "supported", "update_to")
_UNITS: Final = ("needed", "left")
_SERVICE: Final = ("product", "service", "tier")

OF_REASON: Final[Mapping[Reason, tuple[str, ...]]] = {
    Reason.CUSTOMER_UNKNOWN: ("organizations",),
    Reason.CUSTOMER_AMBIGUOUS: (),
    Reason.AGREEMENT_NOT_BEGUN: ("customer", "begins"),
    Reason.AGREEMENT_ENDED: ("customer", "ended"),
    Reason.FREE_LICENSE: ("product",),
    Reason.CONTACT_NOT_NAMED: ("customer", "contacts", "seats", "limit", "full"),
    Reason.PRODUCT_MISSING: ("products",),
    Reason.PRODUCT_UNKNOWN: ("product", "products"),
    Reason.PRODUCT_NOT_COVERED: ("product",),
    Reason.VERSION_MISSING: ("product", "supported", "update_to"),
    Reason.VERSION_UNCLEAR: _RELEASES,
    Reason.VERSION_UNLISTED: _RELEASES,
    Reason.VERSION_TOO_NEW: _RELEASES,
    Reason.VERSION_TOO_OLD: (*_RELEASES, "line"),
    Reason.VERSION_PRERELEASE: (*_RELEASES, "line"),
    Reason.PLATFORM_UNKNOWN: ("product", "platform", "platforms"),
    Reason.THIRD_PARTY: ("software",),
    Reason.MODIFICATION: (),
    Reason.SERVICE_NOT_IN_TIER: (*_SERVICE, "tiers"),
    Reason.SERVICE_REFUSED: (*_SERVICE, "tiers"),
    Reason.RESOURCES: _SERVICE,
    Reason.SEVERITY_LOWERED: ("stated", "ruled", "because"),
    Reason.CREDITS_FLAGGED: _UNITS,
    Reason.CREDITS_HELD: _UNITS,
    Reason.CREDITS_REFUSED: _UNITS,
    Reason.SESSIONS_FLAGGED: _UNITS,
    Reason.SESSIONS_HELD: _UNITS,
    Reason.SESSIONS_REFUSED: _UNITS,
}
"""What the finding with each reason tells. Anything of it may be missing now and then."""

_PERSON: Final = ("Mira Castellan",)
_REQUEST: Final = ("SUP-7",)
_DUE: Final = datetime(2026, 11, 23, 16, 15, tzinfo=ZoneInfo("Europe/Berlin"))

OF_LETTER: Final[Mapping[str, Mapping[str, tuple[object, ...]]]] = {
    FRAME: {"person": _PERSON, "request": _REQUEST, "waits": (True, False)},
    RECEIPT: {
        "person": _PERSON,
        "request": _REQUEST,
        "severity": (2, 1, 3),
        "due": (_DUE,),
        "cost": (1, 0, 2),
        "left": (95, 0, 1, 2),
        "sessions": (0, 1, 2),
        "sessions_left": (17, 0, 1, 2),
    },
    DRAFT: {
        "language": ("German",),
        "because": (("version_too_old (eligibility.yaml:44)",), ("receipt (eligibility.yaml:60)",) * 2),
    },
}
"""What a letter is made of, with values to try it with, beside its `BODY`."""

BODY: Final[Mapping[str, str]] = {FRAME: "reasons", RECEIPT: "reasons", DRAFT: "letter"}
"""The name of the texts that a letter stands around; it may go through `reasons` with `for`."""


def names_of(template: str) -> tuple[str, ...]:
    """The names that a template may use, by its own name: that of a letter or of a reason."""
    if template in OF_LETTER:
        return (*OF_LETTER[template], BODY[template])
    return ("person", *OF_REASON[Reason(template)])


def samples_of(template: str) -> dict[str, tuple[object, ...]]:
    """Values to try each of these names with, the usual one first; the body is not among them."""
    if template in OF_LETTER:
        return dict(OF_LETTER[template])
    return {name: tuple(map(NAMES[name].read, NAMES[name].samples)) for name in names_of(template)}
