"""One request as Jira shows it, held against what it should show: what would a look write?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.jira.fields import FieldMap
from plugin.jira.plan import SetFields, plan
from plugin.look import Seen, Settled, settle
from plugin.mappings.load import Mappings

CHARGE: Final = "charge"
COMMENT: Final = "comment"
DECISION: Final = "decision"
"""What a look may write beside fields: the ledger, a comment that is missing, our property alone."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a look would decide and book, and the edit that it would make; None where the request shows it already."""

    settled: Settled
    edit: SetFields | None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the fields that it would write, and what it would write beside; nothing where all is well."""
        words = () if self.edit is None else self.edit.words or (DECISION,)
        charge = (CHARGE,) if self.settled.moved else ()
        comment = (COMMENT,) if self.settled.unsent else ()
        return (*words, *charge, *comment)


def compared(tx: Connection, seen: Seen, mappings: Mappings, fields: FieldMap, now: datetime) -> Compared:
    """Settle a request as a look settles it, and take that back: nothing of it stays in the transaction."""
    with tx.begin_nested() as tried:
        settled = settle(tx, seen, mappings, now)
        tried.rollback()
    return Compared(settled, plan(settled.decision, settled.held, settled.standing.waited, seen.shown, fields))


def would_write(tx: Connection, seen: Seen, mappings: Mappings, fields: FieldMap, now: datetime) -> tuple[str, ...]:
    """What a look would write, as `Compared.words` has it."""
    return compared(tx, seen, mappings, fields, now).words
