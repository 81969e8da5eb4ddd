"""Background work of runs. All of it may be done twice: a step takes the run out of the state that it expects."""

from django_tasks import task

from egov_cms.exchange import steps
from egov_cms.exchange.models import State


@task()
def check_run(pk):
    """Read a received file, and apply it to see what it would do."""
    steps.take(pk, State.CHECKING)


@task()
def write_run(pk):
    """Write a confirmed run, if it still does what was confirmed."""
    steps.take(pk, State.WRITING)
