"""`setup` over HTTP in all four guises: looks, makes, changes nothing twice, takes back; and each fault it may meet."""

import hashlib
import hmac
import importlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from plugin.jira.fields import find_fields
from plugin.mappings.load import Mappings, load
from plugin.sandbox import Fault, Guise, Kind, Sandbox, running_sandbox, seed
from plugin.sandbox.site import CUSTOM_TYPES, Context, Field, Option
from plugin.sandbox.webhooks import Hook
from tests.openapi import judge
from tests.plugin.cli.conftest import ACCOUNT, MIRA, SHIPPED, Run

cli = importlib.import_module("plugin.cli.setup")
INES = "ines.falk@vendor.example"
MADE = (
    "Product",
    "Product version",
    "Support tier",
    "Ruled severity",
    "Response due",
    "Eligibility",
    "Eligibility reason",
    "Credits left",
    "Technical account representative",
)
"""The names of those fields of FEW that no Jira brings along."""
FEW = ("organizations", "request_type", "priority", "product", "version", "tier", "severity", "response_due")
FEW += ("eligibility", "reason", "credits_left", "account_representative")
PUBLIC = "http://127.0.0.1:8080"
SECRET = "a-secret-that-nobody-is-to-read"
CLOUD = (Guise.COMPANY_MANAGED, Guise.TEAM_MANAGED)
COMPANY = pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED], indirect=True)
SHARED = pytest.mark.parametrize("guise", [each for each in Guise if each is not Guise.TEAM_MANAGED], indirect=True)

Setup = Callable[..., Result]


@pytest.fixture(params=list(Guise))
def guise(request: pytest.FixtureRequest) -> Guise:
    return Guise(request.param)


@pytest.fixture
def site(guise: Guise) -> Iterator[Sandbox]:
    with running_sandbox(seed(guise, bare=True), retry_delays=[]) as running:
        yield running
    judge(running)


@pytest.fixture(autouse=True)
def _few_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of fields does for most of what is tested here, and what was read of the same bytes is read once."""
    read = cli.mappings_in_or_fail

    def remembered(directory: Path) -> Mappings:
        content = (directory / "fields.yaml").read_bytes()
        if content not in _READ:
            whole = read(directory)
            few = {word: spec for word, spec in whole.declared.fields.items() if word in FEW}
            _READ[content] = replace(whole, declared=replace(whole.declared, fields=few))
        return _READ[content]

    monkeypatch.setattr(cli, "mappings_in_or_fail", remembered)


_READ: dict[bytes, Mappings] = {}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return mapping files of our own."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "mappings"))


@pytest.fixture
def setup(run: Run, site: Sandbox, files: Path) -> Setup:
    """Return a function: run the command as Jira's administrator; settings replace the usual ones."""
    person = site.site.person(INES)
    usual = {
        "JIRA_URL": site.url,
        "JIRA_FLAVOUR": str(site.site.flavour),
        "JIRA_TOKEN": person.token,
        "MAPPINGS_DIR": str(files),
        "PUBLIC_URL": PUBLIC,
        "WEBHOOK_SECRETS": SECRET,
        "WEBHOOK_HEADER_SECRETS": SECRET,
        "JIRA_REQUESTS_PER_SECOND": "5000",
    }
    if site.site.cloud:
        usual["JIRA_EMAIL"] = person.email

    def setup(*arguments: str, **settings: str) -> Result:
        result = run("setup", *arguments, **{**usual, **settings})
        shown = result.output
        assert SECRET not in shown or "--show-secret" in arguments
        assert person.token not in shown
        return result

    return setup


def writes(site: Sandbox) -> list[tuple[str, str]]:
    return [(one.method, one.path) for one in site.traffic.all() if one.method != "GET"]


def state(site: Sandbox) -> dict[str, Any]:
    """Everything that an administrator can change."""
    here = site.site
    return {
        "fields": {id: field for id, field in here.fields.items() if field.custom or field.editable},
        "hooks": site.webhooks.hooks(),
        "properties": dict(here.properties),
        "default screen": list(here.default_screen),
    }


