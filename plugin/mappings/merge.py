"""Two edits of one text brought together: what only one of them changed is taken, the rest is asked. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines as they were, as somebody else has them now, and as they are in one's own text."""

    base: Lines
    theirs: Lines
    ours: Lines

    @property
    def agreed(self) -> Lines | None:
        """The lines where there is no question; None where both changed them, and not alike."""
        if self.theirs in (self.ours, self.base):
            return self.ours
        return self.theirs if self.ours == self.base else None

    def as_chosen(self, choice: str) -> Lines:
        """The lines by a word: `theirs`, `both` (theirs, then ours), else ours."""
        return {"theirs": self.theirs, "both": (*self.theirs, *self.ours)}.get(choice, self.ours)


def pieces(base: str, theirs: str, ours: str) -> tuple[Piece, ...]:
    """Both texts in pieces, beside the one that they were made from."""
    was, one, other = (tuple(each.splitlines(keepends=True)) for each in (base, theirs, ours))
    found, at = [], (0, 0, 0)
    for ends, starts in _anchors(was, one, other):
        changed = Piece(was[at[0] : ends[0]], one[at[1] : ends[1]], other[at[2] : ends[2]])
        same = was[ends[0] : starts[0]]
        found += [each for each in (changed, Piece(same, same, same)) if each != Piece((), (), ())]
        at = starts
    return tuple(found)


def together(parts: Sequence[Piece], choices: Sequence[str] = ()) -> str:
    """The text of the pieces; where there is a question, as was chosen for it, in their order."""
    chosen = iter(choices)
    made = (each.as_chosen(next(chosen, "")) if each.agreed is None else each.agreed for each in parts)
    return "".join(line for lines in made for line in lines)


def questions(parts: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces that somebody has to choose for."""
    return tuple(each for each in parts if each.agreed is None)


def _anchors(was: Lines, one: Lines, other: Lines) -> Iterator[tuple[tuple[int, int, int], tuple[int, int, int]]]:
    """Where all three say the same: the positions at which that begins, and after it."""
    left = {block.a + n: block.b + n for block in _blocks(was, one) for n in range(block.size)}
    right = {block.a + n: block.b + n for block in _blocks(was, other) for n in range(block.size)}
    at = 0
    while at < len(was):
        if at not in left or at not in right:
            at += 1
            continue
        begin, size = at, 1
        while left.get(begin + size) == left[begin] + size and right.get(begin + size) == right[begin] + size:
            size += 1
        at = begin + size
        yield (begin, left[begin], right[begin]), (at, left[begin] + size, right[begin] + size)
    yield (len(was), len(one), len(other)), (len(was), len(one), len(other))


def _blocks(was: Lines, now: Lines) -> list[Match]:
    return SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
