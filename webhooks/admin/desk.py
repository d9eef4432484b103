"""What every page stands on: the settings, the store, the mapping files, Jira, and how Jira is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings
from plugin.overview.beside import Beside
from plugin.overview.edit import Preview
from plugin.pause import Pause
from plugin.review import recorded
from plugin.service import jira_client
from plugin.settings import Settings
from plugin.store import Store
from plugin.store.policies import files_of

REVISIONS: Final = 16
"""Revisions of the mapping files that are remembered."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Handed to every page. `mappings` are the files as they are at any moment; `pause` is how the workers of this
    process find Jira, None where it has none.
    """

    settings: Settings
    store: Store
    mappings: Callable[[], Mappings]
    pause: Pause | None = None
    now: Callable[[], datetime] = field(default=_now)
    previews: Beside[Preview] = field(default_factory=Beside)
    patience: timedelta = timedelta(milliseconds=40)
    """For so long a page waits for what is worked beside it."""
    _recorded: LRUCache[str, Mappings] = field(default_factory=lambda: LRUCache(REVISIONS))
    _guard: Lock = field(default_factory=Lock)

    def recorded(self, revision: str, tx: Connection) -> Mappings:
        """The mapping files of a revision that something was decided under; raises `NotReplayable`.

        Reading them takes longer than all the rest of a page, so the last few are remembered.
        """
        present = self.mappings()
        if present.policy.revision == revision:
            return present
        with self._guard:
            found = self._recorded.get(revision)
        if found is None:
            found = recorded(revision, files_of(tx, revision))
            with self._guard:
                self._recorded[revision] = found
        return found

    @contextmanager
    def jira(self) -> Iterator[JiraClient]:
        """A client for one action; raises `SettingsError` where it is not said where Jira is."""
        client = jira_client(self.settings)
        try:
            yield client
        finally:
            client.close()
