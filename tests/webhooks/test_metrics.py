"""The figures of a process: all there from the start, counted by the process, the database's the same at each."""

from datetime import UTC, datetime

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Reason
from plugin.jira import errors
from plugin.jira.errors import JiraTrouble
from plugin.store import Store, doors
from tests.plugin.contract.builders import agreement, at, policy, request
from webhooks.metrics import ANSWERS, Metrics

NOW = datetime(2026, 11, 20, 16, 31, tzinfo=UTC)


def families(metrics: Metrics) -> dict[str, Metric]:
    return {each.name: each for each in text_string_to_metric_families(metrics.text().decode())}


def value(metrics: Metrics, name: str, **labels: str) -> float:
    found = metrics.registry.get_sample_value(f"support_contract_{name}", labels)
    assert found is not None, f"{name} {labels} is not there"
    return found


def test_every_label_is_there_before_anything_happened(store: Store) -> None:
    metrics = Metrics(store)
    for reason in Reason:
        assert value(metrics, "reasons_total", reason=reason) == 0
    for outcome in ANSWERS:
        assert value(metrics, "jira_calls_total", outcome=outcome) == 0
    for eligibility in Eligibility:
        assert value(metrics, "decisions_total", eligibility=eligibility.value.replace(" ", "_")) == 0
    assert value(metrics, "look_seconds_count", outcome="done") == value(metrics, "swept_total") == 0
    assert value(metrics, "last_reconciliation_timestamp_seconds") == 0


def test_every_kind_of_trouble_with_jira_has_a_label_of_its_own() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, JiraTrouble)]
    assert {each.kind for each in kinds} - {JiraTrouble.kind} == set(ANSWERS) - {"ok"}
    assert len({each.kind for each in kinds}) == len(kinds)


def test_what_happens_is_counted(store: Store) -> None:
    metrics = Metrics(store)
    metrics.called("busy")
    metrics.looked("done", 0.3)
    metrics.swept(17)
    metrics.replied(public=True)
    metrics.reconciled(NOW)
    assert value(metrics, "jira_calls_total", outcome="busy") == 1
    assert value(metrics, "look_seconds_bucket", outcome="done", le="0.5") == 1
    assert value(metrics, "look_seconds_bucket", outcome="done", le="0.25") == 0
    assert value(metrics, "swept_total") == 17
    assert value(metrics, "replies_total", reader="customer") == 1
    assert value(metrics, "replies_total", reader="agents") == 0
    assert value(metrics, "last_reconciliation_timestamp_seconds") == NOW.timestamp()


def test_two_processes_count_apart_and_tell_the_same_of_the_database(store: Store) -> None:
    one, other = Metrics(store), Metrics(store)
    one.looked("done", 1)
    with store.writing() as tx:
        doors.knock(tx, "10001", "SUP-1", NOW)
    assert [value(each, "look_seconds_count", outcome="done") for each in (one, other)] == [1, 0]
    assert [value(each, "doors", state="due") for each in (one, other)] == [1, 1]
    for name in ("doors", "oldest_due_seconds", "gap"):
        told = families(one)[f"support_contract_{name}"].documentation
        assert told.endswith("; the same at every process, so take the max() and not the sum()")


def test_the_process_itself_is_told_of_and_nothing_has_a_name_without_ours(store: Store) -> None:
    names = set(families(Metrics(store)))
    assert {name for name in names if not name.startswith(("support_contract_", "process_"))} == set()


def test_a_decision_is_counted_and_so_is_each_of_its_reasons_once(store: Store) -> None:
    metrics = Metrics(store)
    decision = decide(request(version=None), agreement(), policy(), at("2026-11-20 16:31"))
    assert [each.reason for each in decision.reasons] == [Reason.VERSION_MISSING]
    metrics.decided(decision)
    assert value(metrics, "decisions_total", eligibility="needs_information") == 1
    assert value(metrics, "reasons_total", reason="version_missing") == 1
    assert value(metrics, "reasons_total", reason="credits_refused") == 0
