"""From the agreements of a CSV file to what changes in `agreements/`: told field by field, then written, or not at all.

Only what the CSV file can say is changed: packages, comments and the order of rows stay as they are.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from plugin.mappings import edit
from plugin.mappings.agreements import FOLDER, AgreementFile, EntitlementShape, NamedContactShape, TermShape
from plugin.mappings.catalogue import AGREEMENTS
from plugin.mappings.check import load_and_try
from plugin.mappings.customers import MATCH, Imported
from plugin.mappings.document import read_document
from plugin.mappings.files import revision_of
from plugin.mappings.load import Loaded
from plugin.mappings.problem import Report
from plugin.mappings.shape import shaped
from plugin.mappings.words import Names, Words

SECTIONS: Final = {"terms": "term", "entitlements": "entitlement", "named_contacts": "contact"}
_KEYS: Final = {"e-mail": ("email", "emails")}
"""The keys of the file that one field of a row stands for, where they are not called the same."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}")


class ChangeKind(StrEnum):
    """What becomes of a customer's file."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for one customer: each difference in words, and the file's new bytes (None: it goes)."""

    customer: str
    kind: ChangeKind
    differences: tuple[str, ...]
    content: bytes | None

    @property
    def name(self) -> str:
        """The file, relative to the mappings directory."""
        return f"{FOLDER}/{self.customer}.yaml"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a section: what it is told by, and its other fields as text."""

    key: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        return ", ".join(f"{field} {value}" for field, value in self.fields.items() if value)


def present_files(directory: Path) -> dict[str, AgreementFile]:
    """The agreements that are there, by customer; files that cannot be read are left out."""
    report, found = Report(), {}
    for path in sorted((directory / FOLDER).glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        file = shaped(AgreementFile, read_document(name, path.read_bytes()), report)
        if file is not None:
            found[path.stem] = file
    return found


def changes(
    directory: Path, present: Mapping[str, AgreementFile], imported: Iterable[Imported], words: Words
) -> tuple[Change, ...]:
    """What would change, by customer. A customer that is not in the CSV file is REMOVED."""
    found, named = [], set()
    for each in imported:
        named.add(each.customer)
        old = present.get(each.customer)
        if old is None:
            found.append(Change(each.customer, ChangeKind.ADDED, _contents(each.file, words), _fresh(each.data)))
        elif told := _differences(old, each.file, words):
            path = directory / FOLDER / f"{each.customer}.yaml"
            content = _merged(path.read_text("utf-8-sig"), old, each, words)
            found.append(Change(each.customer, ChangeKind.CHANGED, told, content))
    gone = ("it is not in the CSV file",)
    found += [Change(customer, ChangeKind.REMOVED, gone, None) for customer in present.keys() - named]
    return tuple(sorted(found, key=lambda change: change.customer))


def tried(directory: Path, wanted: Iterable[Change]) -> Loaded:
    """What reading the directory would give with these changes, its examples included. Changes a copy only."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "mappings"
        shutil.copytree(directory, copied)
        for change in wanted:
            _put(copied / change.name, change.content)
        return load_and_try(copied)


def write(directory: Path, wanted: Sequence[Change]) -> None:
    """Write the changes: all of them, or none.

    Raises:
        ChangedMeanwhile, NotWritten: as `edit.write` does.
    """
    edit.write(directory, {change.name: change.content for change in wanted}, revision_of(edit.on_disk(directory)))


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


def _contents(new: AgreementFile, words: Words) -> tuple[str, ...]:
    """What an agreement says that is new as a whole."""
    told = [f"{field}: {value}" for field, value in _whole(new).items() if value]
    return (
        *told,
        *(f"{what} {row.key}: {row}" for section, what in SECTIONS.items() for row in _rows(new, section, words)),
    )


def _differences(old: AgreementFile, new: AgreementFile, words: Words) -> tuple[str, ...]:
    before, after = _whole(old), _whole(new)
    pairs = [(field, before.get(field, ""), value) for field, value in after.items()]
    told = [_changed(*pair) for pair in pairs if pair[1] != pair[2]]
    for section, what in SECTIONS.items():
        was, now = ({row.key: row for row in _rows(file, section, words)} for file in (old, new))
        for key in (*was, *(key for key in now if key not in was)):
            if key not in now:
                told.append(f"{what} {key}: removed")
            elif key not in was:
                told.append(f"{what} {key}: added ({now[key]})")
            else:
                pairs = [(field, was[key].fields[field], value) for field, value in now[key].fields.items()]
                told += [f"{what} {key}: {_changed(*pair)}" for pair in pairs if pair[1] != pair[2]]
    return tuple(told)


