"""The mapping files edited: as a form or as a text, previewed, and saved.

An edit is one file or several that only together are right (a value and the examples that expect it). What it would
change is shown before it can be saved; what is saved is in force by the service's own watching of the files. The text
is what is edited: a form is a view of it, and each answer of the browser brings the text and what was filled in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final, NamedTuple

from flask import Blueprint, abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.contract.tables import AppliesTo
from plugin.mappings import forms
from plugin.mappings.check import look_over
from plugin.mappings.completion import completion
from plugin.mappings.dated import NotDatable, can_wait, dated, planned
from plugin.mappings.edit import ChangedMeanwhile, NotWritten, digest, on_disk, read_as, typed, why_not_writable
from plugin.mappings.filled import KEY, UNIT, acted, filled
from plugin.mappings.problem import Problem
from plugin.mappings.words import Words
from plugin.overview.edit import difference, preview, seal
from plugin.overview.edit import save as save_edit
from plugin.store import edits
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to, who
from webhooks.admin.language import N_, _
from webhooks.admin.page import part, render

LONGEST_REASON: Final = 1_000
LAST: Final = (100, 500, 2000)
"""Over how many of the last requests an edit can be previewed."""

FORM, TEXT = "form", "text"
LATER: Final = "later"
LEGEND: Final = {
    "add": N_("Add a row"),
    "copy": N_("Copy"),
    "remove": N_("Remove"),
    "up": N_("Move up"),
    "down": N_("Move down"),
}
"""What can be done with rows."""


class Draft(NamedTuple):
    """A file of an edit: what is typed, the digest of what it was opened as, and whether it is shown as a form."""

    text: str
    base: str
    shape: str = TEXT


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A problem and where it leads to: the id of an input in a form; else the line of the text."""

    problem: Problem
    anchor: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Open:
    """A file open in the editor, beside how it is on disk now."""

    name: str
    draft: Draft
    current: str
    stands: str
    form: forms.Part | None
    can_be_form: bool
    can_wait: bool
    problems: tuple[_Wrong, ...]

    @property
    def text(self) -> str:
        return self.draft.text

    @property
    def changed(self) -> bool:
        return self.draft.base != self.current


