"""What several tests of the contract look at."""

import pytest

from plugin.contract.coverage import Calendar
from tests.plugin.contract.calendars import BERLIN, CHRISTMAS, OFFICE


@pytest.fixture
def office() -> Calendar:
    return Calendar.from_week(BERLIN, OFFICE, closed=CHRISTMAS, name="office hours")
