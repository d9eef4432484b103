"""Which mapping files there are, and the shape of each. A new sort of file is a row here, and a line in `load.py`."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

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
    severities,
    statements,
    tiers,
)
from plugin.mappings.shape import Shape

SCHEMAS: Final = "schema"
"""The folder of the JSON Schemas. They are for editors; nothing here reads them."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of file: the name of the file, or of the folder that holds any number of them, and their shape."""

    name: str
    shape: type[Shape]
    needed: bool = True

    @property
    def schema(self) -> str:
        """The name of its JSON Schema, relative to the directory."""
        return f"{SCHEMAS}/{PurePosixPath(self.name).stem}.schema.json"

    @property
    def first_line(self) -> str:
        """What its files begin with, so that an editor finds the schema."""
        folder = "" if self in TABLES else "../"
        return f"# yaml-language-server: $schema={folder}{self.schema}\n"


TABLES: Final = (
    Sort(tiers.FILE, tiers.TiersFile),
    Sort(severities.FILE, severities.SeveritiesFile),
    Sort(coverage.FILE, coverage.CoverageFile),
    Sort(releases.FILE, releases.ReleasesFile),
    Sort(eligibility.FILE, eligibility.EligibilityFile),
    Sort(credits.FILE, credits.CreditsFile),
    Sort(fields.FILE, fields.FieldsFile),
    Sort(clauses.FILE, clauses.ClausesFile),
    Sort(prices.FILE, prices.PricesFile, needed=False),
)
AGREEMENTS: Final = Sort(agreements.FOLDER, agreements.AgreementFile)
FOLDERS: Final = (
    AGREEMENTS,
    Sort(examples.FOLDER, examples.ExamplesFile),
    Sort(statements.FOLDER, statements.StatementFile),
)


def sort_of(name: str) -> Sort | None:
    """Which sort of file one of that name is; None where it is none of these."""
    folder, _, rest = name.rpartition("/")
    wanted = folder if rest and folder else name
    return next((each for each in (*TABLES, *FOLDERS) if each.name == wanted and name.endswith(".yaml")), None)
