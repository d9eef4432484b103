"""The words that files share: what is defined in one may be named in the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from plugin.contract import grants
from plugin.contract.decision import Eligibility, PatchEligibility, Reason, ResponseKept
from plugin.mappings.problem import Place, Report, expected
from plugin.mappings.shape import Shape


@dataclass(frozen=True, slots=True)
class Names:
    """The known words of one sort, and the ids they stand for."""

    what: str
    ids: tuple[str, ...]
    spelled: Mapping[str, str]

    def id_of(self, word: str) -> str | None:
        """The id for an id, a name or an alias, in any case."""
        return self.spelled.get(word.casefold())

    def with_ids(self, *more: str) -> "Names":
        """The same words and these."""
        return Names(self.what, (*self.ids, *more), {**self.spelled, **{each: each for each in more}})


@dataclass(frozen=True, slots=True)
class Words:
    """All sorts of words. None where the file that defines them cannot be read: then their use is not judged."""

    tiers: Names | None
    severities: Names | None
    kinds: Names | None
    environments: Names | None
    impacts: Names | None
    products: Names | None
    calendars: Names | None
    outcomes: Names | None
    clauses: Names | None
    priorities: Names | None

    def or_else(self, other: "Words") -> "Words":
        """The same, with the words of others in place of those that are not known."""
        return Words(*(getattr(self, each.name) or getattr(other, each.name) for each in fields(self)))


def closed(what: str, ids: Iterable[str]) -> Names:
    """Words that are their own ids."""
    known = tuple(ids)
    return Names(what, known, {each.casefold(): each for each in known})


REASONS = closed("reason", Reason)
ELIGIBILITIES = closed("eligibility", Eligibility)
PATCH_ELIGIBILITIES = closed("patch eligibility", PatchEligibility)
RESPONSES_KEPT = closed("response", ResponseKept)
ANSWERS = closed("answer", ("yes", "no"))
UNITS = closed("unit", grants.UNITS)


def names_of(report: Report, what: str, entries: Iterable[Shape], *keys: str) -> Names:
    """Names that entries of a file give themselves under these keys; what stands under the first one is the id."""
    return _names(report, what, [[each for key in keys for each in _spelled(entry, key)] for entry in entries])


def names_in(report: Report, what: str, file: Shape, key: str) -> Names:
    """Words that a file lists under a key, each of them its own id."""
    return _names(report, what, [[each] for each in _spelled(file, key)])


def _spelled(shape: Shape, key: str) -> list[tuple[str, Place]]:
    written = getattr(shape, key)
    if isinstance(written, tuple):
        return [(word, shape.place(key, number)) for number, word in enumerate(written)]
    return [(str(written), shape.place(key))]


def _names(report: Report, what: str, entries: Iterable[Sequence[tuple[str, Place]]]) -> Names:
    """Each entry has its id first. One spelling for two entries is a problem."""
    ids: list[str] = []
    spelled: dict[str, tuple[int, Place]] = {}
    for number, spellings in enumerate(entries):
        ids.append(spellings[0][0])
        for word, place in spellings:
            entry, first = spelled.setdefault(word.casefold(), (number, place))
            if entry != number:
                report.problem(place, f"{word} is already a {what} in {first.source}; expected a name of its own")
    return Names(what, tuple(ids), {word: ids[number] for word, (number, _) in spelled.items()})


def resolved(report: Report, place: Place, label: str, word: str, known: Names | None, *also: str) -> str | None:
    """The id that a word stands for, or None and a problem at `place`. Words in `also` stand for themselves."""
    if word in also:
        return word
    if known is None:
        return None
    found = known.id_of(word)
    if found is None:
        report.problem(place, f"{label}: there is no {known.what} {word}; {expected(word, (*known.ids, *also))}")
    return found
