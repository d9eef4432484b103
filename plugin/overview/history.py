"""How a request came to what is decided on it: every decision, and what each one changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from plugin.contract.changes import Content, changes
from plugin.contract.policy import Policy
from plugin.contract.steps import moment_text
from plugin.store.decisions import Kept


def told(kept: Sequence[Kept], policy: Policy) -> Iterator[tuple[Kept, tuple[str, ...]]]:
    """Every decision, and what is different about it since the one before; nothing of the first."""
    before: Kept | None = None
    for each in kept:
        if before is None:
            yield each, ()
        else:
            said = (*changes(before.content, each.content, policy), *_resolved(before.content, each.content, policy))
            yield each, said or ("The same; only words or places in the files are others.",)
        before = each


def _resolved(before: Content, now: Content, policy: Policy) -> Iterator[str]:
    was, is_ = before.get("ended"), now.get("ended")
    if is_ and is_ != was:
        yield f"Resolved {moment_text(datetime.fromisoformat(is_).astimezone(policy.zone))}."
    elif was and not is_:
        yield "Opened again."
