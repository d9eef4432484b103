"""What Jira spells is read as it was meant, and what we spell as well."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.jira.plan import same, spell
from plugin.jira.values import moment, value_of
from plugin.sandbox import Flavour, Sandbox, seed
from plugin.sandbox.values import parse
from tests.plugin.jira.builders import FIELDS, moments


@pytest.mark.parametrize("text", ["2026-11-20T14:03:11", "2026-11-20", "yesterday", ""])
def test_a_time_without_a_zone_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"has no time zone|Invalid isoformat"):
        moment(text)


_values: dict[str, st.SearchStrategy[Any]] = {
    "tier": st.sampled_from(["premium", "advanced", "basic"]),
    "severity": st.sampled_from(["1", "2", "3"]),
    "eligibility": st.sampled_from(["eligible", "limited", "on hold", "needs information", "not eligible"]),
    "reason": st.text(min_size=1),
    "credits_charged": st.integers(-(10**9), 10**9),
    "credits_left": st.integers(-(10**9), 10**9),
    "response_due": moments,
}


@given(st.sampled_from(sorted(_values)).flatmap(lambda word: st.tuples(st.just(word), st.none() | _values[word])))
def test_what_is_spelled_is_read_the_same(word_and_value: tuple[str, Any]) -> None:
    word, value = word_and_value
    field = FIELDS[word]

    back = value_of(spell(value, field), field)

    assert same(back, value, field)
    assert type(back) is type(value)
    if isinstance(value, datetime):
        assert abs((back - value).total_seconds()) < 0.001


_SITE = Sandbox(seed(Flavour.CLOUD))


@given(st.sampled_from(sorted(_values)).flatmap(lambda word: st.tuples(st.just(word), _values[word])))
def test_what_is_spelled_is_taken_by_the_site_and_shown_the_same(word_and_value: tuple[str, Any]) -> None:
    word, value = word_and_value
    field, known = FIELDS[word], _SITE.site.field(FIELDS[word].name)

    kept = parse(_SITE.site, known, spell(value, field))

    assert same(value_of(_SITE.speller.value(known, kept), field), value, field)
