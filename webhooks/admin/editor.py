"""The editor of mapping files: its page, and the preview without which nothing is saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Final

from cachetools import LRUCache
from flask import current_app, request
from flask.typing import ResponseReturnValue

from plugin.mappings import form_parts, forms, merge
from plugin.mappings.check import look_over
from plugin.mappings.dated import can_wait
from plugin.mappings.edit import after, on_disk
from plugin.mappings.files import revision_of
from plugin.mappings.filled import KEY, UNIT
from plugin.mappings.problem import Problem
from plugin.mappings.words import Words
from plugin.overview.beside import Progress
from plugin.overview.edit import DiffLine, Preview, difference, preview, seal
from plugin.overview.edit import key as preview_key
from plugin.store import decisions, edits
from webhooks.admin import drafts
from webhooks.admin.desk import Desk
from webhooks.admin.drafts import FORM, GONE, LAST, LATER, MERGE, Draft, Drafts
from webhooks.admin.gate import who
from webhooks.admin.language import N_, _
from webhooks.admin.page import part, render

LEGEND: Final = {
    "add": N_("Add a row"),
    "copy": N_("Copy"),
    "remove": N_("Remove"),
    "up": N_("Move up"),
    "down": N_("Move down"),
}
"""What can be done with rows."""

MOST_SHOWN: Final = 200
"""Requests that are shown one by one."""

_KNOWN: Final = 16

Looked = tuple[tuple[Problem, ...], Words]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A problem and where it leads to: the id of an input in a form; else the line of the text."""

    problem: Problem
    anchor: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Open:
    """A file open in the editor, beside how it is on disk now.

    `questions` are the lines that somebody else changed as well; `theirs` is what they changed, None where nobody did.
    """

    name: str
    draft: Draft
    current: str
    stands: str
    form: form_parts.Part | None
    can_be_form: bool
    can_wait: bool
    problems: tuple[_Wrong, ...]
    questions: tuple[merge.Piece, ...] = ()
    theirs: tuple[DiffLine, ...] | None = None

    @property
    def text(self) -> str:
        """What is typed."""
        return self.draft.text

    @property
    def changed(self) -> bool:
        """Is something else on disk by now than it was opened as?"""
        return self.draft.base != self.current

    @property
    def ours(self) -> tuple[DiffLine, ...]:
        """What was changed since it was opened."""
        return difference(self.draft.opened or "", self.text)

    @property
    def differs(self) -> tuple[DiffLine, ...]:
        """What is different from what is on disk."""
        return difference(self.stands, "" if self.draft.shape == GONE else self.text)


