"""`severities.yaml`: kinds of request, severities, and the table that rules which applies (C18 to C20)."""

from dataclasses import dataclass

from plugin.contract.policy import Kind, Severity
from plugin.contract.rules.severity import UNTOLD
from plugin.contract.tables import Table
from plugin.mappings.problem import Report
from plugin.mappings.references import AnyEnvironment, AnyImpact, AnyKind, SeverityWord
from plugin.mappings.shape import Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Clause, Id, Positive, Text
from plugin.mappings.words import Names, Words, names_in, names_of, resolved

FILE = "severities.yaml"


class KindShape(Shape):
    """A kind of request."""

    id: Id
    """What the other files call it."""
    name: Text
    """What people call it."""


class SeverityShape(Shape):
    """A level of business impact."""

    level: Positive
    """1 is the gravest."""
    name: Text
    """What people call it."""
    cites: Clause


class RulingShape(RowShape):
    """Which severity a request of this kind, from this environment, with this impact has."""

    kind: AnyKind
    environment: AnyEnvironment
    impact: AnyImpact
    severity: SeverityWord
    """The severity that it has, by its level or name."""


class SeveritiesFile(Shape):
    """Kinds of request, severities, and the table that rules which severity applies."""

    kinds: Rows[KindShape]
    """What customers can ask for."""
    severities: Rows[SeverityShape]
    """The levels of business impact."""
    environments: Rows[Id]
    """The answers that a customer can give to: where is it used?"""
    impacts: Rows[Id]
    """The answers that a customer can give to: how bad is it?"""
    ruling: Rows[RulingShape]
    """Which severity applies. The first row that fits wins; an answer that was not given is the word untold."""

    def kind_names(self, report: Report) -> Names:
        """The kinds' ids and names."""
        return names_of(report, "kind", self.kinds, "id", "name")

    def severity_names(self, report: Report) -> Names:
        """The levels and their names."""
        return names_of(report, "severity", self.severities, "level", "name")

    def environment_names(self, report: Report) -> Names:
        """The environments that a customer can be asked to choose from."""
        return names_in(report, "environment", self, "environments")

    def impact_names(self, report: Report) -> Names:
        """The business impacts that a customer can be asked to choose from."""
        return names_in(report, "impact", self, "impacts")


@dataclass(frozen=True, slots=True)
class Severities:
    """What the file gives the policy."""

    kinds: tuple[Kind, ...]
    severities: tuple[Severity, ...]
    severity_table: Table[int]


def severities(file: SeveritiesFile, words: Words, report: Report) -> Severities:
    """Build the policy's part, and check it."""
    for row in file.ruling:
        resolved(report, row.place("severity"), "severity", row.severity, words.severities)
    levels = words.severities.spelled if words.severities else {}
    conditions = {
        "kind": words.kinds,
        "environment": words.environments and words.environments.with_ids(UNTOLD),
        "impact": words.impacts and words.impacts.with_ids(UNTOLD),
    }
    return Severities(
        tuple(Kind(each.id, each.name) for each in file.kinds),
        tuple(Severity(each.level, each.name) for each in file.severities),
        table(
            report,
            file.key_place("ruling"),
            file.ruling,
            conditions,
            lambda row: int(levels.get(row.severity.casefold(), 0)),
        ),
    )
