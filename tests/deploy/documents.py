"""What the tests of deploy/ share: where it is, what may stand in it, and programs that a machine may lack."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from plugin.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

SETTINGS = {name.upper() for name in Settings.model_fields} | {"SECRETS_DIR"}
"""Every environment variable that the product reads."""

SECRETS = {"jira_token", "webhook_secrets", "webhook_header_secrets", "database_url"}
"""Those that stand in files, as they are named there."""

NOT_RUN = (
    "deploy/Containerfile: hadolint, what it copies, its health check; no image was built",
    "deploy/compose*.yaml: the schema of the Compose specification; no container was started",
    "deploy/systemd: systemd-analyze verify and security; no unit was started",
    "deploy/chart: helm lint and template, the schemas of Kubernetes; no cluster. ServiceMonitor and PrometheusRule "
    "have no schema there: what they hold is compared only",
    "deploy/prometheus, deploy/grafana: every expression is parsed, every figure and label looked up; there is neither",
)
"""What was only looked at, since nothing here can run it: said at the end of every run of these tests."""


def program(name: str) -> str:
    """The path of a program. Where the machine lacks it that is said loudly, and in CI on Linux it is a failure."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found:
        return found
    sentence = f"NOT CHECKED: {name} is not on this machine"
    if os.environ.get("CI") and sys.platform == "linux":
        pytest.fail(sentence)
    pytest.skip(sentence)


def documents(text: str) -> list[dict[str, Any]]:
    """The YAML documents of a text."""
    return [each for each in YAML(typ="safe").load_all(text) if each]


def document(path: Path) -> dict[str, Any]:
    """The one YAML document of a file."""
    [found] = documents(path.read_text())
    return found


def within(value: Any) -> Iterator[Any]:
    """The value and everything in it."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from within(each)


def anchors(markdown: str) -> set[str]:
    """What the headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.+)$", markdown, flags=re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", each.lower()).replace(" ", "-") for each in headings}
