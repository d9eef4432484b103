"""Is there room to keep another delivery? Asked before the disk is full, so that the workers still have some."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

FRESH_SECONDS = 1.0
"""How long an answer is good for: a disk does not fill up between two deliveries."""


class Room:
    """The free space beside the database's file; None as `folder` (a database elsewhere) always has room.

    Safe to share between threads: two that ask at once just ask twice.
    """

    def __init__(
        self,
        folder: Path | None,
        least_free_bytes: int,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._least, self._free, self._clock = folder, least_free_bytes, free, clock
        self._asked, self._left = float("-inf"), True

    def left(self) -> bool:
        """Is there still more free than has to be?"""
        if self._folder is not None and self._clock() - self._asked >= FRESH_SECONDS:
            self._left, self._asked = self._free(self._folder) >= self._least, self._clock()
        return self._left
