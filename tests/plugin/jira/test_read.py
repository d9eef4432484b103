import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugin.contract.model import Answer, Appointment, Change, Organization, Person, SupportRequest
from plugin.jira.fields import OPTIONAL, WRITTEN
from plugin.jira.read import JUDGED, PROPERTY, LeftAlone, read, shown, wanted_fields
from plugin.jira.values import moment
from tests.plugin.jira.builders import (
    CLOUD_USER,
    DATACENTER_USER,
    DECLARED,
    FIELDS,
    issue,
    option,
    organization,
    request_type,
)


def request_of(whole: dict[str, Any]) -> SupportRequest:
    asked = read(whole, FIELDS, DECLARED)
    assert isinstance(asked, SupportRequest), asked
    return asked


def why_left_alone(whole: dict[str, Any]) -> str:
    left = read(whole, FIELDS, DECLARED)
    assert isinstance(left, LeftAlone), left
    return left.why


def test_a_request_is_read_whole() -> None:
    asked = request_of(
        issue(
            {
                "organizations": [organization("11", "Aurora Robotics")],
                "product": option("expecco"),
                "version": "25.1 (64 bit)",
                "environment": option("Production"),
                "impact": option("Seriously impaired"),
                "stated_severity": option("Severity 2"),
                "platform": option("Windows"),
                "third_party": "Selenium, Appium",
                "modified": option("No"),
            }
        )
    )

    assert asked == SupportRequest(
        id="10007",
        key="SUP-7",
        raised=datetime(2026, 11, 20, 14, 3, 11, 482_000, tzinfo=UTC),
        raised_by=Person("Mira Castellan", "qm:7c0e:11", None),
        kind="fault",
        organizations=(Organization("11", "Aurora Robotics"),),
        product="expecco",
        version="25.1 (64 bit)",
        environment="production",
        impact="impaired",
        stated_severity=2,
        platform="Windows",
        third_party="Selenium, Appium",
        modified=False,
    )


@pytest.mark.parametrize(
    ("user", "person"),
    [
        (CLOUD_USER, Person("Mira Castellan", "qm:7c0e:11", None)),
        (
            {**CLOUD_USER, "emailAddress": "mira@aurora-robotics.example"},
            Person("Mira Castellan", "qm:7c0e:11", "mira@aurora-robotics.example"),
        ),
        ({**CLOUD_USER, "emailAddress": ""}, Person("Mira Castellan", "qm:7c0e:11", None)),
        (DATACENTER_USER, Person("Mira Castellan", "mcastellan", "mira.castellan@aurora-robotics.example")),
        ({"key": "JIRAUSER10101"}, Person("JIRAUSER10101", "JIRAUSER10101", None)),
        ({"displayName": "Former user"}, Person("Former user", None, None)),
        ({}, Person("nobody", None, None)),
        (None, Person("nobody", None, None)),
    ],
)
def test_people_are_known_by_what_their_jira_tells_of_them(user: dict[str, Any] | None, person: Person) -> None:
    assert request_of(issue(reporter=user)).raised_by == person


@pytest.mark.parametrize("value", [None, []])
def test_a_request_without_organizations_has_none(value: object) -> None:
    assert request_of(issue({"organizations": value})).organizations == ()


def test_several_organizations_are_all_read_and_numeric_ids_become_texts() -> None:
    several = [organization("11", "Aurora Robotics"), {"id": 12, "name": "Brennhaus Medical"}]

    assert request_of(issue({"organizations": several})).organizations == (
        Organization("11", "Aurora Robotics"),
        Organization("12", "Brennhaus Medical"),
    )


def test_an_issue_of_another_project_is_left_alone_and_says_so() -> None:
    why = why_left_alone(issue(project={"key": "DEV"}))

    assert why == "project DEV is not among those looked after (SUP)"
    assert "project unknown" in why_left_alone(issue(project=None))


@pytest.mark.parametrize("value", [None, "sup/3f1d7c20"])
def test_an_issue_that_no_portal_raised_is_left_alone(value: object) -> None:
    assert "no request type" in why_left_alone(issue({"request_type": value}))


@pytest.mark.parametrize("value", [request_type("Order a laptop"), {"requestType": None}, {}])
def test_a_request_type_without_a_kind_is_left_alone(value: dict[str, Any]) -> None:
    assert "has no kind in fields.yaml" in why_left_alone(issue({"request_type": value}))


