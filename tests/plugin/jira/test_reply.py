"""Replies, and that nothing a customer typed works as markup in them.

How Jira reads wiki markup is written down here a second time, after the published behaviour of its two renderers:
Data Center's takes a backslash before one of 18 characters for an escape unless another backslash stands before it,
and decodes HTML entities; Cloud's takes the same escapes and decodes nothing.
"""

import doctest
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plugin.jira import reply
from plugin.jira.client import JiraClient
from plugin.jira.reply import LONGEST_VALUE, REPLY_PROPERTY, escape, find, send
from plugin.sandbox import Flavour, Sandbox
from tests.plugin.jira.conftest import MIRA, PLUGIN

JOINER = "\N{WORD JOINER}"
_ESCAPE = re.compile(r"(?<!\\)\\([-#*_+?^~|%{}\[\]()!@])")
_ACTIVE = {
    "bold, list": r"\*",
    "emphasis": "_",
    "deleted, list, dash, issue key": "-",
    "inserted": r"\+",
    "superscript": r"\^",
    "subscript, mention": "~",
    "citation": r"\?",
    "image, attachment": "!",
    "list": "#",
    "table": r"\|",
    "link, mention": r"[\[\]]",
    "macro": r"[{}]",
    "emoticon in brackets": r"\([A-Za-z/!+?*-]",
    "emoticon": r"[:;][-)(PDpd]",
    "line break": r"\\\\",
    "URL": r"(?i)(https?|ftps?|nntp|irc|news|file|mailto):[\w/]",
    "entity": r"&[#\w]",
    "heading, quotation": r"^\s*(h[1-6]|bq)\.",
    "line": r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]",
}


def active(wiki: str) -> list[str]:
    """What would work as markup, once the escapes are done."""
    left = _ESCAPE.sub("\N{REPLACEMENT CHARACTER}", wiki)
    return [name for name, pattern in _ACTIVE.items() if re.search(pattern, left)]


def rendered(wiki: str) -> str:
    """What a reader sees."""
    return _ESCAPE.sub(r"\1", wiki).replace(JOINER, "")


typed = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            *"\\{}[]*_^~|!+?#-()@:;&.%/<>\"' \n\rahP1",
            "[~mira]",
            "[a|https://x.example]",
            "!x.png!",
            "{code}",
            "h1.",
            "bq. ",
            "||",
            "\\\\",
            "----",
            "https://x.example",
            "mailto:a@b.example",
            ":)",
            ";-)",
            "(/)",
            "(on)",
            "&lt;",
            "&#42;",
            "SUP-1",
            "\u2028",
        ]
    ),
    max_size=12,
).map("".join)


@given(typed)
@example("\\*bold\\*")
@example("\\\\{code}")
@example("C:\\Temp\\")
@example("\nh1. x")
@example("&#91;~mira&#93;")
@example(";P")
def test_nothing_that_somebody_typed_works_as_markup(text: str) -> None:
    assert active(escape(text)) == []
    assert active(f'you wrote "{escape(text)}", which') == []


@given(typed)
@example("\\*bold\\*")
@example("25.1-beta (64 bit) \\ &amp; https://x.example")
def test_what_somebody_typed_is_read_as_it_was_typed_but_for_line_ends(text: str) -> None:
    typed = text.replace(JOINER, "")

    assert rendered(escape(typed)) == " ".join(typed.splitlines())


@pytest.mark.parametrize(
    "markup",
    [
        "*bold*",
        "[~mira]",
        "[~accountid:712020:1]",
        "[click|https://x.example]",
        "!https://x.example/x.png!",
        "{code}x{code}",
        "{html}x{html}",
        "h1. Heading",
        "  h2. Heading",
        "bq. quoted",
        "||a||b||",
        "|a|b|",
        "* list",
        "# list",
        "- list",
        "----",
        "a \\\\ b",
        "x:) y",
        ";)",
        "(/)",
        "(flagoff)",
        "https://x.example",
        "mailto:a@b.example",
        "&lt;b&gt;",
        "a\nh1. b",
        "a\u2028h1. b",
    ],
)
def test_the_checks_of_this_file_know_markup_when_they_see_it(markup: str) -> None:
    assert active(markup) != []
    assert active(escape(markup)) == []


def test_an_everyday_version_is_hardly_touched() -> None:
    assert escape("expecco 25.1, Build 3121") == "expecco 25.1, Build 3121"
    assert escape("25.1 (64 bit)") == "25.1 \\(64 bit\\)"


