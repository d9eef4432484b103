"""The site that the sandbox ships: project SUP, its fields, and the invented customers of the examples."""

from itertools import count
from uuid import NAMESPACE_DNS, uuid5

from plugin.sandbox.site import (
    CUSTOM_TYPES,
    Context,
    Field,
    Flavour,
    Guise,
    Named,
    Option,
    Organization,
    Person,
    Site,
    Status,
    Transition,
)

_PROJECT = "10000"
_JSM = "com.atlassian.servicedesk:"
_ELIGIBILITIES = ("Eligible", "Limited", "Needs information", "On hold", "Not eligible")
_SEVERITIES = ("Severity 1", "Severity 2", "Severity 3")

_PEOPLE: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("Mira Castellan", "mira.castellan@aurora-robotics.example", (11,)),
    ("Jonas Feld", "jonas.feld@aurora-robotics.example", (11,)),
    ("Pia Lindqvist", "pia.lindqvist@aurora-robotics.example", (11,)),
    ("Dr. Emil Sandor", "emil.sandor@brennhaus-medical.example", (12,)),
    ("Greta Holm", "greta.holm@brennhaus-medical.example", (12,)),
    ("Yusuf Adeyemi", "yusuf.adeyemi@cobalt-rail.example", (13,)),
    ("Lena Roth", "lena.roth@cobalt-rail.example", (13,)),
    ("Oskar Brandt", "oskar.brandt@delta-foundry.example", (14,)),
    ("Sam Okafor", "sam.okafor@vendor.example", ()),
    ("Support Contract", "support-contract@vendor.example", ()),
    ("Nora Quist", "nora.quist@vendor.example", ()),
    ("Ines Falk", "ines.falk@vendor.example", ()),
)
_ADMINS = ("ines.falk@vendor.example",)
_ORGANIZATIONS = {11: "Aurora Robotics", 12: "Brennhaus Medical", 13: "Cobalt Rail", 14: "Delta Foundry"}
_REQUEST_TYPES = (
    "Report a fault",
    "Ask a question",
    "Installation, upgrade, configuration",
    "Ask for a remote session",
    "Ask for training",
    "Suggest an improvement",
)
# id, name, type, items: Jira's own fields; the editable ones are those of the edit screen.
_SYSTEM: tuple[tuple[str, str, str, str | None], ...] = (
    ("summary", "Summary", "string", None),
    ("description", "Description", "string", None),
    ("labels", "Labels", "array", "string"),
    ("issuetype", "Issue Type", "issuetype", None),
    ("project", "Project", "project", None),
    ("status", "Status", "status", None),
    ("resolution", "Resolution", "resolution", None),
    ("resolutiondate", "Resolved", "datetime", None),
    ("reporter", "Reporter", "user", None),
    ("creator", "Creator", "user", None),
    ("assignee", "Assignee", "user", None),
    ("priority", "Priority", "priority", None),
    ("created", "Created", "datetime", None),
    ("updated", "Updated", "datetime", None),
)
_EDITABLE = ("summary", "description", "labels", "priority")
_PRIORITIES = tuple(Option(str(id), name) for id, name in enumerate(("Highest", "High", "Medium", "Low", "Lowest"), 1))
# name, custom type, options, whether the customer fills it in on the portal
_CUSTOM: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("Product", "select", ("expecco", "expecco LicenseServer", "expecco ALM"), True),
    ("Product version", "textfield", (), True),
    ("Usage environment", "select", ("Production", "Test", "Implementation"), True),
    ("Business impact", "select", ("Totally non-operational", "Seriously impaired", "No outage"), True),
    ("Stated severity", "select", _SEVERITIES, True),
    ("Platform", "select", ("Windows", "Linux", "Other"), True),
    ("Third-party software", "textfield", (), True),
    ("Modified by customer", "select", ("Yes", "No"), True),
    ("Contract override", "select", _ELIGIBILITIES, False),
    ("Contract override reason", "textfield", (), False),
    ("Appointment from", "datetime", (), False),
    ("Appointment until", "datetime", (), False),
    ("Support tier", "select", ("Premium", "Advanced", "Basic"), False),
    ("Ruled severity", "select", _SEVERITIES, False),
    ("Response due", "datetime", (), False),
    ("Eligibility", "select", _ELIGIBILITIES, False),
    ("Eligibility reason", "textarea", (), False),
    ("Credits charged", "float", (), False),
    ("Credits left", "float", (), False),
    ("Training sessions charged", "float", (), False),
    ("Training sessions left", "float", (), False),
    ("Patch eligibility", "select", ("Patch", "Next maintenance release", "Scheduled", "Not applicable"), False),
    ("Technical account representative", "userpicker", (), False),
    ("First response", "datetime", (), False),
    ("Response kept", "select", ("Open", "Kept", "Missed", "Open overdue", "Not applicable"), False),
    ("Response reminder", "textfield", (), False),
)
_BY_AGENT = ("Contract override", "Contract override reason", "Appointment from", "Appointment until", "priority")
TYPE_OF = {
    "select": "option",
    "textfield": "string",
    "textarea": "string",
    "datetime": "datetime",
    "float": "number",
    "userpicker": "user",
}
"""The types of custom fields that the sandbox knows, and what each holds."""


