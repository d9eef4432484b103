"""The receipt: a decision told to a person. First in three sentences, then value by value, the clauses at the end."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from plugin.contract.decision import (
    Citation,
    Decision,
    Eligibility,
    Finding,
    Outcome,
    PatchEligibility,
    ResponseKept,
    Ruling,
)
from plugin.contract.explain import as_json, objections, rulings
from plugin.contract.grants import CREDIT, TRAINING
from plugin.contract.policy import Clause, Policy
from plugin.contract.rules.credits import units
from plugin.contract.rules.override import stands
from plugin.contract.steps import moment_text

LONGEST: Final = 600
"""Characters of one sentence: somebody may have typed a whole log where a version was asked for."""

MARKS: Final = {Outcome.MET: "+", Outcome.LIMITED: "!", Outcome.UNKNOWN: "?", Outcome.NOT_MET: "-"}

_STANDS: Final = {
    Eligibility.ELIGIBLE: "is eligible for support",
    Eligibility.LIMITED: "is eligible for support, with a limit",
    Eligibility.ON_HOLD: "is on hold until an agent decides",
    Eligibility.NEEDS_INFORMATION: "needs information from the customer",
    Eligibility.NOT_ELIGIBLE: "is not eligible for support",
}
_ELIGIBILITY: Final = "eligibility"
_COUNTED: Final = {
    "credits charged": ("Credits", "credits left"),
    "sessions charged": ("Training sessions", "sessions left"),
}
"""What is left is told beside what is charged, under one title."""
_MOMENTS: Final = ("response due", "first response")
_SILENT: Final = {
    "sessions charged": (0,),
    "patch eligibility": (PatchEligibility.NOT_APPLICABLE,),
    "priority": (None,),
    "account representative": (None,),
    "first response": (None,),
    "response kept": (ResponseKept.OPEN, ResponseKept.NOT_APPLICABLE),
    "response reminder": (None,),
}
"""Values that are not worth a word while nothing stands against them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: how it turned out, its sentence on one line, and what it rests on."""

    outcome: Outcome
    text: str
    rests_on: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One value of the decision in words, and how it came about."""

    name: str
    title: str
    value: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decision told to a person, without markup.

    `summary` is what was decided, until when and at what cost, and why, each on a line. `clauses` are those that the
    values and the objections rest on; a check that went well is told, but its clause is not quoted.
    """

    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    clauses: tuple[tuple[str, Clause], ...]
    decided: str


def receipt(decision: Decision, policy: Policy) -> Receipt:
    """Tell a decision in the words of the policy that it was made by. Moments are said in the vendor's zone."""
    sections = tuple(_sections(decision, policy))
    return Receipt(
        summary=_summary(decision, policy),
        sections=sections,
        clauses=tuple(_quoted(sections, policy)),
        decided=f"Decided {moment_text(decision.decided_at.astimezone(policy.zone))} under policy {decision.revision}.",
    )


def receipt_data(decision: Decision, policy: Policy) -> dict[str, Any]:
    """The decision as JSON (`explain.as_json`), the summary and every clause that is cited beside it.

    `receipt_schema.py` is its description.
    """
    cited = {cite.clause for ruling in rulings(decision).values() for each in ruling.findings for cite in each.cites}
    return {
        **as_json(decision),
        "summary": list(_summary(decision, policy)),
        "clauses": {
            name: {"title": clause.title, "says": clause.says}
            for name, clause in policy.clauses.items()
            if name in cited
        },
    }


def value_text(name: str, value: object, policy: Policy) -> str:
    """A ruling's value as a person reads it: a tier by its name, a moment with weekday and zone, nothing as `none`.

    `name` is the ruling's. A moment or a person may also be what JSON made of it.
    """
    if name in _MOMENTS and isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, dict):
        value = value.get("name", value.get("point"))
    if isinstance(value, datetime):
        return moment_text(value.astimezone(policy.zone))
    if name == "tier":
        value = next((tier.name for tier in policy.tiers if tier.id == value), value)
    return "none" if value is None else str(value)


def one_line(text: str) -> str:
    """The text on one line, cut where nobody would read on; nothing that steers a terminal is left in it."""
    line = "".join(each for each in " ".join(text.split()) if each.isprintable())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _summary(decision: Decision, policy: Policy) -> tuple[str, ...]:
    return _what(decision, policy), _when_and_cost(decision, policy), _why(decision)


def _what(decision: Decision, policy: Policy) -> str:
    name, tier = _customer(decision), decision.tier.value
    under = f" under the agreement of {name}" if name else ""
    level = f" ({value_text('tier', tier, policy)})" if tier else ""
    what = f"{decision.request_key or decision.request_id} {_STANDS[decision.eligibility.value]}"
    return one_line(f"{what}{under}{level}, severity {_severity(decision)}.")


def _when_and_cost(decision: Decision, policy: Policy) -> str:
    due = decision.response_due
    charged = (
        (decision.charge.value, decision.credits_left.value, CREDIT),
        (decision.sessions_charged.value, decision.sessions_left.value, TRAINING),
    )
    first = due.findings[0].sentence
    if due.value is not None:
        first = f"The first response is due {moment_text(due.value.astimezone(policy.zone))}."
    costs = [f"It costs {units(amount, unit)}; {left} left." for amount, left, unit in charged if amount]
    return " ".join((first, *(costs or ["Nothing is charged."])))


