"""Search in both flavours, and the little JQL that there is."""

from datetime import UTC, datetime, timedelta

import pytest

from plugin.sandbox import Flavour, running_sandbox, seed
from plugin.sandbox.jql import parse
from plugin.sandbox.state import Refused
from tests.plugin.sandbox.conftest import MIRA, PLUGIN, Caller

NOW = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)


def raise_some(caller: Caller, how_many: int) -> None:
    site, jira = caller.sandbox.site, caller.sandbox.jira
    mira = site.person(MIRA)
    for number in range(how_many):
        jira.create(mira, mira, site.request_types["1"], {"summary": f"Request {number}"})


def test_cloud_pages_by_token_and_data_center_by_number(plugin: Caller) -> None:
    raise_some(plugin, 6)
    query = {"jql": "project = SUP ORDER BY created ASC", "maxResults": 2, "fields": "summary"}
    keys, pages = [], 0
    if plugin.sandbox.site.cloud:
        page = plugin("GET", "/rest/api/2/search/jql", params=query).json()
        while True:
            keys += [issue["key"] for issue in page["issues"]]
            pages += 1
            if page["isLast"]:
                assert "nextPageToken" not in page
                break
            page = plugin("GET", "/rest/api/3/search/jql", params={**query, "nextPageToken": page["nextPageToken"]})
            page = page.json()
        assert plugin("GET", "/rest/api/2/search", params=query).status_code == 410
        refused = plugin("GET", "/rest/api/2/search/jql", params={**query, "nextPageToken": "!"})
        assert refused.status_code == 400
    else:
        while len(keys) < 6:
            page = plugin("GET", "/rest/api/2/search", params={**query, "startAt": len(keys)}).json()
            assert page["total"] == 6
            assert page["startAt"] == len(keys)
            keys += [issue["key"] for issue in page["issues"]]
            pages += 1
        assert plugin("GET", "/rest/api/2/search/jql", params=query).status_code == 404

    assert (keys, pages) == ([f"SUP-{number}" for number in range(1, 7)], 3)


def test_many_are_fetched_at_once_by_id_or_key_on_cloud_only(plugin: Caller) -> None:
    raise_some(plugin, 3)
    fetch = "/rest/api/3/issue/bulkfetch"
    wanted: dict[str, object] = {"issueIdsOrKeys": ["SUP-3", "10001", "SUP-1", "999"], "fields": ["summary"]}
    found = plugin("POST", fetch, json=wanted)

    if not plugin.sandbox.site.cloud:
        assert found.status_code == 404
        return
    told = [(each["key"], each["fields"]) for each in found.json()["issues"]]
    assert told == [("SUP-1", {"summary": "Request 0"}), ("SUP-3", {"summary": "Request 2"})]
    for none_or_too_many in ([], [str(number) for number in range(101)]):
        assert plugin("POST", fetch, json={"issueIdsOrKeys": none_or_too_many}).status_code == 400


def test_cloud_shows_only_ids_where_no_field_is_asked_for(plugin: Caller) -> None:
    raise_some(plugin, 1)
    body: dict[str, object] = {"jql": "project = SUP"}

    if plugin.sandbox.site.cloud:
        assert plugin("POST", "/rest/api/2/search/jql", json=body).json()["issues"] == [{"id": "10001"}]
        body = {**body, "fields": ["summary"], "expand": "changelog", "properties": ["k"]}
        (hit,) = plugin("POST", "/rest/api/2/search/jql", json=body).json()["issues"]
        assert hit["fields"] == {"summary": "Request 0"}
        assert hit["changelog"]["total"] == 0
    else:
        (hit,) = plugin("POST", "/rest/api/2/search", json=body).json()["issues"]
        assert hit["fields"]["summary"] == "Request 0"


def test_done_requests_and_old_ones_can_be_left_out() -> None:
    moment = [NOW]
    with running_sandbox(clock=lambda: moment[0]) as sandbox:
        plugin = Caller(sandbox, PLUGIN)
        raise_some(plugin, 2)
        moment[0] += timedelta(hours=1)
        jira, me = sandbox.jira, sandbox.site.person(PLUGIN)
        jira.transition(jira.issue("SUP-1"), me, "31", {"resolution": {"name": "Done"}})

        def found(where: str) -> list[str]:
            query = {"jql": f"project = SUP AND {where}", "fields": "key,summary"}
            return [one["key"] for one in plugin("GET", "/rest/api/2/search/jql", params=query).json()["issues"]]

        assert found("statusCategory != Done") == ["SUP-2"]
        assert found("updated >= -30m") == ["SUP-1"]
        assert found('updated >= "2026-11-20 15:03"') == ["SUP-1"]
        assert found("updated >= '2026/11/20 14:03' order by updated") == ["SUP-2", "SUP-1"]
        assert found("updated >= -2h ORDER BY key DESC") == ["SUP-2", "SUP-1"]
        assert found('created >= "2026-11-20"') == ["SUP-2", "SUP-1"]
        assert found('created >= "2026-11-21"') == []
        assert found("(statusCategory = Done OR updated < -30m)") == ["SUP-2", "SUP-1"]
        assert found("NOT statusCategory = Done") == ["SUP-2"]
        assert found("key in (SUP-1, 'SUP-9')") == ["SUP-1"]
        assert found("key not in (SUP-1)") == ["SUP-2"]


@pytest.mark.parametrize(
    ("jql", "told"),
    [
        ("project = OTHER", "'OTHER' does not exist for the field 'project'"),
        ("project = SUP AND assignee = me", "The sandbox understands: project = SUP"),
        ("project = SUP OR", "The sandbox understands"),
        ("(project = SUP", "The sandbox understands"),
        ("project = SUP)", "The sandbox understands"),
        ("project >= SUP", "The sandbox understands"),
        ("project is SUP", "The sandbox understands"),
        ("project = SUP AND updated >= yesterday", "Date value 'yesterday' for field 'updated' is invalid"),
        ("project = SUP ORDER BY rank", "The sandbox understands"),
        ("statusCategory != Done", "Unbounded JQL queries are not allowed here"),
        ("", "Unbounded JQL queries are not allowed"),
    ],
)
def test_jql_that_the_sandbox_does_not_understand_is_refused_with_what_it_does(jql: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(jql, seed(Flavour.CLOUD), NOW)

    assert refused.value.status == 400
    assert told in refused.value.messages[0]


def test_a_refused_search_is_a_400_over_http(plugin: Caller) -> None:
    path = "/rest/api/2/search/jql" if plugin.sandbox.site.cloud else "/rest/api/2/search"

    assert plugin("GET", path, params={"jql": "x"}).status_code == 400
    assert plugin("GET", path, params={"jql": "project=SUP", "maxResults": "many"}).status_code == 400