def test_the_request_type_that_is_left_alone_is_named_in_both_languages() -> None:
    why = why_left_alone(issue({"request_type": request_type("Laptop bestellen", defaultName="Order a laptop")}))

    assert "Laptop bestellen" in why
    assert "Order a laptop" in why


@pytest.mark.parametrize("name", ["ask A QUESTION", " Ask a question "])
def test_a_request_type_is_known_in_any_case(name: str) -> None:
    assert request_of(issue({"request_type": request_type(name)})).kind == "question"


def test_a_request_type_whose_name_is_translated_for_our_account_is_known_by_its_default_name() -> None:
    translated = request_type("Frage stellen", defaultName="Ask a question")

    assert request_of(issue({"request_type": translated})).kind == "question"


@pytest.mark.parametrize("value", [option("PRODUCTION"), option(" production "), [option("Production")], "Production"])
def test_an_option_is_known_in_any_case_and_in_any_kind_of_field(value: object) -> None:
    assert request_of(issue({"environment": value})).environment == "production"


@pytest.mark.parametrize("value", [option("Staging"), [option("Production"), option("Test")], [], None, "", option("")])
def test_an_option_that_the_mapping_does_not_know_or_more_than_one_is_no_word(value: object) -> None:
    assert request_of(issue({"environment": value, "stated_severity": value})).environment is None
    assert request_of(issue({"stated_severity": value})).stated_severity is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (option("expecco ALM"), "expecco ALM"),
        ([option("expecco"), option("expecco ALM")], "expecco, expecco ALM"),
        ([{"id": "10001", "name": "25.1", "released": True}], "25.1"),
        ({"value": "expecco", "child": {"value": "25.1"}}, "expecco"),
        (["expecco"], "expecco"),
        (25.1, "25.1"),
        (0, "0"),
        ([], None),
        ([None, ""], None),
        ("", None),
        (None, None),
    ],
)
def test_what_was_written_or_chosen_is_read_as_it_stands(value: object, text: str | None) -> None:
    assert request_of(issue({"product": value})).product == text


MORNING, NOON = "2026-11-21T09:00:00.000+0100", "2026-11-21T11:00:00.000+0000"


@pytest.mark.parametrize(
    ("start", "end", "booked"),
    [
        (MORNING, NOON, [Appointment(datetime(2026, 11, 21, 8, tzinfo=UTC), datetime(2026, 11, 21, 11, tzinfo=UTC))]),
        (NOON, MORNING, [Appointment(datetime(2026, 11, 21, 11, tzinfo=UTC), datetime(2026, 11, 21, 8, tzinfo=UTC))]),
        (MORNING, None, [Appointment(datetime(2026, 11, 21, 8, tzinfo=UTC), None)]),
        (None, NOON, [Appointment(None, datetime(2026, 11, 21, 11, tzinfo=UTC))]),
        (None, None, []),
        (MORNING, "20266-11-21T11:00:00.000+0000", [Appointment(datetime(2026, 11, 21, 8, tzinfo=UTC), None)]),
        (MORNING, "9999-12-31T23:59:00.000-1200", [Appointment(datetime(2026, 11, 21, 8, tzinfo=UTC), None)]),
        ("0001-01-01T00:00:00.000+1400", "next Saturday", []),
    ],
)
def test_an_appointment_is_read_as_it_was_booked(start: str | None, end: str | None, booked: list[Appointment]) -> None:
    asked = request_of(issue({"appointment_from": start, "appointment_until": end}))

    assert list(asked.appointments) == booked


def test_to_book_an_appointment_makes_nothing_eligible() -> None:
    assert not {"appointment_from", "appointment_until"} & set(JUDGED)


