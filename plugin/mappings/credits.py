"""`credits.yaml`: what is granted, what a request costs, what happens when credits are short (C9)."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from plugin.contract.policy import CarryOver, Shortage, Table
from plugin.jira.board import BoardKind, BoardSetting
from plugin.mappings.problem import Report
from plugin.mappings.shape import DatedShape, Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Condition, Id, LeftOver, Months, Number, Text, YesNo, member_of
from plugin.mappings.words import UNITS, Names, Words, gathered

FILE = "credits.yaml"


class GrantShape(DatedShape):
    """How many units a licence brings at the start of each agreement year."""

    tier: Condition
    unit: Condition
    per_license: Number


class CarryOverShape(DatedShape):
    """What of the units left at the end of an agreement year can be used for some months more."""

    tier: Condition
    unit: Condition
    what: LeftOver
    months: Months | None = Field(None, alias="for")


class CostShape(RowShape):
    """What a request of this kind and severity costs, in one of the units."""

    kind: Condition
    severity: Condition
    unit: Condition
    units: Number


class ShortageShape(RowShape):
    """What to do with a request that costs more than is left."""

    kind: Condition
    do: Annotated[Shortage, member_of(Shortage)]


class RefundShape(RowShape):
    """Whether a request that ended like this costs nothing after all."""

    outcome: Condition
    refund: YesNo


class BoardShape(Shape):
    """The balance board."""

    kind: Annotated[BoardKind, member_of(BoardKind)]
    key: Text


class CreditsFile(Shape):
    """The whole file."""

    grants: Rows[GrantShape]
    carry_over: Rows[CarryOverShape]
    costs: Rows[CostShape]
    when_short: Rows[ShortageShape]
    outcomes: Rows[Id]
    refunds: Rows[RefundShape]
    balance_board: BoardShape

    def outcome_names(self, report: Report) -> Names:
        """The ways in which a request can end that matter to credits."""
        words = ((word, ((word, self.place("outcomes", n)),)) for n, word in enumerate(self.outcomes))
        return gathered(report, "outcome", words)


@dataclass(frozen=True, slots=True)
class Credits:
    """What the file gives the policy, and the balance board."""

    grants: Table[int]
    carry_over: Table[CarryOver]
    costs: Table[int]
    shortage: Table[Shortage]
    refunds: Table[bool]
    board: BoardSetting


def credits(file: CreditsFile, words: Words, report: Report) -> Credits:
    """Build the policy's part, and check it."""
    severity = words.severities
    for row in file.carry_over:
        if row.what is None and row.months is not None:
            report.problem(row.place("for"), "for: nothing is carried over, what is none; leave it out")
        elif row.what is not None and row.months is None:
            report.problem(row.place(), "for is missing; expected how long it can be used, such as 3 months")
    return Credits(
        table(
            report,
            file.key_place("grants"),
            file.grants,
            {"tier": words.tiers, "unit": UNITS},
            lambda row: row.per_license,
        ),
        table(
            report,
            file.key_place("carry_over"),
            file.carry_over,
            {"tier": words.tiers, "unit": UNITS},
            lambda row: CarryOver(row.what, row.months or 0),
        ),
        table(
            report,
            file.key_place("costs"),
            file.costs,
            {"kind": words.kinds, "severity": severity, "unit": UNITS},
            lambda row: row.units,
        ),
        table(report, file.key_place("when_short"), file.when_short, {"kind": words.kinds}, lambda row: row.do),
        table(report, file.key_place("refunds"), file.refunds, {"outcome": words.outcomes}, lambda row: row.refund),
        BoardSetting(file.balance_board.kind, file.balance_board.key),
    )
