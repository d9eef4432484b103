"""The mistakes that `example_trial.py` finds, each told with its place."""

from pathlib import Path

import pytest

from plugin.contract.decision import Reason
from plugin.mappings.problem import one_of
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "another severity than expected",
        "examples/severity.yaml",
        "    expect: {severity: 2}",
        "    expect: {severity: 1}",
        "Production is seriously impaired: severity: expected 1, got 2 (Severity 2: kind fault, environment "
        "production, impact impaired. C19, severities.yaml:{line})",
        at="1}\n\n  - name: Production w",
        refers=("severities.yaml", "{kind: fault, environment: production, impact: impaired"),
    ),
    Mistake(
        "another deadline than expected",
        "examples/response-times.yaml",
        "response_due: 2026-11-23 14:30",
        "response_due: ^2026-11-23 14:00",
        "A grave fault on Friday afternoon goes on counting on Monday: response_due: expected 2026-11-23 14:00, got "
        "2026-11-23 14:30 (8 h of covered time for severity 1 from Fri 20 Nov 2026 16:30 CET: Fri 1 h 30 min, "
        "closed Sat-Sun, Mon 6 h 30 min. C3, coverage.yaml:{line})",
        refers=("coverage.yaml", "{tier: premium, calendar"),
    ),
    Mistake(
        "a letter that is drafted and not sent",
        "examples/replies.yaml",
        "reasons: [third_party], reply: send",
        "reasons: [third_party], reply: ^draft",
        "Whoever is helped with a limit is told of the limit: reply: expected draft, got send (It concerns third-party "
        "software (Selenium): its maker's warranty is passed through, no more. C26, releases.yaml:{line})",
        refers=("releases.yaml", "  - {name: Selenium"),
    ),
    Mistake(
        "an unknown kind",
        "examples/severity.yaml",
        "request: {kind: question",
        "request: {kind: ^qestion",
        "kind: there is no kind qestion; expected fault, question, installation, remote_session, training or "
        "enhancement (nearest: question)",
    ),
    Mistake(
        "neither customer nor organizations",
        "examples/agreements.yaml",
        "  - name: A colleague who is no named contact\n    cites: [C4, C24]\n    customer: aurora-robotics\n",
        "  - ^name: A colleague who is no named contact\n    cites: [C4, C24]\n",
        "whose request is it? expected customer (a file in agreements/) or organizations (Jira's names)",
    ),
    Mistake(
        "an unknown customer",
        "examples/agreements.yaml",
        "  - name: A colleague who is no named contact\n    cites: [C4, C24]\n    customer: aurora-robotics\n",
        "  - name: A colleague who is no named contact\n    cites: [C4, C24]\n    customer: ^aurora\n",
        "customer: there is no agreement of aurora; expected aurora-robotics, brennhaus-medical, cobalt-rail or "
        "delta-foundry",
    ),
    Mistake(
        "a time that the clocks leave out",
        "examples/response-times.yaml",
        "raised: 2026-03-27 17:00",
        "raised: ^2026-03-29 02:30",
        "raised: the clocks in Europe/Berlin leave 02:30 out on that day; choose another time",
    ),
    Mistake(
        "an answer at a time that the clocks leave out",
        "examples/answers.yaml",
        'answers: [{said: 2026-11-23 09:00, text: "Version: 24.2"}]',
        'answers: [{said: ^2027-03-28 02:30, text: "Version: 24.2"}]',
        "said: the clocks in Europe/Berlin leave 02:30 out on that day; choose another time",
    ),
    Mistake(
        "a time of resolving that the clocks leave out",
        "examples/response-times.yaml",
        "raised: 2026-03-27 17:00",
        "raised: 2026-03-27 17:00, resolved: ^2026-03-29 02:30",
        "resolved: the clocks in Europe/Berlin leave 02:30 out on that day; choose another time",
    ),
    Mistake(
        "an appointment that the clocks leave out",
        "examples/appointments.yaml",
        "{from: 2026-10-25 01:00, to: 2026-10-25 04:00}",
        "{from: 2026-10-25 01:00, to: ^2026-03-29 02:30}",
        "to: the clocks in Europe/Berlin leave 02:30 out on that day; choose another time",
    ),
    Mistake(
        "nothing expected",
        "examples/severity.yaml",
        "    expect: {severity: 2}",
        "    ^expect: {}",
        "Production is seriously impaired: nothing is expected; expected at least one key",
    ),
    Mistake(
        "a reason with a letter missing",
        "examples/agreements.yaml",
        "reasons: [product_unknown]",
        "reasons: [^product_unkown]",
        f"reasons: product_unkown is not known (nearest: product_unknown); expected {one_of(Reason)}",
    ),
    Mistake(
        "a reason that was not expected",
        "examples/agreements.yaml",
        "reasons: [product_unknown]",
        "reasons: []",
        "A product that nobody knows: reasons: expected no reason, got product_unknown (There is no product by the "
        "name 'expresso'. C28, eligibility.yaml:{line})",
        at="[]}\n\n  - name: N",
        refers=("eligibility.yaml", "{rule: covered_product"),
    ),
    Mistake(
        "more credits used than there are",
        "examples/credits.yaml",
        "credits_used: 191\n    request: {kind: fault",
        "credits_used: 193\n    request: {kind: fault",
        "The last credit is enough for a fault: it cannot be decided: 193 units are wanted, 1 more than are available",
        at="The",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_an_admin_who_refuses_when_credits_are_short_sees_the_examples_that_say_otherwise(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "credits.yaml", "{kind: remote_session, do: hold", "{kind: remote_session, do: refuse")
    short = "One credit is not enough for a remote session, an agent decides"

    assert [[*each.split(": ")[1:3], each.split(": ")[3].partition(" (")[0]] for each in problems(mappings)] == [
        [short, "eligibility", "expected on hold, got not eligible"],
        [short, "reasons", "expected credits_held, got credits_refused"],
    ]


def test_examples_wait_until_the_tables_are_good_but_their_own_shape_is_told_at_once(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "tiers.yaml", "limit: 5", "limit: five")
    replaced(mappings, "examples/severity.yaml", "    expect: {severity: 2}", "    expect: {severity: two}")

    assert [each.split(":")[0] for each in problems(mappings)] == ["examples/severity.yaml", "tiers.yaml"]


def test_an_example_can_be_decided_later_and_be_resolved_by_then(tmp_path: Path) -> None:
    """From 2027 on Basic is answered sooner; who waited longer for it is open still or not."""
    mappings = copy_of_shipped(tmp_path)
    row = "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n"
    newer = row.replace("72 h", "60 h").replace("}", ", from: 2027-01-01, applies_to: open}")
    replaced(mappings, "tiers.yaml", row, row + newer)
    request = """
    cites: [C2]
    customer: cobalt-rail
    request: {kind: question, product: expecco, version: 26.2, raised: 2026-12-21 09:00, SINCE
              raised_by: yusuf.adeyemi@cobalt-rail.example}
    expect: {response_due: DUE}
"""
    cases = [
        ("Decided at once", "", "", "2026-12-31 11:00"),
        ("Decided in the new year", "decided: 2027-01-01 00:00", "", "2026-12-30 09:00"),
        ("Resolved in the old one", "decided: 2027-01-04 09:00", "resolved: 2026-12-31 23:59,", "2026-12-31 11:00"),
        ("Resolved in the new one", "decided: 2027-02-01 09:00", "resolved: 2027-01-01 00:00,", "2026-12-30 09:00"),
    ]
    examples = [
        f"  - name: {name}{request.replace('SINCE', since).replace('DUE', due)}"
        + (f"    {decided}\n" if decided else "")
        for name, decided, since, due in cases
    ]
    (mappings / "examples" / "open.yaml").write_text("examples:\n" + "".join(examples))

    assert problems(mappings) == []
