"""The receipt: a decision told to a person. First in three sentences, then value by value, the clauses at the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

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
from plugin.contract.saying import say, together
from plugin.contract.steps import Moment

LONGEST: Final = 600
"""Characters of one sentence: somebody may have typed a whole log where a version was asked for."""

_STANDS: Final = {
    Eligibility.ELIGIBLE: say("is eligible for support"),
    Eligibility.LIMITED: say("is eligible for support, with a limit"),
    Eligibility.ON_HOLD: say("is on hold until an agent decides"),
    Eligibility.NEEDS_INFORMATION: say("needs information from the customer"),
    Eligibility.NOT_ELIGIBLE: say("is not eligible for support"),
}
_ELIGIBILITY: Final = "eligibility"
_TITLES: Final = {
    "agreement": say("Agreement"),
    "tier": say("Tier"),
    "severity": say("Severity"),
    "eligibility": say("Eligibility"),
    "response due": say("Response due"),
    "credits charged": say("Credits charged"),
    "sessions charged": say("Sessions charged"),
    "patch eligibility": say("Patch eligibility"),
    "priority": say("Priority"),
    "account representative": say("Account representative"),
    "first response": say("First response"),
    "response kept": say("Response kept"),
    "response reminder": say("Response reminder"),
}
_COUNTED: Final = {
    "credits charged": (say("Credits"), "credits left"),
    "sessions charged": (say("Training sessions"), "sessions left"),
}
"""What is left is told beside what is charged, under one title."""
_MOMENTS: Final = ("response due", "first response")
_WORDS: Final = {"eligibility": Eligibility, "patch eligibility": PatchEligibility, "response kept": ResponseKept}
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
        decided=say(
            "Decided {moment} under policy {revision}.",
            moment=Moment(decision.decided_at.astimezone(policy.zone)),
            revision=decision.revision,
        ),
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
        return say("{moment}", moment=Moment(value.astimezone(policy.zone)))
    if name in _WORDS and isinstance(value, str):
        return say("{word}", word=_WORDS[name](value))
    if name == "tier":
        value = next((tier.name for tier in policy.tiers if tier.id == value), value)
    return say("none") if value is None else str(value)


def title(name: str) -> str:
    """What a ruling is called above its findings; `name` is the ruling's."""
    return _TITLES.get(name, name.capitalize())


def one_line(text: str) -> str:
    """The text on one line, cut where nobody would read on; nothing that steers a terminal is left in it."""
    line = "".join(each for each in " ".join(text.split()) if each.isprintable())
    if line == text and len(line) <= LONGEST:
        # It stays what it is, and may be said in other languages.
        return text
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _summary(decision: Decision, policy: Policy) -> tuple[str, ...]:
    return _what(decision, policy), _when_and_cost(decision, policy), _why(decision)


def _what(decision: Decision, policy: Policy) -> str:
    name, tier = _customer(decision), decision.tier.value
    request, stands = decision.request_key or decision.request_id, _STANDS[decision.eligibility.value]
    what = say("{request} {stands}", request=request, stands=stands)
    if name:
        what = say("{what} under the agreement of {customer}", what=what, customer=name)
    if tier:
        what = say("{what} ({tier})", what=what, tier=value_text("tier", tier, policy))
    return one_line(say("{what}, severity {severity}.", what=what, severity=_severity(decision)))


def _when_and_cost(decision: Decision, policy: Policy) -> str:
    due = decision.response_due
    charged = (
        (decision.charge.value, decision.credits_left.value, CREDIT),
        (decision.sessions_charged.value, decision.sessions_left.value, TRAINING),
    )
    first = due.findings[0].sentence
    if due.value is not None:
        first = say("The first response is due {moment}.", moment=Moment(due.value.astimezone(policy.zone)))
    costs = [
        say("It costs {units}; {left} left.", units=units(amount, unit), left=left)
        for amount, left, unit in charged
        if amount
    ]
    return together((first, *(costs or [say("Nothing is charged.")])))


def _why(decision: Decision) -> str:
    because = [_ended(one_line(finding.sentence)) for finding in objections(decision)]
    return together(because) if because else say("All conditions of the support contract are met.")


def _ended(sentence: str) -> str:
    """With a stop at its end: an agent's reason for an override may have none."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else say("{sentence}.", sentence=sentence)


def _severity(decision: Decision) -> str:
    stated, ruled = decision.stated_severity, decision.severity.value
    if stated in (None, ruled):
        return str(ruled)
    return say("{severity} (the customer stated {stated})", severity=ruled, stated=stated)


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
        called, value, findings = title(name), value_text(name, ruling.value, policy), ruling.findings
        if name == "agreement":
            value = _customer(decision) or value
        elif name == "severity":
            value = _severity(decision)
        elif name in _COUNTED:
            called, counted = _COUNTED[name]
            left = every[counted]
            value = say("{charged} charged", charged=value)
            if left.value is not None:
                value = say("{charged}, {left} left", charged=value, left=left.value)
            findings += left.findings
        # What was said of a value before, and is no objection, is not said again.
        fresh = [each for each in findings if each.reason is not None or each.sentence not in said]
        said |= {each.sentence for each in fresh}
        lines = (Line(each.outcome, one_line(each.sentence), grounds(each)) for each in fresh)
        yield Section(name, called, one_line(value), tuple(lines))


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
