"""What the runbook and the README name is there: commands, options, variables, figures, log lines, files, headings."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tests.deploy.documents import DEPLOY, ROOT, SETTINGS, anchors
from tests.stores import migrated
from webhooks.__main__ import main
from webhooks.metrics import Metrics

RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text()
PAGES = {"RUNBOOK.md": RUNBOOK, "README.md": (ROOT / "README.md").read_text()}
CODE = [
    line.strip()
    for block in re.findall(r"```sh\n(.*?)```", RUNBOOK, flags=re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]
SPANS = [each.replace("\n", " ") for each in re.findall(r"(?<!`)`([^`]+)`(?!`)", RUNBOOK)]
OTHERS = {"REQUESTS_CA_BUNDLE", "DATABASE", "BACKUP", "FILE"}
"""Variables that are not ours, and what stands for a path."""


def commands() -> list[str]:
    """What is to be typed behind `support-contract`."""
    said = [
        re.search(r"(?:^|exec .* -- |exec serve )support-contract(?:-by-hand)? (.+)$", each) for each in (*CODE, *SPANS)
    ]
    return sorted({each[1] for each in said if each})


@pytest.mark.parametrize("typed", commands())
def test_every_command_is_there_with_its_options(typed: str) -> None:
    words, command = shlex.split(typed), main
    context = click.Context(main, **main.context_settings)
    while isinstance(command, click.Group):
        name = words.pop(0)
        assert name in command.commands, f"there is no support-contract {typed}"
        command = command.commands[name]
        # A command keeps the help options of the first context that it is asked in.
        context = click.Context(command, parent=context)
    known = {option for parameter in command.get_params(context) for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    if words:
        # As click reads it, with nothing missing and nothing left over; nothing is carried out.
        command.make_context(command.name, list(words))


def test_commands_are_found_at_all() -> None:
    assert {"check", "doors list", "credits balance", "migrate", "reconcile --dry-run"} <= set(commands())


def test_every_variable_is_one_that_is_read() -> None:
    said = {word for each in SPANS for word in re.findall(r"^[A-Z][A-Z_]{3,}$", each)}
    assert said - OTHERS <= SETTINGS
    table = set(
        re.findall(r"`([A-Z_]{4,})`", "".join(re.findall(r"^\| `.*?\|", PAGES["README.md"], flags=re.MULTILINE)))
    )
    assert table == SETTINGS, "README.md names every variable"


def test_every_figure_is_one_that_is_told(sqlite_url: str) -> None:
    store = migrated(sqlite_url)
    families = list(Metrics(store).registry.collect())
    store.close()
    names = {family.name for family in families} | {sample.name for family in families for sample in family.samples}
    counters = {family.name for family in families if family.type == "counter"}
    said = set(re.findall(r"\bsupport_contract_[a-z_]+", "".join(PAGES.values())))
    assert said <= names - counters, "a counter's samples end with _total"
    ours = {name for name in names - counters if name.startswith("support_contract_")}
    parts = {name for name in ours if name.endswith(("_created", "_bucket", "_count", "_sum"))}
    assert ours - parts <= said, "the runbook says what each is"


def test_every_line_of_the_log_is_one_that_is_written() -> None:
    code = "".join(path.read_text() for folder in ("plugin", "webhooks") for path in (ROOT / folder).rglob("*.py"))
    for line in ("look put off", "not ready", "store unavailable", "not reconciled", "nothing is worked", "delivery"):
        assert f"`{line}`" in RUNBOOK
        assert re.search(rf'log\.\w+\(\s*"{line}"|\)\(\s*"{line}"', code), f"nobody logs {line}"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    here = DEPLOY if page == "RUNBOOK.md" else ROOT
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        file, _, anchor = target.partition("#")
        assert "://" not in file
        path = here / file if file else here / page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path.read_text()), target


def test_every_file_that_is_named_is_there() -> None:
    said = set(re.findall(r"(?<![\w/.])deploy/[\w./@*-]*\w", RUNBOOK + "".join(each.read_text() for each in _ours())))
    to_be_made = {"deploy/.env", "deploy/secrets", "deploy/chart/mappings"}
    for name in said - to_be_made:
        assert list(ROOT.glob(name)), f"there is no {name}"
    assert len(said) > 10


def _ours() -> list[Path]:
    return [
        path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".md" and "secrets" not in path.parts
    ]


def test_files_are_named_where_they_are_when_installed() -> None:
    """The units, the script and the runbook agree on where everything lies."""
    units = "".join(path.read_text() for path in (DEPLOY / "systemd").iterdir())
    for place in ("/opt/support-contract", "/etc/support-contract", "/var/lib/support-contract"):
        assert place in units
        assert place in RUNBOOK
    said = set(re.findall(r"/(?:opt|etc|var/lib)/([\w-]+)", units))
    assert said - {"systemd"} == {"support-contract"}
