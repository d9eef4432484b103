"""Reading what a customer wrote into the version field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.versions import StatedVersion, parts, read_version

NAMES = ("expecco", "Expecco Desktop")


@pytest.mark.parametrize(
    "text",
    [
        "25.1",
        " 25.1 ",
        "v25.1",
        "V25.1",
        "v 25.1",
        "v.25.1",
        "ver. 25.1",
        "Ver.25.1",
        "version25.1",
        "Version: 25.1",
        "Release 25.1",
        "R25.1",
        "expecco 25.1",
        "EXPECCO 25.1",
        "expecco25.1",
        "expecco_25.1",
        "Expecco Desktop 25.1",
        "25,1",
        "`25.1`",
        '"25.1"',
        "25.1.",
        "25.1,",
        "(25.1)",
        "25.1 (64 bit)",
        "25.1 64-bit",
        "25.1 x86_64",
        "25.1 win64",
        "25.1 Build 3121",
        "25.1 build #3121",
        "25.1, Build: 3121",
        "25.1 SP1",
        "25.1.x",
        "25.1.*",
        "25.1 25.1",
        "25.1, 25,1",
        "Version: 25.1\nVersion: 25.1",
        "25.1\u00a0(64 bit)",
        "２５.１",
        "The version is 25.1",
        "currently using 25.1",
    ],
)
def test_spelling_alone_makes_no_other_version(text: str) -> None:
    assert read_version(text, NAMES) == StatedVersion(((25, 1),), prerelease=False, plain=True)


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("2.10", ((2, 10),)),
        ("2.1", ((2, 1),)),
        ("25.1.3 (64 bit)", ((25, 1, 3),)),
        ("18.1.0.4", ((18, 1, 0, 4),)),
        ("24.2 and 25.1", ((24, 2), (25, 1))),
        ("24.2/25.1", ((24, 2), (25, 1))),
        ("24.2,25.1", ((24, 2), (25, 1))),
        ("2.10,2.11,18.1", ((2, 10), (2, 11), (18, 1))),
        ("25.1 Build 25.1.0.3121", ((25, 1), (25, 1, 0, 3121))),
        ("build 25.1", ((25, 1),)),
        ("beta 25.1", ((25, 1),)),
        ("127.0.0.1", ((127, 0, 0, 1),)),
    ],
)
def test_every_different_version_is_kept_part_by_part(text: str, versions: tuple[tuple[int, ...], ...]) -> None:
    assert read_version(text, NAMES).versions == versions


@pytest.mark.parametrize("text", ["25", "v25", "25 or 24", "25. 1", "2026-11-20"])
def test_a_number_alone_is_no_version(text: str) -> None:
    assert read_version(text, NAMES) == StatedVersion((), prerelease=False, plain=False)


@pytest.mark.parametrize(
    "text",
    ["latest", "", "?", "25.1a", "25,1,3", "1" * 5000, "1" * 5000 + ".1", "20.1.2026", "20.01.2026", "seit 2.9.2026"],
)
def test_no_version_is_made_up(text: str) -> None:
    assert read_version(text, NAMES).versions == ()


@pytest.mark.parametrize(
    "text",
    [
        "25.1rc1",
        "25.1 RC",
        "25.1 rc 2",
        "25.1b2",
        "25.1a1",
        "25.1.dev3",
        "25.1-dev",
        "25.1-beta.2",
        "25.1 Beta",
        "beta 25.1",
        "Release Candidate 25.1",
        "25.1 pre-GA",
        "25.1 pre-release",
        "25.1-SNAPSHOT",
        "25.1 nightly",
        "25.1 preview",
    ],
)
def test_words_for_what_comes_before_a_release_are_understood(text: str) -> None:
    assert read_version(text, NAMES) == StatedVersion(((25, 1),), prerelease=True, plain=True)


@pytest.mark.parametrize("text", ["25.1 alphabet", "arc 25.1", "25.1 on the dev machine", "betatester 25.1"])
def test_words_that_only_look_alike_make_no_pre_release(text: str) -> None:
    assert not read_version(text, NAMES).prerelease


@pytest.mark.parametrize(
    "text",
    [
        "not 25.1",
        "25.1?",
        "25.1+",
        ">= 25.1",
        "!= 25.1",
        "25.1 or newer",
        "25.1 on Windows 11",
        "25.1 (Universal)",
        "25.1 update 26",
        "25.1 Build 26v",
        "25.1 26",
        "25.1/26",
        "update 25.1",
        "patch 25.1",
        "no longer 25.1",
        "beta of 25.1",
        "not the beta, 25.1",
        "25.01",
        "expecco ALM 25.1",
        "25.1 since 20.1.2026",
        "25.1 seit gestern",
        "25.1 β",
    ],
)
def test_a_word_too_many_makes_a_reading_less_than_plain(text: str) -> None:
    read = read_version(text, NAMES)
    assert (read.versions, read.plain) == (((25, 1),), False)


@pytest.mark.parametrize(
    "text",
    [
        "25.1 " * 20_000,
        "1." * 50_000,
        "1" * 100_000,
        "build " * 17_000,
        "build" + "." * 100_000,
        " " * 100_000 + "25.1",
        "v" * 100_000,
        "25,1," * 20_000,
        "`(" * 50_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_hundred_kilobytes_are_read_at_once(text: str) -> None:
    """A pattern that backtracks badly would not come back within anybody's patience."""
    assert len(read_version(text, NAMES).versions) <= 1


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_no_text_is_too_strange_to_read(text: str, names: list[str]) -> None:
    read = read_version(text, names)
    assert all(len(version) >= 2 for version in read.versions)


@given(st.lists(st.integers(0, 999), min_size=2, max_size=4))
def test_a_version_reads_as_what_it_is(numbers: list[int]) -> None:
    text = ".".join(map(str, numbers))
    assert read_version(text) == StatedVersion((tuple(numbers),), prerelease=False, plain=True)
    assert parts(text) == tuple(numbers)


def test_the_name_of_a_release_line_has_parts() -> None:
    assert parts("2.10") == (2, 10)
    assert parts("7") == (7,)


@pytest.mark.parametrize("name", ["", "2.9.x", "v2.9", "2..9", "2.9 ", "2,9"])
def test_a_release_line_that_is_not_numbers_is_refused_with_advice(name: str) -> None:
    with pytest.raises(ValueError, match=r"such as 25\.1"):
        parts(name)
