"""The command that looks at every assumption, and says what to do about each that does not hold."""

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from textwrap import wrap
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from plugin.cli.edge import WIDE, console, json_option
from plugin.doctor.examination import Found, counts, examine
from plugin.doctor.line import Group, Line, Verdict
from plugin.doctor.looks import Looks

_SIGNS: Final = {
    Verdict.OK: ("+", "green"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.WRONG: ("-", "bold red"),
    Verdict.UNKNOWN: ("?", "cyan"),
    Verdict.SKIPPED: (".", "dim"),
}
_LEGEND: Final = "+ ok, ! warning, - wrong, ? could not be told, . not looked at"
_NAMES: Final = 16
"""Columns for the name of a probe."""


@click.command()
@click.option(
    "--only",
    "groups",
    multiple=True,
    type=click.Choice([each.value for each in Group]),
    help="Only this group of assumptions; may be given several times.",
)
@click.option(
    "--with",
    "request",
    metavar="REQUEST",
    help="Let Jira knock: leave an internal note on this request, wait for its webhook, remove the note again.",
)
@click.option(
    "--wait",
    type=click.IntRange(1, 3600),
    default=60,
    show_default=True,
    help="Seconds to wait for that webhook.",
)
@json_option
def doctor(groups: tuple[str, ...], request: str | None, wait: int, as_data: bool) -> None:
    """Look at all that has to be right.

    Each assumption is a line, with what to do where it does not hold: from the environment and the mapping files to
    Jira's fields, permissions and webhooks, in the order in which you would mend them. Nothing is changed unless --with
    asks for it. Exit code 1 when something is wrong.
    """
    with closing(Looks(request and request.upper(), wait=wait)) as look:
        found = _examined(look, [Group(each) for each in groups])
    if as_data:
        click.echo(json.dumps(_data(found), indent=2, ensure_ascii=False))
    else:
        _show(found, console())
    sys.exit(1 if counts(found)[Verdict.WRONG] else 0)


def _examined(look: Looks, groups: Sequence[Group]) -> Sequence[Found]:
    with Console(stderr=True).status("Looking ...") as status:
        return examine(look, groups, lambda probe: status.update(f"Looking: {probe.group}, {probe.name} ..."))


def _show(found: Sequence[Found], screen: Console) -> None:
    width = min(screen.width, WIDE)
    for group in Group:
        here = [each for each in found if each.probe.group is group]
        if here:
            screen.print(Text(group.value.capitalize(), style="bold"))
            for each in here:
                _show_probe(each, screen, width)
            screen.print()
    screen.print(Text(_LEGEND, style="dim"))
    screen.print(_sum(found))


def _show_probe(found: Found, screen: Console, width: int) -> None:
    name = found.probe.name
    for line in found.lines:
        sign, style = _SIGNS[line.verdict]
        sentence = f"not looked at, because {line.sentence}" if line.verdict is Verdict.SKIPPED else line.sentence
        indent = " " * (5 + _NAMES)
        text = wrap(sentence, width - len(indent) - 1)
        screen.print(Text(f"  {sign} {name:<{_NAMES}} ", style=style).append(text[0], style="default"))
        for rest in text[1:]:
            screen.print(Text(indent + rest))
        if line.remedy:
            for place, rest in enumerate(wrap(line.remedy, width - len(indent) - 3)):
                screen.print(Text(indent + ("> " if place == 0 else "  ") + rest, style="bold"))
        name = ""


def _sum(found: Sequence[Found]) -> str:
    counted = counts(found)
    told = [
        f"{count} {verdict}{'s' if verdict is Verdict.WARNING and count > 1 else ''}"
        for verdict, count in counted.items()
        if count
    ]
    return f"{', '.join(told)}."


def _data(found: Sequence[Found]) -> dict[str, Any]:
    return {
        "schema": 1,
        "good": not counts(found)[Verdict.WRONG],
        "counts": {verdict.value: count for verdict, count in counts(found).items()},
        "lines": [_line(each, line) for each in found for line in each.lines],
    }


def _line(found: Found, line: Line) -> dict[str, Any]:
    return {
        "group": found.probe.group.value,
        "probe": found.probe.name,
        "verdict": line.verdict.value,
        "sentence": line.sentence,
        "remedy": line.remedy,
    }
