"""What a browser sent, read: nothing that a database would stumble over."""

from typing import Final

from flask import Request

_MOST: Final = 2**31 - 1
"""The largest number that both databases keep as one."""


def number(text: str) -> int:
    """The number, if the store could have one like it; raises ValueError."""
    found = int(text)
    if abs(found) > _MOST:
        raise ValueError(f"{found} is too large")
    return found


def is_text(asked: Request) -> bool:
    """Is all that was sent text? No text has a NUL, and PostgreSQL keeps none."""
    said = (word for name, values in asked.values.lists() for word in (name, *values))
    return "\0" not in asked.path and not any("\0" in word for word in said)
