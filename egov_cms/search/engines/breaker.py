"""A circuit breaker: after a failure of the remote engine, no request waits for it again for some time."""

import logging
import threading
import time

logger = logging.getLogger("egov_cms.search")


class Breaker:
    """Closed in normal operation; open for `seconds` after a failure, then one caller can try.

    One per process. It logs a warning when it opens and when it closes.
    """

    def __init__(self, name, seconds=10.0, clock=time.monotonic):
        self.name = name
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._open_until = 0.0
        self.failures = 0

    def allows(self):
        """Whether a request to the engine is allowed now. While open: one request per `seconds`."""
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
        """Close the breaker. Returns whether it was open."""
        if not self.failures:
            return False
        with self._lock:
            self.failures = 0
        logger.warning("search: %s answers again", self.name)
        return True
