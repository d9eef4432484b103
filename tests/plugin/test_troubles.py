"""What goes wrong with one thing keeps no other undone, and is told at the end."""

from datetime import UTC, datetime

import pytest

from plugin.jira.errors import JiraGone, JiraHitch, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.troubles import NotKept, Troubles

NOON, ONE = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (12, 13))


def met(*troubles: Exception) -> Troubles:
    kept = Troubles()
    for trouble in troubles:
        with kept.apart():
            raise trouble
    return kept


def test_without_any_nothing_is_told() -> None:
    assert not met()
    met().tell()


@pytest.mark.parametrize(
    ("troubles", "kind"),
    [
        ((JiraRefused("one"), JiraGone("two")), JiraRefused),
        ((JiraHitch("one"), JiraRefused("two")), JiraHitch),
        ((NotKept("one"), JiraHitch("two")), NotKept),
    ],
)
def test_they_are_told_together_as_the_one_that_says_most_about_what_to_do_next(
    troubles: tuple[Exception, ...], kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=r"^one two$") as told:
        met(*troubles).tell()
    assert type(told.value) is kind


def test_the_same_is_told_once() -> None:
    with pytest.raises(JiraRefused, match=r"^no$"):
        met(JiraRefused("no"), JiraRefused("no")).tell()


def test_the_next_try_is_when_all_of_them_may_do_better() -> None:
    with pytest.raises(JiraHitch) as told:
        met(JiraHitch("a", ONE), JiraHitch("b", NOON), JiraHitch("c")).tell()
    assert told.value.retry_at == ONE


@pytest.mark.parametrize("trouble", [JiraUnavailable("away"), JiraTrouble("x"), ValueError("a bug")])
def test_what_is_not_this_requests_own_ends_the_look(trouble: Exception) -> None:
    with pytest.raises(type(trouble)):
        met(trouble)
