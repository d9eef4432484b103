"""Where log lines go: to standard error, for a person on a terminal, as JSON elsewhere."""

import logging
import sys
from typing import Literal

import structlog


def configure_logs(form: Literal["auto", "console", "json"]) -> None:
    """Set up structlog for this process. Times are UTC. Other libraries speak from WARNING on."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if console else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if console else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    # It prints headers and bodies of failed calls.
    logging.getLogger("jira").setLevel(logging.CRITICAL)
