import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests import Response
from requests.structures import CaseInsensitiveDict

from plugin.jira.errors import JiraBusy, JiraGone, JiraHitch, JiraLockedOut, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.jira.trouble import (
    LONGEST_WAIT,
    Allowance,
    allowance,
    near_limit,
    spent_until,
    trouble_of,
    unanswered,
    untrusted,
)

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
EDIT = "PUT /rest/api/2/issue/10007"
HTML = b"<html><title>Log in</title></html>"


def answer(status: int, body: object = None, **headers: str) -> Response:
    given = Response()
    given.status_code = status
    given._content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    given.headers = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    return given


def trouble(status: int, body: object = None, what: str = EDIT, **headers: str) -> JiraTrouble:
    found = trouble_of(answer(status, body, **headers), what, NOW, {"customfield_21": "Support tier"})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, JiraRefused),
        (401, JiraLockedOut),
        (403, JiraRefused),
        (404, JiraGone),
        (405, JiraRefused),
        (408, JiraUnavailable),
        (409, JiraHitch),
        (410, JiraRefused),
        (412, JiraRefused),
        (413, JiraRefused),
        (415, JiraRefused),
        (422, JiraRefused),
        (429, JiraBusy),
        (500, JiraUnavailable),
        (502, JiraUnavailable),
        (503, JiraUnavailable),
        (504, JiraUnavailable),
    ],
)
def test_each_status_is_somebodys_fault(status: int, kind: type[JiraTrouble]) -> None:
    told = trouble(status, {"errorMessages": ["No."], "errors": {}})

    assert type(told) is kind
    assert str(told).startswith(f"Jira answered {EDIT} with {status}: No.")


@pytest.mark.parametrize(("status", "body"), [(200, {"a": 1}), (200, []), (201, None), (204, None), (200, None)])
def test_an_answer_in_order_is_no_trouble(status: int, body: object) -> None:
    assert trouble_of(answer(status, body, X_Seraph_LoginReason="OK"), EDIT, NOW, {}) is None


def test_a_refusal_names_the_fields_as_people_know_them_and_says_what_to_do() -> None:
    told = str(
        trouble(
            400,
            {
                "errorMessages": ["Two things are wrong."],
                "errors": {
                    "customfield_21": "Field 'customfield_21' cannot be set. It is not on the appropriate screen.",
                    "customfield_99": "Option id 'null' is not valid",
                },
            },
        )
    )

    assert "Two things are wrong." in told
    assert "Support tier (customfield_21): Field 'customfield_21' cannot be set" in told
    assert "customfield_99: Option id 'null' is not valid" in told
    assert told.endswith("Put the field on the edit screen of the project, or correct fields.yaml.")


def test_a_refusal_carries_the_ids_of_the_fields_at_fault() -> None:
    refusal = trouble(400, {"errorMessages": [], "errors": {"customfield_21": "Gold is not valid", "priority": "No."}})

    assert isinstance(refusal, JiraRefused)
    assert refusal.fields == {"customfield_21", "priority"}
    assert str(refusal).endswith("with what the field takes in Jira: its options, its people.")


@pytest.mark.parametrize("body", [None, [1], {"errorMessages": ["No."]}, {"errors": ["x"]}, {"errors": {}}])
def test_a_refusal_that_names_no_field_blames_the_whole_call(body: object) -> None:
    refusal = trouble(400, body)

    assert isinstance(refusal, JiraRefused)
    assert refusal.fields == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        {"errorMessage": "Because.", "i18nErrorMessage": {"i18nKey": "x"}},
        {"message": "Because.", "status-code": 400},
        {"errorMessages": ["Because."]},
        {"errorMessages": [], "errors": {"priority": "Because."}},
    ],
)
def test_every_shape_of_complaint_is_understood(body: object) -> None:
    assert "Because." in str(trouble(400, body))


@pytest.mark.parametrize("body", [None, b"null", b"[1]", b"7", b'"message"', b"{", HTML, b"\xff\xfe", {"errors": [1]}])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 503])
def test_an_answer_that_is_not_jiras_is_no_bug_of_ours(status: int, body: object) -> None:
    told = trouble(status, body, Content_Type="text/html")

    assert f"with {status}" in str(told)
    assert "<html>" not in str(told)


