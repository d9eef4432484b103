"""Documents for people: HTML pages that need nothing but themselves, and CSV. Pure.

Everything that is filled in is escaped, whoever typed it; nothing on a page is fetched from anywhere.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

_STEERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a text begins with that a spreadsheet would take for a formula, the wide signs of Japanese ones too
(https://owasp.org/www-community/attacks/CSV_Injection)."""


class Amount(str):
    """A number as people write it: it stands to the right of its cell."""

    __slots__ = ()


class FreeText(str):
    """What somebody typed, however long a word they make: it may be broken anywhere."""

    __slots__ = ()


_environment: Final = Environment(
    loader=PackageLoader("plugin.documents"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


_environment.tests["number_cell"] = lambda value: isinstance(value, Amount)
_environment.tests["free_text"] = lambda value: isinstance(value, FreeText)


def page(name: str, values: Mapping[str, object]) -> str:
    """The HTML page `templates/<name>.html`, filled in."""
    return _environment.get_template(f"{name}.html").render(values)


def sheet(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV after RFC 4180, for spreadsheets as well: texts stay texts, numbers numbers."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(titles)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_STEERS) else value
