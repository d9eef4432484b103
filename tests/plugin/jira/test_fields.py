import re

import pytest

from plugin.contract.decision import Source
from plugin.jira.fields import READ, WRITTEN, FieldsMissing, FieldSpec, find_fields
from plugin.sandbox import Flavour, Sandbox, seed
from tests.plugin.jira.builders import CATALOGUE, CUSTOM, FIELDS, JSM, SPECS, entry, spec


def problems_of(specs: list[FieldSpec], catalogue: list[dict[str, object]]) -> list[str]:
    with pytest.raises(FieldsMissing) as missing:
        find_fields(specs, catalogue)
    problems = list(missing.value.problems.values())
    assert str(missing.value) == "\n".join(problems)
    return problems


def test_every_word_finds_its_field_and_what_it_is_called_on_the_site() -> None:
    assert set(FIELDS) == {*READ, *WRITTEN}
    assert FIELDS["tier"].id == "customfield_21"
    assert (FIELDS["tier"].name, FIELDS["tier"].type, FIELDS["tier"].custom) == (
        "Support tier",
        "option",
        CUSTOM + "select",
    )


def test_jsms_own_fields_are_found_by_schema_whatever_their_translated_name() -> None:
    assert FIELDS["organizations"].id == "customfield_2"
    assert FIELDS["organizations"].name == "기관"
    assert FIELDS["request_type"].id == "customfield_1"


def test_jiras_own_field_is_found_by_the_name_that_jira_itself_has_for_it() -> None:
    queue = entry("customfield_40", "Priority", "option", CUSTOM + "select")

    [by_schema] = find_fields([spec("priority", schema="priority")], [*CATALOGUE, queue]).values()
    [by_name] = find_fields([spec("priority", "Priority")], [*CATALOGUE, queue]).values()

    assert (by_schema.id, by_schema.name, by_schema.type) == ("priority", "Priorität", "priority")
    assert (by_name.id, by_name.type) == ("customfield_40", "option")


def test_a_name_is_found_in_any_case_and_with_spaces_around_it() -> None:
    catalogue = [entry("customfield_5", " PRODUCT Version", "string", CUSTOM + "textfield")]

    assert find_fields([spec("version", "product version ")], catalogue)["version"].id == "customfield_5"


def test_a_field_whose_name_is_translated_for_our_account_is_found_by_the_name_that_searches_know() -> None:
    translated = entry("customfield_5", "Produktversion", "string", CUSTOM + "textfield")
    translated["clauseNames"] = ["cf[5]", "Product version"]

    found = find_fields([spec("version", "Product version")], [translated])

    assert (found["version"].id, found["version"].name) == ("customfield_5", "Produktversion")


def test_the_shown_name_goes_before_the_name_that_searches_know() -> None:
    other = entry("customfield_6", "Old version", "string", CUSTOM + "textfield", clauseNames=["Product version"])
    shown = entry("customfield_5", "Product version", "string", CUSTOM + "textfield")

    assert find_fields([spec("version", "Product version")], [other, shown])["version"].id == "customfield_5"


def test_a_field_without_schema_or_search_names_is_no_trouble() -> None:
    assert find_fields([spec("version", "Key")], [{"id": "issuekey", "name": "Key"}])["version"].type == "any"


def test_name_and_schema_together_must_both_fit() -> None:
    catalogue = [
        entry("customfield_5", "Product version", "string", CUSTOM + "textfield"),
        entry("customfield_6", "Product version", "string", CUSTOM + "textarea"),
    ]
    wanted = spec("version", "Product version", CUSTOM + "textarea")

    assert find_fields([wanted], catalogue)["version"].id == "customfield_6"


def test_a_field_of_one_team_managed_project_does_not_stand_in_the_way() -> None:
    own = entry("customfield_5", "Product version", "string", CUSTOM + "textfield")
    others = entry(
        "customfield_6",
        "Product version",
        "string",
        CUSTOM + "textfield",
        scope={"type": "PROJECT", "project": {"id": "10044"}},
    )

    assert find_fields([spec("version", "Product version")], [others, own])["version"].id == "customfield_5"
    assert find_fields([spec("version", "Product version")], [others])["version"].id == "customfield_6"


