"""What an answer says plainly, and everything that looks like an answer and is none."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract import answer_words as words
from plugin.contract.answers import NOTHING, Statement, own_words, statement
from plugin.contract.versions import read_version
from tests.plugin.contract.builders import POLICY, product

RULES = replace(
    POLICY,
    products=(
        product("expecco", {"26.1": "2026-04-13", "26.2": "2026-10-12"}),
        product("expecco ALM", {"26.1": "2026-06-15"}, "ALM"),
        product("expecco LicenseServer", {"26.1": "2026-05-11"}, "License Server", "Lizenzschlüsselserver"),
    ),
)
MAIL = """Hello Sam,

we have just updated to 26.2. The recorder still does not start.

Best regards
Jonas Feld
Aurora Robotics, Test Street 12.3, Tel. 0711.123456
If you are not the intended recipient, you must not read this. Shall we talk?

On Mon, 23 Nov 2026 at 10:00, Support <support@vendor.example> wrote:
> Which version do you use? We support 26.2, 26.1.
"""
GERMAN_MAIL = """Guten Morgen Herr Okafor,

wir haben gestern auf 26.2 aktualisiert, das Problem besteht weiterhin.

Mit freundlichen Grüßen
Dr. Emil Sandor

-----Ursprüngliche Nachricht-----
Von: Support
Bitte aktualisieren Sie zuerst auf 26.1. Welche Version nutzen Sie?
"""

PLAIN = [
    # English
    ("26.2", "26.2"),
    ("v26.2", "26.2"),
    ("26,2", "26.2"),
    ("Version: 26.2", "26.2"),
    ("expecco 26.2.1 (64 bit) Build 3121", "26.2.1"),
    ("Help > About: expecco 26.2.1 Build 3121", "26.2.1"),
    ("We have updated to 26.2", "26.2"),
    ("We have updated to 26.2 now. It still crashes. Best regards, Jonas", "26.2"),
    ("It's 26.2 now", "26.2"),
    ("It’s 26.2.", "26.2"),
    ("Hello, we use expecco 26.2.", "26.2"),
    ("Dear support team,\n\nthe version is 26.2.\n\nThank you", "26.2"),
    ("We are on 26.2.1 now, thank you!", "26.2.1"),
    ("Updated to 26.2, same problem.", "26.2"),
    ("We've upgraded to 26.2, but the problem persists.", "26.2"),
    ("We just upgraded to 26.2, but the problem is still there.", "26.2"),
    ("The same error occurs in 26.2.", "26.2"),
    ("The update to 26.2 is done.", "26.2"),
    ("Version 26.2 was installed today.", "26.2"),
    ("We have the new version 26.2 in use", "26.2"),
    ("Sorry, it is 26.2", "26.2"),
    ("Yes, we use 26.2 now", "26.2"),
    ("Thanks, it's 26.2 now.", "26.2"),
    ("Thank you for your help, we use 26.2.", "26.2"),
    ("26.2\nMira", "26.2"),
    ("The recorder hangs.\n26.2", "26.2"),
    ("Dear Sam\n26.2", "26.2"),
    ("Hi\n26.2\nthanks", "26.2"),
    ("It does not start. We use 26.2.", "26.2"),
    ("26.2. The recorder still cannot find the window.", "26.2"),
    ("Version 26.2\nThe recorder hangs when I click on record.", "26.2"),
    ("The version is 26.2. Please find the log attached.", "26.2"),
    ("*26.2*", "26.2"),
    ("{{26.2}}", "26.2"),
    ("We use the 27.1 beta", "27.1 beta"),
    ("> Which version do you use?\n26.2", "26.2"),
    ("{quote}Please update to 26.1{quote}\nDone, we run 26.2.", "26.2"),
    ("bq. Which version?\n26.2", "26.2"),
    ("Support wrote:\n> Please update to 26.1 first.\n\nUpdated to 26.2.", "26.2"),
    (MAIL, "26.2"),
    # German
    ("wir nutzen jetzt 26.2.1", "26.2.1"),
    ("Wir haben auf 26.2 aktualisiert.", "26.2"),
    ("Habe auf 26.2 aktualisiert.", "26.2"),
    ("Version 26.2 ist jetzt installiert, der Fehler tritt immer noch auf.", "26.2"),
    ("Das Update auf 26.2 ist erfolgt.", "26.2"),
    ("Bei uns ist 26.2 im Einsatz.", "26.2"),
    ("Es ist die 26.2", "26.2"),
    ("Wir setzen 26.2 ein.", "26.2"),
    ("26.2 läuft jetzt bei uns. Leider funktioniert es immer noch nicht.", "26.2"),
    ("Hallo Frau Holm, die Version lautet 26.2.", "26.2"),
    ("Wir sind jetzt auf 26.2, danke!", "26.2"),
    (GERMAN_MAIL, "26.2"),
]

NO_ANSWER = [
    # What is still to come
    "We will update to 26.2",
    "We'll update to 26.2 tomorrow",
    "We plan to move to 26.2",
    "We are going to install 26.2",
    "Version: 26.2. We will install it next week.",
    "Version: 26.2. But only on the test machine.",
    "26.2. Not yet installed.",
    "We will update to\n26.2",
    "Update to 26.2",
    "The new version is 26.2",
    "Wir werden auf 26.2 aktualisieren",
    "Wir aktualisieren auf 26.2",
    "Version 26.2. Wird am Montag installiert.",
    "Version 26.2. Die haben wir aber noch nicht.",
    "Das Update auf 26.2 läuft",
    # What somebody else said, or is not theirs
    "You wrote that 26.2 is supported",
    "You wrote:\n26.2",
    "Support wrote:\nPlease update to\n26.2",
    "Ok, 26.2.",
    "Thanks, 26.2.",
    "Ja, 26.2",
    "Please use 26.2",
    "Use 26.2",
    "> 26.2",
    "{quote}26.2",
    "26.2 is supported",
    "26.2 exists",
    "The current version is 26.2",
    "The error message says version 26.2 required",
    "Sie schreiben, dass 26.2 unterstützt wird",
    "Our other machine has 26.2",
    "Our test system runs\n26.2",
    "Our test system runs\n9.2",
    "Our test system runs\nversion 26.2",
    "Our test system runs\neXpecco 26.2",
    "The colleagues of the plant in Bonn, an hour from here, have\nVersion 26.2",
    "we also use 26.2",
    # What is denied
    "we cannot go to 26.2",
    "We can't use 26.2",
    "not 26.2",
    "No, 26.2",
    "26.2. No.",
    "26.2 does not work either",
    "Mit 26.2 geht es auch nicht",
    "Wir können nicht auf 26.2 gehen",
    "Nein, 26.2",
    "Hello not yet, 26.2",
    # What is not so any more
    "We used 26.2",
    "We had 26.2",
    "Wir hatten 26.2",
    "26.2\nSorry, that is wrong.",
    "26.2\nBest regards\nJonas\nP.S. only planned",
    # What is not certain
    "26.2?",
    "Is 26.2 ok",
    "Is it 26.2",
    "Ist 26.2 installiert",
    "I think it is 26.2",
    "probably 26.2",
    "26.2 I guess",
    "vermutlich 26.2",
    "approx. 26.2",
    "z.B. Version 26.2",
    "If we update to 26.2, is it fixed",
    "After the update to 26.2 it works",
    "We have to use 26.2",
    "26.2 or newer",
    "bis 26.2",
    "26",
    "latest",
    "",
    # More than one
    "26.2 or 26.1",
    "26.2, 26.1",
    "We have updated from 26.1 to 26.2",
    "26.2 (vorher 26.1)",
    "26.2\n\nThe log says 26.1.",
    "26.2. The beta, that is.",
    "macOS 14.1",
]


@pytest.mark.parametrize(("text", "version"), PLAIN)
def test_what_is_said_plainly_counts(text: str, version: str) -> None:
    assert statement(text, RULES).version == version


@pytest.mark.parametrize("text", NO_ANSWER)
def test_what_is_not_said_plainly_is_no_answer(text: str) -> None:
    assert statement(text, RULES).version is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("expecco ALM", Statement(product="expecco ALM", about=("expecco ALM",))),
        ("It is the License Server.", Statement(product="expecco LicenseServer", about=("expecco LicenseServer",))),
        ("Der Lizenzschlüsselserver.", Statement("expecco LicenseServer", about=("expecco LicenseServer",))),
        ("Windows 11", Statement(platform="Windows")),
        ("We use Ubuntu 22.04.", Statement(platform="Linux")),
        ("expecco 26.2 on Windows 10 Enterprise", Statement("expecco", "26.2", "Windows", ("expecco",))),
        (
            "Product: expecco\nVersion: 26.2 (64 bit)\nPlatform: Windows Server 2022",
            Statement("expecco", "26.2", "Windows", ("expecco",)),
        ),
        ("Linux 64 bit, 26.2", Statement(version="26.2", platform="Linux")),
        ("Windows and Linux", Statement(platform="Windows, Linux")),
        ("expecco and ALM", Statement(about=("expecco", "expecco ALM"))),
        ("It is expecco-alm.", Statement("expecco ALM", about=("expecco ALM",))),
        ("We use expecco 26.", Statement(about=("expecco",))),
        ("Maybe ALM.", NOTHING),
        ("We have an old expecco on Windows.", Statement(about=("expecco",))),
    ],
)
def test_products_and_platforms_are_named_as_the_policy_knows_them(text: str, said: Statement) -> None:
    found = statement(text, RULES)
    assert replace(found, about=()) == replace(said, about=())
    assert set(found.about) == set(said.about)


def test_the_product_that_a_version_is_of_is_told_beside_it() -> None:
    assert statement("License Server 26.1", RULES).about == ("expecco LicenseServer",)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("26.2\n> 26.1\nthanks", "26.2\nthanks"),
        ("{quote}26.1{quote} 26.2", "\n 26.2"),
        ("{quote}\n26.1\n{quote}\n26.2", "\n\n26.2"),
        ("26.2\n--\nJonas", "26.2"),
        ("26.2\nKind regards, Jonas Feld\n26.1", "26.2"),
        ("26.2\nViele Grüße\nPS: 26.1", "26.2\nViele Grüße\nPS: 26.1"),
        ("On Monday Sam wrote:\n\n> 26.1\n26.2", "\n26.2"),
        ("26.2\nAm Montag schrieb Sam:\n26.1", "26.2"),
        ("26.2\n________________________________\nFrom: Sam\n26.1", "26.2"),
        ("Thanks, we have 26.2", "Thanks, we have 26.2"),
    ],
)
def test_own_words_are_without_quotes_and_signature(text: str, own: str) -> None:
    assert own_words(text) == own


SENTENCES = [text for text, _ in PLAIN if "\n" not in text and ">" not in text]
DOUBTS = [
    each.replace("\\", "") for each in re.split(r"\|", words.DOUBTFUL.pattern.split("(?:", 1)[1].rsplit(")(?!", 1)[0])
]


@given(st.sampled_from(SENTENCES), st.sampled_from(DOUBTS), st.integers(0, 40), st.booleans())
def test_a_word_of_doubt_anywhere_makes_it_no_answer(text: str, doubt: str, place: int, apart: bool) -> None:
    assert statement(text, RULES).version
    said = text.split(" ")
    at = place % (len(said) + 1)
    with_doubt = f"{text}\nPerhaps {doubt} so." if apart else " ".join([*said[:at], doubt, *said[at:]])
    assert statement(with_doubt, RULES).version is None


ALONE = [text for text in SENTENCES if not re.search(r"[.] \w", text)]
DENIALS = ["not", "cannot", "nicht", "kein", "no", "never", "don't", "ohne"]


@given(st.sampled_from(ALONE), st.sampled_from(DENIALS))
def test_a_denied_sentence_is_no_answer(text: str, denial: str) -> None:
    first, *more = text.split(" ")
    for said in (f"{denial} {text}", f"{text}\nThat is {denial} so.", " ".join([first, denial, *more])):
        assert statement(said, RULES).version is None


@given(st.sampled_from(PLAIN), st.from_regex(r"[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True))
def test_a_second_version_or_a_question_makes_it_no_answer(plain: tuple[str, str], second: str) -> None:
    text, known = plain
    own = own_words(text)
    assert statement(f"{own}\nWhy", RULES).version == known
    assert statement(f"{own}\nWhy?", RULES).version is None
    if read_version(second).versions != read_version(known).versions:
        assert statement(f"{own}\nThe log says {second} here.", RULES).version is None


def test_no_harmless_word_is_a_word_of_doubt() -> None:
    harmless = words.HARMLESS.pattern.split("(?:", 1)[1].rsplit(")(?!", 1)[0].replace("\\", "").split("|")
    assert [each for each in harmless if words.DOUBTFUL.search(each) or words.NEGATING.search(each)] == []
    assert len(harmless) > 200


PARTS = st.sampled_from(
    [
        "26.2",
        "25.1",
        "we",
        "use",
        "not",
        "?",
        "\n",
        "> ",
        "{quote}",
        "Best regards",
        "expecco",
        "Windows",
        ".",
        "\x00",
    ]
)


@given(st.text() | st.lists(PARTS | st.text(max_size=3), max_size=30).map(" ".join))
def test_no_text_is_too_strange_to_read_and_what_comes_out_is_never_text_of_theirs(text: str) -> None:
    said = statement(text, RULES)
    assert said.product in (None, *(each.name for each in RULES.products))
    assert said.version is None or re.fullmatch(r"\d+(\.\d+)+( beta)?", said.version)
    assert said.platform in (None, "Windows", "Linux", "Windows, Linux", "Linux, Windows")


@pytest.mark.parametrize(
    "text",
    [
        "26.2 " * 6_000,
        "we use it " * 3_000,
        "{quote}" * 4_000,
        "{quote} wrote:" * 2_000,
        "best regards\n" * 2_500 + "ps",
        "--\n\n> \n" * 5_000,
        "\n" * 32_000,
        "a\n" * 16_000,
        "wrote " * 5_000 + ":",
        "Windows " * 4_000,
        "help > " * 4_500,
        "-" * 32_000,
        "dear " * 6_000,
        "_" * 32_000,
        "{color:" * 4_500,
        "26.2\n" + "it does not work.\n" * 1_800,
    ],
    ids=lambda text: " ".join(text[:12].split()),
)
def test_the_longest_comment_is_read_at_once(text: str) -> None:
    """A pattern that backtracks badly would not come back within anybody's patience."""
    assert statement(text, RULES).version in (None, "26.2")
