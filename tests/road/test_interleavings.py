"""Whatever order webhooks come in, however often or never, and whoever works: the end is what the contract says."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plugin.sandbox.state import Issue
from plugin.sandbox.webhooks import Delivery
from plugin.store import Store
from plugin.worker import Worker
from tests.road.clauses import CREDITS, customer_of, due, shown, to_the_minute, verdict, wanted
from tests.road.house import (
    DOWN,
    EMIL,
    FAULT,
    IMPAIRED,
    JONAS,
    LENA,
    MIRA,
    NEWEST,
    ONE_BACK,
    OSKAR,
    QUESTION,
    SESSION,
    TOO_OLD,
    UNCLEAR,
    YUSUF,
    House,
    emptied,
    house,
)

WHO = (MIRA, MIRA, JONAS, EMIL, EMIL, YUSUF, LENA, OSKAR)
SITE = ("Support tier", "Ruled severity", "Eligibility", "Credits charged", "Response due", "Credits left")
Event = tuple[str, int, int]


@dataclass
class Play:
    """A house in which anything may happen; each event is a name and two numbers that choose."""

    home: House
    issues: list[Issue] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    under_way: list[Delivery] = field(default_factory=list)
    changed: dict[str, list[int]] = field(default_factory=dict)

    def happens(self, name: str, one: int, two: int) -> None:
        deeds: dict[str, Callable[[int, int], None]] = {
            "raise": self._raise,
            "change": self._change,
            "solve": self._solve,
            "delete": self._delete,
            "share": self._share,
            "deliver": self._deliver,
            "lose": self._lose,
            "work": self._work,
            "both": self._both,
            "reconcile": lambda _one, _two: self._reconcile(),
        }
        self.home.clock.advance(seconds=7)
        deeds[name](one, two)
        self.under_way += self.home.sent()

    def _issue(self, one: int) -> Issue | None:
        living = [each for each in self.issues if each.key not in self.deleted]
        return living[one % len(living)] if living else None

    def _raise(self, one: int, two: int) -> None:
        who = WHO[one % len(WHO)]
        # Whether Basic has remote sessions at all (C7) is not what is tried here.
        type = (FAULT, FAULT, QUESTION if who in (YUSUF, LENA) else SESSION, QUESTION)[two % 4]
        version = (NEWEST, ONE_BACK, TOO_OLD, UNCLEAR)[two // 4 % 4]
        self.issues.append(self.home.raised(who, type, version, (DOWN, IMPAIRED)[two % 2]))

    def _change(self, one: int, two: int) -> None:
        issue = self._issue(one)
        if issue and two % 2:
            self.home.change(issue, Product_version=(NEWEST, TOO_OLD, UNCLEAR)[two // 2 % 3])
        elif issue:
            self.home.change(issue, Business_impact=(DOWN, IMPAIRED, "No outage")[two // 2 % 3])

    def _solve(self, one: int, two: int) -> None:
        if issue := self._issue(one):
            if issue.resolution:
                self.home.transition(issue, "Reopen")
            else:
                self.home.transition(issue, "Resolve this issue", ("Product defect", "Done", "Won't do")[two % 3])

    def _delete(self, one: int, _two: int) -> None:
        if issue := self._issue(one):
            self.deleted.add(issue.key)
            self.home.delete(issue)

    def _share(self, one: int, two: int) -> None:
        if issue := self._issue(one):
            self.home.move_to(issue, *((11,), (12,), (13,), (11, 12), ())[two % 5])

    def _deliver(self, one: int, two: int) -> None:
        """Some that are under way, not in their order, once or several times; repeated ones may come again later."""
        if self.under_way:
            chosen = self.under_way[one % len(self.under_way)]
            self.home.receive(*[chosen] * (1 + two % 3))
            if two % 2:
                self.under_way.remove(chosen)

    def _lose(self, one: int, _two: int) -> None:
        # That a request is gone has no other proof than being told.
        fit = [each for each in self.under_way if each.event != "jira:issue_deleted"]
        if fit:
            self.under_way.remove(fit[one % len(fit)])

    def _work(self, one: int, _two: int) -> None:
        self.home.worker(("one", "two")[one % 2]).step()

    def _both(self, _one: int, _two: int) -> None:
        at_once(self.home.worker("one"), self.home.worker("two"))

    def _reconcile(self) -> None:
        self.home.reconcile()

    def ends(self) -> None:
        """What is under way arrives, what was lost is found, and everybody works until there is nothing left to do."""
        self.home.receive(*self.under_way)
        self.home.clock.advance(seconds=90)
        self.home.reconcile()
        self.home.settle(self.home.worker("one"), self.home.worker("two"))


def at_once(*workers: Worker) -> None:
    """Several workers in threads of their own, until neither finds a door."""

    def work(worker: Worker) -> None:
        while worker.step():
            pass

    threads = [threading.Thread(target=work, args=(each,)) for each in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def is_as_the_contract_says(home: House, issue: Issue) -> None:
    organization = home.sandbox.site.custom("sd-customer-organizations").id
    shared = issue.values.get(organization) or issue.reporter.organizations
    ids = tuple(each for each in shared if isinstance(each, int)) if isinstance(shared, tuple) else ()
    customer = customer_of(ids, issue.reporter.email)
    ruled = verdict(
        issue.reporter.email,
        customer,
        issue.request_type.name,
        home.shows(issue, "Product version"),
        "Production",
        home.shows(issue, "Business impact"),
        issue.created.date(),
        defect=issue.resolution is not None and issue.resolution.name == "Product defect",
    )
    assert shown({name: home.shows(issue, name) for name in SITE}) == wanted(ruled), issue.key
    # Charged once, and to nobody else.
    assert home.holders(issue) == ({customer: ruled.charged} if ruled.charged else {}), issue.key
    assert sum(home.own(issue)["charged"].values()) == ruled.charged
    is_due_in_time(home, issue, ruled.hours)
    told = [comment.body.replace("\\", "") for comment in home.replies(issue)]
    if ruled.told:
        assert [body for body in told if all(word in body for word in ruled.told)], (issue.key, told)


def is_due_in_time(home: House, issue: Issue, hours: int | None) -> None:
    shows = to_the_minute(home.shows(issue, "Response due"))
    if hours is None:
        assert shows is None
        return
    # Whoever had to do something first has the time from that change on, else from raising; whether it was ever seen
    # that they had to, depends on when it was looked at.
    starts = [issue.created, *(change.at for change in issue.history)]
    assert shows in [to_the_minute(due(start, hours)) for start in starts] or _later(home, issue, hours)


def _later(home: House, issue: Issue, hours: int) -> bool:
    """The clock may also have started with a look, where it was no change of the customer's that ended the wait."""
    shows, start = to_the_minute(home.shows(issue, "Response due")), issue.created
    while start <= home.clock():
        if to_the_minute(due(start, hours)) == shows:
            return True
        start += timedelta(seconds=30)
    return False