def rows(result: Result) -> dict[str, dict[str, str]]:
    told = json.loads(result.stdout)
    done, there = ({row["what"] for row in told["rows"] if row["state"] == state} for state in ("done", "there"))
    assert done.isdisjoint(there), "what was done is said once"
    return {row["what"]: row for row in told["rows"]}


def put(site: Sandbox, name: str, kind: str = "select", **more: Any) -> Field:
    """A field that somebody has made before."""
    number = next(site.site.numbers)
    types = {"select": "option", "float": "number", "textfield": "string"}
    field = Field(
        f"customfield_{number}",
        name,
        types[kind],
        CUSTOM_TYPES + kind,
        **{"contexts": (Context(f"{number}9", "All"),), "editable": True, **more},
    )
    site.site.fields[field.id] = field
    return field


def the_team_adds_its_fields(site: Sandbox) -> None:
    whole = seed(Guise.TEAM_MANAGED, 50_000).fields
    site.site.fields.update({id: field for id, field in whole.items() if field.scope})


def test_a_look_changes_nothing(setup: Setup, site: Sandbox) -> None:
    before = state(site)
    result = setup()
    assert result.exit_code == 0, result.output
    assert "Support tier" in result.output
    assert "Premium, Advanced, Basic" in " ".join(result.output.split())
    assert (state(site), writes(site)) == (before, [])


def test_every_field_of_the_shipped_files_is_made(
    setup: Setup, site: Sandbox, files: Path, guise: Guise, monkeypatch: pytest.MonkeyPatch
) -> None:
    mappings = load(files).mappings
    assert mappings is not None
    monkeypatch.setattr(cli, "mappings_in_or_fail", lambda _directory: mappings)
    assert setup("--apply").exit_code == 0
    if guise is not Guise.TEAM_MANAGED:
        catalogue = [site.speller.field(field) for field in site.site.fields.values()]
        found = find_fields(mappings.declared.fields.values(), catalogue)
        assert set(found) == set(mappings.declared.fields)


def test_what_is_missing_is_made_once_and_then_nothing_is_left_to_do(setup: Setup, site: Sandbox, guise: Guise) -> None:
    result = setup("--apply")
    assert result.exit_code == 0, result.output
    if guise is not Guise.TEAM_MANAGED:
        fields = {name: site.site.field(name) for name in MADE}
        assert all(site.site.editable(field.id) for field in fields.values())
        options = [option.value for option in fields["Support tier"].options]
        assert options == (["Premium", "Advanced", "Basic"] if guise is Guise.COMPANY_MANAGED else [])
        made = [json.loads(one.body) for one in site.traffic.all() if (one.method, one.path[-6:]) == ("POST", "/field")]
        assert all(each["searcherKey"] for each in made)
        assert sorted(each["name"] for each in made) == sorted(MADE)

    site.traffic.clear()
    again = setup("--apply")
    assert again.exit_code == 0, again.output
    assert writes(site) == []
    assert setup().exit_code == 0


def test_the_webhook_is_heard_by_who_has_the_secret(setup: Setup, site: Sandbox, guise: Guise) -> None:
    assert setup("--apply").exit_code == 0
    if guise is Guise.DATACENTER_9:
        assert site.webhooks.hooks() == []
        return
    [hook] = site.webhooks.hooks()
    assert (hook.url, hook.secret, hook.jql) == (f"{PUBLIC}/webhooks/jira", SECRET, 'project in ("SUP")')
    site.webhooks.behaviour.hold = True
    mira = site.site.person(MIRA)
    site.jira.create(mira, mira, next(iter(site.site.request_types.values())), {"summary": "It stops"})
    assert [one.event for one in site.webhooks.log] == ["jira:issue_created"]


def test_undo_leaves_what_was_there_before(setup: Setup, site: Sandbox, guise: Guise) -> None:
    if guise is not Guise.TEAM_MANAGED:
        options = (Option("900001", "Premium"),)
        put(site, "Support tier", options=options, editable=False)
        put(
            site,
            "Ruled severity",
            options=(Option("900002", "Severity 1"),),
            contexts=(Context("77", "Other", ("999",)),),
        )
    site.webhooks.register(Hook(0, "of others", "https://others.example/hook", ("jira:issue_created",)))
    before = state(site)
    assert setup("--apply").exit_code == 0
    if guise is not Guise.DATACENTER_9:
        assert state(site) != before
    looked = setup("--undo")
    assert looked.exit_code == 0
    undone = setup("--undo", "--apply")
    assert undone.exit_code == 0, undone.output
    assert state(site) == before
    site.traffic.clear()
    assert "There is nothing of setup's here" in setup("--undo", "--apply").output
    assert writes(site) == []


