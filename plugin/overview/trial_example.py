"""A request that is tried out, as an example to keep: an entry of a file in mappings/examples."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from plugin.contract.decision import Decision
from plugin.mappings.load import Mappings
from plugin.overview.asked import TEXTS, Asked

_LINE: Final = 10_000


def example_of(asked: Asked, decision: Decision, mappings: Mappings) -> str:
    """The request as an entry of a file in mappings/examples."""
    zone = mappings.policy.zone

    def written(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    said = {name: getattr(asked, name) for name in TEXTS}
    said["modified"] = None if asked.modified is None else "yes" if asked.modified else "no"
    due = decision.response_due.value
    request = {
        "kind": asked.kind,
        **{name: value for name, value in said.items() if value is not None},
        "raised": written(asked.raised),
        "raised_by": asked.raised_by,
        **_later(asked, written),
    }
    expect = {
        "customer": decision.customer.value,
        "tier": decision.tier.value,
        "severity": decision.severity.value,
        # An example is told to the minute.
        "response_due": None if due is None or due.second else written(due),
        "eligibility": decision.eligibility.value.value,
        "reasons": _flow([finding.reason.value for finding in decision.reasons if finding.reason]),
        "charge": decision.charge.value,
    }
    clauses = {cite.clause for finding in decision.reasons for cite in finding.cites}
    clauses |= {cite.clause for cite in decision.response_due.findings[0].cites}
    entry = {
        "name": f"Tried out {written(asked.at)}",
        "cites": _flow(sorted(clauses, key=lambda clause: (len(clause), clause))),
        **({"customer": asked.customer} if asked.customer else {"organizations": _flow(list(asked.organizations))}),
        **{name: units for name in ("credits_used", "sessions_used") if (units := getattr(asked, name))},
        **({"decided": written(asked.at)} if asked.at != asked.raised or asked.answers else {}),
        "request": request,
        "expect": {name: value for name, value in expect.items() if value is not None},
    }
    return _yaml(entry)


def _later(asked: Asked, written: Callable[[datetime], str]) -> dict[str, Any]:
    """What happened to it by the moment at which it is decided."""
    booked = [(written(each.start), written(each.end)) for each in asked.appointments if each.start and each.end]
    is_open = asked.ended is not None and asked.ended > asked.at
    said = {
        "outcome": None if is_open else asked.outcome,
        "resolved": written(asked.ended) if asked.ended and not is_open else None,
        "answers": [
            _row(said=written(each.said_at), text=each.text) for each in asked.answers if each.said_at <= asked.at
        ],
        "appointments": [_row(**{"from": start, "to": end}) for start, end in booked],
        "comments": [
            _row(at=written(each.written), by=each.by.value, public="yes" if each.public else "no")
            for each in asked.comments
            if each.written <= asked.at
        ],
        "on_behalf": "yes" if asked.on_behalf else None,
    }
    return {name: value for name, value in said.items() if value}


def _row(**values: str) -> CommentedMap:
    row = CommentedMap(values)
    row.fa.set_flow_style()
    return row


def _flow(values: list[str]) -> CommentedSeq:
    listed = CommentedSeq(values)
    listed.fa.set_flow_style()
    return listed


def _yaml(entry: Mapping[str, Any]) -> str:
    """An entry of a list, as it stands in a file of examples."""
    whole = CommentedMap({"examples": [dict(entry)]})
    writer, out = YAML(), io.StringIO()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = _LINE
    writer.dump(whole, out)
    return out.getvalue()
