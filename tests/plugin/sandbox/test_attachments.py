"""Files on a request, on both sides, and where each kind of Jira has what is in them."""

import pytest

from tests.plugin.sandbox.conftest import Caller

UNCHECKED = {"X-Atlassian-Token": "no-check"}
DESK = "/rest/servicedeskapi"
FILES = {"file": ("trace.log", b"12:00 stopped")}


def test_a_customers_file_is_read_by_an_agent(plugin: Caller, mira: Caller, raised: str) -> None:
    kept = mira("POST", f"{DESK}/servicedesk/1/attachTemporaryFile", headers=UNCHECKED, files=FILES).json()
    ids = [each["temporaryAttachmentId"] for each in kept["temporaryAttachments"]]

    sent = {"temporaryAttachmentIds": ids, "public": True, "additionalComment": {"body": "What it wrote"}}
    attached = mira("POST", f"{DESK}/request/{raised}/attachment", json=sent)

    assert attached.status_code == 201
    assert attached.json()["comment"]["body"] == "What it wrote\n\n[^trace.log]"
    [shown] = plugin("GET", f"/rest/api/2/issue/{raised}?fields=attachment").json()["fields"]["attachment"]
    content = shown["content"].removeprefix(plugin.sandbox.url)
    assert plugin("GET", content).content == b"12:00 stopped"
    assert content.startswith("/rest/api/2/attachment/" if plugin.sandbox.site.cloud else "/secure/attachment/")
    [listed] = mira("GET", f"{DESK}/request/{raised}/attachment").json()["values"]
    assert (listed["filename"], listed["size"]) == ("trace.log", 13)
    assert mira("POST", f"{DESK}/request/{raised}/attachment", json=sent).status_code == 400  # taken by now


@pytest.mark.parametrize("path", ["/rest/api/2/issue/{}/attachments", DESK + "/servicedesk/1/attachTemporaryFile"])
def test_a_form_that_a_page_could_send_is_refused(plugin: Caller, raised: str, path: str) -> None:
    assert plugin("POST", path.format(raised), files=FILES).status_code == 403


def test_a_file_that_is_not_there_is_not_found(plugin: Caller) -> None:
    assert plugin("GET", "/rest/api/2/attachment/404").status_code == 404
