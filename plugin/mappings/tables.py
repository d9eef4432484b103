"""From rows to a table: every word known, every case covered, every row of use."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import TypeVar

from plugin.contract.tables import ANY, AppliesTo, AsOf, Row, Table
from plugin.mappings.problem import Place, Report
from plugin.mappings.shape import DatedShape
from plugin.mappings.words import Names, resolved

T = TypeVar("T")
R = TypeVar("R", bound=DatedShape)


def table(
    report: Report,
    place: Place,
    rows: Sequence[R],
    conditions: Mapping[str, Names | None],
    value: Callable[[R], T],
    *,
    total: bool = True,
) -> Table[T]:
    """Build a table whose rows are looked up by `conditions`: keys of the rows, each with the words known for it.

    Problems: an unknown word, a case that no row covers from the beginning (unless the table need not be `total`: what
    it does not list is not so), a row that never applies.
    """
    built: list[Row[T]] = []
    whole = True
    for row in rows:
        words, said = {}, row.cited(value(row), report)
        for name, known in conditions.items():
            word = resolved(report, row.place(name), name, getattr(row, name), known, ANY)
            if word is not None:
                words[name] = word
        if len(words) == len(conditions):
            built.append(Row(tuple(words.items()), said))
        else:
            whole = False
    found = Table(tuple(built))
    known_words = {name: known.ids for name, known in conditions.items() if known is not None}
    if whole and len(known_words) == len(conditions):
        cases = [dict(zip(known_words, words, strict=True)) for words in product(*known_words.values())]
        if total:
            _covered(report, place, found, cases)
        _of_use(report, rows, found, cases)
    return found


def _covered(report: Report, place: Place, found: Table[T], cases: Iterable[Mapping[str, str]]) -> None:
    """Every case needs a row without `from`, or requests raised before that day could not be decided."""
    missing = [case for case in cases if found.find(date.min, **case) is None]
    if not missing:
        return
    first = ", ".join(f"{name} {word}" for name, word in missing[0].items())
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    dated = any(row.fits(missing[0]) for row in found.rows)
    advice = "leave from: out of the oldest row" if dated else "add a row, or a last row that says any"
    report.problem(place, f"no row fits {first or 'any request'}{more} from the beginning; {advice}")


def _of_use(report: Report, rows: Sequence[R], found: Table[T], cases: Sequence[Mapping[str, str]]) -> None:
    applied = {id(found.find(as_of, **case)) for as_of in _moments(found) for case in cases}
    for shape, row in zip(rows, found.rows, strict=True):
        if id(row.cited) in applied:
            continue
        twin = next(each for each in found.rows if each.cited.since <= row.cited.since and _wider(each, row))
        if (twin.when, twin.cited.since) == (row.when, row.cited.since) and twin is not row:
            sentence = (
                f"this row says again what line {twin.cited.cites.source.line} says; remove one, or give it a from:"
            )
        else:
            sentence = "this row never applies, the rows above it fit first; move it up or remove it"
        report.problem(shape.place(), sentence)


def _moments(found: Table[T]) -> set[AsOf]:
    """The days by which a request can be judged, as far as they make a difference to the table."""
    days = {row.cited.since for row in found.rows}
    later = {row.cited.since for row in found.rows if row.cited.applies_to is AppliesTo.OPEN}
    return {AsOf(raised, max(raised, open_until)) for raised in days for open_until in {raised} | later}


def _wider(one: Row[T], other: Row[T]) -> bool:
    """Does `one` fit whenever `other` does?"""
    return all(word in (ANY, dict(other.when)[name]) for name, word in one.when)
