"""Try it: a request typed, or a real one changed, is decided and nothing is written."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest

from plugin.contract.decide import decide, standing_after
from plugin.contract.model import Answer, Appointment, Author, Comment, Organization, Person
from plugin.contract.replay import inputs_of
from plugin.mappings.check import check
from plugin.overview import trial
from plugin.overview.trial import recorded
from plugin.store import decisions
from plugin.store.people import Role
from plugin.store.tables import metadata
from tests.plugin.contract import builders
from tests.road.house import shipped
from tests.webhooks.admin.conftest import Office
from webhooks.admin.trial_form import Form, asked_in, filled

FORM = {
    "customer": "aurora-robotics",
    "raised_by": "mira.castellan@aurora-robotics.example",
    "kind": "fault",
    "product": "expecco",
    "version": "26.2",
    "environment": "production",
    "impact": "down",
    "raised": "2026-11-20T16:30",
    "at": "2026-11-20T16:30",
}


def test_the_decision_is_told_with_its_clauses(office: Office) -> None:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM)
    assert page.status_code == 200
    assert "is eligible for support under the agreement of Aurora Robotics (Premium), severity 1." in page.text
    assert "2026-11-23 14:30" in page.text
    assert "tiers.yaml:" in page.text
    assert "Nothing: there is nothing to tell." in page.text


def test_the_reply_is_shown_in_each_language_as_it_is_read(office: Office) -> None:
    page = office.signed_in(Role.VIEWER).post(
        "/admin/try", seen_on="/admin/try", **FORM | {"raised_by": "p_l@x.example"}
    )
    assert "Hello p_l@x.example," in page.text
    assert "Guten Tag p_l@x.example," in page.text


def test_what_is_typed_is_only_text(office: Office) -> None:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM | {"version": "<b>1</b>"})
    assert "&lt;b&gt;" in page.text
    assert "<b>" not in page.text


def test_nothing_is_written(office: Office) -> None:
    admin = office.signed_in()

    def rows() -> list[object]:
        with office.store.reading() as tx:
            return [tx.execute(table.select()).all() for table in metadata.sorted_tables]

    before = rows()
    admin.post("/admin/try", seen_on="/admin/try", **FORM)
    assert rows() == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"raised": "soon"}, "Give a day and a time"),
        ({"raised": "2026-03-29T02:30"}, "The clocks leave this time out"),
        ({"raised": "1066-10-14T09:00"}, "Choose a year"),
        ({"at": "2026-11-20T16:29"}, "This is before the request was raised."),
        ({"raised_by": " "}, "This is needed."),
        ({"kind": "riddle"}, "riddle is not among the choices any more."),
        ({"stated_severity": "9"}, "9 is not among the choices any more."),
        ({"credits_used": "-1"}, "Give a whole number, 0 or more."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office: Office, changed: dict[str, str], sentence: str) -> None:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM | changed)
    assert page.status_code == 422
    assert sentence in page.text
    assert f'aria-describedby="wrong-{next(iter(changed))}"' in page.text
    assert "What would be decided" not in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"version": "24.1", "raised_by": "pia@aurora-robotics.example"},
        {"customer": "", "organizations": "Nobody's; Somebody's"},
        {"credits_used": "192", "modified": "yes", "stated_severity": "2", "at": "2026-12-24T10:00"},
        {"customer": "cobalt-rail", "raised_by": "nadia.berg@cobalt-rail.example", "kind": "training"},
        {
            "version": "latest",
            "at": "2026-12-01T10:00",
            "answers.at": "2026-11-20T17:00",
            "answers.text": "We use 26.2.",
            "comments.at": "2026-11-20T17:10",
            "comments.by": "agent",
            "comments.public": "yes",
            "appointments.from": "2026-11-21T09:00",
            "appointments.to": "2026-11-21T13:00",
            "ended": "2026-11-24T18:00",
            "outcome": "product_defect",
            "on_behalf": "yes",
            "override": "on hold",
            "override_reason": "Ask sales.",
            "sessions_used": "2",
        },
    ],
)
def test_the_example_passes_the_check(office: Office, changed: dict[str, str], tmp_path: Path) -> None:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM | changed)
    found = re.search(r'<textarea id="yaml"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    assert found is not None
    folder = copytree(Path("mappings"), tmp_path / "mappings")
    (folder / "examples" / "tried.yaml").write_text(unescape(found[1]), "utf-8")
    assert [each for each in check(folder, office.clock().date()) if each.file == "examples/tried.yaml"] == []


def test_a_request_that_nobody_decided_on_is_not_found(office: Office) -> None:
    page = office.signed_in().get("/admin/try?key=SUP-404")
    assert page.status_code == 404
    assert "No request SUP-404 was decided on yet." in page.text


def test_the_form_begins_with_the_present_moment(office: Office) -> None:
    now = office.clock().astimezone(shipped().policy.zone)
    assert f'value="{now:%Y-%m-%dT%H:%M}"' in office.signed_in().get("/admin/try").text
    assert now.utcoffset() != timedelta(0)


def tried(office: Office, **changed: str) -> str:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM | {"at": "2026-12-01T10:00"} | changed)
    assert page.status_code == 200, page.text
    return page.text.partition('aria-labelledby="reply"')[0]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"version": "latest", "answers.at": "2026-11-20T17:00", "answers.text": "We use 26.2."}, "26.2"),
        ({"comments.at": "2026-11-20T17:00", "comments.by": "agent", "comments.public": "yes"}, "kept"),
        ({"appointments.from": "2026-11-21T09:00", "appointments.to": "2026-11-21T13:00"}, "due Mon 23 Nov 2026 10:30"),
        ({"override": "on hold", "override_reason": "Ask sales."}, "Ask sales."),
        ({"ended": "2026-11-20T18:00", "outcome": "product_defect"}, "Nothing is charged."),
        ({"kind": "training", "sessions_used": "18"}, "session"),
    ],
)
def test_whatever_happens_to_a_request_is_decided_with_it(
    office: Office, changed: dict[str, str], sentence: str
) -> None:
    assert sentence in tried(office, **changed)


@pytest.mark.parametrize("at", ["2026-11-20T16:59", "2026-12-01T10:00"])
def test_what_comes_later_than_the_decision_does_not_count(office: Office, at: str) -> None:
    answered = {"version": "latest", "answers.at": "2026-11-20T17:00", "answers.text": "We use 26.2."}
    ended = {"ended": "2026-11-20T17:00", "outcome": "product_defect"}
    early = at < "2026-11-20T17:00"
    assert ("needs information" in tried(office, at=at, **answered)) is early
    assert ("It costs 1 credit" in tried(office, at=at, **ended)) is early


@pytest.mark.parametrize(
    ("changed", "name", "sentence"),
    [
        ({"answers.at": "soon", "answers.text": "26.2"}, "answers", "Give a day and a time"),
        ({"answers.at": "2026-11-20T17:00", "answers.text": ""}, "answers", "Say what was answered."),
        ({"answers.at": "2026-11-20T16:00", "answers.text": "x"}, "answers", "before the request was raised"),
        ({"comments.at": "2026-11-20T17:00", "comments.by": "x", "comments.public": "yes"}, "comments", "x is not"),
        (
            {"appointments.from": "2026-11-21T13:00", "appointments.to": "2026-11-21T09:00"},
            "appointments",
            "It ends before it begins.",
        ),
        ({"override": "on hold"}, "override_reason", "This is needed."),
        ({"ended": "2026-11-19T09:00"}, "ended", "before the request was raised"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_there(
    office: Office, changed: dict[str, str], name: str, sentence: str
) -> None:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM | changed)
    assert page.status_code == 422
    assert sentence in page.text.partition(f'id="wrong-{name}"')[2][:200]


def test_a_real_request_fills_in_everything_and_unchanged_it_is_decided_as_it_was(office: Office) -> None:
    said = builders.at("2026-11-20 13:30:20")
    real = builders.request(
        "latest",
        builders.at("2026-11-20 13:00:10"),
        id="7",
        key="SUP-7",
        raised_by=Person("Mira Castellan", None, FORM["raised_by"]),
        kind="fault",
        organizations=(Organization("11", "Aurora Robotics"),),
        answers=(Answer("Our version is 26.1.", said),),
        comments=(Comment("31", said, Author.AGENT, public=True),),
        appointments=(Appointment(said, said + timedelta(hours=2)),),
        on_behalf=True,
    )
    policy, now = shipped().policy, office.clock()
    signed = next(each for each in shipped().agreements if each.customer == "aurora-robotics")
    made = decide(real, signed, policy, now)
    with office.store.writing() as tx:
        decisions.record(tx, made, standing_after(made, None), inputs_of(real, now, "aurora-robotics", {}))
    page = office.signed_in().get("/admin/try?key=SUP-7").text
    for value in ("Our version is 26.1.", "2026-11-20T13:30", "2026-11-20T15:30"):
        assert value in page
    with office.store.reading() as tx:
        kept = recorded(tx, "SUP-7")
    assert kept is not None
    form = Form(filled(kept, now, shipped()), policy.zone)
    again = trial.tried(asked_in(form, shipped()), shipped(), kept)
    assert form.wrong == {}
    assert (again.decision.response_due, again.decision.first_response) == (made.response_due, made.first_response)
