"""C11: the technical account representative."""

from dataclasses import replace

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import AccountRepresentative, Outcome, Ruling, Source
from plugin.contract.model import SupportAgreement
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, entitlement, policy, request, table

NORA = AccountRepresentative("Nora Quist", "712020:nora", Source("agreements/aurora.yaml", 25))


def named(*tiers: str, free: bool = False, terms: tuple[str, ...] = ("2026",)) -> SupportAgreement:
    bought = (entitlement(tier, free=free) for tier in tiers or ("premium",))
    return replace(agreement(*bought, terms=terms), account_representative=NORA)


def ruled(signed: SupportAgreement) -> Ruling[AccountRepresentative | None]:
    return decide(request(), signed, POLICY, NOON).account_representative


def test_premium_has_the_one_whom_the_agreement_names() -> None:
    ruling = ruled(named())

    assert ruling.value == NORA
    assert ruling.findings[0].sentence == "Nora Quist is the technical account representative of Aurora Robotics."
    assert [str(each) for each in ruling.findings[0].cites][1:] == [
        "C11, tiers.yaml:1",
        "C11, agreements/aurora.yaml:25",
    ]


@pytest.mark.parametrize("tier", ["advanced", "basic"])
def test_no_other_tier_has_one_whomever_the_agreement_names(tier: str) -> None:
    ruling = ruled(named(tier))

    assert (ruling.value, ruling.findings[0].outcome) == (None, Outcome.MET)
    assert "does not include a technical account representative" in ruling.findings[0].sentence
    assert [str(each) for each in ruling.findings[0].cites][1:] == ["C11, tiers.yaml:2"]


def test_where_none_is_named_it_says_in_which_file_to_name_one() -> None:
    ruling = ruled(agreement())

    assert (ruling.value, ruling.findings[0].outcome) == (None, Outcome.UNKNOWN)
    assert ruling.findings[0].sentence.endswith("names none: name one in agreements/aurora.yaml.")
    assert [str(each) for each in ruling.findings[0].cites][1:] == [
        "C11, tiers.yaml:1",
        "C11, agreements/aurora.yaml:1",
    ]


@pytest.mark.parametrize("signed", [named(free=True), named(terms=("2025",))])
def test_without_a_paid_entitlement_in_force_there_is_none(signed: SupportAgreement) -> None:
    ruling = ruled(signed)

    assert (ruling.value, ruling.findings[0].outcome) == (None, Outcome.NOT_MET)
    assert ruling.findings[0].sentence == "Without a tier there is no technical account representative."


def test_a_request_that_is_refused_has_its_representative_all_the_same() -> None:
    decided = decide(request(None, raised_by=JONAS), named(), POLICY, NOON)

    assert (decided.eligibility.value.waits, decided.account_representative.value) == (True, NORA)


def test_a_table_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    partly = policy(representatives=table("C11", "tiers.yaml", ({"tier": "basic"}, False)))

    with pytest.raises(LookupError, match="no row of the account representatives fits tier premium"):
        decide(request(), named(), partly, NOON)
