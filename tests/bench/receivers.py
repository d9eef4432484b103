"""The bare receiver and ours, one after the other under the same load; and what a long run leaves behind."""

import sqlite3
import sys
import tempfile
from pathlib import Path

from tests.bench.load import SECRET, Answered, fire, process

MAPPINGS = Path(__file__).parents[2] / "mappings"


def receivers(count: int) -> tuple[Answered, Answered]:
    """How fast each acknowledges; each is warmed up first, and both are on a disk file with durable commits."""
    with tempfile.TemporaryDirectory() as folder:
        with process([sys.executable, "-m", "tests.bench.bare", f"{folder}/bare.sqlite3"], {}) as running:
            fire(running.port, 200, "warm")
            bare = fire(running.port, count, "run")
        with process([sys.executable, "-m", "tests.bench.ours"], _environment(folder)) as running:
            fire(running.port, 200, "warm")
            ours = fire(running.port, count, "run")
    return bare, ours


def long_run(count: int) -> tuple[float, float, float]:
    """Megabytes of memory after a tenth of the deliveries and after all, and kilobytes of disk for each delivery."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.ours"]
        with process(command, _environment(folder)) as running:
            fire(running.port, count // 10, "early")
            early = running.megabytes
            fire(running.port, count - count // 10, "late")
            late = running.megabytes
        with sqlite3.connect(f"{folder}/ours.sqlite3") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = Path(folder, "ours.sqlite3").stat().st_size
    return early, late, size / count / 1000


def _environment(folder: str) -> dict[str, str]:
    return {
        "WEBHOOK_SECRETS": SECRET.decode(),
        "DATABASE_URL": f"sqlite:///{folder}/ours.sqlite3",
        "MAPPINGS_DIR": str(MAPPINGS),
        "LOG_FORMAT": "json",
    }
