"""The mistakes that `agreement_checks.py` finds, each told with its place."""

from pathlib import Path

import pytest

from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced, warnings

NORA = 'technical_account_representative: {name: Nora Quist, account: "712020:953c97ad-e8ce-52a5-8b5c-8b004c009bf9"}\n'

MISTAKES = [
    Mistake(
        "more contacts than the tier allows, from a day on",
        "agreements/cobalt-rail.yaml",
        "email: yusuf.adeyemi@cobalt-rail.example}",
        "email: yusuf.adeyemi@cobalt-rail.example}\n  - ^{name: Lena Roth, email: lena.roth@cobalt-rail.example, "
        "from: 2026-06-01}",
        "2 named contacts on 2026-06-01, and the tier allows 1 (C4, tiers.yaml:{line}); end one with to:, or sell a "
        "higher tier",
        refers=("tiers.yaml", "{tier: basic, limit: 1"),
    ),
    Mistake(
        "the same address but for case and a plus part",
        "agreements/aurora-robotics.yaml",
        "email: jonas.feld@aurora-robotics.example",
        "email: ^Mira.Castellan+jf@aurora-robotics.example",
        "Mira.Castellan+jf@aurora-robotics.example is already in line {line}; remove one of them",
        refers="{name: Mira Castellan",
    ),
    Mistake(
        "an organization id of two customers",
        "agreements/brennhaus-medical.yaml",
        "organization_ids: [12]",
        "organization_ids: [12, ^11]",
        "11 is already matched by aurora-robotics in agreements/aurora-robotics.yaml:{line}; keep it in one agreement",
        refers=("agreements/aurora-robotics.yaml", "match:"),
    ),
    Mistake(
        "a domain of two customers",
        "agreements/brennhaus-medical.yaml",
        "domains: [brennhaus-medical.example]",
        "domains: [^Aurora-Robotics.example]",
        "aurora-robotics.example is already matched by aurora-robotics in agreements/aurora-robotics.yaml:{line}; "
        "keep it in one agreement",
        refers=("agreements/aurora-robotics.yaml", "match:"),
    ),
    Mistake(
        "an organization name of two customers",
        "agreements/brennhaus-medical.yaml",
        "organizations: [Brennhaus Medical]",
        "organizations: [^aurora robotics]",
        "aurora robotics is already matched by aurora-robotics in agreements/aurora-robotics.yaml:{line}; keep it "
        "in one agreement",
        refers=("agreements/aurora-robotics.yaml", "match:"),
    ),
    Mistake(
        "an agreement that nothing matches",
        "agreements/cobalt-rail.yaml",
        "{organization_ids: [13], organizations: [Cobalt Rail], domains: [cobalt-rail.example]}",
        "^{domains: []}",
        "match: nothing is given; expected organization_ids, organizations or domains",
    ),
    Mistake(
        "two tiers for one product on one day",
        "agreements/aurora-robotics.yaml",
        "  - {product: expecco ALM, tier: premium, licenses: 2}",
        "  - {product: expecco, tier: ^silver, licenses: 2}",
        "expecco is advanced here and premium in line {line} on the same days; end one with to: before the other "
        "begins",
        refers="{product: expecco, tier: premium",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


YUSUF = "{name: Yusuf Adeyemi, email: yusuf.adeyemi@cobalt-rail.example"


def test_a_limit_that_falls_from_a_day_on_is_held_against_the_contacts_of_that_day(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    row = "  - {tier: premium, limit: 5, cites: C4}\n"
    replaced(mappings, "tiers.yaml", row, f"{row}  - {{tier: premium, limit: 1, cites: C4, from: 2028-01-01}}\n")

    (problem,) = problems(mappings)
    assert problem.startswith("agreements/aurora-robotics.yaml:")
    assert "2 named contacts on 2028-01-01, and the tier allows 1 (C4, tiers.yaml:" in problem


def test_a_contact_who_left_may_come_back_and_a_substitute_may_take_the_place(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    rows = (
        f"{YUSUF}, to: 2026-05-31}}\n"
        "  - {name: Lena Roth, email: lena.roth@cobalt-rail.example, from: 2026-06-01, to: 2026-06-30}\n"
        f"  - {YUSUF}, from: 2026-07-01}}"
    )
    replaced(mappings, "agreements/cobalt-rail.yaml", f"{YUSUF}}}", rows)

    assert problems(mappings) == []


def test_a_product_may_change_its_tier_from_one_day_to_the_next(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    row = "  - {product: expecco, tier: basic, licenses: 3}"
    rows = (
        "  - {product: expecco, tier: basic, licenses: 3, to: 2027-12-31}\n"
        "  - {product: expecco, tier: premium, licenses: 3, from: 2028-01-01}"
    )
    replaced(mappings, "agreements/cobalt-rail.yaml", row, rows)

    assert problems(mappings) == []


def test_a_premium_agreement_that_names_no_representative_is_warned_of(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "agreements/aurora-robotics.yaml", NORA, "")

    (warning,) = warnings(mappings)
    assert warning.startswith("agreements/aurora-robotics.yaml:2:7: warning: Aurora Robotics has a technical account ")
    assert "(C11, tiers.yaml:" in warning
    assert warning.endswith("none is named; expected technical_account_representative with a name and an account")


@pytest.mark.parametrize(
    ("spans", "warned"),
    [
        ("to: 2026-11-22", False),
        ("to: 2026-11-23", True),
        ("from: 2027-01-01", True),
        ("free: yes", False),
    ],
)
def test_only_a_tier_in_force_from_today_on_calls_for_a_representative(
    spans: str, warned: bool, tmp_path: Path
) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "agreements/aurora-robotics.yaml", NORA, "")
    for product, licenses in (("expecco", 4), ("expecco ALM", 2)):
        row = f"{{product: {product}, tier: premium, licenses: {licenses}"
        replaced(mappings, "agreements/aurora-robotics.yaml", f"{row}}}", f"{row}, {spans}}}")

    found = [each for each in warnings(mappings) if "technical account representative" in each]
    assert len(found) == warned


def test_a_representative_whom_no_tier_includes_is_warned_of(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    with (mappings / "agreements" / "cobalt-rail.yaml").open("a", encoding="utf-8") as file:
        file.write(NORA)
    line = (mappings / "agreements" / "cobalt-rail.yaml").read_text("utf-8").count("\n")

    assert warnings(mappings) == [
        f"agreements/cobalt-rail.yaml:{line}:1: warning: no tier of Cobalt Rail includes a technical account "
        "representative, so Nora Quist is never assigned; remove it, or sell a higher tier"
    ]


def test_a_representative_named_for_a_tier_that_is_still_to_come_is_in_order(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    with (mappings / "agreements" / "cobalt-rail.yaml").open("a", encoding="utf-8") as file:
        file.write(NORA)
    later = "\n  - {product: expecco ALM, tier: premium, licenses: 1, from: 2028-01-01}"
    row = "  - {product: expecco, tier: basic, licenses: 3}"
    replaced(mappings, "agreements/cobalt-rail.yaml", row, row + later)

    assert warnings(mappings) == []


@pytest.mark.parametrize(("language", "warned"), [("de", False), ("en", False), ("fr", True)])
def test_a_language_that_no_reply_is_written_in_is_warned_of(language: str, warned: bool, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(
        mappings, "agreements/cobalt-rail.yaml", "name: Cobalt Rail\n", f"language: {language}\nname: Cobalt Rail\n"
    )

    sentence = "language: there are no replies in fr; replies are in de or en; its customers get another of these"
    told = [f"agreements/cobalt-rail.yaml:2:11: warning: {sentence}"]
    assert warnings(mappings) == (told if warned else [])
