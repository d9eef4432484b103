"""Credits: what went wrong elsewhere (the numbers are those of README.md here)."""

from datetime import date
from pathlib import Path

import pytest

from plugin.contract.grants import grants
from plugin.contract.ledger import Account, Places
from plugin.contract.model import SupportAgreement
from tests.lessons.shipped import BRENNHAUS, agreement_of, changed, fault, judged, sentences, shipped
from tests.plugin.mappings.broken import copy_of_shipped, problems, replaced

YEAR = "credit 2026-04-01"
"""Aurora's lot of the year: six licences of Premium, 192 credits."""
FILE = "agreements/brennhaus-medical.yaml"
SIX = "  - {product: expecco, tier: advanced, licenses: 6}\n"


def spent(units: int) -> Places:
    return {(YEAR, Account.CONSUMED): units}


def test_help_that_no_credit_is_left_for_is_visible_as_a_charge_of_nothing() -> None:
    """Lesson 50: https://github.com/pluginsGLPI/credit/issues/222: goodwill is worth a row that says 0.

    Lesson 81: https://github.com/DefactoSoftware/Hours/pull/522: warn and flag, and let people help the customer.
    """
    decision = judged(fault(), booked=spent(192))
    assert (decision.eligibility.value, decision.charge.value) == ("limited", 0)
    assert "There are not enough credits: 0 credits charged." in sentences(decision, "charge")
    assert "1 credit needed, 0 credits left: accepted" in sentences(decision, "eligibility")


@pytest.mark.parametrize(("quantity", "good"), [("0", False), ("none", False), ("1", False), ("unlimited", True)])
def test_0_is_never_without_an_end(quantity: str, good: bool, tmp_path: Path) -> None:
    """Lesson 50: https://github.com/pluginsGLPI/credit/issues/204, where the largest number was 0 for unlimited."""
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "tiers.yaml", "{tier: advanced, limit: 2,", f"{{tier: advanced, limit: {quantity},")
    told = [each for each in problems(mappings) if each.startswith(FILE)]
    assert (told == []) is good


@pytest.mark.parametrize("used", [0, 1, 190, 191, 192])
def test_what_is_left_is_told_with_every_request(used: int) -> None:
    """Lesson 51: https://github.com/pluginsGLPI/credit/issues/48: show the balance while the agent answers."""
    decision = judged(fault(), booked=spent(used))
    assert decision.credits_left.value == max(0, 192 - used - 1)
    assert f"{192 - used} credit" in sentences(decision, "credits_left")


@pytest.mark.parametrize(
    ("file", "whole"),
    [
        ("credits.yaml", "{kind: fault, severity: any, unit: credit, units: 1,"),
        ("credits.yaml", "{tier: premium, unit: credit, per_license: 32,"),
        (FILE, "credits: 10,"),
        (FILE, "licenses: 6}"),
    ],
)
@pytest.mark.parametrize("half", [".5", " 1/2", "e1", "_0"])
def test_a_fraction_is_refused_wherever_units_are_written(file: str, whole: str, half: str, tmp_path: Path) -> None:
    """Lesson 52: https://github.com/pluginsGLPI/credit/issues/66: decide the unit, and count whole ones of it."""
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, file, whole, f"{whole[:-1]}{half}{whole[-1]}")
    (told,) = problems(mappings)
    assert told.startswith(f"{file}:")
    assert "is not understood; expected a whole number" in told


@pytest.mark.parametrize(("used", "charged", "left"), [(189, 2, 1), (190, 2, 0), (191, 0, 1), (192, 0, 0)])
def test_a_price_that_equals_what_is_left_is_charged_and_one_more_is_not(used: int, charged: int, left: int) -> None:
    """Lesson 59: https://github.com/playsms/playsms/issues/363, where it was not charged at all.

    Lesson 49: https://github.com/pluginsGLPI/credit/issues/43: what is left is never less than nothing.
    """
    decision = judged(fault(kind="remote_session"), booked=spent(used))
    assert (decision.charge.value, decision.credits_left.value) == (charged, left)


def test_a_second_upgrade_within_a_year_is_counted_from_the_first(tmp_path: Path) -> None:
    """Lesson 61: https://github.com/antiwork/gumroad/pull/6077, the second was computed from the wrong base.

    A better tier from July on is 6 x 16 credits for 184 of 365 days; two more licences in October 2 x 32 for 92.
    """
    rows = (
        "  - {product: expecco, tier: advanced, licenses: 6, to: 2026-06-30}\n"
        "  - {product: expecco, tier: premium, licenses: 6, from: 2026-07-01}\n"
        "  - {product: expecco, tier: premium, licenses: 2, from: 2026-10-01}\n"
    )
    mappings = changed(tmp_path, (FILE, SIX, rows))
    signed = agreement_of(fault(by=BRENNHAUS), mappings)
    assert isinstance(signed, SupportAgreement)
    given = grants(signed, mappings.policy, date(2027, 1, 1))
    assert [(str(each.term.first), each.units) for each in given if each.term.last >= date(2026, 1, 1)] == [
        ("2026-01-01", 96),
        ("2026-07-01", 49),
        ("2026-10-01", 17),
        ("2027-01-01", 256),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param(FILE, "{from: 2025-01-01, to: 2034-12-31}", "{from: 2025-01-01}", id="a term without its end"),
        pytest.param(FILE, "  - {from: 2025-01-01, to: 2034-12-31}\n", "", id="no term"),
        pytest.param(FILE, "bought: 2025-03-11, ", "", id="a package without its day"),
        pytest.param(FILE, ", expires: 2025-08-31", "", id="a package without its last day"),
        pytest.param(FILE, "advanced, licenses: 6}", "advanced}", id="an entitlement without licences"),
        pytest.param(
            "credits.yaml",
            "  - {tier: basic, unit: credit, per_license: 0, cites: C9}\n",
            "",
            id="a tier without a row",
        ),
    ],
)
def test_what_is_missing_is_a_mistake_and_no_grant_of_nothing(file: str, old: str, new: str, tmp_path: Path) -> None:
    """Lesson 61: https://github.com/theopenco/llmgateway/pull/2832, missing dates gave a silent grant of 0."""
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, file, old, new)
    assert problems(mappings) != []


@pytest.mark.parametrize(("raised", "left"), [("2025-03-10 17:59", 95), ("2025-03-11 00:00", 105)])
@pytest.mark.parametrize("now", ["2025-03-12 09:00", "2025-08-01 09:00", "2026-11-23 09:00"])
def test_credits_bought_later_do_not_pay_for_what_was_asked_before(raised: str, left: int, now: str) -> None:
    """Lesson 62: https://github.com/PostHog/posthog.com/pull/17640: effective dates decide, not the day of looking."""
    assert judged(fault(raised, BRENNHAUS, version="24.2"), now).credits_left.value == left


def test_a_term_that_is_prolonged_keeps_what_was_used_of_it(tmp_path: Path) -> None:
    """Lesson 54: https://github.com/Probesys/bileto/issues/729: what was accounted has to follow an extension."""
    term = "{from: 2024-04-01, to: 2034-03-31}"
    longer = changed(tmp_path, ("agreements/aurora-robotics.yaml", term, "{from: 2024-04-01, to: 2036-08-31}"))
    for mappings in (shipped(), longer):
        assert judged(fault(), mappings=mappings, booked=spent(100)).credits_left.value == 91
