"""One sick request, or a sick Jira?"""

import pytest

from plugin.jira.pulse import Pulse

SICK, WELL = "/rest/api/2/issue/1?", "/rest/api/2/issue/2?"
MANY = "/rest/api/3/issue/bulkfetch?"
BOARD = "/rest/servicedeskapi/organization/11/property/x?"


def test_what_fails_for_the_first_time_may_be_everybodys() -> None:
    pulse = Pulse()
    pulse.worked("GET", WELL)
    assert not pulse.fails_alone("GET", SICK)


def test_what_fails_again_while_others_worked_fails_alone() -> None:
    pulse = Pulse()
    assert not pulse.fails_alone("PUT", SICK)
    pulse.worked("PUT", WELL)
    assert pulse.fails_alone("PUT", SICK)


def test_each_time_others_have_to_have_worked_since() -> None:
    pulse = Pulse()
    pulse.fails_alone("PUT", SICK)
    pulse.worked("PUT", WELL)
    assert [pulse.fails_alone("PUT", SICK) for _ in range(3)] == [True, False, False]


def test_in_an_outage_nobody_fails_alone() -> None:
    pulse = Pulse()
    pulse.worked("PUT", WELL)
    assert not any(pulse.fails_alone("PUT", each) for _ in range(100) for each in (SICK, WELL))


@pytest.mark.parametrize("other", [("GET", WELL), ("GET", SICK), ("PUT", BOARD), ("POST", MANY)])
def test_that_jira_can_be_read_or_its_service_desk_written_says_nothing_of_a_write(other: tuple[str, str]) -> None:
    pulse = Pulse()
    pulse.fails_alone("PUT", SICK)
    pulse.worked(*other)
    assert not pulse.fails_alone("PUT", SICK)


def test_what_has_worked_is_not_sick_any_more() -> None:
    pulse = Pulse()
    pulse.fails_alone("PUT", SICK)
    pulse.worked("PUT", SICK)
    pulse.worked("PUT", WELL)
    assert not pulse.fails_alone("PUT", SICK)
