"""A function in a child process that may fail, hang or eat memory without harm to this one.

    run_limited("egov_cms.search.extraction.read", data, kind, seconds=40, megabytes=1024)

The child is forked from a fork server: a process that has loaded the program once (`warm`) and has neither threads nor
connections, so that forking it is fast, and safe in a process with many threads such as a gunicorn worker.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
# `on_progress` is called at least so often, with the last values again: a heartbeat.
BEAT_SECONDS = 5
PROGRESS_SECONDS = 0.25
# Freed when memory has run out, so that the child can still report it.
RESERVE = 2 * MEGABYTE
PROGRESS, RESULT, RAISED, MEMORY = range(4)

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["egov_cms.exchange.warm"])


class ProcessProblem(Exception):
    """The child ended without a result; the message is for people, `code` for machines."""

    code = ""


class LimitExceeded(ProcessProblem):
    """It was ended because it needed more time (`limit_time`) or memory (`limit_memory`) than it may have."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


class ProcessDied(ProcessProblem):
    """It was killed, or a library crashed. `status` is its exit status."""

    code = "process_died"

    def __init__(self, status):
        self.status = status
        super().__init__(
            _("The process that did the work ended without an answer (status %(status)s).")
            % {"status": status}
        )


class ErrorInChild(Exception):
    """The cause of an exception that was raised in the child; its text is the traceback there."""


class Job(NamedTuple):
    """What is sent to the child: the call, its limits, and the state of this process that it must share."""

    function: str
    args: tuple
    seconds: int
    megabytes: int
    wants_progress: bool
    databases: dict[str, str]
    language: str | None


def run_limited(function: str, *args, seconds: int, megabytes: int, on_progress=None):
    """Call a function, named by its dotted path, in a child process with limits, and return what it returns.

    args and the result travel pickled. seconds: of wall-clock and of processor time. megabytes: memory that the child may
    hold in all, the program included. on_progress: called here with (done, total, label) as the function passes them to its
    argument `progress`, and again with the same at least every five seconds while the child lives; the function gets that
    argument only where `on_progress` is given.

    Raises LimitExceeded or ProcessDied; an exception of the function is raised here again. The child has its own
    connections to the databases of this process, speaks its language, and ends with it.
    """
    names = {alias: str(connections.settings[alias]["NAME"]) for alias in connections.settings}
    job = Job(function, args, seconds, megabytes, on_progress is not None, names, get_language())
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(theirs, job), name=f"limited {function}", daemon=True)
    with ours:
        child.start()
        theirs.close()
        late = threading.Event()
        timer = threading.Timer(seconds, lambda: (late.set(), _kill(child)))
        timer.daemon = True
        timer.start()
        try:
            kind, value = _listen(ours, on_progress or (lambda *told: None))
        finally:
            timer.cancel()
            _kill(child)
            child.join()
    if kind == RESULT:
        return value
    if kind == RAISED:
        error, text = value
        raise error from ErrorInChild(text)
    status = child.exitcode
    if late.is_set() or status == -signal.SIGXCPU:
        message = _("The work was stopped: it takes more than %(seconds)s seconds.") % {"seconds": seconds}
        raise LimitExceeded(message, "limit_time")
    if kind == MEMORY:
        message = _("The work was stopped: it needs more than %(size)s MB of memory.") % {"size": megabytes}
        raise LimitExceeded(message, "limit_memory")
    raise ProcessDied(status)


def _listen(pipe: Connection, on_progress):
    """(kind, value) of the child's last message, (None, None) when it ended without one."""
    told = (0, 0, "")
    while True:
        if not wait([pipe], BEAT_SECONDS):
            on_progress(*told)
            continue
        try:
            kind, value = pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return None, None
        if kind != PROGRESS:
            return kind, value
        told = value
        on_progress(*told)


def _kill(child):
    """Kill the child and every process that it started."""
    if child.exitcode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        # In case it has no process group yet.
        with suppress(ProcessLookupError, PermissionError):
            os.kill(child.pid, signal.SIGKILL)


def _serve(pipe: Connection, job: Job):
    """What the child does."""
    os.setsid()
    # What runs here may call `run_limited` itself (a publication that indexes a PDF); daemons have no children.
    multiprocessing.current_process().daemon = False
    _end_with_parent()
    reserve = bytearray(RESERVE)
    _limit(job.seconds, job.megabytes)
    try:
        message = _answer(pipe, job)
    except MemoryError:
        del reserve
        message = MEMORY, None
    try:
        pipe.send(message)
    except BrokenPipeError:
        return
    except Exception as error:
        logger.exception("the answer of %s cannot be sent", job.function)
        pipe.send((RAISED, (RuntimeError(str(error)), traceback.format_exc())))


def _answer(pipe, job):
    for alias, name in job.databases.items():
        connections.settings[alias]["NAME"] = name
    options = {}
    if job.wants_progress:
        options["progress"] = _Progress(pipe)
    with override(job.language):
        try:
            return RESULT, import_string(job.function)(*job.args, **options)
        except MemoryError:
            raise
        except Exception as error:
            return RAISED, (_portable(error), traceback.format_exc())
        finally:
            connections.close_all()


class _Progress:
    """Sends what it is called with to the parent, a few times a second at most; the last of all (done == total) always."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.sent_at = 0.0

    def __call__(self, done=0, total=0, label=""):
        now = time.monotonic()
        if now - self.sent_at >= PROGRESS_SECONDS or done == total:
            self.sent_at = now
            self.pipe.send((PROGRESS, (done, total, label)))


def _portable(error: Exception) -> Exception:
    """The error itself where it survives the way to the parent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made here, a moment ago
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent():
    """End this process, and what it has started, as soon as the one that asked for it has ended."""
    sentinel = multiprocessing.parent_process().sentinel

    def watch():
        wait([sentinel])
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _limit(seconds, megabytes):
    """Let this process have so much processor time and memory and no more, and leave no dump of its memory behind."""
    # Data, not addresses: libraries reserve far more addresses than they ever use. Only Linux counts data in full.
    memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    for limit, value in (
        (memory, megabytes * MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        highest = resource.getrlimit(limit)[1]
        if highest != resource.RLIM_INFINITY:
            value = min(value, highest)
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, highest))
