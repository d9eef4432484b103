"""Deadlines, calendars, time zones, waiting: what went wrong elsewhere (the numbers are those of README.md here)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from plugin.contract.decide import standing_after
from plugin.contract.decision import Decision
from plugin.contract.explain import as_json
from plugin.contract.model import SupportRequest
from plugin.contract.steps import moment_text
from plugin.jira.read import LeftAlone, read
from tests.lessons.shipped import (
    BRENNHAUS,
    COBALT,
    DELTA,
    at,
    changed,
    due,
    fault,
    judged,
    reasons,
    sentences,
    shipped,
    told,
)
from tests.plugin.jira.builders import DECLARED, FIELDS, issue


@pytest.fixture(params=["Pacific/Kiritimati", "America/Anchorage", "UTC"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the machine be set to another zone than the vendor's."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def looked_at(asked: SupportRequest, *moments: str) -> tuple[SupportRequest, list[Decision]]:
    """Look at a request at each of these moments; the request with what that left behind, and the decisions."""
    decisions = []
    for moment in moments:
        decisions.append(judged(asked, moment))
        asked = replace(asked, standing=standing_after(decisions[-1], asked.standing))
    return asked, decisions


# --- Hours, nights, holidays ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "first_response"),
    [
        pytest.param("2026-11-23 07:59", "Mon 2026-11-23 16:00", id="a minute before opening"),
        pytest.param("2026-11-23 08:00", "Mon 2026-11-23 16:00", id="at opening"),
        pytest.param("2026-11-23 18:00", "Tue 2026-11-24 16:00", id="at closing"),
        pytest.param("2026-11-24 03:12", "Tue 2026-11-24 16:00", id="at night"),
        pytest.param("2026-11-24 00:00", "Tue 2026-11-24 16:00", id="at midnight"),
        pytest.param("2026-11-20 18:01", "Mon 2026-11-23 16:00", id="after the week's last hour"),
        pytest.param("2026-11-21 12:00", "Mon 2026-11-23 16:00", id="on Saturday"),
        pytest.param("2026-11-22 23:59", "Mon 2026-11-23 16:00", id="on Sunday night"),
        pytest.param("2026-06-04 10:00", "Fri 2026-06-05 16:00", id="on Corpus Christi"),
        pytest.param("2026-12-24 20:00", "Mon 2026-12-28 16:00", id="on Christmas Eve, after hours"),
        pytest.param("2027-01-01 00:00", "Mon 2027-01-04 16:00", id="as the year begins"),
        pytest.param("2027-03-26 09:00", "Tue 2027-03-30 16:00", id="on Good Friday, the clocks change on Sunday"),
    ],
)
def test_a_request_raised_outside_hours_starts_its_clock_at_the_next_opening(raised: str, first_response: str) -> None:
    """Lessons 6 and 16: https://github.com/glpi-project/glpi/issues/687 got a delay of nothing."""
    version = "26.1" if raised < "2026-10-12" else "26.2"
    assert due(judged(fault(raised, version=version))) == first_response


def test_a_holiday_is_closed_on_its_own_date_and_on_no_day_beside_it(server_zone: str) -> None:
    """Lesson 2: https://github.com/zammad/zammad/issues/3706, all-day holidays landed one day off."""
    calendar = shipped().policy.calendars["office"]
    holidays = [day for day, _ in calendar.closed if day.year == 2026]
    working = [day for n in range(365) if (day := date(2026, 1, 1) + timedelta(n)).weekday() < 5]
    assert len(holidays) >= 12, server_zone
    for day in working:
        hours = calendar.covered(at(f"{day} 00:00"), at(f"{day + timedelta(1)} 00:00"))
        assert hours == timedelta(hours=0 if day in holidays else 10), day


