"""The mapping files edited: as a form or as a text, previewed, saved, and returned to what they were.

An edit is one file or several that only together are right (a value and the examples that expect it). What it would
change is shown before it can be saved; what is saved is in force by the service's own watching of the files.
"""

from dataclasses import asdict
from hmac import compare_digest

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.mappings import forms
from plugin.mappings.completion import completion
from plugin.mappings.dated import planned
from plugin.mappings.edit import ChangedMeanwhile, NotWritten, read_as, why_not_writable
from plugin.mappings.filled import acted
from plugin.overview.edit import save as save_edit
from plugin.overview.edit import seal
from plugin.store import edits
from plugin.store.people import Role
from webhooks.admin import drafts
from webhooks.admin.desk import Desk
from webhooks.admin.drafts import FORM, GONE, TEXT
from webhooks.admin.editor import Editor, secret
from webhooks.admin.gate import open_to, who
from webhooks.admin.language import _
from webhooks.admin.page import render


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    editor = Editor(desk)

    @pages.get("/mappings/edit/<path:name>", endpoint="mapping_edit")
    @open_to(Role.ADMIN)
    def edit(name: str) -> ResponseReturnValue:
        disk = editor.disk()
        if name not in disk:
            abort(404)
        if (why := why_not_writable(editor.directory, name)) is not None:
            return render("problem", sentence=_("This file cannot be edited here: %(why)s.", why=why)), 409
        words = editor.words(disk)
        can_be_form = forms.form(name, read_as(disk[name]), words) is not None
        shape = FORM if can_be_form and request.args.get("as") != TEXT else TEXT
        return editor.page({name: drafts.opened(name, disk, shape)}, disk, (), words)

    @pages.post("/mappings/change", endpoint="mapping_change")
    def change() -> ResponseReturnValue:
        """The editor after a row was added, removed or moved, or with a file shown in another way."""
        disk = editor.disk()
        files = drafts.sent(disk)
        action, number, at = (*request.form.get("do", "").split(":", 2), "", "")[:3]
        name = dict(enumerate(files)).get(int(number)) if number.isascii() and number.isdecimal() else None
        if name is not None:
            files[name] = drafts.done(name, files[name], action, at, editor.looked_over(files, disk)[1])
        problems, words = editor.looked_over(files, disk)
        return editor.page(files, disk, (each for each in problems if each.file in files), words)

    @pages.post("/mappings/problems", endpoint="mapping_problems")
    def problems() -> ResponseReturnValue:
        """What is wrong with an edit as it is now, for whoever is typing."""
        disk = editor.disk()
        return editor.problems(drafts.sent(disk), disk)

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
        found = completion(name, text, len(at), editor.words(editor.disk()))
        return jsonify(None if found is None else asdict(found))

    @pages.post("/mappings/preview", endpoint="mapping_preview")
    def look() -> ResponseReturnValue:
        disk = editor.disk()
        files = drafts.sent(disk)
        if drafts.changed(files, disk):
            return editor.looked_at(files, disk)
        try:
            waiting = drafts.waiting(files, disk, editor.today())
        except ValueError as problem:
            return editor.looked_at(files, disk, problem=str(problem))
        return editor.looked_at(waiting, disk, dated=waiting != files)

    @pages.post("/mappings/withdraw", endpoint="mapping_withdraw")
    def withdraw() -> ResponseReturnValue:
        """The preview of a file without a row that was planned for a day to come."""
        disk = editor.disk()
        name, at = request.form.get("name", ""), request.form.get("at", "")
        text = read_as(disk[name]) if name in disk else abort(404)
        plans = [each for each in planned(name, text, editor.today()) if each.at == at]
        form = forms.form(name, text, None)
        if not plans or form is None:
            abort(404)
        said = _("Withdrawn: %(what)s", what=f"{plans[0].table}, {plans[0].says} ({plans[0].day})")
        draft = drafts.opened(name, disk, FORM)._replace(text=acted(text, form, "remove", at))
        return editor.looked_at({name: draft}, disk, reason=str(said))

    @pages.post("/mappings/save", endpoint="mapping_save")
    def save() -> ResponseReturnValue:
        disk, now = editor.disk(), desk.now()
        files = drafts.sent(disk)
        edited = drafts.edited(files, disk)
        standing = request.form.get("standing", "")
        if not compare_digest(request.form.get("seal", "").encode(), seal(secret(), standing, edited).encode()):
            return editor.looked_at(files, disk, problem=_("This is not what was previewed: look at it as it is now."))
        reason = drafts.reason().strip()
        if not reason:
            return editor.looked_at(files, disk, problem=_("Say why, for whoever reads the history."))
        changed = {each: (disk.get(each), content) for each, content in edited.items() if content != disk.get(each)}
        if not changed:
            return editor.looked_at(files, disk, problem=_("Nothing is different."))
        try:
            with desk.store.writing() as tx:
                save_edit(tx, editor.directory, changed, standing, who().name, reason, now)
        except ChangedMeanwhile:
            disk = editor.disk()
            return editor.looked_at(
                drafts.sent(disk),
                disk,
                problem=_("The files changed on disk meanwhile. Nothing was saved: look at the edit once more."),
            )
        except NotWritten as error:
            return editor.looked_at(files, disk, problem=str(error))
        left = next((name for name in files if edited[name] is not None), None)
        if left is None:
            return redirect(url_for("admin.mappings", saved=1))
        return redirect(url_for("admin.mapping", name=left, saved=1))

    @pages.post("/mappings/return/<number>", endpoint="mapping_return")
    def back(number: str) -> ResponseReturnValue:
        """The preview of all files of an edit as they were before it."""
        disk = editor.disk()
        with desk.store.reading() as tx:
            made = edits.files_of(tx, int(number)) if number.isascii() and number.isdecimal() else ()
        # An edit by which a file came had nothing there before.
        files = {
            each.file: drafts.opened(each.file, disk)._replace(text=each.before, shape=TEXT if each.before else GONE)
            for each in made
            if each.before or each.file in disk
        }
        return editor.looked_at(files, disk) if files else abort(404)
