"""A run that is killed between any two writes, and run again: as if nothing had happened, forwards and backwards."""

from collections.abc import Callable
from typing import Any

import pytest

from plugin.contract.decision import Source
from plugin.jira.admin import Admin
from plugin.jira.client import JiraClient
from plugin.jira.fields import FieldSpec
from plugin.jira.seen import RECORD, Survey
from plugin.jira.setup import Row, Wanted, carry_out, plan, undo
from plugin.jira.survey import survey
from plugin.sandbox import Guise, Sandbox, Site, running_sandbox, seed
from plugin.sandbox.site import CUSTOM_TYPES, Context, Field, Option
from tests.plugin.jira.conftest import PATIENT

INES = "ines.falk@vendor.example"
TIERS = {"Premium": "premium", "Basic": "basic"}
SPECS = (
    FieldSpec("tier", Source("fields.yaml", 1), name="Support tier", values=TIERS),
    FieldSpec("severity", Source("fields.yaml", 2), name="Ruled severity", values={"Severity 1": "1"}),
    FieldSpec("response_due", Source("fields.yaml", 3), name="Response due"),
)
WANTED = Wanted(SPECS, ("SUP",), (), public_url="http://127.0.0.1:1", secret="between-us")


class Killed(BaseException):
    """The process is gone."""


class Mortal(JiraClient):
    """A client whose process dies after so many writes; each of them happens."""

    lives: int | None = None
    writes = 0

    def call(self, method: str, path: str, query: Any = None, body: Any = None) -> Any:
        if method != "GET" and self.lives is not None and self.writes == self.lives:
            raise Killed
        answer = super().call(method, path, query, body)
        self.writes += method != "GET"
        return answer


def site_before(guise: Guise) -> Site:
    """A Jira in which somebody has begun: a field lacks an option, one is for other projects, neither on the screen."""
    site = seed(guise, bare=True)
    for name, option, projects in (("Support tier", "Premium", ()), ("Ruled severity", "Severity 1", ("999",))):
        number = next(site.numbers)
        context = Context(str(next(site.numbers)), "Of others", projects)
        options = (Option(str(next(site.numbers)), option, context.id),)
        id = f"customfield_{number}"
        site.fields[id] = Field(id, name, "option", f"{CUSTOM_TYPES}select", options=options, contexts=(context,))
    return site


def run(sandbox: Sandbox, plans: Callable[[Survey], Any], lives: int | None = None) -> int:
    """One run; how many writes it made. It may be killed."""
    person = sandbox.site.person(INES)
    flavour = sandbox.site.flavour.value
    jira = Mortal(sandbox.url, person.email if sandbox.site.cloud else None, person.token, flavour, timeout=PATIENT)
    jira.lives = lives
    admin = Admin(jira)
    try:
        outcome = carry_out(admin, lambda: survey(admin, WANTED.projects, SPECS), plans)
    except Killed:
        return jira.writes
    finally:
        jira.close()
    assert outcome.failed == {}
    return jira.writes


def forwards(seen: Survey) -> tuple[Row, ...]:
    return plan(seen, WANTED)


def backwards(seen: Survey) -> tuple[Row, ...]:
    return undo(seen, WANTED)


def shape(sandbox: Sandbox) -> Any:
    """What an administrator sees, without the ids that differ from run to run."""
    fields = sorted(
        (
            field.name,
            field.type,
            field.description,
            field.editable,
            sorted(option.value for option in field.options),
            sorted((context.name, context.projects) for context in field.contexts),
        )
        for field in sandbox.site.fields.values()
        if field.configurable
    )
    hooks = [(hook.name, hook.url, hook.jql, hook.secret) for hook in sandbox.webhooks.hooks()]
    return fields, hooks


@pytest.mark.parametrize("guise", [Guise.COMPANY_MANAGED, Guise.DATACENTER_10])
def test_a_run_killed_between_any_two_writes_is_made_good_by_the_next_and_can_be_taken_back(guise: Guise) -> None:
    with running_sandbox(site_before(guise)) as sandbox:
        before = shape(sandbox)
        making = run(sandbox, forwards)
        made = shape(sandbox)
        removing = run(sandbox, backwards)
        assert shape(sandbox) == before
        assert making > 5
        for lives in range(max(making, removing)):
            run(sandbox, forwards, lives)
            run(sandbox, forwards)
            assert shape(sandbox) == made, f"killed after {lives} writes"
            assert run(sandbox, forwards) == 0
            run(sandbox, backwards, lives)
            run(sandbox, backwards)
            assert shape(sandbox) == before, f"taken back, killed after {lives} writes"
            assert RECORD not in sandbox.site.properties


def test_a_run_that_was_killed_can_be_taken_back_as_it_is() -> None:
    with running_sandbox(site_before(Guise.COMPANY_MANAGED)) as sandbox:
        before, making = shape(sandbox), run(sandbox, forwards)
        run(sandbox, backwards)
        for lives in range(making):
            run(sandbox, forwards, lives)
            run(sandbox, backwards)
            assert shape(sandbox) == before, f"killed after {lives} writes"
            assert sandbox.site.properties == {}
