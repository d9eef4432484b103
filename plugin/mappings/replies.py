"""Replies to the customer: Jinja2 templates in `replies/<name>.<language>.md`, one per reason and a frame around them.

Templates run in a sandbox; every value in them is escaped, so that nothing a customer typed works as markup.
"""

from collections.abc import Mapping
from typing import Final

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from plugin.contract.decision import Decision, Reason
from plugin.jira.reply import escape

FRAME: Final = "frame"
DEFAULT_LANGUAGE: Final = "en"
NAMES: Final = (
    "product", "products", "version", "line", "supported", "update_to", "customer", "begins", "ended", "person",
    "contacts", "organizations", "needed", "left", "platform", "platforms",
    "seats", "limit", "full", "software", "service", "tier", "tiers", "stated", "ruled", "because",
)  # fmt: skip
"""The names that a reason's template may use; one without a value is empty."""


class Markup(str):
    """Text that is already a part of a comment, and is not escaped again."""

    __slots__ = ()


class Replies:
    """The templates of one revision.

    Raises:
        TemplateSyntaxError: when a template cannot be read.
    """

    def __init__(self, templates: Mapping[tuple[str, str], str]) -> None:
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, finalize=_written, trim_blocks=True, lstrip_blocks=True
        )
        self._templates = {key: environment.from_string(text) for key, text in templates.items()}

    def language(self, *wanted: str | None) -> str:
        """The first wanted language that there is a frame for, else the default one."""
        return next((each for each in wanted if each and (FRAME, each) in self._templates), DEFAULT_LANGUAGE)

    def body(self, decision: Decision, person: str, language: str) -> str:
        """One comment that tells every reason of the decision, in the language or the default one."""
        parts = []
        for finding in decision.told:
            facts = {name: finding.facts.get(name, "") for name in NAMES}
            facts["person"] = person
            parts.append(Markup(self._render(str(finding.reason), language, facts).strip()))
        values: dict[str, object] = {"person": person, "request": Markup(decision.request_key), "reasons": parts}
        values["waits"] = decision.eligibility.value.waits
        return self._render(FRAME, language, values).strip() + "\n"

    def _render(self, name: str, language: str, values: Mapping[str, object]) -> str:
        template = self._templates.get((name, language)) or self._templates[name, DEFAULT_LANGUAGE]
        return template.render(values)


def missing(templates: Mapping[tuple[str, str], str], told: set[Reason]) -> list[str]:
    """The names of templates that have to be there in the default language and are not."""
    names = [FRAME, *sorted(str(reason) for reason in told)]
    return [name for name in names if (name, DEFAULT_LANGUAGE) not in templates]


def _written(value: object) -> object:
    return value if isinstance(value, Markup) else escape(str(value))
