"""What every page stands on: the settings, the store, the mapping files, Jira, and how Jira is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings
from plugin.pause import Pause
from plugin.service import jira_client
from plugin.settings import Settings
from plugin.store import Store


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

    @contextmanager
    def jira(self) -> Iterator[JiraClient]:
        """A client for one action; raises `SettingsError` where it is not said where Jira is."""
        client = jira_client(self.settings)
        try:
            yield client
        finally:
            client.close()
