"""A row added to a list of a mapping file; every other byte of the file stays as it was written."""

from collections.abc import Mapping, Sequence

from plugin.mappings.document import Mapped, read_document
from plugin.mappings.edit import read_as, typed
from plugin.mappings.patch import Patch, Unchangeable


class NotAdded(Exception):
    """The file is not written in such a way that a row can be added to it; the text says what is in the way."""


def with_row(name: str, content: bytes, section: str, row: Mapping[str, str], order: Sequence[str] = ()) -> bytes:
    """The file with one more row at the end of that list; a list that is new comes after what is before it in `order`.

    Raises:
        NotAdded: when the file cannot be read, or has the list in a form that only a person can add to.
    """
    before = read_document(name, content)
    if before.problems or not isinstance(before.data, Mapped):
        raise NotAdded(str(next(iter(before.problems), f"{name} does not say key: value.")))
    try:
        patch = Patch(read_as(content))
    except Unchangeable:
        raise NotAdded(f"{name} is written in a way that only its text can be edited.") from None
    patch.add_row((section,), row, order)
    added = typed(patch.done(), content)
    after = read_document(name, added)
    # As the file is read, not as it looks: whatever else it says has to be what it said.
    wanted = {**before.data, section: [*before.data.get(section, ()), dict(row)]}
    if after.problems or after.data != wanted:
        raise NotAdded(f"{name} has {section} in a form that only its text can be edited in.")
    return added
