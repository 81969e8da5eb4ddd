"""A step of a run in the process that starts the child: started once, watched, marked as failed when the child dies."""

from __future__ import annotations

import datetime
import logging
import time

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from egov_cms.conf import egov_settings
from egov_cms.exchange import execution, handlers
from egov_cms.exchange.files import FileDamaged
from egov_cms.exchange.models import ExchangeRun, State
from egov_cms.exchange.process import ProcessProblem, run_limited

logger = logging.getLogger("egov_cms.exchange")
# A step is dead without a heartbeat for so long, or so long after its time limit.
SILENCE_SECONDS = 60
GRACE_SECONDS = 120
TOLD_SECONDS = 3600
BEGINS_IN = {State.CHECKING: State.RECEIVED, State.WRITING: State.CONFIRMED}


def take(pk: int, running: State):
    """Take a run through `running` (checking or writing); nothing when it is not waiting for that."""
    waiting = ExchangeRun.objects.filter(pk=pk, state=BEGINS_IN[running])
    if not waiting.update(state=running, started_at=timezone.now(), attempt=F("attempt") + 1):
        return
    run = ExchangeRun.objects.get(pk=pk)
    with override(run.language or None):
        try:
            step = execution.of_run(run, write=running == State.WRITING)
            call(execution.execute_run, step, progress=lambda *told: _tell(run, *told))
        except execution.Overtaken:
            logger.warning("run %s: another step has begun", pk)
        except (ProcessProblem, FileDamaged) as problem:
            logger.warning("run %s: %s", pk, problem)
            _fail(run, str(problem), problem.code)
        except Exception:
            logger.exception("run %s failed", pk)
            message = _("Something went wrong. Nothing was written; the technicians see why in the log.")
            _fail(run, message, "failed")
        finally:
            cache.delete(_key(run))


def call(function, step: execution.Step, *args, limited=True, progress=None):
    """Call a function of `execution` in a child process with the limits of the step's kind."""
    if not limited or egov_settings.EXCHANGE_IN_PROCESS:
        return function(step, *args, progress=progress)
    handler = handlers.get(step.kind)
    return run_limited(
        f"{function.__module__}.{function.__qualname__}",
        step,
        *args,
        seconds=seconds_of(handler),
        megabytes=handler.megabytes or egov_settings.EXCHANGE_MEGABYTES,
        on_progress=progress or (lambda *told: None),
    )


def seconds_of(handler) -> int:
    return handler.seconds or egov_settings.EXCHANGE_SECONDS


def progress_of(run: ExchangeRun) -> tuple[int, int, str]:
    """(done, total, label) of a running step; (0, 0, "") while nothing is known."""
    told = cache.get(_key(run)) if run.is_running else None
    return (told["done"], told["total"], told["label"]) if told else (0, 0, "")


def is_dead(run: ExchangeRun) -> bool:
    """Has the process of a running step died? Its heartbeat stopped, or it runs longer than its limit."""
    if not run.is_running or run.started_at is None:
        return False
    told = cache.get(_key(run))
    if told and time.time() - told["at"] > SILENCE_SECONDS:
        return True
    longest = datetime.timedelta(seconds=seconds_of(handlers.get(run.kind)) + GRACE_SECONDS)
    return timezone.now() - run.started_at > longest


def note_death(run: ExchangeRun) -> bool:
    """Mark a run whose process died as failed, with the state to resume from; True if it was dead."""
    return is_dead(run) and _fail(run, _("The process that did the work has died."), "process_died")


def _fail(run, message, code) -> bool:
    """Mark the run as failed, unless a later step has begun or this one has ended meanwhile."""
    values = {
        "state": State.FAILED,
        "failure": message[:1000],
        "failure_code": code,
        "resumes_from": BEGINS_IN[run.state],
    }
    current = ExchangeRun.objects.filter(pk=run.pk, state=run.state, attempt=run.attempt)
    if not current.update(**values):
        return False
    for name, value in values.items():
        setattr(run, name, value)
    return True


def _tell(run, done, total, label):
    # Not in the database: on SQLite the child's transaction keeps every other writer out.
    cache.set(_key(run), {"done": done, "total": total, "label": label, "at": time.time()}, TOLD_SECONDS)


def _key(run):
    return f"egov-exchange-{run.pk}-{run.attempt}"
