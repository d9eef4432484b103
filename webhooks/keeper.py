"""Keeping deliveries: those that arrive together share one transaction, and so one wait for the disk.

Whoever comes while nobody is writing writes, and then hands over to one of those that came meanwhile, who writes for
all of them. So each is answered once its own is committed, and none works on for others for ever.
"""

import threading
from collections.abc import Sequence

from plugin.store import Store, StoreUnavailable
from plugin.store.doors import knock_all
from plugin.store.inbox import Delivery, keep_all

AT_ONCE = 64
"""Deliveries in one transaction at most, so that nobody waits long for the others."""


class _Waiting:
    """A delivery on its way into the store. `called`: it was kept, or its thread has to write (`writes`)."""

    __slots__ = ("called", "delivery", "new", "trouble", "writes")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.new, self.writes = delivery, False, False
        self.trouble: Exception | None = None
        self.called = threading.Event()


class Keeper:
    """Keeps deliveries and knocks at their doors. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._guard = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._writing = False

    def keep(self, delivery: Delivery) -> bool:
        """Keep the delivery and knock at its door in one transaction; False when it was known. Returns once committed.

        Raises:
            StoreUnavailable: when it could not be kept.
        """
        mine = _Waiting(delivery)
        with self._guard:
            self._waiting.append(mine)
            mine.writes, self._writing = not self._writing, True
        if not mine.writes:
            mine.called.wait()
        if mine.writes:
            self._write_for_all()
        if mine.trouble is not None:
            raise mine.trouble
        return mine.new

    def _write_for_all(self) -> None:
        """Write everything that waits, which begins with one's own; then call the next to write, if there is one."""
        with self._guard:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        try:
            self._write(batch)
        finally:
            with self._guard:
                self._writing = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].writes = True
                    self._waiting[0].called.set()

    def _write(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch; where one of several cannot be kept, the others are not to suffer for it."""
        try:
            kept = self._kept([each.delivery for each in batch])
        except Exception as trouble:
            if len(batch) > 1 and not isinstance(trouble, StoreUnavailable):
                for each in batch:
                    self._write([each])
                return
            for each in batch:
                each.trouble = trouble
        else:
            for each, new in zip(batch, kept, strict=True):
                each.new = new
        for each in batch:
            each.called.set()

    def _kept(self, batch: Sequence[Delivery]) -> list[bool]:
        with self._store.writing() as tx:
            kept = keep_all(tx, batch)
            new = (each for each, is_new in zip(batch, kept, strict=True) if is_new)
            knock_all(tx, ((each.request_id, each.request_key, each.received_at) for each in new))
        return kept
