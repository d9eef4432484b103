"""Which mapping files there are, and the shape of each. A new sort of file is a row here, and a line in `load.py`."""

from dataclasses import dataclass
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
    tiers,
)
from plugin.mappings.shape import Shape


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of file: the name of the file, or of the folder that holds any number of them, and their shape."""

    name: str
    shape: type[Shape]
    needed: bool = True


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
FOLDERS: Final = (
    Sort(agreements.FOLDER, agreements.AgreementFile),
    Sort(examples.FOLDER, examples.ExamplesFile),
)
