"""Who may use the admin's pages, on both databases: links, passwords and sessions."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError

from sqlalchemy import select

from plugin.store import Store, audit, people
from plugin.store.people import IDLE, INVITED, LONGEST, Role
from plugin.store.tables import admin_invitations, admin_sessions

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_link_is_good_for_one_password_within_its_time(store: Store) -> None:
    with store.writing() as tx:
        token = people.invite(tx, "Ida", Role.VIEWER, "Nora", NOON)
        assert token not in str(tx.execute(select(admin_invitations)).all())
        assert people.invitation(tx, token, NOON + INVITED) is None
        person = people.accept(tx, token, "", "hashed", NOON)
        assert person is not None
        assert (person.name, person.role, person.created_by) == ("Ida", Role.VIEWER, "Nora")
        assert people.accept(tx, token, "", "hashed", NOON) is None
        assert people.people(tx) == (person,)


def test_a_new_link_ends_the_one_before(store: Store) -> None:
    with store.writing() as tx:
        before = people.invite(tx, "Ida", Role.VIEWER, "Nora", NOON)
        after = people.invite(tx, "Ida", Role.ADMIN, "Nora", NOON)
        assert people.invitation(tx, before, NOON) is None
        assert people.accept(tx, after, "", "hashed", NOON) is not None
        again = people.invite(tx, "Ida", Role.ADMIN, "Nora", NOON)
        changed = people.accept(tx, again, "", "another", NOON + timedelta(hours=1))
        assert changed is not None
        assert (changed.password, changed.created_at) == ("another", NOON)


def test_a_name_is_known_in_any_case_and_keeps_its_spelling(store: Store) -> None:
    with store.writing() as tx:
        people.accept(tx, people.invite(tx, None, Role.ADMIN, "", NOON), "Ida Brandt", "hashed", NOON)
        found = people.person(tx, " IDA brandt ")
        assert found is not None
        assert found.name == "Ida Brandt"
        assert people.person(tx, "Ida") is None


def test_a_session_lasts_while_somebody_clicks_and_not_longer_than_a_day_of_work(store: Store) -> None:
    with store.writing() as tx:
        token, other = (people.sign_in(tx, name, Role.ADMIN, NOON) for name in ("Ida", "Tomas"))
        assert token not in str(tx.execute(select(admin_sessions)).all())
        found = people.session(tx, token, NOON + IDLE - timedelta(seconds=1))
        assert found is not None
        assert (found.name, found.role) == ("Ida", Role.ADMIN)
        assert people.session(tx, token, NOON + IDLE) is None
        people.seen(tx, token, NOON + LONGEST - timedelta(minutes=1))
        assert people.session(tx, token, NOON + LONGEST - timedelta(seconds=1)) is not None
        assert people.session(tx, token, NOON + LONGEST) is None
        people.sign_in(tx, "Nora", Role.ADMIN, NOON + LONGEST)
        assert len(tx.execute(select(admin_sessions)).all()) == 1, "those that are over are gone"
        assert people.session(tx, other, NOON) is None


def test_whoever_is_removed_or_made_something_else_is_so_at_once(store: Store) -> None:
    with store.writing() as tx:
        people.accept(tx, people.invite(tx, "Ida", Role.ADMIN, "", NOON), "", "hashed", NOON)
        token = people.sign_in(tx, "Ida", Role.ADMIN, NOON)
        assert people.set_role(tx, "Ida", Role.VIEWER)
        found = people.session(tx, token, NOON)
        assert found is not None
        assert found.role is Role.VIEWER
        assert people.remove(tx, "Ida")
        assert people.session(tx, token, NOON) is None
        assert not people.remove(tx, "Ida")
        assert not people.set_role(tx, "Ida", Role.ADMIN)
        assert not people.anybody(tx)


def test_changes_come_back_as_they_were_written_down_the_newest_first(store: Store) -> None:
    with store.writing() as tx:
        audit.record(tx, "Ida", "request.look", "SUP-1", NOON)
        before, after = {"override": None}, {"override": "eligible"}
        audit.record(tx, "Nora", "request.override", "SUP-2", NOON, reason="Ask", before=before, after=after)
        second, first = audit.changes(tx, 10)
        assert (first.person, first.at, first.reason, first.before, first.after) == ("Ida", NOON, None, None, None)
        assert (second.before, second.after, second.reason) == (before, after, "Ask")
        assert audit.changes(tx, 10, subject="SUP-1") == (first,)
        assert audit.changes(tx, 10, before=second.id) == (first,)
        assert audit.changes(tx, 1) == (second,)


def test_two_admins_who_remove_each_other_at_once_do_not_leave_nobody(store: Store) -> None:
    with store.writing() as tx:
        for name in ("Ida", "Tomas"):
            people.accept(tx, people.invite(tx, name, Role.ADMIN, "", NOON), "", "hashed", NOON)
    both = Barrier(2)

    def removed(name: str) -> bool:
        with store.writing() as tx:
            last = people.is_last_admin(tx, name)
            # The other one looks before this one is through, where nothing keeps it from that.
            with suppress(BrokenBarrierError):
                both.wait(0.3)
            return not last and people.remove(tx, name)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(removed, ("Ida", "Tomas"))) == [False, True]
