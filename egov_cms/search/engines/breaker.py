"""A circuit breaker: after a failure nobody waits for the distant engine again until some time has passed."""

import logging
import threading
import time

logger = logging.getLogger("egov_cms.search")


class Breaker:
    """Closed while all is well; open for `seconds` after a failure; then one caller may try.

    One per process. What it tells the operator: a warning in the log when it opens, a line when it closes.
    """

    def __init__(self, name, seconds=10.0, clock=time.monotonic):
        self.name = name
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._open_until = 0.0
        self.failures = 0

    def allows(self):
        """May the engine be asked now? While it is open, one caller in `seconds` may."""
        with self._lock:
            if not self.failures:
                return True
            now = self._clock()
            if now < self._open_until:
                return False
            self._open_until = now + self.seconds
            return True

    def failed(self, reason):
        with self._lock:
            self.failures += 1
            first = self.failures == 1
            self._open_until = self._clock() + self.seconds
        if first:
            logger.warning("search: %s is down (%s); the database answers instead", self.name, reason)

    def succeeded(self):
        """Returns whether the engine has just come back."""
        if not self.failures:
            return False
        with self._lock:
            self.failures = 0
        logger.warning("search: %s answers again", self.name)
        return True
