"""Real processes of the product, each ended when its block ends; killed only by its own id."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MAPPINGS = Path(__file__).parents[2] / "mappings"
PATIENCE = 30.0


class Process:
    """One running command of ours; what it logs is in `log`."""

    def __init__(self, child: "subprocess.Popen[str]", said: str, log: Path) -> None:
        self.child, self.said, self.log = child, said, log

    @property
    def url(self) -> str:
        """The address that it says it listens on."""
        found = re.search(r"http://[\w.]+:\d+", self.said)
        assert found, f"no address in: {self.said}"
        return found[0]

    def kill(self) -> None:
        """kill -9: nothing of it gets to finish."""
        self.child.kill()
        self.child.wait(10)


@contextmanager
def running(folder: Path, name: str, arguments: list[str], environment: Mapping[str, str]) -> Iterator[Process]:
    """Run `python -m webhooks ...` until the block ends; begun once it has said its first line."""
    log = folder / f"{name}.log"
    with log.open("a") as lines:
        child = subprocess.Popen(
            [sys.executable, "-m", "webhooks", *arguments],
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=lines,
            text=True,
        )
        assert child.stdout
        with child.stdout:
            try:
                said = child.stdout.readline()
                assert said, f"{name} did not start: {log.read_text()[-3000:]}"
                yield Process(child, said, log)
            finally:
                child.terminate()
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()


def wait_until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Return once the condition holds; fail after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience:.0f} seconds in vain for: {what}"
        time.sleep(0.05)
