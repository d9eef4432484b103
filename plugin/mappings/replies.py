"""Replies to the customer: Jinja2 templates in `replies/<name>.<language>.md`, one per reason and letters around them.

Templates run in a sandbox; every value in them is escaped, so that nothing a customer typed works as markup.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from jinja2 import StrictUndefined, Template, filters
from jinja2.sandbox import ImmutableSandboxedEnvironment

from plugin.contract.decision import Decision, Finding
from plugin.jira.plan import shortened
from plugin.jira.reply import escape
from plugin.mappings.reply_names import BODY, DRAFT, FRAME, NAMES, RECEIPT, names_of
from plugin.mappings.wording import Wording, counted

DEFAULT_LANGUAGE: Final = "en"
"""For customers whose language is not known or has no templates; and for agents."""

MOST_TEMPLATES: Final = 1_000
"""So many are remembered, read and compiled, so that reading them again costs only what has changed."""

_PLAIN: Final = ("capitalize", "default", "length", "lower", "trim", "upper")
FILTERS: Final = ("day", "moment", "counted", "all_of", "any_of", *_PLAIN)
"""The filters that replies have: our own, and some of Jinja2's."""

_GAP: Final = re.compile(r"\n{3,}")


class Markup(str):
    """Text that is already a part of a comment, and is not escaped again."""

    __slots__ = ()


class Replies:
    """The templates of one revision, by name and language. `languages` are those that there is a frame in.

    Raises:
        TemplateSyntaxError: when a template cannot be read.
    """

    def __init__(self, templates: Mapping[tuple[str, str], str]) -> None:
        self._wordings = {each: Wording(each) for each in {DEFAULT_LANGUAGE, *(each for _, each in templates)}}
        self.languages: Final = tuple(sorted(language for name, language in templates if name == FRAME))
        self._templates = {key: compiled(text, key[1]) for key, text in templates.items()}

    def language(self, *wanted: str | None) -> str:
        """The first wanted language that there are replies in, else the default one."""
        return next((each for each in wanted if each in self.languages), None) or DEFAULT_LANGUAGE

    def letter(self, decision: Decision, person: str, language: str, *, receipt: bool = False) -> str:
        """One comment that tells every reason of the decision, in the language or the default one.

        As a `receipt` it says as well what became of the request that was taken up.
        """
        reasons = tuple(self._told(finding, person, language) for finding in decision.told)
        about = {"person": person, "request": Markup(decision.request_key), "waits": decision.eligibility.value.waits}
        name = RECEIPT if receipt else FRAME
        return self._comment(name, language, {**about, **_taken_up(decision), BODY[name]: reasons})

    def draft(self, letter: str, language: str, because: Sequence[str]) -> str:
        """A note to an agent with a letter in that language that they are to send, `because` of these rows."""
        name = self._wordings[DEFAULT_LANGUAGE].language_name(language)
        values = {"language": name, "because": tuple(because), BODY[DRAFT]: Markup(letter)}
        return self._comment(DRAFT, DEFAULT_LANGUAGE, values)

    def render(self, name: str, language: str, values: Mapping[str, object]) -> str:
        """The text of a template, in the language or the default one; a name that is given no value is empty.

        Paragraphs have one empty line between them, however many conditions the template has there.
        """
        template = self._templates.get((name, language)) or self._templates[name, DEFAULT_LANGUAGE]
        text = template.render({each: values.get(each, "") for each in names_of(name)})
        return _GAP.sub("\n\n", text).strip()

    def _comment(self, name: str, language: str, values: Mapping[str, object]) -> str:
        """As Jira takes it: whatever it grew to, it is better cut than not said."""
        return shortened(self.render(name, language, values)) + "\n"

    def _told(self, finding: Finding, person: str, language: str) -> Markup:
        values = {name: NAMES[name].read(fact) for name, fact in finding.facts.items() if name in NAMES}
        return Markup(self.render(str(finding.reason), language, {**values, "person": person}))


@lru_cache(maxsize=MOST_TEMPLATES)
def compiled(text: str, language: str) -> Template:
    """A template of a language, to be filled in. Raises TemplateError, and what the compiler of Python raises."""
    return _environment(language).from_string(text)


@cache
def _environment(language: str) -> ImmutableSandboxedEnvironment:
    """Where templates of one language run: with these filters, and nothing else to call."""
    wording = Wording(language)
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_written, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = {
        **{name: filters.FILTERS[name] for name in _PLAIN},
        # Days, numbers and the template's own words need no escape; what is in a list, somebody may have typed.
        "day": lambda value: Markup(wording.day(value)),
        "moment": lambda value: Markup(wording.moment(value)),
        "counted": lambda value, one, several, none=None: Markup(counted(value, one, several, none)),
        "all_of": lambda listed: Markup(wording.all_of(_escaped(listed))),
        "any_of": lambda listed: Markup(wording.any_of(_escaped(listed))),
    }
    return made


def _taken_up(decision: Decision) -> dict[str, object]:
    values = {
        "severity": decision.severity.value,
        "due": decision.response_due.value,
        "cost": decision.charge.value,
        "left": decision.credits_left.value,
        "sessions": decision.sessions_charged.value,
        "sessions_left": decision.sessions_left.value,
    }
    return {name: value for name, value in values.items() if value is not None}


def _escaped(value: object) -> object:
    return tuple(map(_written, value)) if isinstance(value, tuple) else value


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_written, value))
    return value if isinstance(value, Markup) else escape(str(value))
