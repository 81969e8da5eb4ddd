"""What keeps the records of truth up to date by itself."""

from wagtail.signals import page_published

from egov_cms.services.models import ServicePage, ServiceSnapshot
from egov_cms.services.snapshots import snapshot_changed
from egov_cms.services.truth import changes


def connect():
    """Call after the snapshots' own signals are connected: the log is written before its reason is used up."""
    snapshot_changed.connect(_snapshot_changed, sender=ServiceSnapshot, dispatch_uid="egov_services.changes")
    page_published.connect(_published, dispatch_uid="egov_services.truth")


def _snapshot_changed(sender, page, before, after, **kwargs):
    changes.record(page, before, after)


def _published(sender, instance, revision=None, **kwargs):
    if isinstance(instance, ServicePage):
        changes.published(instance, revision)
