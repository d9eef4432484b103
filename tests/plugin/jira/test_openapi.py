"""Every call of the client, as it goes over the wire, against Atlassian's own documents."""

from dataclasses import asdict

from plugin.contract.decision import AccountRepresentative, Source
from plugin.jira.board import OrganizationProperty
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.fields import FieldMap
from plugin.jira.plan import plan
from plugin.jira.read import COMMENT, PROPERTY, shown, wanted_fields
from plugin.jira.reply import find, send
from plugin.sandbox import Sandbox
from tests.openapi import validate_traffic
from tests.plugin.jira.builders import decision, finding
from tests.plugin.jira.conftest import MIRA, PLUGIN
from tests.plugin.jira.test_plan import NOW
from tests.wire.documents import require_documents


def test_every_call_is_as_documented(jira: JiraClient, sandbox: Sandbox, fields: FieldMap, raised: str) -> None:
    require_documents()
    sandbox.traffic.clear()
    us = sandbox.site.person(PLUGIN)

    jira.myself()
    jira.fields(afresh="to see it")
    issue = jira.issue(raised, [*wanted_fields(fields), COMMENT], [PROPERTY], history=True)
    if sandbox.site.cloud:
        list(jira.changes(raised))
        assert [each["key"] for each in jira.issues([issue["id"]], wanted_fields(fields), [PROPERTY])] == [raised]
        # Data Center's servicedeskapi has no document.
        jira.public_comments(raised)
    nora = sandbox.site.person("nora.quist@vendor.example")
    account = nora.account_id if sandbox.site.cloud else nora.username
    named = AccountRepresentative(nora.name, account, Source("agreements/aurora-robotics.yaml", 17))
    decided = decision(NOW, response_due=NOW, findings=(finding(),), priority="high", representative=named)
    edit = plan(decided, {"2026": 1}, False, shown(issue, fields), fields)
    assert edit is not None
    jira.add_participant(raised, account)
    jira.edit(raised, edit.fields, {PROPERTY: edit.property})
    jira.edit(raised, {}, {PROPERTY: edit.property})
    send(jira, raised, "Hello", "intent-1")
    assert find(jira, raised, ["intent-1"], us.account_id if sandbox.site.cloud else us.username)
    jira.transition(raised, jira.transitions(raised)[0]["id"])
    list(jira.search("project = SUP AND statusCategory != Done ORDER BY key", ["status"]))
    jira.organizations_of(sandbox.site.person(MIRA).account_id)
    board = OrganizationProperty(jira, "support-contract.balance")
    board.shown("11")
    try:
        board.show("11", {"available": 30})
    except JiraGone:
        assert not sandbox.site.cloud
    board.shown("11")

    traffic = sandbox.traffic.all()
    assert validate_traffic(map(asdict, traffic), cloud=sandbox.site.cloud) == len(traffic) >= 15