Drafts = dict[str, Draft]


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    directory = Path(desk.settings.mappings_dir)

    def editor(files: Drafts, disk: Mapping[str, bytes], problems: Iterable[Problem], words: Words, **more: Any) -> str:
        """The editor with these texts."""
        now, found = desk.now(), tuple(problems)
        with desk.store.writing() as tx:
            others = {each: edits.at_it(tx, each, who().name, now) for each in files}
            lasts = {each: edits.of_file(tx, each, 1) for each in files}
        opened = [_opened(at, name, draft, disk[name], found, words) for at, (name, draft) in enumerate(files.items())]
        changed = {each.name for each in opened if each.changed}
        usual = {"problem": None, "reason": "", "last": LAST[0], "seal": None, "looked": None, "dated": False}
        values: dict[str, Any] = {**usual, **more}
        return render(
            "mapping_edit",
            name=next(iter(files)),
            files=opened,
            wrong=sum(len(each.problems) for each in opened),
            elsewhere=[each for each in found if each.file not in files],
            others={each: seen for each, seen in others.items() if seen},
            saved_by={each: lasts[each][0] for each in changed if lasts[each]},
            differences={each.name: difference(each.stands, each.text) for each in opened},
            choices=LAST,
            legend=LEGEND,
            unit=UNIT,
            key=KEY,
            now=now,
            later=request.form.get("when") == LATER and not values["dated"],
            day=request.form.get("day", ""),
            **values,
        )

    def looked_over(files: Drafts, disk: Mapping[str, bytes]) -> tuple[tuple[Problem, ...], Words]:
        """What is wrong with an edit, and the words to choose from: as on disk where the edit leaves them unclear."""
        problems, words = look_over({**disk, **_edited(files, disk)})
        return problems, words.or_else(look_over(disk)[1])

    @pages.get("/mappings/edit/<path:name>", endpoint="mapping_edit")
    @open_to(Role.ADMIN)
    def edit(name: str) -> ResponseReturnValue:
        disk = on_disk(directory)
        if name not in disk:
            abort(404)
        if (why := why_not_writable(directory, name)) is not None:
            return render("problem", sentence=_("This file cannot be edited here: %(why)s.", why=why)), 409
        text, words = read_as(disk[name]), look_over(disk)[1]
        shape = FORM if request.args.get("as") != TEXT and forms.form(name, text, words) else TEXT
        return editor({name: Draft(text, digest(disk[name]), shape)}, disk, (), words)

    @pages.post("/mappings/change", endpoint="mapping_change")
    def change() -> ResponseReturnValue:
        """The editor after a row was added, removed or moved, or with a file in its other shape."""
        disk = on_disk(directory)
        files = _sent(disk)
        action, number, at = (*request.form.get("do", "").split(":", 2), "", "")[:3]
        name = dict(enumerate(files)).get(int(number)) if number.isascii() and number.isdecimal() else None
        if name is not None:
            files[name] = _acted(name, files[name], action, at, looked_over(files, disk)[1])
        problems, words = looked_over(files, disk)
        shown = {"last": _last(), "reason": _reason()}
        return editor(files, disk, (each for each in problems if each.file in files), words, **shown)

    @pages.post("/mappings/problems", endpoint="mapping_problems")
    def problems() -> ResponseReturnValue:
        """What is wrong with an edit as it is now, for whoever is typing."""
        disk = on_disk(directory)
        files = _sent(disk)
        found, words = looked_over(files, disk)
        opened = [_opened(at, name, draft, disk[name], found, words) for at, (name, draft) in enumerate(files.items())]
        elsewhere = [each for each in found if each.file not in files]
        wrong = sum(len(each.problems) for each in opened)
        return part("mapping_edit", "problems", files=opened, elsewhere=elsewhere, wrong=wrong)

    @pages.post("/mappings/complete", endpoint="mapping_complete")
    def complete() -> ResponseReturnValue:
        """What can stand at a place of a text that is being typed, for the script of the editor."""
        asked = request.get_json()
        if not isinstance(asked, dict):
            abort(400)
        name, text, at = (asked.get(each) for each in ("file", "text", "at"))
        if not (isinstance(name, str) and isinstance(text, str) and isinstance(at, str)):
            abort(400)
        # The place comes as the text before it: browsers count characters in another way.
        found = completion(name, text, len(at), look_over(on_disk(directory))[1])
        return jsonify(None if found is None else asdict(found))

    @pages.post("/mappings/preview", endpoint="mapping_preview")
    def look() -> ResponseReturnValue:
        disk = on_disk(directory)
        files = _sent(disk)
        try:
            waiting = _waiting(files, disk, today(desk))
        except ValueError as problem:
            return looked_at(files, disk, problem=str(problem))
        return looked_at(waiting, disk, dated=waiting != files)

    @pages.post("/mappings/withdraw", endpoint="mapping_withdraw")
    def withdraw() -> ResponseReturnValue:
        """The preview of a file without a row that was planned for a day to come."""
        disk = on_disk(directory)
        name, at = request.form.get("name", ""), request.form.get("at", "")
        text = read_as(disk[name]) if name in disk else abort(404)
        plans = [each for each in planned(name, text, today(desk)) if each.at == at]
        form = forms.form(name, text, None)
        if not plans or form is None:
            abort(404)
        said = _("Withdrawn: %(what)s", what=f"{plans[0].table}, {plans[0].says} ({plans[0].day})")
        draft = Draft(acted(text, form, "remove", at), digest(disk[name]), FORM)
        return looked_at({name: draft}, disk, reason=str(said))

    def looked_at(files: Drafts, disk: Mapping[str, bytes], **more: Any) -> ResponseReturnValue:
        """The editor with a preview, from which it can be saved where nothing stands in the way."""
        last, reason = _last(), _reason()
        shown: dict[str, Any] = {"last": last, "reason": reason, **more}
        if any(draft.base != digest(disk[each]) for each, draft in files.items()):
            problems, words = looked_over(files, disk)
            return editor(files, disk, problems, words, **shown), 409
        edited = _edited(files, disk)
        with desk.store.reading() as tx:
            looked = preview(tx, disk, edited, desk.mappings(), desk.now(), last)
        # What fails elsewhere by this edit is edited with it.
        for each in looked.elsewhere(files):
            if each in disk:
                files[each] = Draft(read_as(disk[each]), digest(disk[each]))
        sealed = seal(secret(), looked.standing, edited) if looked.effects else None
        words = looked_over(files, disk)[1]
        page = editor(files, disk, looked.problems, words, looked=looked, seal=sealed, **shown)
        return page, 422 if more.get("problem") else 200

    @pages.post("/mappings/save", endpoint="mapping_save")
    def save() -> ResponseReturnValue:
        disk, now = on_disk(directory), desk.now()
        files = _sent(disk)
        edited = _edited(files, disk)
        standing = request.form.get("standing", "")
        if not compare_digest(request.form.get("seal", ""), seal(secret(), standing, edited)):
            return looked_at(files, disk, problem=_("This is not what was previewed: look at it as it is now."))
        reason = _reason().strip()
        if not reason:
            return looked_at(files, disk, problem=_("Say why, for whoever reads the history."))
        changed = {each: (disk[each], content) for each, content in edited.items() if content != disk[each]}
        if not changed:
            return looked_at(files, disk, problem=_("Nothing is different."))
        try:
            with desk.store.writing() as tx:
                save_edit(tx, directory, changed, standing, who().name, reason, now)
        except ChangedMeanwhile:
            return looked_at(
                _sent(on_disk(directory)),
                on_disk(directory),
                problem=_("The files changed on disk meanwhile. Nothing was saved: look at the edit once more."),
            )
        except NotWritten as error:
            return looked_at(files, disk, problem=str(error))
        return redirect(url_for("admin.mapping", name=next(iter(files)), saved=1))

    @pages.post("/mappings/return/<number>", endpoint="mapping_return")
    def back(number: str) -> ResponseReturnValue:
        """The preview of all files of an edit as they were before it."""
        disk = on_disk(directory)
        with desk.store.reading() as tx:
            made = edits.files_of(tx, int(number)) if number.isascii() and number.isdecimal() else ()
        files = {each.file: Draft(each.before, digest(disk[each.file])) for each in made if each.file in disk}
        return looked_at(files, disk) if files else abort(404)


