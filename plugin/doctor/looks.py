"""Looking at the world: each thing once, whoever asks for it, and each within a time. Writes nothing, anywhere."""

import importlib.metadata
import re
import shutil
import stat
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from typing import Any, Final

from plugin.contract.model import Organization
from plugin.doctor.ask import TIMEOUT, ask
from plugin.doctor.judge.account import ASKED, DELETE_OWN_COMMENTS
from plugin.doctor.judge.fields import Screen
from plugin.doctor.judge.webhook import ours
from plugin.doctor.kept import Kept, looked
from plugin.doctor.knock import let_jira_knock
from plugin.doctor.seen import Answer, Arrival, Change, Figures
from plugin.jira import inquiries
from plugin.jira.admin import SIGNED_SINCE, Admin
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraTrouble
from plugin.jira.fields import FieldMap, FieldsMissing, find_fields
from plugin.jira.greeting import Greeting, greet
from plugin.jira.inquiries import Token
from plugin.jira.read import moment_of
from plugin.jira.survey import SeenHook, hook_of
from plugin.mappings.check import load_and_try
from plugin.mappings.load import Loaded, Mappings
from plugin.mappings.watched import MappingProblems
from plugin.reconcile import OPEN
from plugin.service import KEPT, jira_client
from plugin.settings import JiraAccess, Settings, read_settings, secrets_folder
from plugin.store import Store, inbox, open_store
from plugin.store.census import Census, census, parked
from plugin.store.engine import Schema, schema
from plugin.store.memory import gap

PATIENCE: Final = 25.0
"""Seconds that one look may take, several calls of Jira together."""

EXAMPLES: Final = 100
"""Open requests of a project, the newest ones, among which one is looked for in each status."""

_RECONCILED: Final = re.compile(r"^support_contract_last_reconciliation_timestamp_seconds (\S+)$", re.MULTILINE)
_ZONES_VERSION: Final = re.compile(r"# version (\d{4})([a-z])")


@dataclass(frozen=True, slots=True)
class Server:
    """What Jira says of itself, and when, by our clock."""

    info: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Example:
    """An open request: its key, its status, and when it was changed last."""

    key: str
    id: str
    status: str
    changed: datetime | None


def utc_now() -> datetime:
    """The clock of whoever was given none."""
    return datetime.now(UTC)


