"""From the bytes of mapping files to policy, agreements and field declarations; or to all that is wrong with them.

The bytes are those of a directory, or of a revision as it was recorded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar

from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Policy
from plugin.contract.quote import Prices
from plugin.jira.board import BoardSetting
from plugin.jira.fields import Declared
from plugin.mappings import (
    agreements,
    clauses,
    coverage,
    credits,
    eligibility,
    examples,
    fields,
    prices,
    releases,
    reply_files,
    severities,
    statements,
    tiers,
)
from plugin.mappings.agreement_checks import (
    check_agreement,
    check_appointments,
    check_languages,
    check_representative,
    check_together,
)
from plugin.mappings.catalogue import TABLES
from plugin.mappings.document import Document, read_document
from plugin.mappings.files import in_folder, read_files, revision_of
from plugin.mappings.problem import Problem, Report
from plugin.mappings.replies import Replies
from plugin.mappings.shape import Shape, shaped
from plugin.mappings.words import Words

P = ParamSpec("P")
S = TypeVar("S", bound=Shape)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mappings:
    """Everything that the mapping files say, wholly good.

    `files` are the bytes of those that decide, by their names relative to the directory; `policy.revision` changes with
    any of them. Examples, the templates of replies and the words of statements (by their language) are not among them:
    they decide nothing.
    """

    policy: Policy
    agreements: tuple[SupportAgreement, ...]
    declared: Declared
    board: BoardSetting
    replies: Replies
    receipts: eligibility.Receipts
    prices: Prices | None
    files: Mapping[str, bytes]
    statement_words: Mapping[str, statements.StatementFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading gave: mappings, or else at least one problem."""

    mappings: Mappings | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Files:
    """The files that have the shape they should have."""

    tables: Mapping[type[Shape], Shape]
    agreements: tuple[agreements.AgreementFile, ...]

    def made(self, shape: type[S], make: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What `make` gives for the file of this shape; None where that cannot be read."""
        file = self.tables.get(shape)
        return make(file, *args, **kwargs) if isinstance(file, shape) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be made of files: mappings, if all parts could be built; the words; the examples, unread."""

    mappings: Mappings | None
    words: Words
    examples: Mapping[str, bytes]


def load(directory: Path, today: date | None = None) -> Loaded:
    """Read a directory of mapping files. Raises nothing for what an admin can get wrong: that is a problem.

    `today`, in the vendor's zone, is for warnings about what is out of date; without it there are none of these.
    """
    report = Report()
    mappings = read(directory, report, today).mappings
    return Loaded(None if report.problems else mappings, report.problems, report.warnings)


def load_recorded(files: Mapping[str, bytes]) -> Loaded:
    """Read a revision from its `Mappings.files`. With no replies among them, it can decide and say nothing.

    A problem means that this release reads mapping files in another way than the one that recorded them.
    """
    report = Report()
    mappings = read_contents(files, report, None, replies=False).mappings
    return Loaded(None if report.problems else mappings, report.problems, report.warnings)


def read(directory: Path, report: Report, today: date | None) -> Reading:
    """Read everything but the examples, reporting what is wrong; only without problems are the mappings good."""
    return read_contents(read_files(directory, report), report, today)


def read_contents(
    contents: Mapping[str, bytes], report: Report, today: date | None, *, replies: bool = True
) -> Reading:
    """Read files by their names, likewise. Without `replies` none are expected."""
    groups: dict[str, dict[str, bytes]] = {
        examples.FOLDER: {},
        reply_files.FOLDER: {},
        statements.FOLDER: {},
        "": {},
    }
    for name, content in contents.items():
        folder = name.partition("/")[0]
        groups[folder if folder in groups else ""][name] = content
    deciding = groups[""]
    documents = {name: read_document(name, content) for name, content in deciding.items()}
    for document in documents.values():
        report.add(document.problems)
    files = _files(documents, report)
    words = _words(files, report)
    clauses.check_cited((*files.tables.values(), *files.agreements), words.clauses, report)
    worded = statements.statements(groups[statements.FOLDER], words, report)
    mappings = _build(files, deciding, groups[reply_files.FOLDER] if replies else None, words, report, today)
    if mappings is not None:
        mappings = replace(mappings, statement_words=worded)
    return Reading(mappings, words, groups[examples.FOLDER])


def _files(documents: Mapping[str, Document], report: Report) -> _Files:
    tables = ((sort.shape, shaped(sort.shape, documents.get(sort.name), report)) for sort in TABLES)
    signed = (
        shaped(agreements.AgreementFile, document, report)
        for name, document in documents.items()
        if in_folder(name, agreements.FOLDER)
    )
    return _Files(
        {shape: file for shape, file in tables if file is not None},
        tuple(file for file in signed if file is not None),
    )


def _words(files: _Files, report: Report) -> Words:
    grave = severities.SeveritiesFile
    return Words(
        tiers=files.made(tiers.TiersFile, tiers.TiersFile.names, report),
        severities=files.made(grave, grave.severity_names, report),
        kinds=files.made(grave, grave.kind_names, report),
        environments=files.made(grave, grave.environment_names, report),
        impacts=files.made(grave, grave.impact_names, report),
        products=files.made(releases.ReleasesFile, releases.ReleasesFile.names, report),
        calendars=files.made(coverage.CoverageFile, coverage.CoverageFile.names, report),
        outcomes=files.made(credits.CreditsFile, credits.CreditsFile.outcome_names, report),
        clauses=files.made(clauses.ClausesFile, clauses.ClausesFile.names),
        priorities=files.made(tiers.TiersFile, tiers.TiersFile.priority_names, report),
    )


def _build(
    files: _Files,
    contents: Mapping[str, bytes],
    templates: Mapping[str, bytes] | None,
    words: Words,
    report: Report,
    today: date | None,
) -> Mappings | None:
    """Build what can be built, so that everything is checked; None unless all of it could be."""
    level = files.made(tiers.TiersFile, tiers.tiers, words, report)
    grave = files.made(severities.SeveritiesFile, severities.severities, words, report)
    covered = files.made(coverage.CoverageFile, coverage.coverage, words, report, today)
    released = files.made(releases.ReleasesFile, releases.releases, words, report, today)
    judged = files.made(eligibility.EligibilityFile, eligibility.eligibility, report)
    counted = files.made(credits.CreditsFile, credits.credits, words, report)
    shown = files.made(fields.FieldsFile, fields.declared, words, report)
    quoted = files.made(clauses.ClausesFile, clauses.clauses, report)
    priced = files.made(prices.PricesFile, prices.prices, words, report)
    zone = covered.zone if covered else None
    read_whole = (agreements.agreement(file, words, report, zone) for file in files.agreements)
    signed = [each for each in read_whole if each is not None]
    for each in signed:
        check_agreement(each, level.contact_limits if level else None, report, today)
        if level:
            check_representative(each, level.representatives, report, today)
        if covered and shown:
            check_appointments(each, covered, shown.projects, report)
    check_together([(each.agreement.customer, each.file.match) for each in signed], report)
    told = Replies({}) if templates is None else reply_files.replies(templates, judged, report)
    if told and told.languages:
        check_languages(signed, told, report)
    if not (level and grave and covered and released and judged and counted and shown and quoted and told):
        return None
    policy = Policy(
        revision=revision_of(contents),
        zone=covered.zone,
        tiers=level.tiers,
        severities=grave.severities,
        kinds=grave.kinds,
        products=released.products,
        calendars=covered.calendars,
        response_targets=level.response_targets,
        contact_limits=level.contact_limits,
        coverage=covered.coverage,
        appointments=covered.appointments,
        clock_starts=covered.clock_starts,
        counts_as_response=covered.counts_as_response,
        reminders=level.reminders,
        severity_table=grave.severity_table,
        supported_lines=released.supported_lines,
        grace=released.grace,
        fixes=released.fixes,
        platforms=released.platforms,
        third_party=released.third_party,
        services=level.services,
        priorities=level.priorities,
        representatives=level.representatives,
        verdicts=judged.verdicts,
        grants=counted.grants,
        carry_over=counted.carry_over,
        costs=counted.costs,
        shortage=counted.shortage,
        refunds=counted.refunds,
        rules=judged.rules,
        clauses=quoted,
    )
    declared = replace(shown, zone=covered.zone)
    return Mappings(
        policy,
        tuple(each.agreement for each in signed),
        declared,
        counted.board,
        told,
        judged.receipts,
        priced,
        MappingProxyType(contents),
    )
