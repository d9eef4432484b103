"""What a person sets on a request from the admin's pages: the fields in which an agent would set it in Jira.

So whatever is done here can be seen and taken back there, and it is decided upon as any other change of the request.
"""

from collections.abc import Mapping
from typing import Any

from plugin.jira.client import JiraClient
from plugin.jira.fields import Declared, Field, find_fields
from plugin.jira.plan import spell
from plugin.jira.values import value_of


class NotDeclared(LookupError):
    """The mapping files declare no field for a word that is to be set; the text says which."""


def set_fields(
    jira: JiraClient, declared: Declared, request_id: str, values: Mapping[str, Any]
) -> dict[str, str | None]:
    """Set these words' fields on the request (None empties one); returns what they showed before, as text.

    Raises:
        NotDeclared: where `fields.yaml` has no field for one of them.
        JiraTrouble: where the site lacks the field (`FieldsMissing`), or Jira does not take it.
    """
    if missing := [word for word in values if word not in declared.fields]:
        raise NotDeclared(f"fields.yaml declares no field for {' and '.join(missing)}")
    specs = [declared.fields[word] for word in values]
    fields = find_fields(specs, jira.fields(), jira.known_as)
    shown = jira.issue(request_id, [fields[word].id for word in values], [])["fields"]
    before = {word: _said(shown.get(fields[word].id), fields[word]) for word in values}
    jira.edit(request_id, {fields[word].id: spell(value, fields[word]) for word, value in values.items()}, {})
    return before


def _said(value: Any, field: Field) -> str | None:
    found = value_of(value, field)
    return None if found is None else str(found)