def test_every_problem_is_told_at_once_with_place_and_nearest_name() -> None:
    catalogue = [each for each in CATALOGUE if each["name"] not in ("Support tier", "Eligibility reason")]
    catalogue.append(entry("customfield_98", "Suport tier", "option", CUSTOM + "select"))
    catalogue.append(entry("customfield_99", "Product", "string", CUSTOM + "textfield"))

    product, tier, reason = problems_of(list(SPECS), catalogue)

    assert "product (fields.yaml:7): name 'Product': 2 fields of the site fit (customfield_11, customfield_99)" in (
        product
    )
    assert "tier (fields.yaml:7): name 'Support tier': the site has no such field" in tier
    assert "(nearest: 'Suport tier')" in tier
    assert reason.startswith("reason (fields.yaml:7)")


def test_a_schema_that_the_site_lacks_is_named_as_it_was_declared() -> None:
    [problem] = problems_of([spec("organizations", schema=JSM + "sd-customer-organizations")], [])

    assert f"schema '{JSM}sd-customer-organizations'" in problem
    assert "create it or correct the mapping" in problem


@pytest.mark.parametrize(
    ("word", "name", "type", "custom", "told"),
    [
        ("response_due", "Response due", "date", "datepicker", "is of type date; expected datetime"),
        ("appointment_from", "Appointment from", "date", "datepicker", "is of type date; expected datetime"),
        ("credits_left", "Credits left", "string", "textfield", "is of type string; expected number"),
        ("tier", "Support tier", "array", "multiselect", "is of type array; expected option or string"),
        ("reason", "Eligibility reason", "string", "textfield", "holds one short line"),
        ("organizations", "Organizations", "string", "textfield", "is of type string; expected array"),
        ("priority", "Urgency", "number", "float", "is of type number; expected priority or option or string"),
        ("account_representative", "Our people", "array", "multiuserpicker", "is of type array; expected user"),
    ],
)
def test_a_field_that_cannot_hold_the_word_is_a_problem(
    word: str, name: str, type: str, custom: str, told: str
) -> None:
    [problem] = problems_of([spec(word, name)], [entry("customfield_9", name, type, CUSTOM + custom)])

    assert told in problem
    assert f"{name!r} (customfield_9)" in problem


@pytest.mark.parametrize("first_field_id", [10100, 20500])
@pytest.mark.parametrize("flavour", list(Flavour))
def test_no_id_is_assumed(flavour: Flavour, first_field_id: int) -> None:
    sandbox = Sandbox(seed(flavour, first_field_id))
    catalogue = [sandbox.speller.field(field) for field in sandbox.site.fields.values()]

    found = find_fields(SPECS, catalogue)

    assert {word: found[word].id for word in ("version", "tier")} == {
        "version": sandbox.site.field("Product version").id,
        "tier": sandbox.site.field("Support tier").id,
    }
    custom = [field for word, field in found.items() if word != "priority"]
    assert all(int(field.id.removeprefix("customfield_")) >= first_field_id for field in custom)


def test_a_declaration_says_where_it_stands_and_how_it_finds() -> None:
    assert str(FieldSpec("tier", Source("fields.yaml", 12), None, "Support tier")) == (
        "tier (fields.yaml:12): name 'Support tier'"
    )
    assert re.search(r"schema 'x:y'", str(FieldSpec("tier", Source("fields.yaml", 12), "x:y")))


def test_words_and_options_translate_both_ways_in_any_case() -> None:
    tier = FIELDS["tier"]

    assert tier.word_of(" PREMIUM ") == "premium"
    assert tier.word_of("Gold") is None
    assert tier.option_of("premium") == "Premium"
    assert tier.option_of("gold") == "gold"
