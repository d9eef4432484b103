"""The mistakes that `reply_files.py` finds, each told with its place; and which files there have to be."""

from pathlib import Path

import pytest

from plugin.jira.plan import LONGEST_TEXT
from plugin.mappings.load import load
from plugin.mappings.problem import Report, one_of
from plugin.mappings.reply_files import replies
from plugin.mappings.reply_names import names_of
from tests.plugin.mappings.broken import SHIPPED, Mistake, copy_of_shipped, problems, replaced
from tests.plugin.mappings.test_reply_language import ENDLESS, UNSAFE

OLD = "replies/version_too_old.en.md"
WHOLE = (SHIPPED / OLD).read_text("utf-8")
MISTAKES = [
    Mistake(
        "a brace that is not closed",
        OLD,
        "{{ version }}",
        "{{ version }",
        "the template cannot be read: unexpected '}'",
        at="You",
    ),
    Mistake(
        "a name with letters swapped",
        OLD,
        "{{ version }}",
        "{{ versoin }}",
        f"the template uses versoin; expected {one_of(names_of('version_too_old'))} (nearest: version)",
        at="You",
    ),
    Mistake(
        "a name that another reason has",
        OLD,
        "{{ version }}",
        "{{ contacts }}",
        f"the template uses contacts; expected {one_of(names_of('version_too_old'))}",
        at="You",
    ),
    Mistake(
        "a value that a filter is not for",
        OLD,
        "{{ version }}",
        "{{ version | day }}",
        "the template cannot be filled in: day is for a date, not for '25.1'",
        at="You",
    ),
    Mistake(
        "a sum that is one only where there is something",
        "replies/credits_refused.en.md",
        "This request",
        "{{ needed - left }} This request",
        "the template cannot be filled in without needed: unsupported operand type(s) for -: 'str' and 'int'",
        at="{{ needed - left",
    ),
    Mistake(
        "a text only for some",
        "replies/customer_unknown.en.md",
        (SHIPPED / "replies/customer_unknown.en.md").read_text("utf-8"),
        "{% if organizations %}Who looks after the agreement of {{ organizations }}?{% endif %}",
        "the text comes out empty without organizations; write something for that case too",
        at="{% if",
    ),
    Mistake(
        "a letter too long to be one",
        OLD,
        WHOLE,
        "x" * (LONGEST_TEXT + 1),
        f"the template is too long; a comment of Jira holds {LONGEST_TEXT} characters",
        at="x" * (LONGEST_TEXT + 1),
    ),
    Mistake(
        "a letter that grows too long",
        OLD,
        WHOLE,
        "Dear " + "{{person}}" * 3_000,
        f"the text comes out too long; a comment of Jira holds {LONGEST_TEXT} characters",
        at="Dear ",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def judged(text: str, name: str = "version_too_old.en") -> list[str]:
    """What is said to a template, beside a frame that is good."""
    report = Report()
    contents = {"replies/frame.en.md": b"Hello {{ reasons }}", f"replies/{name}.md": text.encode()}
    made = replies(contents, None, report)
    assert (made is None) is bool(report.problems)
    return [str(each) for each in report.problems]


@pytest.mark.parametrize("text", [*ENDLESS.values(), *UNSAFE.values()], ids=[*ENDLESS, *UNSAFE])
def test_what_could_go_on_for_long_or_do_harm_is_refused_before_it_is_even_compiled(text: str) -> None:
    assert judged(f"Please update.\n{text}")[0].startswith("replies/version_too_old.en.md:2:1: ")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "{{" + "(" * 10_000,
        "{{" + "(" * 10_000 + "product" + ")" * 10_000 + "}}",
        "{{ " + "not " * 7_000 + "product }}",
        "{{ " + "-" * 30_000 + "1 }}",
        "{% if product %}" * 1_500 + "{% endif %}" * 500,
        "{% if product %}x" * 1_000 + "{% endif %}" * 1_000,
        "{{ product" + " ~ product" * 3_000 + " }}",
        "{{ " + "9" * 10_000 + " }}",
        "{{ 0x" + "f" * 10_000 + " }}",
        "{{ product" + " | upper" * 3_900 + " }}",
        "{{ product if " * 2_300 + "}}",
        "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    ],
    ids=lambda text: text[:20],
)
def test_a_template_that_is_too_deep_or_too_strange_to_be_read_is_told_and_ends(text: str) -> None:
    assert all("version_too_old.en.md:1:1: " in each for each in judged(text))


@pytest.mark.parametrize("text", ["{% if product %}" * 150 + "x" + "{% endif %}" * 150, "{{" + "(" * 10_000])
def test_conditions_and_brackets_may_not_be_nested_too_deeply(text: str) -> None:
    sentence = "the template cannot be read: its conditions or brackets are nested too deeply"
    assert judged(text) == [f"replies/version_too_old.en.md:1:1: {sentence}"]


def test_every_line_with_a_mistake_is_told_at_once() -> None:
    text = "{{ product }}\n{{ prodct }}\n{{ version | uper }}\n{{ range(3) }}"
    assert [each.split(":")[1] for each in judged(text)] == ["2", "3", "4", "4"]


def test_what_fails_only_where_something_is_missing_is_told_with_its_line() -> None:
    text = "Please update.\n{% if supported | length > 1 %}\nOr do not.\n{% endif %}\n{{ line + 1 }}"
    [problem] = judged(text)
    assert problem.startswith("replies/version_too_old.en.md:5:1: the template cannot be filled in: can only conc")


def test_a_text_that_says_nothing_where_nothing_is_known_is_told() -> None:
    [problem] = judged("{{ product }}{{ version }}")
    assert problem.endswith("the text comes out empty without any value; write something for that case too")


def test_a_letter_that_fails_only_for_a_receipt_without_a_due_time_is_told() -> None:
    assert judged("By {{ due | moment }} {{ reasons }}", "receipt.en") == []
    [problem] = judged("{{ due | moment }} {{ reasons }}", "receipt.en")
    assert problem.endswith("the text comes out empty without due; write something for that case too")
    [problem] = judged("Left: {{ sessions_left - sessions }} {{ reasons }}", "receipt.en")
    assert "cannot be filled in without sessions: unsupported operand" in problem


@pytest.mark.parametrize(
    ("letter", "name", "how"),
    [
        ("Hello {{ person }}, please wait.", "frame.en", ""),
        (
            "Hello {% if waits %}{% for reason in reasons %}{{ reason }}{% endfor %}{% endif %}",
            "frame.en",
            " where waits is False",
        ),
        (
            "Hello {% for reason in reasons %}{% if loop.first %}{{ reason }}{% endif %}{% endfor %}",
            "frame.en",
            " around 3 reasons",
        ),
        ("We have taken it up.", "receipt.en", ""),
        ("A draft, written in {{ language }}.", "draft.en", ""),
    ],
)
def test_a_letter_that_leaves_out_what_it_is_for_is_told(letter: str, name: str, how: str, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / f"replies/{name}.md").write_text(letter, "utf-8")
    what = "letter" if name == "draft.en" else "reasons"
    sentence = f"the letter leaves out {what}{how}; whoever gets it has to read them"
    assert f"replies/{name}.md:1:1: {sentence}" in problems(mappings)


def test_reasons_that_are_long_together_are_told_where_they_come_together(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    for reason in ("version_too_old", "contact_not_named", "agreement_ended"):
        (mappings / f"replies/{reason}.en.md").write_text("x" * 12_000)
    then = f"the text comes out too long around 3 reasons; a comment of Jira holds {LONGEST_TEXT} characters"
    draft = f"the text comes out too long; a comment of Jira holds {LONGEST_TEXT} characters"
    assert problems(mappings) == [
        f"replies/draft.en.md:1:1: {draft}",
        f"replies/frame.en.md:1:1: {then}",
        f"replies/receipt.en.md:1:1: {then}",
    ]


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / OLD).write_bytes(b"Please update,\nGr\xfc\xdfe")
    assert problems(mappings) == [f"{OLD}:2:1: the file is not UTF-8; save it as UTF-8"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (
            "replies/version_old.en.md",
            "expected <name>.<language>.md, the name frame, receipt, draft or a reason; is it version_too_old.en.md?",
        ),
        ("replies/version_too_old.xx.md", "no language is known by the code xx; expected one such as en, de or fr"),
        ("replies/version_too_old.EN.md", "no language is known by the code EN; expected one such as en, de or fr"),
        (
            "replies/version_too_old.fr.md",
            "replies in this language need replies/frame.fr.md; write it, or remove this file",
        ),
        ("replies/draft.de.md", "agents read replies/draft.en.md; remove it"),
    ],
)
def test_a_file_that_nobody_would_use_is_told(file: str, sentence: str, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / file).write_text("Please update.", "utf-8")
    assert problems(mappings) == [f"{file}:1:1: nobody would use this file: {sentence}"]


