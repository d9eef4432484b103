"""People who are looked for, and who watches a request."""

from tests.plugin.sandbox.conftest import MIRA, Caller


def test_somebody_is_found_by_name_address_or_account(plugin: Caller) -> None:
    cloud, mira = plugin.sandbox.site.cloud, plugin.sandbox.site.person(MIRA)
    word = "query" if cloud else "username"

    for wanted in ("castellan", "mira.castellan@", mira.account_id):
        found = plugin("GET", "/rest/api/2/user/search", params={word: wanted}).json()
        assert [each["displayName"] for each in found] == ["Mira Castellan"]
    assert plugin("GET", "/rest/api/2/user/search").status_code == 400
    one = {"accountId": mira.account_id} if cloud else {"key": mira.key}
    assert plugin("GET", "/rest/api/2/user", params=one).json()["displayName"] == "Mira Castellan"
    unknown = {"accountId": "nobody", "username": "nobody"}
    assert plugin("GET", "/rest/api/2/user", params=unknown).status_code == 404
    assert plugin("GET", "/rest/api/2/user").status_code == 400


def test_who_watches_twice_watches_once(plugin: Caller, raised: str) -> None:
    path = f"/rest/api/2/issue/{raised}/watchers"

    for _ in range(2):
        assert plugin("POST", path).status_code == 204
    told = plugin("GET", path).json()
    assert (told["isWatching"], told["watchCount"]) == (True, 1)
    assert plugin("POST", path, json="nobody").status_code == 404
    assert plugin("DELETE", path).status_code == 400
