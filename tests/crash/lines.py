"""The lines of the road: where a process can be when it is killed."""

from collections.abc import Iterator
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[2]
ROAD = (
    "webhooks/receiver.py",
    "webhooks/keeper.py",
    "plugin/worker.py",
    "plugin/sweep.py",
    "plugin/look.py",
    "plugin/site_fields.py",
    "plugin/intents.py",
    "plugin/write.py",
    "plugin/field_writer.py",
    "plugin/jira/reply.py",
    "plugin/store/inbox.py",
    "plugin/store/doors.py",
    "plugin/store/decisions.py",
    "plugin/store/ledger.py",
    "plugin/store/replies.py",
    "plugin/store/engine.py",
)


def lines_of_the_road() -> list[tuple[str, int]]:
    """Every line inside a function of the files that a webhook goes through, from the receiver to the last write."""
    return [(file, line) for file in ROAD for line in sorted(set(_lines(file)))]


def _lines(file: str) -> Iterator[int]:
    whole = compile((ROOT / file).read_text(), file, "exec")
    for code in _functions(whole):
        yield from (line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno)


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            # The body of a class runs when the file is read, before there is anything to lose.
            if constant.co_flags & 0x2:
                yield constant
            yield from _functions(constant)
