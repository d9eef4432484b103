"""A site's catalogue, its fields, and issues in the spelling of Cloud and of Data Center. Invented people and hosts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from plugin.contract.decision import (
    AccountRepresentative,
    Citation,
    Decision,
    Eligibility,
    Finding,
    Outcome,
    PatchEligibility,
    Reason,
    Reminder,
    ResponseKept,
    Ruling,
    Source,
)
from plugin.jira.fields import Declared, FieldMap, FieldSpec, find_fields

Json = dict[str, Any]

JSM = "com.atlassian.servicedesk:"
CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"
SEVERITIES = {"Severity 1": "1", "Severity 2": "2", "Severity 3": "3"}
TIERS = {"Premium": "premium", "Advanced": "advanced", "Basic": "basic"}
ELIGIBILITIES = {
    "Eligible": "eligible",
    "Limited": "limited",
    "On hold": "on hold",
    "Needs information": "needs information",
    "Not eligible": "not eligible",
}
PRIORITIES = {each.capitalize(): each for each in ("highest", "high", "medium", "low", "lowest")}
PATCH_ELIGIBILITIES = {each.value.capitalize(): each.value for each in PatchEligibility}
RESPONSES_KEPT = {each.value.capitalize(): each.value for each in ResponseKept}

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu")

moments = st.builds(
    lambda micros, zone: (_FIRST + timedelta(microseconds=micros)).astimezone(ZoneInfo(zone)),
    st.integers(0, 110 * 365 * 86_400 * 10**6),
    st.sampled_from(_ZONES),
)
"""Moments of a hundred years, to the microsecond, in several zones."""


def spec(word: str, name: str | None = None, schema: str | None = None, **values: str) -> FieldSpec:
    return FieldSpec(word, Source("fields.yaml", 7), schema, name, values or None)


SPECS = (
    spec("organizations", schema=JSM + "sd-customer-organizations"),
    spec("request_type", schema=JSM + "vp-origin"),
    spec("product", "Product"),
    spec("version", "Product version"),
    spec("environment", "Usage environment", Production="production", Test="test", Implementation="implementation"),
    spec(
        "impact",
        "Business impact",
        **{"Totally non-operational": "down", "Seriously impaired": "impaired", "No outage": "no_outage"},
    ),
    spec("stated_severity", "Stated severity", **SEVERITIES),
    spec("platform", "Platform"),
    spec("third_party", "Third-party software"),
    spec("modified", "Modified by customer", Yes="yes", No="no"),
    spec("language", schema="com.atlassian.servicedesk.servicedesk-lingo-integration-plugin:sd-request-language"),
    spec("override", "Contract override", **ELIGIBILITIES),
    spec("override_reason", "Contract override reason"),
    spec("appointment_from", "Appointment from"),
    spec("appointment_until", "Appointment until"),
    spec("tier", "Support tier", **TIERS),
    spec("severity", "Ruled severity", **SEVERITIES),
    spec("response_due", "Response due"),
    spec("eligibility", "Eligibility", **ELIGIBILITIES),
    spec("reason", "Eligibility reason"),
    spec("credits_charged", "Credits charged"),
    spec("credits_left", "Credits left"),
    spec("sessions_charged", "Training sessions charged"),
    spec("sessions_left", "Training sessions left"),
    spec("patch_eligibility", "Patch eligibility", **PATCH_ELIGIBILITIES),
    spec("first_response", "First response"),
    spec("response_kept", "Response kept", **RESPONSES_KEPT),
    spec("response_reminder", "Response reminder"),
    spec("priority", schema="priority", **PRIORITIES),
    spec("account_representative", "Technical account representative"),
    spec("participants", schema=JSM + "sd-request-participants"),
)

DECLARED = Declared(
    projects=("SUP",),
    fields={each.word: each for each in SPECS},
    request_types={"Report a fault": "fault", "Ask a question": "question"},
    resolutions={"Product defect": "product_defect", "Done": "done", "Won't do": "wont_do"},
)


def entry(id: str, name: str, type: str, custom: str | None = None, **more: Any) -> Json:
    """One field as `GET /rest/api/2/field` lists it."""
    schema = {"type": type} | ({"custom": custom, "customId": 1} if custom else {"system": id})
    return {"id": id, "name": name, "custom": custom is not None, "clauseNames": [name], "schema": schema, **more}


CATALOGUE = [
    entry("summary", "Zusammenfassung", "string"),
    entry("reporter", "Autor", "user"),
    {"id": "issuekey", "name": "Schlüssel", "custom": False},
    entry("customfield_1", "고객 요청 유형", "sd-customerrequesttype", JSM + "vp-origin"),
    entry("customfield_2", "기관", "array", JSM + "sd-customer-organizations"),
    entry(
        "customfield_3",
        "요청 언어",
        "sd-request-lang",
        "com.atlassian.servicedesk.servicedesk-lingo-integration-plugin:sd-request-language",
    ),
    entry("customfield_11", "Product", "option", CUSTOM + "select"),
    entry("customfield_12", "Product version", "string", CUSTOM + "textfield"),
    entry("customfield_13", "Usage environment", "option", CUSTOM + "select"),
    entry("customfield_14", "Business impact", "option", CUSTOM + "select"),
    entry("customfield_15", "Stated severity", "option", CUSTOM + "select"),
    entry("customfield_16", "Platform", "option", CUSTOM + "select"),
    entry("customfield_17", "Third-party software", "string", CUSTOM + "textfield"),
    entry("customfield_18", "Modified by customer", "option", CUSTOM + "select"),
    entry("customfield_19", "Contract override", "option", CUSTOM + "select"),
    entry("customfield_20", "Contract override reason", "string", CUSTOM + "textfield"),
    entry("customfield_21", "Support tier", "option", CUSTOM + "select"),
    entry("customfield_22", "Ruled severity", "option", CUSTOM + "select"),
    entry("customfield_23", "Response due", "datetime", CUSTOM + "datetime"),
    entry("customfield_24", "Eligibility", "option", CUSTOM + "select"),
    entry("customfield_25", "Eligibility reason", "string", CUSTOM + "textarea"),
    entry("customfield_26", "Credits charged", "number", CUSTOM + "float"),
    entry("customfield_27", "Credits left", "number", CUSTOM + "float"),
    entry("customfield_28", "Training sessions charged", "number", CUSTOM + "float"),
    entry("customfield_29", "Training sessions left", "number", CUSTOM + "float"),
    entry("customfield_30", "Patch eligibility", "option", CUSTOM + "select"),
    entry("customfield_31", "Appointment from", "datetime", CUSTOM + "datetime"),
    entry("customfield_32", "Appointment until", "datetime", CUSTOM + "datetime"),
    entry("priority", "Priorität", "priority"),
    entry("customfield_33", "Technical account representative", "user", CUSTOM + "userpicker"),
    entry("customfield_35", "First response", "datetime", CUSTOM + "datetime"),
    entry("customfield_36", "Response kept", "option", CUSTOM + "select"),
    entry("customfield_37", "Response reminder", "string", CUSTOM + "textfield"),
    entry("customfield_34", "요청 참가자", "array", JSM + "sd-request-participants"),
]

FIELDS: FieldMap = find_fields(SPECS, CATALOGUE)

CLOUD_USER = {
    "self": "https://vendor.example/rest/api/2/user?accountId=qm%3A7c0e",
    "accountId": "qm:7c0e:11",
    "accountType": "customer",
    "displayName": "Mira Castellan",
    "active": True,
    "timeZone": "Etc/UTC",
}
DATACENTER_USER = {
    "self": "https://jira.vendor.example/rest/api/2/user?username=mcastellan",
    "name": "mcastellan",
    "key": "JIRAUSER10101",
    "emailAddress": "mira.castellan@aurora-robotics.example",
    "displayName": "Mira Castellan",
    "active": True,
    "timeZone": "Europe/Berlin",
}


def option(value: str) -> Json:
    return {"self": "https://vendor.example/rest/api/2/customFieldOption/10151", "value": value, "id": "10151"}


def organization(id: str, name: str) -> Json:
    link = f"https://vendor.example/rest/servicedeskapi/organization/{id}"
    return {"id": id, "name": name, "_links": {"self": link}}


def request_type(name: str = "Report a fault", **more: str) -> Json:
    """The value of the Request Type field."""
    return {
        "_links": {"web": "https://vendor.example/servicedesk/customer/portal/1/SUP-7"},
        "requestType": {"id": "1", "name": name, "serviceDeskId": "1", "portalId": "1", "groupIds": ["1"], **more},
        "currentStatus": {"status": "Waiting for support", "statusCategory": "NEW"},
    }


def issue(
    words: Mapping[str, Any] | None = None, properties: Json | None = None, changelog: Json | None = None, **system: Any
) -> Json:
    """An issue of the project SUP; `words` are values by our word, `system` those of Jira's own fields."""
    fields: Json = {
        "project": {"id": "10000", "key": "SUP", "name": "Support", "projectTypeKey": "service_desk"},
        "created": "2026-11-20T14:03:11.482+0000",
        "reporter": CLOUD_USER,
        "status": {"id": "10001", "name": "Waiting for support", "statusCategory": {"key": "new"}},
        "resolution": None,
        **{field.id: None for field in FIELDS.values()},
        FIELDS["organizations"].id: [],
        FIELDS["request_type"].id: request_type(),
        **system,
        **{FIELDS[word].id: value for word, value in (words or {}).items()},
    }
    whole: Json = {"id": "10007", "key": "SUP-7", "fields": fields}
    if properties is not None:
        whole["properties"] = properties
    if changelog is not None:
        whole["changelog"] = changelog
    return whole