def test_a_very_long_text_is_cut_so_that_the_reply_can_be_sent() -> None:
    escaped = escape("*" * 32_767)

    assert rendered(escaped) == "*" * (LONGEST_VALUE - 1) + "…"
    assert escape("x" * LONGEST_VALUE) == "x" * LONGEST_VALUE


def test_the_example_in_the_documentation_is_right() -> None:
    assert doctest.testmod(reply).failed == 0


def us(sandbox: Sandbox) -> str:
    person = sandbox.site.person(PLUGIN)
    return person.account_id if sandbox.site.cloud else person.username


@pytest.mark.parametrize("public", [True, False])
def test_a_reply_is_public_a_note_is_not_and_each_carries_its_intent(
    jira: JiraClient, sandbox: Sandbox, raised: str, public: bool
) -> None:
    id = send(jira, raised, "Hello", "intent-1", public, ("reasons=1", "receipt=2"))

    comment = sandbox.jira.comment_by_id(id)
    assert (comment.body, comment.public) == ("Hello", public)
    assert comment.properties[REPLY_PROPERTY] == {"intent": "intent-1", "causes": ["reasons=1", "receipt=2"]}
    [posted] = [one for one in sandbox.traffic.all() if one.method == "POST" and one.path.endswith("/comment")]
    assert json.loads(posted.body)["properties"][0] == {"key": "sd.public.comment", "value": {"internal": not public}}
    assert find(jira, raised, ["intent-1"], us(sandbox)) == {"intent-1": id}


def test_a_reply_is_found_again_among_many_comments(jira: JiraClient, sandbox: Sandbox, raised: str) -> None:
    issue, mira = sandbox.jira.issue(raised), sandbox.site.person(MIRA)
    for number in range(60):
        sandbox.jira.comment(issue, mira, f"early {number}", public=True)
    first, second = (send(jira, raised, f"Hello {intent}", intent) for intent in ("intent-1", "intent-2"))
    for number in range(60):
        sandbox.jira.comment(issue, mira, f"late {number}", public=True)

    sandbox.traffic.clear()

    assert find(jira, raised, ["intent-1"], us(sandbox)) == {"intent-1": first}
    assert find(jira, raised, ["intent-2"], us(sandbox)) == {"intent-2": second}
    assert find(jira, raised, ["intent-2", "intent-3", "intent-1"], us(sandbox)) == {
        "intent-1": first,
        "intent-2": second,
    }
    # The newest first, and no further than to the last that is looked for.
    assert [len(one.path.split("/properties/")) for one in sandbox.traffic.all()].count(2) == 2 + 1 + 2


def test_where_nothing_was_written_nothing_is_found(jira: JiraClient, sandbox: Sandbox, raised: str) -> None:
    assert find(jira, raised, ["intent-1"], us(sandbox)) == {}


def test_somebody_elses_comment_with_our_property_is_not_believed(
    jira: JiraClient, sandbox: Sandbox, raised: str
) -> None:
    issue, claimed = sandbox.jira.issue(raised), {REPLY_PROPERTY: {"intent": "intent-1"}}
    for who in (MIRA, "sam.okafor@vendor.example"):
        sandbox.jira.comment(issue, sandbox.site.person(who), "Hello", public=True, properties=claimed)

    assert find(jira, raised, ["intent-1"], us(sandbox)) == {}


@pytest.mark.parametrize("value", [None, [], "intent-1", {"intent": None}, {"intent": "intent-10"}, {}])
def test_our_own_comment_with_another_property_is_not_the_one(
    jira: JiraClient, sandbox: Sandbox, raised: str, value: object
) -> None:
    issue, person = sandbox.jira.issue(raised), sandbox.site.person(PLUGIN)
    sandbox.jira.comment(issue, person, "Hello", public=True, properties={REPLY_PROPERTY: value})
    sandbox.jira.comment(issue, person, "By hand", public=True)

    assert find(jira, raised, ["intent-1"], us(sandbox)) == {}


@pytest.mark.parametrize("flavour", [Flavour.DATACENTER], indirect=True)
def test_on_data_center_we_are_known_by_our_key_as_well(jira: JiraClient, sandbox: Sandbox, raised: str) -> None:
    id = send(jira, raised, "Hello", "intent-1")

    assert find(jira, raised, ["intent-1"], sandbox.site.person(PLUGIN).key) == {"intent-1": id}


def test_a_comment_of_nobody_is_nobodys(jira: JiraClient, raised: str) -> None:
    send(jira, raised, "Hello", "intent-1")

    assert find(jira, raised, ["intent-1"], "None") == {}