def today(desk: Desk) -> date:
    """The day that it is for the vendor, whose days the files name."""
    return desk.now().astimezone(desk.mappings().policy.zone).date()


def _waiting(files: Drafts, disk: Mapping[str, bytes], now: date) -> Drafts:
    """The files with every change in force from the day that was asked for; raises ValueError with what to do."""
    if request.form.get("when") != LATER:
        return files
    day = request.form.get("day", type=date.fromisoformat)
    if day is None or day <= now:
        raise ValueError(_("Say from which day on it is to be in force: a day to come."))
    applies_to = AppliesTo.OPEN if request.form.get("applies_to") == AppliesTo.OPEN else AppliesTo.RAISED
    made = {}
    for name, draft in files.items():
        before = read_as(disk[name])
        try:
            text = draft.text if draft.text == before else dated(name, before, draft.text, day, applies_to)
        except NotDatable as cannot:
            where = "; ".join(cannot.places) or name
            raise ValueError(_("This cannot wait for a day, save it on its own: %(where)s.", where=where)) from None
        made[name] = draft._replace(text=text)
    return made


def _opened(
    at: int, name: str, draft: Draft, content: bytes, problems: Iterable[Problem], words: Words | None
) -> _Open:
    own = tuple(each for each in problems if each.file == name)
    form = forms.form(name, draft.text, words, own)
    shown = form if draft.shape == FORM else None
    if shown is not None:
        wrong = tuple(_Wrong(each, f"{at}{forms.anchor(path)}", _place(path)) for path, each in shown.wrong())
    else:
        wrong = tuple(map(_Wrong, own))
    return _Open(name, draft, digest(content), read_as(content), shown, form is not None, can_wait(form), wrong)


def _place(path: tuple[str | int, ...]) -> str:
    """A place as people say it: `response targets, 3, within`."""
    return ", ".join(str(each + 1) if isinstance(each, int) else each.replace("_", " ") for each in path)


def _sent(disk: Mapping[str, bytes]) -> Drafts:
    """The files of the form, with what was filled in written into their texts."""
    names = request.form.getlist("file")
    texts, bases = request.form.getlist("text"), request.form.getlist("base")
    shapes = request.form.getlist("shape") or [TEXT] * len(names)
    if (
        not names
        or len({len(names), len(texts), len(bases), len(shapes)}) > 1
        or any(each not in disk for each in names)
    ):
        abort(400)
    # Browsers end lines in a way of their own.
    drafts = (Draft(text.replace("\r\n", "\n"), *rest) for text, *rest in zip(texts, bases, shapes, strict=True))
    return {name: _filled(at, name, draft) for at, (name, draft) in enumerate(zip(names, drafts, strict=True))}


def _filled(at: int, name: str, draft: Draft) -> Draft:
    form = forms.form(name, draft.text, None) if draft.shape == FORM else None
    if form is None:
        return draft
    prefix = f"{at}/"
    answers = {key[len(str(at)) :]: values for key, values in request.form.lists() if key.startswith(prefix)}
    return draft._replace(text=filled(draft.text, form, answers))


def _acted(name: str, draft: Draft, action: str, at: str, words: Words) -> Draft:
    if action in (FORM, TEXT):
        return draft._replace(shape=action)
    form = forms.form(name, draft.text, words)
    return draft if form is None else draft._replace(text=acted(draft.text, form, action, at))


def _edited(files: Drafts, disk: Mapping[str, bytes]) -> dict[str, bytes]:
    return {each: typed(draft.text, disk[each]) for each, draft in files.items()}


def _reason() -> str:
    return request.form.get("reason", "")[:LONGEST_REASON]


def _last() -> int:
    wanted = request.form.get("last", type=int)
    return wanted if wanted in LAST else LAST[0]


def secret() -> str:
    """What previews are sealed with."""
    return str(current_app.secret_key)
