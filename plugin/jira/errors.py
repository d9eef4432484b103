"""What can go wrong with Jira, by who is at fault: the network or Jira, the rate, or what we asked."""

from datetime import datetime


class JiraTrouble(Exception):
    """Something went wrong with Jira. `retry_at` is when another try makes sense; None leaves it to the caller."""

    def __init__(self, sentence: str, retry_at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.retry_at = retry_at


class JiraUnavailable(JiraTrouble):
    """Jira did not answer, or answered that it is broken (5xx): whether our write happened is not known."""


class JiraBusy(JiraTrouble):
    """Jira asks us to slow down (429): nothing happened."""


class JiraRefused(JiraTrouble):
    """Jira understood and said no (4xx): trying the same again is no use until somebody changes something."""


class JiraGone(JiraRefused):
    """There is no such thing (404): deleted, moved where we may not look, or hidden from our account."""
