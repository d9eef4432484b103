"""The ledger as kept: entries and postings, appended only; every booking under the lock of its customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Text, cast, func, insert, select, update

from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Places, Posting
from plugin.contract.statement import StatementLine
from plugin.store.tables import accounts, ledger_entries, ledger_places, ledger_postings
from plugin.store.upsert import insert_or


def lock(tx: Connection, customers: Iterable[str]) -> None:
    """Hold these customers' accounts until the transaction ends. Locked in one order, so that nobody waits in a ring.

    SQLite has one writer anyway; there the row only counts the entries.
    """
    for customer in sorted(set(customers)):
        tx.execute(insert_or(tx.dialect.name, accounts).values(customer=customer, sequence=0).on_conflict_do_nothing())
        tx.execute(select(accounts.c.sequence).where(accounts.c.customer == customer).with_for_update())


def places(tx: Connection, customer: str, unit: str | None = None) -> Places:
    """Where all of the customer's units stand, of one unit or of all: a lot is of one unit only."""
    at = ledger_places.c
    query = select(at.lot, at.account, at.units).where(at.customer == customer, at.units != 0)
    rows = tx.execute(query if unit is None else query.where(at.unit == unit))
    return {(row.lot, Account(row.account)): row.units for row in rows}


def everywhere(tx: Connection, unit: str) -> dict[str, Places]:
    """Where the units of one kind stand, by customer."""
    at = ledger_places.c
    found: dict[str, dict[tuple[str, Account], int]] = {}
    for row in tx.execute(select(ledger_places).where(at.unit == unit, at.units != 0)):
        found.setdefault(row.customer, {})[row.lot, Account(row.account)] = row.units
    return dict(found)


def held(tx: Connection, customer: str, matter: str) -> Places:
    """Where the units that one matter moved stand."""
    lot, account, units = ledger_postings.c.lot, ledger_postings.c.account, func.sum(ledger_postings.c.units)
    own = ledger_entries.c.customer == customer, ledger_entries.c.matter == matter
    query = select(lot, account, units).join_from(ledger_postings, ledger_entries).where(*own).group_by(lot, account)
    return {(row[0], Account(row[1])): int(row[2]) for row in tx.execute(query) if row[2]}


def holders(tx: Connection, matter: str) -> tuple[str, ...]:
    """The customers whose units one matter ever moved: normally one, two when a request changed hands."""
    query = select(ledger_entries.c.customer).where(ledger_entries.c.matter == matter).distinct()
    return tuple(sorted(tx.scalars(query)))


@dataclass(frozen=True, slots=True)
class Charge:
    """What a matter holds of a customer's units of one kind, and under which key its request was charged last."""

    matter: str
    request_key: str | None
    customer: str
    unit: str
    units: int


def charges(tx: Connection) -> tuple[Charge, ...]:
    """Everything that requests hold: one for each request, customer and unit. Reads the whole ledger."""
    entry, posting = ledger_entries.c, ledger_postings.c
    units = func.sum(posting.units)
    of = (entry.matter, entry.customer, entry.unit)
    query = (
        select(*of, func.max(entry.request_key).label("request_key"), units.label("units"))
        .join_from(ledger_entries, ledger_postings)
        .where(posting.account == Account.CONSUMED.value)
        .group_by(*of)
        .having(units != 0)
        .order_by(*of)
    )
    return tuple(Charge(**row._mapping) for row in tx.execute(query))


@dataclass(frozen=True, slots=True)
class Used:
    """What requests of one customer that were raised in one month (`2026-11`) used of a unit."""

    month: str
    customer: str
    units: int


def used(tx: Connection, unit: str, first: date, last: date) -> tuple[Used, ...]:
    """What was used for requests that were raised from one day to another, both included; by month and customer."""
    entry, posting = ledger_entries.c, ledger_postings.c
    month, units = func.substr(cast(entry.effective, Text), 1, 7), func.sum(posting.units)
    query = (
        select(month, entry.customer, units)
        .join_from(ledger_entries, ledger_postings)
        .where(entry.unit == unit, posting.account == Account.CONSUMED.value, entry.effective.between(first, last))
        .group_by(month, entry.customer)
        .having(units != 0)
        .order_by(month, entry.customer)
    )
    return tuple(Used(row[0], row[1], int(row[2])) for row in tx.execute(query))


def book(tx: Connection, entries: Iterable[LedgerEntry]) -> None:
    """Append entries. The caller holds the customers' locks (`lock`)."""
    for entry in entries:
        number = (
            update(accounts)
            .where(accounts.c.customer == entry.customer)
            .values(sequence=accounts.c.sequence + 1)
            .returning(accounts.c.sequence)
        )
        row = {
            "customer": entry.customer,
            "unit": entry.unit,
            "matter": entry.matter,
            "kind": entry.kind.value,
            "booked_at": entry.booked_at,
            "effective": entry.effective,
            "request_key": entry.request_key,
            "revision": entry.revision,
            "memo": entry.memo,
            "sequence": tx.execute(number).scalar_one(),
        }
        booked = tx.execute(insert(ledger_entries).values(row).returning(ledger_entries.c.id)).scalar_one()
        tx.execute(
            insert(ledger_postings),
            [
                {"entry_id": booked, "lot": each.lot, "account": each.account.value, "units": each.units}
                for each in entry.postings
            ],
        )
        for each in entry.postings:
            _place(tx, entry, each)


def _place(tx: Connection, entry: LedgerEntry, posting: Posting) -> None:
    row = {"customer": entry.customer, "unit": entry.unit, "lot": posting.lot, "account": posting.account.value}
    added = insert_or(tx.dialect.name, ledger_places).values(**row, units=posting.units)
    units = ledger_places.c.units + added.excluded.units
    tx.execute(added.on_conflict_do_update(index_elements=ledger_places.primary_key.columns, set_={"units": units}))


def sequence(tx: Connection, customer: str) -> int:
    """The number of the customer's newest entry: it grows with every booking, and is 0 before the first."""
    return tx.scalar(select(accounts.c.sequence).where(accounts.c.customer == customer)) or 0


def number_after(tx: Connection, customer: str, entries: int) -> None:
    """Let the customer's next entry have a number behind this one. The caller holds the customer's lock."""
    behind = accounts.c.customer == customer, accounts.c.sequence < entries
    tx.execute(update(accounts).where(*behind).values(sequence=entries))


def statement(tx: Connection, customer: str, unit: str, matter: str | None = None) -> tuple[StatementLine, ...]:
    """Every movement of what is available, oldest first; with `matter`, what that one moved."""
    entry, posting = ledger_entries.c, ledger_postings.c
    query = (
        select(
            entry.customer,
            entry.sequence,
            entry.effective,
            entry.booked_at,
            entry.kind,
            entry.matter,
            entry.request_key,
            entry.memo,
        )
        .add_columns(posting.lot, func.sum(posting.units).label("units"))
        .join_from(ledger_entries, ledger_postings)
        .where(entry.customer == customer, entry.unit == unit, posting.account == Account.AVAILABLE.value)
        .group_by(ledger_entries.c.id, posting.lot)
        .order_by(entry.sequence, posting.lot)
    )
    if matter is not None:
        query = query.where(entry.matter == matter)
    return tuple(
        StatementLine(who, number, day, booked, EntryKind(kind), matter, key, memo, lot, units)
        for who, number, day, booked, kind, matter, key, memo, lot, units in tx.execute(query)
    )
