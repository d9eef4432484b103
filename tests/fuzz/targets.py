"""What strangers, customers, Jira and admins can send us, as functions of arbitrary input that must keep a promise.

Each target is a hypothesis test without a name: `targets()` gives them to pytest for a short while and to
`python -m tests.fuzz` for as long as wanted.
"""

import hashlib
import hmac
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st
from pydantic import SecretStr
from requests import Response
from requests.structures import CaseInsensitiveDict

from plugin.contract.decide import decide
from plugin.contract.matching import find_agreement
from plugin.contract.naming import named
from plugin.contract.versions import read_version
from plugin.jira.errors import JiraTrouble
from plugin.jira.read import LeftAlone, read, shown
from plugin.jira.reply import escape
from plugin.jira.trouble import spent_until, trouble_of
from plugin.mappings.load import load
from plugin.mappings.problem import Report
from plugin.mappings.reply_files import replies
from plugin.redact import redacted
from plugin.settings import Settings
from plugin.store import Store
from tests.plugin.jira.builders import DECLARED, FIELDS, issue
from tests.road.house import shipped
from tests.stores import migrated
from webhooks import create_app
from webhooks.deliveries import Ignored, Malformed, read_delivery
from webhooks.signature import knows_secret, verify

Target = tuple[Callable[..., None], st.SearchStrategy[Any]]
"""What must not break, and what it is given: tuples of its arguments."""

ROOT = Path(__file__).parents[2]
SECRET = "fuzz"
NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=30,
)
PAYLOADS = [path.read_bytes() for path in sorted((ROOT / "tests" / "payloads").glob("*.json"))]
WORDS = ("webhookEvent", "issue", "comment", "changelog", "id", "key", "self", "fields", "timestamp", "updated")


