"""Agreements, organizations and balances, judged."""

from collections.abc import Sequence
from datetime import date

import pytest

from plugin.contract.decision import Source
from plugin.contract.model import Organization, SupportAgreement, Term
from plugin.doctor.judge import customers
from plugin.doctor.line import Verdict
from plugin.jira.board import BoardKind, BoardSetting
from plugin.jira.errors import JiraGone, JiraRefused

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
TODAY = date(2026, 11, 26)
KNOWN = [Organization("11", "Aurora Robotics"), Organization("12", "Brennhaus Medical")]
PROPERTY = BoardSetting(BoardKind.ORGANIZATION_PROPERTY, "credits")


def agreement(name: str, ids: tuple[str, ...] = (), names: tuple[str, ...] = (), last: int = 2030) -> SupportAgreement:
    terms = (Term(date(2020, 1, 1), date(last, 12, 31)),)
    source = Source(f"agreements/{name}.yaml", 3)
    return SupportAgreement(name, name, terms, (), (), source, organization_ids=ids, organization_names=names)


def test_an_agreement_names_organizations_that_there_are() -> None:
    signed = [
        agreement("Aurora Robotics", ids=("11",)),
        agreement("Brennhaus Medical", names=("brennhaus medical",)),
        agreement("Cobalt Rail"),
        agreement("Delta Foundry", ids=("99",), last=2024),
    ]
    assert [line.verdict for line in customers.agreements(signed, KNOWN, TODAY)] == [OK]
    good, bad = customers.agreements([*signed, agreement("Aurora", names=("Aurora Robotic",))], KNOWN, TODAY)
    assert (good.verdict, bad.verdict) == (OK, WRONG)
    assert "agreements/Aurora.yaml" in str(bad.remedy)
    assert customers.agreements(signed[3:], KNOWN, TODAY)[0].verdict is WARNING


def test_an_organization_without_an_agreement_is_told() -> None:
    assert customers.organizations([agreement("A", ids=("11", "12"))], KNOWN)[0].verdict is OK
    [line] = customers.organizations([agreement("A", ids=("11",))], KNOWN)
    assert (line.verdict, "Brennhaus Medical" in line.sentence) == (WARNING, True)
    assert customers.organizations([], [])[0].verdict is WARNING


@pytest.mark.parametrize(
    ("told", "cloud", "verdict"),
    [
        (["credits"], True, OK),
        ([], True, OK),
        (None, True, UNKNOWN),
        (JiraGone("404"), False, WARNING),
        (JiraGone("404"), True, WRONG),
        (JiraRefused("403"), False, WRONG),
    ],
)
def test_where_balances_are_shown_is_told(
    told: Sequence[str] | JiraRefused | None, cloud: bool, verdict: Verdict
) -> None:
    assert customers.board(PROPERTY, told, cloud)[0].verdict is verdict
    assert customers.board(BoardSetting(BoardKind.NONE, ""), told, cloud)[0].verdict is OK
