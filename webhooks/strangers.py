"""Knocks without a proof: each is refused, and those of one address are answered and logged only so often.

Jira may come through the same proxy as a stranger: whoever brings a proof is never counted, and never held back.
"""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from webhooks.addresses import household

PER_MINUTE = RateLimitItemPerMinute(30)
RETRY_AFTER_SECONDS = 60


class Strangers:
    """How often each address has come without a proof lately. Safe to share between threads."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def too_many(self, address: str | None) -> bool:
        """Count one more of this address; True once it is told to stay away for a while."""
        return not self._limiter.hit(PER_MINUTE, household(address))
