"""The mistakes that `tiers.py` finds, each told with its place."""

from pathlib import Path

import pytest

from tests.plugin.mappings.broken import Mistake, problems

REMINDERS = "{tier: any, severity: any, at: [80 %, overdue], by: [note, field], cites: C2}"

MISTAKES = [
    Mistake(
        "a point that nobody can mean",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: [^120 %, overdue], by: [note], cites: C2}",
        "at: 120 % is not understood; expected a point of the response time such as 50 %, 2 h before or overdue",
    ),
    Mistake(
        "no time before",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: [^0 h before], by: [note], cites: C2}",
        "at: 0 h before is when the response is due; write overdue; expected a point of the response time such as "
        "50 %, 2 h before or overdue",
    ),
    Mistake(
        "points without a way to hear of them",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: ^[overdue], by: [], cites: C2}",
        "at: points and ways to remind go together; give by: or priority:, or at: [] and by: []",
    ),
    Mistake(
        "a way to remind without a point",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: ^[], by: [note], cites: C2}",
        "at: points and ways to remind go together; give by: or priority:, or at: [] and by: []",
    ),
    Mistake(
        "a point named twice",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: ^[1 h before, 60 min before], by: [note], cites: C2}",
        "at: a point is named twice; remove one",
    ),
    Mistake(
        "a way to remind that there is not",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: [overdue], by: [^mail], cites: C2}",
        "by: mail is not known; expected note or field",
    ),
    Mistake(
        "a priority that a reminder cannot give",
        "tiers.yaml",
        REMINDERS,
        "{tier: any, severity: any, at: [overdue], by: [], priority: ^urgent, cites: C2}",
        "priority: there is no priority urgent; expected highest, high, medium, low or lowest",
    ),
    Mistake(
        "something given instead of what is included",
        "tiers.yaml",
        "{tier: any, kind: any, included: yes, cites: C5}",
        "{tier: any, kind: any, included: yes, instead: ^fault, cites: C5}",
        "instead: the kind is included; remove it, or write included: no",
    ),
    Mistake(
        "a kind given instead of itself",
        "tiers.yaml",
        "included: no, instead: fault",
        "included: no, instead: ^Remote session",
        "instead: Remote session is the kind itself; name another, or leave it out",
    ),
    Mistake(
        "an unknown kind given instead",
        "tiers.yaml",
        "included: no, instead: fault",
        "included: no, instead: ^fualt",
        "instead: there is no kind fualt; expected fault, question, installation, remote_session, training or "
        "enhancement (nearest: fault)",
    ),
    Mistake(
        "neither yes nor no nor guidance",
        "tiers.yaml",
        "included: guidance",
        "included: ^guided",
        "included: guided is not known (nearest: guidance); expected yes, guidance or no",
    ),
    Mistake(
        "a priority that is not listed",
        "tiers.yaml",
        "{tier: premium, severity: 1, priority: highest",
        "{tier: premium, severity: 1, priority: ^hihgest",
        "priority: there is no priority hihgest; expected highest, high, medium, low, lowest or none (nearest: "
        "highest)",
    ),
    Mistake(
        "a priority listed twice",
        "tiers.yaml",
        "priorities: [highest, high, medium, low, lowest]",
        "priorities: [highest, high, medium, low, lowest, ^high]",
        "high is already a priority in tiers.yaml:{line}; expected a name of its own",
        refers="priorities: [",
    ),
    Mistake(
        "a priority called none",
        "tiers.yaml",
        "priorities: [highest, high, medium, low, lowest]",
        "priorities: [highest, high, medium, low, lowest, ^none]",
        "priorities: none has a meaning of its own and cannot be a name; expected a name of small letters, digits, - "
        "and _",
    ),
    Mistake(
        "a severity without a priority",
        "tiers.yaml",
        "  - {tier: advanced, severity: 3, priority: medium, cites: C8}\n",
        "",
        "no row fits tier advanced, severity 3 from the beginning; add a row, or a last row that says any",
        at="priority_handling:",
    ),
    Mistake(
        "a representative assigned neither yes nor no",
        "tiers.yaml",
        "{tier: premium, assigned: yes",
        "{tier: premium, assigned: ^one",
        "assigned: one is not known; expected yes or no",
    ),
    Mistake(
        "a kind that no row speaks of",
        "tiers.yaml",
        "{tier: any, kind: any, included: yes, cites: C5}",
        "{tier: any, kind: fault, included: yes, cites: C5}",
        "no row fits tier premium, kind question and 9 more from the beginning; add a row, or a last row that says any",
        at="services:",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected
