"""Which things a customer's text names."""

import pytest

from plugin.contract.naming import SHOWN, named, shortened

KNOWN = [("windows", ("Windows", "Win")), ("seven", ("Windows 7",)), ("web", ("Web*Driver",)), ("linux", ("Linux",))]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("WINDOWS 11", ["windows"]),
        ("win11/linux", ["linux", "windows"]),
        ("windows 7", ["seven"]),
        ("windows 7 and windows 10", ["seven", "windows"]),
        ("Win, Windows", ["windows"]),
        ("Windowsill, darwin, Linuxes", []),
        ("Web*Driver WebDriver", ["web"]),
        ("", []),
    ],
)
def test_a_thing_is_named_by_whole_words_in_any_case_and_the_longest_name_counts(text: str, things: list[str]) -> None:
    assert named(text, KNOWN) == things


def test_a_long_text_is_repeated_in_part_only() -> None:
    assert shortened("x" * SHOWN) == "x" * SHOWN
    assert shortened("x" * 5000) == "x" * SHOWN + "…"
