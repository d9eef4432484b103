"""The files of an edit as a browser brings them: what is typed or filled in, and what each was opened as.

The text is what is edited: a form is a view of it, and each answer of the browser brings the text and what was filled
in.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from flask import abort, request

from plugin.contract.tables import AppliesTo
from plugin.mappings import forms, merge
from plugin.mappings.dated import NotDatable, dated
from plugin.mappings.edit import digest, read_as, typed
from plugin.mappings.files import why_not_a_name
from plugin.mappings.filled import acted, filled
from plugin.mappings.words import Words
from webhooks.admin.language import _

LONGEST_REASON: Final = 1_000
LAST: Final = (100, 500, 2000)
"""Over how many of the last requests an edit can be previewed."""

FORM, TEXT, GONE, MERGE = "form", "text", "gone", "merge"
LATER: Final = "later"
NEW: Final = "new"
"""What a file was opened as that was not there."""


class Draft(NamedTuple):
    """A file of an edit: what is typed, the digest of what it was opened as, and how it is shown: as a FORM or a TEXT,
    as one that is to be taken away (GONE), or as questions where somebody else has changed the same lines (MERGE).

    `opened` is what it was opened as; None where the browser does not say.
    """

    text: str
    base: str
    shape: str = TEXT
    opened: str | None = None


Drafts = dict[str, Draft]


def opened(name: str, disk: Mapping[str, bytes], shape: str = TEXT) -> Draft:
    """A file as it is on disk."""
    text = standing(name, disk)
    return Draft(text, current(name, disk), shape, text)


def current(name: str, disk: Mapping[str, bytes]) -> str:
    """What a file is on disk now, as a draft's `base` says it."""
    return digest(disk[name]) if name in disk else NEW


def standing(name: str, disk: Mapping[str, bytes]) -> str:
    """The text of a file as it is on disk; "" where it is not there."""
    return read_as(disk.get(name, b""))


def changed(files: Drafts, disk: Mapping[str, bytes]) -> bool:
    """Is something else on disk by now than one of them was opened as?"""
    return any(draft.base != current(name, disk) for name, draft in files.items())


def sent(disk: Mapping[str, bytes]) -> Drafts:
    """The files of the form, with what was filled in, or chosen, written into their texts."""
    names = request.form.getlist("file")
    texts, bases = request.form.getlist("text"), request.form.getlist("base")
    shapes = request.form.getlist("shape") or [TEXT] * len(names)
    befores: list[str | None] = [*map(_lines, request.form.getlist("opened"))] or [None] * len(names)
    if not names or len({len(names), len(texts), len(bases), len(shapes), len(befores)}) > 1:
        abort(400)
    if any(each not in disk and why_not_a_name(each) is not None for each in names):
        abort(400)
    drafts = map(Draft, map(_lines, texts), bases, shapes, befores)
    made = {name: _with_answers(at, name, draft) for at, (name, draft) in enumerate(zip(names, drafts, strict=True))}
    return {name: _merged(at, name, draft, disk) for at, (name, draft) in enumerate(made.items())}


def edited(files: Drafts, disk: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """The bytes of the files as they are to be; None where one is to be gone."""
    return {
        name: None if draft.shape == GONE else typed(draft.text, disk.get(name, b"")) for name, draft in files.items()
    }


def done(name: str, draft: Draft, action: str, at: str, words: Words) -> Draft:
    """The file after a button was pressed: shown in another way, or with its rows changed."""
    if action in (FORM, TEXT):
        return draft._replace(shape=action)
    form = forms.form(name, draft.text, words)
    return draft if form is None else draft._replace(text=acted(draft.text, form, action, at))


def waiting(files: Drafts, disk: Mapping[str, bytes], today: date) -> Drafts:
    """The files with every change in force from the day that was asked for, if one was.

    Raises:
        ValueError: with what to do, where that cannot be.
    """
    if request.form.get("when") != LATER:
        return files
    day = request.form.get("day", type=date.fromisoformat)
    if day is None or day <= today:
        raise ValueError(_("Say from which day on it is to be in force: a day to come."))
    applies_to = AppliesTo.OPEN if request.form.get("applies_to") == AppliesTo.OPEN else AppliesTo.RAISED
    made = {}
    for name, draft in files.items():
        before = standing(name, disk)
        try:
            if draft.shape == GONE:
                raise NotDatable
            text = draft.text if draft.text == before else dated(name, before, draft.text, day, applies_to)
        except NotDatable as cannot:
            where = "; ".join(cannot.places) or name
            raise ValueError(_("This cannot wait for a day, save it on its own: %(where)s.", where=where)) from None
        made[name] = draft._replace(text=text)
    return made


def together(name: str, draft: Draft, disk: Mapping[str, bytes]) -> Draft:
    """A file that somebody else changed meanwhile, with their changes and these; MERGE where there are questions."""
    if draft.base == current(name, disk) or draft.opened is None or name not in disk or draft.shape == GONE:
        return draft
    parts = merge.pieces(draft.opened, standing(name, disk), draft.text)
    if merge.questions(parts):
        return draft._replace(shape=MERGE)
    return opened(name, disk, draft.shape)._replace(text=merge.together(parts))


def reason() -> str:
    """Why, as it was typed."""
    return request.form.get("reason", "")[:LONGEST_REASON]


def last() -> int:
    """Over how many requests the edit is to be previewed."""
    wanted = request.form.get("last", type=int)
    return wanted if wanted in LAST else LAST[0]


def _lines(text: str) -> str:
    """Browsers end lines in a way of their own."""
    return text.replace("\r\n", "\n")


def _with_answers(at: int, name: str, draft: Draft) -> Draft:
    form = forms.form(name, draft.text, None) if draft.shape == FORM else None
    if form is None:
        return draft
    prefix = f"{at}/"
    answers = {key[len(str(at)) :]: values for key, values in request.form.lists() if key.startswith(prefix)}
    return draft._replace(text=filled(draft.text, form, answers))


def _merged(at: int, name: str, draft: Draft, disk: Mapping[str, bytes]) -> Draft:
    """The file as was chosen, if that was chosen over what is on disk now."""
    if draft.shape != MERGE or draft.opened is None:
        return draft
    if request.form.get(f"{at}!theirs") != current(name, disk):
        return draft._replace(shape=TEXT)
    parts = merge.pieces(draft.opened, standing(name, disk), draft.text)
    choices = [request.form.get(f"{at}!{number}", "") for number in range(len(merge.questions(parts)))]
    return opened(name, disk)._replace(text=merge.together(parts, choices))
