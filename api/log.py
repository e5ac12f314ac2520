"""One JSON line per log record on stderr. No question and no document text is ever logged."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

LOGGER = "fuente"
_OURS = "fields"


class JsonLines(logging.Formatter):
    """A record as a line of JSON; ``at`` is ISO 8601 in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields = getattr(record, _OURS, None)
        if isinstance(fields, dict):
            line.update(fields)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(level: str, name: str = LOGGER) -> None:
    """Sends the records of this project (or of another logger) to stderr; calling it again only changes the level."""
    logger = logging.getLogger(name)
    logger.setLevel(level.upper())
    logger.propagate = False
    for handler in logger.handlers:
        if isinstance(handler.formatter, JsonLines):
            return
    handler = _Stderr()
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what sys.stderr is now, not to what it was when logging began."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)
