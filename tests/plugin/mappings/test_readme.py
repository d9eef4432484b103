"""What the admins' README shows can be used as it stands."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from plugin.contract.decision import Reason
from plugin.mappings.load import load
from plugin.mappings.replies import FILTERS, Replies
from plugin.mappings.reply_names import BODY, names_of
from tests.plugin.mappings.broken import SHIPPED, copy_of_shipped, problems, replaced

README = (SHIPPED / "README.md").read_text("utf-8")
SHOWN = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def shown(part: str) -> str:
    """The block of the README in which this part stands."""
    (block,) = (each for each in SHOWN if part in each)
    return str(block)


def test_the_customer_release_and_dated_values_of_the_readme_are_good(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "agreements" / "echo-bakery.yaml").write_text(shown("Echo Bakery"), "utf-8")
    newest = "      - {line: 26.2, released: 2026-10-12, cites: C13}\n"
    replaced(mappings, "releases.yaml", newest, newest + shown("line: 27.1"))
    replaced(mappings, "tiers.yaml", "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n", shown("within: 60 h"))
    replaced(mappings, "tiers.yaml", "  - {tier: basic, severity: 2, within: 48 h, cites: C2}\n", shown("within: 40 h"))

    assert problems(mappings) == []


def test_the_platform_the_authorization_and_the_appointments_of_the_readme_are_good(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "releases.yaml", "platforms:\n", f"platforms:\n{shown('supported: no')}")
    with (mappings / "agreements" / "cobalt-rail.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{shown('authorized_modifications')}{shown('request: SUP-7')}")

    assert problems(mappings) == []


def test_the_representative_of_the_readme_is_good(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    with (mappings / "agreements" / "cobalt-rail.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{shown('technical_account_representative')}")

    assert problems(mappings) == []


def test_the_closures_of_the_readme_move_the_deadlines_and_nothing_else(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "coverage.yaml", "    closed: []\n", shown("Christmas Eve"))

    assert load(mappings).problems == ()
    assert {each.split(":")[0] for each in problems(mappings)} == {"examples/response-times.yaml"}


def test_the_example_of_the_readme_is_good(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "examples" / "readme.yaml").write_text(f"examples:\n{shown('credits_used: 0')}", "utf-8")

    assert problems(mappings) == []


def _rows(heading: str) -> dict[str, str]:
    """The rows of the table under this heading, by the words in their first cell."""
    table = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert table is not None
    cells = [re.split(r"(?<!\\)\|", row)[1:-1] for row in table[1].splitlines()]
    return {first.replace("\\|", "|").strip(): rest.replace("\\|", "|").strip() for first, rest in cells}


def test_the_readme_names_what_every_text_may_name() -> None:
    named = {
        template: set(re.findall(r"`(\w+)`", names))
        for templates, names in _rows("in").items()
        for word in re.findall(r"`([\w.]+)`", templates)
        for template in (*BODY, *Reason)
        if (template.startswith(word[:-3]) if word.endswith("...") else template == word)
    }
    silent = {Reason.CUSTOMER_AMBIGUOUS, Reason.MODIFICATION}
    assert set(named) == {*BODY, *Reason} - silent
    assert all(set(names_of(template)) - {"person"} <= names for template, names in named.items())
    known = {name for template in named for name in names_of(template)}
    choices = {"environment", "impact", "both", "kind"}
    assert set().union(*named.values()) <= known | choices


def test_the_readme_names_every_filter_and_what_it_shows_of_them_is_so() -> None:
    ways = _rows("write")
    assert all(any(name in way for way in ways) for name in FILTERS)
    replies = Replies({("receipt", "en"): "{{ due | moment }}", ("agreement_ended", "en"): "{{ ended | day }}"})
    due = datetime(2026, 11, 23, 16, 15, tzinfo=ZoneInfo("Europe/Berlin"))
    shown_ = ways["`{{ ended | day }}`, `{{ due | moment }}`"]
    assert f"`{replies.render('agreement_ended', 'en', {'ended': date(2025, 12, 31)})}`" in shown_
    assert f"`{replies.render('receipt', 'en', {'due': due})}`" in shown_
