"""Appointments in the files: the mistakes that are told, each with its place, and the moments that are read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugin.contract.decision import Source
from plugin.contract.model import Appointment
from plugin.mappings.load import load
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced, warnings

AURORA, BRENNHAUS, COBALT = (
    f"agreements/{name}.yaml" for name in ("aurora-robotics", "brennhaus-medical", "cobalt-rail")
)
ROW = "{from: 2027-01-16 08:00, to: 2027-01-16 16:00, reference: second line goes live}"
YUSUF = "  - {name: Yusuf Adeyemi, email: yusuf.adeyemi@cobalt-rail.example}"
GRETA = "  - {name: Greta Holm, email: greta.holm@brennhaus-medical.example}"

MISTAKES = [
    Mistake(
        "an end before its beginning",
        AURORA,
        "to: 2027-01-16 16:00",
        "to: ^2027-01-16 07:00",
        "to: 2027-01-16 07:00 does not come after from: 2027-01-16 08:00; expected when it ends",
    ),
    Mistake(
        "no length",
        AURORA,
        "to: 2027-01-16 16:00",
        "to: ^2027-01-16 08:00",
        "to: 2027-01-16 08:00 does not come after from: 2027-01-16 08:00; expected when it ends",
    ),
    Mistake(
        "no end",
        AURORA,
        ", to: 2027-01-16 16:00",
        "",
        "key to is missing; expected a date and time such as 2026-11-23 14:30",
        at="{from: 2027-01-16",
    ),
    Mistake(
        "the same twice",
        AURORA,
        ROW,
        f"{ROW}\n  - ^{{from: 2027-01-16 08:00, to: 2027-01-16 16:00}}",
        "this appointment overlaps the one in line {line}; join them, or remove one",
        refers=ROW,
    ),
    Mistake(
        "a time that the clocks leave out",
        AURORA,
        "from: 2027-01-16 08:00, to: 2027-01-16 16:00",
        "from: ^2027-03-28 02:30, to: 2027-03-28 06:00",
        "from: the clocks in Europe/Berlin leave 02:30 out on that day; choose another time",
    ),
    Mistake(
        "a key that is none",
        AURORA,
        "reference: second",
        "request: ^SUP7, reference: second",
        "request: SUP7 is not understood; expected the key of a request such as SUP-7",
    ),
    Mistake(
        "a request of another project",
        AURORA,
        "reference: second",
        "request: ^SUB-7, reference: second",
        "request: SUB-7 is of no project in fields.yaml; expected SUP (nearest: SUP)",
    ),
    Mistake(
        "a date without a time",
        AURORA,
        "from: 2027-01-16 08:00",
        "from: ^2027-01-16",
        "from: 2027-01-16 is not understood; expected a date and time such as 2026-11-23 14:30",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems_but_examples(tmp_path / "mappings") == expected


def problems_but_examples(mappings: Path) -> list[str]:
    """An example counts on the shipped appointment."""
    return [each for each in problems(mappings) if not each.startswith("examples/")]


def booked(mappings: Path, customer: str) -> tuple[Appointment, ...]:
    loaded = load(mappings)
    assert loaded.mappings is not None, loaded.problems
    return next(each.appointments for each in loaded.mappings.agreements if each.customer == customer)


def test_times_are_those_of_the_vendors_zone(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    text = replaced(mappings, AURORA, "reference: second", "request: SUP-7, reference: second")

    [appointment] = booked(mappings, "aurora-robotics")

    assert appointment == Appointment(
        datetime(2027, 1, 16, 7, tzinfo=UTC),
        datetime(2027, 1, 16, 15, tzinfo=UTC),
        "SUP-7",
        "second line goes live",
        Source(AURORA, text[: text.index("{from: 2027")].count("\n") + 1),
    )


def test_of_a_time_that_comes_twice_the_earlier_begins_and_the_later_ends(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, AURORA, ROW, "{from: 2027-10-31 02:30, to: 2027-10-31 02:30}")

    [appointment] = booked(mappings, "aurora-robotics")

    assert appointment.start == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert appointment.end == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_one_request_may_have_what_all_have_and_windows_may_touch(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    more = (
        "{from: 2027-01-16 09:00, to: 2027-01-16 17:00, request: SUP-7}",
        "{from: 2027-01-16 16:00, to: 2027-01-16 18:00}",
    )
    replaced(mappings, AURORA, ROW, "\n  - ".join((ROW, *more)))
    assert problems(mappings) == []
    assert len(booked(mappings, "aurora-robotics")) == 3


@pytest.mark.parametrize(
    ("file", "row", "window", "customer"),
    [
        (COBALT, YUSUF, "{from: 2027-01-11 20:00, to: 2027-01-11 22:00}", "Cobalt Rail"),
        (BRENNHAUS, GRETA, "{from: 2027-01-16 08:00, to: 2027-01-17 22:00}", "Brennhaus Medical"),
        # Before the agreement
        (COBALT, YUSUF, "{from: 2023-09-30 20:00, to: 2023-09-30 22:00}", "Cobalt Rail"),
        # Epiphany
        (BRENNHAUS, GRETA, "{from: 2027-01-06 08:00, to: 2027-01-06 22:00}", "Brennhaus Medical"),
    ],
)
def test_an_appointment_that_no_tier_grants_is_warned_of(
    file: str, row: str, window: str, customer: str, tmp_path: Path
) -> None:
    mappings = copy_of_shipped(tmp_path)
    text = replaced(mappings, file, row, f"{row}\nappointments:\n  - {window}")
    line = text[: text.index(window)].count("\n") + 1

    assert problems(mappings) == []
    sentence = f"{customer} has no tier on {window[7:17]} that grants this appointment; correct or remove it"
    assert warnings(mappings) == [f"{file}:{line}:5: warning: {sentence}"]


@pytest.mark.parametrize(
    ("file", "row", "window"),
    [
        (AURORA, ROW, "{from: 2027-01-16 08:00, to: 2027-01-17 22:00}"),
        (BRENNHAUS, GRETA, "{from: 2027-01-15 20:00, to: 2027-01-16 08:00}"),
    ],
)
def test_an_appointment_that_is_granted_on_one_of_its_days_is_not_warned_of(
    file: str, row: str, window: str, tmp_path: Path
) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, file, row, window if row is ROW else f"{row}\nappointments:\n  - {window}")

    assert [each for each in warnings(mappings) if "appointment" in each] == []


def test_appointments_of_a_whole_century_are_read(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, AURORA, "to: 2034-03-31", "to: 2199-12-31")
    replaced(mappings, AURORA, ROW, "{from: 2027-01-16 08:00, to: 2199-12-31 23:59}")
    replaced(mappings, "coverage.yaml", "zone: Europe/Berlin\n\n", "zone: Pacific/Pago_Pago\n\n")

    assert problems_but_examples(mappings) == []
    [appointment] = booked(mappings, "aurora-robotics")
    assert appointment.start is not None
    assert appointment.end is not None
    assert appointment.end - appointment.start > timedelta(days=100 * 365)
