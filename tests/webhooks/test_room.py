"""Before the disk is full, webhooks are refused so that Jira sends them again."""

from pathlib import Path

from flask.testing import FlaskClient

from plugin.settings import Settings
from plugin.store import Store
from plugin.store.census import open_doors
from tests.webhooks.test_receiver import PATH, UPDATED, Signed
from webhooks import create_app
from webhooks.room import FRESH_SECONDS, Room


class Disk:
    """A disk of which a test says how much is free."""

    def __init__(self, free: int) -> None:
        self.free, self.asked, self.now = free, 0, 0.0

    def ask(self, _folder: Path) -> int:
        self.asked += 1
        return self.free

    def clock(self) -> float:
        return self.now


def test_there_is_room_down_to_the_last_byte_that_has_to_stay_free() -> None:
    for free, left in ((1000, True), (999, False), (0, False)):
        disk = Disk(free)
        assert Room(Path("/"), 1000, disk.ask, disk.clock).left() is left


def test_the_disk_is_not_asked_for_every_delivery_and_is_asked_again() -> None:
    disk = Disk(1000)
    room = Room(Path("/"), 1000, disk.ask, disk.clock)
    assert all(room.left() for _ in range(100))
    assert disk.asked == 1
    disk.free, disk.now = 0, FRESH_SECONDS
    assert not room.left()
    disk.free, disk.now = 1000, 2 * FRESH_SECONDS
    assert room.left()


def test_a_database_elsewhere_always_has_room() -> None:
    disk = Disk(0)
    assert Room(None, 1000, disk.ask, disk.clock).left()
    assert disk.asked == 0


def _client(settings: Settings, store: Store, **changes: int) -> FlaskClient:
    return create_app(settings.model_copy(update=changes), store).test_client()


def test_without_room_a_webhook_is_refused_with_retry_after_and_nothing_is_kept(
    settings: Settings, store: Store, signed: Signed
) -> None:
    # More than any disk of a test machine has.
    client = _client(settings, store, min_free_mb=10**9)
    answer = client.post(PATH, data=UPDATED, headers=signed(UPDATED))
    if store.folder is None:
        assert answer.status_code == 202
        return
    assert (answer.status_code, answer.get_json()["outcome"], answer.headers["Retry-After"]) == (503, "no_room", "60")
    with store.reading() as tx:
        assert open_doors(tx) == []
    assert client.post(PATH, data=UPDATED).status_code == 401, "who has no proof is not told about the disk"
    assert _client(settings, store).post(PATH, data=UPDATED, headers=signed(UPDATED)).status_code == 202
