"""`releases.yaml`: products, their release lines, how many of them are supported, and on what (C13, C21, C29)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from plugin.contract.decision import Citation, PatchEligibility
from plugin.contract.policy import Platform, Product, ReleaseLine, ThirdParty
from plugin.contract.rules.patch_eligibility import OTHER, SUPPORTED
from plugin.contract.tables import Row, Table
from plugin.contract.versions import parts
from plugin.mappings.problem import Report
from plugin.mappings.reads import member_of
from plugin.mappings.references import AnyKind, AnyProduct, AnySeverity
from plugin.mappings.shape import Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Clause, Date, Days, Id, Line, Positive, Text, YesNo, any_or
from plugin.mappings.words import Names, Words, closed, names_of

FILE = "releases.yaml"
LINES = closed("line", (SUPPORTED, OTHER))
_STALE = timedelta(days=365)


class LineShape(Shape):
    """A release line and the day on which it was released to everybody."""

    line: Line
    """Its number, as customers know it."""
    released: Date
    """The day of its release; a day in the future is fine."""
    cites: Clause


class ProductShape(Shape):
    """A product and its release lines, oldest first."""

    id: Id
    """What the other files call it."""
    name: Text
    """What people call it."""
    aliases: tuple[Text, ...] = ()
    """Other names that customers use for it."""
    cites: Clause
    lines: Rows[LineShape]
    """Oldest first: the order is the list's, never the numbers'."""


class SupportedLinesShape(RowShape):
    """How many release lines of a product are supported, counted from the newest."""

    product: AnyProduct
    count: Positive
    """2 is the current release and one version back."""


class GraceShape(RowShape):
    """For how long after a release the line that it pushed out is still supported."""

    product: AnyProduct
    length: Days = Field(alias="for")
    """0 days: not at all; 30 days: the day of the release and 29 more."""


class FixShape(RowShape):
    """How a fault of this severity would be fixed, on a line that is supported or on any other."""

    kind: AnyKind
    severity: AnySeverity
    line: Annotated[str, any_or(LINES.ids)]
    fix: Annotated[PatchEligibility, member_of(PatchEligibility)]


class PlatformShape(RowShape):
    """A system that a product is supported on. Supported no takes it away, from a day on or beside a wider name."""

    product: AnyProduct
    platform: Text
    """Its name."""
    aliases: tuple[Text, ...] = ()
    """Other names that customers use for it."""
    supported: YesNo = True
    """no takes it away, from a day on or beside a wider name; left out: yes."""
    minimum: Text | None = None
    """What the system has to have at least."""


class ThirdPartyShape(RowShape):
    """Software of others, and other names that customers use for it."""

    name: Text
    """Its name."""
    aliases: tuple[Text, ...] = ()
    """Other names that customers use for it."""


class ReleasesFile(Shape):
    """Products and their release lines, how many of them are supported, on what, and how faults are fixed."""

    owner: Text
    """Who confirms these lists."""
    last_confirmed: Date
    """When they last did (C13)."""
    supported_lines: Rows[SupportedLinesShape]
    """How many release lines of a product are supported, counted from the newest."""
    grace: Rows[GraceShape]
    """For how long after a release the line that it pushed out is still supported."""
    fixes: Rows[FixShape]
    """How a fault would be fixed. The first row that fits wins."""
    platforms: Rows[PlatformShape]
    """Where each product is supported. What is not listed is asked about."""
    third_party: tuple[ThirdPartyShape, ...] = ()
    """Software of others that customers use with the products."""
    products: Rows[ProductShape]
    """The products and their release lines."""

    def names(self, report: Report) -> Names:
        """The products' ids, names and aliases."""
        return names_of(report, "product", self.products, "id", "name", "aliases")


@dataclass(frozen=True, slots=True)
class Releases:
    """What the file gives the policy."""

    products: tuple[Product, ...]
    supported_lines: Table[int]
    grace: Table[timedelta]
    fixes: Table[PatchEligibility]
    platforms: Table[Platform]
    third_party: Table[ThirdParty]


def releases(file: ReleasesFile, words: Words, report: Report, today: date | None) -> Releases:
    """Build the policy's part, and check it."""
    for product in file.products:
        _check_lines(product, report, today)
    if today is not None and file.last_confirmed < today - _STALE:
        sentence = f"the releases were last confirmed more than a year ago; ask {file.owner} to confirm them"
        report.warning(file.place("last_confirmed"), sentence)
    if today is not None and file.last_confirmed > today:
        report.warning(file.place("last_confirmed"), f"last_confirmed is in the future; today is {today}")
    return Releases(
        tuple(_product(each) for each in file.products),
        table(
            report,
            file.key_place("supported_lines"),
            file.supported_lines,
            {"product": words.products},
            lambda row: row.count,
        ),
        table(report, file.key_place("grace"), file.grace, {"product": words.products}, lambda row: row.length),
        table(
            report,
            file.key_place("fixes"),
            file.fixes,
            {"kind": words.kinds, "severity": words.severities, "line": LINES},
            lambda row: row.fix,
        ),
        table(
            report,
            file.key_place("platforms"),
            file.platforms,
            {"product": words.products, "platform": closed("platform", [each.platform for each in file.platforms])},
            lambda row: Platform(row.platform, row.aliases, row.supported, row.minimum),
            total=False,
        ),
        _third_party(file, report),
    )


def _third_party(file: ReleasesFile, report: Report) -> Table[ThirdParty]:
    """Every row applies. A name that stands for two of them is a problem."""
    names_of(report, "third-party software", file.third_party, "name", "aliases")
    rows = (each.cited(ThirdParty(each.name, each.aliases), report) for each in file.third_party)
    return Table(tuple(Row((), each) for each in rows))


def _product(shape: ProductShape) -> Product:
    return Product(
        shape.id,
        shape.name,
        shape.aliases,
        tuple(ReleaseLine(each.line, each.released, Citation(each.cites, each.place().source)) for each in shape.lines),
        Citation(shape.cites, shape.place().source),
    )


def _check_lines(product: ProductShape, report: Report, today: date | None) -> None:
    seen: dict[tuple[int, ...], LineShape] = {}
    for before, line in zip((None, *product.lines), product.lines, strict=False):
        twin = seen.setdefault(parts(line.line), line)
        if twin is not line:
            sentence = f"line {line.line} is already in line {twin.place().line} of the file; remove one"
            report.problem(line.place("line"), sentence)
        if before is not None and line.released < before.released:
            sentence = (
                f"{line.line} was released on {line.released}, before {before.line} above it ({before.released}); "
                "expected the oldest first: correct the date or the order"
            )
            report.problem(line.place("released"), sentence)
    if today is not None and all(line.released > today for line in product.lines):
        report.warning(product.place(), f"no line of {product.name} has been released yet; today is {today}")
