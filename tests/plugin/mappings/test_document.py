"""The mistakes that `document.py` finds, each told with its place."""

from pathlib import Path

import pytest

from plugin.mappings.document import read_document
from plugin.mappings.problem import Place
from tests.plugin.mappings.broken import Mistake, problems

MISTAKES = [
    Mistake(
        "indented with a tab",
        "tiers.yaml",
        "named_contacts:\n  - {tier: premium",
        "named_contacts:\n^\t- {tier: premium",
        "this is not YAML: found character '\\t' that cannot start any token; indent with spaces, not with tabs",
    ),
    Mistake(
        "a bracket that is not closed",
        "tiers.yaml",
        "aliases: [Gold]",
        "aliases: [Gold",
        "this is not YAML: expected ',' or ']', but got '}' while parsing a flow sequence that begins in line {line}",
        at="}\n  - {id: a",
        refers="{id: premium",
    ),
    Mistake(
        "a key written twice",
        "tiers.yaml",
        "{id: basic, name: Basic, cites: C1}",
        "{id: basic, name: Basic, ^id: basic, cites: C1}",
        "key id is written twice, first in line {line}; keep one",
        refers="{id: basic",
    ),
    Mistake(
        "a tilde for nothing",
        "tiers.yaml",
        "{id: basic, name: Basic, cites: C1}",
        "{id: basic, name: ^~, cites: C1}",
        "~ says nothing; leave the key out, or write the value that is meant, such as none",
    ),
    Mistake(
        "a second document",
        "credits.yaml",
        "refunds:\n",
        "^---\nrefunds:\n",
        "a second document begins here; expected one document, without ---",
    ),
    Mistake(
        "a colon within a value",
        "releases.yaml",
        "owner: product management",
        "owner: product^: management",
        "this is not YAML: mapping values are not allowed here; quote a value that holds ': ', and check the "
        "indentation",
    ),
    Mistake(
        "an alias without an anchor",
        "tiers.yaml",
        "limit: 5",
        "limit: ^*five",
        "this is not YAML: found undefined alias 'five'; quote a value that begins with *",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


@pytest.mark.parametrize("text", ["17:00", "08:00", "4.10", "2.10", "no", "1_000", "1e3", "0x10", "2026-11-23"])
def test_what_yaml_would_convert_stays_the_text_that_was_written(text: str) -> None:
    document = read_document("a.yaml", f"key: {text}\nkeys: {{inside: {text}, list: [{text}]}}".encode())

    assert document.data == {"key": text, "keys": {"inside": text, "list": [text]}}


def test_a_value_knows_its_line_and_column_counted_in_characters() -> None:
    document = read_document("a.yaml", "größe: {ä: [x, yy]}\n".encode())

    assert document.places.value(("größe", "ä", 1)) == Place("a.yaml", 1, 16)
    assert document.places.key(("größe", "ä")) == Place("a.yaml", 1, 9)


def test_an_anchor_is_read_like_what_it_names() -> None:
    document = read_document("a.yaml", b"a: &one [x]\nb: *one\n")

    assert document.data == {"a": ["x"], "b": ["x"]}


def test_the_mark_that_windows_editors_put_first_is_passed_over() -> None:
    assert read_document("a.yaml", b"\xef\xbb\xbfa: x\n").data == {"a": "x"}


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
UNREADABLE = {
    b"": "a.yaml:1:1: the file is empty; restore it, or remove it if it is not wanted",
    b"# nothing but words\n": "a.yaml:1:1: the file is empty; restore it, or remove it if it is not wanted",
    "a: x\nb: Größe".encode("latin-1"): "a.yaml:2:6: byte 0xF6 is not UTF-8; save the file as UTF-8",
    b"a: x\nb: y\x00": "a.yaml:2:5: a control character is in the way; delete it",
    b"a: &a [x, *a]": "a.yaml:1:4: an alias holds itself or repeats too much; write the values out",
    b"a: " + b"[" * 500: "a.yaml:1:1: the values are nested too deeply; remove brackets",
    b"a: x\n? [b]\n: y\n": "a.yaml:2:3: this key is no word; expected key: value",
}


@pytest.mark.parametrize(("content", "problem"), UNREADABLE.items(), ids=[each[8:40] for each in UNREADABLE.values()])
def test_what_cannot_be_read_is_a_problem_and_never_an_error(content: bytes, problem: str) -> None:
    document = read_document("a.yaml", content)

    assert document.data is None
    assert [str(each) for each in document.problems] == [problem]


def test_aliases_that_would_repeat_a_value_without_end_are_stopped() -> None:
    (problem,) = read_document("a.yaml", LAUGHS.encode()).problems

    assert problem.sentence == "an alias holds itself or repeats too much; write the values out"