def test_who_is_no_administrator_is_not_told_that_nothing_was_made(setup: Setup, site: Sandbox) -> None:
    setup("--apply")
    before, account = state(site), site.site.person(ACCOUNT)
    settings = {"JIRA_TOKEN": account.token, **({"JIRA_EMAIL": account.email} if site.site.cloud else {})}
    told = rows(setup("--undo", "--apply", "--json", **settings))
    assert told["what setup made"]["state"] == "blocked"
    assert state(site) == before


@COMPANY
def test_a_webhook_that_cannot_be_seen_is_left_to_a_person(setup: Setup, site: Sandbox) -> None:
    settings = {"JIRA_GATEWAY": site.url, "JIRA_TOKEN": site.site.person(INES).scoped_token}
    told = rows(setup("--undo", "--json", **settings))["webhook"]
    assert (told["state"], told["page"]) == ("by hand", f"{site.url}/plugins/servlet/webhooks")


def test_who_is_no_administrator_is_told_what_one_has_to_do(setup: Setup, site: Sandbox) -> None:
    before, account = state(site), site.site.person(ACCOUNT)
    settings = {"JIRA_TOKEN": account.token, **({"JIRA_EMAIL": account.email} if site.site.cloud else {})}
    result = setup("--apply", **settings)
    assert result.exit_code == 0, result.output
    assert (state(site), writes(site)) == (before, [])
    if not site.site.team_managed:
        assert "only an administrator of Jira may do this" in result.output
        assert "/secure/admin/ViewCustomFields.jspa" in result.output


@SHARED
def test_a_name_that_is_taken_by_another_type_is_said_and_another_name_goes_round_it(
    setup: Setup, site: Sandbox, files: Path
) -> None:
    taken = put(site, "Support tier", "float")
    original = (files / "fields.yaml").read_bytes()
    told = rows(setup("--json"))["field Support tier"]["told"]
    assert "is of type number; expected option or string" in told
    assert "--name tier=" in told

    named = ("--name", "tier=Contract tier")
    looked = setup(*named)
    assert "call its field 'Contract tier'" in looked.output
    assert (files / "fields.yaml").read_bytes() == original
    assert setup("--apply", *named).exit_code == 0
    assert site.site.field("Contract tier").type == "option"
    assert site.site.fields[taken.id] == taken
    text = (files / "fields.yaml").read_bytes()
    assert text == original.replace(b"name: Support tier", b"name: Contract tier")
    site.traffic.clear()
    assert setup("--apply").exit_code == 0
    assert writes(site) == []
    assert setup("--undo", "--apply").exit_code == 0
    assert (files / "fields.yaml").read_bytes() == original


@SHARED
def test_two_fields_of_one_name_are_left_to_a_person(setup: Setup, site: Sandbox) -> None:
    one, two = put(site, "Eligibility reason", "textfield"), put(site, "Eligibility reason", "textfield")
    told = rows(setup("--json"))["field Eligibility reason"]
    assert told["state"] == "blocked"
    assert one.id in told["told"]
    assert two.id in told["told"]


@pytest.mark.parametrize(
    ("guise", "kind"),
    [
        (Guise.COMPANY_MANAGED, Kind.FORBIDDEN),
        (Guise.DATACENTER_9, Kind.CONFLICT),
        (Guise.DATACENTER_10, Kind.FORBIDDEN),
    ],
    indirect=["guise"],
)
def test_what_jira_refuses_is_said_while_all_else_is_done_and_the_next_run_heals_it(
    setup: Setup, site: Sandbox, kind: Kind
) -> None:
    site.faults.add(Fault(kind, "POST", "/field$"))
    result = setup("--apply")
    assert result.exit_code == 1
    assert "1 of these Jira refused" in result.output
    assert setup("--apply").exit_code == 0
    assert len([field for field in site.site.fields.values() if field.configurable]) == len(MADE)


