"""support-contract quote: what it prints, and what it says of what it cannot quote."""

import json
import shutil
from pathlib import Path

import pytest

from tests.plugin.cli.conftest import SHIPPED, Run


def test_a_lapse_is_printed_with_every_line_of_its_arithmetic(run: Run) -> None:
    result = run("quote", "delta-foundry", "--on", "2027-02-01")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Delta Foundry: lapse, 2026-01-01 to 2027-12-31" in result.stdout
    assert "2026-01-01 to 2026-12-31: 2 licences of expecco x 4,800.00 EUR x 80 % = 7,680.00 EUR" in result.stdout
    assert "9,600.00" in result.stdout
    assert "each following year: 2 licences of expecco x 4,800.00 EUR x 20 % = 1,920.00 EUR" in result.stdout


def test_json_has_exact_amounts_as_texts(run: Run) -> None:
    result = run("quote", "brennhaus-medical", "--tier", "Gold", "--on", "2026-07-01", "--json")
    told = json.loads(result.stdout)
    assert (told["customer"], told["currency"], told["schema"]) == ("brennhaus-medical", "EUR", 1)
    assert [(each["kind"], each["total"]) for each in told["quotes"]] == [
        ("upgrade", "3629.59"),
        ("renewal", "18720.00"),
    ]
    assert told["quotes"][0]["lines"][0]["cites"][0]["clause"] == "C25"


def test_licences_of_several_products_are_given_one_by_one(run: Run) -> None:
    counts = ("--licenses", "expecco=5", "--licenses", "ALM=4")
    result = run("quote", "aurora-robotics", "--on", "2026-07-01", *counts, "--json")
    assert [line["text"].split(" of ")[0] for line in json.loads(result.stdout)["quotes"][1]["lines"]] == [
        "5 licences",
        "4 licences",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("cobalt-rial",), "There is no agreement of a customer 'cobalt-rial'; "),
        (
            ("cobalt-rail", "--tier", "Bronze"),
            "--tier: there is no tier 'Bronze'; expected premium, advanced or basic.",
        ),
        (("cobalt-rail", "--licenses", "0"), "--licenses 0: expected a whole number from 1 on."),
        (("cobalt-rail", "--licenses", "many"), "--licenses many: expected a whole number from 1 on."),
        (("aurora-robotics", "--licenses", "5"), "such as --licenses expecco=5."),
        (("cobalt-rail", "--licenses", "expresso=5"), "for which product? Expected one of expecco, such as"),
        (("cobalt-rail", "--licenses", "ALM=5"), "does not cover expecco-alm on "),
        (("delta-foundry", "--on", "2022-01-01"), "Delta Foundry has no agreement in force on 2022-01-01"),
    ],
)
def test_what_cannot_be_quoted_is_told_with_what_was_expected(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run("quote", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr


def test_without_prices_it_says_where_they_belong(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "mappings")
    (tmp_path / "mappings" / "prices.yaml").unlink()
    result = run("quote", "cobalt-rail", MAPPINGS_DIR=str(tmp_path / "mappings"))
    assert result.exit_code == 1
    assert "There is no prices.yaml among the mapping files" in result.stderr
