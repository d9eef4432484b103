"""Letting Jira knock: a note that makes it send a webhook, and is gone again whatever happens."""

from contextlib import closing

import pytest

from plugin.doctor.knock import let_jira_knock
from plugin.doctor.line import Group, Verdict
from plugin.doctor.looks import Looks
from plugin.sandbox import Behaviour, Fault, Guise, Kind
from plugin.settings import read_settings
from tests.plugin.doctor.conftest import SECRET, Patient, served
from webhooks import create_app

SIGNING = [each for each in Guise if each is not Guise.DATACENTER_9]


@pytest.mark.parametrize("guise", SIGNING, indirect=True)
def test_a_webhook_that_arrives_is_seen_and_nothing_is_left(patient: Patient) -> None:
    [line] = patient.examined(Group.WEBHOOK, request=patient.issue.key)["arriving"]
    assert (line.verdict, line.remedy) == (Verdict.OK, None)
    assert f"its webhook about {patient.issue.key} was kept after" in line.sentence
    assert patient.issue.comments == []


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED], indirect=True)
def test_one_that_does_not_arrive_is_told_and_nothing_is_left(patient: Patient) -> None:
    patient.sandbox.webhooks.behaviour = Behaviour(drop=True)
    [line] = patient.examined(Group.WEBHOOK, request=patient.issue.key, wait=0.3)["arriving"]
    assert (line.verdict, line.sentence) == (
        Verdict.WRONG,
        f"A note on {patient.issue.key} made no webhook arrive within 0.3 seconds.",
    )
    assert patient.issue.comments == []


@pytest.mark.parametrize("guise", [Guise.DATACENTER_9], indirect=True)
def test_what_cannot_be_signed_does_not_arrive(patient: Patient) -> None:
    [line] = patient.examined(Group.WEBHOOK, request=patient.issue.key, wait=0.3)["arriving"]
    assert line.verdict is Verdict.WRONG


@pytest.mark.parametrize("guise", [Guise.DATACENTER_9], indirect=True)
def test_a_rule_that_stands_in_for_the_webhook_is_heard(patient: Patient) -> None:
    patient.env.setenv("WEBHOOK_HEADER_SECRETS", SECRET)
    patient.sandbox.webhooks.rule = {"X-Support-Contract-Secret": SECRET}
    with served(create_app(read_settings(), patient.store)) as port:
        patient.sandbox.webhooks.url = f"http://127.0.0.1:{port}/webhooks/jira"
        [line] = patient.examined(Group.WEBHOOK, request=patient.issue.key)["arriving"]
    assert line.verdict is Verdict.OK


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_no_note_is_left_where_it_could_not_be_removed(patient: Patient) -> None:
    patient.withhold("DELETE_OWN_COMMENTS")
    before = len(patient.sandbox.traffic.all())
    [line] = patient.examined(Group.WEBHOOK, request=patient.issue.key)["arriving"]
    assert line.verdict is Verdict.UNKNOWN
    assert {one.method for one in patient.sandbox.traffic.all()[before:]} == {"GET"}


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_a_note_that_stays_is_told_of(patient: Patient) -> None:
    patient.sandbox.faults.add(Fault(Kind.FORBIDDEN, "DELETE", "/comment/"))
    left, arrived = patient.examined(Group.WEBHOOK, request=patient.issue.key)["arriving"]
    assert (arrived.verdict, left.verdict) == (Verdict.OK, Verdict.WARNING)
    assert left.remedy == "Remove it by hand; it is internal."
    [note] = patient.issue.comments
    assert not note.public


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_a_request_that_is_not_there_is_told(patient: Patient) -> None:
    [line] = patient.examined(Group.WEBHOOK, request="SUP-999")["arriving"]
    assert line.verdict is Verdict.UNKNOWN
    assert "404" in line.sentence


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_whoever_stops_the_waiting_leaves_no_note_behind(patient: Patient) -> None:
    def stopped(_request: str, _comment: str) -> bool:
        assert len(patient.issue.comments) == 1
        raise KeyboardInterrupt

    with closing(Looks()) as look, pytest.raises(KeyboardInterrupt):
        let_jira_knock(look.jira, stopped, patient.issue.key, 10)
    assert patient.issue.comments == []


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_no_note_is_left_in_a_project_that_is_not_looked_after(patient: Patient) -> None:
    [line] = patient.examined(Group.WEBHOOK, request="HELP-1")["arriving"]
    assert (line.verdict, line.sentence) == (Verdict.UNKNOWN, "HELP-1 is in no project that is looked after.")