@COMPANY
@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (Kind.RESET_AFTER, "/field$"),
        (Kind.UNAVAILABLE, "/option$"),
        (Kind.RESET_AFTER, "/option$"),
        (Kind.RESET_BEFORE, "/tabs/"),
        (Kind.RESET_AFTER, "/webhook$"),
        (Kind.BUSY, "/webhook$"),
    ],
)
def test_a_run_that_breaks_off_is_taken_up_by_the_next(setup: Setup, site: Sandbox, kind: Kind, path: str) -> None:
    site.faults.add(Fault(kind, "POST", path))
    assert setup("--apply").exit_code == 1
    assert setup("--apply").exit_code == 0
    names = [field.name for field in site.site.fields.values() if field.configurable]
    assert len(names) == len(set(names)) == len(MADE)
    assert len(site.webhooks.hooks()) == 1
    assert [option.value for option in site.site.field("Support tier").options] == ["Premium", "Advanced", "Basic"]


def test_a_project_that_is_not_there_is_said(setup: Setup, files: Path) -> None:
    path = files / "fields.yaml"
    path.write_text(path.read_text().replace("projects: [SUP]", "projects: [NOPE]"))
    result = setup("--apply")
    assert result.exit_code == 0, result.output
    assert "our account does not see it" in result.output


def test_a_secret_is_made_where_none_is_and_kept_to_its_file(
    setup: Setup, site: Sandbox, tmp_path: Path, guise: Guise
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    assert "SECRETS_DIR" in setup("--apply", WEBHOOK_SECRETS="", WEBHOOK_HEADER_SECRETS="").output
    assert list(folder.iterdir()) == []
    with_folder = {"WEBHOOK_SECRETS": "", "WEBHOOK_HEADER_SECRETS": "", "SECRETS_DIR": str(folder)}
    looked = setup(**with_folder)
    assert looked.exit_code == 0
    assert "Nothing to do by itself" not in looked.output or guise is Guise.DATACENTER_9
    assert list(folder.iterdir()) == []
    result = setup("--apply", **with_folder)
    assert result.exit_code == 0, result.output
    [file] = folder.iterdir()
    secret = file.read_text().strip()
    assert file.name == ("webhook_header_secrets" if guise is Guise.DATACENTER_9 else "webhook_secrets")
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(secret) == 64
    assert secret not in result.output
    assert str(file) in result.output
    assert [hook.secret for hook in site.webhooks.hooks()] == ([] if guise is Guise.DATACENTER_9 else [secret])
    site.traffic.clear()
    assert setup("--apply", **with_folder).exit_code == 0
    assert writes(site) == []
    file.write_text("\n")
    assert setup("--apply", **with_folder).exit_code == 0
    secret = file.read_text().strip()
    assert len(secret) == 64
    shown = setup("--apply", "--show-secret", **with_folder)
    assert f"The webhook's secret: {secret}" in shown.stdout

    assert str(file) not in setup("--undo", **with_folder).output
    undone = setup("--undo", "--apply", **with_folder)
    told = [f"The webhook's secret stays in {file}", "The automation rule that you made for this service stays"]
    assert [each in undone.stderr for each in told] == [True, guise is Guise.DATACENTER_9]
    assert file.read_text().strip() == secret


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED, Guise.DATACENTER_10], indirect=True)
def test_another_secret_or_address_puts_the_webhook_right(setup: Setup, site: Sandbox) -> None:
    setup("--apply")
    setup("--apply", WEBHOOK_SECRETS=f"the-next-one,{SECRET}")
    [hook] = site.webhooks.hooks()
    assert hook.secret == "the-next-one"
    setup("--apply", WEBHOOK_SECRETS="the-next-one", PUBLIC_URL="http://127.0.0.1:9999")
    [hook] = site.webhooks.hooks()
    assert hook.url == "http://127.0.0.1:9999/webhooks/jira"
    digest = hmac.new(b"the-next-one", b"", hashlib.sha256).hexdigest()
    assert not any(part in hook.name for part in ("the-next-one", digest[:8]))
    shown = setup("--apply", "--show-secret")
    assert f"The webhook's secret: {SECRET}" in shown.output


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED, Guise.DATACENTER_10], indirect=True)
def test_a_webhook_that_somebody_made_by_hand_is_left_as_it_is(setup: Setup, site: Sandbox) -> None:
    url = f"{PUBLIC}/webhooks/jira"
    by_hand = site.webhooks.register(Hook(0, "of ours", url, ("jira:issue_created",), secret="s", enabled=False))
    told = rows(setup("--apply", "--json"))[f"webhook {url}"]
    assert told["state"] == "by hand"
    assert "'of ours', made by hand, right: it is switched off; it lacks jira:issue_updated" in told["told"]
    assert site.webhooks.hooks() == [by_hand]
    events = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated")
    site.webhooks.register(replace(by_hand, events=events, enabled=True))
    assert rows(setup("--json"))[f"webhook {url}"]["state"] == "there"


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED, Guise.DATACENTER_10], indirect=True)
def test_another_installation_beside_the_same_jira_keeps_its_webhook(setup: Setup, site: Sandbox) -> None:
    theirs = site.webhooks.register(
        Hook(0, "support-contract 12345678", "https://other.vendor.example/webhooks/jira", jql='project in ("HELP")')
    )
    setup("--apply")
    assert len(site.webhooks.hooks()) == 2
    setup("--undo", "--apply")
    assert site.webhooks.hooks() == [theirs]


