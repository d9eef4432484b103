"""The report of a backfill, before anything is written: on the terminal, as a page, as a sheet, as data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from plugin.cli.edge import fail, print_table
from plugin.contract.decision import Backfill
from plugin.contract.grants import UNITS, grants, usable
from plugin.contract.ledger import balance
from plugin.contract.steps import moment_text
from plugin.documents import page, sheet
from plugin.mappings.load import Mappings
from plugin.store import Store, ledger
from plugin.survey import Surveyed

SHOWN: Final = 20
"""Requests that the terminal shows; the report has all."""


class Report:
    """What a survey found, as a person reads it: on the terminal, as a page, as a sheet, as data."""

    def __init__(self, found: Sequence[Surveyed], jql: str, terms: Backfill, mappings: Mappings, store: Store) -> None:
        self._found, self._jql, self._terms, self._mappings = found, jql, terms, mappings
        self._at = datetime.now(UTC)
        self._to_do = [each for each in found if each.is_to_do]
        self._left_out = [each for each in found if each.left_out is not None]
        self._charges = tuple(_charges(self._to_do, mappings, store, self._at))

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write it as CSV and as HTML."""
        stem = f"backfill-{self._at:%Y%m%dT%H%M%S}"
        files = folder / f"{stem}.csv", folder / f"{stem}.html"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file, text in zip(files, (self._sheet(), self._page()), strict=True):
                file.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            fail(f"The report cannot be written to {folder}: {error.strerror}.")
        return files

    def show(self, files: tuple[Path, Path]) -> None:
        """Print what of it fits on a terminal."""
        if self._to_do:
            drawn = Table("request", "customer", "what", title="What would be written", title_justify="left")
            for name in ("before", "after"):
                drawn.add_column(name)
            for each in self._to_do[:SHOWN]:
                key, customer = each.key, each.customer or "-"
                for change in each.changes:
                    drawn.add_row(key, customer, change.name, change.before or "-", change.after)
                    key = customer = ""
                drawn.add_section()
            print_table(drawn)
            if len(self._to_do) > SHOWN:
                click.echo(f"... and {len(self._to_do) - SHOWN} more: the report has all of them.")
        click.echo(f"{self._sum()} {_terms(self._terms)}")
        for sentence in self._remarks():
            click.echo(sentence)
        click.echo(f"The report: {files[0]} and {files[1]}")

    def data(self, files: tuple[Path, Path]) -> dict[str, Any]:
        """The whole report for a script."""
        return {
            "jql": self._jql,
            "terms": asdict(self._terms),
            "revision": self._mappings.policy.revision,
            "requests": len(self._found),
            "to_do": [
                {
                    "request": each.key,
                    "customer": each.customer,
                    "open": each.open,
                    "changes": [
                        {"what": change.name, "before": change.before, "after": change.after, "why": list(change.why)}
                        for change in each.changes
                    ],
                }
                for each in self._to_do
            ],
            "left_out": [{"request": each.key, "why": each.left_out} for each in self._left_out],
            "charges": list(self._charges),
            "files": [str(file) for file in files],
        }

    def _sum(self) -> str:
        return (
            f"{len(self._found)} requests found: {len(self._to_do)} to be written to, {len(self._left_out)} left out, "
            f"{self._well} as they should be."
        )

    @property
    def _well(self) -> int:
        return len(self._found) - len(self._to_do) - len(self._left_out)

    def _remarks(self) -> Iterator[str]:
        for each in self._charges:
            if each["more"] > each["left"]:
                yield (
                    f"{each['customer']} has {each['left']} left of {each['unit'].replace('_', ' ')}s, and "
                    f"{each['more']} would be charged: each request is looked at by itself here, and what is short is "
                    "dealt with as credits.yaml says."
                )
        taken_up = sum(each.open and each.takes_up for each in self._to_do)
        if taken_up and self._terms != Backfill(charges=True, replies=True):
            yield f"{taken_up} of them are open. {_FOR_EVER}"

    def _sheet(self) -> str:
        titles = ("request", "customer", "open", "what", "before", "after", "why", "left out")
        rows = (
            (each.key, each.customer, "yes" if each.open else "no", *cells, each.left_out)
            for each in self._found
            if each.changes or each.left_out
            for cells in (
                [(change.name, change.before, change.after, "\n".join(change.why)) for change in each.changes]
                or [("", "", "", "")]
            )
        )
        return sheet(titles, rows)

    def _page(self) -> str:
        at = moment_text(self._at.astimezone(self._mappings.policy.zone))
        return page(
            "backfill",
            {
                "language": "en",
                "title": "What a backfill would write",
                "made": f"Looked at on {at}. Nothing was written by then.",
                "jql": self._jql,
                "terms": _terms(self._terms),
                "revision": self._mappings.policy.revision,
                "requests": len(self._found),
                "well": self._well,
                "to_do": self._to_do,
                "left_out": self._left_out,
                "remarks": tuple(self._remarks()),
                "charges": self._charges,
            },
        )


_FOR_EVER: Final = "These terms stay with them, whatever happens to them later, until another backfill adds to them."


def _terms(terms: Backfill) -> str:
    charges = "Credits are charged" if terms.charges else "No credits are charged"
    replies = "people are written to, statuses moved" if terms.replies else "nobody is written to, no status moved"
    return f"{charges}; {replies}."


def _charges(to_do: Sequence[Surveyed], mappings: Mappings, store: Store, now: datetime) -> Iterator[dict[str, Any]]:
    """By how many units more each customer would be charged, and what is left of them today."""
    more = Counter[tuple[str, str]]()
    for each in to_do:
        if each.customer:
            more.update({(each.customer, unit): units for unit, units in (each.charge or {}).items()})
    today = mappings.policy.day(now)
    for agreement in mappings.agreements:
        for unit in UNITS:
            if units := more[agreement.customer, unit]:
                with store.reading() as tx:
                    places = ledger.places(tx, agreement.customer, unit)
                left = balance(usable(grants(agreement, mappings.policy, today, unit), places, today))
                yield {"customer": agreement.customer, "unit": unit, "more": units, "left": left}
