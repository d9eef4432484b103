"""Anything that can happen to requests, and what the contract says in the end: shared by the tests of the road."""

import json
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from plugin.contract.decide import standing_after
from plugin.contract.explain import as_json
from plugin.contract.replay import replay
from plugin.mappings.load import load_recorded
from plugin.sandbox.records import Issue
from plugin.sandbox.webhooks import Delivery
from plugin.store.decisions import kept as of_request
from plugin.store.inputs import from_json
from plugin.store.policies import files_of
from plugin.store.tables import decisions
from plugin.worker import Worker
from tests.road.clauses import CREDITS, customer_of, due, shown, to_the_minute, verdict, wanted
from tests.road.house import (
    AGENT,
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
)

WHO = (MIRA, MIRA, JONAS, EMIL, EMIL, YUSUF, LENA, OSKAR)
PIA = "pia.lindqvist@aurora-robotics.example"
ANSWERS = {"We have updated to 26.2.": NEWEST, "Version: 26.1": ONE_BACK, "Es ist die 24.2.": TOO_OLD}
"""What can be said plainly, and which version it says."""
GERMAN = {"update to": "aktualisieren Sie zuerst auf", "contact": "Ansprechpartner", "organization": "Organisation"}
SITE = ("Support tier", "Ruled severity", "Eligibility", "Credits charged", "Response due", "Credits left")


