"""What another revision of the mapping files would decide otherwise: value by value, with the reason, and in sum."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from plugin.contract.changes import Content
from plugin.contract.decision import Decision, Finding, ResponseKept
from plugin.contract.explain import FOLLOWED, READINGS, as_json, rulings
from plugin.contract.receipt import grounds, one_line, places

REASONS: Final = "reasons"
"""What differs where the eligibility is the same, and what speaks for or against it is not."""

_ELIGIBILITY: Final = "eligibility"
_MOMENTS: Final = ("response due",)
_AMOUNTS: Final = ("credits charged", "sessions charged")
_SEVERITY: Final = "severity"
_KEPT: Final = "response_kept"
_RUNNING: Final = {ResponseKept.OPEN, ResponseKept.OVERDUE}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that would be another. `name` is the ruling's; values are plain data, moments ISO 8601 with offset.

    `why` is what the other value rests on: the sentence, the clause and its place in the mapping files.
    """

    name: str
    before: Any
    after: Any
    why: tuple[str, ...]


def differences(before: Content, after: Decision) -> tuple[Difference, ...]:
    """What is different about a decision since the one before (`explain.as_json`); none where a person sees none.

    A ruling that the one before did not have is not compared. Another balance, sentence or place makes no difference.
    """
    now, old = as_json(after), before["rulings"]
    found = []
    for name, ruling in rulings(after).items():
        key = name.replace(" ", "_")
        value = now["rulings"][key]["value"]
        if key not in READINGS and key in old and old[key]["value"] != value and _is_settled(key, old, value):
            why = _objected(before, after) if name == _ELIGIBILITY else (because(ruling.findings[0]),)
            found.append(Difference(name, old[key]["value"], value, why))
    were, are = (tuple(_reasons(each)) for each in (before, now))
    if set(were) != set(are) and all(each.name != _ELIGIBILITY for each in found):
        found.append(Difference(REASONS, ", ".join(were) or None, ", ".join(are) or None, _objected(before, after)))
    return tuple(found)


def _is_settled(key: str, before: Content, after: Any) -> bool:
    """How it went on with a request is no difference while only time goes by: but that a response was in time is."""
    return key not in FOLLOWED or (key == _KEPT and not {before[key]["value"], after} & _RUNNING)


def sums(found: Iterable[Difference]) -> dict[str, Counter[str]]:
    """How often which value would be otherwise, and how: `response due`, `earlier`, 3. In the order of first sight."""
    counted: dict[str, Counter[str]] = {}
    for each in found:
        counted.setdefault(each.name, Counter())[_how(each)] += 1
    return counted


def more_charged(found: Iterable[Difference], name: str) -> int:
    """By how many units more is charged in all, negative where it is less; 0 for what is no charge."""
    return sum(each.after - each.before for each in found if each.name == name and name in _AMOUNTS)


def _how(difference: Difference) -> str:
    name, before, after = difference.name, difference.before, difference.after
    if name == REASONS:
        return "others"
    if name in _MOMENTS:
        if before is None or after is None:
            return "none any more" if after is None else "set for the first time"
        return "earlier" if datetime.fromisoformat(after) < datetime.fromisoformat(before) else "later"
    if name in _AMOUNTS:
        return "more" if after > before else "fewer"
    if name == _SEVERITY:
        return "graver" if after < before else "less grave"
    return f"{_said(after)} instead of {_said(before)}"


def _said(value: Any) -> str:
    return "none" if value is None else str(value)


def _reasons(content: Content) -> Iterator[str]:
    yield from (each["reason"] for each in content["rulings"][_ELIGIBILITY]["findings"] if each["reason"])


def _objected(before: Content, after: Decision) -> tuple[str, ...]:
    """What speaks for or against it now and did not; else what does not any more; else what has other consequences."""
    were, are = set(_reasons(before)), {finding.reason for finding in after.reasons}
    come = tuple(because(finding) for finding in after.reasons if finding.reason not in were)
    gone = tuple(
        one_line(f"No longer: {each['sentence']}")
        for each in before["rulings"][_ELIGIBILITY]["findings"]
        if each["reason"] and each["reason"] not in are
    )
    return come or gone or tuple(map(because, after.reasons))


def because(finding: Finding) -> str:
    """What a value rests on: the sentence, the clause and its place in the mapping files."""
    return f"{one_line(finding.sentence)} [{places(grounds(finding))}]"
