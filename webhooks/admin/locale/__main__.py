"""`python -m webhooks.admin.locale`: bring each language's file up to what the code and the templates say."""

import io

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from webhooks.admin.language import FOLDER, LANGUAGES
from webhooks.admin.locale.texts import named


def main() -> None:
    """Write each file anew: texts that are new are empty, those that nobody names any more are gone."""
    for language in LANGUAGES.keys() - {"en"}:
        path = FOLDER / f"{language}.po"
        with path.open("rb") if path.is_file() else io.BytesIO() as file:
            kept = read_po(file, locale=language) if path.is_file() else Catalog(locale=language)
        kept.update(named(), no_fuzzy_matching=True)
        kept.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, kept, width=120, sort_output=True, omit_header=True, no_location=True)


if __name__ == "__main__":
    main()
