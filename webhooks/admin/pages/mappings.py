"""The mapping files: each as a page that people read, and as a text that admins edit, preview and save.

An edit is one file or several that only together are right (a value and the examples that expect it). What it would
change is shown before it can be saved; what is saved is in force by the service's own watching of the files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path, PurePosixPath
from typing import Any, Final

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.mappings import agreements
from plugin.mappings.check import try_contents
from plugin.mappings.edit import ChangedMeanwhile, NotWritten, digest, on_disk, read_as, typed, why_not_writable
from plugin.mappings.problem import Problem
from plugin.mappings.readable import readable
from plugin.overview.edit import Preview, difference, preview, seal
from plugin.overview.edit import save as save_edit
from plugin.store import edits
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to, who
from webhooks.admin.language import N_, _
from webhooks.admin.page import render

SHOWN: Final = 50
"""Edits of a file that are listed."""

LONGEST_REASON: Final = 1_000
LAST: Final = (100, 500, 2000)
"""Over how many of the last requests an edit can be previewed."""

GROUPS: Final = (
    ("", N_("Rules")),
    (agreements.FOLDER, N_("Agreements")),
    ("replies", N_("Replies to customers")),
    ("statements", N_("Words of statements")),
    ("examples", N_("Examples that are held against every change")),
)


@dataclass(frozen=True, slots=True)
class _Open:
    """A file open in the editor: what is typed, what it was opened as, and how that is on disk now."""

    name: str
    text: str
    base: str
    current: str
    stands: str
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        return self.base != self.current


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    directory = Path(desk.settings.mappings_dir)

    def found(name: str) -> dict[str, bytes]:
        """What is on disk; 404 where that file is none of it: only what is listed there can be named."""
        disk = on_disk(directory)
        return disk if name in disk else abort(404)

    def standing_problems(disk: Mapping[str, bytes]) -> tuple[Problem, ...]:
        """What keeps the files from being used; none where they are in force, or will be in a moment."""
        in_force = desk.mappings().files
        if all(disk.get(name) == content for name, content in in_force.items()):
            return ()
        return try_contents(disk).problems

    @pages.get("/mappings", endpoint="mappings")
    def every() -> ResponseReturnValue:
        disk = on_disk(directory)
        groups = [(title, [each for each in disk if _folder(each) == folder]) for folder, title in GROUPS]
        names = {f"{agreements.FOLDER}/{each.customer}.yaml": each.name for each in desk.mappings().agreements}
        return render(
            "mappings",
            groups=groups,
            problems=standing_problems(disk),
            heads={each: _head(content) for each, content in disk.items()} | names,
            where=directory,
        )

    @pages.get("/mappings/<path:name>", endpoint="mapping")
    def one(name: str) -> ResponseReturnValue:
        disk = found(name)
        with desk.store.reading() as tx:
            history = edits.of_file(tx, name, SHOWN)
        text = read_as(disk[name])
        since = history and history[0].after != text
        return render(
            "mapping",
            name=name,
            page=readable(name, disk[name]),
            text=text,
            history=[(each, difference(each.before, each.after)) for each in history],
            since=difference(history[0].after, text) if since else (),
            problems=[each for each in standing_problems(disk) if each.file == name],
            read_only=why_not_writable(directory, name),
            clauses=set(desk.mappings().policy.clauses),
            saved="saved" in request.args,
        )

    def editor(
        files: Mapping[str, tuple[str, str]], disk: Mapping[str, bytes], looked: Preview | None = None, **more: Any
    ) -> str:
        """The editor with these texts, each with the digest of what it was opened as."""
        now, name = desk.now(), next(iter(files))
        with desk.store.writing() as tx:
            others = {each: edits.at_it(tx, each, who().name, now) for each in files}
            lasts = {each: edits.of_file(tx, each, 1) for each in files}
        problems = looked.problems if looked else ()
        opened = [
            _Open(
                each,
                text,
                base,
                digest(disk[each]),
                read_as(disk[each]),
                tuple(problem for problem in problems if problem.file == each),
            )
            for each, (text, base) in files.items()
        ]
        changed = {each.name for each in opened if each.changed}
        values: dict[str, Any] = {
            "problem": None,
            "reason": "",
            "last": LAST[0],
            "seal": None,
            "elsewhere": [each for each in problems if each.file not in files],
            **more,
        }
        return render(
            "mapping_edit",
            name=name,
            files=opened,
            others={each: seen for each, seen in others.items() if seen},
            saved_by={each: lasts[each][0] for each in changed if lasts[each]},
            looked=looked,
            differences={each.name: difference(each.stands, each.text) for each in opened},
            choices=LAST,
            now=now,
            **values,
        )

    @pages.get("/mappings/edit/<path:name>", endpoint="mapping_edit")
    @open_to(Role.ADMIN)
    def edit(name: str) -> ResponseReturnValue:
        disk = found(name)
        if (why := why_not_writable(directory, name)) is not None:
            return render("problem", sentence=_("This file cannot be edited here: %(why)s.", why=why)), 409
        return editor({name: (read_as(disk[name]), digest(disk[name]))}, disk)

    @pages.post("/mappings/preview", endpoint="mapping_preview")
    def look() -> ResponseReturnValue:
        disk = on_disk(directory)
        return looked_at(_sent(disk), disk)

    def looked_at(files: dict[str, tuple[str, str]], disk: Mapping[str, bytes], **more: Any) -> ResponseReturnValue:
        """The editor with a preview, from which it can be saved where nothing stands in the way."""
        last, reason = _last(), request.form.get("reason", "")[:LONGEST_REASON]
        if any(base != digest(disk[each]) for each, (_, base) in files.items()):
            return editor(files, disk, last=last, reason=reason, **more), 409
        edited = {each: typed(text, disk[each]) for each, (text, _base) in files.items()}
        with desk.store.reading() as tx:
            looked = preview(tx, disk, edited, desk.mappings(), desk.now(), last)
        # What fails elsewhere by this edit is edited with it.
        for each in looked.elsewhere(files):
            if each in disk:
                files[each] = (read_as(disk[each]), digest(disk[each]))
        sealed = seal(_secret(), looked.standing, edited) if looked.effects else None
        shown = editor(files, disk, looked, last=last, reason=reason, seal=sealed, **more)
        return shown, 422 if more.get("problem") else 200

    @pages.post("/mappings/save", endpoint="mapping_save")
    def save() -> ResponseReturnValue:
        disk, now = on_disk(directory), desk.now()
        files = _sent(disk)
        edited = {each: typed(text, disk[each]) for each, (text, _base) in files.items()}
        standing = request.form.get("standing", "")
        if not compare_digest(request.form.get("seal", ""), seal(_secret(), standing, edited)):
            return looked_at(files, disk, problem=_("This is not what was previewed: look at it as it is now."))
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
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
        files = {each.file: (each.before, digest(disk[each.file])) for each in made if each.file in disk}
        return looked_at(files, disk) if files else abort(404)


def _sent(disk: Mapping[str, bytes]) -> dict[str, tuple[str, str]]:
    """The files of the form, each with its text and the digest of what it was opened as."""
    names = request.form.getlist("file")
    texts, bases = request.form.getlist("text"), request.form.getlist("base")
    if not names or len({len(names), len(texts), len(bases)}) > 1 or any(each not in disk for each in names):
        abort(400)
    # Browsers end lines in a way of their own.
    return {name: (text.replace("\r\n", "\n"), base) for name, text, base in zip(names, texts, bases, strict=True)}


def _last() -> int:
    wanted = request.form.get("last", type=int)
    return wanted if wanted in LAST else LAST[0]


def _secret() -> str:
    return str(current_app.secret_key)


def _folder(name: str) -> str:
    folder = str(PurePosixPath(name).parent)
    return "" if folder == "." else folder


def _head(content: bytes) -> str:
    """What a file says about itself at its beginning; "" where it says nothing."""
    for line in read_as(content).splitlines():
        if line and not line.startswith("#"):
            break
        if (said := line.lstrip("#").strip()) and not said.startswith("yaml-language-server"):
            return said
    return ""
