"""The projects that are looked after: request types, statuses, ways between them, resolutions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plugin.doctor.line import Line, ok, some, unknown, warning, wrong
from plugin.jira.errors import JiraGone, JiraTrouble
from plugin.jira.fields import Declared
from plugin.mappings.problem import expected


def projects(found: Mapping[str, Mapping[str, Any] | JiraTrouble]) -> list[Line]:
    """Are the projects there, and have they a service desk?"""
    lines = []
    for key, told in found.items():
        if isinstance(told, JiraGone):
            lines.append(
                wrong(
                    f"There is no project {key} for our account.",
                    "Correct projects in fields.yaml, or let our account browse it.",
                )
            )
        elif isinstance(told, JiraTrouble):
            lines.append(unknown(f"Project {key}: {told}", "Run doctor again."))
        elif told.get("projectTypeKey") not in (None, "service_desk"):
            lines.append(
                wrong(
                    f"{key} ({told.get('name')}) is no service project: it has no customers and no request types.",
                    "Name a project of Jira Service Management in fields.yaml.",
                )
            )
        else:
            kept = {"next-gen": ", team-managed", "classic": ", company-managed"}.get(str(told.get("style")), "")
            lines.append(ok(f"{key} ({told.get('name')}{kept}) is a service project."))
    return lines


def request_types(declared: Declared, offered: Mapping[str, Iterable[str]]) -> list[Line]:
    """Are there the request types that fields.yaml knows? `offered`: their names, by project."""
    everywhere = {name.casefold(): name for names in offered.values() for name in names}
    known = {name.casefold() for name in declared.request_types}
    lines = [
        wrong(
            f"fields.yaml knows a request type {name!r}, and no portal has it: such requests are left alone; "
            f"{expected(name, everywhere.values())}.",
            "Correct request_types in fields.yaml: the names are those of the portal, in our account's language.",
        )
        for name in declared.request_types
        if name.casefold() not in everywhere
    ]
    served = [name for folded, name in everywhere.items() if folded in known]
    alone = [name for folded, name in everywhere.items() if folded not in known]
    if served:
        told = f"; left alone: {some(alone)}" if alone else ""
        lines.insert(0, ok(f"Request types that are looked after: {len(served)}{told}."))
    return lines


def statuses(declared: Declared, known: Mapping[str, Sequence[str]]) -> list[Line]:
    """Are there the statuses that requests are moved between? `known`: their names, by project."""
    if declared.waiting_to is None:
        return [ok("fields.yaml names no status to wait in: requests stay where they are.")]
    waiting = [*declared.waiting_from, declared.waiting_to, *([declared.waiting_back] if declared.waiting_back else [])]
    wanted = list(dict.fromkeys(waiting))
    lines = [
        wrong(
            f"{project} has no status {name!r}, which fields.yaml names under waiting; {expected(name, names)}.",
            "Correct waiting in fields.yaml; or leave it out, and requests stay where they are.",
        )
        for project, names in known.items()
        for name in wanted
        if name.casefold() not in {each.casefold() for each in names}
    ]
    return lines or [ok(f"The statuses that requests are moved between are there: {', '.join(wanted)}.")]


def resolutions(declared: Declared, known: Sequence[str]) -> list[Line]:
    """Are there the resolutions that fields.yaml knows?"""
    folded = {name.casefold() for name in known}
    missing = [name for name in declared.resolutions if name.casefold() not in folded]
    if not missing:
        return [ok("The resolutions that fields.yaml knows are there.")]
    return [
        warning(
            f"Jira has no resolution {some([repr(each) for each in missing])}: no request ends so; "
            f"{expected(missing[0], known)}.",
            "Correct resolutions in fields.yaml: how a request ended decides what it costs.",
        )
    ]


def transitions(declared: Declared, offered: Mapping[tuple[str, str], Sequence[str] | None]) -> list[Line]:
    """Does Jira offer us the ways that requests are to go? `offered`: by project and status where one may have to
    leave, the statuses that Jira offers from there; None where no open request is in it.
    """
    if declared.waiting_to is None:
        return [ok("No request is moved: fields.yaml names no status to wait in.")]
    lines, untold, good, ways = [], [], 0, _ways(declared, offered)
    for project, status, to in ways:
        there = offered.get((project, status))
        if there is None:
            untold.append(f"{status} > {to}")
        elif to.casefold() in {each.casefold() for each in there}:
            good += 1
        else:
            lines.append(
                wrong(
                    f"In {project} nothing leads us from {status!r} to {to!r}: a request that waits for the customer "
                    "stays where it is.",
                    "Add that transition to the workflow, without conditions that keep our account out; or correct "
                    "waiting in fields.yaml.",
                )
            )
    if untold:
        lines.append(
            unknown(
                f"No open request is in the status to try it from: {some(list(dict.fromkeys(untold)))}.",
                "Run doctor again once there is one.",
            )
        )
    told = f"{good} of the {len(ways)}" if lines else f"all {good}"
    return [*([ok(f"Jira offers us {told} ways that requests go.")] if good else []), *lines]


def _ways(declared: Declared, offered: Mapping[tuple[str, str], object]) -> list[tuple[str, str, str]]:
    to, back = declared.waiting_to or "", declared.waiting_back
    ways = []
    for project in dict.fromkeys(project for project, _ in offered):
        ways += [(project, status, to) for status in declared.waiting_from if status.casefold() != to.casefold()]
        if back and back.casefold() != to.casefold():
            ways.append((project, to, back))
    return ways