def test_the_explanation_names_the_closed_day_that_moved_the_deadline() -> None:
    """Lesson 3: https://github.com/zammad/zammad/issues/390, imported holidays surprised people."""
    decision = judged(fault("2026-12-24 16:00"))
    assert due(decision) == "Mon 2026-12-28 14:00"
    assert "Thu 2 h, closed Fri 25 Dec (Christmas Day), closed Sat-Sun, Mon 6 h" in sentences(decision, "response_due")


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        # An agreement to 2025-12-31, in winter
        ("to", "2025-12-31 22:59:59Z", "2025-12-31 23:00Z"),
        # An agreement from 2024-04-01, in summer
        ("from", "2024-03-31 21:59:59Z", "2024-03-31 22:00Z"),
        # A release on 2026-10-12
        ("released", "2026-10-11 21:59:59Z", "2026-10-11 22:00Z"),
        # A package that expires on 2025-08-31
        ("expires", "2025-08-31 21:59:59Z", "2025-08-31 22:00Z"),
        # fields.yaml: since
        ("since", "2026-11-30 22:59:59Z", "2026-11-30 23:00Z"),
    ],
)
def test_a_bare_date_is_a_whole_day_in_the_vendors_zone(what: str, before: str, after: str) -> None:
    """Lesson 4: https://github.com/zammad/zammad/issues/4432, a bare date fired at midnight; nobody said whose."""

    def outcome(moment: str) -> object:
        match what:
            case "to":
                return [*reasons(judged(fault(moment, DELTA, version="25.2")))]
            case "from":
                return [*reasons(judged(fault(moment, version="23.2")))]
            case "released":
                return [*reasons(judged(fault(moment, version="25.2")))]
            case "expires":
                return judged(fault(moment, BRENNHAUS, version="25.1")).credits_left.value
            case _:
                declared = replace(shipped().declared, since=date(2026, 12, 1), request_types=DECLARED.request_types)
                created = at(moment).isoformat()
                return isinstance(read(issue(created=created), FIELDS, declared), LeftAlone)

    outcomes = {
        "to": ([], ["agreement_ended"]),
        "from": (["agreement_not_begun"], []),
        "released": ([], ["version_too_old"]),
        "expires": (105, 95),
        "since": (True, False),
    }
    assert (outcome(before), outcome(after)) == outcomes[what]


def test_a_server_in_another_zone_decides_the_same(server_zone: str, tmp_path: Path) -> None:
    """Lesson 7: https://github.com/glpi-project/glpi/issues/15429, a setting of the server escalated everything."""
    mappings = changed(tmp_path)
    assert time.tzname[0] != "CET", server_zone
    for raised in ("2026-11-20 23:30", "2026-12-31 23:30", "2026-10-12 00:30", "2026-03-29 01:30", "2026-10-25 02:30"):
        decision = judged(fault(raised, version="26.1"), mappings=mappings)
        elsewhere = judged(fault(at(raised).astimezone(UTC), version="26.1"), at(raised), mappings)
        assert as_json(decision)["rulings"] == as_json(elsewhere)["rulings"]
    assert due(judged(fault("2026-11-20 23:30"), mappings=mappings)) == "Mon 2026-11-23 16:00"
    assert reasons(judged(fault("2026-10-12 00:30", version="25.2"), mappings=mappings)) == ["version_too_old"]


@pytest.mark.parametrize(
    ("raised", "text"),
    [("2026-07-01 09:00", "2026-07-01T17:00:00+02:00"), ("2026-12-01 09:00", "2026-12-01T17:00:00+01:00")],
)
@pytest.mark.parametrize("now", ["2027-01-15 12:00", "2027-07-15 12:00"])
def test_the_offset_is_that_of_the_instant_and_not_of_today(raised: str, text: str, now: str) -> None:
    """Lesson 11: https://github.com/fivetran/dbt_zendesk/issues/25, today's offset was used for history."""
    decision = judged(fault(raised, version="26.1"), now)
    assert as_json(decision)["rulings"]["response_due"]["value"] == text


NEW_HOURS = """
  - id: longer
    zone: Europe/Berlin
    public_holidays: DE-BW
    week:
      mon: 06:00-22:00
      tue: 06:00-22:00
      wed: 06:00-22:00
      thu: 06:00-22:00
      fri: 06:00-22:00
      sat: closed
      sun: closed
    cites: C3

# clock: coverage counts"""


def test_new_hours_from_a_day_on_leave_what_was_promised_before_as_it_was(tmp_path: Path) -> None:
    """Lesson 14: https://github.com/fivetran/dbt_zendesk/issues/107, a changed schedule rewrote history."""
    row = "  - {tier: premium, calendar: office, clock: coverage, cites: C3}\n"
    longer = "  - {tier: premium, calendar: longer, clock: coverage, cites: C3, from: 2027-02-01}\n"
    mappings = changed(
        tmp_path,
        ("coverage.yaml", "\n# clock: coverage counts", NEW_HOURS),
        ("coverage.yaml", row, row + longer),
    )
    friday, sunday = fault("2027-01-29 16:00"), fault("2027-01-31 23:59")
    for asked in (friday, sunday):
        assert due(judged(asked, "2027-03-01 09:00", mappings)) == due(judged(asked, "2027-03-01 09:00"))
    assert due(judged(fault("2027-02-01 00:00"), mappings=mappings)) == "Mon 2027-02-01 14:00"


