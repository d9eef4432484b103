"""C21, C28: the current release line and one version back are supported; older ones update first.

The order of release lines is that of the list, never of the numbers: 2.10 is newer than 2.9, and 18.1 follows 2.11.
Whatever cannot be told for certain is asked about, never refused. What was supported is judged by the day the request
was raised; what is a pre-release by today, so that who is told to update may update to a line that came out since.
"""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Finding, Outcome, Reason
from plugin.contract.lifecycle import lifecycle
from plugin.contract.policy import Product, ReleaseLine
from plugin.contract.saying import AND, Several, say
from plugin.contract.versions import StatedVersion, parts, read_version

RULE = "supported_version"
_SHOWN = 80  # characters of what the customer wrote that a sentence repeats


def supported_version(case: Case) -> tuple[Finding, ...]:
    """Is the version on a line that was supported on the day the request was raised?"""
    product, stated = case.product, (case.request.version or "").strip()
    shown = stated if len(stated) <= _SHOWN else f"{stated[:_SHOWN]}…"
    if product is None:
        return (case.finding(RULE, Outcome.UNKNOWN, say("The version cannot be judged without knowing the product.")),)
    if not stated:
        sentence = say("The request does not say which version of {product} it is about.", product=product.name)
        return (_asked(case, product, Reason.VERSION_MISSING, sentence, ""),)
    read = read_version(stated, (product.id, product.name, *product.aliases))
    known = {line: parts(line.name) for line in product.lines}
    lines = {line for version in read.versions for line, name in known.items() if version[: len(name)] == name}
    if len(read.versions) != 1 and not (len(lines) == 1 and _all_on(lines, read, known)):
        return (_unclear(case, product, shown),)
    if not lines:
        return (_unlisted(case, product, shown, read, known),)
    line = max(lines, key=lambda each: len(known[each]))
    return (_judged(case, product, line, shown, read),)


def _all_on(lines: set[ReleaseLine], read: StatedVersion, known: dict[ReleaseLine, tuple[int, ...]]) -> bool:
    names = [known[line] for line in lines]
    return all(any(version[: len(name)] == name for name in names) for version in read.versions)


def _judged(case: Case, product: Product, line: ReleaseLine, stated: str, read: StatedVersion) -> Finding:
    if line.released > case.today:
        sentence = say(
            "{product} {line} is released on {day}; until then support does not include it.",
            product=product.name,
            line=line.name,
            day=line.released,
        )
        return _stands_in_the_way(case, product, line, Reason.VERSION_PRERELEASE, sentence, stated, read)
    if read.prerelease:
        sentence = say(
            "{stated} is a beta or pre-release version, which support does not include.", stated=repr(stated)
        )
        return _stands_in_the_way(case, product, line, Reason.VERSION_PRERELEASE, sentence, stated, read)
    life = lifecycle(product, case.policy, case.as_of)
    state, count, facts = life.state_of(line), life.count.cites, {"product": product.name, "line": line.name}
    if line.released > case.day:
        sentence = say(
            "{product} {line} was released on {day}, since the request was raised.",
            product=product.name,
            line=line.name,
            day=line.released,
        )
        return case.finding(RULE, Outcome.MET, sentence, line.cites, count, reason=None, **facts)
    listed = Several.of((each.name for each in reversed(life.current)), AND)
    about = {"product": product.name, "line": line.name, "listed": listed}
    if state.current:
        place = say("the current release") if line == life.current[-1] else say("a supported version back")
        sentence = say("{product} {line} is {place}; supported on {day}: {listed}.", place=place, day=case.day, **about)
        return case.finding(RULE, Outcome.MET, sentence, line.cites, count, reason=None, **facts)
    if state.supported:
        sentence = say(
            "{product} {line} is older than {listed}, and still supported until {day}: {grace} days of grace.",
            day=state.last_day,
            grace=life.grace.value.days,
            **about,
        )
        return case.finding(RULE, Outcome.MET, sentence, line.cites, count, life.grace.cites, reason=None, **facts)
    sentence = say("{product} {line} is older than what is supported on {day}: {listed}.", day=case.day, **about)
    return _stands_in_the_way(case, product, line, Reason.VERSION_TOO_OLD, sentence, stated, read)


def _stands_in_the_way(
    case: Case, product: Product, line: ReleaseLine, reason: Reason, sentence: str, stated: str, read: StatedVersion
) -> Finding:
    """Refuse on a plain reading only; with anything else written beside the version, ask."""
    if not read.plain:
        return _unclear(case, product, stated)
    facts = {"product": product.name, "version": stated, "line": line.name, **_update_to(case, product)}
    return case.finding(
        RULE,
        Outcome.NOT_MET,
        sentence,
        line.cites,
        lifecycle(product, case.policy, case.as_of).count.cites,
        reason=reason,
        **facts,
    )


def _unclear(case: Case, product: Product, stated: str) -> Finding:
    sentence = say("Which version {stated} means cannot be told for certain.", stated=repr(stated))
    return _asked(case, product, Reason.VERSION_UNCLEAR, sentence, stated)


def _unlisted(
    case: Case, product: Product, stated: str, read: StatedVersion, known: dict[ReleaseLine, tuple[int, ...]]
) -> Finding:
    newest = product.released_by(case.day)[-1:]
    if newest and read.versions[0] > known[newest[0]]:
        sentence = say(
            "{product} {stated} is newer than the newest release in the list, {line}.",
            product=product.name,
            stated=stated,
            line=newest[0].name,
        )
        return _asked(case, product, Reason.VERSION_TOO_NEW, sentence, stated)
    sentence = say("{product} {stated} is not in the list of releases.", product=product.name, stated=stated)
    return _asked(case, product, Reason.VERSION_UNLISTED, sentence, stated)


def _asked(case: Case, product: Product, reason: Reason, sentence: str, stated: str) -> Finding:
    facts = {"product": product.name, "version": stated, **_update_to(case, product)}
    return case.finding(RULE, Outcome.UNKNOWN, sentence, product.cites, reason=reason, **facts)


def _update_to(case: Case, product: Product) -> dict[str, str]:
    """The lines that are supported, and the one to update to: the newest, so that the update lasts."""
    supported = lifecycle(product, case.policy, case.as_of).current
    if not supported:
        return {}
    return {"supported": SEPARATOR.join(line.name for line in reversed(supported)), "update_to": supported[-1].name}
