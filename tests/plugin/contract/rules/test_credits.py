"""C9: what a request costs, what is left, and what happens when that is not enough."""

import pytest

from plugin.contract.decision import Backfill, Eligibility, Outcome, Reason, Ruling
from plugin.contract.policy import Shortage
from plugin.contract.rules.credits import charge, cost, enough, left, shortage, units
from tests.plugin.contract.builders import always, case, policy, request, table


def price(kind: str = "question") -> Ruling[int]:
    return cost(case(request(kind=kind)), 3)


@pytest.mark.parametrize(
    ("kind", "credits"),
    [("fault", 1), ("question", 1), ("installation", 1), ("remote_session", 2), ("training", 0), ("enhancement", 0)],
)
def test_the_price_is_that_of_the_kind(kind: str, credits: int) -> None:
    assert cost(case(request(kind=kind)), 3).value == credits


def test_the_price_may_depend_on_severity() -> None:
    by_severity = policy(
        costs=table(
            "C9", "credits.yaml", ({"kind": "any", "severity": "1"}, 5), ({"kind": "any", "severity": "any"}, 1)
        )
    )
    assert [cost(case(under=by_severity), level).value for level in (1, 2, 3)] == [5, 1, 1]


def test_the_price_says_what_it_rests_on() -> None:
    (finding,) = price("remote_session").findings
    assert finding.sentence == "A request of kind remote_session costs 2 credits."
    assert [str(each) for each in finding.cites] == ["C9, eligibility.yaml:48", "C9, credits.yaml:4"]


@pytest.mark.parametrize(
    ("outcome", "credits"), [("product_defect", 0), ("solved", 1), (None, 1)], ids=["defect", "solved", "open"]
)
def test_a_product_defect_costs_nothing(outcome: str | None, credits: int) -> None:
    assert cost(case(request(outcome=outcome)), 3).value == credits


def test_a_request_of_which_nobody_said_what_it_turned_out_to_be_is_not_refunded() -> None:
    assert cost(case(request(outcome=None), under=policy(refunds=always(True))), 3).value == 1


def test_a_deleted_request_costs_nothing() -> None:
    ruled = cost(case(request(deleted=True, outcome="product_defect")), 3)
    assert (ruled.value, ruled.findings[0].sentence) == (0, "The request was deleted: nothing is charged.")


@pytest.mark.parametrize(
    ("terms", "credits"), [(Backfill(), 0), (Backfill(replies=True), 0), (Backfill(charges=True), 1), (None, 1)]
)
def test_what_a_backfill_took_up_without_a_charge_costs_nothing(terms: Backfill | None, credits: int) -> None:
    assert cost(case(request(backfill=terms)), 3).value == credits


def test_a_refund_says_why() -> None:
    (finding,) = cost(case(request(outcome="product_defect")), 3).findings
    assert finding.sentence == "The request turned out to be a product defect: nothing is charged."
    assert str(finding.cites[1]) == "C9, credits.yaml:1"


def test_costs_without_a_row_that_fits_are_a_mistake_in_the_mapping_files() -> None:
    holed = policy(costs=table("C9", "credits.yaml", ({"kind": "fault", "severity": "any"}, 1)))
    with pytest.raises(LookupError, match="kind question, severity 3"):
        cost(case(under=holed), 3)


@pytest.mark.parametrize(("credits", "available"), [(1, 1), (1, 2), (0, 0), (0, -3)])
def test_a_price_that_is_just_met_is_met(credits: int, available: int) -> None:
    (finding,) = enough(case(), credits, available)
    assert (finding.outcome, finding.reason) == (Outcome.MET, None)


@pytest.mark.parametrize(
    ("mode", "reason", "outcome"),
    [
        (Shortage.ACCEPT_AND_FLAG, Reason.CREDITS_FLAGGED, Outcome.LIMITED),
        (Shortage.HOLD, Reason.CREDITS_HELD, Outcome.UNKNOWN),
        (Shortage.REFUSE, Reason.CREDITS_REFUSED, Outcome.NOT_MET),
    ],
)
def test_a_shortage_has_the_consequence_of_the_table(mode: Shortage, reason: Reason, outcome: Outcome) -> None:
    (finding,) = enough(case(under=policy(shortage=always(mode))), 2, 1)
    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert finding.sentence.startswith("2 credits needed, 1 credit left: ")
    assert finding.facts == {"needed": "2", "left": "1"}
    assert str(finding.cites[1]) == "C9, credits.yaml:1"


def test_a_balance_below_zero_leaves_nothing() -> None:
    (finding,) = enough(case(), 1, -5)
    assert (finding.reason, finding.facts["left"]) == (Reason.CREDITS_HELD, "0")


def test_faults_are_accepted_and_flagged_where_the_rest_is_held() -> None:
    assert shortage(case(request(kind="fault"))).value is Shortage.ACCEPT_AND_FLAG
    assert shortage(case(request(kind="question"))).value is Shortage.HOLD


def test_a_shortage_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    with pytest.raises(LookupError, match="credits are short for kind question"):
        shortage(case(under=policy(shortage=table("C9", "credits.yaml"))))


def test_where_no_credits_are_counted_nothing_is_said_to_be_there() -> None:
    (finding,) = enough(case(), 1, None)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, None)
    assert finding.sentence == "Without an agreement in force no credits are counted."
    assert charge(case(), price(), Eligibility.ELIGIBLE, None).value == 0
    assert left(case(), 0, None).value is None


@pytest.mark.parametrize(
    ("eligibility", "credits"),
    [
        (Eligibility.ELIGIBLE, 1),
        (Eligibility.LIMITED, 1),
        (Eligibility.ON_HOLD, 0),
        (Eligibility.NEEDS_INFORMATION, 0),
        (Eligibility.NOT_ELIGIBLE, 0),
    ],
)
def test_only_a_request_that_is_served_is_charged(eligibility: Eligibility, credits: int) -> None:
    assert charge(case(), price(), eligibility, 5).value == credits


def test_what_is_not_served_says_so() -> None:
    assert charge(case(), price(), Eligibility.ON_HOLD, 5).findings[0].sentence == (
        "The request is on hold: nothing is charged."
    )


@pytest.mark.parametrize(("available", "credits"), [(2, 2), (1, 1), (0, 0), (-1, 0)])
def test_a_charge_is_never_more_than_there_is(available: int, credits: int) -> None:
    ruled = charge(case(), price("remote_session"), Eligibility.LIMITED, available)
    assert ruled.value == credits
    assert (len(ruled.findings) == 2) is (credits < 2)


def test_what_costs_nothing_is_charged_at_nothing_with_the_reason() -> None:
    free = price("training")
    assert charge(case(), free, Eligibility.ELIGIBLE, 5) == free


@pytest.mark.parametrize(("available", "rest"), [(5, 4), (1, 0), (0, -1)])
def test_what_is_left_is_told_with_and_without_the_request(available: int, rest: int) -> None:
    ruled = left(case(), 1, available)
    assert ruled.value == rest
    assert ruled.findings[0].sentence == f"{units(available)} without this request, {units(rest)} with it."


def test_one_credit_is_singular() -> None:
    assert [units(number) for number in (-2, -1, 0, 1, 2)] == [
        "-2 credits",
        "-1 credit",
        "0 credits",
        "1 credit",
        "2 credits",
    ]
