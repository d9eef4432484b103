"""The sandbox's own addresses, `/sandbox/`: faults, tokens, webhooks and the traffic log. Nobody logs in here."""

import re
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Response, jsonify

from plugin.sandbox.faults import Fault, Kind
from plugin.sandbox.rest import body, part, sandbox
from plugin.sandbox.seed import TYPE_OF, everywhere
from plugin.sandbox.site import CUSTOM_TYPES, Field, Option
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
    return jsonify([{**asdict(one), "times": left} for one, left in sandbox().faults.waiting()])


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


@blueprint.post("/fields")
def post_field() -> Response:
    """What an administrator does with a field by hand: `{"name": "Platform", "type": "textfield", "options": [],
    "portal": true}`. One that is not there is made in the project, if a type is given; options are added to those
    there are; `portal` puts it on the forms of the request types, or takes it off."""
    here, sent = sandbox(), body()
    name, kind = part(sent, "name", str), part(sent, "type", str)
    with here.jira.lock:
        field = next((each for each in here.site.fields.values() if each.name == name), None)
        if field is None and kind in TYPE_OF:
            scope = here.site.project.id if here.site.team_managed else None
            contexts = () if scope else (everywhere(name, here.site.numbers),)
            id = f"customfield_{next(here.site.numbers)}"
            field = Field(id, name, TYPE_OF[kind], CUSTOM_TYPES + kind, editable=True, scope=scope, contexts=contexts)
        if field is None:
            raise Refused(400, f"There is no field '{name}', and no type to make it of: {', '.join(TYPE_OF)}.")
        fresh = dict.fromkeys(map(str, part(sent, "options", list)))
        had = [option.value for option in field.options]
        options = [Option(str(next(here.site.numbers)), each) for each in fresh if each not in had]
        on_portal = bool(sent.get("portal", field.on_portal))
        here.site.fields[field.id] = replace(field, options=(*field.options, *options), on_portal=on_portal)
        return jsonify(here.speller.field(here.site.fields[field.id]))


@blueprint.get("/webhooks")
def get_webhooks() -> Response:
    """How webhooks travel, and what became of each."""
    webhooks = sandbox().webhooks
    one = webhooks.behaviour
    how = {"copies": one.copies, "drop": one.drop, "hold": one.hold, "shuffle_seconds": one.shuffle_seconds}
    return jsonify({**how, **webhooks.state()})


@blueprint.post("/webhooks")
def post_webhooks() -> Response:
    """Change how webhooks travel: any of url, secret, rule, copies, drop, hold, shuffle_seconds; what is left out
    returns to normal, except the first three. `rule` are headers: an automation rule with them stands at the address
    instead of a webhook, as on a Data Center that cannot sign."""
    sent, webhooks = body(), sandbox().webhooks
    webhooks.url = sent.pop("url", webhooks.url)
    webhooks.secret = sent.pop("secret", webhooks.secret)
    webhooks.rule = part(sent, "rule", dict) if "rule" in sent else webhooks.rule
    sent.pop("rule", None)
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
