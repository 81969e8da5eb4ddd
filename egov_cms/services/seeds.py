"""The sections of the catalogue on a new site: the index of services, the events, the code lists."""

from __future__ import annotations

from wagtail.models import Locale

from egov_cms.services.code_lists import section_words, seed_code_lists
from egov_cms.services.models import LifeEvent, LifeEventIndexPage, LifeEventPage, ServiceIndexPage
from egov_cms.site.models import HomePage


def seed(config, homes):
    """Everything that a new site needs of the catalogue. May run again; what editors changed stays."""
    seed_code_lists()
    ensure_sections()


def ensure_sections() -> None:
    """Create the index of services and the pages of events below every home page that lacks them."""
    homes = _source_first(HomePage.objects.all())
    _ensure(ServiceIndexPage, homes, "services", section_words("services"))
    indexes = _ensure(LifeEventIndexPage, homes, "events", section_words("events"))
    for event in LifeEvent.objects.all():
        names = {language: {"title": name} for language, name in event.name.items()}
        _ensure(LifeEventPage, indexes, event.code.replace("_", "-"), names, event=event)


def _source_first(pages):
    source = Locale.get_default()
    return sorted(pages.select_related("locale"), key=lambda page: (page.locale_id != source.pk, page.pk))


def _ensure(model, parents, slug, words, **facts):
    """The pages of one kind below each parent, created and published where missing; the source first."""
    if model is LifeEventPage:
        present = {page.locale_id: page for page in model.objects.filter(**facts)}
    else:
        present = {page.locale_id: page for page in model.objects.all()}
    key = next((page.translation_key for page in present.values()), None)
    for parent in parents:
        language = parent.locale.language_code
        if parent.locale_id in present or language not in words:
            continue
        page = model(slug=slug, locale=parent.locale, live=False, **words[language], **facts)
        page.show_in_menus = model is ServiceIndexPage
        if key is not None:
            page.translation_key = key
        parent.add_child(instance=page)
        if model is ServiceIndexPage:
            # What people come for stands first in the menu.
            page.move(parent, pos="first-child")
            page.refresh_from_db()
        page.save_revision().publish()
        key = page.translation_key
        present[parent.locale_id] = page
    return [present[parent.locale_id] for parent in parents if parent.locale_id in present]
