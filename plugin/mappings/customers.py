"""One CSV file with what all customers have signed -> agreements in the shape of their files, or every problem.

A row for each entitlement. What belongs to the customer as a whole (name, terms, contacts and so on) stands in one of
its rows, or the same in several. The columns are documented in the README of the mapping files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from unicodedata import normalize

from plugin.contract.policy import Quantity
from plugin.contract.tables import Table
from plugin.mappings.agreement_checks import check_agreement, check_together
from plugin.mappings.agreements import AgreementFile, Signed, agreement
from plugin.mappings.cells import UTF_8, Cell, read_cells
from plugin.mappings.document import Document, Mapped, Path, Places
from plugin.mappings.problem import Place, Report, nearest
from plugin.mappings.shape import shaped
from plugin.mappings.values import is_id
from plugin.mappings.words import Words

MATCH: Final = ("organization_ids", "organizations", "domains")
ENTITLEMENT: Final = ("product", "tier", "licenses", "free", "from", "to")
NEEDED: Final = ("customer", "name", "terms", "product", "tier", "licenses", "contacts")
COLUMNS: Final = ("customer", "name", *MATCH, "terms", *ENTITLEMENT, "contacts")

Row = Mapping[str, Cell]
"""The cells of a row, by column."""

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
    *,
    encoding: str = UTF_8,
    remove: bool = False,
) -> tuple[Imported, ...]:
    """Read the file; its name is for the problems.

    Customers that are `present` already may not be matched by what the file matches another by, unless those that the
    file does not name are to be removed. Where a column of the match lacks, what is present holds. Raises LookupError
    for an encoding that there is not.
    """
    cells = read_cells(file, content, report, encoding)
    if report.problems and not cells:
        return ()
    header, *rows = cells or [[]]
    columns = _columns(file, header, report)
    if report.problems:
        return ()
    customers: dict[str, list[Row]] = {}
    for row in rows:
        named = _row(row, columns, report)
        customer = named["customer"]
        if is_id(customer.text):
            customers.setdefault(customer.text, []).append(named)
        else:
            report.problem(customer.place, f"customer: {_no_id(customer.text)}")
    found = []
    for customer_id, own in customers.items():
        shape, data = _read(own, columns, present.get(customer_id), report)
        if shape is None:
            continue
        found.append(Imported(customer_id, data, shape))
        made = agreement(shape, words, report)
        if made is not None:
            check_agreement(Signed(shape, replace(made.agreement, customer=customer_id)), limits, report, None)
    kept = () if remove else ((name, old.match) for name, old in present.items() if name not in customers)
    check_together((*kept, *((each.customer, each.file.match) for each in found)), report)
    return tuple(found)


def _columns(file: str, header: Sequence[Cell], report: Report) -> list[str]:
    names = [cell.text.casefold().replace(" ", "_") for cell in header]
    if not set(names) & set(COLUMNS):
        report.problem(Place(file), f"the first line names no column; expected some of {', '.join(COLUMNS)}")
        return names
    meant = set()
    for name, cell in zip(names, header, strict=True):
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            meant.add(near)
            sentence = f"unknown column {cell.text or 'without a name'}; expected {', '.join(COLUMNS)}"
            report.problem(cell.place, sentence + (f" (nearest: {near})" if near else ""))
        elif names.count(name) > 1:
            report.problem(cell.place, f"column {name} is there {names.count(name)} times; keep one")
    missing = [name for name in NEEDED if name not in names and name not in meant]
    if missing:
        report.problem(Place(file), f"columns that are missing: {', '.join(missing)}; expected in the first line")
    return names


def _row(cells: Sequence[Cell], columns: Sequence[str], report: Report) -> Row:
    """The cells of a row by their columns; cells that lack at its end are empty."""
    for cell in cells[len(columns) :]:
        if cell.text:
            report.problem(cell.place, f"{cell.text} stands in no column; the first line names {len(columns)}")
    lacking = (Cell("", cells[-1].place),) * (len(columns) - len(cells))
    return dict(zip(columns, (*cells, *lacking), strict=False))


def _no_id(text: str) -> str:
    """Why this is no customer's id, and one that it could be."""
    plain = normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    near = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    such = f", such as {near}" if is_id(near) else ""
    return f"{text or 'nothing'} cannot be a name; expected small letters, digits, - and _{such}"


