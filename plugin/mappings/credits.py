"""`credits.yaml`: what is granted, what a request costs, what happens when credits are short (C9)."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from plugin.contract.policy import CarryOver, Shortage
from plugin.contract.tables import Table
from plugin.jira.board import BoardKind, BoardSetting
from plugin.mappings.problem import Report
from plugin.mappings.reads import member_of
from plugin.mappings.references import AnyKind, AnyOutcome, AnySeverity, AnyTier
from plugin.mappings.shape import DatedShape, Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Id, LeftOver, Months, Number, Text, YesNo, any_or
from plugin.mappings.words import UNITS, Names, Words, names_in

FILE = "credits.yaml"
Unit = Annotated[str, any_or(UNITS.ids)]


class GrantShape(DatedShape):
    """How many units a licence brings at the start of each agreement year."""

    tier: AnyTier
    unit: Unit
    per_license: Number
    """How many for each developer licence."""


class CarryOverShape(DatedShape):
    """What of the units left at the end of an agreement year can be used for some months more."""

    tier: AnyTier
    unit: Unit
    what: LeftOver
    """none (it expires), all, or at most so many."""
    months: Months | None = Field(None, alias="for")
    """How long it can still be used."""


class CostShape(RowShape):
    """What a request of this kind and severity costs, in one of the units."""

    kind: AnyKind
    severity: AnySeverity
    unit: Unit
    units: Number
    """Whole units; a request can cost some of each unit."""


class ShortageShape(RowShape):
    """What to do with a request that costs more than is left."""

    kind: AnyKind
    do: Annotated[Shortage, member_of(Shortage)]
    """accept_and_flag: helped all the same, nothing charged; hold: until an agent decides; refuse: not eligible."""


class RefundShape(RowShape):
    """Whether a request that ended like this costs nothing after all."""

    outcome: AnyOutcome
    """One of outcomes, or any."""
    refund: YesNo
    """Does it cost nothing after all?"""


class BoardShape(Shape):
    """Where Jira shows a customer's balance."""

    kind: Annotated[BoardKind, member_of(BoardKind)]
    key: Text
    """The name of the property."""


class CreditsFile(Shape):
    """Support credits and training sessions: what is granted, what a request costs, and what if there are too few."""

    grants: Rows[GrantShape]
    """What is granted at the start of each agreement year; it expires at its end."""
    carry_over: Rows[CarryOverShape]
    """What of the units left at the end of an agreement year can be used for some months more."""
    costs: Rows[CostShape]
    """What one request costs. The first row that fits wins."""
    when_short: Rows[ShortageShape]
    """What to do when a request costs more than is left."""
    outcomes: Rows[Id]
    """How a request can end; fields.yaml says which Jira resolution is which."""
    refunds: Rows[RefundShape]
    """Whether a request that ended like this costs nothing after all."""
    balance_board: BoardShape

    def outcome_names(self, report: Report) -> Names:
        """The ways in which a request can end that matter to credits."""
        return names_in(report, "outcome", self, "outcomes")


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
