"""How an editor sees a mapping file: YAML's own types, by 1.1 or 1.2, under a JSON Schema of draft 7."""

import json
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from jsonschema import Draft7Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MantissaNoDotYAML1_1Warning
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from plugin.mappings.catalogue import FOLDERS, TABLES, Sort
from plugin.mappings.schemas import schemas

YAMLS: Final = ((1, 1), (1, 2))
_TYPED: Final = ("int", "float", "bool", "null")


def as_an_editor_reads(text: str, yaml_version: tuple[int, int]) -> Any:
    """The values of a document. What is no JSON, such as a date, stays text, as in the YAML language server."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = yaml_version
    return _value(yaml, yaml.compose(text))


def _value(yaml: YAML, node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {key.value: _value(yaml, value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_value(yaml, each) for each in node.value]
    if str(node.tag).rpartition(":")[2] not in _TYPED:
        return node.value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MantissaNoDotYAML1_1Warning)  # 1e5 is a number to most
        return yaml.constructor.construct_object(node)


def sort_of(file: str) -> Sort:
    """The sort that a file is of, by its name relative to the mappings directory."""
    (found,) = (each for each in (*TABLES, *FOLDERS) if file == each.name or file.startswith(f"{each.name}/"))
    return found


def marked(file: str, text: str, yaml_version: tuple[int, int] = (1, 2)) -> list[str]:
    """What an editor would underline in the file, as keys and list positions with a dot between."""
    errors = _validators()[sort_of(file).schema].iter_errors(as_an_editor_reads(text, yaml_version))
    return sorted(".".join(map(str, error.absolute_path)) for error in errors)


@cache
def _validators() -> Mapping[str, Draft7Validator]:
    return {name: Draft7Validator(json.loads(content)) for name, content in schemas().items()}
