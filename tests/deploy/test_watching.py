"""Alert rules and dashboard: every expression can be read, and asks for figures and labels that there are."""

import json
import re
from typing import Any

import promql_parser
import pytest
from prometheus_client import Metric

from tests.deploy.documents import DEPLOY, anchors, document, within
from tests.stores import migrated
from webhooks.metrics import SAME, Metrics

RULES = [rule for group in document(DEPLOY / "prometheus" / "alerts.yaml")["groups"] for rule in group["rules"]]
BOARD = json.loads((DEPLOY / "grafana" / "support-contract.json").read_text())
OF_THE_SCRAPE = {"job", "instance"}
"""Labels that Prometheus adds."""

EXPRESSIONS = [pytest.param(rule["expr"], id=rule["alert"]) for rule in RULES] + [
    pytest.param(target["expr"], id=panel["title"]) for panel in BOARD["panels"] for target in panel["targets"]
]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


def parsed(expression: str) -> promql_parser.Expr:
    for variable, value in {"$__rate_interval": "5m", "$job": ".+"}.items():
        expression = expression.replace(variable, value)
    return promql_parser.parse(expression)


def nodes(expression: str) -> list[promql_parser.Expr]:
    found: list[promql_parser.Expr] = []
    promql_parser.walk(parsed(expression), pre_visit=found.append)
    return found


def selectors(expression: str) -> list[promql_parser.VectorSelector]:
    return [
        each.vector_selector if isinstance(each, promql_parser.MatrixSelector) else each
        for each in nodes(expression)
        if isinstance(each, promql_parser.VectorSelector | promql_parser.MatrixSelector)
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Metric]:
    """Return what a process tells before anything has happened."""
    store = migrated(f"sqlite:///{tmp_path_factory.mktemp('told')}/store.sqlite3")
    found = list(Metrics(store).registry.collect())
    store.close()
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_figure_that_is_asked_for_is_there_with_its_labels(expression: str, told: list[Metric]) -> None:
    samples = [sample for family in told for sample in family.samples]
    assert selectors(expression)
    for selector in selectors(expression):
        named = [sample for sample in samples if sample.name == selector.name]
        assert named, f"nobody tells {selector.name}"
        for matcher in selector.matchers.matchers:
            if matcher.name in OF_THE_SCRAPE:
                continue
            known = {sample.labels.get(matcher.name) for sample in named}
            assert set(matcher.value.split("|")) <= known, f"{selector.name} has no such {matcher.name}"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_summed_up_by_is_a_label(expression: str, told: list[Metric]) -> None:
    labels = {name for family in told for sample in family.samples for name in sample.labels} | OF_THE_SCRAPE
    for each in nodes(expression):
        if isinstance(each, promql_parser.AggregateExpr) and each.modifier:
            assert set(each.modifier.labels) <= labels


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_figures_of_the_database_are_never_added_up(expression: str, told: list[Metric]) -> None:
    same = {family.name for family in told if family.documentation.endswith(SAME)}
    assert len(same) == 3
    for each in nodes(expression):
        if isinstance(each, promql_parser.AggregateExpr) and "sum" in str(each.op):
            assert not same & {selector.name for selector in selectors(str(each))}


def test_every_figure_is_shown_or_watched(told: list[Metric]) -> None:
    asked = {selector.name for parameters in EXPRESSIONS for selector in selectors(parameters.values[0])}
    for family in told:
        if family.name.startswith("support_contract_"):
            assert asked & {sample.name for sample in family.samples}, f"nobody asks for {family.name}"


@each_rule
def test_each_alert_says_what_to_do_and_where_more_is_said(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"SupportContract[A-Z][A-Za-z]+", rule["alert"])
    assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}
    assert rule["labels"].keys() == {"severity"}
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    told = rule["annotations"]
    assert told.keys() == {"summary", "description", "runbook"}
    assert told["description"].count(".") >= 2, "what it means, and what to do"
    file, _, anchor = told["runbook"].partition("#")
    assert file == "deploy/RUNBOOK.md"
    assert anchor in anchors((DEPLOY / "RUNBOOK.md").read_text())


@each_rule
def test_what_an_alert_names_from_its_series_is_left_in_them(rule: dict[str, Any]) -> None:
    """A label that the expression has aggregated away would be empty in the text."""
    named = set(re.findall(r"\$labels\.([a-z_]+)", str(rule["annotations"])))
    kept = {label for each in nodes(rule["expr"]) if isinstance(each, promql_parser.AggregateExpr) and each.modifier
            for label in each.modifier.labels}  # fmt: skip
    assert named <= kept


def test_alerts_and_panels_have_names_of_their_own() -> None:
    for names in ([rule["alert"] for rule in RULES], [panel["title"] for panel in BOARD["panels"]]):
        assert len(names) == len(set(names))


def test_the_dashboard_works_with_any_data_source_and_its_panels_do_not_overlap() -> None:
    sources = [each["uid"] for each in within(BOARD) if isinstance(each, dict) and each.get("type") == "prometheus"]
    assert set(sources) == {"${datasource}"}
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not taken & cells
        taken |= cells
    assert [variable["name"] for variable in BOARD["templating"]["list"]] == ["datasource", "job"]