def test_a_very_long_complaint_is_cut() -> None:
    assert len(str(trouble(400, {"errorMessages": ["x" * 100_000]}))) < 2_000


@pytest.mark.parametrize("status", [200, 201])
def test_a_login_page_instead_of_json_is_not_an_answer(status: int) -> None:
    told = trouble(status, HTML, Content_Type="text/html;charset=UTF-8")

    assert type(told) is JiraUnavailable
    assert "text/html;charset=UTF-8" in str(told)
    assert "login page" in str(told)


def test_not_found_is_believed_from_jira_only() -> None:
    """A proxy, or a server on which Jira has not started yet, answers 404 with a page of its own."""
    assert type(trouble(404, {"errorMessages": ["Issue does not exist"]})) is JiraGone
    assert type(trouble(404, HTML, Content_Type="text/html")) is JiraUnavailable
    assert type(trouble(404)) is JiraUnavailable


def test_an_api_that_data_center_lacks_is_not_there_however_it_says_so() -> None:
    what = "GET /rest/servicedeskapi/organization/11/property/x"

    assert type(trouble(404, HTML, what, Content_Type="text/html")) is JiraGone
    assert type(trouble(404, None, what)) is JiraGone


@pytest.mark.parametrize("status", [200, 403, 404])
@pytest.mark.parametrize(
    "headers",
    [
        {"X_Seraph_LoginReason": "AUTHENTICATED_FAILED"},
        {"X_Seraph_LoginReason": "AUTHENTICATION_DENIED"},
        {"X_Authentication_Denied_Reason": "CAPTCHA_CHALLENGE; login-url=https://jira.vendor.example/login.jsp"},
    ],
)
def test_a_token_that_is_no_good_locks_us_out_even_where_jira_goes_on_as_if_nobody_had_asked(
    status: int, headers: dict[str, str]
) -> None:
    """https://github.com/MrRefactoring/jira.js/issues/418: an expired token, and 200."""
    told = trouble(status, {"errorMessages": ["Issue does not exist"]}, **headers)

    assert type(told) is JiraLockedOut
    assert "JIRA_TOKEN" in str(told)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_with_its_host_and_nothing_more(status: int) -> None:
    told = trouble(status, None, Location="https://me:hunter2@sso.vendor.example/login?token=s3cret")

    assert type(told) is JiraUnavailable
    assert "a redirect to https://sso.vendor.example." in str(told)
    assert "JIRA_URL" in str(told)
    assert "hunter2" not in str(told)
    assert "s3cret" not in str(told)
    assert "another page" in str(trouble(status, None, Location="/login"))
    assert "another page" in str(trouble(status))


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", timedelta(seconds=7)),
        (" 7 ", timedelta(seconds=7)),
        ("1847", timedelta(seconds=1847)),
        ("Mon, 23 Nov 2026 11:00:09 GMT", timedelta(seconds=9)),
        ("Mon, 23 Nov 2026 12:00:09 +0100", timedelta(seconds=9)),
        ("Mon, 23 Nov 2026 11:00:09 -0000", timedelta(seconds=9)),
        ("864000", LONGEST_WAIT),
        ("9" * 5_000, LONGEST_WAIT),
        ("Fri, 01 Jan 2100 00:00:00 GMT", LONGEST_WAIT),
        ("0", None),
        ("Mon, 23 Nov 2026 10:59:59 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("Mon, 31 Feb 2026 25:00:00 GMT", None),
        ("Mon, 23 Nov 9999 11:00:09 -2359", LONGEST_WAIT),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_a_moment_ahead_or_none(said: str, wait: timedelta | None, status: int) -> None:
    assert trouble(status, None, Retry_After=said).retry_at == (None if wait is None else NOW + wait)


def test_too_many_writes_to_one_issue_are_that_ones_trouble_and_nobody_elses() -> None:
    """https://developer.atlassian.com/cloud/jira/platform/rate-limiting"""
    told = trouble(429, {}, RateLimit_Reason="jira-per-issue-on-write", Retry_After="2")

    assert type(told) is JiraHitch
    assert told.retry_at == NOW + timedelta(seconds=2)
    for reason in ("jira-burst-based", "jira-quota-tenant-based", "jira-quota-global-based", ""):
        assert type(trouble(429, {}, RateLimit_Reason=reason)) is JiraBusy


def test_without_retry_after_the_caller_decides_when() -> None:
    assert trouble(429).retry_at is None


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)) | st.from_regex(r"[A-Z][a-z]{2}, [0-9 :A-Za-z+-]*"))
def test_no_retry_after_makes_us_fail_or_wait_for_the_past_or_for_ever(said: str) -> None:
    retry_at = trouble(429, None, Retry_After=said).retry_at

    assert retry_at is None or NOW < retry_at <= NOW + LONGEST_WAIT


