"""What happens in a process, told to whoever counts it: the counting itself is the edge's, and so is the form."""

from datetime import datetime
from typing import Literal

from plugin.contract.decision import Decision

Look = Literal["done", "put_off", "lost"]
"""How a look ended: nothing is left to do, it is tried again later, or another worker has taken over."""


class Figures:
    """Counts nothing. Whoever counts overrides what is to be counted; all threads of a process tell the same one."""

    def called(self, outcome: str) -> None:
        """Jira was called: `ok`, or the `kind` of the trouble."""

    def looked(self, outcome: Look, seconds: float) -> None:
        """A look at one request has ended, after so many seconds."""

    def swept(self, closed: int) -> None:
        """So many doors were closed without a look of their own."""

    def decided(self, decision: Decision) -> None:
        """A decision was made that the request did not have before; not each time that it is confirmed."""

    def replied(self, public: bool) -> None:
        """A comment was written: to the customer, or to the agents."""

    def reconciled(self, at: datetime) -> None:
        """A reconciliation that began at that aware moment has gone through all open requests."""