@dataclass(frozen=True)
class Editor:
    """The editor over a desk's mapping files."""

    desk: Desk
    _looked: LRUCache[str, Looked] = field(default_factory=lambda: LRUCache(_KNOWN))
    _guard: Lock = field(default_factory=Lock)

    @property
    def directory(self) -> Path:
        """Where the files are."""
        return Path(self.desk.settings.mappings_dir)

    def disk(self) -> dict[str, bytes]:
        """Every file as it is now."""
        return on_disk(self.directory)

    def today(self) -> date:
        """The day that it is for the vendor, whose days the files name."""
        return self.desk.now().astimezone(self.desk.mappings().policy.zone).date()

    def words(self, disk: Mapping[str, bytes]) -> Words:
        """The words that files define."""
        return self._over(disk)[1]

    def looked_over(self, files: Drafts, disk: Mapping[str, bytes]) -> Looked:
        """What is wrong with an edit, and the words to choose from: as on disk where the edit leaves them unclear."""
        problems, words = self._over(after(disk, drafts.edited(files, disk)))
        return problems, words.or_else(self.words(disk))

    def page(
        self, files: Drafts, disk: Mapping[str, bytes], problems: Iterable[Problem], words: Words, **more: Any
    ) -> str:
        """The page with these files."""
        now, found = self.desk.now(), tuple(problems)
        with self.desk.store.writing() as tx:
            others = {each: edits.at_it(tx, each, who().name, now) for each in files}
            lasts = {each: edits.of_file(tx, each, 1) for each in files}
        opened = _opened(files, disk, found, words)
        usual: dict[str, Any] = {
            "problem": None,
            "seal": None,
            "looked": None,
            "dated": False,
            "progress": None,
            "met": {},
        }
        values = {**usual, "reason": drafts.reason(), "last": drafts.last(), **more}
        return render(
            "mapping_edit",
            name=next(iter(files)),
            files=opened,
            wrong=sum(len(each.problems) for each in opened),
            elsewhere=[each for each in found if each.file not in files],
            others={each: seen for each, seen in others.items() if seen},
            saved_by={each: last[0] for each, last in lasts.items() if last},
            choices=LAST,
            most_shown=MOST_SHOWN,
            legend=LEGEND,
            unit=UNIT,
            key=KEY,
            now=now,
            later=request.form.get("when") == LATER and not values["dated"],
            day=request.form.get("day", ""),
            **values,
        )

    def problems(self, files: Drafts, disk: Mapping[str, bytes]) -> str:
        """What is wrong with these files, as a part of the page."""
        found, words = self.looked_over(files, disk)
        opened = _opened(files, disk, found, words)
        elsewhere = [each for each in found if each.file not in files]
        wrong = sum(len(each.problems) for each in opened)
        return part("mapping_edit", "problems", files=opened, elsewhere=elsewhere, wrong=wrong)

    def looked_at(self, files: Drafts, disk: Mapping[str, bytes], **more: Any) -> ResponseReturnValue:
        """The page with a preview, from which the files can be saved where nothing stands in the way."""
        status = 422 if more.get("problem") else 200
        if drafts.changed(files, disk):
            # What others changed is taken in first, and shown before anything is saved.
            met = {name: _theirs(draft, name, disk) for name, draft in files.items()}
            files = {name: drafts.together(name, draft, disk) for name, draft in files.items()}
            problems, words = self.looked_over(files, disk)
            more["met"] = {name: theirs for name, theirs in met.items() if theirs is not None}
            return self.page(files, disk, problems, words, **more), 409
        wanted = drafts.edited(files, disk)
        looked = self._preview(disk, wanted, more.get("last", drafts.last()))
        if isinstance(looked, Progress):
            return self.page(files, disk, (), self.words(disk), progress=looked, **more), status
        # What fails elsewhere by this edit is edited with it.
        for each in looked.elsewhere(files):
            if each in disk:
                files[each] = drafts.opened(each, disk)
        sealed = seal(secret(), looked.standing, wanted) if looked.effects else None
        words = looked.words or self.words(disk)
        return self.page(files, disk, looked.problems, words, looked=looked, seal=sealed, **more), status

    def _preview(self, disk: Mapping[str, bytes], wanted: Mapping[str, bytes | None], last: int) -> Preview | Progress:
        desk, in_force = self.desk, self.desk.mappings()

        def work(progress: Progress) -> Preview:
            with desk.store.reading() as tx:
                kept = decisions.last(tx, last)
            return preview(progress.along(kept), disk, wanted, in_force, desk.now())

        return desk.previews.ask(preview_key(disk, wanted, in_force, last), work, desk.patience)

    def _over(self, contents: Mapping[str, bytes]) -> Looked:
        """What is wrong with files, and their words. The last few are remembered."""
        revision = revision_of(contents)
        with self._guard:
            found = self._looked.get(revision)
        if found is None:
            found = look_over(contents)
            with self._guard:
                self._looked[revision] = found
        return found


def secret() -> str:
    """What previews are sealed with."""
    return str(current_app.secret_key)


def _theirs(draft: Draft, name: str, disk: Mapping[str, bytes]) -> tuple[DiffLine, ...] | None:
    """What somebody else changed since a file was opened; None where nobody did."""
    if draft.base == drafts.current(name, disk):
        return None
    return difference(draft.opened or "", drafts.standing(name, disk)) if draft.opened is not None else ()


def _opened(files: Drafts, disk: Mapping[str, bytes], problems: Iterable[Problem], words: Words) -> tuple[_Open, ...]:
    found = tuple(problems)
    return tuple(_one(at, name, draft, disk, found, words) for at, (name, draft) in enumerate(files.items()))


def _one(
    at: int, name: str, draft: Draft, disk: Mapping[str, bytes], problems: Iterable[Problem], words: Words
) -> _Open:
    own = tuple(each for each in problems if each.file == name)
    form = forms.form(name, draft.text, words, own)
    shown = form if draft.shape == FORM else None
    if shown is not None:
        wrong = tuple(_Wrong(each, f"{at}{form_parts.anchor(path)}", _place(path)) for path, each in shown.wrong())
    else:
        wrong = tuple(map(_Wrong, own))
    stands = drafts.standing(name, disk)
    asked = draft.shape == MERGE and draft.opened is not None
    questions = merge.questions(merge.pieces(draft.opened or "", stands, draft.text)) if asked else ()
    return _Open(
        name,
        draft,
        drafts.current(name, disk),
        stands,
        shown,
        form is not None,
        can_wait(form) and draft.shape != GONE,
        wrong,
        questions,
        _theirs(draft, name, disk),
    )


def _place(path: tuple[str | int, ...]) -> str:
    """A place as people say it: `response targets, row 3, within`."""
    said = (_("row %(number)s", number=step + 1) if isinstance(step, int) else step.replace("_", " ") for step in path)
    return ", ".join(said)
