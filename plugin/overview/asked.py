"""What a form says of a request that is tried out: whatever a decision is made from and people can know."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from plugin.contract.model import Answer, Appointment, Comment, Override, SupportRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says. Texts are as typed, None where nothing is; moments are aware, to the minute.

    `customer` is an agreement's, or else `organizations` are Jira's names. `credits_used` are those that other requests
    of the customer have used, `sessions_used` the training sessions; of a request that was decided, the ledger knows.
    """

    raised_by: str
    kind: str
    raised: datetime
    at: datetime
    customer: str | None = None
    organizations: tuple[str, ...] = ()
    product: str | None = None
    version: str | None = None
    environment: str | None = None
    impact: str | None = None
    stated_severity: int | None = None
    platform: str | None = None
    third_party: str | None = None
    modified: bool | None = None
    credits_used: int = 0
    sessions_used: int = 0
    outcome: str | None = None
    ended: datetime | None = None
    on_behalf: bool = False
    override: Override | None = None
    answers: tuple[Answer, ...] = ()
    comments: tuple[Comment, ...] = ()
    appointments: tuple[Appointment, ...] = ()

    @classmethod
    def of(cls, request: SupportRequest, at: datetime) -> "Asked":
        """What the form says of a request as it is known."""
        return cls(
            raised_by=request.raised_by.email or request.raised_by.name,
            kind=request.kind,
            raised=_minute(request.raised),
            at=_minute(at),
            organizations=tuple(each.name for each in request.organizations),
            ended=_minute(request.ended) if request.ended else None,
            answers=tuple(replace(each, said_at=_minute(each.said_at)) for each in request.answers),
            comments=tuple(
                replace(each, id=str(number), written=_minute(each.written))
                for number, each in enumerate(request.comments)
            ),
            appointments=tuple(
                Appointment(each.start and _minute(each.start), each.end and _minute(each.end))
                for each in request.appointments
            ),
            **{name: getattr(request, name) for name in (*TEXTS, *BESIDE)},
        )


TEXTS: Final = (
    "product", "version", "environment", "impact", "stated_severity", "platform", "third_party", "modified",
)  # fmt: skip
"""What the customer says in the form of the portal, by the names that it has in a request."""

BESIDE: Final = ("outcome", "on_behalf", "override")
MOMENTS: Final = ("raised", "ended", "answers", "comments", "appointments")
"""What holds moments, by the names that it has in a request."""


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