def seed(guise: Guise | Flavour = Guise.COMPANY_MANAGED, first_field_id: int = 10100, bare: bool = False) -> Site:
    """The shipped site. Custom fields and options are numbered from `first_field_id` on, as every site's differ.

    A `bare` one is as a new Jira is: without the fields of the contract.
    """
    guise, numbers = Guise(guise), count(first_field_id)
    fields = [*_jiras_own(), *_jsms_own(numbers), *([] if bare else _the_contracts(guise, numbers))]
    statuses = (
        Status("10001", "Waiting for support", "new"),
        Status("10002", "In progress", "indeterminate"),
        Status("10003", "Waiting for customer", "indeterminate"),
        Status("10004", "Resolved", "done"),
    )
    waiting, working, customer, resolved = (status.id for status in statuses)
    still_open = frozenset({waiting, working, customer})
    return Site(
        guise=guise,
        project=Named(_PROJECT, "Support"),
        project_key="SUP",
        issue_type=Named("10010", "Service request"),
        people=tuple(_person(number, *row) for number, row in enumerate(_PEOPLE, start=10101)),
        organizations={number: Organization(number, name) for number, name in _ORGANIZATIONS.items()},
        fields={field.id: field for field in fields},
        request_types={str(number): Named(str(number), name) for number, name in enumerate(_REQUEST_TYPES, start=1)},
        statuses={status.id: status for status in statuses},
        first_status=waiting,
        transitions=(
            Transition("11", "Respond to customer", still_open - {customer}, customer),
            Transition("21", "Start work", still_open - {working}, working),
            Transition("31", "Resolve this issue", still_open, resolved, asks_resolution=True),
            Transition("41", "Respond to support", frozenset({customer}), waiting),
            Transition("51", "Reopen", frozenset({resolved}), waiting),
        ),
        resolutions=tuple(
            Named(str(number), name)
            for number, name in enumerate(("Done", "Won't do", "Duplicate", "Product defect"), start=10000)
        ),
        numbers=numbers,
        properties={},
        default_screen=["summary", "description"],
    )


def _person(number: int, name: str, email: str, organizations: tuple[int, ...]) -> Person:
    username = email.split("@")[0]
    agent = not organizations
    account = str(uuid5(NAMESPACE_DNS, email))
    return Person(
        name=name,
        email=email,
        agent=agent,
        account_id=f"712020:{account}" if agent else f"qm:{account}:{number}",
        username=username,
        key=f"JIRAUSER{number}",
        token=f"token-{username}",
        organizations=organizations,
        language="de" if 12 in organizations else "en",
        admin=email in _ADMINS,
    )


def _jiras_own() -> list[Field]:
    return [
        Field(
            id,
            name,
            type,
            items=items,
            options=_PRIORITIES if id == "priority" else (),
            editable=id in _EDITABLE,
            on_portal=id in ("summary", "description"),
            by_agent=id in _BY_AGENT,
        )
        for id, name, type, items in _SYSTEM
    ]


def _jsms_own(numbers: "count[int]") -> list[Field]:
    def next_id() -> str:
        return f"customfield_{next(numbers)}"

    return [
        Field(next_id(), "Request Type", "sd-customerrequesttype", _JSM + "vp-origin"),
        Field(
            next_id(),
            "Organizations",
            "array",
            _JSM + "sd-customer-organizations",
            items="sd-customerorganization",
            editable=True,
        ),
        Field(
            next_id(),
            "Request language",
            "sd-request-lang",
            "com.atlassian.servicedesk.servicedesk-lingo-integration-plugin:sd-request-language",
        ),
        Field(
            next_id(), "Request participants", "array", _JSM + "sd-request-participants", items="user", editable=True
        ),
    ]


def _the_contracts(guise: Guise, numbers: "count[int]") -> list[Field]:
    fields = []
    for name, kind, choices, on_portal in _CUSTOM:
        options = tuple(Option(str(next(numbers)), choice) for choice in choices)
        fields.append(
            Field(
                f"customfield_{next(numbers)}",
                name,
                TYPE_OF[kind],
                CUSTOM_TYPES + kind,
                options=options,
                editable=True,
                on_portal=on_portal,
                by_agent=name in _BY_AGENT,
                scope=_PROJECT if guise is Guise.TEAM_MANAGED else None,
                contexts=() if guise is Guise.TEAM_MANAGED else (everywhere(name, numbers),),
            )
        )
    return fields


def everywhere(name: str, numbers: "count[int]") -> Context:
    """The context that Jira gives a new field: all projects have it."""
    return Context(str(next(numbers)), f"Default Configuration Scheme for {name}")
