"""The mapping files."""

from collections.abc import Sequence
from pathlib import Path

from plugin.doctor.line import Line, ok, warning, wrong
from plugin.mappings.problem import Problem

_CHECK = "support-contract check lists all of them; correct the files."


def folder(directory: Path, exists: bool) -> list[Line]:
    """Are there mapping files at all?"""
    if exists:
        return [ok(f"They are in {directory}.")]
    return [wrong(f"There is no folder {directory}.", "Set MAPPINGS_DIR to the folder with your mapping files.")]


def files(revision: str | None, problems: Sequence[Problem], warnings: Sequence[Problem]) -> list[Line]:
    """Are they good, and do their examples hold? `revision` is None where they cannot be used."""
    if problems:
        return [wrong(f"{_so_many(len(problems), 'problem')}, such as {problems[0]}", _CHECK)]
    lines = [ok(f"They are good, and every example in them holds (revision {revision}).")]
    if warnings:
        told = str(warnings[0]).replace(" warning:", "", 1).rstrip(".") + "."
        lines.append(warning(f"{_so_many(len(warnings), 'warning')}, such as {told}", _CHECK))
    return lines


def _so_many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
