"""How this house writes its log: one event a line, with ids and counts, never with a person's words."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL_KEYS = {"address", "answer", "email", "letter", "name", "note", "password", "phone", "text", "token"}


def set_up_logs() -> None:
    """Log to standard error: lines to read on a terminal, JSON to search everywhere else. Times are UTC."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_people_out,
            *_renderers(for_a_person=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # today's stderr, should somebody redirect it
    )


def keep_people_out(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what a log has no business to hold, so that one careless line tells nobody anything."""
    return {key: "(left out)" if key in PERSONAL_KEYS else value for key, value in event.items()}


def _renderers(*, for_a_person: bool) -> list[Processor]:
    # Tracebacks without local variables: these hold people.
    if for_a_person:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
