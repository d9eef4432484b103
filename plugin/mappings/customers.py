"""One CSV file with what all customers have signed -> agreements in the shape of their files, or every problem.

A row for each entitlement. What belongs to the customer as a whole (name, terms, contacts and so on) stands in one of
its rows, or the same in several. The columns are documented in the README of the mapping files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from plugin.contract.policy import Quantity, Table
from plugin.mappings.agreement_checks import check_agreement, check_together
from plugin.mappings.agreements import AgreementFile, Signed, agreement
from plugin.mappings.cells import Cell, read_cells
from plugin.mappings.document import Document, Mapped, Path, Places
from plugin.mappings.problem import Place, Report, nearest
from plugin.mappings.shape import shaped
from plugin.mappings.values import is_id
from plugin.mappings.words import Words

MATCH: Final = ("organization_ids", "organizations", "domains")
ENTITLEMENT: Final = ("product", "tier", "licenses", "free", "from", "to")
NEEDED: Final = ("customer", "name", "terms", "product", "tier", "licenses", "contacts")
COLUMNS: Final = ("customer", "name", *MATCH, "terms", *ENTITLEMENT, "contacts")

_TERM: Final = re.compile(r"(\S+) to (\S+)")
_CONTACT: Final = re.compile(
    r"(?P<name>[^<>\[\]@]+?)(?P<emails>(?: *<[^<>]*>)*)(?: *\[(?P<account>[^\[\]]+)\])?"
    r"(?: +from (?P<from>\S+))?(?: +to (?P<to>\S+))?"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """One customer of the CSV file: what would stand in its file, as text and read."""

    customer: str
    data: Mapping[str, object]
    file: AgreementFile


def read_customers(
    file: str,
    content: bytes,
    present: Mapping[str, AgreementFile],
    words: Words,
    limits: Table[Quantity],
    report: Report,
) -> tuple[Imported, ...]:
    """Read the file; its name is for the problems. `present` gives the match of a customer where the columns lack."""
    header, *rows = read_cells(file, content, report) or [[]]
    columns = _columns(file, header, report)
    if report.problems:
        return ()
    customers: dict[str, list[dict[str, Cell]]] = {}
    for row in rows:
        for cell in row[len(columns) :]:
            if cell.text:
                report.problem(cell.place, f"{cell.text} stands in no column; the first line names {len(columns)}")
        cells = dict(zip(columns, row, strict=False))
        customer = cells["customer"]
        if is_id(customer.text):
            customers.setdefault(customer.text, []).append(cells)
        else:
            sentence = (
                f"customer: {customer.text or 'nothing'} cannot be a name; expected small letters, digits, - and _"
            )
            report.problem(customer.place, sentence)
    found, signed = [], []
    for customer_id, own in customers.items():
        read = _customer(own, columns, present.get(customer_id), report)
        shape = shaped(AgreementFile, read, report)
        if shape is None:
            continue
        found.append(Imported(customer_id, read.data, shape))
        made = agreement(shape, words, report)
        if made is not None:
            named = Signed(shape, replace(made.agreement, customer=customer_id))
            check_agreement(named, limits, report, None)
            signed.append(named)
    check_together(signed, report)
    return tuple(found)


def _columns(file: str, header: Sequence[Cell], report: Report) -> list[str]:
    names = [cell.text.casefold().replace(" ", "_") for cell in header]
    for name, cell in zip(names, header, strict=True):
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            sentence = f"unknown column {cell.text}; expected {', '.join(COLUMNS)}"
            report.problem(cell.place, sentence + (f" (nearest: {near})" if near else ""))
        elif names.count(name) > 1:
            report.problem(cell.place, f"column {name} is there {names.count(name)} times; keep one")
    for name in NEEDED:
        if name not in names:
            report.problem(Place(file), f"column {name} is missing; expected a first line that names the columns")
    return names


class _Building:
    """The data of one customer while it is put together, with the place of every value."""

    def __init__(self, whole: Place) -> None:
        self.places = Places(whole.file)
        self.data = self.mapped((), whole)

    def mapped(self, path: Path, place: Place) -> Mapped:
        self.places.values[path] = place[1:]
        return Mapped(self.places, path)

    def put(self, into: Mapped, key: str, value: object, place: Place) -> None:
        into[key] = value
        self.places.values[*into.path, key] = self.places.keys[*into.path, key] = place[1:]


def _customer(
    rows: Sequence[Mapping[str, Cell]], columns: Sequence[str], present: AgreementFile | None, report: Report
) -> Document:
    """What would be read from the customer's file."""
    whole = rows[0]["customer"].place
    built = _Building(whole)
    if (name := _once(rows, "name", report)) is not None:
        built.put(built.data, "name", name.text, name.place)
    match = built.mapped(("match",), whole)
    built.put(built.data, "match", match, whole)
    for column in MATCH:
        cell = _once(rows, column, report)
        if column in columns and cell is not None:
            built.put(match, column, _parts(cell.text), cell.place)
        elif column not in columns and present is not None and getattr(present.match, column):
            built.put(match, column, list(getattr(present.match, column)), whole)
    _rows(built, "terms", _once(rows, "terms", report), _term, report)
    entitlements: list[Mapped] = []
    for row in rows:
        given = [(key, row[key]) for key in ENTITLEMENT if key in row and row[key].text]
        if given:
            mapped = built.mapped(("entitlements", len(entitlements)), row["customer"].place)
            for key, cell in given:
                built.put(mapped, key, cell.text, cell.place)
            entitlements.append(mapped)
    built.put(built.data, "entitlements", entitlements, rows[0]["product"].place)
    _rows(built, "named_contacts", _once(rows, "contacts", report), _contact, report)
    return Document(built.places, built.data, ())


def _once(rows: Sequence[Mapping[str, Cell]], column: str, report: Report) -> Cell | None:
    """What the customer's rows say in a column of the whole customer; None where all of them are empty."""
    said = [row[column] for row in rows if column in row and row[column].text]
    for cell in said[1:]:
        if cell.text != said[0].text:
            line = said[0].place.line
            sentence = f"{column}: line {line} says something else of this customer; say the same, or leave it empty"
            report.problem(cell.place, sentence)
    return said[0] if said else None


def _rows(
    built: _Building, key: str, cell: Cell | None, read: Callable[[str], dict[str, object] | str], report: Report
) -> None:
    if cell is None:
        return
    rows: list[Mapped] = []
    for part in _parts(cell.text):
        values = read(part)
        if isinstance(values, str):
            report.problem(cell.place, values)
            continue
        mapped = built.mapped((key, len(rows)), cell.place)
        for name, value in values.items():
            built.put(mapped, name, value, cell.place)
        rows.append(mapped)
    built.put(built.data, key, rows, cell.place)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _term(part: str) -> dict[str, object] | str:
    found = _TERM.fullmatch(part)
    if found is None:
        return f"terms: {part} is not understood; expected spans such as 2027-01-01 to 2027-12-31, with ; between"
    return {"from": found[1], "to": found[2]}


def _contact(part: str) -> dict[str, object] | str:
    found = _CONTACT.fullmatch(part)
    if found is None:
        return (
            f"contacts: {part} is not understood; expected people such as Ada Brot <ada@echo-bakery.example>, "
            "with ; between"
        )
    row: dict[str, object] = {"name": found["name"]}
    emails = re.findall(r"<([^<>]*)>", found["emails"])
    if emails:
        row |= {"email": emails[0]} if len(emails) == 1 else {"emails": emails}
    return row | {key: found[key] for key in ("account", "from", "to") if found[key]}