CITED = (Citation("C21", Source("releases.yaml", 12)),)


def finding(sentence: str = "Version 25.1 is supported.", reason: Reason | None = None) -> Finding:
    return Finding("supported_version", Outcome.NOT_MET if reason else Outcome.MET, sentence, CITED, reason)


def decision(
    decided_at: datetime,
    revision: str = "r1",
    customer: str | None = "aurora",
    tier: str | None = "premium",
    severity: int = 2,
    eligibility: Eligibility = Eligibility.ELIGIBLE,
    findings: tuple[Finding, ...] = (finding(),),
    response_due: datetime | None = None,
    charge: int = 1,
    credits_left: int | None = 30,
    sessions_left: int | None = 3,
    patch_eligibility: PatchEligibility = PatchEligibility.PATCH,
    clock_started: datetime | None = None,
    priority: str | None = None,
    representative: AccountRepresentative | None = None,
    first_response: datetime | None = None,
    response_kept: ResponseKept = ResponseKept.OPEN,
    reminder: Reminder | None = None,
) -> Decision:
    """A decision from plain values; every ruling has one finding, the eligibility those given."""
    why = (finding(),)
    return Decision(
        request_id="10007",
        request_key="SUP-7",
        decided_at=decided_at,
        revision=revision,
        customer=Ruling(customer, why),
        tier=Ruling(tier, why),
        severity=Ruling(severity, why),
        eligibility=Ruling(eligibility, findings),
        response_due=Ruling(response_due, why),
        charge=Ruling(charge, why),
        credits_left=Ruling(credits_left, why),
        sessions_charged=Ruling(0, why),
        sessions_left=Ruling(sessions_left, why),
        patch_eligibility=Ruling(patch_eligibility, why),
        priority=Ruling(priority, why),
        account_representative=Ruling(representative, why),
        first_response=Ruling(first_response, why),
        response_kept=Ruling(response_kept, why),
        response_reminder=Ruling(reminder, why),
        clock_started=clock_started,
        told=(),
        followed_since=clock_started,
    )