def _read(
    rows: Sequence[Row], columns: Sequence[str], present: AgreementFile | None, report: Report
) -> tuple[AgreementFile | None, Mapping[str, object]]:
    """A customer's agreement as it would stand in its file. A cell that cannot be read is told once."""
    unread, told = Report(), Report()
    document = _customer(rows, columns, present, unread)
    shape = shaped(AgreementFile, document, told)
    places = {(each.line, each.column) for each in unread.problems}
    report.add(unread.problems)
    report.add(each for each in told.problems if (each.line, each.column) not in places)
    return shape, document.data


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


def _customer(rows: Sequence[Row], columns: Sequence[str], present: AgreementFile | None, report: Report) -> Document:
    """What would be read from the customer's file."""
    whole = rows[0]["customer"].place
    built = _Building(whole)
    name = _once(rows, "name", report)
    built.put(built.data, "name", name.text, name.place)
    match = built.mapped(("match",), whole)
    built.put(built.data, "match", match, whole)
    for column in MATCH:
        if column not in columns:
            if present is not None and getattr(present.match, column):
                built.put(match, column, list(getattr(present.match, column)), whole)
        elif (cell := _once(rows, column, report)).text:
            built.put(match, column, _parts(cell.text), cell.place)
    _rows(built, "terms", _once(rows, "terms", report), _term, report)
    _entitlements(built, rows, report)
    _rows(built, "named_contacts", _once(rows, "contacts", report), _contact, report)
    return Document(built.places, built.data, ())


def _entitlements(built: _Building, rows: Sequence[Row], report: Report) -> None:
    """One for each row that says something of a product; the same twice would double the licences unseen."""
    entitlements: list[Mapped] = []
    seen: dict[tuple[str, ...], Place] = {}
    for row in rows:
        cells = {key: row[key] for key in ENTITLEMENT if key in row}
        if not any(cell.text for cell in cells.values()):
            continue
        place = row["customer"].place
        first = seen.setdefault(tuple(cell.text for cell in cells.values()), place)
        if first != place:
            report.problem(
                place, f"this row says again what line {first.line} says; remove one, or add the licences up"
            )
        mapped = built.mapped(("entitlements", len(entitlements)), place)
        for key, cell in cells.items():
            if cell.text or key in NEEDED:
                built.put(mapped, key, cell.text, cell.place)
        entitlements.append(mapped)
    built.put(built.data, "entitlements", entitlements, rows[0]["product"].place)


def _once(rows: Sequence[Row], column: str, report: Report) -> Cell:
    """What the customer's rows say in a column of the whole customer; an empty cell where all of them are empty."""
    said = [row[column] for row in rows if row[column].text]
    for cell in said[1:]:
        if cell.text != said[0].text:
            line = said[0].place.line
            sentence = f"{column}: line {line} says something else of this customer; say the same, or leave it empty"
            report.problem(cell.place, sentence)
    return said[0] if said else rows[0][column]


def _rows(
    built: _Building, key: str, cell: Cell, read: Callable[[str], dict[str, object] | str], report: Report
) -> None:
    rows: list[Mapped] = []
    for part in _parts(cell.text) or [""]:
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


def _unread(part: str) -> str:
    return f"{part} is not understood" if part else "nothing is given in any row of this customer"


def _term(part: str) -> dict[str, object] | str:
    found = _TERM.fullmatch(part)
    if found is None:
        return f"terms: {_unread(part)}; expected spans such as 2027-01-01 to 2027-12-31, with ; between"
    return {"from": found[1], "to": found[2]}


def _contact(part: str) -> dict[str, object] | str:
    found = _CONTACT.fullmatch(part)
    if found is None:
        return f"contacts: {_unread(part)}; expected people such as Ada Brot <ada@echo-bakery.example>, with ; between"
    row: dict[str, object] = {"name": found["name"]}
    emails = re.findall(r"<([^<>]*)>", found["emails"])
    if emails:
        row |= {"email": emails[0]} if len(emails) == 1 else {"emails": emails}
    return row | {key: found[key] for key in ("account", "from", "to") if found[key]}
