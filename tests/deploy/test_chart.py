"""The Helm chart: linted, rendered for several installations, and that held against the schemas of Kubernetes."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from plugin.mappings.files import read_files
from plugin.mappings.problem import Report
from plugin.mappings.watched import Watched
from tests.deploy.documents import DEPLOY, ROOT, SETTINGS, document, documents, program, within
from webhooks.__main__ import main

CHART = DEPLOY / "chart"
INSTALLATIONS = sorted((CHART / "ci").glob("*-values.yaml"))
OLDEST, NEWEST = "1.30", kubernetes_validate.latest_version()
WITHOUT_SCHEMA = {"ServiceMonitor", "PrometheusRule"}

Objects = list[dict[str, Any]]
Rendered = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the chart as somebody installs it who has copied their mapping files into it."""
    copy = Path(shutil.copytree(CHART, tmp_path_factory.mktemp("chart") / "support-contract"))
    shutil.copytree(ROOT / "mappings", copy / "mappings")
    return copy


def helm(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program("helm"), *arguments], capture_output=True, text=True, check=False)


def rendered(chart: Path, values: str, *more: str) -> Objects:
    path = CHART / "ci" / f"{values}-values.yaml"
    done = helm("template", "sc", chart, "--namespace", "support", "--values", path, *more)
    assert done.returncode == 0, done.stderr
    return documents(done.stdout)


def of_kind(objects: Objects, kind: str) -> Objects:
    return [each for each in objects if each["kind"] == kind]


def one(objects: Objects, kind: str, ending: str = "") -> dict[str, Any]:
    [found] = [each for each in of_kind(objects, kind) if each["metadata"]["name"].endswith(ending)]
    return found


def pods(objects: Objects) -> Iterator[dict[str, Any]]:
    for each in objects:
        if each["kind"] in ("Deployment", "Job"):
            yield each["spec"]["template"]["spec"]


@pytest.fixture(scope="module", params=INSTALLATIONS, ids=lambda path: path.stem.removesuffix("-values"))
def objects(request: pytest.FixtureRequest, chart: Path) -> Objects:
    return rendered(chart, request.param.stem.removesuffix("-values"))


def test_helm_finds_nothing_wrong_with_it(chart: Path) -> None:
    for values in INSTALLATIONS:
        done = helm("lint", "--strict", chart, "--values", values)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_rendered_is_what_kubernetes_takes(objects: Objects) -> None:
    for each in objects:
        if each["kind"] in WITHOUT_SCHEMA:
            continue
        for version in (OLDEST, NEWEST):
            kubernetes_validate.validate(each, version, strict=True)


def test_every_pod_is_kept_from_what_it_does_not_need(objects: Objects) -> None:
    for pod in pods(objects):
        assert pod["automountServiceAccountToken"] is pod["enableServiceLinks"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
            assert container["args"][0] in main.commands
            writable = {each["mountPath"] for each in container["volumeMounts"] if not each.get("readOnly")}
            assert writable <= {"/tmp", "/var/lib/support-contract"}
            assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}


def test_variables_are_those_that_are_read_and_no_secret_is_among_them(objects: Objects) -> None:
    for pod in pods(objects):
        for container in pod["containers"]:
            given = {each["name"]: each["value"] for each in container["env"]}
            assert len(given) == len(container["env"]), "none twice"
            assert given.keys() <= SETTINGS | {"REQUESTS_CA_BUNDLE"}
            assert not {"JIRA_TOKEN", "WEBHOOK_SECRETS"} & given.keys()
            assert given.get("DATABASE_URL", "sqlite:").startswith("sqlite:")


def test_every_process_is_probed_at_the_port_where_it_tells_how_it_is(objects: Objects) -> None:
    for each in of_kind(objects, "Deployment"):
        [container] = each["spec"]["template"]["spec"]["containers"]
        given = {variable["name"]: variable["value"] for variable in container["env"]}
        told_at = given["PORT" if container["args"] == ["serve"] else "METRICS_PORT"]
        assert container["ports"] == [{"name": "http", "containerPort": int(told_at)}]
        assert given["HOST"] == "0.0.0.0"
        probed = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
        assert probed == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


