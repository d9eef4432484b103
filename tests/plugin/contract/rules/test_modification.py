"""C27: modifications need to be authorized in writing."""

import pytest

from plugin.contract.case import case_of
from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Finding, Outcome, Reason, Source
from plugin.contract.model import AuthorizedModification, SupportAgreement
from plugin.contract.rules.modification import modification
from tests.plugin.contract.builders import NOON, POLICY, agreement, at, case, on, request


def authorized(*days: str) -> SupportAgreement:
    source = Source("agreements/aurora.yaml", 30)
    return agreement(
        modifications=[AuthorizedModification(on(day), "a plug-in for the test bench", source) for day in days]
    )


def judged(modified: bool | None, signed: SupportAgreement | None = None, now: str = "2026-11-23 12:00") -> Finding:
    (finding,) = modification(case(request(modified=modified), signed, now=at(now)))
    return finding


def test_a_modification_that_nobody_authorized_is_refused_with_its_reason() -> None:
    finding = judged(True)

    assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, Reason.MODIFICATION)
    assert [str(each) for each in finding.cites][1:] == ["C27, agreements/aurora.yaml:1"]
    decision = decide(request(modified=True), agreement(), POLICY, NOON)
    assert (decision.eligibility.value, decision.charge.value) == (Eligibility.NOT_ELIGIBLE, 0)


@pytest.mark.parametrize(
    ("modified", "sentence"),
    [
        (False, "The software was not modified by the customer."),
        (None, "The request does not say whether the software was modified; that does not stand in the way."),
    ],
)
def test_software_that_was_not_modified_or_not_said_to_be_is_no_objection(modified: bool | None, sentence: str) -> None:
    finding = judged(modified)

    assert (finding.outcome, finding.reason, finding.sentence) == (Outcome.MET, None, sentence)


def test_an_authorized_modification_is_met_and_says_what_was_authorized_and_when() -> None:
    finding = judged(True, authorized("2026-03-01"))

    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert finding.sentence == (
        "The software was modified; authorized in writing: a plug-in for the test bench (2026-03-01)."
    )
    assert [str(each) for each in finding.cites][1:] == ["C27, agreements/aurora.yaml:30"]
    twice = judged(True, authorized("2026-03-01", "2026-04-01"))
    assert "test bench (2026-03-01); a plug-in for the test bench (2026-04-01)." in twice.sentence


def test_an_authorization_given_because_we_asked_for_it_helps_the_same_request_from_its_day_on() -> None:
    signed = authorized("2026-11-25")

    assert judged(True, signed, now="2026-11-24 12:00").reason is Reason.MODIFICATION
    assert judged(True, signed, now="2026-11-25 00:00").reason is None


def test_without_an_agreement_a_modification_is_refused_all_the_same() -> None:
    (finding,) = modification(case_of(request(modified=True), None, POLICY, NOON))

    assert finding.reason is Reason.MODIFICATION
    assert len(finding.cites) == 1
