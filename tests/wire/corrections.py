"""What Atlassian's documents say wrongly of the Jira that everybody knows (recordings, and the examples in them)."""

import json
from typing import Any

from openapi_schema_validator import OAS30ReadValidator

Json = dict[str, Any]

_LISTS = (
    *("getFields", "getAllTabs", "getAllFields", "getAllProjects", "findUsers"),
    *("getIssueAllTypes", "getStatuses", "getPriorities", "getResolutions", "addAttachment", "getAllStatuses"),
    "findAssignableUsers_1",
)
"""Operations that answer a list of what Data Center's document says that they answer."""
_PAGES = ("getCustomFields", "getCreateIssueMetaProjectIssueTypes", "getCreateIssueMetaFields")
"""Operations that answer pages of it."""

_PAGE: Json = {
    "type": "object",
    "required": ["values"],
    "properties": {"isLast": {"type": "boolean", "example": True}, "total": {"type": "integer", "example": 1}},
}
_SCREENS: Json = {
    "type": "array",
    "items": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
}
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
            case "EditMetaBean", {"type": "object"} if "properties" not in value:
                value["required"] = ["fields"]
                value["properties"] = {"fields": {"type": "object", "example": {}}}
            case "EntityPropertyBean", {"properties": words}:
                words["value"] = {}  # any JSON, not a string
            case "schema", {"type": "string", "format": "json"}:
                node[name] = {}  # likewise
            case "get" | "post", {
                "operationId": str(id),
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": _} as of} as told}}},
            } if id in _LISTS:
                told["schema"] = {"type": "array", "items": of}
            case "get", {
                "operationId": str(id),
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": _} as of} as told}}},
            } if id in _PAGES:
                told["schema"] = _PAGE | {
                    "properties": _PAGE["properties"] | {"values": {"type": "array", "items": of}}
                }
            case "get", {"responses": {"201": {"description": str(text)}} as answers} if "default tab" in text:
                # The screens of Data Center, described as something else.
                answers["200"] = {"description": "", "content": {"application/json": {"schema": _SCREENS}}}
                del answers["201"]
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


def fit_examples(node: Any, schemas: Json) -> None:
    """Take out of the examples of objects what their own schemas do not allow; what lacks something is no example."""
    if isinstance(node, list):
        for one in node:
            fit_examples(one, schemas)
    if not isinstance(node, dict):
        return
    if "example" in node and ("schema" in node or node.get("type") == "object"):
        _fit(node, node.get("schema", node), schemas)
    for name, value in node.items():
        if name != "example":
            fit_examples(value, schemas)


def _fit(node: Json, schema: Json, schemas: Json) -> None:
    known = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    if isinstance(node["example"], dict) and known.get("additionalProperties") is False:
        node["example"] = {word: value for word, value in node["example"].items() if word in known["properties"]}
    judge = OAS30ReadValidator({"allOf": [schema], "components": {"schemas": schemas}})
    if not judge.is_valid(node["example"]):
        del node["example"]


def _correct_example(node: Json) -> None:
    value = node["example"]
    if isinstance(value, str) and value.startswith(('{"', '[{"', '["')):
        value = node["example"] = json.loads(value)  # a value, not its text
    if isinstance(value, dict) and node.get("schema", {}).get("type") == "array":
        value = node["example"] = [value]  # one of them where a list is answered
    if not _fits(value, node):
        del node["example"]  # `null`, or what Java prints of a list
    elif isinstance(value, dict):
        # One page from the middle of a list: whoever asks a mock for the next one gets the same for ever.
        value.update({end: True for end in ("isLastPage", "isLast") if end in value})


def _fits(value: Any, schema: Json) -> bool:
    if not isinstance(value, _TYPES.get(str(schema.get("type")), object)) or value not in schema.get("enum", [value]):
        return False
    records = schema.get("items", {}).get("type", "object") == "object"
    return not (records and isinstance(value, list) and not all(isinstance(each, dict) for each in value))
