"""The life of a page with rows of facts is a fact: what happens to its source happens to its translations.

A source page is withdrawn, by hand or by its schedule: its translations are withdrawn. It comes back: those that went with
it come back, in the words that they had. It is deleted: they are deleted. It moves below another page: they move below the
translations of that page. Its expiry is copied with its other facts. A privacy setting on it, or above it, holds for
them too, which is asked when they are read (`SitePageQuerySet.public`, `SitePage.get_view_restrictions`).

Other pages have a life for each language: the editor's confirmation lists their translations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, get_page_models

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import native_name

from .facts import follows_source, source_among, source_of
from .gate import GateProblem
from .publication import Events, changed, step, together

Page = page_model()

AT_ONCE = 200
WITHDRAWN_WITH_SOURCE = "egov.withdrawn_with_source"
PUBLISHED_WITH_SOURCE = "egov.published_with_source"
# What ended or began the public life of a page last.
_ENDS_WITH_SOURCE = (WITHDRAWN_WITH_SOURCE, "wagtail.unpublish.scheduled")
_BEGINS = ("wagtail.publish", "wagtail.publish.scheduled", PUBLISHED_WITH_SOURCE)
_LIFE = (*_BEGINS, *_ENDS_WITH_SOURCE, "wagtail.unpublish", "wagtail.create", "wagtail.copy")


@step("gate", "site.life")
def _source_is_public(page) -> Iterator[GateProblem]:
    if page.pk is None or not follows_source(type(page)):
        return
    source = source_of(page)
    if source is not None and not source.live:
        message = _("The page in %(language)s is not public. Publish it first: this one follows it.")
        message %= {"language": native_name(source.locale.language_code)}
        yield GateProblem("", message, "source_not_public")


@step("facts", "site.life")
def _follow_sources(events: Events):
    noted: dict[type, dict] = defaultdict(dict)
    for event in events.of(Page).with_kind("withdrawn", "deleted", "moved", "published"):
        model = event.instance.specific_class if event.model is Page else event.model
        if model is not None and follows_source(model):
            noted[model][event.pk] = event
    with together(gate=False):
        for model, own in noted.items():
            for event in own.values():
                if "deleted" in event.kinds:
                    _delete_translations(model, event)
            for family in families(model, {event.family for event in own.values()}):
                source = source_among(family)
                if (event := own.get(source.pk)) is not None:
                    follow_source(source, family, moved="moved" in event.kinds)


def families(model, translation_keys=None) -> Iterator[list]:
    """The pages of a type that are translations of each other, together; without aliases. One query for every few hundred.

    translation_keys: those of the wanted families; None for all.
    """
    pages = (
        model._base_manager.filter(alias_of=None).select_related("locale").order_by("translation_key", "pk")
    )
    if translation_keys is None:
        keys = pages.order_by("translation_key").values_list("translation_key", flat=True).distinct()
        translation_keys = list(keys)
    wanted = sorted(translation_keys)
    for start in range(0, len(wanted), AT_ONCE):
        some = pages.filter(translation_key__in=wanted[start : start + AT_ONCE])
        for _key, family in groupby(some, key=lambda page: page.translation_key):
            yield list(family)


def _delete_translations(model, event):
    others = list(model._base_manager.filter(translation_key=event.family))
    # The deleted page counts as it was: Django has taken its key away.
    gone = model(pk=event.pk, locale_id=event.instance.locale_id)
    if others and source_among([gone, *others]) is gone:
        for page in others:
            page.delete()


def follow_source(source, family, moved=False):
    """Do to the translations of a source page what has happened to it. `family`: all of its languages, itself included."""
    for page in family:
        if page is source:
            continue
        if page.live and not source.live:
            _withdraw(page, source)
        elif source.live and not page.live:
            _bring_back(page)
    if moved:
        place = source.get_parent()
        for page in family:
            if page is not source:
                _move_below(page, place)


def _withdraw(page, source):
    revision = page.live_revision
    page.unpublish(set_expired=source.expired, log_action=False)
    log(instance=page, action=WITHDRAWN_WITH_SOURCE, revision=revision)


def _bring_back(page):
    """Publish what was public until the source was withdrawn, unless somebody decided something else since."""
    entries = PageLogEntry.objects.filter(page=page.pk).order_by("-timestamp", "-pk")
    last = entries.filter(action__in=_LIFE).first()
    if last is None or last.action not in _ENDS_WITH_SOURCE:
        return
    shown = entries.filter(action__in=_BEGINS, revision__isnull=False).select_related("revision").first()
    revision = last.revision or (shown and shown.revision)
    if revision is not None:
        revision.publish(log_action=PUBLISHED_WITH_SOURCE)


def _move_below(page, place):
    goal = Page.objects.filter(translation_key=place.translation_key, locale_id=page.locale_id).first()
    if goal is not None and not page.is_child_of(goal):
        page.move(goal, pos="last-child")


@step("facts", "site.descendants")
def _note_descendants(events: Events):
    """Below a page that was moved, protected or opened every page has another address, or other readers."""
    paths = Page.objects.filter(
        pk__in=[event.pk for event in events.of(Page).with_kind("moved", "restricted")]
    )
    for top in paths:
        below = top.get_descendants(inclusive=True)
        keys = below.filter(content_type__in=_types_with_facts()).values("translation_key")
        for page in (below | Page.objects.filter(translation_key__in=keys)).distinct().specific().iterator():
            if page.pk != top.pk:
                changed(page, "saved")


def _types_with_facts() -> list[ContentType]:
    models = [model for model in get_page_models() if follows_source(model)]
    return list(ContentType.objects.get_for_models(*models).values())
