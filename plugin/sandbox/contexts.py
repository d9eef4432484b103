"""Cloud's contexts of a field: in which projects it is to be had, and with which options."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify

from plugin.sandbox.fieldadmin import ONE_FIELD, custom, on_cloud, page, put
from plugin.sandbox.platform import choose_version
from plugin.sandbox.rest import Answer, body, needs, part, sandbox
from plugin.sandbox.site import Context, Field, Option
from plugin.sandbox.state import Refused

blueprint = Blueprint("contexts", __name__)
blueprint.url_value_preprocessor(choose_version)


@blueprint.get(f"{ONE_FIELD}/context")
def get_contexts(id: str) -> Response:
    """In which projects a field is to be had."""
    on_cloud()
    needs("ADMINISTER")
    return page(
        [
            {
                "id": context.id,
                "name": context.name,
                "description": "",
                "isGlobalContext": not context.projects,
                "isAnyIssueType": True,
            }
            for context in custom(id).contexts
        ]
    )


@blueprint.get(f"{ONE_FIELD}/context/projectmapping")
def get_context_projects(id: str) -> Response:
    """The projects of each context."""
    on_cloud()
    needs("ADMINISTER")
    rows: list[dict[str, Any]] = []
    for context in custom(id).contexts:
        rows += [{"contextId": context.id, "projectId": project} for project in context.projects]
        rows += [] if context.projects else [{"contextId": context.id, "isGlobalContext": True}]
    return page(rows)


@blueprint.post(f"{ONE_FIELD}/context")
def create_context(id: str) -> Answer:
    """Make a field to be had in more projects; one project can be in one context only."""
    sent = body()
    on_cloud()
    needs("ADMINISTER")
    field, projects = custom(id), tuple(str(each) for each in part(sent, "projectIds", list))
    if any(set(projects) & set(context.projects) or projects == context.projects for context in field.contexts):
        raise Refused(400, "A project is in another context of this field already.")
    context = Context(str(next(sandbox().site.numbers)), part(sent, "name", str), projects)
    put(replace(field, contexts=(*field.contexts, context)))
    return jsonify({"id": context.id, "name": context.name, "projectIds": list(projects), "issueTypeIds": []}), 201


@blueprint.delete(f"{ONE_FIELD}/context/<context>")
def delete_context(id: str, context: str) -> Answer:
    """Take a context away, and with it the field from its projects."""
    on_cloud()
    needs("ADMINISTER")
    field = _in_context(id, context)
    left = tuple(each for each in field.contexts if each.id != context)
    options = tuple(option for option in field.options if option.context != context)
    put(replace(field, contexts=left, options=options))
    return Response(), 204


@blueprint.get(f"{ONE_FIELD}/context/<context>/option")
def get_options(id: str, context: str) -> Response:
    """The options of a field in one context."""
    on_cloud()
    needs("ADMINISTER")
    return page([_option(option) for option in _in_context(id, context).options if option.context in (None, context)])


@blueprint.post(f"{ONE_FIELD}/context/<context>/option")
def create_options(id: str, context: str) -> Response:
    """Add options."""
    here, sent = sandbox(), body()
    on_cloud()
    needs("ADMINISTER")
    with here.jira.lock:
        field = _in_context(id, context)
        values = [str(each.get("value") or "") for each in part(sent, "options", list)]
        known = {option.value for option in field.options if option.context in (None, context)}
        if field.kind != "select" or not all(values) or known & set(values) or len(set(values)) < len(values):
            raise Refused(400, "Options need a value each that the context of this select list does not have yet.")
        added = tuple(Option(str(next(here.site.numbers)), value, context) for value in values)
        put(replace(field, options=(*field.options, *added)))
        return jsonify({"options": [_option(option) for option in added]})


@blueprint.delete(f"{ONE_FIELD}/context/<context>/option/<option>")
def delete_option(id: str, context: str, option: str) -> Answer:
    """Remove an option."""
    on_cloud()
    needs("ADMINISTER")
    field = _in_context(id, context)
    left = tuple(each for each in field.options if each.id != option)
    if len(left) == len(field.options):
        raise Refused(404, f"The option with id {option} was not found.")
    put(replace(field, options=left))
    return Response(), 204


def _option(option: Option) -> dict[str, Any]:
    return {"id": option.id, "value": option.value, "disabled": False}


def _in_context(id: str, context: str) -> Field:
    field = custom(id)
    if context not in {each.id for each in field.contexts}:
        raise Refused(404, "The context does not belong to the custom field.")
    return field
