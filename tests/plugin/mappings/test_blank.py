"""A new mapping file: whatever its schema needs, as a form that wants nothing but filling in."""

from pathlib import Path

import pytest

from plugin.mappings.blank import blank
from plugin.mappings.check import look_over
from plugin.mappings.edit import on_disk
from plugin.mappings.forms import form

SHIPPED = on_disk(Path("mappings"))


def test_a_new_agreement_has_a_row_in_each_table_that_it_needs() -> None:
    assert blank("agreements/echo-bakery.yaml") == (
        "# yaml-language-server: $schema=../schema/agreements.schema.json\n"
        'name: ""\nmatch: {}\nterms:\n  - {from: "", to: ""}\n'
        'entitlements:\n  - {product: "", tier: "", licenses: ""}\nnamed_contacts:\n  - {name: ""}\n'
    )


@pytest.mark.parametrize("name", ["agreements/x.yaml", "examples/x.yaml", "statements/fr.yaml", "prices.yaml"])
def test_what_is_wrong_with_a_new_file_is_only_that_it_is_not_filled_in(name: str) -> None:
    text = blank(name)
    problems, words = look_over({**SHIPPED, name: text.encode()})
    own = [each for each in problems if each.file == name]
    part = form(name, text, words, own)
    assert part is not None
    assert own
    assert not [each.sentence for each in own if "missing" in each.sentence or "unknown" in each.sentence]


def test_what_has_no_schema_begins_empty() -> None:
    assert blank("replies/frame.fr.md") == ""
