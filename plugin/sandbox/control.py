"""The sandbox's own addresses, `/sandbox/`: faults, tokens, webhooks and the traffic log. Nobody logs in here."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify

from plugin.sandbox.faults import Fault, Kind
from plugin.sandbox.rest import body, sandbox
from plugin.sandbox.state import Refused
from plugin.sandbox.webhooks import Behaviour

blueprint = Blueprint("control", __name__, url_prefix="/sandbox")


@blueprint.get("/site")
def get_site() -> Response:
    """Who and what there is: people with their tokens, and the fields' ids by name."""
    site = sandbox().site
    people = [
        {
            "name": one.name,
            "email": one.email,
            "token": one.token,
            "accountId": one.account_id,
            "agent": one.agent,
            "admin": one.admin,
        }
        for one in site.people
    ]
    return jsonify(
        {"flavour": site.guise, "people": people, "fields": {one.name: one.id for one in site.fields.values()}}
    )


@blueprint.get("/faults")
def get_faults() -> Response:
    """The faults still to happen."""
    return jsonify(
        [
            {"kind": one.kind, "method": one.method, "path": one.path, "times": left, "seconds": one.seconds}
            for one, left in sandbox().faults.waiting()
        ]
    )


@blueprint.post("/faults")
def post_fault() -> Response:
    """Add a fault: `{"kind": "busy", "method": "PUT", "path": "/issue/", "times": 2, "seconds": 1}`."""
    sent = body()
    try:
        sandbox().faults.add(Fault(**{**sent, "kind": Kind(str(sent.get("kind")))}))
    except (TypeError, ValueError, re.error) as problem:
        raise Refused(400, f"This is no fault: {problem}. The kinds are {', '.join(Kind)}.") from None
    return get_faults()


@blueprint.delete("/faults")
def delete_faults() -> Response:
    """No more faults."""
    sandbox().faults.clear()
    return get_faults()


@blueprint.post("/tokens/<any('revoke', 'restore'):deed>")
def change_token(deed: str) -> Response:
    """Revoke or restore somebody's token: `{"who": "sam.okafor@vendor.example"}`."""
    who = str(body().get("who"))
    try:
        (sandbox().revoke if deed == "revoke" else sandbox().restore)(who)
    except KeyError as problem:
        raise Refused(400, str(problem.args[0])) from None
    return jsonify({"who": who, "token": f"{deed}d"})


@blueprint.post("/permissions")
def post_permissions() -> Response:
    """Withhold permissions from somebody: `{"who": "ines.falk@vendor.example", "withhold": ["ADMINISTER"]}`."""
    sent = body()
    who, withheld = str(sent.get("who")), [str(each) for each in sent.get("withhold") or []]
    try:
        sandbox().withhold(who, *withheld)
    except KeyError as problem:
        raise Refused(400, str(problem.args[0])) from None
    return jsonify({"who": who, "withheld": withheld})


@blueprint.get("/webhooks")
def get_webhooks() -> Response:
    """How webhooks travel, and what became of each."""
    webhooks = sandbox().webhooks
    one = webhooks.behaviour
    how = {"copies": one.copies, "drop": one.drop, "hold": one.hold, "shuffle_seconds": one.shuffle_seconds}
    return jsonify({**how, **webhooks.state()})


@blueprint.post("/webhooks")
def post_webhooks() -> Response:
    """Change how webhooks travel: any of url, secret, copies, drop, hold, shuffle_seconds; what is left out returns
    to normal, except the address and the secret."""
    sent, webhooks = body(), sandbox().webhooks
    webhooks.url = sent.pop("url", webhooks.url)
    webhooks.secret = sent.pop("secret", webhooks.secret)
    try:
        webhooks.behaviour = Behaviour(**sent)
    except TypeError as problem:
        raise Refused(400, f"Webhooks cannot do that: {problem}.") from None
    return get_webhooks()


@blueprint.post("/webhooks/release")
def release_webhooks() -> Response:
    """Send what was held."""
    sandbox().webhooks.release()
    return get_webhooks()


@blueprint.get("/traffic")
def get_traffic() -> Response:
    """Every exchange with the REST API so far; `status` 0 means that no answer was sent."""
    exchanges: list[dict[str, Any]] = [
        {
            "method": one.method,
            "path": one.path,
            "query": one.query,
            "headers": one.headers,
            "body": one.body.decode(errors="replace"),
            "who": one.who,
            "status": one.status,
            "answer": one.answer.decode(errors="replace"),
            "answer_type": one.answer_type,
        }
        for one in sandbox().traffic.all()
    ]
    return jsonify(exchanges)


@blueprint.delete("/traffic")
def delete_traffic() -> Response:
    """Forget the exchanges so far."""
    sandbox().traffic.clear()
    return jsonify([])
