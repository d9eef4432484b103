"""`eligibility.yaml`: the clause of each rule, and what follows from each reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from plugin.contract.decision import Citation, Eligibility, Reason, Source
from plugin.contract.policy import Mode, Verdict
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
    reminder,
    response_due,
    response_kept,
    service,
    severity,
    supported_version,
    third_party,
    tier,
)
from plugin.contract.tables import Table
from plugin.mappings.problem import Report
from plugin.mappings.reads import Reads, member_of, one_word_of
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
        response_kept,
        reminder,
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
    """What follows from a reason, whether the customer is told, and whether the plugin itself says it or an agent."""

    reason: Annotated[str, any_or(Reason)]
    eligibility: Annotated[Eligibility, member_of(Eligibility)]
    """What follows; the worst of all reasons counts."""
    reply: YesNo
    """Is the customer told?"""
    mode: Annotated[Mode, member_of(Mode)] = Mode.SEND
    """How: send, or draft for an agent, who sends it. With reply: yes only."""

    def verdict(self, report: Report) -> Verdict:
        """What the row says; it is a problem to say how the customer is told where they are not."""
        if "mode" in self.model_fields_set and not self.reply:
            sentence = "mode: with reply: no there is nothing to send or draft; remove it, or set reply: yes"
            report.problem(self.key_place("mode"), sentence)
        return Verdict(self.eligibility, self.reply, self.mode)


_NO: Final = "no"
_send_draft_or_no = one_word_of((_NO, *Mode))
_ModeOrNo = Annotated[
    Mode | None,
    Reads(
        _send_draft_or_no.expected,
        lambda text: None if _send_draft_or_no.parse(text) == _NO else Mode(text),
        words=_send_draft_or_no.words,
    ),
]


class ReceiptsShape(Shape):
    """Who gets a receipt as a comment, where all is well too."""

    agent: YesNo = True
    """The agent, as an internal note with the whole explanation: once a decision, with what changed since the last."""
    customer: _ModeOrNo = None
    """The customer, once their request is taken up: until when they hear from us, what it costs. By mode, or no."""


class EligibilityFile(Shape):
    """What each rule rests on, and what follows when one of them stands in the way."""

    rules: Rows[RuleShape]
    """The clause that each rule carries out; findings cite it."""
    verdicts: Rows[VerdictShape]
    """What follows from each reason."""
    receipts: ReceiptsShape = ReceiptsShape()
    """Who gets a receipt of a decision."""


_WHOLE_FILE: Final = Source(FILE, 1)


@dataclass(frozen=True, slots=True)
class Receipts:
    """Who gets a receipt of a decision: the agent, as an internal note; the customer, None where they do not.

    `source` is the place that says so of the customer.
    """

    agent: bool
    customer: Mode | None = None
    source: Source = _WHOLE_FILE


@dataclass(frozen=True, slots=True)
class EligibilityPart:
    """What the file gives the policy, and who gets receipts."""

    rules: Mapping[str, Citation]
    verdicts: Table[Verdict]
    receipts: Receipts


def eligibility(file: EligibilityFile, report: Report) -> EligibilityPart:
    """Build what the file gives, and check it."""
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
        lambda row: row.verdict(report),
    )
    receipts = Receipts(file.receipts.agent, file.receipts.customer, file.receipts.place("customer").source)
    return EligibilityPart(MappingProxyType(rules), verdicts, receipts)