def _changed(field: str, before: str, after: str) -> str:
    return f"{field}: {before or 'nothing'} -> {after or 'nothing'}"


def _whole(file: AgreementFile) -> dict[str, str]:
    return {"name": file.name, **{key: ", ".join(getattr(file.match, key)) for key in MATCH}}


def _rows(file: AgreementFile, section: str, words: Words) -> list[_Row]:
    """The rows of a section as they stand in the file; two that are told by the same are numbered."""
    rows: list[_Row] = []
    for shape in getattr(file, section):
        key, fields = _row(shape, words)
        twins = sum(row.key.partition(" #")[0] == key for row in rows)
        rows.append(_Row(f"{key} #{twins + 1}" if twins else key, fields))
    return rows


def _row(shape: TermShape | EntitlementShape | NamedContactShape, words: Words) -> tuple[str, dict[str, str]]:
    since = f" from {shape.first}" if shape.first else ""
    to = {"to": str(shape.last or "")}
    if isinstance(shape, EntitlementShape):
        key = f"{_id(words.products, shape.product)}{' free' if shape.free else ''}{since}"
        return key, {"tier": _id(words.tiers, shape.tier), "licenses": str(shape.licenses), **to}
    if isinstance(shape, NamedContactShape):
        emails = ", ".join(email for email, _ in shape.addresses())
        return f"{shape.name}{since}", {"e-mail": emails, "account": shape.account or "", **to}
    return since.strip(), to


def _id(known: Names | None, word: str) -> str:
    return (known.id_of(word) if known else None) or word


def _merged(text: str, old: AgreementFile, each: Imported, words: Words) -> bytes:
    """The file with the differences in it; what is the same stays as it was written."""
    yaml = _yaml()
    document = yaml.load(text)
    before, after = _whole(old), _whole(each.file)
    if before["name"] != after["name"]:
        document["name"] = after["name"]
    for key in MATCH:
        if before[key] != after[key]:
            document["match"][key] = _flow([_scalar(value) for value in getattr(each.file.match, key)])
            if not after[key]:
                del document["match"][key]
    for section in SECTIONS:
        _merge_rows(document[section], _rows(old, section, words), _rows(each.file, section, words), each.data[section])
    return _dumped(yaml, document)


def _merge_rows(written: CommentedSeq, old: Sequence[_Row], new: Sequence[_Row], data: Any) -> None:
    wanted = {row.key: (row, given) for row, given in zip(new, data, strict=True)}
    for number in reversed(range(len(old))):
        if old[number].key not in wanted:
            del written[number]
    kept = [row for row in old if row.key in wanted]
    for item, row in zip(list(written), kept, strict=True):
        fresh, given = wanted.pop(row.key)
        for field, value in fresh.fields.items():
            if value == row.fields[field]:
                continue
            for key in _KEYS.get(field, (field,)):
                if key in given:
                    item[key] = _scalars(key, given[key])
                elif key in item:
                    del item[key]
    for _, given in wanted.values():
        written.append(_flow_map(given))


def _fresh(data: Mapping[str, Any]) -> bytes:
    """A file of its own for a new customer, written as the shipped ones are."""
    document = CommentedMap(
        {
            "name": data["name"],
            "match": _flow_map(data["match"]),
            **{section: CommentedSeq(_flow_map(row) for row in data[section]) for section in SECTIONS},
        }
    )
    text = AGREEMENTS.first_line + _dumped(_yaml(), document).decode()
    return re.sub(rf"^(?=(?:{'|'.join(SECTIONS)}):)", "\n", text, flags=re.MULTILINE).encode()


def _flow_map(row: Mapping[str, Any]) -> CommentedMap:
    made = CommentedMap({key: _scalars(key, value) for key, value in row.items()})
    made.fa.set_flow_style()
    return made


def _flow(values: Iterable[Any]) -> CommentedSeq:
    made = CommentedSeq(values)
    made.fa.set_flow_style()
    return made


def _scalars(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return _flow(_scalar(each) for each in value)
    return value if key in ("name", "account") else _scalar(value)


def _scalar(text: str) -> Any:
    """The value that YAML writes as this text, without quotes where it can."""
    if _NUMBER.fullmatch(text):
        return int(text)
    return date.fromisoformat(text) if _DATE.fullmatch(text) else text


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dumped(yaml: YAML, document: CommentedMap) -> bytes:
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue().encode()
