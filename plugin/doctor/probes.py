"""The table of probes: what is looked at, by which function it is judged, and after which others."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from plugin.doctor.judge import (
    account,
    connection,
    customers,
    database,
    fields,
    mappings,
    project,
    service,
    settings,
    webhook,
)
from plugin.doctor.knock import knock
from plugin.doctor.line import Group, Line, unknown
from plugin.doctor.looks import Looks, attempt
from plugin.doctor.probe import Probe
from plugin.links import links_of
from plugin.settings import HOW_TO_MAKE_ONE, SettingsError
from plugin.store import StoreError
from plugin.worker import LONGEST_ANSWER

E = TypeVar("E", bound=Exception)


def _caught(kind: type[E], look: Callable[[], object]) -> E | None:
    """The trouble of this kind that a look meets; None where it meets none."""
    try:
        look()
    except kind as trouble:
        return trouble
    return None


def _environment(look: Looks) -> list[Line]:
    return settings.environment(_caught(SettingsError, lambda: look.settings))


def _access(look: Looks) -> list[Line]:
    return settings.access(_caught(SettingsError, lambda: look.jira))


def _secrets(look: Looks) -> list[Line]:
    lengths = {
        name: [len(each.get_secret_value()) for each in given]
        for name, given in (
            ("WEBHOOK_SECRETS", look.settings.webhook_secrets),
            ("WEBHOOK_HEADER_SECRETS", look.settings.webhook_header_secrets),
        )
    }
    return settings.secrets(lengths, HOW_TO_MAKE_ONE)


def _secret_files(look: Looks) -> list[Line]:
    return settings.secret_files(look.secret_files)


def _public_address(look: Looks) -> list[Line]:
    return settings.public_url(look.settings.public_url)


def _receipt_links(look: Looks) -> list[Line]:
    given = look.settings
    return settings.receipt_links(links_of(given), given.admin_pages, given.receipt_link_days)


def _zones(look: Looks) -> list[Line]:
    return settings.zones(look.zones, look.clock().date())


def _lease(look: Looks) -> list[Line]:
    return settings.lease(look.settings.lease_seconds, int(LONGEST_ANSWER.total_seconds()))


def _folder(look: Looks) -> list[Line]:
    folder = Path(look.settings.mappings_dir).absolute()
    return mappings.folder(folder, folder.is_dir())


def _files(look: Looks) -> list[Line]:
    good = look.loaded.mappings
    revision = good.policy.revision if good else None
    return mappings.files(revision, look.loaded.problems, look.loaded.warnings)


def _answers(look: Looks) -> list[Line]:
    trouble = _caught(StoreError, lambda: look.database_is_there)
    if trouble:
        return database.answers("", trouble, is_there=False)
    return database.answers(look.store.where, None, look.database_is_there)


def _room(look: Looks) -> list[Line]:
    return database.room(look.free, look.settings.min_free_mb * 1_000_000, look.store.folder)


def _schema(look: Looks) -> list[Line]:
    return database.schema(look.schema)


def _file_mode(look: Looks) -> list[Line]:
    return database.mode(look.database_mode, str(look.store.file))


def _memory(look: Looks) -> list[Line]:
    return database.gap(look.gap)


def _reachable(look: Looks) -> list[Line]:
    return connection.reachable(attempt(lambda: look.greeting))


def _certificate(look: Looks) -> list[Line]:
    return connection.certificate(look.greeting)


def _clock(look: Looks) -> list[Line]:
    return connection.clock(look.server.info, look.server.at)


def _version(look: Looks) -> list[Line]:
    return connection.version(look.server.info, look.access.flavour)


def _limits(look: Looks) -> list[Line]:
    return connection.limits(look.jira.allowance, look.settings.jira_requests_per_second, look.jira.flavour == "cloud")


def _login(look: Looks) -> list[Line]:
    return account.login(attempt(lambda: look.myself), look.access)


def _token(look: Looks) -> list[Line]:
    return account.token_age(attempt(lambda: look.tokens), look.access, look.clock())


def _permissions(look: Looks) -> list[Line]:
    return account.permissions(look.permissions, look.mappings.declared.waiting_to is not None)


def _administrator(look: Looks) -> list[Line]:
    return account.administrator(look.permissions)


def _projects(look: Looks) -> list[Line]:
    return project.projects(look.projects)


def _request_types(look: Looks) -> list[Line]:
    return project.request_types(look.mappings.declared, {key: kinds or () for key, kinds in look.forms.items()})


def _statuses(look: Looks) -> list[Line]:
    return project.statuses(look.mappings.declared, look.statuses)


def _transitions(look: Looks) -> list[Line]:
    return project.transitions(look.mappings.declared, look.offered)


def _resolutions(look: Looks) -> list[Line]:
    return project.resolutions(look.mappings.declared, look.resolutions)


def _fields(look: Looks) -> list[Line]:
    return fields.found(look.fields)


def _edit_screen(look: Looks) -> list[Line]:
    return fields.edit_screen(look.fields_found, look.screens)


def _portal(look: Looks) -> list[Line]:
    return fields.portal(look.mappings.declared, look.fields_found, look.forms)


def _options(look: Looks) -> list[Line]:
    return fields.options(look.mappings.declared, look.fields_found, look.screens)


def _agreements(look: Looks) -> list[Line]:
    today = look.mappings.policy.day(look.clock())
    return customers.agreements(look.mappings.agreements, look.organizations, today)


def _organizations(look: Looks) -> list[Line]:
    return customers.organizations(look.mappings.agreements, look.organizations)


def _board(look: Looks) -> list[Line]:
    return customers.board(look.mappings.board, look.organization_properties, look.jira.flavour == "cloud")


def _receiver(look: Looks) -> list[Line]:
    return service.receiver(look.ready, look.own_address)


def _secret(look: Looks) -> list[Line]:
    return service.same_secret(knock(look.own_address, look.settings), look.own_address)


def _worker(look: Looks) -> list[Line]:
    return service.worker(look.figures, timedelta(seconds=look.settings.reconcile_seconds), look.clock())


def _queue(look: Looks) -> list[Line]:
    counted, parked = look.queue
    return service.queue(counted, parked, look.clock())


def _registered(look: Looks) -> list[Line]:
    return webhook.registered(look.hooks, look.settings.public_url, look.signs)


def _address(look: Looks) -> list[Line]:
    return webhook.address(look.hook, look.settings.public_url)


def _enabled(look: Looks) -> list[Line]:
    return webhook.enabled(look.hook)


def _events(look: Looks) -> list[Line]:
    return webhook.events(look.hook)


def _filter(look: Looks) -> list[Line]:
    return webhook.jql(look.hook, look.mappings.declared.projects)


def _signed(look: Looks) -> list[Line]:
    return webhook.signed(look.hook, [each.get_secret_value() for each in look.settings.webhook_secrets])


def _way_in(look: Looks) -> list[Line]:
    url = look.settings.public_url
    if url is None:
        return [unknown("Where Jira reaches us is not known without PUBLIC_URL.", "Set PUBLIC_URL.")]
    return webhook.way_in(knock(url, look.settings), url)


def _arriving(look: Looks) -> list[Line]:
    key = look.request
    if key is None:
        return webhook.arriving(look.changes, look.clock())
    if key.rpartition("-")[0] not in look.projects:
        return [unknown(f"{key} is in no project that is looked after.", "Name a request of one with --with.")]
    if not look.may_remove_notes:
        told = "Our account may not remove its own comments, so none is left to try it with."
        return [unknown(told, "Let it have the permission Delete Own Comments, at least for a moment.")]
    return webhook.knocked(look.knocked(key))


PROBES: Final[tuple[Probe, ...]] = (
    Probe(Group.SETTINGS, "environment", _environment, (), "the environment cannot be read"),
    Probe(Group.SETTINGS, "access", _access, ("environment",), "it is not said where Jira is and who we are there"),
    Probe(Group.SETTINGS, "secrets", _secrets, ("environment",), "there is no webhook secret"),
    Probe(Group.SETTINGS, "secret files", _secret_files, ("environment",)),
    Probe(Group.SETTINGS, "public address", _public_address, ("environment",)),
    Probe(Group.SETTINGS, "links to receipts", _receipt_links, ("environment",)),
    Probe(Group.SETTINGS, "lease", _lease, ("environment",)),
    Probe(Group.SETTINGS, "time zones", _zones),
    Probe(Group.MAPPINGS, "folder", _folder, ("environment",), "there are no mapping files"),
    Probe(Group.MAPPINGS, "files", _files, ("folder",), "the mapping files cannot be used"),
    Probe(Group.DATABASE, "database", _answers, ("environment",), "the database does not answer"),
    Probe(Group.DATABASE, "schema", _schema, ("database",), "the database is not of this release"),
    Probe(Group.DATABASE, "room", _room, ("database",)),
    Probe(Group.DATABASE, "file mode", _file_mode, ("database",)),
    Probe(Group.DATABASE, "memory", _memory, ("schema",)),
    Probe(Group.CONNECTION, "reachable", _reachable, ("access",), "Jira is not reached"),
    Probe(Group.CONNECTION, "certificate", _certificate, ("reachable",), "Jira's certificate cannot be trusted"),
    Probe(Group.CONNECTION, "clock", _clock, ("certificate",)),
    Probe(Group.CONNECTION, "version", _version, ("certificate",), "this is not the kind of Jira that it is taken for"),
    Probe(Group.ACCOUNT, "login", _login, ("version",), "Jira does not let us in"),
    Probe(Group.ACCOUNT, "token", _token, ("login",)),
    Probe(Group.ACCOUNT, "permissions", _permissions, ("projects",)),
    Probe(Group.ACCOUNT, "administrator", _administrator, ("projects",)),
    Probe(Group.PROJECT, "projects", _projects, ("login", "files"), "we see none of the projects"),
    Probe(Group.PROJECT, "request types", _request_types, ("projects",)),
    Probe(Group.PROJECT, "statuses", _statuses, ("projects",), "the statuses are not there"),
    Probe(Group.PROJECT, "transitions", _transitions, ("statuses",)),
    Probe(Group.PROJECT, "resolutions", _resolutions, ("projects",)),
    Probe(Group.FIELDS, "fields", _fields, ("login", "files"), "the fields are not there"),
    Probe(Group.FIELDS, "options", _options, ("fields", "projects")),
    Probe(Group.FIELDS, "edit screen", _edit_screen, ("fields", "projects")),
    Probe(Group.FIELDS, "portal", _portal, ("fields", "projects")),
    Probe(Group.CUSTOMERS, "agreements", _agreements, ("login", "files")),
    Probe(Group.CUSTOMERS, "organizations", _organizations, ("login", "files")),
    Probe(Group.CUSTOMERS, "balance board", _board, ("login", "files")),
    Probe(Group.SERVICE, "receiver", _receiver, ("environment",), "the service does not run"),
    Probe(Group.SERVICE, "secret", _secret, ("receiver", "secrets")),
    Probe(Group.SERVICE, "worker", _worker, ("receiver",)),
    Probe(Group.SERVICE, "queue", _queue, ("schema",)),
    Probe(Group.WEBHOOK, "registered", _registered, ("login", "version"), "no webhook for us could be seen"),
    Probe(Group.WEBHOOK, "goes to us", _address, ("registered",)),
    Probe(Group.WEBHOOK, "switched on", _enabled, ("registered",)),
    Probe(Group.WEBHOOK, "events", _events, ("registered",)),
    Probe(Group.WEBHOOK, "filter", _filter, ("registered", "files")),
    Probe(Group.WEBHOOK, "signed", _signed, ("registered", "secrets")),
    Probe(Group.WEBHOOK, "way in", _way_in, ("secrets",)),
    Probe(Group.WEBHOOK, "arriving", _arriving, ("projects", "schema", "fields")),
    # The last: it tells what Jira said of its limits while all the others asked.
    Probe(Group.CONNECTION, "rate limits", _limits, ("login",)),
)
"""All of them, in the order in which somebody would mend things."""
