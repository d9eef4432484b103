"""YAML changed by position: what was wanted is there then, and everything else is as it was, to the letter."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.mappings.document import Mapped, read_document
from plugin.mappings.patch import Patch, Unchangeable
from plugin.mappings.written import written

TEXT = """\
# About all of it.
tiers:
  # Also called Gold.
  - {id: premium, name: "Premium", aliases: [Gold], cites: C1}
  - {id: basic, name: Basic, cites: C1} # the smallest

# Products.
products:
  - id: expecco
    name: expecco # ours
    lines:
      - {line: 2.8}

  - id: alm
    name: ALM
    lines: []
closed: [] # none yet
types:
  Ask: question
"""


GOLD = '  # Also called Gold.\n  - {id: premium, name: "Premium", aliases: [Gold], cites: C1}\n'
BASIC = "  - {id: basic, name: Basic, cites: C1} # the smallest\n"


def data(text: str) -> Any:
    document = read_document("x.yaml", text.encode())
    assert document.problems == ()
    return _plain(document.data)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapped):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.booleans())
def test_any_text_reads_back_as_it_was_written(text: str, quoted: bool) -> None:
    said = written(text, quoted=quoted)
    assert data(f"a: {said}\nb: {{c: {said}, d: [{said}]}}\n") == {"a": text, "b": {"c": text, "d": [text]}}
    assert data(f"{said}: e\n") == {text: "e"}


def test_what_needs_no_quotes_gets_none() -> None:
    plain = ("2027-01-01", "17:00", "08:00-18:00", "8 h", "50 %", "2.10", "a@b.example", "Won't do", "yes", "Ärzte")
    assert [written(each) for each in plain] == list(plain)
    assert [written(each) for each in ("a: b", "a #b", "[x]", "null", " a", "", "a, b")] == [
        '"a: b"',
        '"a #b"',
        '"[x]"',
        '"null"',
        '" a"',
        '""',
        '"a, b"',
    ]


def patched(*changes: Any, text: str = TEXT) -> str:
    patch = Patch(text)
    for name, *arguments in changes:
        getattr(patch, name)(*arguments)
    return patch.done()


ORDER = ("id", "name", "aliases", "cites", "from")
CHANGES: list[tuple[str, list[tuple[Any, ...]], list[tuple[str, str]]]] = [
    ("a value", [("put", ("tiers", 1, "name"), "Base")], [("name: Basic", "name: Base")]),
    ("a value in quotes", [("put", ("tiers", 0, "name"), "Top")], [('"Premium"', '"Top"')]),
    ("a value with a comment", [("put", ("products", 0, "name"), "x")], [("name: expecco #", "name: x #")]),
    (
        "a new key at the end",
        [("put", ("tiers", 1, "from"), "2027-01-01", ORDER)],
        [("cites: C1} #", "cites: C1, from: 2027-01-01} #")],
    ),
    (
        "a new key between",
        [("put_list", ("tiers", 1, "aliases"), ["Bronze"], ORDER)],
        [("name: Basic,", "name: Basic, aliases: [Bronze],")],
    ),
    ("a key less", [("drop", [("tiers", 0, "aliases")])], [(", aliases: [Gold]", "")]),
    (
        "keys side by side less",
        [("drop", [("tiers", 0, "id"), ("tiers", 0, "name")])],
        [('id: premium, name: "Premium", ', "")],
    ),
    (
        "a key in a line of its own",
        [("put", ("products", 1, "cites"), "C21", ("id", "name", "cites"))],
        [("    name: ALM\n", "    name: ALM\n    cites: C21\n")],
    ),
    ("a line less", [("drop", [("products", 0, "name")])], [("    name: expecco # ours\n", "")]),
    ("the line with the dash less", [("drop", [("products", 1, "id")])], [("- id: alm\n    name", "- name")]),
    (
        "an entry more",
        [("put_list", ("tiers", 0, "aliases"), ["Gold", "Top, of all"])],
        [("[Gold]", '[Gold, "Top, of all"]')],
    ),
    ("entries exchanged", [("put_list", ("tiers", 0, "aliases"), ["Top", "Gold"])], [("[Gold]", "[Top, Gold]")]),
    ("no entry", [("put_list", ("tiers", 0, "aliases"), [])], [("[Gold]", "[]")]),
    (
        "a row at the end",
        [("add_row", ("tiers",), {"id": "x", "name": ""})],
        [("# the smallest\n", '# the smallest\n  - {id: x, name: ""}\n')],
    ),
    (
        "a row after another",
        [("add_row", ("tiers",), {"id": "x"}, (), 0)],
        [("cites: C1}\n  - {id: basic", "cites: C1}\n  - {id: x}\n  - {id: basic")],
    ),
    (
        "an entry in lines of its own",
        [("add_row", ("products",), {"id": "x", "lines": []})],
        [("    lines: []\n", "    lines: []\n\n  - id: x\n    lines: []\n")],
    ),
    (
        "the first row",
        [("add_row", ("closed",), {"date": ""})],
        [("closed: [] # none yet\n", 'closed: # none yet\n  - {date: ""}\n')],
    ),
    (
        "the first row of an entry",
        [("add_row", ("products", 1, "lines"), {"line": "1.0"})],
        [("lines: []\n", "lines:\n      - {line: 1.0}\n")],
    ),
    (
        "a list that was not there",
        [("add_row", ("packages",), {"credits": ""})],
        [("  Ask: question\n", '  Ask: question\n\npackages:\n  - {credits: ""}\n')],
    ),
    (
        "a part that was not there",
        [("put_new", ("renewal",), {"mode": "manual"})],
        [("  Ask: question\n", "  Ask: question\n\nrenewal: {mode: manual}\n")],
    ),
    (
        "a row once more",
        [("copy_row", ("tiers", 1))],
        [("# the smallest\n", "# the smallest\n  - {id: basic, name: Basic, cites: C1}\n")],
    ),
    ("a row less", [("remove_row", ("tiers", 1))], [("  - {id: basic, name: Basic, cites: C1} # the smallest\n", "")]),
    (
        "the last row less",
        [("remove_row", ("products", 0, "lines", 0))],
        [("lines:\n      - {line: 2.8}\n", "lines: []\n")],
    ),
    (
        "rows exchanged with what is said about them",
        [("move_row", ("tiers", 0), 1)],
        [
            (f"{GOLD}{BASIC}", f"{BASIC}{GOLD}"),
        ],
    ),
    ("the first row up", [("move_row", ("tiers", 0), -1)], []),
    ("a free key", [("rename", ("types", "Ask"), "Ask: us")], [("Ask: question", '"Ask: us": question')]),
    ("a pair more", [("put", ("types", "Tell"), "fault")], [("  Ask: question\n", "  Ask: question\n  Tell: fault\n")]),
]


@pytest.mark.parametrize(("changes", "differs"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_a_change_touches_nothing_but_its_place(changes: list[Any], differs: list[tuple[str, str]]) -> None:
    wanted = TEXT
    for before, after in differs:
        assert wanted.count(before) == 1
        wanted = wanted.replace(before, after)
    assert patched(*changes) == wanted


def test_several_changes_are_made_at_once() -> None:
    text = patched(
        ("put", ("tiers", 0, "name"), "Top"),
        ("drop", [("tiers", 0, "aliases"), ("tiers", 0, "cites")]),
        ("put", ("tiers", 0, "from"), "2027-01-01", ORDER),
        ("remove_row", ("products", 0)),
    )
    assert data(text)["tiers"][0] == {"id": "premium", "name": "Top", "from": "2027-01-01"}
    assert [each["id"] for each in data(text)["products"]] == ["alm"]


@pytest.mark.parametrize(
    "text", ["a: [", "- a\n", "a: &x 1\nb: *x\n", "a: !!str 1\n", "{a: 1}\n", "", "a: &x {b: 1}\n"]
)
def test_what_only_a_person_can_change_is_refused(text: str) -> None:
    with pytest.raises(Unchangeable):
        Patch(text)


def test_what_was_empty_gets_no_quotes_that_it_does_not_need() -> None:
    assert patched(("put", ("a", "b"), "x"), text='a: {b: ""}') == "a: {b: x}\n"


def test_a_value_that_is_missing_is_written_after_its_colon() -> None:
    assert patched(("put", ("a", "b"), "1"), text="a:\n  b:\n  c: 2") == "a:\n  b: 1\n  c: 2\n"