@dataclass
class People:
    """Customers and agents of a house: what they may do to requests, chosen by two numbers."""

    home: House
    issues: list[Issue] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    raised: int = 0

    def happens(self, name: str, one: int, two: int) -> None:
        """One of them does something: raise, change, solve, delete or share."""
        getattr(self, f"_{name}")(one, two)

    def delete(self, issue: Issue) -> None:
        """An agent deletes it."""
        self.deleted.add(issue.key)
        self.home.delete(issue)

    @property
    def living(self) -> list[Issue]:
        """The requests that nobody deleted."""
        return [each for each in self.issues if each.key not in self.deleted]

    def _issue(self, one: int) -> Issue | None:
        living = self.living
        return living[one % len(living)] if living else None

    def _raise(self, one: int, two: int) -> None:
        who = WHO[one % len(WHO)]
        # Whether Basic has remote sessions at all (C7) is not what is tried here.
        type = (FAULT, FAULT, QUESTION if who in (YUSUF, LENA) else SESSION, QUESTION)[two % 4]
        version = (NEWEST, ONE_BACK, TOO_OLD, UNCLEAR)[two // 4 % 4]
        self.raised += 1
        self.issues.append(self.home.raised(who, type, version, (DOWN, IMPAIRED)[two % 2]))

    def _change(self, one: int, two: int) -> None:
        issue = self._issue(one)
        if issue and two % 2:
            self.home.change(issue, Product_version=(NEWEST, TOO_OLD, UNCLEAR)[two // 2 % 3])
        elif issue:
            self.home.change(issue, Business_impact=(DOWN, IMPAIRED, "No outage")[two // 2 % 3])

    def _say(self, one: int, two: int) -> None:
        # Mostly where it matters. An agent may say what they like as well, and so may a colleague.
        unclear = [each for each in self.living if self.home.shows(each, "Product version") in (TOO_OLD, UNCLEAR)]
        if asked := unclear or self.living:
            issue = asked[one % len(asked)]
            who = (issue.reporter.email, issue.reporter.email, issue.reporter.email, AGENT, PIA)[two % 5]
            text = (*ANSWERS, "We will update to 26.2.", "26.2?")[(one + two) % 5]
            self.home.sandbox.jira.comment(issue, self.home.person(who), text, public=True)

    def _solve(self, one: int, two: int) -> None:
        if issue := self._issue(one):
            if issue.resolution:
                self.home.transition(issue, "Reopen")
            else:
                self.home.transition(issue, "Resolve this issue", ("Product defect", "Done", "Won't do")[two % 3])

    def _delete(self, one: int, _two: int) -> None:
        if issue := self._issue(one):
            self.delete(issue)

    def _share(self, one: int, two: int) -> None:
        if issue := self._issue(one):
            self.home.move_to(issue, *((11,), (12,), (13,), (11, 12), ())[two % 5])


@dataclass
class Play(People):
    """The same with a network that loses, repeats and reorders, and workers that step when they are told to."""

    under_way: list[Delivery] = field(default_factory=list)

    def happens(self, name: str, one: int, two: int) -> None:
        """Something happens, and seven seconds go by."""
        self.home.clock.advance(seconds=7)
        super().happens(name, one, two)
        self.under_way += self.home.sent()

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

    def _reconcile(self, _one: int, _two: int) -> None:
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
        _version(home, issue),
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
    says_whether_it_was_answered_in_time(home, issue)
    told = [comment.body.replace("\\", "").casefold() for comment in home.replies(issue)]
    words = [_spoken(word, issue.reporter.language) for word in ruled.told]
    if words:
        assert [body for body in told if all(word in body for word in words)], (issue.key, told)
    the_last_note_says_what_the_fields_say(home, issue)


def _version(home: House, issue: Issue) -> str | None:
    """What the field says or, where that does not help, what its customer has answered plainly since it was changed."""
    version = home.shows(issue, "Product version")
    changes = [change.at for change in issue.history for item in change.items if item.field == "Product version"]
    for comment in issue.comments:
        plain = comment.author == issue.reporter and comment.created > max(changes, default=issue.created)
        if plain and version not in (NEWEST, ONE_BACK):
            version = ANSWERS.get(comment.body, version)
    return version


def the_last_note_says_what_the_fields_say(home: House, issue: Issue) -> None:
    """And every note but the first says what changed: none is written twice."""
    first, *others = [note.body.replace("\\", "") for note in home.notes(issue)]
    last = [first, *others][-1]
    assert f"*Eligibility:* {home.shows(issue, 'Eligibility').casefold()}\n" in last, (issue.key, last)
    assert f"*Severity:* {home.shows(issue, 'Ruled severity').removeprefix('Severity ')}" in last, (issue.key, last)
    assert f"*Credits:* {int(home.shows(issue, 'Credits charged'))} charged" in last, (issue.key, last)
    assert "*Changed" not in first
    assert all("*Changed since the decision of " in note for note in others), (issue.key, others)


def _spoken(word: str, language: str) -> str:
    """A word of the verdict as the reply has it, in small letters."""
    if language == "de":
        for english, german in GERMAN.items():
            word = word.replace(english, german)
    return word.casefold()


def is_due_in_time(home: House, issue: Issue, hours: int | None) -> None:
    shows = to_the_minute(home.shows(issue, "Response due"))
    if hours is None:
        assert shows is None
        return
    # Whoever had to do something first has the time from that change on, else from raising; whether it was ever seen
    # that they had to, depends on when it was looked at.
    starts = [issue.created, *(change.at for change in issue.history), *(said.created for said in issue.comments)]
    assert shows in [to_the_minute(due(start, hours)) for start in starts] or _later(home, issue, hours)


def says_whether_it_was_answered_in_time(home: House, issue: Issue) -> None:
    """By an agent, in public, since the time runs: before it is due, or not; or resolved without."""
    shows, own = to_the_minute(home.shows(issue, "First response")), home.own(issue)
    started = datetime.fromisoformat(own["clock_started"]) if own["clock_started"] else issue.created
    said = [each.created for each in issue.comments if each.public and each.author.email == AGENT]
    first = min((each for each in said if each >= started), default=None)
    assert shows == to_the_minute(first), issue.key
    due_at = datetime.fromisoformat(own["response_due"]) if own["response_due"] else None
    if due_at is None:
        wanted = "Not applicable"
    elif first or issue.resolved:
        late = (first or issue.resolved or due_at) > due_at
        wanted = "Missed" if late else "Kept" if first else "Not applicable"
    else:
        wanted = "Open overdue" if due_at < datetime.fromisoformat(own["decided_at"]) else "Open"
    assert home.shows(issue, "Response kept") == wanted, issue.key


def _later(home: House, issue: Issue, hours: int) -> bool:
    """The clock may also have started with a look, where it was no change of the customer's that ended the wait."""
    shows, start = to_the_minute(home.shows(issue, "Response due")), issue.created
    while start <= home.clock():
        if to_the_minute(due(start, hours)) == shows:
            return True
        start += timedelta(seconds=30)
    return False


def all_is_as_the_contract_says(people: People) -> None:
    """Every request, the ledger, and what Jira shows of it."""
    home = people.home
    for issue in people.living:
        is_as_the_contract_says(home, issue)
    for issue in people.issues:
        assert issue in people.living or home.holders(issue) == {}, issue.key
    assert home.parked() == []
    assert home.sums_to_zero()
    every_decision_is_decided_again(home)
    for customer, granted in CREDITS.items():
        charges = [home.held(customer, issue) for issue in people.issues]
        assert home.available(customer) in (granted - sum(charges), 0)
        assert home.available(customer) == granted - sum(charges) or not home.places(customer)
    # What Jira shows adds up to what the ledger says.
    in_jira = sum(home.shows(issue, "Credits charged") for issue in people.living)
    assert in_jira == sum(sum(home.holders(issue).values()) for issue in people.issues)
    for organization, customer in ((11, "aurora-robotics"), (12, "brennhaus-medical"), (13, "cobalt-rail")):
        board = home.board(organization)
        assert board is None or board["available"] == home.available(customer)
        assert board is not None or all(home.held(customer, issue) == 0 for issue in people.issues)


def every_decision_is_decided_again(home: House) -> None:
    """Each that was kept, from what it was made from and by the files it was made by: to the last word the same."""
    with home.store.reading() as tx:
        kept = [
            each
            for request in tx.scalars(select(decisions.c.request_id).distinct())
            for each in of_request(tx, request)
        ]
        files = {each.revision: files_of(tx, each.revision) for each in kept}
    recorded = {revision: load_recorded(content or {}).mappings for revision, content in files.items()}
    for each in kept:
        mappings, inputs = recorded[each.revision], from_json(each.inputs or {})
        assert mappings is not None, each.revision
        again = replay(inputs, mappings.policy, home.accounted(mappings).agreements)
        waited, ended = standing_after(again, inputs.request.standing).waited, inputs.request.ended
        beside = {"waited": waited, "ended": ended.isoformat() if ended else None}
        beside["followed_since"] = again.followed_since.isoformat() if again.followed_since else None
        assert {**json.loads(json.dumps(as_json(again))), **beside} == each.content


def looking_again_changes_nothing(people: People) -> bool:
    """Is nothing written when every request is looked at once more?"""
    people.home.forget_traffic()
    for issue in people.issues:
        people.home.knock(issue)
    people.home.settle(most=len(people.issues) + 200)
    return people.home.writes() == []
