"""What is kept of an error for people to read: without addresses of people, and without anything that looks secret."""

import re
from collections.abc import Callable
from typing import Final

_SECRET: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    # An address with a password in it, and whatever follows these words.
    (re.compile(r"(?<=://)[^\s/@]+:[^\s/@]+(?=@)"), "…"),
    (re.compile(r"\b((?:token|password|secret|api[-_ ]?key)[\"']?\s*[:=]\s*)\S+", re.IGNORECASE), r"\1…"),
    (re.compile(r"\b((?:bearer|basic)\s+)[\w+/=.~-]{6,}", re.IGNORECASE), r"\1…"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "(e-mail address)"),
    # What tokens look like: long, and of letters and digits mixed. A path of Jira's is that too, and says what failed.
    (
        re.compile(
            r"((?<!\S)/rest/[\w./-]+)|\b(?=[A-Za-z0-9_+/=-]*[0-9])(?=[A-Za-z0-9_+/=-]*[A-Za-z])[A-Za-z0-9_+/=-]{32,}"
        ),
        lambda found: found[1] or "…",
    ),
)


def redacted(text: str) -> str:
    """The text without secrets.

    >>> redacted("401 for mira@aurora-robotics.example, Authorization: Basic bWlyYTp0b2tlbg==")
    '401 for (e-mail address), Authorization: Basic …'
    """
    for pattern, instead in _SECRET:
        text = pattern.sub(instead, text)
    return text
