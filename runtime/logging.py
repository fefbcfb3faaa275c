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


def configure(settings: LogSettings, service: str, generation: int | None = None) -> None:
    """Sets up structlog and the standard library's logging, once per process. ``service`` stands in every line, and so
    does the ``generation`` that a stage runs for: the services of each have the same names.
    """
    level = getattr(logging, settings.level.upper())
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _named(service, generation),
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


def _named(service: str, generation: int | None) -> Any:
    """Puts both into a line. Not bound as context variables: other threads would not have them."""

    def name(_logger: object, _method: str, line: dict[str, Any]) -> dict[str, Any]:
        line.setdefault("service", service)
        if generation is not None:
            line.setdefault("generation", generation)
        return line

    return name


def logger(name: str) -> Any:
    return structlog.get_logger(name)
