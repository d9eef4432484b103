"""Sentences that are English, and remember what they were made of."""

import copy
import json

from plugin.contract.saying import AND, Several, say, together


def test_a_sentence_is_a_text_like_any_other() -> None:
    sentence = say("{person} has {number} {things}.", person="Mira", number=2, things=Several.of(("a", "b"), AND))
    assert sentence == "Mira has 2 a and b."
    assert json.loads(json.dumps({"sentence": sentence})) == {"sentence": "Mira has 2 a and b."}
    assert copy.deepcopy(sentence).pattern == "{person} has {number} {things}."


def test_what_is_filled_in_is_no_pattern() -> None:
    assert say("{a} {b}", a="{b}", b="{0}") == "{b} {0}"


def test_several_sentences_stay_sentences_and_one_stays_itself() -> None:
    one = say("One.")
    assert together((one,)) is one
    assert together((one, "Two.", "Three.")) == "One. Two. Three."
