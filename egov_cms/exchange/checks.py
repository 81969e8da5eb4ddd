"""System checks: where files of runs are kept (ids in docs/settings.md)."""

from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.files.storage import InvalidStorageError, storages

from egov_cms.conf import egov_settings


@checks.register("egov")
def check_private_storage(app_configs, **kwargs):
    """egov_exchange.E001: there is no storage `private`. egov_exchange.E002: what is in it is served to everybody."""
    try:
        storage = storages["private"]
    except InvalidStorageError as error:
        hint = "Files that people send are kept in it until they are written: docs/settings.md."
        message = f"STORAGES has no usable storage “private”: {error}"
        return [checks.Error(message, hint=hint, id="egov_exchange.E001")]
    try:
        place = Path(storage.path("")).resolve()
    except NotImplementedError:
        # An object store: who reads it is decided there.
        return []
    served = [root for root in (settings.MEDIA_ROOT, settings.STATIC_ROOT) if root]
    if any(_overlap(place, Path(root).resolve()) for root in served):
        message = f"The storage “private” ({place}) and a folder that is served lie in one another."
        return [checks.Error(message, id="egov_exchange.E002")]
    return []


@checks.register("egov", deploy=True)
def check_child_process(app_configs, **kwargs):
    """egov_exchange.W001: files are read in the process that serves pages."""
    if egov_settings.EXCHANGE_IN_PROCESS:
        message = "EXCHANGE_IN_PROCESS is for tests: a heavy file would take the site's own time and memory."
        return [checks.Warning(message, id="egov_exchange.W001")]
    return []


def _overlap(one, other):
    return one == other or one in other.parents or other in one.parents
