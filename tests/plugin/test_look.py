"""One look: what is seen, decided and booked; looking twice is looking once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from plugin.contract.books import matter_of
from plugin.contract.explain import as_json
from plugin.contract.replay import replay
from plugin.intents import look_for
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.reply import send
from plugin.look import Outside, Seen, Settled, consider, give_back, see, settle
from plugin.mappings.eligibility import Receipts
from plugin.mappings.replies import Replies
from plugin.sandbox.records import Issue
from plugin.sandbox.site import Named
from plugin.site_fields import field_map
from plugin.store import Store, decisions, ledger, policies, replies
from plugin.store.inputs import from_json
from tests.road.house import JONAS, MIRA, SESSION, TOO_OLD, House, emptied, house, sqlite_store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("look")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def looked(home: House, issue: Issue) -> Seen:
    fields = field_map(home.client(), home.mappings)
    with home.store.reading() as tx:
        standing = decisions.standing(tx, issue.id)
    seen = see(home.client(), home.mappings, fields, issue.id, standing, home.clock())
    assert isinstance(seen, Seen)
    return seen


def without_receipts(home: House) -> None:
    """Nothing but replies is said."""
    home.mappings = replace(home.mappings, receipts=Receipts(agent=False))


def a_look(home: House, issue: Issue) -> Settled:
    """What a look settles, as a worker goes about it."""
    seen = looked(home, issue)
    with home.store.reading() as tx:
        unsent = replies.unsent(tx, issue.id)
    sought = look_for(home.client(), issue.id, unsent)
    with home.store.writing() as tx:
        return settle(tx, seen, home.mappings, home.clock(), sought)


def recorded(home: House, issue: Issue) -> dict[str, bool]:
    """What was to be said, and whether it is known to be."""
    with home.store.reading() as tx:
        return {each.id: each.sent for each in replies.recorded(tx, issue.id)}


def test_settling_twice_books_once_and_decides_once(home: House) -> None:
    issue = home.raised(type=SESSION)
    for turn in range(3):
        with home.store.writing() as tx:
            settled = settle(tx, looked(home, issue), home.mappings, home.clock())
        assert settled.moved == (("aurora-robotics",) if turn == 0 else ())
        assert settled.customers == ("aurora-robotics",)
        assert dict(settled.held) == {"credit 2026-04-01": 2}
        home.clock.advance(hours=1)
    with home.store.reading() as tx:
        assert len(decisions.history(tx, issue.id)) == 1
        assert len([line for line in ledger.statement(tx, "aurora-robotics", "credit") if line.request_key]) == 1


def test_a_decision_that_is_repeated_holds_since_it_was_first_made(home: House) -> None:
    issue = home.raised()
    first = home.clock()
    for _ in range(2):
        with home.store.writing() as tx:
            settled = settle(tx, looked(home, issue), home.mappings, home.clock())
        assert (settled.decision.decided_at, settled.since) == (home.clock(), first)
        home.clock.advance(hours=1)
    home.knock(issue)
    home.settle()
    assert home.own(issue)["since"] == first.isoformat()
    assert home.own(issue)["decided_at"] == home.clock().isoformat()


def test_what_was_decided_from_and_by_which_files_is_kept_with_a_new_decision_only(home: House) -> None:
    issue = home.raised(type=SESSION)
    by_hand = replace(home.mappings, policy=replace(home.mappings.policy, revision="another"))
    for mappings in (home.mappings, by_hand):
        with home.store.writing() as tx:
            seen = looked(home, issue)
            settle(tx, seen, mappings, home.clock())
        home.clock.advance(hours=1)
    with home.store.reading() as tx:
        [kept] = decisions.kept(tx, issue.id)
        assert policies.files_of(tx, kept.revision) == home.mappings.files
        assert policies.files_of(tx, "another") is None
    inputs = from_json(kept.inputs or {})
    assert (inputs.request.key, inputs.customer, inputs.now) == (issue.key, "aurora-robotics", kept.decided_at)
    again = replay(inputs, home.mappings.policy, home.mappings.agreements)
    beside = {"waited": False, "ended": None, "followed_since": kept.decided_at.isoformat()}
    assert {**as_json(again), **beside} == kept.content


def test_a_charge_that_took_the_last_credits_is_not_judged_by_what_it_left(home: House) -> None:
    aurora = home.agreement("aurora-robotics")
    one = replace(aurora.entitlements[0], tier="advanced", licenses=1)
    home.mappings = replace(home.mappings, agreements=(replace(aurora, entitlements=(one,)),))
    issues = [home.raised(type=SESSION) for _ in range(8)]  # 8 x 2 of 16 credits
    for issue in (*issues, issues[-1]):
        with home.store.writing() as tx:
            settled = settle(tx, looked(home, issue), home.mappings, home.clock())
        assert settled.decision.charge.value == 2
    assert settled.decision.credits_left.value == 0


def test_considering_decides_the_same_and_leaves_no_trace(home: House) -> None:
    issue = home.raised(type=SESSION)
    with home.store.writing() as tx:
        settled = settle(tx, looked(home, issue), home.mappings, home.clock())
    with home.store.reading() as tx:
        considered = consider(tx, looked(home, issue), home.mappings, home.clock())
    assert considered == settled.decision
    assert considered.credits_left.value == 190


def test_what_is_settled_and_then_fails_leaves_no_trace(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    seen = looked(home, issue)

    def fails_at_last() -> None:
        with home.store.writing() as tx:
            settle(tx, seen, home.mappings, home.clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_at_last()
    with home.store.reading() as tx:
        assert decisions.history(tx, issue.id) == ()
        assert replies.recorded(tx, issue.id) == ()
        assert ledger.sequence(tx, "aurora-robotics") == 0


def test_a_reply_is_intended_once_and_stays_until_it_is_sent(home: House) -> None:
    without_receipts(home)
    issue = home.raised(version=TOO_OLD)
    intents = set()
    for _ in range(3):
        [unsent] = a_look(home, issue).unsent
        assert unsent.comment is None
        intents.add(unsent.intent.id)
    assert len(intents) == 1
    with home.store.writing() as tx:
        replies.sent(tx, unsent.intent.id, "10001", home.clock())
    assert a_look(home, issue).unsent == ()


def test_a_reply_that_was_not_sent_yet_goes_out_though_its_template_was_edited_meanwhile(home: House) -> None:
    without_receipts(home)
    issue = home.raised(version=TOO_OLD)
    [before] = a_look(home, issue).unsent
    frame = "Dear {{ person }}, {% for reason in reasons %}{{ reason }}{% endfor %}"
    edited = Replies({("frame", "en"): frame, ("version_too_old", "en"): "Please update."})
    home.mappings = replace(home.mappings, replies=edited)
    assert a_look(home, issue).unsent == (before,)


def test_a_reply_that_was_not_sent_is_not_sent_any_more_once_it_is_not_so_any_more(home: House) -> None:
    without_receipts(home)
    issue = home.raised(version=TOO_OLD)
    [old] = a_look(home, issue).unsent
    home.change(issue, Product_version="latest")
    [unclear] = a_look(home, issue).unsent
    assert "latest" in unclear.intent.body
    assert recorded(home, issue) == {unclear.intent.id: False}
    assert unclear.intent.place > old.intent.place


def test_what_is_found_on_the_request_is_not_sent_again_and_what_follows_sending_is_still_to_be_done(
    home: House,
) -> None:
    without_receipts(home)
    issue = home.raised(version=TOO_OLD)
    [unsent] = a_look(home, issue).unsent
    comment = send(home.client(), issue.id, unsent.intent.body, unsent.intent.id)
    [found] = a_look(home, issue).unsent
    assert (found.intent.id, found.comment) == (unsent.intent.id, comment)
    assert recorded(home, issue) == {unsent.intent.id: False}


def test_what_is_found_on_the_request_and_not_so_any_more_is_noted_as_sent(home: House) -> None:
    without_receipts(home)
    issue = home.raised(version=TOO_OLD)
    [old] = a_look(home, issue).unsent
    send(home.client(), issue.id, old.intent.body, old.intent.id)
    home.change(issue, Product_version="latest")
    [unclear] = a_look(home, issue).unsent
    assert recorded(home, issue) == {old.intent.id: True, unclear.intent.id: False}
    home.change(issue, Product_version=TOO_OLD)
    assert a_look(home, issue).unsent == ()


def test_nothing_is_looked_for_where_everything_is_known_to_be_sent(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.forget_traffic()
    assert look_for(home.client(), issue.id, ()) == {}
    assert home.calls() == 0


def test_everybody_who_lost_or_gained_is_named_when_a_request_changes_hands(home: House) -> None:
    issue = home.raised()
    with home.store.writing() as tx:
        settle(tx, looked(home, issue), home.mappings, home.clock())
    home.move_to(issue, 12)
    with home.store.writing() as tx:
        settled = settle(tx, looked(home, issue), home.mappings, home.clock())
    assert settled.customers == ("aurora-robotics", "brennhaus-medical")
    assert settled.moved == ("aurora-robotics", "brennhaus-medical")  # the second gets its grant of the year
    with home.store.reading() as tx:
        [back] = [each for each in ledger.statement(tx, "aurora-robotics", "credit") if each.kind == "refund"]
    assert (back.units, back.memo) == (1, f"{issue.key} is no longer a request of aurora-robotics")


def test_giving_back_twice_gives_back_once_and_says_why(home: House) -> None:
    issue, other = home.raised(MIRA), home.raised(JONAS)
    for each in (issue, other):
        with home.store.writing() as tx:
            settle(tx, looked(home, each), home.mappings, home.clock())
    for _ in range(2):
        with home.store.writing() as tx:
            customers = give_back(tx, issue.id, issue.key, home.mappings, home.clock(), "it was deleted")
        assert customers == ("aurora-robotics",)
    with home.store.reading() as tx:
        [back] = [each for each in ledger.statement(tx, "aurora-robotics", "credit") if each.kind == "refund"]
        assert ledger.held(tx, "aurora-robotics", matter_of(other.id))
    assert (back.units, back.memo) == (1, "it was deleted")


def test_an_issue_outside_still_tells_what_it_shows_of_ours(home: House) -> None:
    issue = home.raised()
    home.settle()
    issue.request_type = Named("77", "Billing")
    seen = see(home.client(), home.mappings, field_map(home.client(), home.mappings), issue.id, None, home.clock())
    assert isinstance(seen, Outside)
    assert "'Billing' has no kind" in seen.why
    assert (seen.key, seen.shown.values["credits_charged"]) == (issue.key, 1)


class _WithoutAccounts(JiraClient):
    def organizations_of(self, account: str) -> tuple[()]:
        raise JiraGone(f"There is no account {account}.")


def test_an_account_that_is_gone_does_not_make_the_request_look_gone(home: House) -> None:
    issue = home.raised()
    home.move_to(issue)
    jira = _WithoutAccounts(home.sandbox.url, "support-contract@vendor.example", "token-support-contract", "cloud")
    home.settle(home.worker("one", jira))
    # By the domain of the e-mail address.
    assert home.shows(issue, "Eligibility") == "Eligible"
    jira.close()
