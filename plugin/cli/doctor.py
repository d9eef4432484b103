"""The command that looks at every assumption, and says what to do about each that does not hold."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import zip_longest
from textwrap import wrap
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from plugin.cli.edge import WIDE, console, ended_cleanly, json_option
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
_NAMES: Final = 15
"""Columns for the name of a probe."""
_INDENT: Final = 4 + _NAMES + 1
"""Columns before a sentence."""


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
    with ended_cleanly(), closing(Looks(request and request.upper(), wait=wait)) as look:
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
    width = min(screen.width, WIDE) - 1
    for group in Group:
        here = [each for each in found if each.probe.group is group]
        if here:
            screen.print(Text(group.value.capitalize(), style="bold"))
            for row in _rows(here, width):
                screen.print(row)
            screen.print()
    screen.print(Text(_LEGEND, style="dim"))
    screen.print(_sum(found))


def _rows(found: Sequence[Found], width: int) -> Iterator[Text]:
    """The lines of a group; those that were not looked at for one reason are one, and a remedy that several lines have
    in a row stands under the last of them."""
    skipped: dict[str, list[str]] = {}
    for each in found:
        name = each.probe.name
        for line, following in zip_longest(each.lines, each.lines[1:]):
            if line.verdict is Verdict.SKIPPED:
                skipped.setdefault(line.sentence, []).append(name)
                continue
            yield _row(line.verdict, f"{name:<{_NAMES}} ", line.sentence, width)
            if line.remedy and (following is None or following.remedy != line.remedy):
                indent = " " * _INDENT
                told = wrap(line.remedy, width, initial_indent=f"{indent}> ", subsequent_indent=f"{indent}  ")
                yield Text("\n".join(told), style="bold")
            name = ""
    for why, names in skipped.items():
        yield _row(Verdict.SKIPPED, "", f"not looked at, because {why}: {', '.join(names)}", width)


def _row(verdict: Verdict, name: str, sentence: str, width: int) -> Text:
    sign, style = _SIGNS[verdict]
    head = f"  {sign} {name}"
    first, *rest = wrap(sentence, width, initial_indent=head, subsequent_indent=" " * len(head))
    return Text(head, style=style).append("\n".join([first[len(head) :], *rest]), style="default")


def _sum(found: Sequence[Found]) -> str:
    counted = counts(found)
    told = [
        f"{count} {verdict}{'s' if verdict is Verdict.WARNING and count > 1 else ''}"
        for verdict, count in counted.items()
        if count
    ]
    first = next((each for each in found if any(line.verdict is Verdict.WRONG for line in each.lines)), None)
    begin = f" Begin with {first.probe.group.value}: {first.probe.name}." if first else ""
    return f"{', '.join(told)}.{begin}"


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
