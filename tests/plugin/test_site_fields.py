"""The site's fields: a new one is found, and without one that decisions rest on nothing is judged."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plugin.jira.fields import DECIDED_BY, FieldsMissing
from plugin.site_fields import field_map, known_fields
from plugin.store import Store
from tests.road.house import House, emptied, house, sqlite_store, without_field


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("site_fields")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def _renamed(home: House, name: str, to: str) -> None:
    """An admin of Jira gives a field another name."""
    site, field = home.sandbox.site, home.sandbox.site.field(name)
    fields: Any = site.fields
    fields[field.id] = replace(field, name=to)


def test_a_field_that_was_made_a_moment_ago_is_found(home: House) -> None:
    mappings = without_field(home.mappings, "version", "Release")
    with pytest.raises(FieldsMissing, match="Release"):
        field_map(home.client(), mappings)
    version = home.field("Product version")
    _renamed(home, "Product version", "Release")
    home.clock.advance(seconds=31)
    assert field_map(home.client(), mappings)["version"].id == version


@pytest.mark.parametrize("word", ["tier", "credits_left", "language", "participants"])
def test_without_a_field_that_no_decision_rests_on_the_others_are_worked(home: House, word: str) -> None:
    mappings = without_field(home.mappings, word, "Nowhere")
    fields, missing = known_fields(home.client(), mappings)
    assert fields.keys() == mappings.declared.fields.keys() - {word}
    assert missing is not None
    assert list(missing.problems) == [word]


@pytest.mark.parametrize("word", sorted(DECIDED_BY))
def test_without_a_field_that_decisions_rest_on_nothing_is_judged(home: House, word: str) -> None:
    with pytest.raises(FieldsMissing, match="Nowhere"):
        known_fields(home.client(), without_field(home.mappings, word, "Nowhere"))
