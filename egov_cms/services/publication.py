"""The step "copies" of a publication: snapshots, and with each of them the change log and the burden."""

from django.db.models.signals import pre_delete
from wagtail.documents import get_document_model

from egov_cms.services import models
from egov_cms.services.publishing import fact_changes
from egov_cms.services.publishing.log_subject import log_of
from egov_cms.services.reform import burden
from egov_cms.services.snapshots import dependencies, store
from egov_cms.site import consistency
from egov_cms.site.publication import Events, step


@step("copies", "services.snapshots")
def renew_snapshots(events: Events):
    """Write the snapshots of the services that changed, then the public log and the burdens of what differs."""
    services = events.of(models.ServicePage)
    for event in services.with_kind("deleted"):
        if document := getattr(event.instance, "deleted_snapshot", None):
            fact_changes.record_deleted(document)
        store.refresh(event.instance.depending_before)
    published = [event.instance for event in services.with_kind("published")]
    for page in published:
        fact_changes.keep_reason(page)
    forms = events.of(get_document_model())
    if forms.with_kind("deleted"):
        store.refresh()
    elif services or forms:
        store.refresh([*services.families(), *_with_forms(forms)])
    dependencies.renew_depending_on(*dependencies.of(events))
    for page in published:
        fact_changes.use_up_reason(page.pk)


def _with_forms(forms):
    """The services with these blank forms: their pages name title, kind and size."""
    if not forms:
        return []
    pages = models.ServicePage.objects.filter(documents__form__in=[event.pk for event in forms])
    return pages.order_by().values_list("translation_key", flat=True).distinct()


def _different_log():
    """The services whose last entry says that they were withdrawn although they are public."""
    last = {}
    for entry in log_of(models.ServiceSnapshot.objects.values_list("service_code", flat=True)).filter(
        field=fact_changes.WITHDRAWN
    ):
        last.setdefault(entry.code, entry)
    for code, entry in last.items():
        if entry.after is None:
            yield f"{code}: the public log says that it was withdrawn"


def _write_log():
    for difference in list(_different_log()):
        code = difference.partition(":")[0]
        snapshot = models.ServiceSnapshot.objects.select_related("page").get(service_code=code)
        fact_changes.record(snapshot.page, None, snapshot.document)


def _without_burden():
    return (f"{code}: its burden was not measured" for code in burden.unmeasured())


def connect():
    consistency.register("services.snapshots", store.differences, store.refresh)
    consistency.register("services.log", _different_log, _write_log)
    consistency.register("services.burdens", _without_burden, burden.catch_up)
    pre_delete.connect(
        _is_being_deleted, sender=models.ServicePage, dispatch_uid="egov_services.deleted_snapshot"
    )
    store.snapshot_changed.connect(
        _snapshot_changed, sender=models.ServiceSnapshot, dispatch_uid="egov_services.changes"
    )


def _snapshot_changed(sender, page, before, after, **kwargs):
    fact_changes.record(page, before, after)
    burden.record(page, before, after)


def _is_being_deleted(sender, instance, **kwargs):
    """The snapshot goes with its page; the public log still has to say what was there."""
    instance.deleted_snapshot = (
        models.ServiceSnapshot.objects.filter(page=instance.pk).values_list("document", flat=True).first()
    )
