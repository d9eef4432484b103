"""Booked appointments (C3): in an agreement's file, and on the request of an example. Times are the vendor's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from plugin.contract.model import Appointment
from plugin.mappings.problem import Place, Report
from plugin.mappings.shape import Shape
from plugin.mappings.values import Moment, RequestKey, Text


class WindowShape(Shape):
    """A window as an agent books it on a request, where either end may be missing."""

    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")


class AppointmentShape(Shape):
    """A window booked for a customer; `request` is the one request that it is for, left out for all of theirs."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    request: RequestKey | None = None
    reference: Text | None = None


def moment_of(
    written: datetime, label: str, place: Place, zone: ZoneInfo, report: Report, *, closing: bool = False
) -> datetime | None:
    """The moment at which clocks in `zone` show what is written; None, and a problem, where they leave it out.

    Of a time that comes twice it is the earlier, for a `closing` one the later, as with opening hours.
    """
    moment = written.replace(tzinfo=zone, fold=int(closing))
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != written:
        sentence = f"{label}: the clocks in {zone} leave {written:%H:%M} out on that day; choose another time"
        report.problem(place, sentence)
        return None
    return moment


def appointments(shapes: Sequence[AppointmentShape], zone: ZoneInfo, report: Report) -> tuple[Appointment, ...]:
    """The appointments of an agreement; those that are wrong left out."""
    good: list[Appointment] = []
    spans: list[tuple[AppointmentShape, datetime, datetime]] = []
    for shape in shapes:
        start = moment_of(shape.start, "from", shape.place("from"), zone, report)
        end = moment_of(shape.end, "to", shape.place("to"), zone, report, closing=True)
        if start is None or end is None:
            continue
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        if last <= first:
            sentence = f"to: {shape.end:%Y-%m-%d %H:%M} does not come after from: {shape.start:%Y-%m-%d %H:%M}"
            report.problem(shape.place("to"), f"{sentence}; expected when it ends")
            continue
        for other, begins, ends in spans:
            if other.request == shape.request and first < ends and begins < last:
                sentence = f"this appointment overlaps the one in line {other.place().line}; join them, or remove one"
                report.problem(shape.place(), sentence)
        spans.append((shape, first, last))
        good.append(Appointment(first, last, shape.request, shape.reference, shape.place().source))
    return tuple(good)
