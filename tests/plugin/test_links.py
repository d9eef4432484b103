"""Links to receipts: nobody makes one without the secret, and none is good in two spellings."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.links import Links, Opened, links_of, opened, signed, without_signatures
from plugin.settings import Settings

SECRET = "a" * 64
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

REQUESTS = st.integers(1, 10**18).map(str)
MOMENTS = st.integers(1_600_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(REQUESTS, MOMENTS)
def test_a_link_opens_what_it_was_made_for_until_its_moment(request_id: str, ends_at: datetime) -> None:
    assert opened(SECRET, signed(SECRET, request_id, ends_at)) == Opened(request_id, ends_at)


@settings(max_examples=10)
@given(REQUESTS, MOMENTS, st.characters(codec="utf-8"))
def test_with_any_byte_changed_added_or_missing_a_link_opens_nothing(
    request_id: str, ends_at: datetime, other: str
) -> None:
    token = signed(SECRET, request_id, ends_at)
    for place, byte in enumerate(token):
        changed = {chr(ord(byte) ^ 1 << bit) for bit in range(7)} | {other} - {byte}
        forged = {token[:place] + each + token[place + 1 :] for each in changed}
        forged |= {token[:place] + each + token[place:] for each in (other, "0")} | {token[:place] + token[place + 1 :]}
        for each in forged - {token}:
            assert opened(SECRET, each) is None, each


@given(REQUESTS, MOMENTS, st.text("0123456789abcdef", min_size=1).filter(lambda each: each != SECRET))
def test_a_link_signed_with_another_secret_opens_nothing(request_id: str, ends_at: datetime, other: str) -> None:
    assert opened(SECRET, signed(other, request_id, ends_at)) is None


@given(st.text())
def test_what_anybody_types_opens_nothing(typed: str) -> None:
    assert opened(SECRET, typed) is None


def test_no_link_is_good_in_two_spellings() -> None:
    token = signed(SECRET, "10042", NOON)
    for spelt in (f"0{token}", token.upper(), f"{token}\n", f" {token}", token.replace("1", "¹", 1)):
        assert opened(SECRET, spelt) is None, spelt


def test_what_others_keep_of_a_text_opens_nothing() -> None:
    token = signed(SECRET, "10042", NOON)
    body = f'{{"body": "[Open|https:\\/\\/x.example\\/admin\\/receipt\\/{token}] until noon"}}'
    kept = without_signatures(body)
    assert kept == body.replace(token.rpartition(".")[2], "…")
    assert without_signatures("10.0.0.1, 26.2.1 and a commit 3f2a") == "10.0.0.1, 26.2.1 and a commit 3f2a"


def test_there_are_links_only_where_others_reach_the_pages_and_somebody_wants_them() -> None:
    address = "https://support.vendor.example"
    assert links_of(Settings()) is None
    assert links_of(Settings(public_url=address)) is None
    assert links_of(Settings(admin_pages="on")) is None
    assert links_of(Settings(public_url=address, admin_pages="on", receipt_link_days=0)) is None
    links = links_of(Settings(public_url=address, admin_pages="on"))
    assert links == Links(f"{address}/admin/", timedelta(days=30))
    assert links.leads_to("1.2.3") == f"{address}/admin/receipt/1.2.3"