def test_a_deadline_is_said_with_its_zone() -> None:
    """Lesson 15: https://github.com/frappe/erpnext/pull/38745, the time shown meant another one to the reader."""
    winter, summer = judged(fault("2026-11-23 09:00")), judged(fault("2026-07-01 09:00", version="26.1"))
    assert "Mon 23 Nov 2026 17:00 CET" in told(winter)
    assert "from Mon 23 Nov 2026 09:00 CET" in sentences(winter, "response_due")
    assert "Wed 1 Jul 2026 17:00 CEST" in told(summer)


def test_there_is_one_deadline_and_every_place_shows_it() -> None:
    """Lesson 35: https://github.com/zammad/zammad/issues/3928, list and detail showed different times."""
    decision = judged(fault())
    moment = decision.response_due.value
    assert moment is not None
    assert as_json(decision)["rulings"]["response_due"]["value"] == moment.isoformat()
    assert moment_text(moment) in told(decision)


# --- Changes while a request is open ----------------------------------------------------------------------------------


def test_a_tier_that_changes_while_a_request_is_open_counts_from_its_first_moment(tmp_path: Path) -> None:
    """Lessons 20 and 28: https://github.com/glpi-project/glpi/issues/6902, what had passed was lost with the change.

    Upgraded from a day on, requests raised before that day keep their promise.
    """
    row = "  - {product: expecco, tier: basic, licenses: 3}"
    file, asked = "agreements/cobalt-rail.yaml", fault("2026-11-23 09:00", COBALT)
    corrected = changed(tmp_path / "a", (file, row, "  - {product: expecco, tier: premium, licenses: 3}"))
    upgraded = changed(
        tmp_path / "b",
        (
            file,
            row,
            "  - {product: expecco, tier: basic, licenses: 3, to: 2026-11-23}\n"
            "  - {product: expecco, tier: premium, licenses: 3, from: 2026-11-24}",
        ),
    )
    before = judged(asked, "2026-11-23 09:01")
    seen = replace(asked, standing=standing_after(before, None))
    assert due(before) == due(judged(seen, "2026-11-24 10:00", upgraded)) == "Wed 2026-11-25 13:00"
    assert due(judged(seen, "2026-11-24 10:00", corrected)) == "Mon 2026-11-23 17:00"
    assert due(judged(fault("2026-11-24 09:00", COBALT), mappings=upgraded)) == "Tue 2026-11-24 17:00"


def test_an_edited_calendar_or_target_is_in_force_at_the_next_look(tmp_path: Path) -> None:
    """Lesson 28: https://github.com/zammad/zammad/issues/534, a changed calendar left the old deadlines standing.

    https://github.com/zammad/zammad/issues/4353: nor does a deadline stay where nothing is promised any more.
    """
    asked = fault("2026-11-23 17:00")
    seen = replace(asked, standing=standing_after(judged(asked), None))
    closed = "    closed:\n      - {date: 2026-11-24, name: Works outing}\n"
    outing = changed(tmp_path / "a", ("coverage.yaml", "    closed: []\n", closed))
    target = "  - {tier: premium, severity: 1, within: 8 h, cites: C2}"
    sooner = changed(tmp_path / "b", ("tiers.yaml", target, target.replace("8 h", "4 h")))
    nothing = changed(tmp_path / "c", ("tiers.yaml", target, target.replace("8 h", "none")))
    looks = [judged(seen, "2026-11-23 17:30", mappings) for mappings in (shipped(), outing, sooner, nothing)]
    assert [due(each) for each in looks] == [
        "Tue 2026-11-24 15:00",
        "Wed 2026-11-25 15:00",
        "Tue 2026-11-24 11:00",
        "-",
    ]


