"""Other names for fields in fields.yaml: exchanged where they stand, and not a letter else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.mappings.rename import CannotRename, names_in, renamed

SHIPPED = (Path(__file__).parents[3] / "mappings" / "fields.yaml").read_bytes()


def test_names_are_exchanged_in_both_ways_of_writing_and_all_else_stays() -> None:
    changed = renamed(SHIPPED, {"tier": "Contract tier", "response_due": "First answer due"})
    expected = SHIPPED.replace(b"name: Support tier", b"name: Contract tier").replace(
        b"{name: Response due}", b"{name: First answer due}"
    )
    assert changed == expected != SHIPPED


def test_the_same_names_change_nothing() -> None:
    assert renamed(SHIPPED, names_in(SHIPPED)) == SHIPPED


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=40
    ).map(str.strip)
)
@settings(max_examples=60)
def test_any_name_is_read_back_as_it_was_given(name: str) -> None:
    small = (
        b"read:\n  product: {name: Product}\nwritten:\n  tier:\n    name: Support tier\n    values: {Basic: basic}\n"
    )
    assert names_in(renamed(small, {"tier": name, "product": name})) == {"tier": name, "product": name}


def test_a_field_that_is_found_by_its_schema_has_no_name_to_exchange() -> None:
    with pytest.raises(CannotRename, match="no name for organizations"):
        renamed(SHIPPED, {"organizations": "Customers"})


def test_a_byte_order_mark_does_not_shift_the_names() -> None:
    text = "\ufeffread:\n  tier: {name: 'Old: one'} # a remark\n"
    assert renamed(text.encode(), {"tier": "New"}).decode() == "read:\n  tier: {name: New} # a remark\n"
