"""Projects, request types, statuses and the ways between them, judged."""

from plugin.doctor.judge import project
from plugin.doctor.line import Verdict
from plugin.jira.errors import JiraGone, JiraUnavailable
from plugin.jira.fields import Declared

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
DECLARED = Declared(
    projects=("SUP",),
    fields={},
    request_types={"Report a fault": "fault", "Ask a question": "question"},
    resolutions={"Done": "done", "Duplicate": "duplicate"},
    waiting_from=("Open", "In progress"),
    waiting_to="Waiting",
    waiting_back="Open",
)
STILL = Declared(("SUP",), {}, {"Report a fault": "fault"}, {})


def test_a_project_without_customers_is_none_of_ours() -> None:
    lines = project.projects(
        {
            "SUP": {"name": "Support", "projectTypeKey": "service_desk", "style": "next-gen"},
            "DEV": {"name": "Development", "projectTypeKey": "software"},
            "OLD": JiraGone("404"),
            "BAD": JiraUnavailable("503"),
        }
    )
    assert [line.verdict for line in lines] == [OK, WRONG, WRONG, UNKNOWN]
    assert "team-managed" in lines[0].sentence


def test_a_request_type_is_looked_for_in_any_case_and_the_nearest_is_named() -> None:
    good, bad = project.request_types(DECLARED, {"SUP": ["report A Fault", "Ask a questoin", "Order"]})
    assert good.sentence == "Request types that are looked after: 1; left alone: Ask a questoin, Order."
    assert "nearest: Ask a questoin" in bad.sentence


def test_each_status_that_a_project_lacks_is_told() -> None:
    assert [line.verdict for line in project.statuses(STILL, {"SUP": []})] == [OK]
    assert [line.verdict for line in project.statuses(DECLARED, {"SUP": ["open", "IN PROGRESS", "Waiting"]})] == [OK]
    lines = project.statuses(DECLARED, {"SUP": ["Open", "Waiting"], "HELP": ["Open", "In progress", "Waiting"]})
    assert [(line.verdict, "SUP has no status 'In progress'" in line.sentence) for line in lines] == [(WRONG, True)]


def test_a_resolution_that_is_gone_is_told() -> None:
    assert project.resolutions(DECLARED, ["done", "Duplicate"])[0].verdict is OK
    assert project.resolutions(DECLARED, ["Done"])[0].verdict is WARNING


def test_a_way_that_no_request_can_try_is_neither_right_nor_wrong() -> None:
    offered = {("SUP", "Open"): ["waiting"], ("SUP", "In progress"): None, ("SUP", "Waiting"): ["Done"]}
    lines = project.transitions(DECLARED, offered)
    assert [line.verdict for line in lines] == [OK, WRONG, UNKNOWN]
    assert lines[0].sentence == "Jira offers us 1 of the 3 ways that requests go."
    assert "In progress > Waiting" in lines[2].sentence


def test_where_no_request_is_moved_no_way_is_needed() -> None:
    assert [line.verdict for line in project.transitions(STILL, {})] == [OK]
