"""The mistakes that `agreements.py` finds, each told with its place."""

from pathlib import Path

import pytest

from plugin.contract.model import Renewal
from plugin.mappings.load import load
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced

LAST = "  - {name: Yusuf Adeyemi, email: yusuf.adeyemi@cobalt-rail.example}"
PACKAGE = f"{LAST}\npackages:\n  - {{bought: 2026-10-01, credits: 20, expires: 2027-03-31}}"

MISTAKES = [
    Mistake(
        "a package that expires before it is bought",
        "agreements/cobalt-rail.yaml",
        LAST,
        f"{LAST}\npackages:\n  - {{bought: 2026-10-01, credits: 20, expires: ^2026-09-30}}",
        "expires: 2026-09-30 comes before bought: 2026-10-01; expected the last day of its use",
    ),
    Mistake(
        "two packages of one day without a reference",
        "agreements/cobalt-rail.yaml",
        LAST,
        f"{PACKAGE}\n  - {{bought: ^2026-10-01, credits: 5, expires: 2027-12-31}}",
        "the package 2026-10-01 is already in line {line}; give each its own reference",
        refers="{bought: 2026-10-01, credits: 20",
    ),
    Mistake(
        "another word for a renewal",
        "agreements/cobalt-rail.yaml",
        LAST,
        f"{LAST}\nrenewal: {{mode: ^tacit}}",
        "mode: tacit is not known; expected manual or automatic",
    ),
    Mistake(
        "a package of nothing",
        "agreements/cobalt-rail.yaml",
        LAST,
        f"{LAST}\npackages:\n  - {{bought: 2026-10-01, credits: ^0, expires: 2026-12-30}}",
        "credits: 0 is not understood; expected a whole number from 1 on",
    ),
    Mistake(
        "terms that share a day",
        "agreements/aurora-robotics.yaml",
        "  - {from: 2024-04-01, to: 2034-03-31}",
        "  - {from: 2024-04-01, to: 2034-03-31}\n  - ^{from: 2034-03-31, to: 2035-03-31}",
        "the term 2034-03-31 to 2035-03-31 overlaps the term 2024-04-01 to 2034-03-31; correct the dates",
    ),
    Mistake(
        "a term that ends before it begins",
        "agreements/aurora-robotics.yaml",
        "to: 2034-03-31",
        "to: ^2024-03-31",
        "to: 2024-03-31 comes before from: 2024-04-01; expected the last day of the span",
    ),
    Mistake(
        "an entitlement beyond the agreement",
        "agreements/aurora-robotics.yaml",
        "licenses: 4",
        "licenses: 4, to: ^2035-01-01",
        "to: 2035-01-01 is outside the agreement, 2024-04-01 to 2034-03-31; correct it, or leave it out for the whole",
    ),
    Mistake(
        "an entitlement that ends before it begins",
        "agreements/aurora-robotics.yaml",
        "licenses: 4",
        "licenses: 4, from: 2030-01-01, to: ^2029-01-01",
        "to: 2029-01-01 comes before from: 2030-01-01; expected the last day of the span",
    ),
    Mistake(
        "no named contact",
        "agreements/cobalt-rail.yaml",
        "  - {name: Yusuf Adeyemi, email: yusuf.adeyemi@cobalt-rail.example}",
        "  ^[]",
        "named_contacts: the list is empty; expected at least one entry",
    ),
    Mistake(
        "no entitlement",
        "agreements/cobalt-rail.yaml",
        "  - {product: expecco, tier: basic, licenses: 3}",
        "  ^[]",
        "entitlements: the list is empty; expected at least one entry",
    ),
    Mistake(
        "a contact without e-mail and account",
        "agreements/aurora-robotics.yaml",
        ", email: jonas.feld@aurora-robotics.example",
        "",
        "Jonas Feld cannot be recognised; expected an email or an account",
        at="{name: J",
    ),
    Mistake(
        "an unknown product",
        "agreements/cobalt-rail.yaml",
        "product: expecco,",
        "product: ^expeco,",
        "product: there is no product expeco; expected expecco, expecco-licenseserver or expecco-alm (nearest: "
        "expecco)",
    ),
    Mistake(
        "an unknown tier",
        "agreements/cobalt-rail.yaml",
        "tier: basic",
        "tier: ^Bronze",
        "tier: there is no tier Bronze; expected premium, advanced or basic",
    ),
    Mistake(
        "a contact from before the agreement",
        "agreements/cobalt-rail.yaml",
        "email: yusuf.adeyemi@cobalt-rail.example",
        "email: yusuf.adeyemi@cobalt-rail.example, from: ^2020-01-01",
        "from: 2020-01-01 is outside the agreement, 2023-10-01 to 2033-09-30; correct it, or leave it out for the "
        "whole",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_a_term_and_an_entitlement_may_be_a_single_day(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    row = "  - {from: 2023-10-01, to: 2033-09-30}"
    replaced(mappings, "agreements/cobalt-rail.yaml", row, f"{row}\n  - {{from: 2034-01-01, to: 2034-01-01}}")
    row = "  - {product: expecco, tier: basic, licenses: 3}"
    one_day = "  - {product: expecco, tier: basic, licenses: 1, from: 2030-01-01, to: 2030-01-01}"
    replaced(mappings, "agreements/cobalt-rail.yaml", row, f"{row}\n{one_day}")

    assert problems(mappings) == []


def test_packages_of_one_day_are_told_apart_by_their_references(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    rows = f"{PACKAGE}\n  - {{bought: 2026-10-01, credits: 5, expires: 2027-12-31, reference: PO 17}}"
    replaced(mappings, "agreements/cobalt-rail.yaml", LAST, rows)

    loaded = load(mappings).mappings
    assert loaded is not None
    assert [(each.name, each.credits) for each in loaded.agreements[2].packages] == [("2026-10-01", 20), ("PO 17", 5)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("renewal: {mode: manual}", Renewal(automatic=False)),
        ("renewal: {mode: automatic, notice: 3 months}", Renewal(automatic=True, notice_months=3)),
    ],
)
def test_renewal_is_told_and_extends_no_term(written: str, read: Renewal, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "agreements/cobalt-rail.yaml", LAST, f"{LAST}\n{written}")

    assert problems(mappings) == []
    loaded = load(mappings).mappings
    assert loaded is not None
    assert loaded.agreements[2].renewal == read
    assert [str(term) for term in loaded.agreements[2].terms] == ["2023-10-01 to 2033-09-30"]
