"""A database with decisions as the road keeps them, without the road."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from plugin.contract.decide import decide, standing_after
from plugin.contract.matching import find_agreement
from plugin.contract.model import Person, SupportAgreement, SupportRequest
from plugin.contract.replay import Inputs, inputs_of
from plugin.mappings.load import Mappings, load
from plugin.store import decisions, policies
from tests.plugin.cli.conftest import SHIPPED
from tests.plugin.contract import builders
from tests.stores import migrated

RAISED = builders.at("2026-11-20 09:00")
MIRA = Person("Mira Castellan", email="mira.castellan@aurora-robotics.example")
YUSUF = Person("Yusuf Adeyemi", email="yusuf.adeyemi@cobalt-rail.example")

Look = tuple[SupportRequest, datetime]
"""A request as it was seen, and when."""


def fault(number: int, who: Person = MIRA, version: str = "26.2", ended: datetime | None = None) -> SupportRequest:
    """A grave fault in production, raised on a Friday at nine."""
    return builders.request(
        version,
        RAISED,
        id=str(10000 + number),
        key=f"SUP-{number}",
        kind="fault",
        raised_by=who,
        organizations=(),
        environment="production",
        impact="down",
        ended=ended,
    )


def shipped() -> Mappings:
    """The shipped mapping files, read."""
    mappings = load(SHIPPED).mappings
    assert mappings is not None
    return mappings


def kept(folder: Path, looks: Iterable[Look], without: Iterable[int] = ()) -> str:
    """The address of a database with what was decided at these looks; `without`: places whose inputs were not kept."""
    address, mappings = f"sqlite:///{folder}/kept.sqlite3", shipped()
    store = migrated(address)
    with store.writing() as tx:
        for place, (asked, now) in enumerate(looks):
            found = find_agreement(asked, mappings.agreements)
            customer = found.customer if isinstance(found, SupportAgreement) else None
            before = decisions.standing(tx, asked.id)
            inputs: Inputs | None = inputs_of(builders.replace(asked, standing=before), now, customer, {})
            decision = decide(builders.replace(asked, standing=before), found, mappings.policy, now)
            inputs = None if place in without else inputs
            if decisions.record(tx, decision, standing_after(decision, before), inputs):
                policies.record(tx, decision.revision, mappings.files, now)
    store.close()
    return address
