"""A house for each test, on both databases."""

from collections.abc import Iterator

import pytest

from plugin.store import Store
from tests.road.house import House, house


@pytest.fixture
def home(store: Store) -> Iterator[House]:
    with house(store) as built:
        yield built
