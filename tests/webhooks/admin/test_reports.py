"""Reports: what is counted, in which period, and what is saved of it."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from markupsafe import escape

from plugin.contract.grants import CREDIT
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Posting
from plugin.contract.statement import Month
from plugin.overview.reports import Period, Responses, refused, responses_kept, units_used
from plugin.store import ledger
from plugin.store.people import Role
from tests.road.house import shipped
from tests.webhooks.admin.conftest import Office
from tests.webhooks.admin.test_customers import asked

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
PERIOD = Period(OCTOBER, NOVEMBER)


def charged(office: Office, customer: str, day: date, units: int, number: int) -> None:
    legs = (Posting("credit x", Account.AVAILABLE, -units), Posting("credit x", Account.CONSUMED, units))
    kind, booked = EntryKind.CHARGE if units > 0 else EntryKind.REFUND, datetime(2026, 11, 20, tzinfo=UTC)
    entry = LedgerEntry(customer, CREDIT, f"request:{number}", kind, day, booked, "r", "", legs, f"SUP-{number}")
    with office.store.writing() as tx:
        ledger.lock(tx, [customer])
        ledger.book(tx, [entry])


def played(office: Office) -> None:
    asked(office, 1, "26.2")
    asked(office, 2, "24.2")
    asked(office, 3, "24.2")
    charged(office, "aurora-robotics", date(2026, 10, 31), 4, 1)
    charged(office, "aurora-robotics", date(2026, 11, 1), 3, 2)
    charged(office, "aurora-robotics", date(2026, 11, 2), -1, 2)
    charged(office, "<b>gone", date(2026, 11, 2), 9, 3)
    charged(office, "<b>gone", date(2026, 9, 30), 5, 4)


def rows(office: Office, name: str, query: str = "from=2026-10&to=2026-11") -> list[dict[str, str]]:
    sent = office.signed_in(Role.VIEWER).get(f"/admin/reports/{name}.csv?{query}")
    assert sent.status_code == 200
    assert sent.headers["Content-Disposition"] == f"attachment; filename={name}-2026-10-2026-11.csv"
    return list(csv.DictReader(io.StringIO(sent.text)))


def test_what_is_counted_is_what_there_was(office: Office) -> None:
    played(office)
    with office.store.reading() as tx:
        assert refused(tx, PERIOD) == {"version_too_old": {NOVEMBER: 2}}
        used = units_used(tx, CREDIT, PERIOD)
        kept = responses_kept(tx, PERIOD, office.clock())
    assert used == {"<b>gone": {NOVEMBER: 9}, "aurora-robotics": {OCTOBER: 4, NOVEMBER: 2}}
    assert sum((each for row in kept.values() for each in row.values()), Responses()).not_applicable == 2


def test_a_page_shows_all_three_and_customers_harmlessly(office: Office) -> None:
    played(office)
    page = office.signed_in(Role.VIEWER).get("/admin/reports").text
    assert "version too old" in page
    assert "2 requests were refused." in page
    assert "20 credits were used." in page
    assert "<b>gone" not in page
    assert "style=" not in page


def test_each_report_is_saved_as_csv(office: Office) -> None:
    played(office)
    assert rows(office, "refusals") == [{"month": "2026-11", "reason": "version_too_old", "requests": "2"}]
    assert [tuple(row.values()) for row in rows(office, "credits")] == [
        ("2026-10", "aurora-robotics", "Aurora Robotics", "4"),
        ("2026-11", "<b>gone", "", "9"),
        ("2026-11", "aurora-robotics", "Aurora Robotics", "2"),
    ]
    assert sum(int(row["not_applicable"]) for row in rows(office, "responses")) == 2


def test_each_report_is_saved_as_json(office: Office) -> None:
    played(office)
    viewer = office.signed_in(Role.VIEWER)
    for name in ("responses", "refusals", "credits", "sessions"):
        sent = viewer.get(f"/admin/reports/{name}.json?from=2026-10&to=2026-11")
        assert sent.headers["Content-Disposition"] == f"attachment; filename={name}-2026-10-2026-11.json"
        found = json.loads(sent.text)
        assert (found["report"], found["from"], found["to"]) == (name, "2026-10", "2026-11")
        if name == "credits":
            assert found["rows"][0] == {
                "month": "2026-10",
                "customer": "aurora-robotics",
                "name": "Aurora Robotics",
                "credits": 4,
            }


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x.example")', "+1", "-1", "@SUM(1)", "\uff1d1", "<script>1</script>"]
)
def test_a_customer_of_any_name_is_text_on_the_page_and_in_the_sheet(office: Office, name: str) -> None:
    charged(office, "aurora-robotics", date(2026, 11, 2), 9, 3)
    named = tuple(replace(each, name=name) for each in shipped().agreements)
    desk = replace(office.desk, mappings=lambda: replace(shipped(), agreements=named))
    office = replace(office, desk=desk)
    (row,) = rows(office, "credits")
    assert row["name"] == (name if name.startswith("<") else f"'{name}")
    page = office.signed_in().get("/admin/reports").text
    assert str(escape(name)) in page
    assert "<script>1" not in page


def test_many_customers_and_great_numbers_are_told_in_a_page_that_stays_small(office: Office) -> None:
    for number in range(40):
        charged(office, f"customer-{number:02}", date(2026, 11, 2), 1_000_000 - number, number)
    page = office.signed_in().get("/admin/reports?from=2024-01&to=2026-11").text
    assert "39,999,220 credits were used." in page
    assert "others (15)" in page
    assert "The 25 with most are listed" in page
    assert 'viewBox="-84 0 804 240"' in page
    assert len(page) < 120_000
    assert len(rows(office, "credits")) == 40


def test_where_there_is_nothing_that_is_said(office: Office) -> None:
    page = office.signed_in().get("/admin/reports").text
    assert page.count("Nothing in this time.") == 4
    assert "<svg" not in page


def test_responses_are_told_in_percent_with_what_is_overdue(office: Office) -> None:
    played(office)
    office.clock.advance(days=7)
    page = office.signed_in().get("/admin/reports").text
    assert "3 requests were raised." in page
    assert "0 of 1 first responses that were due were given in time (0%)." in page
    assert "1 is overdue now." in page


def test_a_period_chooses_the_months(office: Office) -> None:
    played(office)
    page = office.signed_in().get("/admin/reports?from=2026-10&to=2026-10").text
    assert "4 credits were used." in page
    assert "version too old" not in page


@pytest.mark.parametrize("query", ["from=soon", "from=2026-11&to=2026-10", "from=2020-01&to=2026-10"])
def test_a_period_that_makes_no_sense_is_told_so(office: Office, query: str) -> None:
    page = office.signed_in().get(f"/admin/reports?{query}")
    assert page.status_code == 422
    assert "This is no period of 1 to 36 months." in page.text
    assert office.signed_in().get(f"/admin/reports/credits.csv?{query}").status_code == 404


def test_a_report_that_there_is_not_is_no_page(office: Office) -> None:
    assert office.signed_in().get("/admin/reports/salaries.csv").status_code == 404


def test_months_are_counted_back_over_years() -> None:
    assert Month(2026, 2).before(14) == Month(2024, 12)
    assert Period.until(Month(2026, 2), 4).months == tuple(Month(2026, 2).before(back) for back in (3, 2, 1, 0))