@pytest.mark.parametrize(
    ("answered", "first_response"),
    [
        pytest.param("2026-11-24 14:00", "Wed 2026-11-25 12:00", id="in hours"),
        pytest.param("2026-11-24 17:00", "Wed 2026-11-25 15:00", id="late in the day"),
        pytest.param("2026-11-24 22:00", "Wed 2026-11-25 16:00", id="at night"),
        pytest.param("2026-11-28 11:00", "Mon 2026-11-30 16:00", id="on Saturday"),
        pytest.param("2026-12-25 11:00", "Mon 2026-12-28 16:00", id="on a holiday"),
    ],
)
def test_time_spent_waiting_is_not_added_to_the_moment_of_raising(answered: str, first_response: str) -> None:
    """Lesson 22: https://github.com/frappe/helpdesk/pull/2449, wrong as soon as a night or a holiday lay between.

    Lesson 24: https://github.com/wso2-open-operations/cs-tools/pull/1666, overdue at the first look after the wait.
    """
    asked, (waiting,) = looked_at(fault("2026-11-23 09:00", version=None), "2026-11-23 09:01")
    assert due(waiting) == "-"
    answer = replace(asked, version="26.2", amended=at(answered))
    running = judged(answer, at(answered) + timedelta(minutes=2))
    assert due(running) == first_response
    moment = running.response_due.value
    assert moment is not None
    assert shipped().policy.calendars["office"].covered(at(answered), moment) == timedelta(hours=8)


def test_while_a_request_waits_no_deadline_is_shown_and_the_explanation_says_why() -> None:
    """Lesson 23: https://github.com/frappe/helpdesk/issues/1675, shown as paused while the clock ran on."""
    asked, decisions = looked_at(fault(version=None), "2026-11-23 09:01", "2026-11-30 09:00", "2027-01-11 09:00")
    assert [due(each) for each in decisions] == ["-", "-", "-"]
    assert asked.standing is not None
    assert asked.standing.clock_started is None
    assert "run once the customer has done what is asked" in sentences(decisions[-1], "response_due")


def test_one_wait_after_another_starts_the_clock_once_with_the_last_answer() -> None:
    """Lesson 25: https://github.com/jeffersongoncalves/laravel-help-desk/issues/52, each wait started it anew."""
    asked, (missing,) = looked_at(fault("2026-11-23 09:00", version=None), "2026-11-23 09:01")
    asked, (too_old,) = looked_at(replace(asked, version="25.1", amended=at("2026-11-23 10:00")), "2026-11-23 10:01")
    asked, (first,) = looked_at(replace(asked, version="26.2", amended=at("2026-11-23 11:00")), "2026-11-23 11:01")
    assert [due(each) for each in (missing, too_old, first)] == ["-", "-", "Tue 2026-11-24 09:00"]
    # A slip, put right later: the promise that was made stands.
    asked, (slip,) = looked_at(replace(asked, version=None, amended=at("2026-11-23 12:00")), "2026-11-23 12:01")
    asked, (righted,) = looked_at(replace(asked, version="26.2", amended=at("2026-11-23 15:00")), "2026-11-23 15:01")
    assert [due(each) for each in (slip, righted)] == ["-", due(first)]


def test_closing_and_reopening_move_no_deadline() -> None:
    """Lesson 32: https://github.com/glpi-project/glpi/pull/9267, the time that it was closed was counted.

    Lesson 33: https://github.com/chatwoot/chatwoot/issues/10178, it went on counting after the end.
    """
    asked, (open_,) = looked_at(fault(), "2026-11-23 09:01")
    for outcome in ("done", "duplicate", "product_defect", None):
        asked, (then,) = looked_at(replace(asked, outcome=outcome), "2026-12-07 09:00")
        assert then.response_due == open_.response_due
        assert then.clock_started == open_.clock_started


def test_a_change_in_the_hour_that_comes_twice_counts_as_the_instant_that_it_is() -> None:
    """Lesson 17: https://github.com/mnemosyne-systems/billetsys/pull/175, local times were compared."""
    once, again = at("2026-10-25 02:50"), at("2026-10-25 02:35").replace(fold=1)
    assert again.astimezone(UTC) - once.astimezone(UTC) == timedelta(minutes=45)
    waiting = judged(fault("2026-10-25 01:00", version=None), once)
    asked = fault("2026-10-25 01:00", version="26.2", amended=again, standing=standing_after(waiting, None))
    started = judged(asked, "2026-10-25 09:00").clock_started
    assert started is not None
    assert started.astimezone(UTC) == again.astimezone(UTC)
