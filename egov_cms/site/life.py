"""The life of a page with rows of facts is a fact: what happens to its source happens to its translations.

A source page is withdrawn, by hand or by its schedule: its translations are withdrawn. It comes back: those that went with
it come back, in the words that they had. It is deleted: they are deleted. It moves below another page: they move below the
translations of that page. Its expiry is copied with its other facts. A privacy setting on it, or above it, holds for
them too, which is asked when they are read (`SitePageQuerySet.public`, `SitePage.get_view_restrictions`).

Other pages have a life for each language: the editor's confirmation lists their translations.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, PageLogEntry, get_page_models

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import native_name

from .facts import follows_source, source_of
from .gate import GateProblem
from .publication import Events, changed, step, together

Page = page_model()

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
    with together(gate=False):
        for event in events.with_kind("withdrawn", "deleted", "moved", "published"):
            model = event.instance.specific_class if event.model is Page else event.model
            if model is None or not issubclass(model, Page) or not follows_source(model):
                continue
            if "deleted" in event.kinds:
                _delete_translations(model, event)
            elif (page := model._base_manager.filter(pk=event.pk).first()) is not None:
                follow_source(page)


def _delete_translations(model, event):
    others = model._base_manager.filter(translation_key=event.family)
    default = Locale.get_default().pk
    if event.instance.locale_id != default:
        remaining = list(others.values_list("locale_id", "pk"))
        if any(locale == default or pk < event.pk for locale, pk in remaining):
            return
    for page in others:
        page.delete()


def follow_source(source):
    """Do to the translations of a source page what has happened to it."""
    if source.alias_of_id or source_of(source) is not None:
        return
    translations = type(source)._base_manager.filter(
        translation_key=source.translation_key, alias_of__isnull=True
    )
    for page in translations.exclude(pk=source.pk).select_related("locale", "live_revision"):
        if page.live and not source.live:
            _withdraw(page, source)
        elif source.live and not page.live:
            _bring_back(page)
        _move_below_same_page(page, source)


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


def _move_below_same_page(page, source):
    place = source.get_parent()
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
