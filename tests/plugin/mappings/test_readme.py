"""What the admins' README shows can be used as it stands."""

import re
from pathlib import Path

from plugin.mappings.load import load
from tests.plugin.mappings.broken import SHIPPED, copy_of_shipped, problems, replaced

SHOWN = re.findall(r"```yaml\n(.*?)```", (SHIPPED / "README.md").read_text("utf-8"), re.DOTALL)


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


def test_the_closures_of_the_readme_move_the_deadlines_and_nothing_else(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "coverage.yaml", "    closed: []\n", shown("Christmas Eve"))

    assert load(mappings).problems == ()
    assert {each.split(":")[0] for each in problems(mappings)} == {"examples/response-times.yaml"}


def test_the_example_of_the_readme_is_good(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "examples" / "readme.yaml").write_text(f"examples:\n{shown('credits_used: 0')}", "utf-8")

    assert problems(mappings) == []