NAMES = (*("raise", "change", "deliver", "work") * 2, "deliver", "work", "both", "solve", "delete", "share", "lose")
EVENTS = st.lists(
    st.tuples(st.sampled_from((*NAMES, "reconcile")), st.integers(0, 15), st.integers(0, 15)), min_size=4, max_size=24
)


@settings(
    max_examples=50,  # on each of the two databases
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EVENTS)
def test_a_hundred_interleavings_end_as_the_contract_says(store: Store, events: list[Event]) -> None:
    with house(emptied(store)) as home:
        play = Play(home)
        play.happens("raise", 0, 0)
        for event in events:
            play.happens(*event)
        play.ends()
        living = [issue for issue in play.issues if issue.key not in play.deleted]
        for issue in living:
            is_as_the_contract_says(home, issue)
        for issue in play.issues:
            assert issue in living or home.holders(issue) == {}
        assert home.parked() == []
        assert home.sums_to_zero()
        for customer, granted in CREDITS.items():
            charges = [home.held(customer, issue) for issue in play.issues]
            assert home.available(customer) in (granted - sum(charges), 0)
            assert home.available(customer) == granted - sum(charges) or not home.places(customer)
        # What Jira shows adds up to what the ledger says.
        in_jira = sum(home.shows(issue, "Credits charged") for issue in living)
        assert in_jira == sum(sum(home.holders(issue).values()) for issue in play.issues)
        for organization, customer in ((11, "aurora-robotics"), (12, "brennhaus-medical"), (13, "cobalt-rail")):
            board = home.board(organization)
            assert board is None or board["available"] == home.available(customer)
            assert board is not None or all(home.held(customer, issue) == 0 for issue in play.issues)
        # Looking again changes nothing.
        home.forget_traffic()
        for issue in play.issues:
            home.knock(issue)
        home.settle()
        assert home.writes() == []


@pytest.mark.parametrize("copies", [1, 100])
def test_a_request_looked_at_a_hundred_times_by_two_workers_is_charged_once(store: Store, copies: int) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(store))
        issues = [home.raised(MIRA), home.raised(JONAS, SESSION), home.raised(EMIL), home.raised(JONAS, FAULT, TOO_OLD)]
        created = home.sent()
        workers = [home.worker("one"), home.worker("two")]
        for _ in range(copies):
            for issue in issues:
                home.knock(issue)
            home.receive(*created, *home.sent())
            if copies == 1 or _ % 10 == 0:
                at_once(*workers)
        home.settle()
        assert [home.holders(issue) for issue in issues] == [
            {"aurora-robotics": 1},
            {"aurora-robotics": 2},
            {"brennhaus-medical": 1},
            {},
        ]
        assert [len(home.replies(issue)) for issue in issues] == [0, 0, 0, 1]
        assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 189
        assert (home.board(12) or {})["available"] == home.available("brennhaus-medical") == 95


def test_the_last_credits_are_given_out_once_by_two_workers_and_none_goes_below_zero(store: Store) -> None:
    with house(store) as home:
        aurora = home.agreement("aurora-robotics")
        one = replace(aurora.entitlements[0], tier="advanced", licenses=1)  # 16 credits a year
        others = tuple(each for each in home.mappings.agreements if each is not aurora)
        home.mappings = replace(home.mappings, agreements=(replace(aurora, entitlements=(one,)), *others))
        issues = [home.raised(MIRA, SESSION) for _ in range(11)]
        home.receive(*home.sent())
        at_once(home.worker("one"), home.worker("two"))
        home.settle(home.worker("one"), home.worker("two"))
        # 16 credits are enough for exactly eight sessions at two: also for the one that takes the last.
        charged = [issue for issue in issues if home.holders(issue)]
        assert len(charged) == 8
        assert {home.shows(issue, "Eligibility") for issue in issues if issue not in charged} == {"On hold"}
        assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 0
        # What comes back helps somebody who was on hold, at the next reconciliation.
        home.transition(charged[0], "Resolve this issue", "Product defect")
        home.settle()
        assert (home.board(11) or {})["available"] == 2
        home.reconcile()
        home.settle()
        assert len([issue for issue in issues if home.holders(issue)]) == 8
        assert home.holders(charged[0]) == {}
        assert home.available("aurora-robotics") == 0
