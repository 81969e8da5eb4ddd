"""Background work on the snapshots."""

from uuid import UUID

from django_tasks import task

from egov_cms.services.snapshots import store
from egov_cms.site.publication import together


@task()
def renew(translation_keys: list[str] | None) -> int:
    """Renew the snapshots of these services, None: of all; returns how many changed."""
    with together():
        return store.refresh(None if translation_keys is None else [UUID(key) for key in translation_keys])
