"""`statements/<language>.yaml`: the words of the monthly statement to a customer. They decide nothing."""

import string
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from pydantic import Field

from plugin.mappings.document import read_document
from plugin.mappings.problem import Place, Report
from plugin.mappings.shape import Rows, Shape, shaped
from plugin.mappings.values import Id, Text
from plugin.mappings.wording import is_language
from plugin.mappings.words import Words, resolved

FOLDER: Final = "statements"

PLACEHOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "made_on": ("moment",),
    "not_over": ("moment",),
    "seats": ("used", "limit"),
    "seats_unlimited": ("used",),
    "in_force": ("first", "last"),
    "ended": ("last",),
    "begins": ("first",),
    "renews": ("months",),
    "supported_until": ("day",),
    "package": ("name",),
}
"""The texts that values are filled into, and how these are called: `{moment}`."""


class KindNameShape(Shape):
    """What a kind of request is called in this language."""

    kind: Id
    """The kind's id in severities.yaml."""
    name: Text
    """What customers read."""


class StatementFile(Shape):
    """The words of the monthly statement in one language. Words in braces, such as {moment}, are filled in."""

    title: Text
    """The heading of the page, before the month."""
    made_on: Text
    """When it was made: {moment}."""
    not_over: Text
    """That the month is not over: it shows what there was up to {moment}."""

    credits: Text
    """Support credits (C9), as the title of a column."""
    training_sessions: Text
    """Online training sessions (C10), as the title of a column."""
    balance: Text
    """The heading of the balance."""
    opening: Text
    """What there was before the first day of the month."""
    granted: Text
    """What the agreement granted, or a package brought."""
    carried_over: Text
    """What was carried over from one agreement year to the next."""
    used: Text
    """What requests used."""
    corrected: Text
    """What was corrected by hand, or by a change of the agreement."""
    expired: Text
    """What expired unused."""
    closing: Text
    """What is left after the last day of the month."""

    left: Text
    """The title of a column: of what the balance at the end consists."""
    units: Text
    """The title of a column of amounts."""
    unit: Text
    """The title of a column: credits or training sessions."""

    movements: Text
    """The heading of what was granted, carried over, corrected and expired."""
    usage: Text
    """The heading of what each request used."""
    raised_in_month: Text
    """The heading of the requests that were raised in the month."""
    requests: Text
    """The title of a column: how many requests."""
    nothing: Text
    """What is said where a list is empty."""
    total: Text
    """The last line of a list of amounts."""

    day: Text
    """The title of a column."""
    what: Text
    """The title of a column."""
    lot: Text
    """The title of a column: which grant it is of."""
    package: Text
    """A grant that is the package {name}."""
    reason: Text
    """The title of a column: why something was corrected."""
    request: Text
    """The title of a column."""
    raised: Text
    """The title of a column: when it was raised."""
    kind: Text
    """The title of a column: the kind of request."""
    severity: Text
    """The title of a column."""
    clause: Text
    """The title of a column: the clause of the contract that a charge rests on."""
    product: Text
    """The title of a column."""
    version: Text
    """The title of a column."""
    eligibility: Text
    """The title of a column: what the contract says of a request."""
    response_due: Text
    """The title of a column: when the first response was due."""

    response: Text
    """The title of a column: whether the first response was in time (C2)."""

    responses: Text
    """The heading of how many first responses were in time."""
    response_open: Text
    """A response that nobody has given yet, and that is not due yet."""
    response_kept: Text
    """A response that was in time."""
    response_missed: Text
    """A response that was late."""
    response_overdue: Text
    """A response that nobody has given yet, and that is late already."""
    response_not_applicable: Text
    """A request to which no response time was promised."""

    agreement: Text
    """The heading of what was agreed on."""
    term: Text
    """Before the days from which and until which the agreement runs."""
    in_force: Text
    """The agreement in force runs from {first} to {last}."""
    ended: Text
    """The agreement ended on {last}."""
    begins: Text
    """The agreement begins on {first}."""
    renewal: Text
    """Before how it is renewed."""
    renews: Text
    """It renews itself, unless notice is given {months} months before."""
    renews_itself: Text
    """It renews itself, whatever the notice."""
    by_order: Text
    """It is renewed by an order."""
    tier: Text
    """The title of a column."""
    licenses: Text
    """The title of a column: developer licences."""
    free: Text
    """Beside licences that are free, and bring no support (C23)."""
    until: Text
    """The title of a column: the last day."""

    contacts: Text
    """The heading of the named contacts (C4)."""
    seats: Text
    """{used} of {limit} seats are taken."""
    seats_unlimited: Text
    """{used} seats are taken, of any number."""

    versions: Text
    """The heading of the versions that the requests of the last year named."""
    support: Text
    """The title of a column: whether a version is supported."""
    supported: Text
    """A version that is supported, until nobody knows when."""
    supported_until: Text
    """A version that is supported until {day}."""
    not_supported: Text
    """A version that is not supported any more."""

    eligible: Text
    """What the contract says of a request: it helps."""
    limited: Text
    """It helps, with a limit."""
    on_hold: Text
    """An agent has to decide first."""
    needs_information: Text
    """The customer was asked something."""
    not_eligible: Text
    """It does not help."""

    kinds: Rows[KindNameShape] = Field(default=())
    """What kinds of request are called; without a row as severities.yaml calls it."""


def statements(contents: Mapping[str, bytes], words: Words, report: Report) -> Mapping[str, StatementFile]:
    """The words by language. Problems: what `StatementFile` does not take, and what is not what it says it is."""
    found = {}
    for name, content in sorted(contents.items()):
        language = PurePosixPath(name).stem
        if not is_language(language):
            report.problem(Place(name), f"{language} is no language; name the file like en.yaml or de.yaml")
            continue
        document = read_document(name, content)
        report.add(document.problems)
        file = shaped(StatementFile, document, report)
        if file is not None:
            _check(file, words, report)
            found[language] = file
    return found


def _check(file: StatementFile, words: Words, report: Report) -> None:
    for name in type(file).model_fields:
        text = getattr(file, name)
        if isinstance(text, str):
            _check_placeholders(file, name, text, report)
    seen = set()
    for row in file.kinds:
        resolved(report, row.place("kind"), "kind", row.kind, words.kinds)
        if row.kind in seen:
            report.problem(row.place("kind"), f"kind: {row.kind} has a name already; remove one")
        seen.add(row.kind)


def _check_placeholders(file: StatementFile, name: str, text: str, report: Report) -> None:
    known = PLACEHOLDERS.get(name, ())
    listed = ", ".join(f"{{{each}}}" for each in known) or "no braces"
    try:
        used = [each[1:] for each in string.Formatter().parse(text) if each[1] is not None]
    except ValueError:
        report.problem(file.place(name), f"{name}: a brace is not closed; expected {listed}")
        return
    for field, spec, conversion in used:
        if field not in known or spec or conversion:
            report.problem(file.place(name), f"{name}: {{{field}}} is not known here; expected {listed}")
