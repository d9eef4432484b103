"""Is this body Jira's? Over raw bytes, under any of several secrets, and nothing else will do."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.signature import knows_secret, verify

# Atlassian's own test vector, from its page on secure admin webhooks.
SECRET = "It's a Secret to Everybody"
BODY = b"Hello World!"
SIGNED = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def test_the_documented_vector_fits() -> None:
    assert verify(BODY, f"sha256={SIGNED}", [SECRET])


def test_during_a_rotation_both_secrets_fit() -> None:
    assert verify(BODY, f"sha256={SIGNED}", ["new", SECRET])
    assert verify(BODY, f"sha256={SIGNED}", [SECRET, "new"])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256",
        "sha256=",
        SIGNED,
        f"sha1={SIGNED}",
        f"sha512={SIGNED}",
        f"={SIGNED}",
        f"sha256={SIGNED[:-1]}",
        f"sha256={SIGNED}00",
        f"sha256={SIGNED[:-1]}ä",
        f"sha256=sha256={SIGNED}",
    ],
)
def test_any_other_header_is_refused(header: str | None) -> None:
    assert not verify(BODY, header, [SECRET])


@pytest.mark.parametrize("header", [f"SHA256={SIGNED}", f"sha256={SIGNED.upper()}", f" sha256 = {SIGNED} "[1:-1]])
def test_letters_of_either_case_are_the_same_digest(header: str) -> None:
    assert verify(BODY, header, [SECRET]) == (" " not in header)


def test_a_secret_that_is_empty_opens_nothing() -> None:
    digest = hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not verify(BODY, f"sha256={digest}", [""])
    assert not verify(BODY, f"sha256={SIGNED}", [])
    assert not knows_secret("", [""])
    assert not knows_secret(None, [""])


@given(body=st.binary(max_size=200), other=st.binary(max_size=200), secret=st.text(min_size=1).filter(str.strip))
def test_a_signature_fits_its_own_body_alone(body: bytes, other: bytes, secret: str) -> None:
    try:
        key = secret.encode()
    except UnicodeEncodeError:
        return
    header = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    assert verify(body, header, [secret])
    assert verify(other, header, [secret]) == (body == other)


def test_a_shared_secret_fits_whole_and_with_letters_beyond_ascii() -> None:
    assert knows_secret("geheim", ["other", "geheim"])
    assert knows_secret("schlüssel".encode().decode("latin-1"), ["schlüssel"])
    assert not knows_secret("gehei", ["geheim"])
    assert not knows_secret("Geheim", ["geheim"])
    assert not knows_secret("geheim", [])
