"""Comments as Jira's wiki renderer shows them, as far as the sandbox goes: bold, italics, code, links, lists, icons.

https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import re
from itertools import groupby
from typing import Final

from markupsafe import escape

_ICONS: Final = {"/": ("good", "✓"), "x": ("bad", "✗"), "!": ("warn", "!"), "?": ("calm", "?")}
_DISARMED: Final = re.compile(r"\\([-#*_+?^~|%{}\[\]()!@])")
_SET_ASIDE: Final = 0xE000
"""Where a disarmed mark waits, among characters that are nobody's, until the marks that work are done."""
_INLINE: Final = (
    (re.compile(r"\[([^\[\]|]+)\|(https?://[^\s\[\]|]+)\]"), r'<a href="\2" rel="noreferrer">\1</a>'),
    (re.compile(r"\{\{(\S(?:.*?\S)?)\}\}"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*(\S(?:.*?\S)?)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(\S(?:.*?\S)?)_(?![\w_])"), r"<em>\1</em>"),
)


def rendered(body: str) -> str:
    """A comment's body as HTML that is safe to show: whatever is no markup of Jira's is escaped."""
    parts = []
    for is_list, lines in groupby(body.splitlines(), key=lambda line: line.startswith("* ")):
        if is_list:
            parts.append("<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>")
        elif text := "\n".join(map(_inline, lines)).strip("\n"):
            parts.append(f"<p>{text}</p>")
    return "".join(parts)


def _inline(line: str) -> str:
    html = str(escape(_DISARMED.sub(lambda mark: chr(_SET_ASIDE + ord(mark[1])), line)))
    html = re.sub(r"\(([/x!?])\)", lambda icon: '<b class="icon {}">{}</b>'.format(*_ICONS[icon[1]]), html)
    for mark, tag in _INLINE:
        html = mark.sub(tag, html)
    return re.sub(r"[\ue000-\ue07f]", lambda mark: str(escape(chr(ord(mark[0]) - _SET_ASIDE))), html)
