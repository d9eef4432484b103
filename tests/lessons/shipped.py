"""The shipped contract as its users meet it: the mapping files, what an admin changes in them, and their customers."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugin.contract.decide import decide
from plugin.contract.decision import Decision, Reason
from plugin.contract.ledger import Places
from plugin.contract.matching import find_agreement
from plugin.contract.model import NoAgreement, Organization, Person, SupportAgreement, SupportRequest
from plugin.contract.receipt import receipt
from plugin.contract.receipt_text import as_text
from plugin.mappings.load import Mappings, load
from tests.plugin.mappings.broken import SHIPPED, copy_of_shipped, replaced

BERLIN = ZoneInfo("Europe/Berlin")
AURORA, BRENNHAUS = Organization("11", "Aurora Robotics"), Organization("12", "Brennhaus Medical")
COBALT, DELTA = Organization("13", "Cobalt Rail"), Organization("14", "Delta Foundry")
MIRA = Person("Mira Castellan", email="mira.castellan@aurora-robotics.example")
EMIL = Person("Dr. Emil Sandor", email="emil.sandor@brennhaus-medical.example")
YUSUF = Person("Yusuf Adeyemi", email="yusuf.adeyemi@cobalt-rail.example")
OSKAR = Person("Oskar Brandt", email="oskar.brandt@delta-foundry.example")
PEOPLE = {AURORA: MIRA, BRENNHAUS: EMIL, COBALT: YUSUF, DELTA: OSKAR}


def at(text: str) -> datetime:
    """A moment in Berlin, `2026-11-23 09:00`, unless the text says otherwise: `2026-11-23 08:00Z`."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=BERLIN)


@cache
def shipped() -> Mappings:
    """The shipped mapping files."""
    return _read(SHIPPED)


def changed(folder: Path, *changes: tuple[str, str, str]) -> Mappings:
    """The shipped files after an admin put `new` in the place of `old` in a file: each change is file, old, new."""
    mappings = copy_of_shipped(folder)
    for file, old, new in changes:
        replaced(mappings, file, old, new)
    return _read(mappings)


def _read(folder: Path) -> Mappings:
    loaded = load(folder)
    assert loaded.mappings is not None, loaded.problems
    return loaded.mappings


def fault(raised: str | datetime = "2026-11-23 09:00", by: Organization = AURORA, **more: Any) -> SupportRequest:
    """A grave fault of expecco in production, raised by the customer's first contact, in order in every respect."""
    plain = SupportRequest(
        id="10001",
        key="SUP-1",
        raised=at(raised) if isinstance(raised, str) else raised,
        raised_by=PEOPLE[by],
        kind="fault",
        organizations=(by,),
        product="expecco",
        version="26.2",
        environment="production",
        impact="down",
    )
    return replace(plain, **more)


def judged(
    asked: SupportRequest,
    now: str | datetime | None = None,
    mappings: Mappings | None = None,
    booked: Places | None = None,
) -> Decision:
    """What is decided, at the moment of raising unless another is given; `booked` is what other requests hold."""
    moment = at(now) if isinstance(now, str) else now or asked.raised
    return decide(asked, agreement_of(asked, mappings), (mappings or shipped()).policy, moment, booked or {})


def agreement_of(asked: SupportRequest, mappings: Mappings | None = None) -> SupportAgreement | NoAgreement:
    """The agreement that fits the request."""
    return find_agreement(asked, (mappings or shipped()).agreements)


def due(decision: Decision) -> str:
    """When the first response is due, as the agent's clock in Berlin shows it; `-` where it does not run."""
    moment = decision.response_due.value
    return f"{moment.astimezone(BERLIN):%a %Y-%m-%d %H:%M}" if moment else "-"


def reasons(decision: Decision) -> list[Reason]:
    """The reasons of a decision, in their order."""
    return [each.reason for each in decision.reasons if each.reason]


def sentences(decision: Decision, value: str) -> str:
    """What is said of one value, such as `response_due`."""
    return " ".join(each.sentence for each in getattr(decision, value).findings)


def told(decision: Decision) -> str:
    """The receipt, as an agent reads it."""
    return as_text(receipt(decision, shipped().policy))
