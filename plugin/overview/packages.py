"""A package of credits added to a customer's agreement (C17): what it would change, before its file is written.

The file says what was bought; what follows for the ledger is booked by the next look, as after any edit of the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from plugin.contract.grants import CREDIT
from plugin.contract.ledger import Lot, balance
from plugin.mappings.agreements import FOLDER, AgreementFile
from plugin.mappings.edit import digest, read_as
from plugin.mappings.load import Mappings
from plugin.mappings.rows import with_row
from plugin.overview.edit import DiffLine, Preview, difference, preview
from plugin.overview.lots import lots_today
from plugin.store import decisions

SECTION: Final = "packages"
"""The list of the agreement's file in which packages stand."""

LAST: Final = 100
"""Over how many of the last requests it is previewed."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A package as it was ordered: so many credits, to be used from one day to another, both included."""

    credits: int
    first: date
    last: date
    reference: str | None

    @property
    def name(self) -> str:
        """What tells it apart from the agreement's other packages."""
        return self.reference or str(self.first)

    @property
    def row(self) -> dict[str, str]:
        """As it stands in the agreement's file."""
        named = {"reference": self.reference} if self.reference else {}
        return {"bought": str(self.first), "credits": str(self.credits), "expires": str(self.last), **named}


@dataclass(frozen=True, slots=True)
class Addition:
    """What adding it comes to: the file as it would be, and where what can be used today stands then, in the order in
    which it is used up; `after` is None where the file would not be right.
    """

    file: str
    stood: bytes
    content: bytes
    looked: Preview
    before: int
    after: int | None
    lots: tuple[Lot, ...]

    @property
    def base(self) -> str:
        """What the editor knows the file as it stands by."""
        return digest(self.stood)

    @property
    def text(self) -> str:
        """The file as it would be, for the editor."""
        return read_as(self.content)

    @property
    def differences(self) -> tuple[DiffLine, ...]:
        """What is different in the file's text."""
        return difference(read_as(self.stood), self.text)


def file_of(customer: str) -> str:
    """The mapping file of a customer's agreement."""
    return f"{FOLDER}/{customer}.yaml"


def lot_of(bought: Bought) -> str:
    """The ledger's name for what it grants."""
    return f"{CREDIT} package {bought.name}"


def with_package(file: str, content: bytes, bought: Bought) -> bytes:
    """The file with that package; raises `NotAdded` where only a person can add to it."""
    return with_row(file, content, SECTION, bought.row, tuple(AgreementFile.model_fields))


def addition(
    tx: Connection,
    disk: Mapping[str, bytes],
    customer: str,
    bought: Bought,
    in_force: Mappings,
    now: datetime,
) -> Addition:
    """Look at what it would come to, over what is on disk.

    Raises:
        NotAdded: when the file has its packages in a form that only a person can add to.
        KeyError: when there is no such file.
    """
    file = file_of(customer)
    content = with_package(file, disk[file], bought)
    looked = preview(decisions.last(tx, LAST), disk, {file: content}, in_force, now)
    before, after = _usable(tx, customer, in_force, now), _usable(tx, customer, looked.mappings, now)
    return Addition(
        file=file,
        stood=disk[file],
        content=content,
        looked=looked,
        before=balance(before),
        after=None if looked.mappings is None else balance(after),
        lots=after,
    )


def _usable(tx: Connection, customer: str, mappings: Mappings | None, now: datetime) -> tuple[Lot, ...]:
    """What can be used today by these files."""
    signed = () if mappings is None else (each for each in mappings.agreements if each.customer == customer)
    agreement = next(iter(signed), None)
    if mappings is None or agreement is None:
        return ()
    return lots_today(tx, agreement, mappings.policy, now)[CREDIT]
