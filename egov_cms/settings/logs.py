"""Logs one JSON object per line to standard error, which journald, Loki and Elasticsearch parse without configuration."""

import json
import logging
from datetime import UTC, datetime

# The attributes of every record; all others were passed as `extra=` and are logged.
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "server_time",
}


class JsonFormatter(logging.Formatter):
    """`{"time": …, "level": …, "logger": …, "message": …}` with extras, `exception` if there is one."""

    def format(self, record):
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update(
            (name, value) for name, value in vars(record).items() if name not in _STANDARD_ATTRIBUTES
        )
        # The path without the query string, which can contain search terms of visitors.
        if request := getattr(record, "request", None):
            entry["path"] = getattr(request, "path", "")
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
