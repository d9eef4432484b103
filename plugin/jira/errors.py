"""What can go wrong with Jira, by who is at fault: it or the network, our key, the rate, one request, what we asked."""

from datetime import datetime
from typing import ClassVar


class JiraTrouble(Exception):
    """Something went wrong with Jira. `retry_at` is when another try makes sense; None leaves it to the caller.

    `broke`: Jira is there, and said that it broke on this very call (500). `kind` is the word that it is counted under.
    """

    kind: ClassVar[str] = "trouble"

    def __init__(self, sentence: str, retry_at: datetime | None = None, broke: bool = False) -> None:
        super().__init__(sentence)
        self.retry_at, self.broke = retry_at, broke


class JiraUnavailable(JiraTrouble):
    """Jira did not answer, or answered that it is broken (5xx): whether our write happened is not known."""

    kind = "unavailable"


class JiraLockedOut(JiraUnavailable):
    """Jira does not let our account in (401, or a login to be unlocked): no request can be worked until it does.

    Nothing happened. It is the site's trouble, not one request's: were each request parked for it, somebody would
    have to take them all up again after the yearly change of the token.
    """

    kind = "locked_out"


class JiraBusy(JiraTrouble):
    """Jira asks us to slow down (429): nothing happened."""

    kind = "busy"


class JiraHitch(JiraTrouble):
    """A hitch with one request, while Jira works for all others; the next try may do better.

    Jira changes it just now (409), takes no more writes to it for a moment (429 for this one alone), or breaks on it
    and on nothing else: whether our write happened is not known then.
    """

    kind = "hitch"


class JiraRefused(JiraTrouble):
    """Jira understood and said no (4xx): trying the same again is no use until somebody changes something.

    `fields` are the ids of the fields that it found fault with; none where it blames the whole call.
    """

    kind = "refused"

    def __init__(self, sentence: str, fields: frozenset[str] = frozenset()) -> None:
        super().__init__(sentence)
        self.fields = fields


class JiraGone(JiraRefused):
    """There is no such thing (404): deleted, moved where we may not look, or hidden from our account."""

    kind = "gone"
