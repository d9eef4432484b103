"""A request from a file: every shape that Jira gives, and a sentence for everything else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.contract.model import Organization, Person, SupportRequest
from plugin.jira.read import LeftAlone
from plugin.mappings.load import Mappings, load
from plugin.offline import PayloadError, read_payload

ROOT = Path(__file__).parents[2]
ISSUE: dict[str, Any] = json.loads((ROOT / "mappings" / "examples" / "payload.json").read_text())
PAYLOADS = sorted((ROOT / "tests" / "payloads").glob("*.json"))

Kept = Callable[[Any], Path]


@cache
def _shipped() -> Mappings:
    mappings = load(ROOT / "mappings").mappings
    assert mappings is not None
    return mappings


def _plain(issue: dict[str, Any]) -> dict[str, Any]:
    """The issue as a webhook has it: without the names of its fields."""
    return {name: value for name, value in issue.items() if name not in ("names", "schema")}


CATALOGUE = [{"id": id, "name": name, "schema": ISSUE["schema"][id]} for id, name in ISSUE["names"].items()]


@pytest.fixture
def keep(tmp_path: Path) -> Kept:
    """Return a function: a value -> the file that holds it as JSON, or as it stands where it is text or bytes."""

    def keep(value: Any) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        text = value if isinstance(value, str | bytes) else json.dumps(value)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return keep


def _read(path: Path, catalogue: Path | None = None) -> SupportRequest | LeftAlone:
    return read_payload(path, _shipped(), catalogue)


def test_an_issue_with_the_names_of_its_fields_is_read(keep: Kept) -> None:
    found = _read(keep(ISSUE))
    assert isinstance(found, SupportRequest)
    assert (found.id, found.key) == ("10042", "SUP-42")
    assert found.raised == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert found.raised_by == Person("Mira Castellan", "qm:6f1c2a:mira", "mira.castellan@aurora-robotics.example")
    assert found.organizations == (Organization("11", "Aurora Robotics"),)
    assert (found.kind, found.product, found.version) == ("fault", "expecco", "26.2 (64 bit)")
    assert (found.environment, found.impact, found.stated_severity) == ("production", "down", 2)


def test_a_webhook_is_read_with_the_sites_list_of_fields(keep: Kept) -> None:
    hook = {"webhookEvent": "jira:issue_created", "issue": _plain(ISSUE)}
    assert _read(keep(hook), keep(CATALOGUE)) == _read(keep(ISSUE))


def test_a_webhook_whose_issue_names_its_fields_needs_no_list(keep: Kept) -> None:
    assert _read(keep({"issue": ISSUE})) == _read(keep(ISSUE))


def test_a_list_of_fields_that_is_given_counts_before_the_issues_own_names(keep: Kept) -> None:
    other = [{**entry, "name": "Weather"} if entry["name"] == "Product" else entry for entry in CATALOGUE]
    with pytest.raises(PayloadError, match=r"product \(fields\.yaml:\d+\): name 'Product': the site has no such field"):
        _read(keep(ISSUE), keep(other))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_however_the_shell_has_saved_it(keep: Kept, encoding: str) -> None:
    # PowerShell's > writes UTF-16.
    assert _read(keep(json.dumps(ISSUE).encode(encoding))) == _read(keep(ISSUE))


def test_an_issue_of_another_project_is_left_alone(keep: Kept) -> None:
    issue = {**ISSUE, "fields": {**ISSUE["fields"], "project": {"key": "HR"}}}
    found = _read(keep(issue))
    assert isinstance(found, LeftAlone)
    assert "project HR" in found.why


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_a_recorded_webhook_alone_is_answered_with_the_two_ways_out(path: Path) -> None:
    with pytest.raises(PayloadError) as caught:
        _read(path)
    if "issue" in json.loads(path.read_text()) and "fields" in json.loads(path.read_text())["issue"]:
        assert "give it with --fields" in str(caught.value)
        assert "expand=names,schema" in str(caught.value)
    else:
        assert "there is no issue in it" in str(caught.value)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "this is no JSON"),
        ("", "this is no JSON"),
        (b"\xff\xfe\xff", "this is no JSON"),
        ([ISSUE], "there is no issue in it"),
        ("3", "there is no issue in it"),
        ("null", "there is no issue in it"),
        ({"issue": "SUP-1"}, "there is no issue in it"),
        ({"issue": {"id": "1", "fields": []}}, "there is no issue in it"),
        ({**ISSUE, "fields": {**ISSUE["fields"], "created": "yesterday"}}, "the issue cannot be read"),
        ({**ISSUE, "fields": {**ISSUE["fields"], "project": "SUP"}}, "the issue cannot be read"),
        ({name: value for name, value in ISSUE.items() if name != "key"}, "the issue cannot be read: KeyError: 'key'"),
        ({**ISSUE, "names": {}}, "the site has no such field"),
    ],
)
def test_what_holds_no_request_is_told_with_the_name_of_the_file(keep: Kept, content: Any, sentence: str) -> None:
    path = keep(content)
    with pytest.raises(PayloadError) as caught:
        _read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("content", [{"fields": []}, "{}", "oh"])
def test_a_list_of_fields_that_is_none_is_told_with_the_name_of_its_file(keep: Kept, content: Any) -> None:
    catalogue = keep(content)
    with pytest.raises(PayloadError, match=str(catalogue)):
        _read(keep(ISSUE), catalogue)


def test_a_file_or_a_list_that_is_not_there_is_named(keep: Kept, tmp_path: Path) -> None:
    for arguments in ((tmp_path / "x.json",), (keep(ISSUE), tmp_path / "x.json")):
        with pytest.raises(PayloadError, match=r"x\.json: No such file or directory"):
            _read(*arguments)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
LAW = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _outcome(path: Path) -> str:
    """The sentence, or what kind of thing was read; any other exception is a bug."""
    try:
        return type(_read(path)).__name__
    except PayloadError as error:
        return str(error)


@given(place=st.sampled_from(sorted(ISSUE["fields"])), value=JSON)
@LAW
def test_whatever_a_field_holds_there_is_a_request_or_a_sentence(keep: Kept, place: str, value: Any) -> None:
    said = _outcome(keep({**ISSUE, "fields": {**ISSUE["fields"], place: value}}))
    assert said in ("SupportRequest", "LeftAlone") or "the issue cannot be read: " in said


@given(part=st.sampled_from(["names", "schema", "id", "key", "changelog"]), value=JSON)
@LAW
def test_whatever_an_issue_says_of_itself_there_is_a_request_or_a_sentence(keep: Kept, part: str, value: Any) -> None:
    said = _outcome(keep({**ISSUE, part: value}))
    assert said in ("SupportRequest", "LeftAlone") or ".json: " in said
