"""What is said of the packages that we install: weak ones fail, unknown ones are never passed over in silence."""

from typing import Any

from tests.audit import verdict

WEAK = {"id": "PYSEC-2026-1", "fix_versions": ["2.1", "3.0"]}


def _package(name: str, *weaknesses: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "2.0", "vulns": list(weaknesses)}


def test_a_known_weakness_fails_and_says_what_to_install_instead() -> None:
    found = verdict({"dependencies": [_package("good"), _package("bad", WEAK), {"name": "x", "skip_reason": "?"}]})

    assert not found.good
    assert found.lines[0] == "bad 2.0: PYSEC-2026-1, mended in 2.1, 3.0: change deploy/constraints.txt"
    assert found.lines[1].startswith("NOT AUDITED: 1 of 3 packages")


def test_a_weakness_that_nobody_mended_yet_says_so() -> None:
    found = verdict({"dependencies": [_package("bad", {**WEAK, "fix_versions": []})]})

    assert "mended in no version yet" in found.lines[0]


def test_what_could_not_be_looked_up_is_said_loudly_and_fails_nothing() -> None:
    found = verdict({"dependencies": [{"name": "x", "skip_reason": "not found"}]})

    assert found.good
    assert found.lines[0].startswith("NOT AUDITED: 1 of 1 packages")


def test_packages_without_a_weakness_are_counted() -> None:
    assert verdict({"dependencies": [_package("good")]}).lines == ("No weakness is known in any of 1 packages.",)
