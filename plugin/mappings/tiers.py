"""`tiers.yaml`: levels of support, and what each of them brings (C1, C2, C4 to C8, C10, C11)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from plugin.contract.policy import Inclusion, Quantity, Service, Tier
from plugin.contract.reminding import Reminding
from plugin.contract.tables import Table
from plugin.mappings.problem import Report
from plugin.mappings.reads import member_of, one_word_of
from plugin.mappings.references import AnyKind, AnySeverity, AnyTier, KindWord, PriorityOrNone, PriorityWord
from plugin.mappings.shape import DatedShape, Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import NONE, Clause, Id, Limit, ResponsePoint, Text, Within, YesNo
from plugin.mappings.words import Names, Words, names_in, names_of, resolved

FILE = "tiers.yaml"
_NOTE, _FIELD = "note", "field"


class TierShape(Shape):
    """A tier and its other names."""

    id: Id
    """What the other files call it."""
    name: Text
    """What people call it."""
    aliases: tuple[Text, ...] = ()
    """Other names for the same tier."""
    cites: Clause


class ResponseTargetShape(RowShape):
    """The first response of a tier at a severity."""

    tier: AnyTier
    severity: AnySeverity
    within: Within
    """The time until the first response. Whether it counts in covered time or by the clock: coverage.yaml."""


class NamedContactsShape(DatedShape):
    """How many named contacts a tier allows at a time."""

    tier: AnyTier
    limit: Limit
    """How many on one day."""


class ServiceShape(RowShape):
    """Whether a tier includes a kind of request, and as which other kind it is helped with where it does not."""

    tier: AnyTier
    kind: AnyKind
    included: Annotated[Inclusion, member_of(Inclusion)]
    """guidance: how to do it, not step by step."""
    instead: KindWord | None = None
    """The kind as which it is helped with where it is not included; left out: it is refused."""


class PriorityShape(RowShape):
    """The priority that a tier gives a request of a severity."""

    tier: AnyTier
    severity: AnySeverity
    priority: PriorityOrNone
    """One of priorities; none leaves it as it is in Jira."""


class RemindersShape(RowShape):
    """When agents are reminded that a tier's response is due at a severity, and how."""

    tier: AnyTier
    severity: AnySeverity
    at: tuple[ResponsePoint, ...]
    """The points of the response time; [] for none. Where support is closed then, it is the last open moment before."""
    by: tuple[Annotated[str, one_word_of((_NOTE, _FIELD))], ...]
    """note: an internal note on the request; field: the field response_reminder says which point was reached."""
    priority: PriorityWord | None = None
    """One of priorities, which the request has from the first point on until there is a response."""


class AccountRepresentativeShape(RowShape):
    """Whether a tier includes a technical account representative."""

    tier: AnyTier
    assigned: YesNo


class TiersFile(Shape):
    """Levels of support: their names, and what each of them brings."""

    tiers: Rows[TierShape]
    """The tiers, and their names."""
    response_targets: Rows[ResponseTargetShape]
    """The time until the first response, by tier and severity."""
    named_contacts: Rows[NamedContactsShape]
    """How many people an agreement may name on one day, by tier."""
    services: Rows[ServiceShape]
    """What each tier may ask for, by kind of request. The first row that fits wins."""
    priorities: Rows[Id]
    """The help desk's words for how urgently a request is handled, the highest first."""
    priority_handling: Rows[PriorityShape]
    """The priority that a request gets, by tier and severity."""
    reminders: Rows[RemindersShape]
    """When agents are reminded of a response that nobody has given yet, by tier and severity."""
    account_representatives: Rows[AccountRepresentativeShape]
    """Whether a technical account representative is included, by tier."""

    def names(self, report: Report) -> Names:
        """The tiers' ids, names and aliases."""
        return names_of(report, "tier", self.tiers, "id", "name", "aliases")

    def priority_names(self, report: Report) -> Names:
        """The priorities that a request can be given."""
        return names_in(report, "priority", self, "priorities")


@dataclass(frozen=True, slots=True)
class Tiers:
    """What the file gives the policy."""

    tiers: tuple[Tier, ...]
    response_targets: Table[timedelta | None]
    contact_limits: Table[Quantity]
    services: Table[Service]
    priorities: Table[str | None]
    reminders: Table[Reminding]
    representatives: Table[bool]


def tiers(file: TiersFile, words: Words, report: Report) -> Tiers:
    """Build the policy's part, and check it."""
    return Tiers(
        tuple(Tier(each.id, each.name, each.aliases) for each in file.tiers),
        table(
            report,
            file.key_place("response_targets"),
            file.response_targets,
            {"tier": words.tiers, "severity": words.severities},
            lambda row: row.within,
        ),
        table(
            report, file.key_place("named_contacts"), file.named_contacts, {"tier": words.tiers}, lambda row: row.limit
        ),
        _services(file, words, report),
        _priorities(file, words, report),
        _reminders(file, words, report),
        table(
            report,
            file.key_place("account_representatives"),
            file.account_representatives,
            {"tier": words.tiers},
            lambda row: row.assigned,
        ),
    )


def _priorities(file: TiersFile, words: Words, report: Report) -> Table[str | None]:
    """The table of priorities, each of them one of the file's own words."""
    for row in file.priority_handling:
        resolved(report, row.place("priority"), "priority", row.priority, words.priorities, NONE)
    known = words.priorities
    return table(
        report,
        file.key_place("priority_handling"),
        file.priority_handling,
        {"tier": words.tiers, "severity": words.severities},
        lambda row: None if known is None or row.priority == NONE else known.id_of(row.priority),
    )


def _reminders(file: TiersFile, words: Words, report: Report) -> Table[Reminding]:
    """The table of reminders; each point needs a way to be heard of."""
    known = words.priorities
    for row in file.reminders:
        if row.priority is not None:
            resolved(report, row.place("priority"), "priority", row.priority, known)
        if bool(row.at) != bool(row.by or row.priority):
            sentence = "at: points and ways to remind go together; give by: or priority:, or at: [] and by: []"
            report.problem(row.place("at"), sentence)
        if len(set(row.at)) < len(row.at):
            report.problem(row.place("at"), "at: a point is named twice; remove one")
    return table(
        report,
        file.key_place("reminders"),
        file.reminders,
        {"tier": words.tiers, "severity": words.severities},
        lambda row: Reminding(
            row.at, _NOTE in row.by, _FIELD in row.by, known.id_of(row.priority) if known and row.priority else None
        ),
    )


def _services(file: TiersFile, words: Words, report: Report) -> Table[Service]:
    """The table of services; what is given instead of a kind has to be another kind, and only where it is needed."""
    kinds = words.kinds
    for row in file.services:
        if row.instead is None:
            continue
        instead = resolved(report, row.place("instead"), "instead", row.instead, kinds)
        if row.included is not Inclusion.NO:
            report.problem(
                row.place("instead"), f"instead: the kind is included; remove it, or write included: {Inclusion.NO}"
            )
        elif instead is not None and kinds is not None and instead == kinds.id_of(row.kind):
            report.problem(
                row.place("instead"), f"instead: {row.instead} is the kind itself; name another, or leave it out"
            )
    return table(
        report,
        file.key_place("services"),
        file.services,
        {"tier": words.tiers, "kind": kinds},
        lambda row: Service(row.included, kinds.id_of(row.instead) if kinds and row.instead else None),
    )
