"""The names of templates are what the rules tell: nothing that no rule tells, nothing left out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given

from plugin.contract.decide import decide
from plugin.contract.decision import Decision, Finding, Reason
from plugin.contract.model import NoAgreement
from plugin.contract.policy import Inclusion, Service, Shortage
from plugin.mappings.reply_names import BODY, NAMES, OF_REASON, names_of, samples_of
from tests.plugin.contract.builders import (
    ANY,
    JONAS,
    NOON,
    POLICY,
    WITH_TRAINING,
    agreement,
    always,
    contact,
    entitlement,
    request,
    table,
)
from tests.plugin.contract.test_decide_laws import Given, cases


def _decisions() -> Iterator[Decision]:
    """At least one decision for each reason, with all that its finding can tell."""
    lines = ("2.9", None, "latest", "23.7", "99.1", "25.2-beta")
    asked = [*(request(each) for each in lines), request(raised="2025-11-23 09:00"), request(raised="2027-11-23 09:00")]
    asked += [request(product=None), request(product="Toaster"), request(product="ALM", version="2.4")]
    asked += [request(platform="OS/2"), request(third_party="Selenium, Appium"), request(modified=True)]
    asked += [request(kind="fault", stated_severity=1), request(kind="installation")]
    for each in asked:
        yield decide(each, agreement(entitlement(), entitlement("basic", product="spare")), POLICY, NOON)
    yield decide(request(product=None), agreement(entitlement(), entitlement(product="expecco-alm")), POLICY, NOON)
    full = [contact(f"Contact {number}", (f"acc-{number}",), ()) for number in range(5)]
    yield decide(request(raised_by=JONAS), agreement(contacts=full), POLICY, NOON)
    yield decide(request(), agreement(entitlement(free=True)), POLICY, NOON)
    yield decide(request(), NoAgreement(), POLICY, NOON)
    yield decide(request(), NoAgreement(("Aurora", "Birch")), POLICY, NOON)
    yield decide(request(kind="remote_session"), agreement(entitlement("basic")), POLICY, NOON)
    yield decide(request(kind="training"), agreement(entitlement("basic")), POLICY, NOON)
    open_to_all = table("C7", "tiers.yaml", ({"tier": ANY, "kind": ANY}, Service(Inclusion.YES, None)))
    for mode in Shortage:
        under = replace(WITH_TRAINING, shortage=always(mode), services=open_to_all)
        for kind in ("fault", "training"):
            yield decide(request(kind=kind), agreement(entitlement("basic")), under, NOON)


def _told(findings: Iterator[Finding]) -> dict[Reason, set[str]]:
    told: dict[Reason, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.reason is not None:
            told[finding.reason] |= {name for name, fact in finding.facts.items() if fact} - {"person"}
    return told


def test_every_name_of_a_reason_is_told_by_its_rule_and_everything_that_it_tells_has_a_name() -> None:
    told = _told(finding for decision in _decisions() for finding in decision.eligibility.findings)
    assert told == {reason: set(names) for reason, names in OF_REASON.items()}


@given(cases())
def test_whatever_a_rule_tells_has_a_name_that_can_read_it(given_: Given) -> None:
    for finding in decide(*given_).reasons:
        assert finding.reason is not None
        for name, fact in finding.facts.items():
            assert not fact or (name in names_of(finding.reason) and NAMES[name].read(fact) not in ("", ()))


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_values_to_try_its_template_with(reason: Reason) -> None:
    samples = samples_of(reason)
    assert tuple(samples) == names_of(reason)
    assert all(value not in ("", ()) for values in samples.values() for value in values)


@pytest.mark.parametrize("letter", BODY)
def test_the_body_of_a_letter_is_a_name_of_it_that_is_tried_apart(letter: str) -> None:
    assert {*samples_of(letter), BODY[letter]} == set(names_of(letter))


def test_what_is_missing_is_empty_whatever_it_is() -> None:
    assert all(not name.read("") for name in NAMES.values())