def test_a_language_is_whole_or_customers_would_get_a_letter_in_two(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "replies/version_too_old.de.md").unlink()
    sentence = "the template is missing; write what the customer is told, or set reply: no"
    assert problems(mappings) == [f"replies/version_too_old.de.md:1:1: {sentence}"]


def test_a_third_language_is_a_frame_and_every_reason_that_is_told(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    for file in (mappings / "replies").glob("*.de.md"):
        (file.parent / file.name.replace(".de.", ".fr.")).write_text(file.read_text("utf-8"), "utf-8")
    loaded = load(mappings)
    assert loaded.mappings is not None
    assert loaded.mappings.replies.language("fr") == "fr"


@pytest.mark.parametrize(
    ("setting", "switched", "file", "then"),
    [
        (
            "customer: no}",
            "customer: send}",
            "receipt.de",
            "what the customer is told where all is well, or set customer: no",
        ),
        ("customer: no}", "customer: draft}", "draft.en", "what agents read around a draft"),
        (
            "reason: version_too_old, eligibility: not eligible, reply: yes",
            "reason: version_too_old, eligibility: not eligible, reply: yes, mode: draft",
            "draft.en",
            "what agents read around a draft",
        ),
    ],
)
def test_what_is_switched_on_needs_its_template_and_what_is_not_does_not(
    setting: str, switched: str, file: str, then: str, tmp_path: Path
) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / f"replies/{file}.md").unlink()
    assert problems(mappings) == []
    replaced(mappings, "eligibility.yaml", setting, switched)
    assert problems(mappings) == [f"replies/{file}.md:1:1: the template is missing; write {then}"]


def test_any_reason_may_be_told_in_one_row(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    text = (mappings / "eligibility.yaml").read_text("utf-8")
    before, _, after = text.partition("verdicts:\n")
    row = "  - {reason: any, eligibility: needs information, reply: yes, cites: C28}\n"
    (mappings / "eligibility.yaml").write_text(
        before + "verdicts:\n" + row + after[after.index("\n# Who gets") :], "utf-8"
    )
    missing = {each.file for each in load(mappings).problems}
    silent = ("credits_flagged", "credits_held", "sessions_flagged", "sessions_held")
    assert missing == {f"replies/{name}.{language}.md" for name in silent for language in ("de", "en")}
