"""Which services show a record, a unit or another service: what is renewed when that changes.

    families_depending_on(office)     # translation keys of the services whose snapshots are made of it
    renew_depending_on(office)        # renews those snapshots, and no others
    naming([service.translation_key]) # translation keys of the services whose pages name this one

What depends is found by the keys of the rows, and for offices by the rules of the channels, before and after the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from django.db.models import ForeignKey, Q
from django.db.models.signals import pre_delete, pre_save

from egov_cms.adapters.django import collect_on_commit
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.services import models
from egov_cms.services.snapshots import store, tasks
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage

Page = page_model()

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
SOURCES = (*RECORDS, OrganisationUnitPage, models.ServiceIndexPage)
# So many snapshots are renewed in the transaction of the change; more are renewed by a task after it.
MOST_AT_ONCE = 100


def families_depending_on(instance) -> set[UUID] | None:
    """The translation keys of the services whose snapshots are made of this object; None: of all.

    For an object that was saved or deleted also those that were made of it before.
    """
    if isinstance(instance, Governorate | models.ServiceIndexPage):
        # Of every office there; of the address of every service.
        return None
    before = getattr(instance, "depending_before", set())
    if isinstance(instance, Page):
        found = _naming_units(instance)
    else:
        found = _naming(type(instance), [instance.pk]) | (
            _with_office(instance) if isinstance(instance, Office) else set()
        )
    return found | before


def _naming(model, keys) -> set[UUID]:
    """The services that name one of these rows of a model, themselves or in a row."""
    keys = [key for key in keys if key is not None]
    if not keys:
        return set()
    own = [
        models.ServicePage.objects.filter(**{f"{field.name}__in": keys}).values_list(
            "translation_key", flat=True
        )
        for field in models.ServicePage._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is model and not field.auto_created
    ]
    rows = [
        row.objects.filter(**{f"{field.name}__in": keys}).values_list("page__translation_key", flat=True)
        for row in models.ROWS.values()
        for field in row._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is model and field.name != "page"
    ]
    return set(chain.from_iterable(each.order_by() for each in (*own, *rows)))


def _naming_units(unit) -> set[UUID]:
    """The services of a unit and of the units below it, and those that require what these issue."""
    family = Page.objects.filter(translation_key=unit.translation_key).values_list("path", flat=True)
    below = Q(translation_key=unit.translation_key)
    for path in {unit.path, *family}:
        below |= Q(path__startswith=path)
    units = list(OrganisationUnitPage.objects.filter(below).values_list("pk", flat=True))
    issued = models.DocumentType.objects.filter(issuer_unit__in=units).values_list("pk", flat=True)
    return _naming(OrganisationUnitPage, units) | _naming(models.DocumentType, list(issued))


def _with_office(office) -> set[UUID]:
    """The services whose channels mean this office without naming it."""
    rules = Q(channels__offices_rule="kind", channels__office_kind=office.kind)
    if office.unit_id:
        unit = Page.objects.filter(pk=office.unit_id).values("translation_key")
        rules |= Q(channels__offices_rule__in=["unit", "listed"], owner_unit__translation_key__in=unit)
    services = models.ServicePage.objects.filter(rules)
    return set(services.order_by().values_list("translation_key", flat=True))


def renew_depending_on(*instances) -> None:
    """Renew the snapshots that are made of these objects.

    A few of them, and all that show what is no longer public, in this transaction; else by a task after its commit.
    """
    found = [families_depending_on(instance) for instance in instances]
    keys = None if None in found else set().union(*found)
    if keys is not None and not keys:
        return
    hidden = any(_is_hidden(instance) for instance in instances)
    if hidden or (keys is not None and len(keys) <= MOST_AT_ONCE):
        store.refresh(None if keys is None else sorted(keys))
    else:
        collect_on_commit(_renew_later, keys)


def _is_hidden(instance) -> bool:
    if instance.pk is None:
        return True
    shown = getattr(type(instance).objects.all(), "public", type(instance).objects.all)()
    return not shown.filter(pk=instance.pk).exists()


def _renew_later(found):
    keys = None if None in found else sorted(str(key) for key in set().union(*found))
    tasks.renew.enqueue(keys)


def naming(keys: Iterable[UUID]) -> set[UUID]:
    """The services that name one of these services: as related, or because it issues what they require."""
    pages = models.ServicePage.objects.filter(translation_key__in=list(keys))
    pages = list(pages.values_list("pk", flat=True))
    if not pages:
        return set()
    issued = list(models.DocumentType.objects.filter(issuing_service__in=pages).values_list("pk", flat=True))
    return _naming(models.DocumentType, issued) | _naming(models.ServicePage, pages)


def connect():
    for model in SOURCES:
        pre_save.connect(_remember, sender=model, dispatch_uid="egov_services.depending_before")
    for model in (*SOURCES, models.ServicePage):
        pre_delete.connect(_remember_all, sender=model, dispatch_uid="egov_services.depending_before")


def _remember(sender, instance, raw=False, **_signal):
    # Where an office belonged before, and what it was.
    if raw or sender is not Office or instance.pk is None:
        return
    if (stored := Office.objects.filter(pk=instance.pk).only("kind", "unit_id").first()) is not None:
        instance.depending_before = getattr(instance, "depending_before", set()) | _with_office(stored)


def _remember_all(sender, instance, **_signal):
    is_service = sender is models.ServicePage
    found = naming([instance.translation_key]) if is_service else families_depending_on(instance)
    instance.depending_before = found or set()


def of(events) -> Iterable:
    """The objects among these events whose changes the public may see in snapshots of services.

    A draft of a page that was never public says only that it was saved.
    """
    for event in events.of(*SOURCES):
        if event.kinds != {"saved"} or getattr(event.instance, "live", True):
            yield event.instance