def _why(decision: Decision) -> str:
    because = [_ended(one_line(finding.sentence)) for finding in objections(decision)]
    return " ".join(because) or "All conditions of the support contract are met."


def _ended(sentence: str) -> str:
    """With a stop at its end: an agent's reason for an override may have none."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _severity(decision: Decision) -> str:
    stated, ruled = decision.stated_severity, decision.severity.value
    return str(ruled) if stated in (None, ruled) else f"{ruled} (the customer stated {stated})"


def _customer(decision: Decision) -> str | None:
    """The customer's name; None where no agreement applies."""
    return decision.customer.findings[0].facts.get("customer")


def _sections(decision: Decision, policy: Policy) -> Iterator[Section]:
    every, said = rulings(decision), set[str]()
    beside = {left for _, left in _COUNTED.values()}
    # Whoever overruled the rules is heard first.
    first = _ELIGIBILITY if stands(decision.eligibility.findings) else None
    for name in sorted(every, key=lambda name: name != first):
        ruling = every[name]
        if name in beside or _silent(name, ruling):
            continue
        title, value, findings = name.capitalize(), value_text(name, ruling.value, policy), ruling.findings
        if name == "agreement":
            value = _customer(decision) or value
        elif name == "severity":
            value = _severity(decision)
        elif name in _COUNTED:
            title, counted = _COUNTED[name]
            left = every[counted]
            value += " charged" + ("" if left.value is None else f", {left.value} left")
            findings += left.findings
        # What was said of a value before, and is no objection, is not said again.
        fresh = [each for each in findings if each.reason is not None or each.sentence not in said]
        said |= {each.sentence for each in fresh}
        lines = (Line(each.outcome, one_line(each.sentence), grounds(each)) for each in fresh)
        yield Section(name, title, one_line(value), tuple(lines))


def _silent(name: str, ruling: Ruling[Any]) -> bool:
    well = all(finding.outcome is Outcome.MET for finding in ruling.findings)
    return ruling.value in _SILENT.get(name, ()) and well


def grounds(finding: Finding) -> tuple[Citation, ...]:
    """The values that were used; where there were none, or something stands in the way, the rule's own row as well."""
    rule, *used = finding.cites
    return (*used, rule) if finding.outcome is not Outcome.MET or not used else tuple(used)


def _quoted(sections: Iterable[Section], policy: Policy) -> Iterator[tuple[str, Clause]]:
    """The clauses, in their order."""
    cited = {
        citation.clause
        for section in sections
        for line in section.lines
        if section.name != _ELIGIBILITY or line.outcome is not Outcome.MET
        for citation in line.rests_on
    }
    for clause in sorted(cited & policy.clauses.keys(), key=lambda clause: (len(clause), clause)):
        yield clause, policy.clauses[clause]


def places(rests_on: Iterable[Citation]) -> str:
    """What a line rests on, each clause once: `C2 tiers.yaml:12, coverage.yaml:25; C3 coverage.yaml:30`."""
    by_clause: dict[str, list[str]] = {}
    for citation in rests_on:
        by_clause.setdefault(citation.clause, []).append(str(citation.source))
    return "; ".join(f"{clause} {', '.join(dict.fromkeys(sources))}" for clause, sources in by_clause.items())


def as_text(told: Receipt, width: int | None = None) -> str:
    """The receipt for a terminal, wrapped to `width` columns where one is given."""
    return "\n".join(_wrapped(each, width) for each in _paragraphs(told))


class _Paragraph(NamedTuple):
    """A text, what its first line begins with, and what the others do."""

    text: str = ""
    first: str = ""
    others: str = ""


def _paragraphs(told: Receipt) -> Iterator[_Paragraph]:
    yield from map(_Paragraph, told.summary)
    for section in told.sections:
        yield _Paragraph()
        yield _Paragraph(f"{section.title}: {section.value}", others="  ")
        for line in section.lines:
            # A line ends between two clauses, never between a clause and its places.
            rests_on = places(line.rests_on).replace(" ", _KEPT_TOGETHER).replace(f";{_KEPT_TOGETHER}", "; ")
            yield _Paragraph(f"{line.text} [{rests_on}]", f"  {MARKS[line.outcome]} ", "    ")
    if told.clauses:
        yield _Paragraph()
        yield _Paragraph("What the contract says")
    for name, clause in told.clauses:
        yield _Paragraph(f"{clause.title}. {clause.says}", f"  {name:<3} ", "      ")
    yield _Paragraph()
    yield _Paragraph(told.decided)
    yield _Paragraph("+ met, ! limited, ? unknown, - not met")


def _wrapped(paragraph: _Paragraph, width: int | None) -> str:
    text, first, others = paragraph
    lines = [f"{first}{text}"]
    if width is not None and text:
        lines = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return "\n".join(lines).replace(_KEPT_TOGETHER, " ")


_KEPT_TOGETHER: Final = "\N{NO-BREAK SPACE}"
