"""The customer's answers, typed into the request where they answer what it leaves open.

The field comes first: an answer counts only if it is newer than the field's last change, and only while the field, or
the answer that counted before, is in question. So a request that is helped with is never refused for what its customer
says later on ("25.1", to an agent who asked with which version it last worked).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from plugin.contract.answers import Statement, statement
from plugin.contract.case import Case, Heard, case_of
from plugin.contract.decision import Finding
from plugin.contract.model import Answer, NoAgreement, SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from plugin.contract.versions import read_version

Questions = Mapping[str, Callable[[Case], tuple[Finding, ...]]]
"""For each word that an answer can give, the check that asks for it. A word comes after those it depends on."""


def telling(answers: Iterable[Answer], policy: Policy) -> tuple[Answer, ...]:
    """The answers that say something plainly; what else was written is nobody's business to keep."""
    said = ((each, statement(each.text, policy)) for each in answers)
    return tuple(each for each, stated in said if stated.product or stated.version or stated.platform)


def heard(
    request: SupportRequest,
    agreement: SupportAgreement | NoAgreement | None,
    policy: Policy,
    now: datetime,
    questions: Questions,
) -> Case:
    """The case with every answer that counts. `now` is the aware moment of the decision."""
    case = case_of(request, agreement, policy, now)
    said = [(each, statement(each.text, policy)) for each in sorted(request.answers, key=lambda each: each.said_at)]
    for word, check in questions.items():
        for answer, stated in said:
            value = _told(stated, word, case)
            if value is None or any(each.word == word and answer.said_at <= each.at for each in request.changed):
                continue
            if any(finding.reason for finding in check(case)):
                amended = max(answer.said_at, case.request.amended or answer.said_at)
                typed = replace(_typed(case.request, word, value), amended=amended)
                others = tuple(each for each in case.heard if each.word != word)
                counts = Heard(word, value, _field(request, word), answer.said_at)
                case = replace(case_of(typed, agreement, policy, now), heard=(*others, counts))
    return case


def _told(stated: Statement, word: str, case: Case) -> str | None:
    """What the answer says of the word, unless that is what the request says already, or it is of another product."""
    before = _field(case.request, word) or ""
    if word == "product":
        return stated.product if stated.product and stated.product.casefold() != before.casefold() else None
    if case.product and stated.about not in ((), (case.product.name,)):
        return None
    if word == "platform":
        return stated.platform if stated.platform and stated.platform.casefold() != before.casefold() else None
    said, field = read_version(stated.version or ""), read_version(before)
    return stated.version if (said.versions, said.prerelease) != (field.versions, field.prerelease) else None


def _field(request: SupportRequest, word: str) -> str | None:
    return {"product": request.product, "version": request.version, "platform": request.platform}[word]


def _typed(request: SupportRequest, word: str, value: str) -> SupportRequest:
    match word:
        case "product":
            return replace(request, product=value)
        case "version":
            return replace(request, version=value)
        case _:
            return replace(request, platform=value)
