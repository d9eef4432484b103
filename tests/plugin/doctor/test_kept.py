"""Each look once, and in time; what it failed with is kept as well."""

import threading

import pytest

from plugin.doctor.kept import Kept, TooLong, looked


class World(Kept):
    """Something to look at."""

    def __init__(self) -> None:
        super().__init__(patience=0.2)
        self.looks, self.over = 0, threading.Event()

    @looked
    def height(self) -> int:
        self.looks += 1
        return 8848

    @looked
    def twice(self) -> int:
        return 2 * self.height

    @looked
    def broken(self) -> int:
        self.looks += 1
        raise ValueError("fog")

    @looked
    def endless(self) -> int:
        self.looks += 1
        self.over.wait(30)
        return 1


def test_a_look_is_had_once_by_whoever_asks() -> None:
    world = World()
    assert (world.twice, world.height, world.height, world.looks) == (17696, 8848, 8848, 1)


def test_what_failed_fails_again_without_another_look() -> None:
    world = World()
    for _ in range(2):
        with pytest.raises(ValueError, match="fog"):
            _ = world.broken
    assert world.looks == 1


def test_a_look_that_takes_too_long_is_given_up_once_for_all() -> None:
    world = World()
    for _ in range(2):
        with pytest.raises(TooLong, match=r"within 0\.2 seconds"):
            _ = world.endless
    assert world.looks == 1
    world.over.set()
