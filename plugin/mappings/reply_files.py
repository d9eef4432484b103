"""`replies/<name>.<language>.md`: the templates of what the customer is told, read and checked before they are used."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

from jinja2 import Environment, TemplateError, TemplateSyntaxError, meta, nodes

from plugin.contract.decision import Reason
from plugin.contract.policy import Table, Verdict
from plugin.mappings.problem import Place, Report, expected, nearest
from plugin.mappings.replies import DEFAULT_LANGUAGE, FRAME, NAMES, Replies, missing

FOLDER: Final = "replies"
_FRAME_NAMES: Final = ("person", "request", "reasons", "waits")


def replies(contents: Mapping[str, bytes], verdicts: Table[Verdict] | None, report: Report) -> Replies | None:
    """Build the replies from the bytes of their files. None, and problems, where one cannot be used."""
    templates: dict[tuple[str, str], str] = {}
    good = True
    for file, content in contents.items():
        name, _, language = PurePosixPath(file).stem.rpartition(".")
        known = (FRAME, *map(str, Reason))
        if name not in known or not language.isalpha():
            near = nearest(name or language, known)
            hint = f"; is it {near}.{DEFAULT_LANGUAGE}.md?" if near else ""
            sentence = f"nobody would use this file: expected <name>.<language>.md, the name {FRAME} or a reason{hint}"
            report.problem(Place(file), sentence)
            good = False
            continue
        try:
            templates[name, language] = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            report.problem(Place(file, line), "the file is not UTF-8; save it as UTF-8")
            good = False
        else:
            good &= _good_template(Place(file), templates[name, language], name, report)
    told = {Reason(dict(row.when)["reason"]) for row in verdicts.rows if row.cited.value.reply} if verdicts else set()
    for name in missing(templates, told):
        file = f"{FOLDER}/{name}.{DEFAULT_LANGUAGE}.md"
        if file not in contents:
            report.problem(Place(file), "the template is missing; write what the customer is told, or set reply: no")
        good = False
    return Replies(templates) if good else None


def _good_template(place: Place, text: str, name: str, report: Report) -> bool:
    known = _FRAME_NAMES if name == FRAME else NAMES
    try:
        tree = _ENVIRONMENT.parse(text)
        _ENVIRONMENT.compile(text)
    except TemplateSyntaxError as error:
        report.problem(place._replace(line=error.lineno), f"the template cannot be read: {error.message}")
        return False
    except TemplateError as error:
        report.problem(place, f"the template cannot be read: {error.message}")
        return False
    unknown = meta.find_undeclared_variables(tree) - set(known)
    for line, word in _uses(tree.find_all(nodes.Name), unknown):
        report.problem(place._replace(line=line), f"the template uses {word}; {expected(word, known)}")
    return not unknown


_ENVIRONMENT: Final = Environment(autoescape=False)  # reads templates here, renders none


def _uses(names: Iterable[nodes.Name], unknown: set[str]) -> set[tuple[int, str]]:
    return {(each.lineno, each.name) for each in names if each.name in unknown}
