"""What several tests of the contract look at."""

import pytest
from hypothesis import settings

from plugin.contract.coverage import Calendar
from tests.plugin.contract.calendars import BERLIN, CHRISTMAS, OFFICE

# For mutation testing: the same examples each time, and fewer of them.
settings.register_profile("mutation", derandomize=True, max_examples=30, deadline=None)


@pytest.fixture
def office() -> Calendar:
    return Calendar.from_week(BERLIN, OFFICE, closed=CHRISTMAS, name="office hours")
