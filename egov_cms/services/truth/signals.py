"""What keeps the records of truth up to date by itself."""

from wagtail.signals import page_published, page_unpublished

from egov_cms.services.models import ServicePage, ServiceSnapshot
from egov_cms.services.reform import burden
from egov_cms.services.snapshots import snapshot_changed
from egov_cms.services.truth import changes, words
from egov_cms.site.cache import register_parameters
from egov_cms.site.models import SitePage


def connect():
    """Call after the snapshots' own signals are connected: the log is written before its reason is cleared."""
    snapshot_changed.connect(_snapshot_changed, sender=ServiceSnapshot, dispatch_uid="egov_services.changes")
    page_published.connect(_published, dispatch_uid="egov_services.truth")
    page_unpublished.connect(_words_changed, dispatch_uid="egov_services.truth")
    register_parameters(service=r"[A-Z0-9-]{1,32}")


def _snapshot_changed(sender, page, before, after, **kwargs):
    changes.record(page, before, after)
    burden.record(page, before, after)


def _published(sender, instance, revision=None, **kwargs):
    if isinstance(instance, ServicePage):
        changes.published(instance, revision)
    _words_changed(sender, instance)


def _words_changed(sender, instance, **kwargs):
    if isinstance(instance, SitePage):
        words.published(instance)
