"""The site's fields for the words of fields.yaml, asked for again where one seems to be missing."""

from collections.abc import Collection

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraHitch
from plugin.jira.fields import DECIDED_BY, FieldMap, FieldsMissing, find_fields
from plugin.mappings.load import Mappings


def field_map(jira: JiraClient, mappings: Mappings) -> FieldMap:
    """The site's fields for our words, as far as requests can be worked with them.

    Raises:
        FieldsMissing: when the site lacks a declared field that decisions rest on.
    """
    return known_fields(jira, mappings)[0]


def known_fields(jira: JiraClient, mappings: Mappings) -> tuple[FieldMap, FieldsMissing | None]:
    """The site's fields for our words, and which are missing of those that no decision rests on; None where none is.

    A field that is missing is looked for once more in a fresh catalogue.

    Raises:
        FieldsMissing: when the site lacks a declared field that decisions rest on.
    """
    specs = list(mappings.declared.fields.values())
    try:
        return find_fields(specs, jira.fields(), jira.known_as), None
    except FieldsMissing:
        pass
    try:
        return find_fields(specs, jira.fields(afresh="missing"), jira.known_as), None
    except FieldsMissing as missing:
        if DECIDED_BY & missing.problems.keys():
            raise
        return missing.found, missing


def check_still_there(jira: JiraClient, mappings: Mappings, fields: FieldMap, absent: Collection[str]) -> None:
    """A field that an issue does not have at all is none of its project's, or was deleted since we last asked: then it
    must not look as if nobody had filled it in.

    Raises:
        FieldsMissing: when it was deleted.
        JiraHitch: when another has taken its place.
    """
    jira.fields(afresh=f"absent {sorted(absent)}")
    if field_map(jira, mappings) != fields:
        raise JiraHitch("The site's fields have just been changed; the request is looked at again with the new ones.")
