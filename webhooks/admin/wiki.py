r"""Comments as Jira's wiki renderer shows them, so that a page tells what people read, and not how it was written.

Both kinds of Jira take our comments in this markup. What our templates are made of is known here, and most of what
others are: headings, lists, bold, italics, code, links, rules, a few icons; anything else is shown as it stands. What
comes of it are values, which a template draws and escapes: no text is ever markup of the page.
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all

>>> [block] = blocks(r"*Due* for \*us\*")
>>> [(piece.look, piece.text) for piece in block.pieces]
[('strong', ''), ('', ' for *us*')]
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from plugin.jira.reply import as_read

DEEPEST: Final = 6
"""Lists within lists."""

_ICONS: Final = {"/": "met", "!": "limited", "?": "unknown", "x": "not met"}

_ITEM: Final = re.compile(rf"([*#-]{{1,{DEEPEST}}}) +(.*)")
_HEADING: Final = re.compile(r"h([1-6])\. +(.*)")
_QUOTE: Final = re.compile(r"bq\. +(.*)")
_RULE: Final = re.compile(r"-{4,5}\s*")
_INLINE: Final = re.compile(
    r"""
      \\.                                                      # disarmed: text, whatever it is
    | \{\{ (?=\S) (?P<code> (?:\\.|[^\\}])+ ) \}\}
    | \[ (?: (?P<called> (?:\\.|[^\\\[\]|])+ ) \| )? (?P<link> (?:https?://|mailto:) [^\s\[\]|\\]+ ) \]
    | \( (?P<icon> [/x!?] ) \)
    | (?<![\w*]) \* (?=\S) (?P<strong> (?:\\.|[^\\*])+ ) (?<=\S) \* (?![\w*])
    | (?<![\w_]) _ (?=\S) (?P<em> (?:\\.|[^\\_])+ ) (?<=\S) _ (?![\w_])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: a text, or what stands `within` it.

    `look` is "" for plain text, `strong`, `em`, `code`, `icon` (then `text` is an outcome) or `link` (to `href`).
    """

    look: str
    text: str = ""
    within: "tuple[Piece, ...]" = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, and the lists below it."""

    pieces: tuple[Piece, ...]
    below: "tuple[Block, ...]" = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, `heading`, `quote`, `rule` or list (`ul`, `ol`), from the top of a comment to its end.

    The lines of a paragraph have a piece `break` between them. Lists have `items`, the others `pieces`.
    """

    kind: str
    pieces: tuple[Piece, ...] = ()
    items: tuple[Item, ...] = ()


def blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a comment's body."""
    found: list[Block] = []
    for kind, lines in groupby(body.splitlines(), key=_kind):
        if kind == "list":
            found += _lists([(item[1], item[2]) for line in lines if (item := _ITEM.fullmatch(line))])
        elif kind == "paragraph":
            found.append(Block(kind, tuple(_joined(lines))))
        elif kind == "rule":
            found.append(Block(kind))
        elif kind:
            found += [Block(kind, tuple(_pieces(line.partition(". ")[2]))) for line in lines]
    return tuple(found)


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    marks = {"rule": _RULE, "list": _ITEM, "heading": _HEADING, "quote": _QUOTE}
    return next((kind for kind, mark in marks.items() if mark.fullmatch(line)), "paragraph")


def _lists(items: Sequence[tuple[str, str]], depth: int = 1) -> Iterator[Block]:
    """The lists of these items, by their marks: a new one where the mark at this depth changes."""
    for mark, several in groupby(items, key=lambda item: item[0][:depth][-1]):
        made: list[Item] = []
        for deeper, same in groupby(several, key=lambda item: len(item[0]) > depth):
            if deeper:
                above = made.pop() if made else Item(())
                made.append(Item(above.pieces, tuple(_lists(list(same), depth + 1))))
            else:
                made += [Item(tuple(_pieces(text))) for _, text in same]
        yield Block("ol" if mark == "#" else "ul", items=tuple(made))


def _joined(lines: Iterator[str]) -> Iterator[Piece]:
    for number, line in enumerate(lines):
        if number:
            yield Piece("break")
        yield from _pieces(line)


def _pieces(line: str) -> Iterator[Piece]:
    last = 0
    for found in _INLINE.finditer(line):
        look = found.lastgroup
        if look is None:
            continue
        if found.start() > last:
            yield Piece("", as_read(line[last : found.start()]))
        text, last = found[look], found.end()
        if look == "icon":
            yield Piece(look, _ICONS[text])
        elif look == "code":
            yield Piece(look, as_read(text))
        elif look == "link":
            yield Piece(look, as_read(found["called"] or text), href=text)
        else:
            yield Piece(look, within=tuple(_pieces(text)))
    if last < len(line):
        yield Piece("", as_read(line[last:]))
