"""What a customer's answer in a comment says plainly: a version, a product, a platform. Read with care, guess nothing.

Plain is a sentence that says nothing but that ("We have updated to 26.2", "Version: 26.2"), in an answer that leaves no
doubt: no second version, no question, nothing planned, supposed or taken back. What is not plain is no answer, and a
person reads it (C21, C28: unknown means ask). So it is with "26.2 does not work either": they may have the same fault
with 26.2, or not have got it to run. An answer is never run or rendered; nothing comes out of it but a version and
names that the policy knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugin.contract import answer_words as words
from plugin.contract.naming import taken_out
from plugin.contract.policy import Policy
from plugin.contract.versions import StatedVersion, read_version

_QUOTED = re.compile(r"\{quote\}.*?(?:\{quote\}|\Z)", re.DOTALL)
_QUOTED_LINE = re.compile(r"\s*(?:>|&gt;|bq\.)")
_INTRODUCES = re.compile(
    r".{0,300}\b(?:wrote|writes|schrieb|schreibt)\b[^:]{0,200}:|-{2,}.{0,60}(?:message|nachricht).{0,10}-{2,}|_{8,}|"
    r"(?:from|von|sent|gesendet): .*|--",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"\s*p\.? ?s\b", re.IGNORECASE)
_MARKUP = re.compile(r"[*_`~]|\{(?:color|code|noformat|panel)[^}\n]{0,80}\}|[{}]")
# Not before a digit: "approx. 26.2" is one sentence.
_SENTENCE_ENDS = re.compile(r"(?<=[.!;])\s+(?=[^\W\d_])")
_ENDS = re.compile(r"[.!;]\s*")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "’": "'", "‘": "'", "´": "'", "–": "-", "—": "-", "!": "."})
_EDITION = "(?: (?:server|pro|enterprise))?"
_NUMBER_BEHIND = rf"{_EDITION}(?: ?\d{{1,4}}(?:\.\d{{1,4}}){{0,2}}(?!\w|[.,]\d|[- ]bit))?{_EDITION}"
_WRAPPED = 60
"""From so many characters on, a line that ends no sentence was broken by a mail program."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What an answer says plainly, as it could be typed into the fields; None where it says nothing of the kind.

    `about` are the names of all products that the answer speaks of, plainly or not.
    """

    product: str | None = None
    version: str | None = None
    platform: str | None = None
    about: tuple[str, ...] = ()


NOTHING = Statement()


@dataclass(frozen=True, slots=True)
class _Told:
    """What one plain sentence tells."""

    products: list[str]
    platforms: list[str]
    read: StatedVersion


def statement(text: str, policy: Policy) -> Statement:
    """What the customer says with this answer. Takes time in proportion to the text."""
    own = own_words(text)
    sentences = [_spelled(each) for each in _sentences(own)]
    rest, about, platforms = _without_names(" ".join(sentences), policy)
    anywhere = read_version(rest)
    if "?" in own or not (anywhere.versions or about or platforms):
        return NOTHING
    plain = []
    for sentence in sentences:
        told = _told(sentence, policy)
        if told is None and _doubtful(sentence):
            return NOTHING
        plain += [told] if told else []
    versions = [told.read for told in plain if told.read.versions]
    if any((each.versions, each.prerelease) != (anywhere.versions, anywhere.prerelease) for each in versions):
        return NOTHING
    return Statement(
        product=about[0] if len(about) == 1 and any(told.products for told in plain) else None,
        version=_written(versions[0]) if versions else None,
        platform=", ".join(dict.fromkeys(name for told in plain for name in told.platforms)) or None,
        about=tuple(about),
    )


def own_words(text: str) -> str:
    """The text without what it quotes, as Jira and mail programs mark it, and without what follows its closing line."""
    lines = _QUOTED.sub("\n", text).splitlines()
    postscript = max((number for number, line in enumerate(lines) if _POSTSCRIPT.match(line)), default=-1)
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _QUOTED_LINE.match(line):
            continue
        if _INTRODUCES.fullmatch(line.strip()):
            following = next((each for each in lines[number + 1 :] if each.strip()), "")
            if _QUOTED_LINE.match(following):
                continue
            break
        if number > postscript and words.CLOSING.fullmatch(_spelled(line)):
            break
        kept.append(line)
    return "\n".join(kept)


def _sentences(text: str) -> Iterator[str]:
    """Sentences and lines; a line that was only broken goes on in the next."""
    joined: list[list[str]] = []
    open_end = 0  # the length of a last line that may go on; 0 where it does not
    for line in map(str.strip, _MARKUP.sub(" ", text).splitlines()):
        goes_on = open_end >= _WRAPPED or line[:1].islower() or line[:1].isdigit()
        if line and open_end and goes_on:
            joined[-1].append(line)
        elif line:
            joined.append([line])
        ended = _ENDS.fullmatch(line[-1:]) or words.GREETING.fullmatch(_spelled(line))
        open_end = 0 if ended else len(line)
    for lines in joined:
        yield from _SENTENCE_ENDS.split(" ".join(lines))


def _spelled(text: str) -> str:
    """In lower case, with one way of writing for each letter and mark."""
    return " ".join(text.casefold().translate(_SPELLED).split())


def _written(read: StatedVersion) -> str:
    """The version as one would type it."""
    return ".".join(map(str, read.versions[0])) + (" beta" if read.prerelease else "")


def _told(sentence: str, policy: Policy) -> _Told | None:
    """What a sentence tells; None where it says anything beside, or may be a question, an order or an intention."""
    greeting = words.GREETING.match(sentence)
    if greeting and not _doubtful(greeting["names"]):
        sentence = sentence[greeting.end() :].strip()
    rest, products, platforms = _without_names(sentence, policy)
    read = read_version(words.HARMLESS.sub(" ", words.MENU.sub(" ", rest)))
    one_at_most = len(read.versions) == 1 or not (read.versions or read.prerelease)
    open_still = (
        words.ASKING.match(sentence)
        or (words.UPDATE.search(sentence) and not words.DONE.search(sentence))
        or (words.NEW.search(sentence) and not words.USED.search(sentence))
        or (words.AGREEING.match(sentence) and not words.SAID.search(sentence))
    )
    return _Told(products, platforms, read) if read.plain and one_at_most and not open_still else None


def _doubtful(sentence: str) -> bool:
    """May a sentence take back or leave open what another one says?"""
    if words.DOUBTFUL.search(sentence):
        return True
    denies, moves = words.NEGATING.search(sentence), words.MOVING.search(sentence)
    if moves and (denies or words.MODAL.search(sentence)):
        return True
    return bool(denies and not words.FAULTY.search(sentence))


def _without_names(text: str, policy: Policy) -> tuple[str, list[str], list[str]]:
    """The text without the names of products and platforms, and the products and platforms that it names."""
    platforms = ((each.name, each.aliases) for each in (row.cited.value for row in policy.platforms.rows))
    rest, on = taken_out(text, [(name, _all_spelled(name, *more)) for name, more in platforms], _NUMBER_BEHIND)
    known = [(each.name, _all_spelled(each.id, each.name, *each.aliases)) for each in policy.products]
    rest, products = taken_out(rest, known)
    return rest, products, on


def _all_spelled(*names: str) -> tuple[str, ...]:
    return tuple(map(_spelled, names))
