"""Text that a database keeps: JSON may spell characters that are none, and then no row with them can be written."""

import re
from typing import Any, Final

from requests import Response

# NUL, which PostgreSQL refuses, and halves of surrogate pairs, which no encoding has.
_UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")
_SPELLED: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def content(answer: Response) -> Any:
    """What the answer says, as JSON; each character that cannot be kept has become U+FFFD.

    Raises:
        ValueError: when it is no JSON.
    """
    try:
        said = answer.json()
    except RecursionError:
        raise ValueError("it is nested too deeply to be Jira's") from None
    # Answers are long and searched for fields at every look: few are worth a walk.
    return _mended(said) if _SPELLED.search(answer.content) else said


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return value
