"""What editors are told of the mapping files: the same as the model says, and never less than is good."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, get_args
from zoneinfo import available_timezones

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, TypeAdapter
from ruamel.yaml.error import YAMLError

from plugin.contract.coverage import CoverageWindow
from plugin.mappings.catalogue import FOLDERS, SCHEMAS, TABLES
from plugin.mappings.reads import Reads
from plugin.mappings.schemas import schemas, write
from plugin.mappings.values import Region, Windows, Zone
from tests.plugin.mappings.broken import SHIPPED, Mistake
from tests.plugin.mappings.editors import YAMLS, as_an_editor_reads, marked, sort_of
from tests.plugin.mappings.test_shape import MISTAKES as SHAPES
from tests.plugin.mappings.test_values import MISTAKES as VALUES

FILES = [str(each.relative_to(SHIPPED)) for each in sorted(SHIPPED.rglob("*.yaml"))]

# What an editor cannot see: names of the world; and what some YAML reads as the same value.
UNSEEN = {"a time zone with a letter missing", "a country by its name", "a part of a country that does not exist"}
UNSEEN |= {"true for yes", "a number with an underscore", "no length at all"}


def test_the_shipped_schemas_are_those_of_the_model() -> None:
    shipped = {f"{SCHEMAS}/{each.name}": each.read_bytes() for each in (SHIPPED / SCHEMAS).iterdir()}

    assert shipped == schemas(), "run: MAPPINGS_DIR=mappings support-contract schemas"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_one_of_draft_7(name: str) -> None:
    Draft7Validator.check_schema(json.loads(schemas()[name]))


@pytest.mark.parametrize("file", FILES)
def test_a_shipped_file_names_its_schema_in_its_first_line(file: str) -> None:
    text = (SHIPPED / file).read_text("utf-8")
    named = text.partition("\n")[0].removeprefix("# yaml-language-server: $schema=")

    assert text.startswith(sort_of(file).first_line)
    assert (SHIPPED / file).parent.joinpath(named).resolve() == (SHIPPED / sort_of(file).schema).resolve()


@pytest.mark.parametrize("yaml", YAMLS)
@pytest.mark.parametrize("file", FILES)
def test_nothing_is_marked_in_a_shipped_file_whichever_yaml_an_editor_reads(file: str, yaml: tuple[int, int]) -> None:
    assert marked(file, (SHIPPED / file).read_text("utf-8"), yaml) == []


@pytest.mark.parametrize("mistake", [each for each in (*SHAPES, *VALUES) if each.name not in UNSEEN], ids=str)
def test_what_is_wrong_with_a_shape_or_a_value_is_marked_while_it_is_typed(mistake: Mistake, tmp_path: Path) -> None:
    mistake.make(tmp_path)

    assert marked(mistake.file, (tmp_path / "mappings" / mistake.file).read_text("utf-8"))


def test_what_an_editor_cannot_see_is_named_rightly() -> None:
    assert {each.name for each in (*SHAPES, *VALUES)} >= UNSEEN


MARKED = [
    ("agreements/x.yaml", "terms: [{from: 2026-01-01}]", "terms.0"),
    ("agreements/x.yaml", "packages: [{bought: 2026-04-31, credits: 1, expires: 2026-12-31}]", "packages.0.bought"),
    ("agreements/x.yaml", "named_contacts: []", "named_contacts"),
    ("agreements/x.yaml", "named_contacts: [{name: Ada, email: }]", "named_contacts.0.email"),
    ("agreements/x.yaml", "match: {domains: [ada@echo-bakery.example]}", "match.domains.0"),
    ("agreements/x.yaml", "match: {domains: [https://echo-bakery.example]}", "match.domains.0"),
    ("agreements/x.yaml", "language: german", "language"),
    ("agreements/x.yaml", "renewal: {mode: manual, notice: 3}", "renewal.notice"),
    ("coverage.yaml", "calendars: [{week: {mon: 08:00-25:00}}]", "calendars.0.week.mon"),
    ("coverage.yaml", "calendars: [{week: {mon: 08:00-12:00 13:00-18:00}}]", "calendars.0.week.mon"),
    ("credits.yaml", "grants: [{per_license: -1}]", "grants.0.per_license"),
    ("credits.yaml", "grants: [{per_license: unlimited}]", "grants.0.per_license"),
    ("credits.yaml", "costs: [{unit: credits}]", "costs.0.unit"),
    ("eligibility.yaml", "verdicts: [{reason: too_old}]", "verdicts.0.reason"),
    ("eligibility.yaml", "rules: [{rule: tears}]", "rules.0.rule"),
    ("examples/x.yaml", "examples: [{request: {raised: 2026-11-20}}]", "examples.0.request.raised"),
    ("examples/x.yaml", "examples: [{expect: {reasons: [too_old]}}]", "examples.0.expect.reasons.0"),
    ("examples/x.yaml", "examples: [{expect: {left: many}}]", "examples.0.expect.left"),
    ("fields.yaml", "read: {verison: {name: Product version}}", "read"),
    ("fields.yaml", "read: {version: Product version}", "read.version"),
    ("prices.yaml", "currency: euro", "currency"),
    ("releases.yaml", "products: [{lines: [{released: 2027-02-29.}]}]", "products.0.lines.0.released"),
    ("severities.yaml", "environments: [production, Any one]", "environments.1"),
    ("severities.yaml", "environments: [untold]", "environments.0"),
    ("tiers.yaml", "named_contacts: [{limit: infinite}]", "named_contacts.0.limit"),
    ("tiers.yaml", "services: [{included: maybe}]", "services.0.included"),
]


@pytest.mark.parametrize(("file", "text", "place"), MARKED, ids=[text for _, text, _ in MARKED])
@pytest.mark.parametrize("yaml", YAMLS)
def test_a_mistake_is_marked_where_it_stands(file: str, text: str, place: str, yaml: tuple[int, int]) -> None:
    assert place in marked(file, text, yaml)


def test_what_a_key_is_about_and_what_is_expected_there_is_told_in_words() -> None:
    tiers = json.loads(schemas()["schema/tiers.schema.json"])
    target = tiers["definitions"]["ResponseTargetShape"]
    within = target["properties"]["within"]

    assert (tiers["title"], target["title"]) == ("tiers.yaml", "Response target")
    assert target["description"] == "The first response of a tier at a severity."
    assert within["description"].startswith("The time until the first response.")
    assert within["description"].endswith("Expected a length such as 8 h, 90 min or 1 h 30 min, or none.")
    assert within["errorMessage"] == "expected a length such as 8 h, 90 min or 1 h 30 min, or none"


def test_every_key_has_its_name_in_the_file_and_none_may_be_empty() -> None:
    text = "".join(content.decode() for content in schemas().values())

    assert '"since_"' not in text
    assert '"from_"' not in text
    assert '"schema_"' not in text
    assert '"default"' not in text
    assert set(json.loads(schemas()["schema/agreements.schema.json"])["definitions"]["TermShape"]["properties"]) == {
        "from",
        "to",
    }


def _reads(shape: type[BaseModel]) -> Iterator[Reads]:
    for info in shape.model_fields.values():
        yield from (each for each in info.metadata if isinstance(each, Reads))
        yield from _inside(info.annotation)


def _inside(annotation: Any) -> Iterator[Reads]:
    if isinstance(annotation, Reads):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _reads(annotation)
    for each in get_args(annotation):
        yield from _inside(each)


SCALARS = list({each.expected: each for sort in (*TABLES, *FOLDERS) for each in _reads(sort.shape)}.values())
ODD = [
    *("yes", "no", "NO", "on", "off", "true", "y", "n", "null", "~", "none", "any", "all", "unlimited", "closed"),
    *("0", "1", "12", "007", "1_000", "1e5", "0x1f", "0o17", "2.10", "26.1.3", "1.e5", ".5", "-1", "+1", ".inf"),
    *("17:00", "190:20:30", "08:00-18:00", "22:00 - 6:00, 8:00-9:00", "2026-11-23", "2028-02-29", "2026-11-23 14:30"),
    *("8 h", "8h", "90min", "1 h  30 min", "1h30min", "0 days", "1 day", "3  months", " 8 h ", "C1", "C30", "EUR"),
    *("a@b.example", "B+c@d.e.example", "müller.example", "Example.COM", "Europe/Berlin", "UTC", "DE-BW", "FR-971"),
    *("4800", "4800.50", "12.5", "YES", "de", " needs information", "a\nb", "a: b", "[", "{}", "@a", "*a", "&a", "!a"),
]


WINDOWS = next(each for each in get_args(Windows) if isinstance(each, Reads))


def _good(reads: Reads, text: str) -> bool:
    """Would `check` accept this text? The hours of a week are looked at twice."""
    try:
        value = TypeAdapter(Annotated[Any, reads]).validate_python(text)
        for opens, closes in value if reads is WINDOWS else ():
            CoverageWindow.parse("mon", opens, closes)
    except ValueError:
        return False
    return True


def _forms(text: str) -> Iterator[Any]:
    """What an editor can take the text for: quoted it is text, and without quotes what YAML makes of it."""
    yield text
    for version in YAMLS:
        with suppress(YAMLError, ValueError, OverflowError):
            read = as_an_editor_reads(f"- {text}", version)
            if len(read) == 1 and isinstance(read[0], bool | int | float):
                yield read[0]


def _allowed(reads: Reads) -> Draft7Validator:
    return Draft7Validator(TypeAdapter(Annotated[Any, reads]).json_schema())


def _marked(reads: Reads, texts: Iterable[str]) -> list[Any]:
    """Of the texts that are good, what an editor would underline all the same."""
    allowed = _allowed(reads)
    return [form for text in texts if _good(reads, text) for form in _forms(text) if not allowed.is_valid(form)]


@pytest.mark.parametrize("reads", SCALARS, ids=[each.expected for each in SCALARS])
def test_what_yaml_mistakes_for_something_else_is_not_marked_where_it_is_good(reads: Reads) -> None:
    assert _marked(reads, [*ODD, *reads.words]) == []


@pytest.mark.parametrize("reads", SCALARS, ids=[each.expected for each in SCALARS])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_check_accepts_an_editor_accepts_however_it_is_read(reads: Reads, data: st.DataObject) -> None:
    likely = st.sampled_from(reads.words) if reads.words else st.from_regex(str(_allowed(reads).schema["pattern"]))

    assert _marked(reads, data.draw(st.lists(likely | st.text(max_size=12), max_size=8))) == []


@pytest.mark.parametrize("reads", SCALARS, ids=[each.expected for each in SCALARS])
def test_nothing_and_what_is_no_scalar_is_marked_everywhere(reads: Reads) -> None:
    assert [each for each in (None, "", " ", [], ["x"], {"x": "y"}) if _allowed(reads).is_valid(each)] == []


@pytest.mark.parametrize("reads", [each for each in SCALARS if each.words], ids=lambda each: str(each.expected))
def test_every_word_of_a_closed_list_is_offered(reads: Reads) -> None:
    offered = _allowed(reads).schema
    assert tuple(offered.get("enum") or offered["anyOf"][0]["enum"]) == reads.words


def test_every_time_zone_and_every_region_with_public_holidays_is_allowed() -> None:
    zone, region = (_allowed(next(r for r in get_args(each) if isinstance(r, Reads))) for each in (Zone, Region))
    regions = [
        f"{country}-{part}" if part else country
        for country, parts in holidays.list_supported_countries().items()
        for part in ("", *parts)
    ]

    assert [each for each in available_timezones() if not zone.is_valid(each)] == []
    assert [each for each in regions if not region.is_valid(each)] == []


def test_writing_the_schemas_tells_which_are_new_and_which_have_changed(tmp_path: Path) -> None:
    assert write(tmp_path) == dict.fromkeys(schemas(), "new")
    (tmp_path / SCHEMAS / "tiers.schema.json").write_text("{}")
    assert write(tmp_path) == {"schema/tiers.schema.json": "changed"}
    assert write(tmp_path) == {}
    assert (tmp_path / SCHEMAS / "tiers.schema.json").read_bytes() == schemas()["schema/tiers.schema.json"]
