"""Fields, judged: what is lost without each, on which screens they are, and what the portal asks for."""

from dataclasses import replace

import pytest

from plugin.contract.decision import Source
from plugin.doctor.judge import fields
from plugin.doctor.judge.fields import Screen
from plugin.doctor.line import Verdict
from plugin.jira.fields import DECIDED_BY, OPTIONAL, READ, WRITTEN, Declared, Field, FieldSpec, find_fields
from plugin.jira.fields import FieldsMissing as Missing

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
AT = Source("fields.yaml", 9)
TIERS = {"Premium": "premium", "Basic": "basic"}
DECLARED = Declared(("SUP",), {"tier": FieldSpec("tier", AT, name="Tier", values=TIERS)}, {"Report": "fault"}, {})
TIER = Field("cf1", "Tier", "option", "select", TIERS)
VERSION = Field("cf2", "Version", "string", "textfield", {})


@pytest.mark.parametrize("word", [*READ, *WRITTEN])
def test_of_each_field_it_is_known_what_is_lost_without_it(word: str) -> None:
    assert (fields.lost(word) == "no request is worked") is (word in DECIDED_BY)


def test_a_field_that_is_missing_is_told_with_what_is_lost_and_who_makes_it() -> None:
    with pytest.raises(Missing) as missing:
        find_fields([DECLARED.fields["tier"]], [])
    [line] = fields.found(missing.value)
    assert line.verdict is WRONG
    assert line.sentence.endswith(": requests do not show the tier.")
    assert "support-contract setup --apply does" in str(line.remedy)


def test_a_choice_lacks_an_option_in_one_project_only() -> None:
    screens = {"SUP": Screen("SUP-1", {"cf1": ("premium", "Basic")}), "HELP": Screen("HELP-1", {"cf1": ("Premium",)})}
    good, bad = fields.options(DECLARED, {"tier": TIER}, screens)
    assert (good.verdict, bad.verdict) == (OK, WRONG)
    assert "'Basic' in HELP" in bad.sentence


def test_a_choice_without_any_option_lacks_all_of_them() -> None:
    [line] = fields.options(DECLARED, {"tier": TIER}, {"SUP": Screen("SUP-1", {"cf1": ()})})
    assert line.verdict is WRONG


def test_without_a_request_the_edit_screen_cannot_be_told() -> None:
    [line] = fields.edit_screen({"tier": TIER}, {"SUP": Screen(None, {"cf1": ("Premium",)})})
    assert line.verdict is UNKNOWN


def test_what_no_form_asks_for_is_told() -> None:
    known = {"version": VERSION}
    assert fields.portal(DECLARED, known, {"SUP": {"Report": frozenset({"cf2"})}})[0].verdict is OK
    assert (
        fields.portal(DECLARED, known, {"SUP": {"Report": frozenset(), "Order": frozenset({"cf2"})}})[0].verdict
        is WARNING
    )
    assert fields.portal(DECLARED, known, {"SUP": None})[0].verdict is UNKNOWN


@pytest.mark.parametrize("word", sorted({*WRITTEN, *OPTIONAL}))
def test_what_is_lost_is_said_in_words_that_are_not_ours(word: str) -> None:
    assert "_" not in fields.lost(word)
    assert fields.lost(word) != f"requests do not show {word}"


@pytest.mark.parametrize(("word", "who"), [("override", "no agent"), ("impact", "no customer")])
def test_who_would_choose_an_option_that_is_gone_is_told(word: str, who: str) -> None:
    declared = replace(DECLARED, fields={word: replace(DECLARED.fields["tier"], word=word)})
    [line] = fields.options(declared, {word: TIER}, {"SUP": Screen(None, {"cf1": ()})})
    assert line.verdict is WARNING
    assert f"in SUP: {who} can choose it." in line.sentence


def test_a_portal_is_not_praised_while_the_fields_that_it_asks_for_are_not_there() -> None:
    [line] = fields.portal(DECLARED, {"tier": TIER}, {"SUP": {"Report": frozenset()}})
    assert (line.verdict, bool(line.remedy)) == (UNKNOWN, True)
