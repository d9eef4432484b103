"""A webhook's body -> what to keep: every recorded shape, and everything that is none."""

import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.store.inbox import Delivery
from webhooks.deliveries import Ignored, Malformed, read_delivery

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
PAYLOADS = Path(__file__).parents[1] / "payloads"
ISSUE = {"id": "10001", "key": "SUP-1"}


def read(body: object, identifier: str | None = None, retry: str | None = None) -> Delivery | Ignored | Malformed:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_delivery(raw, identifier=identifier, retry=retry, received_at=NOON, fresh=lambda: "fresh:1")


def delivered(body: object, identifier: str | None = None, retry: str | None = None) -> Delivery:
    found = read(body, identifier, retry)
    assert isinstance(found, Delivery), found
    return found


@pytest.mark.parametrize(
    ("name", "identity", "event", "request_id", "key"),
    [
        ("cloud-issue-created", "jira:issue_created:10001:change:20001", "jira:issue_created", "10001", "SUP-1"),
        (
            "cloud-issue-created-many-fields",
            "jira:issue_created:10004:change:20007",
            "jira:issue_created",
            "10004",
            "SUP-4",
        ),
        ("cloud-issue-updated", "jira:issue_updated:10001:change:20011", "jira:issue_updated", "10001", "SUP-1"),
        (
            "cloud-issue-updated-custom-field",
            "jira:issue_updated:10001:change:20012",
            "jira:issue_updated",
            "10001",
            "SUP-1",
        ),
        (
            "cloud-issue-assigned-empty-changelog",
            "jira:issue_updated:10001:change:20013",
            "jira:issue_updated",
            "10001",
            "SUP-1",
        ),
        ("cloud-issue-deleted", "jira:issue_deleted:10002:at:1773050400000", "jira:issue_deleted", "10002", "SUP-2"),
        (
            "cloud-comment-created",
            "comment_created:10001:comment:30001:2026-03-10T06:11:02.120+0100",
            "comment_created",
            "10001",
            "SUP-1",
        ),
        (
            "cloud-issue-commented",
            "jira:issue_updated:10001:comment:30001:2026-03-10T06:11:02.120+0100",
            "jira:issue_updated",
            "10001",
            "SUP-1",
        ),
        (
            "datacenter-comment-created",
            "comment_created:10013:comment:10082:2026-03-10T06:15:17.234+0100",
            "comment_created",
            "10013",
            None,
        ),
        ("datacenter-issue-created", "jira:issue_created:10013:change:10401", "jira:issue_created", "10013", "SUP-13"),
        (
            "datacenter-issue-updated-resolved",
            "jira:issue_updated:10013:change:10414",
            "jira:issue_updated",
            "10013",
            "SUP-13",
        ),
        ("automation-issue", "fresh:1", "automation", "10001", "SUP-1"),
        ("automation-legacy", "fresh:1", "automation", "10001", "SUP-1"),
    ],
)
def test_every_known_shape_is_understood(name: str, identity: str, event: str, request_id: str, key: str) -> None:
    body = (PAYLOADS / f"{name}.json").read_bytes()
    assert delivered(body) == Delivery(
        identity=identity,
        event=event,
        request_id=request_id,
        request_key=key,
        received_at=NOON,
        retries=0,
        deleted=event == "jira:issue_deleted",
        body=body.decode(),
    )
    assert delivered(body, "6931227041", "2") == replace(delivered(body), identity="6931227041", retries=2)


def test_no_payload_is_left_out_above() -> None:
    assert len(list(PAYLOADS.glob("*.json"))) == 13


def test_two_comments_of_one_request_are_two_deliveries_and_an_edit_is_a_third() -> None:
    comment = {"id": "30001", "updated": "2026-03-10T06:11:02.120+0100"}
    first = {"webhookEvent": "comment_created", "issue": ISSUE, "comment": comment, "timestamp": 1}
    bodies: list[dict[str, Any]] = [
        first,
        {**first, "comment": {**comment, "id": "30002"}},
        {**first, "webhookEvent": "comment_updated"},
        {**first, "webhookEvent": "comment_updated", "comment": {**comment, "updated": "later"}},
        {**first, "webhookEvent": "comment_deleted"},
    ]
    assert len({delivered(body).identity for body in bodies}) == 5
    assert delivered({**first, "timestamp": 2}).identity == delivered(first).identity


@pytest.mark.parametrize("identifier", ["", "with space", "x" * 129, "tab\there", "Ärger"])
def test_an_identifier_that_is_none_is_passed_over(identifier: str) -> None:
    body = {"webhookEvent": "jira:issue_updated", "issue": ISSUE, "timestamp": 5}
    assert delivered(body, identifier).identity == "jira:issue_updated:10001:at:5"


