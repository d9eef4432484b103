"""`clauses.yaml`: what each clause of the contract says, and that every clause which a value cites is one of them."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from plugin.contract.policy import Clause
from plugin.mappings import values
from plugin.mappings.problem import Place, Report
from plugin.mappings.shape import Rows, Shape
from plugin.mappings.words import Names, closed

FILE = "clauses.yaml"
OF_AGREEMENTS: Final = ("C1", "C3", "C4", "C11", "C15", "C17", "C22", "C23", "C25", "C27")
"""What an agreement says rests on these without citing them: the rules do, so they have to be there."""


class ClauseShape(Shape):
    """A clause: its title, and the wording that explanations quote."""

    clause: values.Clause
    """Its name, as it is cited."""
    title: values.Text
    """What it is about, in a few words."""
    says: values.Text
    """What it says; explanations quote it."""


class ClausesFile(Shape):
    """What each clause of the contract says. Every clause that a value cites is one of them."""

    clauses: Rows[ClauseShape]
    """The clauses."""

    def names(self) -> Names:
        """The clauses' names."""
        return closed("clause", (each.clause for each in self.clauses))


def clauses(file: ClausesFile, report: Report) -> Mapping[str, Clause]:
    """The clauses by their names."""
    known: dict[str, ClauseShape] = {}
    for row in file.clauses:
        first = known.setdefault(row.clause, row)
        if first is not row:
            there = first.place("clause").line
            report.problem(row.place("clause"), f"clause {row.clause} is already in line {there}; remove one")
    for name in OF_AGREEMENTS:
        if name not in known:
            sentence = f"clause {name}, on which agreements rest, is missing; expected its title and what it says"
            report.problem(file.key_place("clauses"), sentence)
    return MappingProxyType({name: Clause(row.title, row.says) for name, row in known.items()})


def check_cited(files: Iterable[Shape], known: Names | None, report: Report) -> None:
    """Report every clause that a value cites and that is not `known`; without known ones nothing is judged."""
    if known is None:
        return
    for file in files:
        for place, clause in _cited(file):
            if clause not in known.ids:
                report.problem(place, f"cites: {FILE} has no clause {clause}; say there what it says, or cite another")


def _cited(shape: Shape) -> Iterator[tuple[Place, str]]:
    """Every clause that this cites, or anything in it, with its place."""
    for name in type(shape).model_fields:
        value = getattr(shape, name)
        for number, each in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(each, Shape):
                yield from _cited(each)
            elif name == "cites":
                yield shape.place(name, number) if isinstance(value, tuple) else shape.place(name), each
