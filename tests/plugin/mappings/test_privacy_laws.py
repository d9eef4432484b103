"""What is said on a request names nobody and nothing of a customer whose own request it is not."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide
from plugin.contract.matching import find_agreement
from plugin.contract.model import Organization, Person, SupportAgreement, SupportRequest
from tests.road.house import shipped

RAISED = datetime(2026, 11, 23, 11, tzinfo=UTC)
PARTNER = Organization("77", "Partner GmbH")
AGREEMENTS = shipped().agreements


def _organization(agreement: SupportAgreement) -> Organization:
    return Organization(agreement.organization_ids[0], agreement.organization_names[0])


def _contacts(agreement: SupportAgreement) -> set[str]:
    named = agreement.named_contacts
    return {each.name for each in named} | {email for each in named for email in each.emails}


people = st.one_of(
    st.sampled_from([Person(each.name, email=each.emails[0]) for one in AGREEMENTS for each in one.named_contacts]),
    st.builds(
        lambda name, domain: Person(name, email=f"kim@{domain}"),
        st.sampled_from(["Kim Stranger", "Mira Castellan"]),
        st.sampled_from(["elsewhere.example", *(each for one in AGREEMENTS for each in one.domains)]),
    ),
)
organizations = st.lists(st.sampled_from([PARTNER, *map(_organization, AGREEMENTS)]), unique=True, max_size=3).map(
    tuple
)
requests = st.builds(
    SupportRequest,
    id=st.just("10001"),
    key=st.just("SUP-1"),
    raised=st.just(RAISED),
    raised_by=people,
    kind=st.sampled_from(["fault", "question", "remote_session"]),
    organizations=organizations,
    product=st.sampled_from(["expecco", "LicenseServer", "something", None]),
    version=st.sampled_from(["26.2", "24.2", "latest", None]),
    platform=st.sampled_from(["Windows 11", "a toaster", None]),
    modified=st.sampled_from([True, False, None]),
    third_party=st.sampled_from(["Selenium", None]),
)


@given(requests, st.sampled_from(["en", "de"]), st.booleans())
def test_no_reply_tells_one_customer_of_another(request: SupportRequest, language: str, receipt: bool) -> None:
    mappings = shipped()
    decision = decide(request, find_agreement(request, AGREEMENTS), mappings.policy, RAISED)

    told = mappings.replies.letter(decision, "whoever asked", language, receipt=receipt)

    for agreement in AGREEMENTS:
        own, domain = _organization(agreement), (request.raised_by.email or "").rpartition("@")[2]
        # Whoever sees the request sees whose it is; without an organization only its reporter does, whom mail reaches.
        if own not in request.organizations and (request.organizations or domain not in agreement.domains):
            assert agreement.name not in told
        if request.organizations != (own,):
            assert not [each for each in _contacts(agreement) if each in told], told
