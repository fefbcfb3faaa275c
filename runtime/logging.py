"""Structured logs on standard error: JSON in services, readable in a terminal."""

import logging
import sys
from typing import Any

import structlog

from runtime.settings import LogSettings
from runtime.visible import in_event

_LIBRARIES_AT_WARNING = (
    "faust",
    "mode",
    "aiokafka",
    "elastic_transport",
    "httpx",
    "httpcore",
    "trafilatura",
    "htmldate",
)


def configure(settings: LogSettings, service: str) -> None:
    """Sets up structlog and the standard library's logging, once per process. ``service`` stands in every line."""
    level = getattr(logging, settings.level.upper())
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _named(service),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        in_event,
    ]
    render: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        # Not Rich's traceback, which is the default: it shows local variables, and passwords are among them.
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES_AT_WARNING:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _named(service: str) -> Any:
    """Puts the service's name into a line. Not bound as a context variable: other threads would not have it."""

    def name(_logger: object, _method: str, line: dict[str, Any]) -> dict[str, Any]:
        line.setdefault("service", service)
        return line

    return name


def logger(name: str) -> Any:
    return structlog.get_logger(name)
