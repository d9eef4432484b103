"""What templates are made of: little, so that each ends soon and says nothing as markup that a customer typed."""

import pytest
from jinja2 import Environment

from plugin.mappings.problem import one_of
from plugin.mappings.replies import FILTERS
from plugin.mappings.reply_language import faults
from plugin.mappings.reply_names import names_of

ONLY = "expected only {{ name }}, {{ name | filter }}, {% if %} and, in frame and receipt, {% for reason in reasons %}"


def found(text: str, name: str = "version_too_old") -> list[tuple[int, str]]:
    return sorted(set(faults(Environment().parse(text), name)))


@pytest.mark.parametrize(
    "text",
    [
        "Please update.",
        "{{ product }} {{ version | trim | upper }}",
        "{% if supported and not update_to %}{{ supported | all_of }}{% elif line %}no{% else %}{{ line }}{% endif %}",
        "{{ supported | length + 1 }} {{ 'a' ~ product }} {{ 'yes' if line == '2.9' else 'no' }}",
        "{% if line in ('2.9', '2.8') or line != '25.1' %}old{% endif %}{# a remark #}{% raw %}{{ x }}{% endraw %}",
        "{{ supported | length | counted('release', 'releases', none='no release') }}",
        "{% if supported | length > -1 %}{{ version | default('?', true) }}{% endif %}",
    ],
)
def test_names_filters_and_conditions_are_all_that_a_reply_needs(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("name", ["frame", "receipt"])
def test_a_letter_goes_through_its_reasons(name: str) -> None:
    loop = "{% for reason in reasons %}{{ loop.index }}. {{ reason }}{% if not loop.last %}, {% endif %}{% endfor %}"
    assert found(f"{{{{ person }}}} {loop} {loop}", name) == []


ENDLESS = {
    "a loop through many numbers": "{% for x in range(10**9) %}{% endfor %}",
    "a loop within a loop": "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}",
    "a number of a billion digits, worked out by the compiler": "{{ 10**10**9 }}",
    "a text of a billion letters": "{{ 'x' * 10**9 }}",
    "the same in a condition": "{% if 'x' * 10**9 %}{% endif %}",
    "a list of a billion": "{{ [1] * 10**9 }}",
    "a text set wide": "{{ 'x' | center(10**9) }}",
    "a method": "{{ 'x'.center(99999999) }}",
    "a format": "{{ '%099999999d' | format(1) }}",
    "another format": "{{ '%099999999d' % 1 }}",
    "a text that doubles": "{% set a = 'x' ~ 'x' %}{% set a = a ~ a %}",
    "a text that doubles in a box": "{% set n = namespace(a='x') %}{% set n.a = n.a ~ n.a %}",
    "a text that doubles in a block": "{% set a %}{{ product }}{{ product }}{% endset %}{{ a }}",
    "a text put between all letters": "{{ product | replace('', product) }}",
    "a lot of filler": "{{ lipsum(n=99999999) }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "a loop that calls itself": "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "a block with a filter": "{% filter center(99999999) %}{% endfilter %}",
    "another file": "{% include 'other' %}",
    "another file's macros": "{% import 'other' as other %}",
    "a frame": "{% extends 'other' %}",
    "a file without end": "{% include product %}",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=list(ENDLESS))
def test_nothing_that_could_go_on_for_long_is_in_the_language(text: str) -> None:
    assert found(text)


UNSAFE = {
    "a look behind the value": "{{ product.__class__ }}",
    "the same by another way": "{{ product['__class__'] }}",
    "the same by a filter": "{{ product | attr('__class__') }}",
    "text that is not escaped": "{{ product | safe }}",
    "text that is not escaped, by a block": "{% autoescape false %}{{ product }}{% endautoescape %}",
    "typed words in the place of the template's own": "{{ supported | length | counted(product, product) }}",
    "the same by name": "{{ supported | length | counted('a', 'b', none=product) }}",
    "the same all at once": "{{ supported | length | counted(*supported) }}",
    "the template itself": "{{ self }}",
    "a test": "{{ product is defined }}",
}


@pytest.mark.parametrize("text", UNSAFE.values(), ids=list(UNSAFE))
def test_nothing_is_in_the_language_that_lets_typed_text_work(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("version_too_old", "{% for each in supported %}{{ each }}{% endfor %}"),
        ("frame", "{% for letter in person %}{{ letter }}{% endfor %}"),
        ("frame", "{% for one in reasons %}{% for other in reasons %}x{% endfor %}{% endfor %}"),
        ("frame", "{% for one in reasons recursive %}x{% endfor %}"),
        ("frame", "{% for one, other in reasons %}x{% endfor %}"),
        ("frame", "{% for one in reasons | trim %}x{% endfor %}"),
        ("draft", "{% for one in letter %}x{% endfor %}"),
    ],
)
def test_there_is_one_loop_and_it_goes_through_the_reasons(name: str, text: str) -> None:
    assert (1, f"such a loop cannot be used in a reply; {ONLY}") in found(text, name)


@pytest.mark.parametrize("part", ["cycle", "depth", "previtem", "__class__"])
def test_of_the_loop_there_is_only_where_it_stands(part: str) -> None:
    text = f"{{% for reason in reasons %}}{{{{ loop.{part} }}}}{{% endfor %}}"
    assert found(text, "frame") == [(1, f".{part} cannot be used in a reply; {ONLY}")]


def test_every_fault_is_told_with_its_line_and_what_was_expected() -> None:
    text = "{{ prodct }}\n{{ product | uper }}\n{{ product.name }} {{ reason }}\n{{ range(3) }}\n{{ loop.index }}"
    names, filters = one_of(names_of("version_too_old")), one_of(FILTERS)
    assert found(text) == [
        (1, f"the template uses prodct; expected {names} (nearest: product)"),
        (2, f"there is no filter uper; expected {filters} (nearest: upper)"),
        (3, f".name cannot be used in a reply; {ONLY}"),
        (3, f"the template uses reason; expected {names} (nearest: person)"),
        (4, f"a call such as range(3) cannot be used in a reply; {ONLY}"),
        (4, f"the template uses range; expected {names}"),
        (5, f"the template uses loop; expected {names}"),
    ]
