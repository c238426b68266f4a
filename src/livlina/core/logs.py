"""Logs: one JSON object a line, in English, about things and never about persons.

Nobody should log a person number. If somebody does, in a message, a value or an exception's text, it is masked
here, in our own lines and in those of every library.
"""

import logging
import logging.config
from collections.abc import MutableMapping
from typing import Any

import structlog

from livlina.core.ids import ANYWHERE

Line = MutableMapping[str, Any]


def hide(text: str) -> str:
    """Return `text` with whatever may be an identity number masked."""
    return ANYWHERE.sub("********-****", text)


def without_numbers(logger: Any, method: str, line: Line) -> Line:
    """Mask identity numbers in every text of a line, however deep."""
    return {key: _hidden(value) for key, value in line.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {_hidden(key): _hidden(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_hidden(inner) for inner in value]
    return value if isinstance(value, bool | int | float | None) else hide(str(value))


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_LAST = [structlog.processors.format_exc_info, without_numbers]


def configure(level: str = "INFO", *, lines: bool = True) -> None:
    """Send our logs and the libraries' the same way; with `lines` as JSON, else for a person to read."""
    shown = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if lines
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "one": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_LAST, shown],
                }
            },
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "one"}},
            "root": {"handlers": ["out"], "level": level},
            "loggers": {
                "django.db.backends": {"level": "WARNING"},
                "procrastinate": {"level": "WARNING"},
                "fontTools": {"level": "WARNING"},
                "weasyprint": {"level": "ERROR"},
            },
        }
    )


def from_settings(chosen: dict[str, Any]) -> None:
    """Configure logs as `settings.LOGGING` says; Django calls this at start."""
    configure(**chosen)
