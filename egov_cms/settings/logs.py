"""One JSON object per line on standard error: what journald, Loki and Elasticsearch read without rules."""

import json
import logging
from datetime import UTC, datetime

# What every record has; everything else was passed as `extra=` and is worth keeping.
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "server_time"}


class JsonFormatter(logging.Formatter):
    """`{"time": …, "level": …, "logger": …, "message": …}` with extras, `exception` if there is one."""

    def format(self, record):
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update((name, value) for name, value in vars(record).items() if name not in _ORDINARY)
        # The path alone: query strings hold what people searched for.
        if request := getattr(record, "request", None):
            entry["path"] = getattr(request, "path", "")
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
