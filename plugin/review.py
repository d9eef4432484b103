"""Decisions that were kept, made once more: by the files of then, or by others to see what these would change. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import standing_after
from plugin.contract.decision import Decision
from plugin.contract.explain import as_json
from plugin.contract.policy import Policy
from plugin.contract.preview import Difference, differences
from plugin.contract.replay import Inputs, at_next_look, replay
from plugin.mappings.load import Mappings, load_recorded
from plugin.store.decisions import Kept
from plugin.store.inputs import InputsUnreadable, from_json

_BESIDE: Final = ("ended", "followed_since")
"""What a decision was kept with, and does not say itself."""


class NotReplayable(Exception):
    """A kept decision cannot be made once more; the text says why, and nothing is made up instead."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """One request as other files would decide it; `differences` from how those in force do, none where there are none.

    `open`: it was not resolved when it was last looked at.
    """

    key: str
    customer: str | None
    open: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other files would change: every request that could be decided once more, and why the others could not (key
    and reason).
    """

    decided: tuple[Previewed, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def different(self) -> tuple[Previewed, ...]:
        """The requests that something would be different about."""
        return tuple(each for each in self.decided if each.differences)


def replayed(kept: Kept, files: Mapping[str, bytes] | None) -> tuple[Decision, Policy]:
    """A decision made once more by the mapping files that it was made by, with their policy: to the last word the same.

    Raises:
        NotReplayable: when that is not so any more, or what is needed was not kept.
    """
    mappings = recorded(kept.revision, files)
    return again(kept, mappings).decision, mappings.policy


@dataclass(frozen=True, slots=True)
class Again:
    """A decision that was made once more, and from what."""

    decision: Decision
    inputs: Inputs


def recorded(revision: str, files: Mapping[str, bytes] | None) -> Mappings:
    """The mapping files of a revision as they were kept; raises `NotReplayable` where that cannot be."""
    if files is None:
        raise NotReplayable(f"the mapping files of revision {revision} were not kept")
    mappings = load_recorded(files).mappings
    if mappings is None:
        raise NotReplayable(f"this release cannot read the mapping files of revision {revision}")
    return mappings


def again(kept: Kept, mappings: Mappings) -> Again:
    """A decision made once more by the mapping files that it was made by; raises `NotReplayable` as `replayed` does."""
    inputs = _inputs(kept)
    decision = _decided(inputs, mappings)
    waited = standing_after(decision, inputs.request.standing).waited
    # As it comes back from the database.
    comes_back: dict[str, Any] = json.loads(json.dumps({**as_json(decision), "waited": waited}))
    if comes_back != {name: value for name, value in kept.content.items() if name not in _BESIDE}:
        raise NotReplayable("this release decides it in another way")
    return Again(decision, inputs)


def previewed(kept: Kept, edited: Mappings, in_force: Mappings | None, now: datetime) -> Previewed:
    """What edited files would decide otherwise than those in force; without these, otherwise than was decided.

    A request that is open is decided as the next look at `now` would decide it, one that is resolved as it was.

    Raises:
        NotReplayable: when it cannot be decided once more.
    """
    inputs = at_next_look(_inputs(kept), kept.standing, now)
    before = as_json(_decided(inputs, in_force)) if in_force else kept.content
    after = _decided(inputs, edited)
    customer = after.customer.value or before["rulings"]["agreement"]["value"]
    return Previewed(after.request_key, customer, inputs.request.ended is None, differences(before, after))


def what_if(kept: Iterable[Kept], edited: Mappings, in_force: Mappings | None, now: datetime) -> WhatIf:
    """The same for many requests; those that cannot be decided once more are left out, with the reason."""
    decided: list[Previewed] = []
    left_out: list[tuple[str, str]] = []
    for each in kept:
        try:
            decided.append(previewed(each, edited, in_force, now))
        except NotReplayable as why:
            left_out.append((each.content["request"]["key"], str(why)))
    return WhatIf(tuple(decided), tuple(left_out))


def _inputs(kept: Kept) -> Inputs:
    if kept.inputs is None:
        raise NotReplayable("what it was made from was not kept yet")
    try:
        return from_json(kept.inputs)
    except InputsUnreadable as unreadable:
        raise NotReplayable(str(unreadable)) from None


def _decided(inputs: Inputs, mappings: Mappings) -> Decision:
    try:
        return replay(inputs, mappings.policy, mappings.agreements)
    except (LookupError, NoCoverageAhead) as error:
        raise NotReplayable(f"the files of revision {mappings.policy.revision} cannot decide it: {error}") from None
