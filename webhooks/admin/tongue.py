"""What the contract says, in the reader's language: sentences of findings by their patterns, moments and days as people
there write them. A text that is no such sentence stays what it is, which is English, or what somebody typed.
"""

from datetime import date
from enum import StrEnum

from plugin.contract.saying import Said, Several
from plugin.contract.steps import Days, Moment
from webhooks.admin.language import _, day_text, moment_text, reader, short_day_text, weekday_text


def told(text: object) -> str:
    """The text as the reader reads it."""
    return str(text) if reader().language == "en" else _told(text)


def tongue(text: object) -> str:
    """The language in which the reader reads it, for whoever has it read out."""
    return reader().language if isinstance(text, Said) else "en"


def _told(value: object) -> str:
    match value:
        case Said():
            return _(value.pattern).format(**{name: _told(each) for name, each in value.values.items()})
        case Several():
            return _told(value.between).join(map(_told, value.items))
        case Moment():
            return moment_text(value.at)
        case Days():
            say_day = weekday_text if value.dated else short_day_text
            return "–".join(say_day(day) for day in dict.fromkeys((value.first, value.last)))
        case StrEnum():
            return _(value.value)
        case date():
            return day_text(value)
    return str(value)
