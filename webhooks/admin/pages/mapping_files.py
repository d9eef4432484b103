"""Mapping files that come, are called otherwise, or go: where there may be several of a sort, such as agreements.

Each of these is an edit like any other: looked at first, with what it would change, and saved as a whole or not at all.
"""

from pathlib import PurePosixPath
from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from plugin.mappings import agreements, examples, forms, reply_files, statements
from plugin.mappings.blank import blank
from plugin.mappings.edit import read_as, why_not_writable
from plugin.mappings.files import can_go, why_not_a_name
from plugin.store import ledger
from plugin.store.people import Role
from webhooks.admin import drafts
from webhooks.admin.desk import Desk
from webhooks.admin.drafts import FORM, GONE, TEXT
from webhooks.admin.editor import Editor
from webhooks.admin.gate import open_to
from webhooks.admin.language import _
from webhooks.admin.page import render

ENDINGS: Final = {
    agreements.FOLDER: ".yaml",
    examples.FOLDER: ".yaml",
    statements.FOLDER: ".yaml",
    reply_files.FOLDER: ".md",
}
"""The folders that files can be added to, and what their names end with."""


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    editor = Editor(desk)

    @pages.get("/mappings/add", endpoint="mapping_add")
    @open_to(Role.ADMIN)
    def new() -> ResponseReturnValue:
        """The editor with a new file, empty or like one that is there."""
        disk, like = editor.disk(), request.args.get("like", "")
        name = _named(request.args.get("folder", ""), request.args.get("name", ""))
        if (why := _why_not(name, disk)) is not None:
            return render("problem", sentence=why), 422
        if like and like not in disk:
            abort(404)
        text = read_as(disk[like]) if like else blank(name)
        words = editor.words(disk)
        shape = FORM if forms.form(name, text, words) is not None else TEXT
        return editor.page({name: drafts.opened(name, disk, shape)._replace(text=text)}, disk, (), words)

    @pages.post("/mappings/rename", endpoint="mapping_rename")
    def rename() -> ResponseReturnValue:
        """The preview of a file under another name."""
        disk, name = editor.disk(), request.form.get("file", "")
        if name not in disk or not can_go(name):
            abort(404)
        folder = str(PurePosixPath(name).parent)
        wanted = _named(folder, request.form.get("name", ""))
        why = _why_not(wanted, disk)
        if why is None and folder == agreements.FOLDER:
            with desk.store.reading() as tx:
                booked = ledger.sequence(tx, PurePosixPath(name).stem)
            if booked:
                why = _("Credits were booked by this name already. Change the customer's name within the file instead.")
        if why is not None:
            return render("problem", sentence=why), 422
        moved = drafts.opened(wanted, disk)._replace(text=read_as(disk[name]))
        gone = drafts.opened(name, disk, GONE)
        return editor.looked_at({wanted: moved, name: gone}, disk)

    @pages.post("/mappings/delete", endpoint="mapping_delete")
    def delete() -> ResponseReturnValue:
        """The preview of the files without this one."""
        disk, name = editor.disk(), request.form.get("file", "")
        if name not in disk or not can_go(name):
            abort(404)
        return editor.looked_at({name: drafts.opened(name, disk, GONE)}, disk)

    def _why_not(name: str, disk: dict[str, bytes]) -> str | None:
        """Why there can be no new file of that name."""
        if name in disk:
            return _("There is a file %(name)s already.", name=name)
        why = why_not_a_name(name) or why_not_writable(editor.directory, name)
        return None if why is None else _("No file can be called %(name)s: %(why)s.", name=name, why=why)


def _named(folder: str, typed: str) -> str:
    """The name of a file from what was typed: without a folder, and with or without its ending."""
    ending = ENDINGS.get(folder) or abort(404)
    return f"{folder}/{typed.strip().removesuffix(ending)}{ending}"
