"""C30: how a fault would be fixed."""

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Outcome, PatchEligibility, Ruling
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, entitlement, policy, request, table

PATCH, NEXT = PatchEligibility.PATCH, PatchEligibility.NEXT_MAINTENANCE_RELEASE
SCHEDULED, NONE = PatchEligibility.SCHEDULED, PatchEligibility.NOT_APPLICABLE


def ruled(version: str | None, impact: str | None = "down", kind: str = "fault") -> Ruling[PatchEligibility]:
    asked = request(version, kind=kind, environment="production", impact=impact)
    return decide(asked, agreement(), POLICY, NOON).patch_eligibility


@pytest.mark.parametrize("version", ["25.1", "24.2"])
@pytest.mark.parametrize(
    ("impact", "fix"), [("down", PATCH), ("impaired", PATCH), ("minor", SCHEDULED), (None, SCHEDULED)]
)
def test_the_current_and_one_prior_version_are_patched_for_critical_faults_only(
    version: str, impact: str | None, fix: PatchEligibility
) -> None:
    ruling = ruled(version, impact)

    assert (ruling.value, ruling.findings[0].outcome) == (fix, Outcome.MET)
    assert " on a supported release: " in ruling.findings[0].sentence


@pytest.mark.parametrize(("impact", "fix"), [("down", NEXT), ("impaired", NEXT), ("minor", SCHEDULED)])
def test_on_an_older_version_critical_faults_are_fixed_in_the_next_maintenance_release(
    impact: str, fix: PatchEligibility
) -> None:
    ruling = ruled("24.1", impact)

    assert (ruling.value, ruling.findings[0].outcome) == (fix, Outcome.LIMITED)


@pytest.mark.parametrize("version", [None, "latest", "99.1", "25.1 or 24.1"])
def test_while_the_version_is_not_known_no_patch_is_promised_and_the_finding_says_that_it_is_open(
    version: str | None,
) -> None:
    ruling = ruled(version)

    assert (ruling.value, ruling.findings[0].outcome) == (NEXT, Outcome.UNKNOWN)
    assert ruling.findings[0].sentence == (
        "Severity 1 on no release that is known to be supported: next maintenance release."
    )


@pytest.mark.parametrize("kind", ["question", "installation", "remote_session", "training", "enhancement"])
def test_only_faults_are_fixed(kind: str) -> None:
    ruling = ruled("25.1", kind=kind)

    assert (ruling.value, ruling.findings[0].sentence) == (NONE, f"A request of kind {kind} needs no fix.")
    assert [str(each) for each in ruling.findings[0].cites][1:] == ["C30, releases.yaml:6"]


def test_without_a_paid_entitlement_no_fix_is_promised() -> None:
    asked = request("25.1", kind="fault", environment="production", impact="down")
    for signed in (agreement(entitlement(free=True)), agreement(terms=["2025"])):
        ruling = decide(asked, signed, POLICY, NOON).patch_eligibility
        assert (ruling.value, ruling.findings[0].outcome) == (NONE, Outcome.NOT_MET)
        assert ruling.findings[0].sentence == "Without a paid entitlement in force no fix is promised."


def test_who_may_not_ask_does_not_change_how_the_fault_would_be_fixed() -> None:
    asked = request("25.1", kind="fault", environment="production", impact="down", raised_by=JONAS)

    assert decide(asked, agreement(), POLICY, NOON).patch_eligibility.value is PATCH


def test_the_row_that_decided_is_cited() -> None:
    assert [str(each) for each in ruled("25.1", "impaired").findings[0].cites][1:] == ["C30, releases.yaml:2"]


def test_a_table_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    partly = policy(fixes=table("C30", "releases.yaml", ({"kind": "fault", "severity": ANY, "line": ANY}, PATCH)))

    with pytest.raises(LookupError, match="no row of the fixes fits kind question, severity 3, line supported"):
        decide(request(), agreement(), partly, NOON)
