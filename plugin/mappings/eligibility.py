"""`eligibility.yaml`: the clause of each rule, and what follows from each reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from plugin.contract.decision import Citation, Eligibility, Reason
from plugin.contract.policy import Table, Verdict
from plugin.contract.rules import (
    account_representative,
    agreement_in_force,
    answer,
    appointment,
    covered_product,
    credits,
    free_license,
    modification,
    named_contact,
    override,
    patch_eligibility,
    platform,
    priority,
    response_due,
    service,
    severity,
    supported_version,
    third_party,
    tier,
)
from plugin.mappings.problem import Report
from plugin.mappings.reads import member_of, one_word_of
from plugin.mappings.shape import Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Clause, YesNo, any_or
from plugin.mappings.words import REASONS

FILE = "eligibility.yaml"
RULES: Final = tuple(
    module.RULE
    for module in (
        agreement_in_force,
        free_license,
        named_contact,
        covered_product,
        supported_version,
        platform,
        third_party,
        modification,
        answer,
        override,
        service,
        tier,
        severity,
        response_due,
        appointment,
        patch_eligibility,
        priority,
        account_representative,
        credits,
    )
)
"""Every rule that cites its own row."""


class RuleShape(Shape):
    """The clause that a rule carries out."""

    rule: Annotated[str, one_word_of(RULES)]
    cites: Clause


class VerdictShape(RowShape):
    """What follows from a reason, and whether the customer is told."""

    reason: Annotated[str, any_or(Reason)]
    eligibility: Annotated[Eligibility, member_of(Eligibility)]
    """What follows; the worst of all reasons counts."""
    reply: YesNo
    """Is the customer told?"""


class ReceiptsShape(Shape):
    """Who gets the whole explanation of a decision as a comment, where all is well too."""

    agent: YesNo = True
    """The agent, as an internal note: once a decision, with what changed since the last."""


class EligibilityFile(Shape):
    """What each rule rests on, and what follows when one of them stands in the way."""

    rules: Rows[RuleShape]
    """The clause that each rule carries out; findings cite it."""
    verdicts: Rows[VerdictShape]
    """What follows from each reason."""
    receipts: ReceiptsShape = ReceiptsShape()
    """Who gets the explanation of every decision."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """Who gets the explanation of a decision: the agent, as an internal note."""

    agent: bool


@dataclass(frozen=True, slots=True)
class EligibilityPart:
    """What the file gives the policy, and who gets receipts."""

    rules: Mapping[str, Citation]
    verdicts: Table[Verdict]
    receipts: Receipts


def eligibility(file: EligibilityFile, report: Report) -> EligibilityPart:
    """Build the policy's part, and check it."""
    rules: dict[str, Citation] = {}
    for row in file.rules:
        if row.rule in rules:
            said = f"rule {row.rule} is already in line {rules[row.rule].source.line}; remove one"
            report.problem(row.place("rule"), said)
        else:
            rules[row.rule] = Citation(row.cites, row.place().source)
    for name in RULES:
        if name not in rules:
            report.problem(file.key_place("rules"), f"rule {name} is missing; expected a row with its clause")
    verdicts = table(
        report,
        file.key_place("verdicts"),
        file.verdicts,
        {"reason": REASONS},
        lambda row: Verdict(row.eligibility, row.reply),
    )
    return EligibilityPart(MappingProxyType(rules), verdicts, Receipts(file.receipts.agent))
