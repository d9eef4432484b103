"""The shipped files are good and say what the contract says; nothing that an admin writes makes reading raise."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.contract.decision import Citation, Source
from plugin.contract.model import Term
from plugin.contract.policy import Shortage
from plugin.jira.board import BoardKind, BoardSetting
from plugin.jira.fields import READ, WRITTEN
from plugin.mappings.check import check, load_and_try
from plugin.mappings.load import Mappings, load, load_recorded
from tests.plugin.mappings.broken import SHIPPED, TODAY, copy_of_shipped, problems, replaced, warnings


@pytest.fixture(scope="module")
def shipped() -> Mappings:
    """The shipped mapping files, read."""
    loaded = load(SHIPPED)
    assert loaded.problems == ()
    assert loaded.mappings is not None
    return loaded.mappings


def test_the_shipped_files_and_their_examples_are_good() -> None:
    assert problems(SHIPPED) == []
    assert warnings(SHIPPED) == []


@pytest.mark.parametrize(
    ("tier", "hours"), [("premium", (8, 12, 24)), ("advanced", (16, 24, 36)), ("basic", (24, 48, 72))]
)
def test_the_shipped_response_times_are_those_of_the_contract(
    tier: str, hours: tuple[int, ...], shipped: Mappings
) -> None:
    targets = [shipped.policy.response_targets.find(TODAY, tier=tier, severity=str(level)) for level in (1, 2, 3)]

    assert [target and target.value for target in targets] == [timedelta(hours=each) for each in hours]


@pytest.mark.parametrize(
    ("tier", "contacts", "credits", "sessions"), [("premium", 5, 32, 3), ("advanced", 2, 16, 1), ("basic", 1, 0, 0)]
)
def test_the_shipped_contacts_credits_and_training_sessions_are_those_of_the_contract(
    tier: str, contacts: int, credits: int, sessions: int, shipped: Mappings
) -> None:
    limit = shipped.policy.contact_limits.find(TODAY, tier=tier)
    credit, session = (
        shipped.policy.grants.find(TODAY, tier=tier, unit=unit) for unit in ("credit", "training_session")
    )

    assert (limit and limit.value, credit and credit.value, session and session.value) == (contacts, credits, sessions)


def test_the_shipped_appointments_are_those_of_the_contract(shipped: Mappings) -> None:
    granted = {
        tier.id: (row := shipped.policy.appointments.find(TODAY, tier=tier.id)) and row.value
        for tier in shipped.policy.tiers
    }

    assert granted == {"premium": "any day", "advanced": "opening days", "basic": "none"}


def test_the_shipped_credits_expire_and_nothing_is_carried_over(shipped: Mappings) -> None:
    row = shipped.policy.carry_over.find(TODAY, tier="premium", unit="credit")

    assert row is not None
    assert row.value.most is None


@pytest.mark.parametrize(
    ("kind", "credits", "sessions"),
    [
        ("fault", 1, 0),
        ("question", 1, 0),
        ("installation", 1, 0),
        ("remote_session", 2, 0),
        ("training", 0, 1),
        ("enhancement", 0, 0),
    ],
)
def test_the_shipped_costs_are_those_of_the_contract(kind: str, credits: int, sessions: int, shipped: Mappings) -> None:
    for severity in "123":
        for unit, units in (("credit", credits), ("training_session", sessions)):
            cost = shipped.policy.costs.find(TODAY, kind=kind, severity=severity, unit=unit)
            assert cost is not None
            assert cost.value == units


def test_a_fault_is_helped_with_when_credits_are_short(shipped: Mappings) -> None:
    row = shipped.policy.shortage.find(TODAY, kind="fault")

    assert row is not None
    assert row.value is Shortage.ACCEPT_AND_FLAG


def test_a_product_defect_is_refunded_and_nothing_else(shipped: Mappings) -> None:
    refunds = {
        outcome: (row := shipped.policy.refunds.find(TODAY, outcome=outcome)) and row.value
        for outcome in shipped.declared.resolutions.values()
    }

    assert refunds == {"product_defect": True, "done": False, "wont_do": False, "duplicate": False}


def test_a_value_cites_its_clause_and_the_line_that_it_stands_in(shipped: Mappings) -> None:
    target = shipped.policy.response_targets.find(TODAY, tier="premium", severity="1")
    text = (SHIPPED / "tiers.yaml").read_text("utf-8")
    line = text[: text.index("{tier: premium, severity: 1")].count("\n") + 1

    assert target is not None
    assert target.cites == Citation("C2", Source("tiers.yaml", line))


def test_the_shipped_customers_are_read_whole(shipped: Mappings) -> None:
    aurora, brennhaus, cobalt, delta = shipped.agreements

    assert [each.customer for each in shipped.agreements] == [
        "aurora-robotics",
        "brennhaus-medical",
        "cobalt-rail",
        "delta-foundry",
    ]
    assert [(each.product, each.tier, each.licenses, each.free) for each in aurora.entitlements] == [
        ("expecco", "premium", 4, False),
        ("expecco-alm", "premium", 2, False),
    ]
    assert aurora.organization_ids == ("11",)
    assert aurora.named_contacts[0].emails == ("mira.castellan@aurora-robotics.example",)
    assert aurora.named_contacts[0].term is None
    assert [each.free for each in brennhaus.entitlements] == [False, False, True]
    assert cobalt.terms == (Term(date(2023, 10, 1), date(2033, 9, 30)),)
    assert delta.term_on(date(2025, 12, 31)) is not None
    assert delta.term_on(date(2026, 1, 1)) is None
    assert aurora.source == Source("agreements/aurora-robotics.yaml", 2)


def test_every_word_of_the_jira_side_is_declared(shipped: Mappings) -> None:
    assert set(shipped.declared.fields) == {*READ, *WRITTEN}
    assert shipped.declared.fields["tier"].values == {"Premium": "premium", "Advanced": "advanced", "Basic": "basic"}
    assert shipped.declared.request_types["Report a fault"] == "fault"
    assert shipped.declared.waiting_to == "Waiting for customer"
    assert shipped.declared.waiting_back == "Waiting for support"
    assert shipped.board == BoardSetting(BoardKind.ORGANIZATION_PROPERTY, "support-contract.credits")


def test_release_lines_keep_the_order_and_the_spelling_of_the_file(shipped: Mappings) -> None:
    expecco = shipped.policy.product_named("expecco")

    assert expecco is not None
    assert [line.name for line in expecco.lines][:5] == ["2.8", "2.9", "2.10", "2.11", "18.1"]
    assert [line.name for line in expecco.released_by(TODAY)][-2:] == ["26.1", "26.2"]


def test_what_decides_can_be_read_again_from_its_bytes_alone(shipped: Mappings) -> None:
    recorded = load_recorded(dict(shipped.files))

    assert (recorded.problems, recorded.warnings) == ((), ())
    assert recorded.mappings is not None
    assert recorded.mappings.policy == shipped.policy
    assert recorded.mappings.agreements == shipped.agreements
    assert {each.partition("/")[0] for each in shipped.files} & {"examples", "replies"} == set()


def test_bytes_that_this_release_reads_in_another_way_are_a_problem(shipped: Mappings) -> None:
    older = {**shipped.files, "tiers.yaml": shipped.files["tiers.yaml"].replace(b"within:", b"in:", 1)}
    recorded = load_recorded(older)

    assert recorded.mappings is None
    assert {each.file for each in recorded.problems} == {"tiers.yaml"}


def test_a_value_changes_from_a_day_on(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    row = "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n"
    later = "  - {tier: basic, severity: 3, within: 60 h, cites: C2, from: 2027-01-01}\n"
    replaced(mappings, "tiers.yaml", row, row + later)
    loaded = load(mappings).mappings

    assert loaded is not None
    find = loaded.policy.response_targets.find
    values = [find(day, tier="basic", severity="3") for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert [value and value.value for value in values] == [timedelta(hours=72), timedelta(hours=60)]


def test_a_tier_of_an_agreement_can_be_named_by_an_alias(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "agreements/cobalt-rail.yaml", "tier: basic", "tier: GOLD")
    loaded = load(mappings).mappings

    assert loaded is not None
    assert [each.tier for each in loaded.agreements[2].entitlements] == ["premium"]


def test_all_mistakes_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "tiers.yaml", "limit: 5", "limit: five")
    replaced(mappings, "tiers.yaml", "severity: 1, within: 8 h", "severity: 1, withn: 8 h")
    replaced(mappings, "releases.yaml", "released: 2026-10-12", "released: 12.10.2026")
    replaced(
        mappings,
        "credits.yaml",
        "{kind: training, severity: any, unit: credit",
        "{kind: trainig, severity: any, unit: credit",
    )
    (mappings / "fields.yaml").write_text("projects: [SUP\n")
    replaced(mappings, "examples/severity.yaml", "request: {kind: question", "request: {kin: question")

    files = [each.file for each in check(mappings, TODAY) if not each.warning]
    assert files == [
        "credits.yaml",
        "examples/severity.yaml",
        "fields.yaml",
        "releases.yaml",
        "tiers.yaml",
        "tiers.yaml",
    ]


WARNED = [
    (
        "coverage.yaml",
        "public_holidays: DE-BW",
        "public_holidays: none",
        "this calendar keeps no public holidays: deadlines run on every one; name a region such as DE-BW",
    ),
    (
        "releases.yaml",
        "last_confirmed: 2026-11-02",
        "last_confirmed: 2025-11-22",
        "the releases were last confirmed more than a year ago; ask product management to confirm them",
    ),
    (
        "releases.yaml",
        "last_confirmed: 2026-11-02",
        "last_confirmed: 2026-11-24",
        "last_confirmed is in the future; today is 2026-11-23",
    ),
    (
        "agreements/cobalt-rail.yaml",
        "to: 2033-09-30",
        "to: 2026-11-22",
        "the agreement of Cobalt Rail ended on 2026-11-22; today is 2026-11-23",
    ),
    (
        "agreements/cobalt-rail.yaml",
        "to: 2033-09-30",
        "to: 2026-11-24",
        "the agreement of Cobalt Rail ends on 2026-11-24, in 1 day",
    ),
    (
        "agreements/cobalt-rail.yaml",
        "to: 2033-09-30",
        "to: 2027-01-21",
        "the agreement of Cobalt Rail ends on 2027-01-21, in 59 days",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), WARNED, ids=[each[2] for each in WARNED])
def test_what_an_admin_should_look_at_is_a_warning(
    file: str, old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    mappings = copy_of_shipped(tmp_path)
    shutil.rmtree(mappings / "examples")
    (mappings / "examples").mkdir()
    text = replaced(mappings, file, old, new)
    value = new.partition(" ")[2]
    begins = text.index(new) + new.index(value)
    line, column = text.count("\n", 0, begins) + 1, begins - text.rfind("\n", 0, begins)

    assert f"{file}:{line}:{column}: warning: {sentence}" in warnings(mappings)
    assert problems(mappings) == []


def test_an_agreement_that_ends_later_than_that_is_not_warned_of(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "agreements/cobalt-rail.yaml", "to: 2033-09-30", "to: 2027-01-22")
    assert warnings(mappings) == []


def test_a_product_with_no_line_released_yet_is_a_warning(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    new = "  - {id: next, name: Next, cites: C21, lines: [{line: 1.0, released: 2026-11-24, cites: C13}]}\n"
    text = replaced(mappings, "releases.yaml", "products:\n", f"products:\n{new}")
    line = text[: text.index(new)].count("\n") + 1

    said = "no line of Next has been released yet; today is 2026-11-23"
    assert warnings(mappings) == [f"releases.yaml:{line}:5: warning: {said}"]


SCALAR = re.compile(r"(?<=[:\[{,] )[^,\]}\n]+|(?<=- )[^\n]+|[a-z_]+(?=:)")
FILES = [str(each.relative_to(SHIPPED)) for each in sorted(SHIPPED.rglob("*.yaml"))]
ODD = st.sampled_from(
    [
        *"~-?*&!|>%@`'\"{}[],:#\t\x00",
        *("", "[]", "{}", "&a [*a]", "*a", "? x", "- a", "a: b", "any", "none", "unlimited", "no", "UTC", "%s{}"),
        *("0", "-1", "1e999", "9" * 30, "2026-02-30", "0001-01-01", "9999-12-31", "9999-12-31 23:59", "0 h", "9999 h"),
        *("00:00-24:00", "18:00-08:00", "24:00-24:00", "DE-XX", "Etc/GMT+5", "premium", "expecco", "{{ x }}"),
    ]
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped files that is put right again after each change."""
    return copy_of_shipped(tmp_path_factory.mktemp("mutated"))


@settings(max_examples=40)
@given(data=st.data())
def test_no_change_of_a_value_or_key_makes_reading_raise(data: st.DataObject, scratch: Path) -> None:
    path = scratch / data.draw(st.sampled_from(FILES))
    text = path.read_text("utf-8")
    part = data.draw(st.sampled_from(list(SCALAR.finditer(text))))
    path.write_text(text[: part.start()] + data.draw(ODD | st.text(max_size=12)) + text[part.end() :], "utf-8")
    try:
        found = load_and_try(scratch, TODAY)
    finally:
        path.write_text(text, "utf-8")

    assert (found.mappings is None) == bool(found.problems)
    assert all(each.line >= 1 and each.column >= 1 and each.sentence for each in found.problems)


@settings(max_examples=30)
@given(content=st.binary(max_size=200))
def test_no_bytes_in_the_place_of_a_file_make_reading_raise(content: bytes, scratch: Path) -> None:
    path = scratch / "tiers.yaml"
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        found = load(scratch)
    finally:
        path.write_bytes(before)

    assert any(each.file == "tiers.yaml" for each in found.problems)
