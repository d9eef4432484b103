"""What a template of a reply may be made of: so little of Jinja2 that every template ends, and soon.

Names, conditions, the filters that replies have, and loops through the reasons; nothing that calls, multiplies,
remembers or loops within a loop. Jinja2's sandbox forbids what is unsafe, not what takes long: a `range` in another,
`"x" * 10**9` or `center(10**9)` would keep a worker busy for good, and the compiler works out what is constant before
anything runs. So this is asked of the parsed template, before it is compiled.
"""

from collections.abc import Iterator
from typing import Final

from jinja2 import nodes

from plugin.mappings.problem import expected
from plugin.mappings.replies import FILTERS
from plugin.mappings.reply_names import names_of

_KNOWN: Final = (
    nodes.Template, nodes.Scope, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Tuple, nodes.List,
    nodes.Add, nodes.Sub, nodes.Neg, nodes.Concat, nodes.Filter, nodes.Keyword, nodes.For, nodes.Getattr,
)  # fmt: skip
_SPELLED: Final[dict[type[nodes.Node], str]] = {
    nodes.Call: "a call such as range(3)",
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.CallBlock: "{% call %}",
    nodes.FromImport: "{% from %}",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Test: "is",
    nodes.Getitem: "[ ]",
    nodes.Dict: "{ }",
}
_BODY: Final = "reasons"
_LOOP: Final = "loop"
_OF_A_LOOP: Final = ("first", "last", "index", "length")


def faults(template: nodes.Template, name: str) -> Iterator[tuple[int, str]]:
    """What the parsed template of that name is made of and must not be: each with its line, as a sentence."""
    names = names_of(name)
    loops = list(template.find_all(nodes.For))
    within = {id(node) for loop in loops for node in loop.find_all(nodes.Node)}
    passing = {_LOOP, *(loop.target.name for loop in loops if isinstance(loop.target, nodes.Name))}
    for node in template.find_all(nodes.Node):
        there = (*names, *(passing if id(node) in within else ()))
        sentence = _fault(node, names, there, nested=id(node) in within)
        if sentence is not None:
            yield node.lineno, sentence


def _fault(node: nodes.Node, names: tuple[str, ...], there: tuple[str, ...], *, nested: bool) -> str | None:
    match node:
        case nodes.Name() if node.name not in there:
            return f"the template uses {node.name}; {expected(node.name, names)}"
        case nodes.Filter() if node.name not in FILTERS:
            return f"there is no filter {node.name}; {expected(node.name, FILTERS)}"
        case nodes.Filter() if not _is_plain(node):
            return f"{node.name}: only texts and numbers can stand in its brackets, as they are"
        case nodes.For() if nested or not _goes_through_the_reasons(node):
            return _no("such a loop")
        case nodes.Getattr() if not _is_of_a_loop(node):
            return _no(f".{node.attr}")
        case _ if not isinstance(node, _KNOWN):
            word = type(node).__name__.lower()
            return _no(_SPELLED.get(type(node)) or (f"{{% {word} %}}" if isinstance(node, nodes.Stmt) else word))
    return None


def _no(what: str) -> str:
    ways = "{{ name }}, {{ name | filter }}, {% if %} and, in frame and receipt, {% for reason in reasons %}"
    return f"{what} cannot be used in a reply; expected only {ways}"


def _is_plain(node: nodes.Filter) -> bool:
    """Whatever a filter is given beside its value is part of the template: some filters pass it on as it is."""
    given = (*node.args, *(each.value for each in node.kwargs))
    return all(isinstance(each, nodes.Const) for each in given) and not (node.dyn_args or node.dyn_kwargs)


def _goes_through_the_reasons(node: nodes.For) -> bool:
    through = isinstance(node.iter, nodes.Name) and node.iter.name == _BODY
    return through and isinstance(node.target, nodes.Name) and not node.recursive


def _is_of_a_loop(node: nodes.Getattr) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == _LOOP and node.attr in _OF_A_LOOP
