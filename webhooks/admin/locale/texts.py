"""Every text that the code and the templates name, and every pattern of the contract's sentences."""

from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from plugin.contract import saying

_HERE: Final = Path(__file__).parents[1]
_CONTRACT: Final = Path(saying.__file__).parent
_METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS: Final[dict[str, Any]] = {"_": None, "N_": None, "plural": (1, 2)}


def named() -> Catalog:
    """The texts as an empty catalogue."""
    catalogue = Catalog()
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    for _file, _line, text, _comments, _context in extract_from_dir(_HERE, _METHODS, options, _KEYWORDS):
        catalogue.add(text)
    for _file, _line, text, _comments, _context in extract_from_dir(_CONTRACT, _METHODS[:1], {}, {"say": None}):
        catalogue.add(text)
    return catalogue
