"""Kept decisions made once more: by the files of then to the last word the same, by others with what they change."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugin.contract.decide import decide, standing_after
from plugin.contract.explain import as_json
from plugin.contract.matching import find_agreement
from plugin.contract.model import Person, SupportAgreement, SupportRequest
from plugin.contract.replay import inputs_of
from plugin.mappings.load import Mappings, load
from plugin.review import NotReplayable, Previewed, previewed, replayed
from plugin.store.decisions import Kept
from plugin.store.inputs import to_json
from tests.plugin.contract.builders import NOON, at, request
from tests.plugin.mappings.broken import SHIPPED, copy_of_shipped, replaced

MIRA = Person("Mira Castellan", email="mira.castellan@aurora-robotics.example")
YUSUF = Person("Yusuf Adeyemi", email="yusuf.adeyemi@cobalt-rail.example")
FAULT = request(
    "26.2", kind="fault", raised_by=MIRA, organizations=(), environment="production", impact="down", key="SUP-7"
)
PREMIUM = "  - {tier: premium, severity: 1, within: 8 h, cites: C2}\n"
SHORTER = PREMIUM.replace("8 h", "6 h")
NEXT_WEEK = at("2026-11-30 09:00")


@pytest.fixture(scope="module")
def shipped() -> Mappings:
    """The shipped mapping files, read."""
    mappings = load(SHIPPED).mappings
    assert mappings is not None
    return mappings


def edited(folder: Path, file: str, old: str, new: str) -> Mappings:
    """The shipped files with one part changed."""
    directory = folder / "mappings"
    replaced(directory if directory.is_dir() else copy_of_shipped(folder), file, old, new)
    loaded = load(directory)
    assert loaded.mappings is not None, loaded.problems
    return loaded.mappings


def decided(mappings: Mappings, asked: SupportRequest = FAULT, **changes: Any) -> Kept:
    """A decision as it comes out of the database."""
    agreement = find_agreement(asked, mappings.agreements)
    customer = agreement.customer if isinstance(agreement, SupportAgreement) else None
    decision = decide(asked, agreement, mappings.policy, NOON)
    content = {**as_json(decision), "waited": standing_after(decision, asked.standing).waited, "ended": None, **changes}
    inputs = to_json(inputs_of(asked, NOON, customer, {}))
    return Kept(decision.decided_at, decision.revision, json.loads(json.dumps(content)), json.loads(json.dumps(inputs)))


@pytest.mark.parametrize("asked", [FAULT, replace(FAULT, version="24.2"), replace(FAULT, raised_by=Person("Ada"))])
def test_by_its_own_files_it_is_decided_again_to_the_last_word(shipped: Mappings, asked: SupportRequest) -> None:
    kept = decided(shipped, asked)
    decision, policy = replayed(kept, shipped.files)
    assert decision.request_key == "SUP-7"
    assert policy == shipped.policy


def test_what_cannot_be_made_once_more_is_said_and_not_made_up(shipped: Mappings, tmp_path: Path) -> None:
    kept = decided(shipped)
    other = edited(tmp_path, "tiers.yaml", PREMIUM, SHORTER).files
    unreadable = {**shipped.files, "tiers.yaml": b"tiers: []\n"}
    told = {**(kept.inputs or {}), "mood": "grim"}
    for given, files, why in (
        (replace(kept, inputs=None), shipped.files, "what it was made from was not kept yet"),
        (replace(kept, inputs=told), shipped.files, "was kept by a release that knew other fields"),
        (kept, None, f"the mapping files of revision {shipped.policy.revision} were not kept"),
        (kept, unreadable, f"this release cannot read the mapping files of revision {shipped.policy.revision}"),
        (kept, other, "this release decides it in another way"),
    ):
        with pytest.raises(NotReplayable, match=why):
            replayed(given, files)


def changed(kept: Kept, after: Mappings, before: Mappings | None, now: Any = NEXT_WEEK) -> dict[str, tuple[Any, Any]]:
    found = previewed(kept, after, before, now)
    return {each.name: (each.before, each.after) for each in found.differences}


def test_the_same_files_change_nothing_whatever_time_has_gone_by(shipped: Mappings) -> None:
    waiting = decided(shipped, replace(FAULT, version="latest"))
    for kept in (decided(shipped), waiting):
        assert previewed(kept, shipped, shipped, NEXT_WEEK).differences == ()
        assert previewed(kept, shipped, None, NEXT_WEEK).differences == ()


def test_a_row_from_a_later_day_on_changes_nothing_that_was_raised_before(shipped: Mappings, tmp_path: Path) -> None:
    later = edited(tmp_path, "tiers.yaml", PREMIUM, PREMIUM + SHORTER.replace("}", ", from: 2026-11-24}"))
    assert changed(decided(shipped), later, shipped) == {}


def test_a_row_for_open_requests_changes_those_that_are_open_on_its_day(shipped: Mappings, tmp_path: Path) -> None:
    row = SHORTER.replace("}", ", from: 2026-11-30, applies_to: open}")
    newer = edited(tmp_path, "tiers.yaml", PREMIUM, PREMIUM + row)
    resolved = decided(shipped, replace(FAULT, ended=at("2026-11-24 10:00")))
    due = {"response due": ("2026-11-23T17:00:00+01:00", "2026-11-23T15:00:00+01:00")}
    assert changed(decided(shipped), newer, shipped) == due
    assert changed(decided(shipped), newer, shipped, NOON) == {}
    assert changed(resolved, newer, shipped) == {}
    assert previewed(decided(shipped), newer, shipped, NEXT_WEEK).open
    assert not previewed(resolved, newer, shipped, NEXT_WEEK).open


def test_only_what_the_edit_does_is_told_not_what_was_edited_before(shipped: Mappings, tmp_path: Path) -> None:
    in_force = edited(tmp_path, "tiers.yaml", PREMIUM, SHORTER)
    line = "      - {line: 26.2, released: 2026-10-12, cites: C13}\n"
    after = edited(tmp_path, "releases.yaml", line, line + line.replace("26.2", "26.3").replace("10-12", "12-24"))
    assert changed(decided(shipped), after, in_force) == {}
    assert changed(decided(shipped), after, None).keys() == {"response due"}


def test_whose_request_waits_has_the_time_from_the_next_look_on(shipped: Mappings, tmp_path: Path) -> None:
    """As the road does: it had to wait, so that its clock begins when the files make it eligible."""
    contact = "  - {name: Jonas Feld, email: jonas.feld@aurora-robotics.example}\n"
    pia = Person("Pia Lindqvist", email="pia.lindqvist@aurora-robotics.example")
    named = edited(
        tmp_path,
        "agreements/aurora-robotics.yaml",
        contact,
        contact + contact.replace("Jonas Feld", pia.name).replace("jonas.feld", "pia.lindqvist"),
    )
    found = changed(decided(shipped, replace(FAULT, raised_by=pia)), named, shipped)
    assert found["eligibility"] == ("not eligible", "eligible")
    assert found["response due"] == (None, "2026-11-30T17:00:00+01:00")
    done = decided(shipped, replace(FAULT, raised_by=pia, ended=NOON + timedelta(hours=1)))
    assert changed(done, named, shipped)["response due"] == (None, "2026-11-23T17:00:00+01:00")


def test_a_customer_who_is_removed_is_told_by_the_name_they_had(shipped: Mappings) -> None:
    gone = replace(shipped, agreements=shipped.agreements[1:])
    found = previewed(decided(shipped), gone, shipped, NEXT_WEEK)
    assert isinstance(found, Previewed)
    assert (found.key, found.customer) == ("SUP-7", "aurora-robotics")
    assert {each.name for each in found.differences} >= {"agreement", "eligibility", "tier", "response due"}


def test_another_tier_and_a_new_release_line_are_told(shipped: Mappings, tmp_path: Path) -> None:
    kept = decided(shipped, replace(FAULT, raised_by=YUSUF, version="26.1"))
    premium = edited(tmp_path, "agreements/cobalt-rail.yaml", "tier: basic", "tier: premium")
    assert changed(kept, premium, shipped)["tier"] == ("basic", "premium")
    line = "      - {line: 26.2, released: 2026-10-12, cites: C13}\n"
    released = edited(tmp_path, "releases.yaml", line, line + line.replace("26.2", "26.3").replace("10-12", "11-01"))
    assert changed(kept, released, premium)["eligibility"] == ("eligible", "not eligible")


def test_what_edited_files_cannot_decide_is_said(shipped: Mappings) -> None:
    holed = replace(shipped, policy=replace(shipped.policy, kinds=(), revision="r2"))
    with pytest.raises(NotReplayable, match="the files of revision r2 cannot decide it: 'fault'"):
        previewed(decided(shipped), holed, shipped, NEXT_WEEK)