def test_a_field_that_the_issue_does_not_have_is_read_as_empty() -> None:
    whole = issue()
    for word in ("version", "environment", "organizations"):
        del whole["fields"][FIELDS[word].id]

    asked = request_of(whole)

    assert (asked.version, asked.environment, asked.organizations) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-20T14:03:11.482+0000", datetime(2026, 11, 20, 14, 3, 11, 482_000, UTC)),
        ("2026-11-20T23:03:11.482+0900", datetime(2026, 11, 20, 14, 3, 11, 482_000, UTC)),
        ("2026-11-20T23:03:11+09:00", datetime(2026, 11, 20, 14, 3, 11, tzinfo=UTC)),
        ("2026-11-20T14:03:11Z", datetime(2026, 11, 20, 14, 3, 11, tzinfo=UTC)),
    ],
)
def test_a_time_is_the_same_instant_in_every_zone(text: str, wanted: datetime) -> None:
    assert moment(text) == wanted
    assert request_of(issue(created=text)).raised == wanted


@pytest.mark.parametrize(
    ("resolution", "outcome"),
    [
        (None, None),
        ({"id": "10003", "name": "Product defect"}, "product_defect"),
        ({"id": "10003", "name": "PRODUCT DEFECT "}, "product_defect"),
        ({"id": "10009", "name": "Cannot reproduce"}, None),
    ],
)
def test_a_resolution_is_an_outcome_where_the_mapping_knows_it(
    resolution: dict[str, str] | None, outcome: str | None
) -> None:
    assert request_of(issue(resolution=resolution)).outcome == outcome


def test_when_it_was_resolved_is_when_it_ended_and_an_open_one_has_not() -> None:
    resolved = issue(resolution={"name": "Done"}, resolutiondate="2026-11-24T10:15:00.000+0100")
    assert request_of(resolved).ended == datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
    assert request_of(issue()).ended is None
    assert request_of(issue(resolutiondate=None)).ended is None


def history(created: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "created": created, "items": list(items)}


def test_the_latest_change_of_what_is_judged_amends_and_cloud_tells_it_by_id() -> None:
    version = {"field": "Produktversion", "fieldId": FIELDS["version"].id, "from": None, "toString": "25.1"}
    other = {"field": "Product version", "fieldId": "customfield_99", "toString": "1"}
    log = {
        "histories": [
            history("2026-11-20T18:00:00.000+0000", other),
            history("2026-11-20T17:00:00.000+0000", version),
            history("2026-11-20T16:00:00.000+0000", version),
        ]
    }

    assert request_of(issue(changelog=log)).amended == datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_the_latest_change_amends_where_data_center_tells_the_field_by_name_only() -> None:
    log = {
        "histories": [
            history("2026-11-20T16:00:00.000+0100", {"field": "PRODUCT VERSION", "toString": "25.1"}),
            history("2026-11-20T17:00:00.000+0100", {"field": "reporter", "fieldId": None}),
            history("2026-11-20T18:00:00.000+0100", {"field": "summary"}, {"field": "status"}),
        ]
    }

    assert request_of(issue(changelog=log)).amended == datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize("word", JUDGED)
def test_a_change_of_whatever_is_judged_amends(word: str) -> None:
    log = {"histories": [history("2026-11-20T16:00:00.000+0100", {"fieldId": FIELDS[word].id})]}
    assert request_of(issue(changelog=log)).amended == datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("word", WRITTEN)
def test_what_we_write_ourselves_amends_nothing(word: str) -> None:
    for item in ({"field": FIELDS[word].name}, {"field": FIELDS[word].name, "fieldId": FIELDS[word].id}):
        log = {"histories": [history("2026-11-20T16:00:00.000+0100", item)]}
        assert request_of(issue(changelog=log)).amended is None


@pytest.mark.parametrize("log", [None, {}, {"histories": []}, {"histories": [{"created": "x"}]}])
def test_no_change_amends_nothing(log: dict[str, Any] | None) -> None:
    assert request_of(issue(changelog=log)).amended is None


def test_each_thing_knows_when_it_was_last_changed() -> None:
    log = {
        "histories": [
            history("2026-11-20T18:00:00.000+0000", {"field": "Produktversion", "fieldId": FIELDS["version"].id}),
            history("2026-11-20T17:00:00.000+0000", {"field": "product"}, {"field": "summary"}),
            history("2026-11-20T16:00:00.000+0000", {"field": "Product version"}),
        ]
    }
    assert request_of(issue(changelog=log)).changed == (
        Change("product", datetime(2026, 11, 20, 17, tzinfo=UTC)),
        Change("version", datetime(2026, 11, 20, 18, tzinfo=UTC)),
    )


