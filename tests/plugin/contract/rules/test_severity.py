"""C18 to C20: severity is ruled from what is told, not from what is stated."""

from dataclasses import replace

import pytest

from plugin.contract.decision import Outcome, Reason
from plugin.contract.rules.severity import lowered, severity
from plugin.contract.tables import ANY, AppliesTo
from tests.plugin.contract.builders import NOON, POLICY, at, case, policy, request, table


@pytest.mark.parametrize(
    ("kind", "environment", "impact", "level"),
    [
        ("fault", "production", "down", 1),
        ("fault", "production", "impaired", 2),
        ("fault", "production", "minor", 3),
        ("fault", "test", "down", 3),
        ("fault", None, "down", 3),
        ("fault", "production", None, 3),
        ("question", "production", "down", 3),
        ("enhancement", None, None, 3),
    ],
)
def test_severity_1_and_2_need_a_fault_in_production(
    kind: str, environment: str | None, impact: str | None, level: int
) -> None:
    ruled = severity(case(request(kind=kind, environment=environment, impact=impact)))
    assert ruled.value == level
    assert [str(each) for each in ruled.findings[0].cites] == [
        "C18, eligibility.yaml:45",
        f"C18, severities.yaml:{level}",
    ]


def test_what_was_not_told_is_said_to_be_so() -> None:
    assert severity(case()).findings[0].sentence == "Severity 3: kind question, environment untold, impact untold."


def test_another_severity_stated_stays_visible() -> None:
    ruled = severity(case(request(stated_severity=1)))
    assert ruled.value == 3
    told = ruled.findings[1]
    assert (told.outcome, told.reason) == (Outcome.LIMITED, Reason.SEVERITY_LOWERED)
    assert told.sentence == "The customer stated severity 1; the contract's own definition gives 3."
    assert told.facts == {"stated": "1", "ruled": "3", "because": "kind"}
    assert [str(each) for each in told.cites][1:] == ["C18, severities.yaml:3"]


@pytest.mark.parametrize(
    ("kind", "environment", "impact", "stated", "because"),
    [
        ("fault", "test", "down", 1, "environment"),
        ("fault", None, "down", 1, "environment"),
        ("fault", "test", "down", 2, "environment"),
        ("fault", "production", "minor", 1, "impact"),
        ("fault", "production", None, 2, "impact"),
        ("fault", "production", "impaired", 1, "impact"),
        ("fault", "test", "minor", 1, "both"),
        ("fault", None, None, 2, "both"),
        ("question", "production", "down", 1, "kind"),
    ],
)
def test_a_lowered_severity_names_the_answer_that_led_to_it(
    kind: str, environment: str | None, impact: str | None, stated: int, because: str
) -> None:
    asked = request(kind=kind, environment=environment, impact=impact, stated_severity=stated)
    (told,) = lowered(severity(case(asked)))
    assert (told.reason, told.facts["because"]) == (Reason.SEVERITY_LOWERED, because)


def test_a_severity_that_is_ruled_graver_than_it_was_stated_needs_no_word_to_the_customer() -> None:
    ruled = severity(case(request(kind="fault", environment="production", impact="down", stated_severity=3)))
    assert (ruled.value, lowered(ruled)) == (1, ())
    assert ruled.findings[1].facts == {"stated": "3", "ruled": "1"}


@pytest.mark.parametrize("stated", [None, 3])
def test_the_same_severity_stated_needs_no_word(stated: int | None) -> None:
    assert len(severity(case(request(stated_severity=stated))).findings) == 1


def test_a_table_without_a_row_that_fits_is_a_mistake_in_the_mapping_files() -> None:
    holed = policy(severity_table=table("C18", "severities.yaml", ({"kind": "fault"}, 1)))
    with pytest.raises(LookupError, match="no row of the severity table fits question, untold, untold"):
        severity(case(under=holed))


def test_the_answer_that_is_named_is_looked_for_among_the_rows_that_apply_to_the_request() -> None:
    """From the day of the decision on, tests count as grave as production does, for open requests as well."""
    newer = table(
        "C18",
        "severities.yaml",
        *((dict(row.when), row.cited.value) for row in POLICY.severity_table.rows[:-1]),
        ({"kind": "fault", "environment": "test", "impact": "down"}, 1, NOON.date(), AppliesTo.OPEN),
        ({"kind": ANY, "environment": ANY, "impact": ANY}, 3),
    )
    asked = request(raised="2026-11-20 09:00", kind="fault", environment="test", impact="minor", stated_severity=1)
    for ended, because in ((None, "impact"), (at("2026-11-22 23:59"), "both")):
        (told,) = lowered(severity(case(replace(asked, ended=ended), under=policy(severity_table=newer))))
        assert told.facts["because"] == because
