"""Who falls out of support at the next release, by the versions that requests named."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from plugin.contract.lifecycle import Lifecycle
from plugin.contract.rules import supported_version

RECENT: Final = timedelta(days=365)
"""How far back decisions tell which versions a customer uses."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A customer whose requests named a version that the next release ends, and those requests."""

    customer: str
    product: str
    line: str
    requests: tuple[str, ...]


def who_leaves(lives: Iterable[Lifecycle], decided: Iterable[Mapping[str, Any]]) -> list[Leaving]:
    """Who falls out, sorted by customer, product and line; `decided` are decisions as JSON, one a request."""
    ending = {(life.product.name, state.line.name) for life in lives for state in life.states if state.leaves}
    requests: dict[tuple[str, str, str], list[str]] = {}
    for content in decided:
        customer = content["rulings"]["agreement"]["value"]
        for named in lines_named(content):
            if named in ending and customer is not None:
                requests.setdefault((customer, *named), []).append(content["request"]["key"])
    return [Leaving(*who, tuple(keys)) for who, keys in sorted(requests.items())]


def lines_named(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The product and the release line that a request named, as far as a rule recognised them."""
    for finding in content["rulings"]["eligibility"]["findings"]:
        if finding["rule"] == supported_version.RULE and "line" in finding["facts"]:
            yield finding["facts"].get("product", ""), finding["facts"]["line"]
