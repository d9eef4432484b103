"""The little of JQL that the sandbox understands; anything else is refused with a list of what would be. Pure."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from plugin.sandbox.records import Issue
from plugin.sandbox.site import Site
from plugin.sandbox.state import Refused

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_UNDERSTOOD = (
    "The sandbox understands: project = SUP, project in (SUP), key in (SUP-1, SUP-2), statusCategory != Done, "
    'created >= "2026-11-20", updated >= -15m, updated < "2026-11-20 14:03" (UTC), joined by AND, OR, NOT and '
    "brackets, and ORDER BY key, created or updated, ASC or DESC."
)
_WORD = re.compile(r"\s*(?:(?P<quoted>\"[^\"]*\"|'[^']*')|(?P<sign>[(),]|!=|>=|<=|=|<|>)|(?P<bare>[^\s()\",'!<>=]+))")
_COMPARED: Final = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}

_CATEGORIES: Final = {"to do": "new", "in progress": "indeterminate"}

Condition = Callable[[Issue], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for, and in which order."""

    fits: Condition
    order: str
    descending: bool

    def run(self, issues: Sequence[Issue]) -> list[Issue]:
        """The issues that match, in order."""

        def rank(issue: Issue) -> tuple[datetime, int]:
            moment = issue.updated if self.order == "updated" else issue.created
            return moment, int(issue.id)

        return sorted(filter(self.fits, issues), key=rank, reverse=self.descending)


def parse(jql: str, site: Site, now: datetime, bounds: bool = True) -> Query:
    """The query that `jql` means; `Refused` 400 where the sandbox does not understand it.

    With `bounds` Cloud wants one that cannot find everything, as its search does.
    """
    where, order, descending = jql.strip(), "created", True
    ordered = re.search(r"(?:^|\s+)ORDER\s+BY\s+(key|created|updated)(?:\s+(ASC|DESC))?\s*$", where, re.IGNORECASE)
    if ordered:
        where, order = where[: ordered.start()].strip(), ordered[1].lower()
        descending = (ordered[2] or "ASC").upper() == "DESC"
    reader = _Reader(where, site, now)
    fits = reader.whole() if where else _anything
    if bounds and site.cloud and not reader.bounded:
        raise Refused(400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    return Query(fits, order, descending)


def _anything(_issue: Issue) -> bool:
    return True


class _Reader:
    """Goes through the words of a query once, from left to right. `bounded`: something keeps it from finding all."""

    def __init__(self, where: str, site: Site, now: datetime) -> None:
        self._where, self._site, self._now, self.bounded = where, site, now, False
        self._words = self._split(where)

    def whole(self) -> Condition:
        found = self._any()
        if self._words:
            raise self._unreadable()
        return found

    def _any(self) -> Condition:
        several = [self._all()]
        while self._takes("or"):
            several.append(self._all())
        return lambda issue: any(each(issue) for each in several)

    def _all(self) -> Condition:
        several = [self._one()]
        while self._takes("and"):
            several.append(self._one())
        return lambda issue: all(each(issue) for each in several)

    def _one(self) -> Condition:
        if self._takes("not"):
            fits = self._one()
            return lambda issue: not fits(issue)
        if self._takes("("):
            fits = self._any()
            if not self._takes(")"):
                raise self._unreadable()
            return fits
        return self._compared()

    def _compared(self) -> Condition:
        what, sign = self._next().lower(), self._next().lower()
        if sign in ("in", "not"):
            if sign == "not" and not self._takes("in"):
                raise self._unreadable()
            values, within = self._listed(), sign == "in"
        else:
            values, within = [self._next()], sign == "="
        if sign in ("=", "!=", "in", "not"):
            fits = self._equal(what, values)
            return lambda issue: fits(issue) is within
        compare, moment = _COMPARED.get(sign), _moment(what, values[0], self._now)
        if compare is None:
            raise self._unreadable()
        self.bounded = True
        return lambda issue: bool(compare(issue.created if what == "created" else issue.updated, moment))

    def _equal(self, what: str, values: list[str]) -> Condition:
        if what == "project":
            for value in values:
                if value not in (self._site.project_key, self._site.project.name, self._site.project.id):
                    raise Refused(400, f"The value '{value}' does not exist for the field 'project'.")
            self.bounded = True
            return lambda issue: issue.project_key == self._site.project_key
        if what in ("key", "issuekey", "id"):
            self.bounded = True
            return lambda issue: bool({issue.key, issue.id} & set(values))
        if what == "statuscategory":
            names = {_CATEGORIES.get(value.lower(), value.lower()) for value in values}
            return lambda issue: self._site.statuses[issue.status].category in names
        raise self._unreadable()

    def _listed(self) -> list[str]:
        if not self._takes("("):
            raise self._unreadable()
        values = [self._next()]
        while self._takes(","):
            values.append(self._next())
        if not self._takes(")"):
            raise self._unreadable()
        return values

    def _takes(self, word: str) -> bool:
        if self._words and self._words[0].lower() == word:
            self._words.pop(0)
            return True
        return False

    def _next(self) -> str:
        if not self._words:
            raise self._unreadable()
        return self._words.pop(0).strip("\"'")

    def _split(self, where: str) -> list[str]:
        words, at = [], 0
        while at < len(where):
            found = _WORD.match(where, at)
            if found is None:
                raise self._unreadable()
            words.append(found[0].strip())
            at = found.end()
        return words

    def _unreadable(self) -> Refused:
        return Refused(400, f"Error in the JQL Query: cannot read '{self._where}'. {_UNDERSTOOD}")


def _moment(what: str, value: str, now: datetime) -> datetime:
    if what not in ("created", "updated"):
        raise Refused(400, f"The operator does not work on the field '{what}'. {_UNDERSTOOD}")
    relative = re.fullmatch(r"-(\d+)([mhdw])", value)
    if relative:
        return now - int(relative[1]) * _UNITS[relative[2]]
    for pattern in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(value.replace("/", "-"), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Refused(
        400,
        f"Date value '{value}' for field '{what}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    )