class Looks(Kept):
    """What there is to be seen. An attribute may raise `SettingsError`, `StoreError`, `JiraTrouble` or `TooLong`.

    `request` is the key of a request that a note may be left on for a moment; its webhook is waited for `wait` seconds.
    """

    def __init__(
        self,
        request: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        patience: float = PATIENCE,
        wait: float = 0.0,
    ) -> None:
        super().__init__(patience)
        self.request, self.clock, self.wait = request, clock, wait

    def close(self) -> None:
        """Give connections back."""
        for name in ("jira", "store"):
            if name in self._found and self._found[name].exception() is None:
                self._found[name].result().close()

    # This machine

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

    # Jira

    @looked
    def jira(self) -> JiraClient:
        """Our client."""
        return jira_client(self.settings, timeout=TIMEOUT)

    @property
    def admin(self) -> Admin:
        """Our client, for what administrators ask; it need not be one's own."""
        admin = Admin(self.jira)
        # Where Data Center has its webhooks depends on its version.
        admin.major = int(next(iter(self.server.info.get("versionNumbers") or ()), 0))
        return admin

    @looked
    def greeting(self) -> Greeting:
        """How Jira answers a stranger."""
        return greet(self.jira.base, TIMEOUT, self.clock)

    @looked
    def server(self) -> Server:
        """What Jira says of itself: to strangers, or else to us."""
        if self.greeting.info is not None:
            return Server(self.greeting.info, self.greeting.at)
        before = self.clock()
        info = inquiries.server(self.jira)
        return Server(info, before + (self.clock() - before) / 2)

    @looked
    def myself(self) -> Mapping[str, Any]:
        """Who we are."""
        return self.jira.myself()

    @looked
    def tokens(self) -> Sequence[Token] | None:
        """The personal access tokens of our account; only Data Center tells them."""
        if self.jira.flavour == "cloud":
            return None
        return inquiries.tokens(self.jira)

    @looked
    def permissions(self) -> Mapping[str, Mapping[str, bool]]:
        """What we may do, by project and Jira's key for it."""
        return {project: inquiries.held(self.jira, project, ASKED) for project in self._projects_there()}

    @looked
    def projects(self) -> Mapping[str, Mapping[str, Any] | JiraTrouble]:
        """Each project of fields.yaml as Jira shows it, or why it does not."""
        return {key: attempt(partial(self.admin.project, key)) for key in self.mappings.declared.projects}

    def _projects_there(self) -> list[str]:
        return [key for key, told in self.projects.items() if not isinstance(told, JiraTrouble)]

    @looked
    def forms(self) -> Mapping[str, Mapping[str, frozenset[str]] | None]:
        """The fields that customers are shown, by project and name of the request type; None without a portal."""
        found: dict[str, Mapping[str, frozenset[str]] | None] = {}
        for project in self._projects_there():
            desk = self.admin.desk(project)
            kinds = self.admin.request_types(desk) if desk else {}
            found[project] = {name: self.admin.form(desk, id) for id, name in kinds.items()} if desk else None
        return found

    @looked
    def statuses(self) -> Mapping[str, Sequence[str]]:
        """The names of the statuses of each project."""
        return {project: inquiries.statuses(self.jira, project) for project in self._projects_there()}

    @looked
    def resolutions(self) -> Sequence[str]:
        """The names of the site's resolutions."""
        return inquiries.resolutions(self.jira)

    @looked
    def fields(self) -> FieldMap | FieldsMissing:
        """The site's fields for the words of fields.yaml, and what is wrong with the others."""
        specs = self.mappings.declared.fields.values()
        try:
            return find_fields(specs, self.jira.fields(), self.jira.known_as)
        except FieldsMissing as missing:
            return missing

    @property
    def fields_found(self) -> FieldMap:
        """Those that are in order."""
        return self.fields.found if isinstance(self.fields, FieldsMissing) else self.fields

    @looked
    def examples(self) -> Mapping[str, Sequence[Example]]:
        """Open requests of each project whose type is looked after, the newest first."""
        return {key: list(self._examples(key)) for key in self._projects_there()}

    def _examples(self, project: str) -> list[Example]:
        kind, known = self.fields_found.get("request_type"), {*map(str.casefold, self.mappings.declared.request_types)}
        wanted = ["status", "updated", *([kind.id] if kind else [])]
        found = []
        for issue in islice(
            self.jira.search(f'project = "{project}" AND {OPEN} ORDER BY created DESC', wanted), EXAMPLES
        ):
            shown = issue["fields"]
            name = ((shown.get(kind.id) or {}).get("requestType") or {}).get("name", "") if kind else ""
            if kind is None or str(name).casefold() in known:
                found.append(
                    Example(issue["key"], str(issue["id"]), shown["status"]["name"], moment_of(shown.get("updated")))
                )
        return found

    @looked
    def screens(self) -> Mapping[str, Screen]:
        """What can be set on a request of each project: on the one to be tried on, else the newest open one."""
        found = {}
        for project, examples in self.examples.items():
            ours = self.request if self.request and self.request.rpartition("-")[0] == project else None
            key = ours or next((each.key for each in examples), None)
            settable = self.admin.settable(key) if key else self.admin.settable_at_creation(project)
            found[project] = Screen(key, settable)
        return found

    @looked
    def offered(self) -> Mapping[tuple[str, str], Sequence[str] | None]:
        """From each status of each project that a request may have to leave, the statuses that Jira offers us."""
        declared = self.mappings.declared
        leaving = [*declared.waiting_from, *([declared.waiting_to] if declared.waiting_to else [])]
        found: dict[tuple[str, str], Sequence[str] | None] = {}
        for project, examples in self.examples.items():
            for status in leaving:
                there = next((each for each in examples if each.status.casefold() == status.casefold()), None)
                ways = self.jira.transitions(there.key) if there else None
                found[project, status] = None if ways is None else [str(each["to"]["name"]) for each in ways]
        return found

    @looked
    def organizations(self) -> Sequence[Organization]:
        """The site's organizations, as far as we see them."""
        return list(self.jira.organizations())

    @looked
    def organization_properties(self) -> Sequence[str] | JiraTrouble | None:
        """The keys of the properties of an organization, of one that an agreement names if there is one."""
        named = {id for each in self.mappings.agreements for id in each.organization_ids}
        known = sorted(self.organizations, key=lambda each: each.id not in named)
        if not known:
            return None
        told: Sequence[str] | JiraTrouble = attempt(partial(inquiries.organization_properties, self.jira, known[0].id))
        return told

    # The webhook

    @looked
    def hooks(self) -> Sequence[SeenHook] | JiraTrouble:
        """The webhooks, or why we are not shown them."""
        told = attempt(self.admin.hooks)
        return told if isinstance(told, JiraTrouble) else [hook_of(each) for each in told]

    @property
    def hook(self) -> SeenHook:
        """The one that is for us, once it is known that there is one."""
        found = None if isinstance(self.hooks, JiraTrouble) else ours(self.hooks, self.settings.public_url)
        if found is None:
            raise JiraGone("There is no webhook for us.")
        return found

    @property
    def signs(self) -> bool:
        """Whether this Jira can sign webhooks."""
        return self.admin.cloud or self.admin.major >= SIGNED_SINCE

    @property
    def may_remove_notes(self) -> bool:
        """Whether our account may take its own comments back."""
        return all(keys.get(DELETE_OWN_COMMENTS, True) for keys in self.permissions.values())

    @looked
    def changes(self) -> Sequence[Change]:
        """The open requests that changed lately, and when a webhook about each was last kept."""
        recent = [
            each
            for examples in self.examples.values()
            for each in examples
            if each.changed is not None and self.clock() - each.changed < KEPT
        ]
        with self.store.reading() as tx:
            heard = {each.id: inbox.latest(tx, each.id, 1) for each in recent} if self.schema.current else {}
        return [
            Change(each.key, each.changed, next((one.received_at for one in heard.get(each.id, ())), None))
            for each in recent
            if each.changed is not None
        ]

    def knocked(self, key: str, wait: float) -> Arrival:
        """Let Jira knock: the one look that changes something, and takes it back."""
        return self.keep("knocked", lambda: let_jira_knock(self.jira, self.store, key, wait), wait + self.patience)

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


def attempt(find: Callable[[], Any]) -> Any:
    """What is found, or the trouble with Jira that was met: where one of several may fail."""
    try:
        return find()
    except JiraTrouble as trouble:
        return trouble