def test_a_jira_of_the_other_kind_is_said(setup: Setup, site: Sandbox) -> None:
    wrong, right = ("datacenter", "cloud") if site.site.cloud else ("cloud", "datacenter")
    person = site.site.person(INES)
    result = setup("--apply", JIRA_FLAVOUR=wrong, JIRA_EMAIL=person.email)
    assert result.exit_code == 1
    assert f"JIRA_FLAVOUR={right}" in result.output


def test_where_jira_reaches_us_has_to_be_said(setup: Setup, guise: Guise) -> None:
    assert "PUBLIC_URL" in rows(setup("--json", PUBLIC_URL=""))["webhook"]["told"]
    url = "http://support.vendor.example"
    told = rows(setup("--json", PUBLIC_URL=url))[f"webhook {url}/webhooks/jira"]
    assert ("https only" in told["told"]) is (guise in CLOUD)


@pytest.mark.parametrize("guise", [Guise.DATACENTER_9], indirect=True)
def test_data_center_9_is_told_the_rule_that_stands_in_for_a_webhook(setup: Setup) -> None:
    told = rows(setup("--json", WEBHOOK_HEADER="X-Ours"))[f"webhook {PUBLIC}/webhooks/jira"]
    assert told["state"] == "by hand"
    for part in (f"{PUBLIC}/webhooks/jira", "POST", "issue data (Jira format)", "X-Ours", "WEBHOOK_HEADER_SECRETS"):
        assert part in told["told"]


@pytest.mark.parametrize("way", ["scopes", "oauth"])
@COMPANY
def test_a_service_account_that_administers_makes_all_but_the_webhook(setup: Setup, site: Sandbox, way: str) -> None:
    person = site.site.person(INES)
    settings = {"JIRA_GATEWAY": site.url, "JIRA_AUTH_URL": site.url}
    if way == "scopes":
        settings["JIRA_TOKEN"] = person.scoped_token
    else:
        settings |= dict(zip(("JIRA_CLIENT_ID", "JIRA_TOKEN"), person.client, strict=True))
    result = setup("--apply", "--json", **settings)
    assert result.exit_code == 0, result.output
    assert len([field for field in site.site.fields.values() if field.configurable]) == len(MADE)
    told = rows(result)[f"webhook {PUBLIC}/webhooks/jira"]
    assert (told["state"], told["page"]) == ("by hand", f"{site.url}/plugins/servlet/webhooks")
    assert "comment_created" in told["told"]


