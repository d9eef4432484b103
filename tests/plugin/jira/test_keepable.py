"""Characters that JSON can spell and no database keeps."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Response

from plugin.jira.keepable import content
from plugin.store import Store, attempts
from tests.bench.history import RAISED


def answer(body: bytes) -> Response:
    made = Response()
    made._content = body
    return made


def test_what_no_database_keeps_is_marked_as_unreadable_wherever_it_stands() -> None:
    said = content(answer(rb'{"a\u0000": ["x\u0000y", {"b": "\ud83d and \uDE00"}], "n": 1, "c": null}'))

    assert said == {"a�": ["x�y", {"b": "� and �"}], "n": 1, "c": None}


def test_a_pair_of_surrogates_is_the_character_that_it_stands_for() -> None:
    assert content(answer(rb'"\ud83d\ude00 \\u0000"')) == "😀 \\u0000"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.recursive(st.none() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=4), max_leaves=9))
def test_everything_else_is_as_it_was_said(value: object) -> None:
    assert content(answer(json.dumps(value).encode())) == value


def test_nesting_without_end_is_no_json() -> None:
    with pytest.raises(ValueError, match="nested"):
        content(answer(b"[" * 200_000))


def test_both_databases_keep_it(store: Store) -> None:
    said = content(answer(rb'"SUP-1\u0000 \ud800"'))
    with store.writing() as tx:
        attempts.note(tx, "1", RAISED, None, said)
        assert attempts.latest(tx, "1")[0].trouble == "SUP-1� �"