RESET = "2026-11-23T11:02:00.000Z"


def test_a_busy_jira_without_retry_after_is_asked_again_when_its_limit_starts_anew() -> None:
    assert trouble(429, {}, X_RateLimit_Reset=RESET).retry_at == NOW + timedelta(minutes=2)
    assert trouble(429, {}, X_RateLimit_Reset=RESET, Retry_After="7").retry_at == NOW + timedelta(seconds=7)


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": RESET}, NOW + timedelta(minutes=2)),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Interval_Seconds": "60"}, NOW + timedelta(seconds=60)),
        ({"X_RateLimit_Remaining": "0"}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "soon"}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "2026-11-23T10:59:00Z"}, None),
        ({"X_RateLimit_Remaining": "1", "X_RateLimit_Reset": RESET}, None),
        ({}, None),
    ],
)
def test_a_good_answer_says_when_nothing_is_left_of_a_rate_limit(
    headers: dict[str, str], until: datetime | None
) -> None:
    assert spent_until(answer(200, {}, **headers), NOW) == until


@pytest.mark.parametrize(("said", "near"), [("true", True), (" True", True), ("false", False), ("", False)])
def test_cloud_says_when_little_is_left_of_a_rate_limit(said: str, near: bool) -> None:
    assert near_limit(answer(200, {}, X_RateLimit_NearLimit=said)) is near
    assert not near_limit(answer(200, {}))


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, None),
        ({"X_RateLimit_Limit": "350"}, None),
        ({"X_RateLimit_Limit": "many", "X_RateLimit_Remaining": "9"}, None),
        ({"X_RateLimit_Limit": "350", "X_RateLimit_Remaining": "349"}, Allowance(350, 349, False, None)),
        (
            {"X_RateLimit_Limit": "350", "X_RateLimit_Remaining": "60", "X_RateLimit_NearLimit": "true"},
            Allowance(350, 60, True, None),
        ),
        (
            {
                "X_RateLimit_Limit": "100",
                "X_RateLimit_Remaining": "90",
                "X_RateLimit_FillRate": "10",
                "X_RateLimit_Interval_Seconds": "4",
            },
            Allowance(100, 90, False, 2.5),
        ),
    ],
)
def test_what_an_answer_says_of_a_rate_limit_is_read_whole_or_not_at_all(
    headers: dict[str, str], told: Allowance | None
) -> None:
    assert allowance(answer(200, {}, **headers)) == told


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_whatever_the_headers_say_nothing_breaks(remaining: str, interval: str, reset: str) -> None:
    given_ = answer(
        200, {}, X_RateLimit_Remaining=remaining, X_RateLimit_Interval_Seconds=interval, X_RateLimit_Reset=reset
    )
    found = spent_until(given_, NOW)
    assert found is None or found.tzinfo is not None
    assert allowance(given_) is None


def test_a_certificate_that_cannot_be_trusted_is_said_in_its_own_words() -> None:
    library = "(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify "
    assert untrusted(Exception(library + "failed: certificate has expired (_ssl.c:1006)')))")).startswith(
        "certificate has expired. Renew the certificate there"
    )
    assert untrusted(Exception("[SSL] wrong version number")).startswith("TLS was refused.")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (requests.ConnectTimeout("10 s"), "it took too long"),
        (requests.ConnectionError("[Errno 111] Connection refused"), "the connection is refused"),
        (requests.ConnectionError("NameResolutionError('x')"), "no such host is known here"),
        (requests.ConnectionError("Remote end closed connection"), "the connection broke"),
        (requests.TooManyRedirects("30"), "TooManyRedirects"),
    ],
)
def test_why_nothing_was_answered_is_told_in_our_own_words(error: Exception, told: str) -> None:
    assert unanswered(error) == told
