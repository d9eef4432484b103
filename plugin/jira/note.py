"""A receipt as a note for agents: ours in Jira's wiki markup, everything else escaped."""

from collections.abc import Iterator, Sequence
from typing import Final

from plugin.contract.decision import Decision, Outcome, ResponseKept
from plugin.contract.receipt import Receipt, grounds, places
from plugin.jira.plan import LONGEST_TEXT, units
from plugin.jira.reply import escape

ICONS: Final = {Outcome.MET: "(/)", Outcome.LIMITED: "(!)", Outcome.UNKNOWN: "(?)", Outcome.NOT_MET: "(x)"}
ROOM_FOR_LINK: Final = 1_000
"""Of what a comment holds, left for a link to the receipt."""

SHORTENED: Final = "_It goes on, but a comment cannot be longer: support-contract explain says it all._"


def note(told: Receipt, since: str = "", changed: Sequence[str] = ()) -> str:
    """The receipt as the body of a comment, with room for a link; where it is too long, the quotes at its end go first.

    `changed` is what is different from the decision that agents were told of before, and `since` when that was made.
    https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
    """
    lines, last = [*_lines(told, since, changed)], ["", escape(told.decided)]
    whole = "\n".join((*lines, *last))
    while lines and units(whole) > LONGEST_TEXT - ROOM_FOR_LINK:
        lines.pop()
        whole = "\n".join((*lines, SHORTENED, *last))
    return whole


def with_link(body: str, address: str, until: str) -> str:
    """The body of a note, with a link under it that opens the receipt; `until` when, as people read it."""
    return (
        f"{body}\n[Open this receipt|{address}], with how it came to that, until {escape(until)}. No sign-in is needed."
    )


def reminding(decision: Decision, due: str, tier: str) -> str:
    """The body of the note that reminds agents of a response; `due` and `tier` as people read them."""
    ruling, reminder = decision.response_reminder, decision.response_reminder.value
    overdue = decision.response_kept.value is ResponseKept.OVERDUE
    what = f"The first response is overdue: it was due {due}" if overdue else f"The first response is due {due}"
    lines = [
        f"*{escape(what)}.*",
        escape(f"{tier}, severity {decision.severity.value}. Reminder: {reminder}."),
        escape("No agent has answered the customer in public yet."),
        f"{{{{{places(grounds(ruling.findings[0]))}}}}}",
    ]
    return "\n".join(lines)


def _lines(told: Receipt, since: str, changed: Sequence[str]) -> Iterator[str]:
    what, *rest = told.summary
    yield f"*{escape(what)}*"
    yield from map(escape, rest)
    if changed:
        yield ""
        yield f"*Changed since the decision of {escape(since)}*"
        yield from (f"* {escape(each)}" for each in changed)
    for section in told.sections:
        yield ""
        yield f"*{escape(section.title)}:* {escape(section.value)}"
        for line in section.lines:
            yield f"* {ICONS[line.outcome]} {escape(line.text)} {{{{{places(line.rests_on)}}}}}"
    if told.clauses:
        yield ""
        yield "*What the contract says*"
        yield from (f"* *{name} {escape(clause.title)}:* {escape(clause.says)}" for name, clause in told.clauses)
