"""Every assumption with a fault of its own: its line turns, and those of its dependents, and no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import delete

from plugin.doctor.line import Verdict
from plugin.doctor.probes import PROBES
from plugin.jira.setup.webhook import EVENTS
from plugin.sandbox import Fault, Guise, Kind
from plugin.sandbox.site import Organization
from plugin.sandbox.webhooks import Hook
from plugin.store import doors, memory
from plugin.store.tables import deliveries
from tests.plugin.doctor.conftest import ACCOUNT, SECRET, Patient, patient_in, verdicts

OK, WARNING, WRONG, UNKNOWN, SKIPPED = Verdict
CLOUD: Final = frozenset({Guise.COMPANY_MANAGED, Guise.TEAM_MANAGED})
SIGNING: Final = frozenset(Guise) - {Guise.DATACENTER_9}
UNSIGNED: Final = frozenset({Guise.DATACENTER_9})
ONE: Final = frozenset({Guise.DATACENTER_10})
COMPANY: Final = frozenset(Guise) - {Guise.TEAM_MANAGED}


def dependents(*names: str) -> set[str]:
    """Every probe that comes after one of these, however far."""
    found, grown = set(names), True
    while grown:
        more = {probe.name for probe in PROBES if found & set(probe.after)} - found
        found |= more
        grown = bool(more)
    return found - set(names)


@dataclass(frozen=True)
class Broken:
    """A fault: what it breaks, and the probes that turn, each to a verdict that is then among its lines. `blocks`: the
    probes whose dependents are not looked at.
    """

    deed: Callable[[Patient], None]
    turns: Mapping[str, Verdict]
    blocks: tuple[str, ...] = ()
    guises: frozenset[Guise] = field(default_factory=lambda: frozenset(Guise))


def _no_service(patient: Patient) -> None:
    patient.env.setenv("PORT", "1")


def _secrets_in_files(patient: Patient) -> None:
    folder = patient.folder / "secrets"
    folder.mkdir()
    (folder / "webhook_header_secrets").write_text("another-one-that-is-long")
    (folder / "webhook_header_secrets").chmod(0o644)
    patient.env.setenv("SECRETS_DIR", str(folder))


def _public(patient: Patient) -> None:
    patient.env.delenv("PUBLIC_URL")


def _readable_database(patient: Patient) -> None:
    (patient.folder / "kept.sqlite3").chmod(0o644)


def _no_database(patient: Patient) -> None:
    patient.env.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")


def _older_database(patient: Patient) -> None:
    _schema_is(patient, "m0001")


def _newer_database(patient: Patient) -> None:
    _schema_is(patient, "9999")


def _schema_is(patient: Patient, revision: str) -> None:
    with patient.store.writing() as tx:
        tx.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def _gap(patient: Patient) -> None:
    with patient.store.writing() as tx:
        memory.found_gap(tx, "On SUP-7 Jira shows a decision that the database does not know. Run it again.")


def _parked(patient: Patient) -> None:
    with patient.store.writing() as tx:
        doors.knock(tx, "10001", "SUP-1", datetime.now(UTC))
        tx.exec_driver_sql("UPDATE doors SET parked = 1")


def _waiting(patient: Patient) -> None:
    with patient.store.writing() as tx:
        doors.knock(tx, "10001", "SUP-1", datetime.now(UTC) - timedelta(hours=3))


def _slow_clock(patient: Patient) -> None:
    clock = patient.sandbox.clock
    patient.sandbox.clock = lambda: clock() - timedelta(minutes=5)


def _wrong_clock(patient: Patient) -> None:
    clock = patient.sandbox.clock
    patient.sandbox.clock = lambda: clock() + timedelta(hours=2)


def _other_flavour(patient: Patient) -> None:
    cloud = patient.sandbox.site.cloud
    patient.env.setenv("JIRA_FLAVOUR", "datacenter" if cloud else "cloud")
    patient.env.setenv("JIRA_EMAIL", ACCOUNT)


def _no_agreement(patient: Patient) -> None:
    patient.sandbox.site.organizations[99] = Organization(99, "Ember Textiles")


def _without_organization(patient: Patient) -> None:
    patient.sandbox.jira.delete_organization(11)


def _without(name: str) -> Callable[[Patient], None]:
    def deed(patient: Patient) -> None:
        del patient.sandbox.site.fields[patient.sandbox.site.field(name).id]

    return deed


def _twice(patient: Patient) -> None:
    site = patient.sandbox.site
    site.fields["customfield_99999"] = replace(site.field("Support tier"), id="customfield_99999")


def _of_another_type(patient: Patient) -> None:
    site = patient.sandbox.site
    field = site.field("Response due")
    site.fields[field.id] = replace(field, type="number", custom=(field.custom or "").replace("datetime", "float"))


def _option_gone(name: str) -> Callable[[Patient], None]:
    def deed(patient: Patient) -> None:
        field = patient.sandbox.site.field(name)
        patient.sandbox.site.fields[field.id] = replace(field, options=field.options[1:])

    return deed


def _off_the_screen(patient: Patient) -> None:
    field = patient.sandbox.site.field("Support tier")
    patient.sandbox.site.fields[field.id] = replace(field, editable=False)


def _not_configured_here(patient: Patient) -> None:
    field = patient.sandbox.site.field("Support tier")
    elsewhere = tuple(replace(each, projects=("999",)) for each in field.contexts)
    patient.sandbox.site.fields[field.id] = replace(field, contexts=elsewhere)


def _no_way_back(patient: Patient) -> None:
    site = patient.sandbox.site
    ways = tuple(each for each in site.transitions if each.name != "Respond to support")
    patient.sandbox.jira.site = patient.sandbox.site = replace(site, transitions=ways)


def _status_renamed(patient: Patient) -> None:
    patient.mappings("fields.yaml", "to: Waiting for customer", "to: Waiting for costumer")


def _not_on_the_portal(patient: Patient) -> None:
    field = patient.sandbox.site.field("Product version")
    patient.sandbox.site.fields[field.id] = replace(field, on_portal=False)


def _no_hook(patient: Patient) -> None:
    patient.sandbox.webhooks.url = None


def _hook(**changed: Any) -> Callable[[Patient], None]:
    """Another webhook in place of ours."""

    def deed(patient: Patient) -> None:
        right = Hook(0, "By hand", f"{patient.url}/webhooks/jira", EVENTS, "", SECRET)
        patient.sandbox.webhooks.url = None
        patient.sandbox.webhooks.register(replace(right, **changed))

    return deed


def _nothing_arrived(patient: Patient) -> None:
    with patient.store.writing() as tx:
        tx.execute(delete(deliveries))


def _edited(old: str, new: str, file: str = "fields.yaml") -> Callable[[Patient], None]:
    return lambda patient: patient.mappings(file, old, new)


def _env(**values: str) -> Callable[[Patient], None]:
    def deed(patient: Patient) -> None:
        for name, value in values.items():
            patient.env.setenv(name, value)

    return deed


def _unset(name: str) -> Callable[[Patient], None]:
    return lambda patient: patient.env.delenv(name)


def _withheld(permission: str) -> Callable[[Patient], None]:
    return lambda patient: patient.withhold(permission)


def _faulty(kind: Kind, path: str, times: int = 99) -> Callable[[Patient], None]:
    return lambda patient: patient.sandbox.faults.add(Fault(kind, path=path, times=times))


def _revoked(patient: Patient) -> None:
    patient.sandbox.revoke(ACCOUNT)


def _token_ends(patient: Patient) -> None:
    patient.sandbox.token_ends = datetime.now(UTC) + timedelta(days=9)


def _stale(patient: Patient) -> None:
    patient.metrics.reconciled(datetime.now(UTC) - timedelta(hours=5))


def _never_reconciled(patient: Patient) -> None:
    patient.metrics.reconciled(datetime.fromtimestamp(0, UTC))


FAULTS: Final[Mapping[str, Broken]] = {
    "a setting that cannot be read": Broken(_env(WORKERS="many"), {"environment": WRONG}, ("environment",), guises=ONE),
    "no token": Broken(_unset("JIRA_TOKEN"), {"access": WRONG}, ("access",), guises=ONE),
    "no webhook secret": Broken(_unset("WEBHOOK_SECRETS"), {"secrets": WRONG}, ("secrets",), guises=ONE),
    "another secret than the running service has": Broken(
        _env(WEBHOOK_SECRETS="quite-another-secret-than-it-was"), {"secret": WRONG, "way in": WRONG}, guises=ONE
    ),
    "secrets that others may read": Broken(_secrets_in_files, {"secret files": WRONG}, guises=ONE),
    "no public address": Broken(
        _public, {"public address": WARNING, "goes to us": UNKNOWN, "way in": UNKNOWN}, guises=ONE
    ),
    "a short lease": Broken(_env(LEASE_SECONDS="20"), {"lease": WARNING}, guises=ONE),
    "no mapping files": Broken(_env(MAPPINGS_DIR="/nowhere"), {"folder": WRONG}, ("folder",), guises=ONE),
    "mapping files with a problem": Broken(
        _edited("Premium: premium", "Premium: premum"), {"files": WRONG}, ("files",), guises=ONE
    ),
    "no database": Broken(_no_database, {"database": WRONG}, ("database",), guises=ONE),
    "an older database": Broken(_older_database, {"schema": WARNING}, guises=ONE),
    "a newer database": Broken(_newer_database, {"schema": WRONG}, ("schema",), guises=ONE),
    "no room on the disk": Broken(_env(MIN_FREE_MB="100000000"), {"room": WRONG}, guises=ONE),
    "a database that others may read": Broken(_readable_database, {"file mode": WARNING}, guises=ONE),
    "a database that forgot": Broken(_gap, {"memory": WRONG}, guises=ONE),
    "nobody at the address": Broken(
        _env(JIRA_URL="http://127.0.0.1:1"), {"reachable": WRONG}, ("reachable",), guises=ONE
    ),
    "a login page": Broken(_faulty(Kind.LOGIN_PAGE, ""), {"reachable": WRONG}, ("reachable",)),
    "Jira is down": Broken(_faulty(Kind.UNAVAILABLE, ""), {"reachable": WRONG}, ("reachable",)),
    "a clock that is slow": Broken(_slow_clock, {"clock": WARNING}),
    "a clock that is wrong": Broken(_wrong_clock, {"clock": WRONG}),
    "the other kind of Jira": Broken(_other_flavour, {"version": WRONG}, ("version",)),
    "a revoked token": Broken(_revoked, {"login": WRONG}, ("login",)),
    "a token that runs out": Broken(_token_ends, {"token": WARNING}, guises=frozenset(Guise) - CLOUD),
    "no permission to edit": Broken(
        _withheld("EDIT_ISSUES"), {"permissions": WRONG, "edit screen": WRONG, "options": UNKNOWN}
    ),
    "no permission to comment": Broken(_withheld("ADD_COMMENTS"), {"permissions": WRONG}),
    "no permission to move": Broken(_withheld("TRANSITION_ISSUES"), {"permissions": WRONG}),
    "no agent": Broken(_withheld("SERVICEDESK_AGENT"), {"permissions": WRONG}),
    "not to be seen": Broken(_withheld("BROWSE_PROJECTS"), {"projects": WRONG}, ("projects",)),
    "another project": Broken(_edited("projects: [SUP]", "projects: [HELP]"), {"projects": WRONG}, ("projects",)),
    "a request type that is gone": Broken(_edited("Ask a question:", "Ask something:"), {"request types": WRONG}),
    "a status that is gone": Broken(_status_renamed, {"statuses": WRONG}, ("statuses",)),
    "no way back into the queue": Broken(_no_way_back, {"transitions": WRONG}),
    "a resolution that is gone": Broken(_edited("Won't do:", "Refused:"), {"resolutions": WARNING}),
    "a written field that is missing": Broken(_without("Support tier"), {"fields": WRONG}),
    "a read field that is missing": Broken(_without("Product version"), {"fields": WRONG}),
    "a field that is there twice": Broken(_twice, {"fields": WRONG}),
    "a field of another type": Broken(_of_another_type, {"fields": WRONG}),
    "an option to be written that is gone": Broken(_option_gone("Support tier"), {"options": WRONG}),
    "an option to be read that is gone": Broken(_option_gone("Business impact"), {"options": WARNING}),
    "a field off the screen": Broken(_off_the_screen, {"edit screen": WRONG}),
    "a field of other projects": Broken(_not_configured_here, {"edit screen": WRONG}, guises=COMPANY),
    "an organization without an agreement": Broken(_no_agreement, {"organizations": WARNING}),
    "an agreement without its organization": Broken(_without_organization, {"agreements": WRONG}),
    "properties that may not be read": Broken(
        _faulty(Kind.FORBIDDEN, "/organization/[0-9]+/property$"), {"balance board": WRONG}
    ),
    "no service": Broken(_no_service, {"receiver": WRONG}, ("receiver",), guises=ONE),
    "nobody works": Broken(_stale, {"worker": WRONG}, guises=ONE),
    "nobody has worked yet": Broken(_never_reconciled, {"worker": WARNING}, guises=ONE),
    "a parked request": Broken(_parked, {"queue": WARNING}, guises=ONE),
    "a request that waits for hours": Broken(_waiting, {"queue": WARNING}, guises=ONE),
    "a portal that does not ask": Broken(_not_on_the_portal, {"portal": WARNING}),
    "no webhook": Broken(_no_hook, {"registered": WRONG}, ("registered",), SIGNING),
    "a webhook that cannot be signed": Broken(_no_hook, {"registered": UNKNOWN}, ("registered",), UNSIGNED),
    "no administrator": Broken(_withheld("ADMINISTER"), {"registered": UNKNOWN}, ("registered",)),
    "a webhook to somewhere else": Broken(_hook(url="http://else.example/webhooks/jira"), {"goes to us": WRONG}),
    "a webhook that is switched off": Broken(_hook(enabled=False), {"switched on": WRONG}),
    "a webhook without comments": Broken(_hook(events=EVENTS[:3]), {"events": WRONG}),
    "a webhook of another project": Broken(_hook(jql='project in ("HELP")'), {"filter": WRONG}),
    "a webhook of some requests": Broken(_hook(jql="project = SUP AND priority = High"), {"filter": WARNING}),
    "a webhook without a secret": Broken(_hook(secret=None), {"signed": WRONG}, guises=CLOUD),
    "a webhook with another secret": Broken(_hook(name="support-contract 01234567"), {"signed": WRONG}),
    "no way in": Broken(_env(PUBLIC_URL="http://127.0.0.1:1"), {"way in": WARNING, "goes to us": WRONG}),
    "webhooks that do not arrive": Broken(_nothing_arrived, {"arriving": WARNING}, guises=SIGNING),
    "a rate limit that is all but spent": Broken(
        _faulty(Kind.NEAR, "/rest/api/2/myself"), {"rate limits": WARNING}, guises=ONE
    ),
}


@pytest.mark.parametrize(
    ("guise", "fault"),
    [(guise, fault) for guise in Guise for fault, broken in FAULTS.items() if guise in broken.guises],
    indirect=["guise"],
)
def test_a_fault_turns_its_own_line_and_its_dependents_only(
    fault: str, patient: Patient, guise: Guise, well: Mapping[Guise, Mapping[str, tuple[Verdict, ...]]]
) -> None:
    broken = FAULTS[fault]
    broken.deed(patient)

    found = patient.examined()

    told, before = verdicts(found), well[guise]
    skipped = dependents(*broken.blocks)
    assert {name for name, each in told.items() if each != before[name]} - set(broken.turns) == skipped
    assert all(told[name] == (SKIPPED,) for name in skipped)
    for name, verdict in broken.turns.items():
        assert verdict in told[name], found[name]
        for line in found[name]:
            assert line.remedy or line.verdict is OK


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Guise, Mapping[str, tuple[Verdict, ...]]]:
    """Return the verdicts on an installation in which all is well, for each guise."""
    found = {}
    for guise in Guise:
        with pytest.MonkeyPatch.context() as env, patient_in(guise, tmp_path_factory.mktemp("well"), env) as patient:
            found[guise] = verdicts(patient.examined())
    return found


def test_nothing_is_wrong_where_all_is_well(well: Mapping[Guise, Mapping[str, tuple[Verdict, ...]]]) -> None:
    for guise, told in well.items():
        assert not [name for name, each in told.items() if WRONG in each or SKIPPED in each], guise
