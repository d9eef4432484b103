"""Other names for fields in `fields.yaml`: the names are exchanged where they stand, and not a letter else."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from plugin.mappings.written import written


class CannotRename(Exception):
    """The file has no name to exchange for this word; the text says why."""


def names_in(content: bytes) -> dict[str, str]:
    """The name of each word's field, as `fields.yaml` has it; a file that is good is taken for granted."""
    return {word: str(node.value) for word, node in _nodes(content).items()}


def renamed(content: bytes, names: Mapping[str, str]) -> bytes:
    """The bytes of `fields.yaml` with these names, by word.

    Raises:
        CannotRename: where a word is not there, or its field is found by its schema alone.
    """
    text, nodes = content.decode("utf-8-sig"), _nodes(content)
    for word in names:
        if word not in nodes:
            raise CannotRename(f"fields.yaml has no name for {word}: it knows {', '.join(sorted(nodes))}.")
    for word, node in sorted(nodes.items(), key=lambda each: -each[1].start_mark.index):
        name = names.get(word, node.value)
        if name != node.value:
            text = text[: node.start_mark.index] + written(name) + text[node.end_mark.index :]
    return text.encode()


@lru_cache(maxsize=16)
def _nodes(content: bytes) -> Mapping[str, Any]:
    """Where each word's name stands; remembered, since it is asked for at each look at the same file."""
    # Without the mark at the beginning: positions are counted in what is left.
    root = YAML(typ="safe", pure=True).compose(content.decode("utf-8-sig"))
    found = {}
    for group in ("read", "written"):
        for word, field in _entries(_entries(root).get(group)).items():
            name = _entries(field).get("name")
            if isinstance(name, ScalarNode):
                found[word] = name
    return found


def _entries(node: Node | None) -> dict[str, Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, MappingNode) else {}
