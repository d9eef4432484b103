"""The little of Jira's wiki markup that the sandbox shows, and that nothing else becomes markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.jira.reply import escape
from plugin.sandbox.wiki import rendered

SHOWN = {
    "plain text": "<p>plain text</p>",
    "*bold* and _leaning_": "<p><strong>bold</strong> and <em>leaning</em></p>",
    "see {{tiers.yaml:12}}": "<p>see <code>tiers.yaml:12</code></p>",
    "* one\n* *two:* x\nafter": "<ul><li>one</li><li><strong>two:</strong> x</li></ul><p>after</p>",
    "one\n\ntwo": "<p>one\n\ntwo</p>",
    "[see _it_|http://127.0.0.1:80/a_b?c&d]": (
        '<p><a href="http://127.0.0.1:80/a_b?c&amp;d" rel="noreferrer">see <em>it</em></a></p>'
    ),
    "[see|javascript:alert(1)]": "<p>[see|javascript:alert(1)]</p>",
    "(/) met": '<p><b class="icon good">✓</b> met</p>',
    r"\*not bold\* \{\{no code\}\} \(/\) 2026\-11\-20": "<p>*not bold* {{no code}} (/) 2026-11-20</p>",
    "2 * 3 * 4 and snake_case_name": "<p>2 * 3 * 4 and snake_case_name</p>",
    "<b>&amp;": "<p>&lt;b&gt;&amp;amp;</p>",
    "\ue03c": "<p>&lt;</p>",
    "": "",
}


@pytest.mark.parametrize(("body", "html"), SHOWN.items())
def test_a_comment_is_shown_as_jira_shows_it(body: str, html: str) -> None:
    assert rendered(body) == html


@given(st.text(st.characters(exclude_categories=["Cs", "Co", "Cc", "Zl", "Zp"]), max_size=40))
def test_what_was_escaped_is_shown_as_it_was_typed(typed: str) -> None:
    html = str(rendered(f"> {escape(typed)}"))
    text = html.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in text
    for entity, character in {"&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'", "&amp;": "&"}.items():
        text = text.replace(entity, character)
    assert text.replace("\N{WORD JOINER}", "") == f"> {typed}".replace("\N{WORD JOINER}", "")
