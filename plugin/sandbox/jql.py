"""The little of JQL that the sandbox understands; anything else is refused with a list of what would be. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plugin.sandbox.site import Site
from plugin.sandbox.state import Issue, Refused

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_UNDERSTOOD = (
    "The sandbox understands: project = SUP, project in (SUP), statusCategory != Done, "
    'created >= "2026-11-20", updated >= -15m, '
    'updated >= "2026-11-20 14:03" (UTC), joined by AND, and ORDER BY key, created or updated, ASC or DESC.'
)


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for; `since` and `created` are inclusive, as `updated >=` and `created >=` are."""

    project_key: str | None
    open_only: bool
    since: datetime | None
    created: datetime | None
    order: str
    descending: bool

    def run(self, site: Site, issues: Sequence[Issue]) -> list[Issue]:
        """The issues that match, in order."""
        found = [
            issue
            for issue in issues
            if self.project_key in (None, issue.project_key)
            and not (self.open_only and site.statuses[issue.status].category == "done")
            and (self.since is None or issue.updated >= self.since)
            and (self.created is None or issue.created >= self.created)
        ]

        def rank(issue: Issue) -> tuple[datetime, int]:
            moment = issue.updated if self.order == "updated" else issue.created
            return moment, int(issue.id)

        return sorted(found, key=rank, reverse=self.descending)


def parse(jql: str, site: Site, now: datetime, bounds: bool = True) -> Query:
    """The query that `jql` means; `Refused` 400 where the sandbox does not understand it.

    With `bounds` Cloud wants one that cannot find everything, as its search does.
    """
    where, order, descending = jql.strip(), "created", True
    ordered = re.search(r"(?:^|\s+)ORDER\s+BY\s+(key|created|updated)(?:\s+(ASC|DESC))?\s*$", where, re.IGNORECASE)
    if ordered:
        where, order = where[: ordered.start()].strip(), ordered[1].lower()
        descending = (ordered[2] or "ASC").upper() == "DESC"
    open_only, since, created, bounded = False, None, None, False
    for clause in re.split(r"\s+AND\s+", where, flags=re.IGNORECASE):
        if listed := re.fullmatch(r"\s*project\s+in\s*\(([^()]+)\)\s*", clause, re.IGNORECASE):
            mine = {each.strip().strip("\"'") for each in listed[1].split(",")} & {site.project_key, site.project.id}
            clause = f"project = {mine.pop()}" if mine else "project = nobody"
        words = re.fullmatch(r"\s*(\w+)\s*(!=|>=|=)\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))\s*", clause)
        if not words:
            raise Refused(400, f"Error in the JQL Query: cannot read '{clause}'. {_UNDERSTOOD}")
        what, value = f"{words[1].lower()} {words[2]}", next(word for word in words.groups()[2:] if word is not None)
        if what == "project =":
            if value not in (site.project_key, site.project.name, site.project.id):
                raise Refused(400, f"The value '{value}' does not exist for the field 'project'.")
            bounded = True
        elif what == "statuscategory !=" and value.lower() == "done":
            open_only = True
        elif what == "updated >=":
            since = _moment(what, value, now)
        elif what == "created >=":
            created = _moment(what, value, now)
        else:
            raise Refused(400, f"Error in the JQL Query: cannot read '{clause}'. {_UNDERSTOOD}")
    if bounds and site.cloud and not bounded and since is None and created is None:
        raise Refused(400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    return Query(site.project_key if bounded else None, open_only, since, created, order, descending)


def _moment(what: str, value: str, now: datetime) -> datetime:
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
        f"Date value '{value}' for field '{what.split()[0]}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    )
