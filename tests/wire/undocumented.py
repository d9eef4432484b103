"""Operations that no machine-readable document describes, each with the page that does."""

import re
from collections.abc import Mapping
from typing import Final

from plugin.sandbox import Flavour

DESK_ON_DATA_CENTER: Final = "https://developer.atlassian.com/server/jira-servicedesk/rest/v1005/"
"""JSM on Data Center is described for readers only. Cloud's document, by which it is judged here, says the same."""

CALLED: Mapping[Flavour, Mapping[str, str]] = {
    Flavour.CLOUD: {},
    Flavour.DATACENTER: {
        "GET /rest/servicedeskapi/organization": DESK_ON_DATA_CENTER,
        "GET /rest/servicedeskapi/organization/{organizationId}/property": "no page: it is probed for",
        "GET /rest/servicedeskapi/organization/{organizationId}/property/{propertyKey}": "no page: it is probed for",
        "PUT /rest/servicedeskapi/organization/{organizationId}/property/{propertyKey}": "no page: it is probed for",
        "GET /rest/servicedeskapi/request/{issueIdOrKey}/comment": DESK_ON_DATA_CENTER,
        "POST /rest/servicedeskapi/request/{issueIdOrKey}/participant": DESK_ON_DATA_CENTER,
        "GET /rest/servicedeskapi/request/{issueIdOrKey}/sla": DESK_ON_DATA_CENTER,
        "GET /rest/servicedeskapi/servicedesk": DESK_ON_DATA_CENTER,
        "GET /rest/servicedeskapi/servicedesk/{serviceDeskId}/requesttype": DESK_ON_DATA_CENTER,
        "GET /rest/servicedeskapi/servicedesk/{serviceDeskId}/requesttype/{requestTypeId}/field": DESK_ON_DATA_CENTER,
    },
}
"""What the product calls."""

OUTSIDE: Mapping[str, str] = {
    "GET /_edge/tenant_info": "https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/",
    "POST /oauth/token": (
        "https://support.atlassian.com/user-management/docs/create-oauth-2-0-credential-for-service-accounts/"
    ),
}
"""What the product sends that is no part of a REST API of Jira's."""

_DESK = "https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-"
_OLD_HOOKS = "https://developer.atlassian.com/cloud/jira/platform/webhooks/"
_NEW_HOOKS = "https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html"

OFFERED: Mapping[str, str] = {
    # The document of service management was cleaned of every DELETE that has a body.
    "DELETE /rest/servicedeskapi/organization/{id}/user": f"{_DESK}organization/",
    "DELETE /rest/servicedeskapi/request/{id}/participant": f"{_DESK}request/",
    "DELETE /rest/servicedeskapi/servicedesk/{id}/organization": f"{_DESK}organization/",
    "GET /rest/pat/latest/tokens": "https://developer.atlassian.com/server/jira/platform/personal-access-token/",
    "GET /rest/webhooks/1.0/webhook": _OLD_HOOKS,
    "POST /rest/webhooks/1.0/webhook": _OLD_HOOKS,
    "GET /rest/webhooks/1.0/webhook/{id}": _OLD_HOOKS,
    "PUT /rest/webhooks/1.0/webhook/{id}": _OLD_HOOKS,
    "DELETE /rest/webhooks/1.0/webhook/{id}": _OLD_HOOKS,
    "GET /rest/jira-webhook/1.0/webhooks": _NEW_HOOKS,
    "POST /rest/jira-webhook/1.0/webhooks": _NEW_HOOKS,
    "GET /rest/jira-webhook/1.0/webhooks/{id}": _NEW_HOOKS,
    "PUT /rest/jira-webhook/1.0/webhooks/{id}": _NEW_HOOKS,
    "DELETE /rest/jira-webhook/1.0/webhooks/{id}": _NEW_HOOKS,
}
"""What is asked of a sandbox besides, by administrators, the doctor and others; `{id}` is an id or a key."""

_ID = re.compile(r"/(?:\d+|[A-Z]+-\d+)(?=/|$)")


def has_page(method: str, path: str) -> bool:
    """Whether only a page describes this request, and no document at all."""
    return f"{method} {_ID.sub('/{id}', path)}" in OFFERED
