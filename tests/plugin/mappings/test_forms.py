"""Mapping files as forms: made from their schemas, and filled in without another letter of the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from plugin.mappings.check import look_over
from plugin.mappings.document import read_document
from plugin.mappings.edit import on_disk
from plugin.mappings.filled import KEY, UNIT, acted, filled
from plugin.mappings.form_parts import Cell, Input, Part
from plugin.mappings.forms import form
from plugin.mappings.readable import comments
from plugin.mappings.words import Words
from tests.plugin.mappings.test_patch import data

SHIPPED = {name: content.decode() for name, content in on_disk(Path("mappings")).items()}
FILES = [each for each in SHIPPED if each.endswith(".yaml")]


@pytest.fixture(scope="module")
def words() -> Words:
    return look_over({name: text.encode() for name, text in SHIPPED.items()})[1]


def made(name: str, text: str, words: Words | None = None) -> Part:
    found = form(name, text, words)
    assert found is not None
    return found


def answers(part: Part) -> dict[str, list[str]]:
    """What a browser sends where nobody filled anything in."""
    sent: dict[str, list[str]] = {}
    pairs = [pair for each in part.every() for pair in each.pairs or ()]
    for cell in (*part.cells(), *(pair.value for pair in pairs)):
        sent |= _sent(cell)
    return sent | {pair.at + KEY: [pair.key] for pair in pairs}


def _sent(cell: Cell) -> dict[str, list[str]]:
    match cell.input:
        case Input.CHECKS:
            return {cell.at: ["", *cell.several]}
        case Input.LINES:
            return {cell.at: ["\r\n".join(cell.several)]}
        case Input.MOMENT:
            return {cell.at: [cell.value.replace(" ", "T")]}
        case _:
            return {cell.at: [cell.value], cell.at + UNIT: [cell.unit]}


@pytest.mark.parametrize("name", FILES)
def test_every_shipped_table_is_a_form_and_looking_changes_nothing(name: str, words: Words) -> None:
    part = made(name, SHIPPED[name], words)
    assert filled(SHIPPED[name], part, answers(part)) == SHIPPED[name]


TIERS = ("premium", "advanced", "basic")
TYPED = {
    Input.DATE: "2031-02-03",
    Input.MOMENT: "2031-02-03T04:05",
    Input.NUMBER: "17",
    Input.TEXT: "other: 'words' # here",
    Input.LONG: "two\nlines",
    Input.LINES: "one\nother, more",
}


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_what_is_filled_in_is_there_and_nothing_else_is_different(drawn: st.DataObject) -> None:
    name = drawn.draw(st.sampled_from(FILES))
    text = SHIPPED[name]
    part = made(name, text)
    cell = drawn.draw(st.sampled_from([each for each in part.cells() if each.present]))
    value = cell.words[-1] if cell.input in (Input.CHOICE, Input.CHECKS) else TYPED[cell.input]
    after = filled(text, part, answers(part) | {cell.at: [value]})

    before, now = (_flat(data(each)) for each in (text, after))
    assert {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)} <= {
        path for path in before.keys() | now.keys() if path[: len(cell.path)] == cell.path
    }
    assert [said for kind in comments(text) for said in kind.values()] == [
        said for kind in comments(after) for said in kind.values()
    ]
    again = {each.at: each for each in made(name, after).cells()}[cell.at]
    if cell.is_list:
        assert again.several == (tuple(value.split("\n")) if cell.input is Input.LINES else (value,))
    else:
        assert again.value == value


def _flat(value: object, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], object]:
    inside: Iterator[tuple[str | int, object]]
    inside = iter(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    found = {key: each for step, item in inside for key, each in _flat(item, (*path, step)).items()}
    return found if isinstance(value, dict | list) else {path: value}


def cell(part: Part, at: str) -> Cell:
    return {each.at: each for each in part.cells()}[at]


@pytest.mark.parametrize(
    ("name", "at", "shown"),
    [
        ("tiers.yaml", "/response_targets/0/tier", {"input": Input.CHOICE, "words": (*TIERS, "any")}),
        ("tiers.yaml", "/response_targets/0/within", {"unit": "h", "units": ("h", "min"), "words": ("none",)}),
        ("tiers.yaml", "/named_contacts/0/limit", {"input": Input.NUMBER, "unit": "", "words": ("none", "unlimited")}),
        ("tiers.yaml", "/services/0/included", {"input": Input.CHOICE, "words": ("yes", "guidance", "no")}),
        ("tiers.yaml", "/reminders/0/by", {"input": Input.CHECKS, "several": ("note", "field")}),
        ("tiers.yaml", "/reminders/0/at", {"input": Input.LINES, "several": ("50 %", "80 %", "overdue")}),
        ("releases.yaml", "/products/0/lines/0/released", {"input": Input.DATE, "value": "2014-04-14"}),
        ("releases.yaml", "/grace/0/for", {"input": Input.NUMBER, "value": "0", "unit": "days", "units": ("days",)}),
        ("coverage.yaml", "/calendars/0/week/mon", {"input": Input.TEXT, "value": "08:00-18:00"}),
        ("agreements/aurora-robotics.yaml", "/appointments/0/from", {"input": Input.MOMENT}),
        ("agreements/aurora-robotics.yaml", "/entitlements/1/product", {"input": Input.CHOICE, "value": "expecco ALM"}),
        ("prices.yaml", "/annual_fee/0/percent", {"input": Input.NUMBER, "step": "any"}),
    ],
)  # fmt: skip
def test_the_schema_says_what_a_value_is_typed_into(name: str, at: str, shown: dict[str, object], words: Words) -> None:
    found = cell(made(name, SHIPPED[name], words), at)
    assert {key: getattr(found, key) for key in shown} == shown


def test_a_length_gets_its_unit_and_a_word_stands_instead_of_it() -> None:
    name, text = "releases.yaml", SHIPPED["releases.yaml"]
    part = made(name, text)
    for number, unit, wanted in (("1", "days", "for: 1 day,"), ("30", "days", "for: 30 days,")):
        after = filled(text, part, {"/grace/0/for": [number], "/grace/0/for~unit": [unit]})
        assert wanted in after
    tiers = SHIPPED["tiers.yaml"]
    after = filled(
        tiers,
        made("tiers.yaml", tiers),
        {"/response_targets/0/within": ["8"], "/response_targets/0/within~unit": ["none"]},
    )
    assert after == tiers.replace("within: 8 h", "within: none", 1)


def test_what_does_not_fit_its_input_is_shown_as_a_text() -> None:
    text = SHIPPED["tiers.yaml"].replace("within: 8 h", "within: 1 h 30 min", 1)
    assert cell(made("tiers.yaml", text), "/response_targets/0/within").input is Input.TEXT
    text = SHIPPED["releases.yaml"].replace("2014-04-14", "14.4.2014", 1)
    found = cell(made("releases.yaml", text), "/products/0/lines/0/released")
    assert (found.input, found.value) == (Input.TEXT, "14.4.2014")


def test_a_problem_is_told_at_its_cell_and_nowhere_else(words: Words) -> None:
    text = SHIPPED["tiers.yaml"].replace("within: 8 h", "within: soon", 1).replace("limit: 5", "limt: 5", 1)
    assert form("tiers.yaml", text, words) is None, "a key that nobody knows is put right in the text"
    text = SHIPPED["tiers.yaml"].replace("within: 8 h", "within: soon", 1).replace("[50 %, 80 %", "[50 %, often", 1)
    problems, _ = look_over({**{each: SHIPPED[each].encode() for each in SHIPPED}, "tiers.yaml": text.encode()})
    part = form("tiers.yaml", text, words, problems)
    assert part is not None
    assert [path for path, _ in part.wrong()] == [("response_targets", 0, "within"), ("reminders", 0, "at")]


def test_a_new_row_has_what_every_row_says_alike_and_its_gaps_are_told(words: Words) -> None:
    text = SHIPPED["coverage.yaml"]
    after = acted(text, made("coverage.yaml", text, words), "add", "/coverage")
    row = 'cites: C3}\n  - {tier: "", calendar: office, clock: coverage, cites: C3}\n'
    assert after.count(row) == 1
    problems, _ = look_over({**{each: SHIPPED[each].encode() for each in SHIPPED}, "coverage.yaml": after.encode()})
    part = form("coverage.yaml", after, words, problems)
    assert part is not None
    assert [path for path, _ in part.wrong()] == [("coverage", 3, "tier")]


def test_an_entry_with_parts_of_its_own_is_added_whole(words: Words) -> None:
    text = SHIPPED["coverage.yaml"]
    after = data(acted(text, made("coverage.yaml", text, words), "add", "/calendars"))["calendars"][1]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "")
    assert after == {"id": "", "zone": "", "public_holidays": "", "week": week, "cites": ""}


AGREEMENT = SHIPPED["agreements/cobalt-rail.yaml"]


def test_a_part_that_was_left_out_comes_with_what_it_needs_and_goes_when_it_is_emptied() -> None:
    name = "agreements/cobalt-rail.yaml"
    part = made(name, AGREEMENT)
    after = filled(AGREEMENT, part, answers(part) | {"/renewal/notice": ["3"], "/renewal/notice~unit": ["months"]})
    assert data(after)["renewal"] == {"mode": "", "notice": "3 months"}
    again = made(name, after)
    back = filled(after, again, answers(again) | {"/renewal/notice": [""]})
    assert "renewal" not in data(back)
    assert data(back) == data(AGREEMENT)


def test_an_emptied_value_goes_where_it_may_and_stays_empty_where_it_is_needed() -> None:
    part = made("tiers.yaml", SHIPPED["tiers.yaml"])
    after = data(filled(SHIPPED["tiers.yaml"], part, answers(part) | {"/tiers/0/aliases": [""], "/tiers/0/name": [""]}))
    assert after["tiers"][0] == {"id": "premium", "name": "", "cites": "C1"}


def test_pairs_are_renamed_changed_added_and_taken_away() -> None:
    text = SHIPPED["fields.yaml"]
    part = made("fields.yaml", text)
    sent = answers(part) | {
        "/request_types/Report a fault~key": ["Something is broken"],
        "/request_types/Ask a question": ["fault"],
        "/request_types/Ask for training~key": [""],
        "/request_types/Ask for training": [""],
        "/request_types/~key": ["Chat: us"],
        "/request_types/": ["question"],
    }
    before = data(text)["request_types"]
    after = data(filled(text, part, sent))["request_types"]
    assert list(after.items())[:2] == [("Something is broken", "fault"), ("Ask a question", "fault")]
    assert after["Chat: us"] == "question"
    assert "Ask for training" in before
    assert "Ask for training" not in after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("replies/frame.en.md", "Hello"),
        ("tiers.yaml", "tiers: ["),
        ("tiers.yaml", "tiers: none\n"),
        ("tiers.yaml", "tiers: &t [{id: a}]\n"),
        ("tiers.yaml", "tiers: [{id: [a]}]\n"),
        ("tiers.yaml", "no_such_key: 1\n"),
        ("fields.yaml", "request_types: [a]\n"),
    ],
)
def test_what_no_form_can_show_is_edited_as_a_text(name: str, text: str) -> None:
    assert form(name, text, None) is None


def test_an_action_on_what_is_not_there_changes_nothing() -> None:
    text = SHIPPED["tiers.yaml"]
    part = made("tiers.yaml", text)
    for action, at in (("add", "/nothing"), ("remove", "/tiers/99"), ("fly", "/tiers/0"), ("up", "/tiers/0")):
        assert acted(text, part, action, at) == text


def test_the_file_is_read_as_it_was_read_before() -> None:
    assert all(not read_document(name, SHIPPED[name].encode()).problems for name in FILES)
