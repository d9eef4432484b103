"""One request as Jira shows it, held against what it should show: what would a look write?"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.jira.fields import FieldMap
from plugin.jira.plan import plan
from plugin.look import Seen, settle
from plugin.mappings.load import Mappings

CHARGE: Final = "charge"
COMMENT: Final = "comment"
DECISION: Final = "decision"
"""What a look may write beside fields: the ledger, a comment that is missing, our property alone."""


def would_write(tx: Connection, seen: Seen, mappings: Mappings, fields: FieldMap, now: datetime) -> tuple[str, ...]:
    """The words of the fields that a look would write, and what it would write beside; nothing where all is well.

    Settled as a look settles it, and then taken back: nothing of it stays in the transaction.
    """
    with tx.begin_nested() as tried:
        settled = settle(tx, seen, mappings, now)
        tried.rollback()
    edit = plan(settled.decision, settled.held, settled.standing.waited, seen.shown, fields)
    words = () if edit is None else edit.words or (DECISION,)
    charge = (CHARGE,) if settled.moved else ()
    comment = (COMMENT,) if settled.unsent else ()
    return (*words, *charge, *comment)
