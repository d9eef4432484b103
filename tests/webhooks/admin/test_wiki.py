"""Comments as people read them: our markup works, nobody else's does, and none of it is ever HTML."""

from hypothesis import given
from hypothesis import strategies as st

from plugin.jira.reply import LONGEST_VALUE, escape
from webhooks.admin.page import environment
from webhooks.admin.wiki import Block, Item, Piece, blocks

DRAWING = environment().from_string('{% import "comment.html" as c with context %}{{ c.whole(body | blocks) }}')


def drawn(body: str) -> str:
    """The comment as the page has it."""
    html: str = DRAWING.render(body=body)
    return "".join(line.strip() for line in html.splitlines())


def test_a_letter_is_shown_as_it_was_sent() -> None:
    body = "Hello Mira,\n\nYou run *26\\-1*,\nand _not_ [26.2|https://vendor.example/a_b_c?d=1&e=2].\n\nYour team\n"
    assert drawn(body) == (
        "<p>Hello Mira,</p>"
        "<p>You run <strong>26-1</strong>,<br>and <em>not</em> "
        '<a href="https://vendor.example/a_b_c?d=1&amp;e=2" rel="noreferrer">26.2</a>.</p>'
        "<p>Your team</p>"
    )


def test_a_note_has_its_lists_its_signs_and_its_places() -> None:
    first, rule, second = blocks("h3. Why\n----\n* (x) Too *old* {{C21 a_b.yaml:3}}\n** deeper\n* last\n# one")[0:3]
    assert first == Block("heading", (Piece("", "Why"),))
    assert rule == Block("rule")
    assert second.kind == "ul"
    assert second.items[0] == Item(
        (
            Piece("icon", "not met"),
            Piece("", " Too "),
            Piece("strong", within=(Piece("", "old"),)),
            Piece("", " "),
            Piece("code", "C21 a_b.yaml:3"),
        ),
        (Block("ul", items=(Item((Piece("", "deeper"),)),)),),
    )
    assert [block.kind for block in blocks("* last\n# one\n\n## below nothing")] == ["ul", "ol", "ol"]


def test_what_leads_out_of_the_page_is_an_address_and_nothing_else() -> None:
    assert (
        drawn("[here|javascript:alert(1)] [data:text/html,x]") == "<p>[here|javascript:alert(1)] [data:text/html,x]</p>"
    )
    assert 'href="mailto:mira@aurora.example"' in drawn("[mailto:mira@aurora.example]")
    assert drawn('[a|https://x.example/"onclick="b]').count('"') == 4


@given(st.text(max_size=LONGEST_VALUE))
def test_what_somebody_typed_is_that_very_text(typed: str) -> None:
    shown = "".join(piece.text for block in blocks(f"x{escape(typed)}") for piece in block.pieces)
    assert shown == "x" + " ".join(typed.splitlines()).replace("\N{WORD JOINER}", "")
    assert all(piece.look == "" for block in blocks(escape(typed)) for piece in block.pieces)


@given(st.text(st.sampled_from("*_{}[]()|\\-#/x! h1.https://a:\n\N{WORD JOINER}<&\"'"), max_size=80))
def test_whatever_a_comment_is_no_text_of_it_gets_lost_as_markup(body: str) -> None:
    html = drawn(body)
    assert "<script" not in html
    opened = html.count("<") - html.count("</") - html.count("<br>") - html.count("<hr>")
    assert opened == html.count("</")
