"""The webhook's secret: made where none is, shown to whoever asks, and not forgotten when all else is taken back."""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from plugin.cli.edge import fail
from plugin.jira.admin import SIGNED_SINCE
from plugin.jira.seen import Server
from plugin.jira.setup import clicks
from plugin.settings import Settings, read_settings, secrets_dir


def with_secret(settings: Settings, server: Server) -> Settings:
    """The settings, with a secret that is made where none is set: it stands in its file before Jira is told of it."""
    name = _name(server)
    if getattr(settings, name) or settings.public_url is None:
        return settings
    folder = secrets_dir()
    if folder is None:
        fail(
            f"There is no secret for the webhook yet: set SECRETS_DIR to a folder of yours, into whose file {name} "
            f"setup puts a new one, or {name.upper()} to one that you made."
        )
    path = folder / name
    try:
        made = _make(path)
    except OSError as error:
        fail(f"The new secret cannot be written to {path}: {error.strerror}.")
    if made:
        click.echo(f"A new secret stands in {path}, readable by you alone: give the service the same file.", err=True)
    return read_settings()


def _make(path: Path) -> bool:
    """Make a secret at this path; False where somebody else, who was first, just did: then theirs counts."""
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=f".{path.name}.") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        if path.is_file() and not path.read_text(encoding="utf-8").strip():
            path.unlink()
        try:
            # A link shows the whole file at once, and replaces none.
            os.link(file.name, path)
        except FileExistsError:
            return False
        return True


def show_secret(settings: Settings, server: Server) -> None:
    """Print the secret that this Jira is to use, if there is one."""
    kept = getattr(settings, _name(server))
    if kept:
        click.echo(f"The webhook's secret: {kept[0].get_secret_value()}")


def tell_what_stays(server: Server, projects: tuple[str, ...]) -> None:
    """Once all is taken back: say what is not setup's to remove, since others may use it or have made it."""
    folder = secrets_dir()
    path = folder / _name(server) if folder else None
    if path and path.is_file():
        click.echo(
            f"The webhook's secret stays in {path}: nothing is sent with it any more, so remove the file, and the "
            "service's copy of it.",
            err=True,
        )
    if not _signs(server):
        page = clicks.automation(server, projects[0] if projects else "")
        click.echo(f"The automation rule that you made for this service stays: remove it at {page}.", err=True)


def _signs(server: Server) -> bool:
    return server.cloud or server.major >= SIGNED_SINCE


def _name(server: Server) -> str:
    return "webhook_secrets" if _signs(server) else "webhook_header_secrets"
