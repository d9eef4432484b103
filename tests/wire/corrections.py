"""What Atlassian's documents say wrongly of the Jira that everybody knows (recordings, and the examples in them)."""

import json
from typing import Any

Json = dict[str, Any]

_LISTS = (
    *("getFields", "getAllTabs", "getAllFields", "getAllProjects", "findUsers"),
    *("getIssueAllTypes", "getStatuses", "getPriorities", "getResolutions", "addAttachment"),
    "findAssignableUsers_1",
)
"""Operations that answer a list of what Data Center's document says that they answer."""
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": float,
}


def correct(node: Any) -> None:
    """Mend a document, or a part of one, where it stands."""
    if isinstance(node, list):
        for one in node:
            correct(one)
    if not isinstance(node, dict):
        return
    if "responses" in node:
        node.pop("security", None)  # Data Center's knows no personal access token
        if node.get("operationId") == "setProperty":  # any JSON: the document of service management forgot it
            node.setdefault("requestBody", {"content": {"application/json": {"schema": {}}}})
    for name, value in list(node.items()):
        match name.rpartition(".")[2], value:
            case "ChangeDetails" | "ChangeItemBean", {"properties": words}:
                for word in words.values():  # a change from nothing or to nothing has null
                    word["nullable"] = True
            case "screens" | "ScreenTypes", {"writeOnly": True}:
                del value["writeOnly"]  # the example in the document reads them
            case "EntityPropertyBean", {"properties": words}:
                words["value"] = {}  # any JSON, not a string
            case "schema", {"type": "string", "format": "json"}:
                node[name] = {}  # likewise
            case "get" | "post", {
                "operationId": str(id),
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": _} as of} as told}}},
            } if id in _LISTS:
                told["schema"] = {"type": "array", "items": of}
            case "get", {"responses": {"201": {"description": str(text)} as right} as answers} if "default tab" in text:
                answers["200"] = right  # the screens of Data Center, described as something else
            case "schema" | "items", {"$ref": reference} if reference.endswith(".StringList"):
                node[name] = {"type": "string"}  # "a comma-separated list"
            case "additionalProperties", {"type": "object"} if "properties" not in value:
                node[name] = {}  # the fields of an issue: texts and numbers too
            case "200" | "201" | "204", {"content": {"application/json": {"schema": schema}}} if not schema:
                del value["content"]  # answers without a body
            case "example", _:
                _correct_example(node)
                continue
        correct(node[name])


def _correct_example(node: Json) -> None:
    value = node["example"]
    if isinstance(value, str) and value.startswith(('{"', '[{"', '["')):
        value = node["example"] = json.loads(value)  # a value, not its text
    if isinstance(value, dict) and node.get("schema", {}).get("type") == "array":
        value = node["example"] = [value]  # one of them where a list is answered
    if not _fits(value, node):
        del node["example"]  # `null`, or what Java prints of a list
    elif isinstance(value, dict):
        if "issueErrors" in value:
            value.pop("expand", None)  # its own schema does not allow it
        # One page from the middle of a list: whoever asks a mock for the next one gets the same for ever.
        value.update({end: True for end in ("isLastPage", "isLast") if end in value})


def _fits(value: Any, schema: Json) -> bool:
    if not isinstance(value, _TYPES.get(str(schema.get("type")), object)):
        return False
    records = schema.get("items", {}).get("type", "object") == "object"
    return not (records and isinstance(value, list) and not all(isinstance(each, dict) for each in value))