def comment(**more: Any) -> dict[str, Any]:
    """A comment of the reporter's as Cloud spells it."""
    return {
        "id": "10001",
        "author": CLOUD_USER,
        "updateAuthor": CLOUD_USER,
        "body": "26.2",
        "created": "2026-11-20T15:00:00.000+0000",
        "updated": "2026-11-20T16:00:00.000+0000",
        "jsdPublic": True,
        **more,
    }


def answers_of(*comments: dict[str, Any], changelog: dict[str, Any] | None = None, **system: Any) -> tuple[Answer, ...]:
    log = {"histories": []} if changelog is None else changelog
    return request_of(issue(changelog=log, comment={"comments": list(comments)}, **system)).answers


def test_a_public_comment_of_the_reporters_is_an_answer() -> None:
    assert answers_of(comment()) == (Answer("26.2", datetime(2026, 11, 20, 16, tzinfo=UTC)),)
    spelled = comment(author=DATACENTER_USER, updateAuthor=None, updated=None)
    assert answers_of(spelled, reporter=DATACENTER_USER) == (Answer("26.2", datetime(2026, 11, 20, 15, tzinfo=UTC)),)


OTHER = {**CLOUD_USER, "accountId": "qm:other:12"}


@pytest.mark.parametrize(
    "more",
    [
        {"author": OTHER},
        {"updateAuthor": OTHER},
        {"author": None},
        {"jsdPublic": False},
        {"jsdPublic": None},
        {"jsdPublic": "true"},
        {"visibility": {"type": "role", "value": "Service Desk Team"}},
        {"jsdAuthorCanSeeRequest": False},
    ],
)
def test_what_is_not_the_reporters_own_or_not_known_to_be_public_is_no_answer(more: dict[str, Any]) -> None:
    assert answers_of(comment(**more)) == ()


def test_without_a_reporter_or_the_change_log_there_are_no_answers() -> None:
    assert answers_of(comment(author=None), reporter=None) == ()
    assert answers_of(comment(), changelog={"id": "1", "items": []}) == ()
    assert request_of(issue(comment={"comments": [comment()]})).answers == ()
    assert request_of(issue(changelog={"histories": []})).answers == ()


def test_the_fields_asked_for_are_those_read_and_nothing_is_asked_twice() -> None:
    asked = wanted_fields(FIELDS)

    assert len(asked) == len(set(asked))
    assert {field.id for field in FIELDS.values()} | {
        "project",
        "created",
        "reporter",
        "status",
        "resolution",
        "resolutiondate",
        "creator",
        "comment",
    } == (set(asked))


def test_a_site_without_the_optional_fields_is_read_and_shown_all_the_same() -> None:
    bare = {word: field for word, field in FIELDS.items() if word not in OPTIONAL}
    log = {"histories": [history("2026-11-20T16:00:00.000+0100", {"field": "Product version"})]}
    request = read(issue({"platform": option("Windows")}, changelog=log), bare, DECLARED)

    assert isinstance(request, SupportRequest)
    assert (request.platform, request.third_party, request.modified) == (None, None, None)
    assert request.amended == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert set(shown(issue(), bare).values) == set(WRITTEN) - OPTIONAL


def test_reading_does_not_change_the_issue() -> None:
    whole = issue({"environment": option("Production")}, {PROPERTY: {"schema": 1}})
    before = copy.deepcopy(whole)

    read(whole, FIELDS, DECLARED)
    shown(whole, FIELDS)

    assert whole == before


def test_what_an_issue_shows_of_ours_is_in_our_words() -> None:
    seen = shown(
        issue(
            {
                "tier": option("Premium"),
                "severity": option("severity 2"),
                "response_due": "2026-11-23T16:00:00.000+0900",
                "eligibility": option("Something new"),
                "reason": "All is well.",
                "credits_charged": 2.0,
                "credits_left": 1.5,
                "sessions_left": 3.0,
            },
            {PROPERTY: {"schema": 1}},
        ),
        FIELDS,
    )

    assert seen.values == {
        "tier": "premium",
        "severity": "2",
        "response_due": datetime(2026, 11, 23, 7, tzinfo=UTC),
        "eligibility": "Something new",
        "reason": "All is well.",
        "credits_charged": 2,
        "credits_left": 1.5,
        "sessions_charged": None,
        "sessions_left": 3,
        "patch_eligibility": None,
        "first_response": None,
        "response_kept": None,
        "response_reminder": None,
        "priority": None,
        "account_representative": None,
    }
    assert (seen.property, seen.status) == ({"schema": 1}, "Waiting for support")


