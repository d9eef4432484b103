"""What there is to choose from on the site: projects, issue types, statuses, priorities, resolutions."""

from flask import Blueprint, Response, jsonify

from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.rest import sandbox
from plugin.sandbox.state import Refused

blueprint = Blueprint("lists", __name__)
blueprint.url_value_preprocessor(choose_version)


@blueprint.get(f"{ANY_VERSION}/project")
def projects() -> Response:
    """The one project."""
    here = sandbox()
    return jsonify([here.speller.project(here.site.project_key)])


@blueprint.get(f"{ANY_VERSION}/project/search")
def search_projects() -> Response:
    """Cloud's page of projects: the one."""
    here = sandbox()
    if not here.site.cloud:
        raise Refused(404, "No project could be found with key 'search'.")
    found = [here.speller.project(here.site.project_key)]
    return jsonify({"startAt": 0, "maxResults": 50, "total": 1, "isLast": True, "values": found})


@blueprint.get(f"{ANY_VERSION}/issuetype")
def issue_types() -> Response:
    """The one issue type."""
    return jsonify([sandbox().speller.issue_type()])


@blueprint.get(f"{ANY_VERSION}/status")
def statuses() -> Response:
    """The steps of the workflow."""
    here = sandbox()
    return jsonify([here.speller.status(each) for each in here.site.statuses.values()])


@blueprint.get(f"{ANY_VERSION}/priority")
def priorities() -> Response:
    """The priorities, the highest first."""
    here = sandbox()
    return jsonify([here.speller.priority(each) for each in here.site.fields["priority"].options])


@blueprint.get(f"{ANY_VERSION}/resolution")
def resolutions() -> Response:
    """How a request can end."""
    here = sandbox()
    return jsonify([here.speller.resolution(each) for each in here.site.resolutions])
