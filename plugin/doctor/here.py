"""Looking at this machine: the environment, the mapping files, the database, our own service. Changes nothing."""

import importlib.metadata
import re
import shutil
import stat
import zoneinfo
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from plugin.doctor.ask import ask
from plugin.doctor.kept import Kept, looked
from plugin.doctor.seen import Answer, Figures
from plugin.mappings.check import load_and_try
from plugin.mappings.load import Loaded, Mappings
from plugin.mappings.watched import MappingProblems
from plugin.settings import JiraAccess, Settings, read_settings, secrets_folder
from plugin.store import Store, open_store
from plugin.store.census import Census, census, parked
from plugin.store.engine import Schema, schema
from plugin.store.memory import gap

PATIENCE: Final = 25.0
"""Seconds that one look may take, several calls of Jira together."""

_RECONCILED: Final = re.compile(r"^support_contract_last_reconciliation_timestamp_seconds (\S+)$", re.MULTILINE)
_ZONES_VERSION: Final = re.compile(r"# version (\d{4})([a-z])")


def utc_now() -> datetime:
    """The clock of whoever was given none."""
    return datetime.now(UTC)


class Here(Kept):
    """What there is to be seen on this machine. An attribute may raise `SettingsError`, `StoreError` or `TooLong`."""

    def __init__(self, clock: Callable[[], datetime] = utc_now, patience: float = PATIENCE) -> None:
        super().__init__(patience)
        self.clock = clock

    # The environment and the mapping files

    @looked
    def settings(self) -> Settings:
        """The environment."""
        return read_settings()

    @looked
    def access(self) -> JiraAccess:
        """Where Jira is and who we are."""
        return self.settings.require_jira()

    @looked
    def secret_files(self) -> Mapping[str, int] | None:
        """The permission bits of the files with secrets that are read, by path; None without a folder for them."""
        folder = secrets_folder()
        if folder is None:
            return None
        ours = [folder / name for name in Settings.model_fields]
        return {str(file): stat.S_IMODE(file.stat().st_mode) for file in ours if file.is_file()}

    @looked
    def zones(self) -> tuple[str, date] | None:
        """Of which version this machine's time zone data is, and about when that was: the system's, else Python's."""
        for folder in zoneinfo.TZPATH:
            file = Path(folder, "tzdata.zi")
            if file.is_file() and (found := _ZONES_VERSION.match(file.read_text(encoding="utf-8", errors="replace"))):
                # The letters are given in order, a handful a year.
                return f"{found[1]}{found[2]}", date(int(found[1]), min(12, 1 + 2 * (ord(found[2]) - ord("a"))), 1)
        if zoneinfo.TZPATH and any(Path(folder, "Europe").is_dir() for folder in zoneinfo.TZPATH):
            return None
        version = importlib.metadata.version("tzdata")
        year, number, *_ = (int(part) for part in version.split("."))
        return version, date(year, min(12, 2 * number - 1), 1)

    @looked
    def loaded(self) -> Loaded:
        """The mapping files, and their examples tried."""
        today = self.clock().date()
        return load_and_try(Path(self.settings.mappings_dir), today)

    @property
    def mappings(self) -> Mappings:
        """The mapping files, once they are known to be good."""
        if self.loaded.mappings is None:
            raise MappingProblems(self.loaded.problems)
        return self.loaded.mappings

    # The database

    @looked
    def store(self) -> Store:
        """The database, not asked anything yet."""
        return open_store(self.settings.database_url.get_secret_value())

    @looked
    def database_is_there(self) -> bool:
        """Does it answer? A file that is not there is not made."""
        if self.store.file is not None and not self.store.file.exists():
            return False
        with self.store.reading():
            return True

    @looked
    def free(self) -> int | None:
        """Bytes that are free beside its file; None where it is a server's."""
        return shutil.disk_usage(self.store.folder).free if self.store.folder else None

    @looked
    def database_mode(self) -> int | None:
        """The permission bits of its file; None where there is none."""
        file = self.store.file
        return stat.S_IMODE(file.stat().st_mode) if file and file.exists() else None

    @looked
    def schema(self) -> Schema:
        """Of which release it is; what is not there yet is empty, and is not made by looking."""
        if not self.database_is_there:
            return Schema(current=None, newest="", is_newer=False, moved_to=None)
        with self.store.reading() as tx:
            return schema(tx)

    @looked
    def gap(self) -> str | None:
        """What Jira knows and it does not."""
        if self.schema.current is None:
            return None
        with self.store.reading() as tx:
            return gap(tx)

    @looked
    def queue(self) -> tuple[Census, list[str]]:
        """The doors, and whose are parked."""
        if self.schema.current is None:
            return Census(due=0, later=0, leased=0, parked=0, oldest_due=None), []
        with self.store.reading() as tx:
            return census(tx, self.clock()), [door.request_key or door.request_id for door in parked(tx)]

    # The service

    @property
    def own_address(self) -> str:
        """Where the service listens, as seen from this machine."""
        return f"http://{_reached(self.settings.host)}:{self.settings.port}"

    @looked
    def ready(self) -> Answer:
        """Whether the service is of use."""
        return ask(f"{self.own_address}/readyz")

    @looked
    def figures(self) -> Figures:
        """What the service counts."""
        found = _RECONCILED.search(ask(f"{self.own_address}/metrics").text)
        seconds = float(found[1]) if found else 0.0
        return Figures(datetime.fromtimestamp(seconds, UTC) if seconds else None)


def _reached(host: str) -> str:
    """The host that is asked where a service listens on this one."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        address = ip_address("::1" if address.version == 6 else "127.0.0.1")
    return f"[{address}]" if address.version == 6 else str(address)