@pytest.mark.parametrize("user", [{"accountId": "712020:nora"}, {"name": "712020:nora", "key": "JIRAUSER7"}])
def test_priority_representative_and_participants_are_shown_in_our_words(user: dict[str, str]) -> None:
    people = [user, {"displayName": "Somebody whose account is hidden"}, "nobody at all"]
    seen = shown(
        issue(
            {
                "priority": {"id": "2", "name": "High"},
                "account_representative": user,
                "participants": people,
            }
        ),
        FIELDS,
    )

    assert (seen.values["priority"], seen.values["account_representative"]) == ("high", "712020:nora")
    assert seen.participants == ("712020:nora",)
    assert shown(issue({"priority": {"id": "9", "name": "P0"}}), FIELDS).values["priority"] == "P0"


@pytest.mark.parametrize("own", [None, [], [1], "decided", 3, True])
def test_a_property_that_somebody_else_has_broken_counts_as_none(own: object) -> None:
    assert shown(issue(properties={PROPERTY: own}), FIELDS).property is None


def test_an_issue_without_properties_or_status_shows_none() -> None:
    seen = shown(issue(status=None), FIELDS)

    assert (seen.property, seen.status) == (None, "")
    assert set(seen.values) == set(WRITTEN)
    assert not any(seen.values.values())


def test_a_request_from_before_the_first_day_is_left_alone() -> None:
    since = replace(DECLARED, since=date(2026, 11, 21))
    left = read(issue(), FIELDS, since)
    assert left == LeftAlone("it was raised on 2026-11-20, before 2026-11-21, from when on requests are served")
    assert isinstance(read(issue(), FIELDS, replace(DECLARED, since=date(2026, 11, 20))), SupportRequest)


@pytest.mark.parametrize(
    ("created", "served"),
    [
        ("2026-11-20T22:59:59.999+0000", False),
        ("2026-11-20T23:00:00.000+0000", True),
        ("2026-11-20T13:00:00.000-1000", True),
        ("2026-11-21T05:29:59.999+0630", False),
    ],
)
def test_the_first_day_is_a_date_in_the_vendors_zone_however_jira_spells_the_moment(created: str, served: bool) -> None:
    since = replace(DECLARED, since=date(2026, 11, 21), zone=ZoneInfo("Europe/Berlin"))
    assert isinstance(read(issue(created=created), FIELDS, since), SupportRequest if served else LeftAlone)


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ({"languageCode": "de", "displayName": "Deutsch"}, "de"),
        ({"languageCode": "pt-BR", "displayName": "português"}, "pt"),
        ("de_AT", "de"),
        ("EN", "en"),
        ("", None),
        (None, None),
        ({"languageCode": None}, None),
    ],
)
def test_the_language_of_the_portal_is_read_where_there_is_a_field_for_it(value: object, language: str | None) -> None:
    assert request_of(issue({"language": value})).language == language


@pytest.mark.parametrize(
    ("own", "ours"),
    [
        ({"request": "10007", "decided_at": "2026-11-20T14:03:12+00:00"}, True),
        ({"request": "10007", "decided_at": "2026-11-20T14:03:10+00:00"}, True),  # two clocks, a second apart
        ({"request": "10003", "decided_at": "2026-11-20T14:03:12+00:00"}, False),
        ({"request": None, "decided_at": "2026-11-20T14:03:12+00:00"}, False),
        # As earlier releases wrote it.
        ({"decided_at": "2026-11-20T14:03:12+00:00"}, True),
        ({"decided_at": "2026-11-20T14:03:10+00:00"}, False),
        ({"decided_at": "yesterday"}, True),
        ({}, True),
    ],
)
def test_a_property_that_was_copied_along_with_another_issue_is_not_our_word_on_this_one(
    own: dict[str, Any], ours: bool
) -> None:
    seen = shown(issue(properties={PROPERTY: own}), FIELDS)

    assert seen.property == (own if ours else None)
