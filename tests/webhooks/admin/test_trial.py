"""Try it: a request typed, or a real one changed, is decided and nothing is written."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest

from plugin.mappings.check import check
from plugin.store.people import Role
from plugin.store.tables import metadata
from tests.road.house import shipped
from tests.webhooks.admin.conftest import Office

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
    ],
)
def test_the_example_passes_the_check(office: Office, changed: dict[str, str], tmp_path: Path) -> None:
    page = office.signed_in().post("/admin/try", seen_on="/admin/try", **FORM | changed)
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
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
