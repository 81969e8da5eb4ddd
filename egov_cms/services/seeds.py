"""The sections of the catalogue on a new site: the index of services, the events, the code lists."""

from __future__ import annotations

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.services.code_lists import section_words, seed_code_lists
from egov_cms.services.models import LifeEvent, LifeEventIndexPage, LifeEventPage, ServiceIndexPage
from egov_cms.site.models import HomePage
from egov_cms.site.seed import add_pages

Page = page_model()


def seed(config, homes):
    """Create the initial catalogue of a new site. Can run again; existing pages and records are not changed."""
    seed_code_lists()
    ensure_sections()


def ensure_sections() -> None:
    """Create the index of services and the pages of events below every home page that lacks them."""
    homes = HomePage.objects.select_related("locale")
    catalogue = _missing(ServiceIndexPage, homes, "services", section_words("services"))
    for _home, index in catalogue:
        index.show_in_menus = True
    add_pages(catalogue)
    for home, index in catalogue:
        # Services come first in the menu.
        Page.objects.get(pk=index.pk).move(Page.objects.get(pk=home.pk), pos="first-child")
    add_pages(_missing(LifeEventIndexPage, homes, "events", section_words("events")))
    indexes = LifeEventIndexPage.objects.select_related("locale")
    events = []
    for event in LifeEvent.objects.all():
        names = {language: {"title": name} for language, name in event.name.items()}
        events += _missing(LifeEventPage, indexes, event.code.replace("_", "-"), names, event=event)
    add_pages(events)


def _missing(model, parents, slug, texts, **facts) -> list[tuple[Page, Page]]:
    """(parent, new page) for every parent without a page of this type, with these facts, in its language."""
    keys = dict(model.objects.filter(**facts).values_list("locale", "translation_key"))
    shared = {"translation_key": next(iter(keys.values()))} if keys else {}
    new = []
    for parent in parents:
        if parent.locale_id in keys or parent.locale.language_code not in texts:
            continue
        page = model(slug=slug, locale=parent.locale, **texts[parent.locale.language_code], **facts, **shared)
        shared = {"translation_key": page.translation_key}
        new.append((parent, page))
    return new
