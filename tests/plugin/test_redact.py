"""What people read of an error holds no secret and nobody's address, and is still of use."""

import doctest

import pytest

import plugin.redact
from plugin.redact import redacted


def test_the_example_in_the_documentation_is_right() -> None:
    assert doctest.testmod(plugin.redact).failed == 0


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgresql://support:open-sesame@db.example/contract refused", "open-sesame"),
        ("Authorization: Bearer abc.def-ghi~jkl", "abc.def-ghi~jkl"),
        ('{"token": "t0k3n"}', "t0k3n"),
        ("password=hunter2&user=x", "hunter2"),
        ("ATATT3xFfGF0abcdefghijklmnopqrstuvwxyz012345 is not valid", "ATATT3xFfGF0"),
        ("GET https://hooks.example/services/T0k3nabcdefghijklmnopqrstuvwxyz012345", "T0k3n"),
        ("asked by Mira <mira.castellan+jira@aurora-robotics.example>", "mira.castellan"),
    ],
)
def test_nothing_secret_is_left(text: str, secret: str) -> None:
    assert secret not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jira answered PUT /rest/api/2/issue/10001 with 400: Support tier (customfield_10123): not valid.",
        "Jira answered POST /rest/api/2/issue/10001/transitions with 500: Internal server error.",
        "Jira answered PUT /rest/servicedeskapi/organization/11/property/support-contract.credits with 403: No.",
        "The token was revoked or has run out, does not belong to JIRA_EMAIL: make a new one and set JIRA_TOKEN.",
        "worker-1.example:4711:2 did not come back within its lease",
        "Basic does not include Remote session; set the password anew.",
    ],
)
def test_a_sentence_that_holds_nothing_secret_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text