@st.composite
def webhooks(draw: st.DrawFn) -> bytes:
    """Anything at all, JSON of any shape with the words that we look for, or a known webhook with bytes changed."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return draw(st.binary(max_size=400))
    if kind == 1:
        return json.dumps(draw(st.dictionaries(st.sampled_from(WORDS), JSON, max_size=6))).encode()
    if kind == 2:
        depth = draw(st.integers(1, 3000))
        return b'{"issue":' + b"[" * depth + b"]" * depth + b"}"
    return _spoilt(draw, draw(st.sampled_from(PAYLOADS)))


def _spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        content = content[:place] + draw(st.binary(max_size=6)) + content[place + draw(st.integers(0, 6)) :]
    return content


def signature(body: bytes, header: str, secret: str) -> None:
    """A header is believed only if it is the signature, whatever it holds."""
    right = "sha256=" + hmac.new(secret.encode("utf-8", "surrogatepass"), body, hashlib.sha256).hexdigest()
    if secret.isascii():
        assert verify(body, right, [secret]) is bool(secret)
    assert not verify(body, header, ["another"]) or header.strip().casefold() == right
    knows_secret(header, ["another"])


def delivery(body: bytes, identifier: str | None, retry: str | None) -> None:
    """A body is a delivery, one to ignore, or a sentence about what is wrong with it."""
    found = read_delivery(body, identifier=identifier, retry=retry, received_at=NOW, fresh=lambda: "fresh")
    assert isinstance(found, Ignored | Malformed) or found.request_id.isdigit()


def received(client: FlaskClient, body: bytes) -> None:
    """A signed body is taken or refused with a sentence; the receiver never breaks."""
    signed = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    answer = client.post("/webhooks/jira", data=body, headers={"X-Hub-Signature": signed})
    assert answer.status_code in (202, 400), (answer.status_code, body[:200])


@st.composite
def issues(draw: st.DrawFn) -> dict[str, Any]:
    """An issue in which fields that people and apps can fill hold anything that Jira could give for their type."""
    words = st.sampled_from([word for word in FIELDS if word not in ("organizations", "request_type")])
    text = st.text(max_size=300)
    option = st.fixed_dictionaries({"value": text, "id": st.text(max_size=5)})
    values = draw(st.dictionaries(words, text | option | st.lists(option, max_size=3) | st.none(), max_size=8))
    reporter = draw(
        st.none() | st.fixed_dictionaries({"displayName": text}, optional={"accountId": text, "emailAddress": text})
    )
    properties = draw(st.none() | st.dictionaries(st.just("support-contract.decision"), JSON, max_size=1))
    # What we write ourselves has the type that we gave it.
    written = {word: value for word, value in values.items() if FIELDS[word].type not in ("number", "datetime")}
    return issue({word: _of_type(word, value) for word, value in written.items()}, properties, reporter=reporter)


def _of_type(word: str, value: Any) -> Any:
    kind = FIELDS[word].type
    if kind == "option":
        return value if isinstance(value, dict) else None
    said = value["value"] if isinstance(value, dict) else str(value)
    match kind:
        case "priority":
            return {"name": said}
        case "user":
            return {"accountId": said, "displayName": said}
        case "array":
            return [{"accountId": said, "displayName": said}]
    return value


def asked(given: dict[str, Any]) -> None:
    """Whatever customers fill in can be read and decided on; nothing of it is executed, and all of it can be kept."""
    shown(given, FIELDS)
    request = read(given, FIELDS, DECLARED)
    if isinstance(request, LeftAlone):
        return
    mappings = shipped()
    decision = decide(request, find_agreement(request, mappings.agreements), mappings.policy, NOW)
    for finding in decision.eligibility.findings:
        assert finding.sentence


def typed(text: str) -> None:
    """What somebody types is read without breaking, in time that grows with its length only."""
    read_version(text, ("expecco", "expecco ALM"))
    named(text, [("windows", ("Windows", "Win")), ("linux", ("Linux",))])
    escaped = escape(text)
    assert "\n" not in escaped
    redacted(text)


def answered(status: int, content: bytes, headers: dict[str, str]) -> None:
    """Whatever Jira, or something that is not Jira, answers is an answer or a trouble with a sentence."""
    answer = Response()
    answer.status_code, answer._content, answer.headers = status, content, CaseInsensitiveDict(headers)
    found = trouble_of(answer, "GET /rest/api/2/myself", NOW, {})
    assert found is None or isinstance(found, JiraTrouble)
    assert found is None or str(found)
    until = spent_until(answer, NOW)
    assert until is None or until.tzinfo is not None


@cache
def _mapping_files() -> dict[str, bytes]:
    folder = ROOT / "mappings"
    names = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".md") and path.parent != folder]
    names += sorted(folder.glob("*.yaml"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in names}


def typed_by_admins(folder: Path, name: str, content: bytes) -> None:
    """However a mapping file is spoilt, it is good or its problems are told with their places; never an exception."""
    (folder / name).write_bytes(content)
    try:
        loaded = load(folder)
        assert (loaded.mappings is None) == bool(loaded.problems)
        assert all(problem.file and problem.line >= 1 and problem.sentence for problem in loaded.problems)
    finally:
        (folder / name).write_bytes(_mapping_files()[name])


def template(text: str) -> None:
    """Whatever stands in a template, it is a template or its problems are told."""
    report = Report()
    good = replies({"replies/frame.en.md": text.encode("utf-8", "replace")}, None, report)
    assert good is not None or report.problems


@contextmanager
def targets() -> Iterator[dict[str, Target]]:
    """Every target by its name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in _mapping_files().items():
            (folder / file).parent.mkdir(exist_ok=True, parents=True)
            (folder / file).write_bytes(content)
        store = _store(folder)
        client = create_app(Settings(webhook_secrets=(SecretStr(SECRET),), min_free_mb=0), store).test_client()
        text, short = st.text(max_size=2000), st.text(max_size=40)
        yield {
            "signature": (signature, st.tuples(st.binary(max_size=200), short, short)),
            "delivery": (delivery, st.tuples(webhooks(), st.none() | short, st.none() | short)),
            "receiver": (lambda body: received(client, body), st.tuples(webhooks())),
            "issue": (asked, st.tuples(issues())),
            "text": (typed, st.tuples(text)),
            "answer": (
                answered,
                st.tuples(
                    st.integers(100, 599),
                    st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()),
                    st.dictionaries(
                        st.sampled_from(["Retry-After", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Location"]),
                        short,
                    ),
                ),
            ),
            "mapping": (lambda name, content: typed_by_admins(folder, name, content), _spoilt_files()),
            "template": (template, st.tuples(_templates())),
        }
        store.close()


def _store(folder: Path) -> Store:
    return migrated(f"sqlite:///{folder / 'fuzz.sqlite3'}")


@st.composite
def _spoilt_files(draw: st.DrawFn) -> tuple[str, bytes]:
    name = draw(st.sampled_from(sorted(_mapping_files())))
    content = _mapping_files()[name]
    if draw(st.booleans()):
        return name, _spoilt(draw, content)
    # A value for another one: mistakes that are still YAML.
    lines = content.splitlines()
    place = draw(st.integers(0, len(lines) - 1))
    words = draw(st.sampled_from([b"{}", b"[]", b"~", b"'", b": :", b"9" * 400, b"2026-02-30", b"&a [*a]", b"\t", b""]))
    lines[place] = lines[place][: draw(st.integers(0, 40))] + words
    return name, b"\n".join(lines)


@st.composite
def _templates(draw: st.DrawFn) -> str:
    parts = st.sampled_from(
        [
            "{{ person }}", "{{ person.__class__ }}", "{% for x in reasons %}", "{% endfor %}", "{{ self }}", "{{",
            "{% if waits %}", "{% endif %}", "{{ 1/0 }}", "{{ range(10**9) }}", "{{ nothing }}", "%}", "{# ",
            "{{ person | nofilter }}", "{% include 'x' %}", "{{ person() }}",
        ]
    )  # fmt: skip
    return "".join(draw(st.lists(parts | st.text(max_size=10), max_size=8)))
