"""What changed between two decisions, as a person would put it. Of decisions as JSON, so that a kept one will do."""

from collections.abc import Mapping
from typing import Any

from plugin.contract.explain import FOLLOWED, READINGS
from plugin.contract.policy import Policy
from plugin.contract.receipt import one_line, title, value_text
from plugin.contract.rules.override import RULE as OVERRIDE
from plugin.contract.saying import say

Content = Mapping[str, Any]
"""A decision as `explain.as_json` gives it, or as it was kept."""


def changes(before: Content, now: Content, policy: Policy) -> tuple[str, ...]:
    """What is different now, a sentence each: values first, then what is no longer so, then what is new.

    Nothing where a person would call it the same decision, whatever else moved: how a sentence puts it, what is left on
    a balance, when it was decided and under which revision. A value that was not ruled on then is no change either.
    """
    old, new = before["rulings"], now["rulings"]
    values = (
        say(
            "{name}: {new} instead of {old}",
            name=title(name.replace("_", " ")),
            new=_said(name, new, policy),
            old=_said(name, old, policy),
        )
        for name in new
        if name not in (*READINGS, *FOLLOWED) and name in old and old[name]["value"] != new[name]["value"]
    )
    were, are = _objections(before), _objections(now)
    gone = (say("No longer: {sentence}", sentence=sentence) for key, sentence in were.items() if key not in are)
    come = (say("New: {sentence}", sentence=sentence) for key, sentence in are.items() if key not in were)
    return tuple(map(one_line, (*values, *gone, *come)))


def _said(name: str, rulings: Mapping[str, Any], policy: Policy) -> str:
    value, findings = rulings[name]["value"], rulings[name]["findings"]
    if name == "agreement" and "customer" in findings[0]["facts"]:
        return str(findings[0]["facts"]["customer"])
    return value_text(name.replace("_", " "), value, policy)


def _objections(content: Content) -> dict[str, str]:
    """The sentences of the reasons and of an agent's override. An override is another one with other words."""
    findings = content["rulings"]["eligibility"]["findings"]
    spoken = {each["sentence"]: each["sentence"] for each in findings if each["rule"] == OVERRIDE}
    return {**spoken, **{each["reason"]: each["sentence"] for each in findings if each["reason"]}}
