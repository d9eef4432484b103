"""The receipt for a terminal."""

import textwrap
from collections.abc import Iterator
from typing import Final, NamedTuple

from plugin.contract.decision import Outcome
from plugin.contract.receipt import Receipt, places

MARKS: Final = {Outcome.MET: "+", Outcome.LIMITED: "!", Outcome.UNKNOWN: "?", Outcome.NOT_MET: "-"}


def as_text(told: Receipt, width: int | None = None) -> str:
    """The receipt for a terminal, wrapped to `width` columns where one is given."""
    return "\n".join(_wrapped(each, width) for each in _paragraphs(told))


class _Paragraph(NamedTuple):
    """A text, what its first line begins with, and what the others do."""

    text: str = ""
    first: str = ""
    others: str = ""


def _paragraphs(told: Receipt) -> Iterator[_Paragraph]:
    yield from map(_Paragraph, told.summary)
    for section in told.sections:
        yield _Paragraph()
        yield _Paragraph(f"{section.title}: {section.value}", others="  ")
        for line in section.lines:
            # A line ends between two clauses, never between a clause and its places.
            rests_on = places(line.rests_on).replace(" ", _KEPT_TOGETHER).replace(f";{_KEPT_TOGETHER}", "; ")
            yield _Paragraph(f"{line.text} [{rests_on}]", f"  {MARKS[line.outcome]} ", "    ")
    if told.clauses:
        yield _Paragraph()
        yield _Paragraph("What the contract says")
    for name, clause in told.clauses:
        yield _Paragraph(f"{clause.title}. {clause.says}", f"  {name:<3} ", "      ")
    yield _Paragraph()
    yield _Paragraph(told.decided)
    yield _Paragraph("+ met, ! limited, ? unknown, - not met")


def _wrapped(paragraph: _Paragraph, width: int | None) -> str:
    text, first, others = paragraph
    lines = [f"{first}{text}"]
    if width is not None and text:
        lines = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return "\n".join(lines).replace(_KEPT_TOGETHER, " ")


_KEPT_TOGETHER: Final = "\N{NO-BREAK SPACE}"
