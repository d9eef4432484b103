"""`replies/<name>.<language>.md`: the templates of what the customer is told, read and checked before they are used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from jinja2 import Environment, TemplateError, TemplateSyntaxError

from plugin.contract.decision import Reason
from plugin.contract.policy import Mode
from plugin.contract.tables import ANY
from plugin.jira.plan import LONGEST_TEXT
from plugin.mappings.eligibility import EligibilityPart
from plugin.mappings.problem import Place, Problem, Report, nearest
from plugin.mappings.replies import DEFAULT_LANGUAGE, MOST_TEMPLATES, Replies, compiled
from plugin.mappings.reply_language import faults
from plugin.mappings.reply_names import BODY, DRAFT, FRAME, RECEIPT
from plugin.mappings.reply_trial import trouble
from plugin.mappings.wording import is_language

FOLDER: Final = "replies"
_MOST_REVISIONS: Final = 16
_NAMES: Final = (*BODY, *map(str, Reason))


def replies(contents: Mapping[str, bytes], judged: EligibilityPart | None, report: Report) -> Replies | None:
    """Build the replies from the bytes of their files, and try them. None, and problems, where they cannot be used."""
    read = _read(tuple(contents.items()))
    report.add(read.problems)
    missing = [each for each in _needed(contents, judged) if _file(*each[:2]) not in contents]
    for name, language, then in missing:
        report.problem(Place(_file(name, language)), f"the template is missing; write {then}")
    return None if read.problems or missing else read.made


@dataclass(frozen=True, slots=True)
class _Read:
    made: Replies
    problems: tuple[Problem, ...]


@lru_cache(maxsize=_MOST_REVISIONS)
def _read(files: tuple[tuple[str, bytes], ...]) -> _Read:
    """What the files say, tried. Remembered: compiling them takes longer than reading all the other files."""
    report, contents = Report(), dict(files)
    templates: dict[tuple[str, str], str] = {}
    for file, content in contents.items():
        key = _key(file, contents, report)
        text = _text(Place(file), content, report)
        if key is None or text is None:
            continue
        wrong = _faults(text, *key)
        for line, sentence in wrong:
            report.problem(Place(file, line), sentence)
        if not wrong:
            templates[key] = text
    made = Replies(templates)
    for name, language, line, sentence in trouble(made, templates):
        report.problem(Place(_file(name, language), line), sentence)
    return _Read(made, report.problems)


def _key(file: str, contents: Mapping[str, bytes], report: Report) -> tuple[str, str] | None:
    """The name and the language that the file is for; None, and a problem, where nobody would use it."""
    name, _, language = PurePosixPath(file).stem.rpartition(".")
    if name not in _NAMES:
        near = nearest(name or language, _NAMES)
        hint = f"; is it {near}.{DEFAULT_LANGUAGE}.md?" if near else ""
        sentence = f"expected <name>.<language>.md, the name {', '.join(BODY)} or a reason{hint}"
    elif not is_language(language):
        sentence = f"no language is known by the code {language}; expected one such as en, de or fr"
    elif name == DRAFT and language != DEFAULT_LANGUAGE:
        sentence = f"agents read {_file(DRAFT, DEFAULT_LANGUAGE)}; remove it"
    elif _file(FRAME, language) not in contents:
        sentence = f"replies in this language need {_file(FRAME, language)}; write it, or remove this file"
    else:
        return name, language
    report.problem(Place(file), f"nobody would use this file: {sentence}")
    return None


def _file(name: str, language: str) -> str:
    return f"{FOLDER}/{name}.{language}.md"


def _text(place: Place, content: bytes, report: Report) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        report.problem(place._replace(line=line), "the file is not UTF-8; save it as UTF-8")
        return None
    if len(text) > LONGEST_TEXT:
        report.problem(place, f"the template is too long; a comment of Jira holds {LONGEST_TEXT} characters")
        return None
    return text


@lru_cache(maxsize=MOST_TEMPLATES)
def _faults(text: str, name: str, language: str) -> tuple[tuple[int, str], ...]:
    """What keeps a template from being used: each with its line, as a sentence.

    Only what is made of what replies are made of may be compiled.
    """
    try:
        found = tuple(faults(Environment(trim_blocks=True).parse(text), name))
        if not found:
            compiled(text, language)
    except TemplateSyntaxError as error:
        return ((error.lineno, f"the template cannot be read: {error.message}"),)
    except (TemplateError, ValueError) as error:
        return ((1, f"the template cannot be read: {error}"),)
    except (SyntaxError, RecursionError, MemoryError):
        # Of Python, which a template is compiled to.
        return ((1, "the template cannot be read: its conditions or brackets are nested too deeply"),)
    return found


def _needed(contents: Mapping[str, bytes], judged: EligibilityPart | None) -> Iterator[tuple[str, str, str]]:
    """Name and language of every template that somebody would get, and what to do where it is missing."""
    if judged is None:
        return
    rows = [(dict(row.when)["reason"], row.cited.value) for row in judged.verdicts.rows if row.cited.value.reply]
    told = [each for each in Reason if {each, ANY} & {reason for reason, _ in rows}]
    around = [PurePosixPath(file).stem.partition(".") for file in contents]
    for language in {DEFAULT_LANGUAGE, *(language for name, _, language in around if name == FRAME)}:
        yield FRAME, language, "the letter around what the customer is told"
        yield from ((reason, language, "what the customer is told, or set reply: no") for reason in told)
        if judged.receipts.customer is not None:
            yield RECEIPT, language, "what the customer is told where all is well, or set customer: no"
    if Mode.DRAFT in (judged.receipts.customer, *(verdict.mode for _, verdict in rows)):
        yield DRAFT, DEFAULT_LANGUAGE, "what agents read around a draft"
