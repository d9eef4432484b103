"""The command that makes a customer's monthly statement, or those of all customers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from plugin.cli.edge import agreements_or_fail, fail, mappings_or_fail, settings_or_fail, store_or_empty
from plugin.contract.model import SupportAgreement
from plugin.contract.statement import Month
from plugin.mappings.load import Mappings
from plugin.mappings.problem import expected
from plugin.mappings.replies import DEFAULT_LANGUAGE
from plugin.mappings.statements import FOLDER
from plugin.overview.statement_page import FORMATS, StatementPage
from plugin.statement import statement as put_together


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no month: write it like 2026-10.") from None


@click.command()
@click.argument("customer", required=False)
@click.option("--month", type=_month, metavar="MONTH", required=True, help="Which month, such as 2026-10.")
@click.option("--all", "everybody", is_flag=True, help="Of every customer, each into a file of its own.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="What to make, several times if you like; default: html. For a PDF print the page from a browser.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; without it one statement in one format is printed.",
)
@click.option("--language", help="In which language; default: the agreement's, else English.")
@click.option("--with-reasons", is_flag=True, help="Tell why something was corrected, as written: read it first.")
def statement(
    customer: str | None,
    month: Month,
    everybody: bool,
    formats: Sequence[str],
    folder: Path | None,
    language: str | None,
    with_reasons: bool,
) -> None:
    """Make a customer's monthly statement.

    What there was, what was granted, used by which request, corrected and expired, what is left; the requests of the
    month, the agreement, the named contacts and the versions in use. CUSTOMER is the name of its file in agreements/,
    without .yaml. Its words are in the mapping files (statements/). Writes nothing into the database.

    What the calendar gives and takes counts on its day, what people do on the day it was booked: a month that is over
    stays as it is.
    """
    if (customer is None) is not everybody:
        raise click.UsageError("Name a CUSTOMER, or write --all.")
    formats = tuple(dict.fromkeys(formats)) or ("html",)
    if folder is None and (everybody or len(formats) > 1):
        raise click.UsageError("Say where to write them: --to FOLDER.")
    settings = settings_or_fail()
    mappings, now = mappings_or_fail(settings), datetime.now(UTC)
    if mappings.policy.day(now) < month.first:
        fail(f"{month} has not begun.")
    with store_or_empty(settings) as store:
        for agreement in agreements_or_fail(mappings, customer):
            with store.reading() as tx:
                made = _page(tx, agreement, mappings, month, now, language, with_reasons)
            for each in formats:
                text = made.written(each)
                if folder is None:
                    click.echo(text, nl=False)
                else:
                    click.echo(_kept(folder, f"{agreement.customer}-{month}.{each}", text))


def _page(
    tx: Connection,
    agreement: SupportAgreement,
    mappings: Mappings,
    month: Month,
    now: datetime,
    language: str | None,
    reasons: bool,
) -> StatementPage:
    known = mappings.statement_words
    if language is not None and language not in known:
        fail(f"There are no words in {language!r}; {expected(language, list(known))}.")
    chosen = next((each for each in (language, agreement.language) if each in known), None) or DEFAULT_LANGUAGE
    if chosen not in known:
        fail(f"{FOLDER}/{chosen}.yaml is missing in the mapping files: take it from those that are shipped.")
    made = put_together(tx, agreement, mappings, month, now)
    return StatementPage(made, mappings.policy, known[chosen], chosen, reasons)


def _kept(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")
    return file
