"""Signal handlers: update snapshots, the change log and burdens at publication."""

from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published, page_unpublished, post_page_move

from egov_cms.adapters.django import collect_on_commit
from egov_cms.services import models
from egov_cms.services.publishing import fact_changes
from egov_cms.services.reform import burden
from egov_cms.services.snapshots import store
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage

RECORDS = (
    models.Audience,
    models.DocumentType,
    models.LifeEvent,
    models.ServiceCategory,
    models.StepTemplate,
    Governorate,
    LegalReference,
    Office,
)


def connect():
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_page_changed, dispatch_uid="egov_services.snapshots")
    post_delete.connect(_page_changed, sender=models.ServicePage, dispatch_uid="egov_services.snapshots")
    for record in RECORDS:
        for signal in (post_save, post_delete):
            signal.connect(_record_changed, sender=record, dispatch_uid="egov_services.snapshots")
    # After the snapshots: the log is written before its reason is cleared.
    store.snapshot_changed.connect(
        _snapshot_changed, sender=models.ServiceSnapshot, dispatch_uid="egov_services.changes"
    )
    page_published.connect(_published, dispatch_uid="egov_services.quality")


def _page_changed(sender, instance, **kwargs):
    if isinstance(instance, models.ServicePage):
        _refresh_later(instance.translation_key)
    elif isinstance(instance, OrganisationUnitPage | models.ServiceIndexPage):
        _refresh_later()


def _record_changed(sender, **kwargs):
    _refresh_later()


def _refresh_later(key=None):
    """Update the snapshot of one service, or of all, after the transaction is committed."""
    collect_on_commit(_refresh, key)


def _refresh(keys):
    """Update all snapshots that one transaction changed, in one call."""
    store.refresh(None if None in keys else sorted(set(keys)))


def _snapshot_changed(sender, page, before, after, **kwargs):
    fact_changes.record(page, before, after)
    burden.record(page, before, after)


def _published(sender, instance, revision=None, **kwargs):
    if isinstance(instance, models.ServicePage):
        fact_changes.published(instance, revision)
