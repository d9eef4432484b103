"""Calls that no machine-readable document describes, each with the page that does."""

from collections.abc import Mapping

from plugin.sandbox import Flavour

_DESK_ON_DATA_CENTER = "https://developer.atlassian.com/server/jira-servicedesk/rest/v1005/"
"""JSM on Data Center is described for readers only. Cloud's document, by which it is judged here, says the same."""

UNDOCUMENTED: Mapping[Flavour, Mapping[str, str]] = {
    Flavour.CLOUD: {},
    Flavour.DATACENTER: {
        "GET /rest/servicedeskapi/organization": _DESK_ON_DATA_CENTER,
        "GET /rest/servicedeskapi/organization/{organizationId}/property/{propertyKey}": "probed: may be missing",
        "PUT /rest/servicedeskapi/organization/{organizationId}/property/{propertyKey}": "probed: may be missing",
        "GET /rest/servicedeskapi/request/{issueIdOrKey}/comment": _DESK_ON_DATA_CENTER,
        "POST /rest/servicedeskapi/request/{issueIdOrKey}/participant": _DESK_ON_DATA_CENTER,
    },
}
