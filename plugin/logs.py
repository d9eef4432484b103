"""Where log lines go: to standard error, for a person on a terminal, as JSON elsewhere."""

import logging
import sys
from contextlib import suppress
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor

from plugin.links import without_signatures


class _Lossy(structlog.PrintLogger):
    """Where a line cannot be written (a disk that is full, a pipe that nobody reads), the work goes on without it."""

    def msg(self, message: str) -> None:
        """Write a line, or leave it."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg


def _links_that_open_nothing(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An error of a page is logged with its address, and the address of a receipt is the key to it."""
    return {name: without_signatures(each) if isinstance(each, str) else each for name, each in event.items()}


def configure_logs(form: Literal["auto", "console", "json"]) -> None:
    """Set up structlog for this process. Times are UTC. Other libraries speak from WARNING on, in the same form.

    A traceback never shows the values of variables: a token may be among them.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    every: list[Processor] = [
        # Which request, as the worker has bound it: lines of deeper modules and of other libraries have it as well.
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _links_that_open_nothing,
    ]
    # The renderer's own choice would be rich's traceback, with all local variables.
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*every, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lossy(sys.stderr),
    )
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *every],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[others], force=True)
    # It prints headers and bodies of failed calls.
    logging.getLogger("jira").setLevel(logging.CRITICAL)