def test_with_sqlite_there_is_one_process_and_never_two_at_its_file(chart: Path) -> None:
    found = rendered(chart, "sqlite")
    [deployment] = of_kind(found, "Deployment")
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    assert of_kind(found, "Job") == of_kind(found, "PodDisruptionBudget") == []
    assert one(found, "PersistentVolumeClaim")["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


@pytest.mark.parametrize(
    ("values", "changes", "sentence"),
    [
        (
            "sqlite",
            "receiver.replicas=2",
            "SQLite serves one process, and receiver.replicas and worker.replicas ask for 2",
        ),
        (
            "sqlite",
            "worker.replicas=1",
            "set database to postgresql, or receiver.replicas to 1 and worker.replicas to 0",
        ),
        ("sqlite", "jira.url=", "Where is Jira? Set jira.url"),
        ("sqlite", "secret.existing=", "There is no jira_token: set secret.existing"),
        ("postgresql", "secret.values.database_url=", "There is no database_url"),
        ("postgresql", "mappings.volume=null", "There are no mapping files: copy yours"),
        ("everything", "ingress.host=", "Set ingress.host"),
        ("sqlite", "database=mysql", "database must be one of the following"),
        ("sqlite", "environment.PORT=1", "environment"),
        ("sqlite", "recieve.replicas=2", "recieve is not allowed"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    chart: Path, tmp_path: Path, values: str, changes: str, sentence: str
) -> None:
    if "mappings" in changes:
        chart = Path(shutil.copytree(CHART, tmp_path / "chart"))
    path = CHART / "ci" / f"{values}-values.yaml"
    done = helm("template", "sc", chart, "--values", path, "--set", changes)
    assert done.returncode == 1
    assert sentence in done.stderr.replace("Additional property ", "")


def test_processes_are_migrated_before_an_upgrade_and_before_they_are_installed_where_the_secret_is_there(
    chart: Path,
) -> None:
    hooks = {name: one(rendered(chart, name), "Job")["metadata"]["annotations"]["helm.sh/hook"] for name in
             ("everything", "postgresql")}  # fmt: skip
    assert hooks == {"everything": "pre-install,pre-upgrade", "postgresql": "pre-upgrade"}


def test_where_there_are_several_they_are_not_all_taken_down_at_once(chart: Path) -> None:
    budgets = {
        name: len(of_kind(rendered(chart, name), "PodDisruptionBudget")) for name in ("everything", "postgresql")
    }
    assert budgets == {"everything": 1, "postgresql": 2}, (
        "one of a single worker would keep its node from being drained"
    )


def test_every_selector_finds_the_pods_that_it_is_for(objects: Objects) -> None:
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind(objects, "Deployment")]
    for each in (*of_kind(objects, "Service"), *of_kind(objects, "PodDisruptionBudget")):
        selector = each["spec"]["selector"].get("matchLabels", each["spec"]["selector"])
        assert len([found for found in labels if selector.items() <= found.items()]) == 1
    for each in of_kind(objects, "ServiceMonitor"):
        selector = each["spec"]["selector"]["matchLabels"]
        services = of_kind(objects, "Service")
        assert [x for x in services if selector.items() <= x["metadata"]["labels"].items()] == services
        named = {port["name"] for service in services for port in service["spec"]["ports"]}
        assert {endpoint["port"] for endpoint in each["spec"]["endpoints"]} == named


def test_only_the_webhooks_path_is_shown_to_the_world(chart: Path) -> None:
    found = one(rendered(chart, "everything"), "Ingress")
    paths = [path for rule in found["spec"]["rules"] for path in rule["http"]["paths"]]
    assert [(each["path"], each["pathType"]) for each in paths] == [("/webhooks/jira", "Exact")]


def test_rules_and_dashboard_are_the_ones_beside_the_chart(chart: Path) -> None:
    found = rendered(chart, "everything")
    assert one(found, "PrometheusRule")["spec"] == document(DEPLOY / "prometheus" / "alerts.yaml")
    board = one(found, "ConfigMap", "-dashboard")["data"]["support-contract.json"]
    assert json.loads(board) == json.loads((DEPLOY / "grafana" / "support-contract.json").read_text())


@pytest.mark.parametrize("values", ["sqlite", "postgresql", "everything"])
def test_what_is_told_after_the_installation_names_what_there_is(chart: Path, tmp_path: Path, values: str) -> None:
    # Helm shows its notes to a cluster only: they are rendered as a document of their own.
    noted = Path(shutil.copytree(chart, tmp_path / "chart"))
    shutil.move(noted / "templates" / "NOTES.txt", noted / "NOTES.txt")
    (noted / "templates" / "shown.yaml").write_text(
        'kind: Notes\ntext: {{ tpl (.Files.Get "NOTES.txt") . | toJson }}\n'
    )
    found = rendered(noted, values)
    [notes] = [each["text"] for each in of_kind(found, "Notes")]
    deployments = {each["metadata"]["name"] for each in of_kind(found, "Deployment")}
    assert set(re.findall(r"deployment/([\w-]+)", notes)) <= deployments
    assert "--namespace support exec" in notes
    assert ("https://support-contract.vendor.example/webhooks/jira" in notes) == (values == "everything")
    assert ("a Secret of your own" in notes) == (values == "postgresql")
    assert "\n\n\n" not in notes


def test_names_fit_however_the_release_is_called(chart: Path) -> None:
    for release in ("support-contract", "a" * 53):
        path = CHART / "ci" / "everything-values.yaml"
        found = documents(helm("template", release, chart, "--values", path).stdout)
        names = [each["metadata"]["name"] for each in found]
        assert all(len(name) <= 63 for name in names), names
        if release == "support-contract":
            assert "support-contract" in names


def test_mapping_files_arrive_as_they_are_and_are_picked_up_when_they_change(chart: Path, tmp_path: Path) -> None:
    """As the kubelet lays them out: links to a folder that is a link itself, which moves when they change."""
    found = rendered(chart, "sqlite")
    config = one(found, "ConfigMap", "-mappings")
    assert sum(len(each.encode()) for each in config["data"].values()) < 1_000_000, "what Kubernetes takes"
    [pod] = pods(found)
    [volume] = [each["configMap"] for each in pod["volumes"] if each["name"] == "mappings"]
    mounted, report = tmp_path / "mounted", Report()

    def lay_out(name: str, change: Callable[[str], str] = str) -> None:
        for item in volume["items"]:
            file = mounted / name / item["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(change(config["data"][item["key"]]))
        (mounted / "..new").symlink_to(name)
        (mounted / "..new").rename(mounted / "..data")

    lay_out("..one")
    for entry in (mounted / "..one").iterdir():
        (mounted / entry.name).symlink_to(Path("..data") / entry.name)
    assert read_files(mounted, report) == read_files(ROOT / "mappings", report)
    # They were tried as a whole elsewhere; here it is only about their being noticed.
    volume["items"] = [item for item in volume["items"] if not item["path"].startswith("examples/")]
    lay_out("..two")
    watched = Watched(mounted, timedelta())
    revision = watched.current().policy.revision
    lay_out("..three", lambda text: f"{text}\n")
    assert watched.current().policy.revision != revision
    assert watched.problems == report.problems == ()


def test_every_value_has_a_schema_and_what_is_set_is_used() -> None:
    values, schema = document(CHART / "values.yaml"), json.loads((CHART / "values.schema.json").read_text())
    templates = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    for name, value in values.items():
        assert name in schema["properties"]
        for inner in value if isinstance(value, dict) else ():
            assert inner in schema["properties"][name]["properties"], f"{name}.{inner}"
            used = f".Values.{name}.{inner}" in templates or f"$part.{inner}" in templates
            assert used or f"toJson .Values.{name}" in templates, f"{name}.{inner}"
        assert f".Values.{name}" in templates
    assert schema["properties"].keys() - values.keys() == {"global"}
    refused = schema["properties"]["environment"]["propertyNames"]["not"]["enum"]
    assert set(refused) <= SETTINGS | {"REQUESTS_CA_BUNDLE"}
    assert not [each for each in within(values) if isinstance(each, str) and "latest" in each]
