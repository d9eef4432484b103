"""The compose files: by the schema of the Compose specification, and by what each container is to be kept from."""

import subprocess
from typing import Any

import pytest

from tests.deploy.documents import DEPLOY, SECRETS, SETTINGS, document, program

FILES = sorted(DEPLOY.glob("compose*.yaml"))
SERVICES = [(path, name, service) for path in FILES for name, service in document(path)["services"].items()]
each_service = pytest.mark.parametrize(
    ("name", "service"), [pytest.param(name, service, id=f"{path.stem}-{name}") for path, name, service in SERVICES]
)


def test_they_are_as_the_specification_has_them() -> None:
    command = [program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", *FILES]
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run([program("yamllint"), "--strict", "--config-data", YAMLLINT, *FILES], check=True)


YAMLLINT = (
    "{extends: default, rules: {line-length: {max: 130}, document-start: disable, "
    "braces: {max-spaces-inside: 0}, comments-indentation: disable}}"
)


@each_service
def test_each_container_may_do_nothing_that_it_does_not_need(name: str, service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("privileged") is None
    limits = service["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert service["restart"] == ("on-failure" if name == "migrate" else "unless-stopped")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), "TLS is the proxy's"


@each_service
def test_secrets_come_in_files_and_variables_are_those_that_are_read(name: str, service: dict[str, Any]) -> None:
    given = service["environment"]
    if name == "database":
        assert given.keys() == {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}
        return
    assert given.keys() <= SETTINGS
    assert not {secret.upper() for secret in SECRETS} & given.keys() - {"DATABASE_URL"}
    assert given.get("DATABASE_URL", "sqlite:").startswith("sqlite:"), "that of PostgreSQL holds a password"
    assert given["SECRETS_DIR"] == "/run/secrets"
    assert set(service["secrets"]) <= SECRETS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_secret_is_a_file_that_git_and_the_image_never_see(path: Any) -> None:
    content = document(path)
    used = {secret for service in content["services"].values() for secret in service["secrets"]}
    assert used == content["secrets"].keys()
    assert {name: each["file"] for name, each in content["secrets"].items()} == {
        name: f"./secrets/{name}" for name in used
    }
    assert "/deploy/secrets/" in (DEPLOY.parent / ".gitignore").read_text().splitlines()


def test_sqlite_has_one_process_and_a_volume_of_its_own() -> None:
    content = document(DEPLOY / "compose.yaml")
    assert list(content["services"]) == ["serve"]
    assert "data:/var/lib/support-contract" in content["services"]["serve"]["volumes"]


def test_several_processes_share_postgresql_and_wait_until_it_is_migrated() -> None:
    services = document(DEPLOY / "compose.postgresql.yaml")["services"]
    for name, command in {"serve": "serve", "worker": "worker", "migrate": "migrate"}.items():
        assert services[name]["command"] == [command]
        assert "database_url" in services[name]["secrets"]
        assert "DATABASE_URL" not in services[name]["environment"]
    for name in ("serve", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "ports" not in services["worker"], "there may be many of them"
    # The image's health check asks at PORT, which is 8080 there.
    assert services["worker"]["environment"]["METRICS_PORT"] == "8080"