@COMPANY
def test_what_cannot_be_noted_is_not_changed(setup: Setup, site: Sandbox) -> None:
    before = put(site, "Support tier", editable=False)
    site.withhold(INES, "ADMINISTER_PROJECTS")
    result = setup("--apply", "--json")
    assert "Administer Projects" in rows(result)["field Support tier in SUP"]["told"]
    assert site.site.fields[before.id] == before
    assert site.site.field("Response due").editable


@pytest.mark.parametrize("guise", [Guise.TEAM_MANAGED], indirect=True)
def test_a_team_managed_project_has_nothing_to_do_once_its_fields_are_there(setup: Setup, site: Sandbox) -> None:
    told = rows(setup("--json"))["field Support tier in SUP"]
    assert told["state"] == "by hand"
    assert "Premium, Advanced, Basic" in told["told"]
    assert told["page"] == f"{site.url}/jira/servicedesk/projects/SUP/settings/issuetypes"
    the_team_adds_its_fields(site)
    assert {row["state"] for what, row in rows(setup("--json")).items() if what.startswith("field")} == {"there"}
    tier = site.site.field("Support tier")
    site.site.fields[tier.id] = replace(tier, options=tier.options[:1])
    assert rows(setup("--json"))["field Support tier in SUP"]["told"] == "add the options Advanced, Basic"


@COMPANY
def test_a_field_of_another_team_is_not_taken_for_one_of_the_project(setup: Setup, site: Sandbox) -> None:
    for _ in range(2):
        put(site, "Support tier", "float", scope="20000", contexts=(), editable=False)
    assert setup("--apply").exit_code == 0
    assert rows(setup("--json"))["field Support tier"]["state"] == "there"


@pytest.mark.parametrize("guise", [Guise.TEAM_MANAGED], indirect=True)
def test_fields_of_two_teams_are_told_apart_by_a_person(setup: Setup, site: Sandbox) -> None:
    the_team_adds_its_fields(site)
    put(site, "Support tier", scope="20000", contexts=(), editable=False)
    assert rows(setup("--json"))["field Support tier"]["state"] == "blocked"


@pytest.mark.parametrize("guise", [Guise.TEAM_MANAGED], indirect=True)
def test_a_field_of_the_site_does_not_stand_in_for_one_of_the_project(setup: Setup, site: Sandbox) -> None:
    put(site, "Support tier")
    told = rows(setup("--json"))["field Support tier in SUP"]
    assert told["state"] == "by hand"
    assert "--name tier=" in told["told"]


@pytest.mark.parametrize("guise", [Guise.DATACENTER_9, Guise.DATACENTER_10], indirect=True)
def test_data_center_is_told_which_options_to_add_until_they_are_there(setup: Setup, site: Sandbox) -> None:
    told = rows(setup("--apply", "--json"))["field Support tier in SUP"]
    assert told["state"] == "by hand"
    tier = site.site.field("Support tier")
    assert told["page"].endswith(f"customFieldId={tier.id.removeprefix('customfield_')}")
    options = tuple(Option(str(number), name) for number, name in enumerate(("premium", "Advanced", "Basic"), 1))
    site.site.fields[tier.id] = replace(tier, options=options)
    assert rows(setup("--json"))["field Support tier"]["state"] == "there"


@pytest.mark.parametrize("guise", [Guise.DATACENTER_10], indirect=True)
def test_a_screen_may_be_named_where_jira_does_not_tell_which_is_used(setup: Setup, site: Sandbox) -> None:
    setup("--apply", "--screen", "1")
    assert site.site.field("Support tier").id in site.site.default_screen
    assert not site.site.field("Support tier").editable


def test_a_word_that_fields_yaml_does_not_have_cannot_be_named(setup: Setup) -> None:
    result = setup("--name", "tiger=Contract tier")
    assert result.exit_code == 1
    assert "fields.yaml has no word tiger" in result.output
    assert setup("--name", "tier").exit_code == 2


def test_a_jira_that_lets_nobody_in_is_said_in_one_sentence(setup: Setup, site: Sandbox) -> None:
    site.revoke(INES)
    result = setup("--apply")
    assert result.exit_code == 1
    assert "JIRA_TOKEN" in result.output
    assert writes(site) == []
