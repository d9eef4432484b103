"""What a ledger that is made again cannot know, and what becomes of it or is to be done: in sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from plugin.balances import shown_after
from plugin.contract.books import request_of
from plugin.contract.grants import UNITS
from plugin.look import Outside
from plugin.remembered import Json, Memory, Remembered
from plugin.store import ledger

NAMED: Final = 20
"""Requests that a sentence names; the others are counted."""


def unknowable(tx: Connection, remembered: Memory, restored: Iterable[str]) -> Iterator[str]:
    """A sentence each, once everything else is booked. `restored` are the customers whose charges were."""
    yield from _not_served(remembered.found)
    yield from _not_there(tx, remembered)
    yield from _not_shown(remembered.boards, restored)
    yield from _not_said(remembered.found)


def _not_served(found: Iterable[Remembered]) -> Iterator[str]:
    for each in found:
        if isinstance(each.seen, Outside) and each.charged and each.customer:
            yield (
                f"{each.key} is not served any more ({each.seen.why}): what it shows of {each.customer} "
                f"({_units(each.charged)}) is given back."
            )


def _not_there(tx: Connection, remembered: Memory) -> Iterator[str]:
    for each in ledger.charges(tx):
        if each.matter in remembered.gone:
            yield (
                f"{each.request_key or request_of(each.matter)} is charged {_counted(each.units, each.unit)} of "
                f"{each.customer}, and Jira does not show it to us any more. If it was deleted, give that back: "
                "support-contract credits correct."
            )
        elif each.matter in remembered.moved:
            yield (
                f"{remembered.moved[each.matter]} was moved to a project that is not served, and is still charged "
                f"{_counted(each.units, each.unit)} of {each.customer}: its next look gives that back."
            )


def _not_shown(boards: Mapping[str, Json], restored: Iterable[str]) -> Iterator[str]:
    silent = [each for each in sorted(restored) if not shown_after(boards.get(each))]
    if silent:
        yield (
            f"Jira does not show what was corrected by hand for {', '.join(silent)}. If anything was, book it anew: "
            "support-contract credits correct."
        )


def _not_said(found: Iterable[Remembered]) -> Iterator[str]:
    keys = [each.key for each in found if any(said.causes is None for said in each.said)]
    if keys:
        yield (
            f"What the comments of an earlier release are for is not known ({_some(keys)}). What is to be said there "
            "today, and was to be said then, counts as said."
        )


def _some(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - NAMED} others" if len(keys) > NAMED else ""
    return ", ".join(keys[:NAMED]) + more


def _units(charged: Mapping[str, int]) -> str:
    """Units as people say them: `2 credits`, `1 credit and 1 training session`."""
    amounts = Counter[str]()
    for lot, units in charged.items():
        amounts[next(each for each in UNITS if lot.startswith(f"{each} "))] += units
    return " and ".join(_counted(amount, unit) for unit, amount in amounts.items())


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit.replace('_', ' ')}{'' if amount == 1 else 's'}"