def test_a_body_without_anything_to_tell_it_by_gets_the_fresh_identity() -> None:
    assert delivered({"webhookEvent": "jira:issue_updated", "issue": ISSUE}).identity == "fresh:1"


@pytest.mark.parametrize(("retry", "times"), [("3", 3), (None, 0), ("", 0), ("-1", 0), ("many", 0), ("9" * 5000, 0)])
def test_a_count_of_retries_is_read_leniently(retry: str | None, times: int) -> None:
    body = {"webhookEvent": "jira:issue_updated", "issue": ISSUE}
    assert delivered(body, retry=retry).retries == times


def test_an_id_written_as_a_number_is_the_same_request() -> None:
    assert delivered({"webhookEvent": "jira:issue_updated", "issue": {"id": 10001}}).request_id == "10001"


@pytest.mark.parametrize("event", ["issue_property_set", "worklog_created", "jira:version_released", "sprint_closed"])
def test_an_event_the_contract_does_not_depend_on_is_ignored(event: str) -> None:
    assert read({"webhookEvent": event, "issue": ISSUE}) == Ignored(event, "the contract does not depend on this event")


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"issue": None},
        {"issue": []},
        {"issue": {"key": "SUP-1"}},
        {"issue": {"id": "SUP-1"}},
        {"issue": {"id": True}},
        {"issue": {"id": "10001\u0000"}},
        {"comment": {"self": "https://jira.vendor.example/rest/api/2/comment/1"}},
        {"comment": {"self": 5}},
    ],
)
def test_a_body_that_names_no_request_is_ignored(rest: dict[str, Any]) -> None:
    assert read({"webhookEvent": "comment_created", **rest}) == Ignored(
        "comment_created", "the body does not say which issue it is about"
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "not JSON"),
        (b"issue=SUP-1", "not JSON"),
        (b'{"issue": {"id": "\xff"}}', "not JSON in UTF-8"),
        (b'{"issue": {"id": "\xed\xa0\x80"}}', "not JSON in UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"issue": {"id": ' + b"9" * 5000 + b"}}", "not JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b'"jira:issue_created"', "not an object"),
        (b"{}", "Work item data"),
        (b'{"webhookEvent": 5}', "the body does not say"),
        (b'{"webhookEvent": null, "issue": {}}', "Work item data"),
    ],
)
def test_what_is_no_webhook_is_told_so_in_a_sentence(body: bytes, sentence: str) -> None:
    found = read(body)
    assert not isinstance(found, Delivery)
    assert sentence in found.reason or isinstance(found, Ignored)


MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"issue": ' + b"[" * MEGABYTE, id="nesting that never ends"),
        pytest.param(b'{"issue": ' + b"[" * (MEGABYTE // 2) + b"]" * (MEGABYTE // 2) + b"}", id="nesting that does"),
        pytest.param(b'{"issue": {"id": ' + b"9" * MEGABYTE + b"}}", id="one number"),
        pytest.param(b'{"issue": [' + b"9," * (MEGABYTE // 2) + b"9]}", id="many numbers"),
        pytest.param(b'{"issue": [' + b"{}," * (MEGABYTE // 3) + b"0]}", id="many objects"),
        pytest.param(b'{"issue": "' + b"\0" * MEGABYTE + b'"}', id="NUL"),
        pytest.param(b'{"issue": "' + b"\xff" * MEGABYTE + b'"}', id="no UTF-8"),
    ],
)
def test_a_poisonous_body_costs_memory_in_proportion_to_its_bytes_and_leaves_nothing(body: bytes) -> None:
    tracemalloc.start()
    try:
        found = read(body)
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not isinstance(found, Delivery)
    assert most < 40 * len(body)
    assert held < 100_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    content=st.fixed_dictionaries(
        {},
        optional={
            "webhookEvent": st.sampled_from(["jira:issue_updated", "comment_created", "other"]) | JSON,
            "issue": st.fixed_dictionaries({"id": JSON, "key": JSON}) | JSON,
            "comment": st.fixed_dictionaries({"id": JSON, "self": JSON, "updated": JSON}) | JSON,
            "changelog": st.fixed_dictionaries({"id": JSON}) | JSON,
            "timestamp": JSON,
        },
    ),
    identifier=st.none() | st.text(),
    retry=st.none() | st.text(),
)
def test_no_body_whatever_makes_it_stumble(content: object, identifier: str | None, retry: str | None) -> None:
    found = read(content, identifier, retry)
    if isinstance(found, Delivery):
        for text in (found.identity, found.event, found.request_id):
            assert text.isascii()
            assert text.isprintable()
