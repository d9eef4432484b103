"""Commands of ours as processes, for tests that end them by a signal and look at what is left behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).parents[1]
PATIENCE = 90.0
"""Seconds until a process that says or does nothing more is given up."""


class Process:
    """A running command; `lines` are those that it printed so far."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self.child = child
        self.lines: list[str] = []
        self._queue: Queue[str | None] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.child.stdout
        for line in self.child.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, words: str) -> str:
        """The next line with these words; AssertionError when the process ends, or says nothing more."""
        while True:
            try:
                line = self._queue.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"no {words!r} after:\n" + "\n".join(self.lines)) from None
            assert line is not None, f"it ended without {words!r}:\n" + "\n".join(self.lines)
            self.lines.append(line)
            if words in line:
                return line

    def ended(self) -> int:
        """Wait for its end; its exit code. Everything that it printed is in `lines` then."""
        code = self.child.wait(PATIENCE)
        self._reader.join(PATIENCE)
        while (line := self._queue.get(timeout=1)) is not None:
            self.lines.append(line)
        return code

    def interrupt(self) -> None:
        """Press Ctrl-C in its terminal: everything in it is told."""
        os.killpg(self.child.pid, signal.SIGINT)

    def left_behind(self) -> list[str]:
        """Processes of its group that are still there."""
        listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
        rows = (line.split(None, 2) for line in listed.stdout.splitlines())
        return [row[2] for row in rows if row[0] == str(self.child.pid) and not row[1].startswith("Z")]


@contextmanager
def command(*arguments: str, settings: Mapping[str, str], folder: Path) -> Iterator[Process]:
    """Run a command in a process group of its own; what the test leaves running is killed."""
    ours = ("JIRA_", "WEBHOOK_", "DATABASE_", "MAPPINGS_", "LOG_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    child = subprocess.Popen(
        [sys.executable, "-m", "webhooks", *arguments],
        env={**inherited, "PYTHONPATH": str(ROOT), "MAPPINGS_DIR": str(ROOT / "mappings"), **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        cwd=folder,
    )
    process = Process(child)
    try:
        yield process
    finally:
        if process.left_behind():
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            process._reader.join()
            child.stdout.close()
