"""Forks the product's own commands, so that a killed one is there again in a moment: python -m tests.crash.nursery

One line of JSON on standard input for each, with its `arguments`, its `environment`, the path of its `log` and its
`doom`; its process id comes back. `doom` is `[file, line, times, seconds]`, or null: when it comes to that line for
that time, in whichever thread, the process kills itself with SIGKILL. Or, where `seconds` is not null, the thread
stands still there for so long, says so in the log, and goes on.

While there is a file `full` beside the log, no SQLite database grows: it answers as on a disk that is full.
"""

import json
import os
import signal
import sys
import threading
import time
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from plugin.mappings import watched
from plugin.mappings.check import load_and_try
from webhooks.__main__ import main

ROOT = Path(__file__).parents[2]
ALL_PAGES = 0xFFFFFFFE
"""SQLite's own limit."""


def _doomed(file: str, line: int, times: int, seconds: float | None) -> Any:
    """A trace function that ends the process at that line, or holds it up there; other files are not traced."""
    path = str(ROOT / file)
    left = [times]

    def at_lines(frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line" and frame.f_lineno == line:
            left[0] -= 1
            if left[0] <= 0 and seconds is None:
                os.kill(os.getpid(), signal.SIGKILL)
            if left[0] == 0 and seconds is not None:
                time.sleep(seconds)
                print(f"stood still at {file}:{line}", file=sys.stderr, flush=True)
        return at_lines

    def at_calls(frame: FrameType, _event: str, _argument: object) -> Any:
        return at_lines if frame.f_code.co_filename == path else None

    return at_calls


def _fills_up(full: Path) -> None:
    """Let SQLite ask whether the disk is full whenever it begins a transaction. A limit holds for one connection."""

    def limit(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if full.exists() else ALL_PAGES}")

    event.listen(Engine, "begin", limit)


def _child(order: dict[str, Any]) -> None:
    os.setsid()
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nowhere), (1, log), (2, log)):
        os.dup2(source, target)
    os.environ.update(order["environment"])
    _fills_up(Path(order["log"]).with_name("full"))
    if order.get("doom"):
        trace = _doomed(*order["doom"])
        threading.settrace(trace)
        sys.settrace(trace)
    main(order["arguments"], standalone_mode=True)


def _serve() -> None:
    # Read and tried once, here: most of a start is that, and nobody edits the files meanwhile.
    watched.load_and_try(ROOT / "mappings")
    # Nobody waits for the children: they are to be gone when they are killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                _child(order)
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    with patch.object(watched, "load_and_try", cache(load_and_try)):
        _serve()
