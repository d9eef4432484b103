"""Every template filled in as every kind of decision would, before a customer gets it: what fails, or says nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final

from plugin.jira.plan import LONGEST_TEXT, shortened
from plugin.mappings.replies import Markup, Replies
from plugin.mappings.reply_names import BODY, DRAFT, FRAME, RECEIPT, samples_of

_SEVERAL: Final = 3
"""So many reasons stand in one letter here, the longest ones."""

_NOTHING: Final = ((None, ""),)


def trouble(replies: Replies, written: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, int, str]]:
    """What is wrong with the templates of these names and languages: name, language, line, and a sentence."""
    reasons = {language: _longest(replies, written, language) for language in {each for _, each in written}}
    for name, language in sorted(written):
        found: dict[tuple[int, str], str] = {}
        for values, how in _trials(name, _bodies(name, reasons[language])):
            wrong = _wrong(replies, name, language, values)
            if wrong is not None:
                line, what, then = wrong
                found.setdefault((line, what), f"{how}{then}")
        yield from ((name, language, line, f"{what}{how}") for (line, what), how in found.items())


def _wrong(replies: Replies, name: str, language: str, values: Mapping[str, object]) -> tuple[int, str, str] | None:
    """What is wrong with the text that comes of these values: line, and both parts of a sentence."""
    try:
        text = replies.render(name, language, values)
    except Exception as error:
        # Whatever it is, it was the template that raised it.
        return _line(error.__traceback__), "the template cannot be filled in", f": {error}"
    if not text:
        return 1, "the text comes out empty", "; write something for that case too"
    if any(str(part) not in text for part in _parts(values.get(BODY.get(name, "")))):
        return 1, f"the letter leaves out {BODY[name]}", "; whoever gets it has to read them"
    if shortened(text) != text:
        return 1, "the text comes out too long", f"; a comment of Jira holds {LONGEST_TEXT} characters"
    return None


def _parts(body: object) -> Sequence[object]:
    return body if isinstance(body, tuple) else () if body is None else (body,)


def _trials(name: str, bodies: Sequence[tuple[object, str]]) -> Iterator[tuple[dict[str, object], str]]:
    """Values to fill a template in with, and how they differ from the usual: another one, one missing, none at all."""
    samples = samples_of(name)
    usual = {each: values[0] for each, values in samples.items()}
    for body, around in bodies:
        there = {BODY[name]: body} if name in BODY else {}
        yield usual | there, around
        for each, (_, *others) in samples.items():
            yield from ((usual | {each: other} | there, f" where {each} is {other}{around}") for other in others)
            yield {word: value for word, value in usual.items() if word != each} | there, f" without {each}{around}"
        yield there, f" without any value{around}"


def _bodies(name: str, reasons: tuple[Markup, ...]) -> Sequence[tuple[object, str]]:
    """What letters of that name stand around; a reason stands around nothing."""
    one, several = (reasons[:1], ""), (reasons, f" around {len(reasons)} reasons")
    around = {FRAME: (one, several), RECEIPT: (((), ""), one, several), DRAFT: ((Markup("\n\n".join(reasons)), ""),)}
    return around.get(name, _NOTHING)


def _longest(replies: Replies, written: Collection[tuple[str, str]], language: str) -> tuple[Markup, ...]:
    """The longest texts of reasons in that language, of those with which nothing is wrong."""
    texts = []
    for name, spoken in written:
        if spoken == language and name not in BODY:
            values, _ = next(_trials(name, _NOTHING))
            if _wrong(replies, name, language, values) is None:
                texts.append(Markup(replies.render(name, language, values)))
    return tuple(sorted(texts, key=len, reverse=True)[:_SEVERAL]) or (Markup("-"),)


def _line(traceback: TracebackType | None) -> int:
    """The line of the template that was reached last."""
    line = 1
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
