"""One line of what the doctor found: how it is, one sentence, one remedy."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it is with one assumption."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNKNOWN = "could not be told"
    SKIPPED = "not looked at"


class Group(StrEnum):
    """What a probe is about, in the order in which somebody would mend things."""

    SETTINGS = "settings"
    MAPPINGS = "mappings"
    DATABASE = "database"
    CONNECTION = "connection"
    ACCOUNT = "account"
    PROJECT = "project"
    FIELDS = "fields"
    CUSTOMERS = "customers"
    SERVICE = "service"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Line:
    """What one probe found; `remedy` is None where nothing is to be done.

    The sentence of one that was not looked at is only why.
    """

    verdict: Verdict
    sentence: str
    remedy: str | None = None


def ok(sentence: str) -> Line:
    """It is as it should be."""
    return Line(Verdict.OK, sentence)


def warning(sentence: str, remedy: str) -> Line:
    """It works, and somebody should know."""
    return Line(Verdict.WARNING, sentence, remedy)


def wrong(sentence: str, remedy: str) -> Line:
    """Something does not work until it is mended."""
    return Line(Verdict.WRONG, sentence, remedy)


def unknown(sentence: str, remedy: str) -> Line:
    """It could not be told how it is."""
    return Line(Verdict.UNKNOWN, sentence, remedy)


def some(words: list[str], most: int = 5) -> str:
    """The first words of a list, and how many more there are.

    >>> some(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    left = len(words) - most
    return ", ".join(words) if left <= 0 else f"{', '.join(words[:most])} and {left} more"
