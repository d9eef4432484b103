"""What setup is about: every declared field can be made, and no print shows a secret."""

from pathlib import Path

import pytest

from plugin.jira.admin import HookWanted
from plugin.jira.fields import FieldSpec
from plugin.jira.setup.fields import kind_of
from plugin.jira.setup.rows import SEARCHERS, Register, Row, State, Wanted, fingerprint
from plugin.mappings.load import Mappings, load


@pytest.fixture(scope="module")
def shipped() -> Mappings:
    mappings = load(Path(__file__).parents[4] / "mappings").mappings
    assert mappings is not None
    return mappings


def test_every_field_that_has_a_name_can_be_made(shipped: Mappings) -> None:
    for spec in shipped.declared.fields.values():
        assert (kind_of(spec, {}) in SEARCHERS) is (spec.name is not None), spec


@pytest.mark.parametrize(
    ("word", "values", "kind"),
    [
        ("tier", {"Premium": "premium"}, "select"),
        ("response_due", None, "datetime"),
        ("credits_left", None, "float"),
        ("account_representative", None, "userpicker"),
        ("reason", None, "textarea"),
        ("version", None, "textfield"),
        ("product", None, "select"),
    ],
)
def test_a_word_is_held_by_a_field_of_its_kind(
    shipped: Mappings, word: str, values: dict[str, str] | None, kind: str
) -> None:
    spec = FieldSpec(word, shipped.declared.fields[word].source, name="Any", values=values)
    assert kind_of(spec, {"product": ("expecco",)}) == kind


def test_no_print_of_what_is_wanted_or_done_shows_the_secret() -> None:
    secret = "a-secret-that-nobody-is-to-read"
    hook = HookWanted(f"support-contract {fingerprint(secret)}", "https://a.example", (), "", secret)
    wanted = Wanted((), ("SUP",), (), secret=secret)
    row = Row("webhook", State.MISSING, "register", Register(hook))
    assert secret not in f"{hook} {wanted} {row} {hook!r} {row!r}"
    assert len(fingerprint(secret)) == 8
    assert fingerprint(secret) != fingerprint(secret + "x")
