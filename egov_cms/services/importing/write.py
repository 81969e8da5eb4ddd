"""Plain services into the database: found by code, rows by key, in every language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.adapters.localize import in_translation_editor
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import native_name
from egov_cms.services import models
from egov_cms.services.importing.apply import Applier
from egov_cms.services.importing.check import slug_of
from egov_cms.services.importing.compare import differences, fees, only_words, page_state
from egov_cms.services.importing.held import in_review
from egov_cms.services.importing.known import Known
from egov_cms.services.importing.plain import PlainCatalogue, PlainRecord, PlainService
from egov_cms.services.importing.report import Change, Report
from egov_cms.services.importing.units import Units
from egov_cms.services.importing.valid import page_problems, row_problems
from egov_cms.services.loading.versions import newest, stored
from egov_cms.services.publishing.fee_approval import current_approval
from egov_cms.services.workbook.current import References, described
from egov_cms.site.facts import facts_written
from egov_cms.site.gate import PublishRefused
from egov_cms.site.tree import PagesRefused, insert_pages, save_drafts

Page = page_model()

# Services that are in memory at once, each in every language.
PART = 60


@dataclass
class Written:
    """What happened to one page."""

    page: int
    service_code: str
    action: str
    revision_before: int | None
    revision_after: int | None


@dataclass
class Writer:
    """Writes one catalogue. `written` lists the pages that changed."""

    catalogue: PlainCatalogue
    known: Known
    report: Report
    publish: bool
    user: Any = None
    progress: Any = None
    reason: str = ""
    permitted: Any = None
    written: dict[int, Written] = field(default_factory=dict)
    new: list[tuple[Page, models.ServicePage]] = field(default_factory=list)
    changed: list[models.ServicePage] = field(default_factory=list)

    def run(self):
        self.applier = Applier(self.catalogue, self.known)
        self.units = Units(self.known, self.publish, self.user)
        self.locales = self._source_first()
        self.indexes = self._indexes()
        self._records(models.DocumentType, "document_type", self.catalogue.document_types)
        self._records(models.StepTemplate, "template", self.catalogue.step_types)
        done, total = 0, len(self.catalogue.services)
        for some in _parts(self.catalogue.services):
            self._load(some)
            for service in some:
                self._guarded(service)
                done += 1
                if self.progress:
                    self.progress(done, total, service.code)
            self._flush()
        # Relations point at services of the same file, so they wait until every service exists.
        for some in _parts([service for service in self.catalogue.services if service.rows.get("relations")]):
            self._load(some)
            for service in some:
                self._guarded(service, relations=True)
            self._flush()

    def _load(self, services):
        """Read what the catalogue has of these services: the newest versions, and what waits for an approver."""
        self.present = defaultdict(dict)
        for page in newest(stored(service_code__in=[service.code for service in services])):
            self.present[page.translation_key][page.locale_id] = page
        self.in_review = in_review(page.pk for pages in self.present.values() for page in pages.values())
        self.in_editor = in_translation_editor(self.present)

    def _flush(self):
        if self.report.ok:
            self._insert_new()
            self._save_changed()
        self.new, self.changed = [], []

    def _guarded(self, service, relations=False):
        """Write one service; what the models refuse is reported at its field like everything else."""
        try:
            self._service(service, relations)
        except ValidationError as refused:
            for name, messages in refused.message_dict.items():
                for message in messages:
                    self.report.refuse(service.code, name, message, "invalid", line=service.line)

    def _insert_new(self):
        """Store the pages made so far, all of them or (with what is wrong reported) none."""
        if self.report.dry_run and not self.publish:
            return
        try:
            made = insert_pages(self.new, publish=self.publish, user=self.user, valid=not self.publish)
        except PagesRefused as error:
            for page, refused in error.refused:
                self._refused(page, refused)
        else:
            for page in made:
                self._note_written(page, "created", None, page.latest_revision_id)

    def _note_written(self, page, action, before, after):
        """Remember what happened to a page; what a second pass adds belongs to the first."""
        known = self.written.get(page.pk)
        if known is None:
            self.written[page.pk] = Written(page.pk, page.service_code, action, before, after)
        else:
            known.revision_after = after

    def _source_first(self):
        source = self.known.source
        return [source, *Locale.objects.exclude(pk=source.pk).order_by("pk")]

    def _indexes(self):
        pages = models.ServiceIndexPage.objects.select_related("locale")
        return {page.locale_id: page for page in pages.order_by("-path")}

    # Records

    def _records(self, model, kind, plain: list[PlainRecord]):
        for record in plain:
            current = self.known.get(kind, record.code)
            target = current or model(code=record.code)
            before = _record_state(target)
            # A language that the file leaves out keeps the words that editors gave it.
            target.name = {**target.name, **record.name}
            for name, value in record.facts.items():
                if name == "issuer":
                    target.issuer_unit = self.units.ministry(value) if value else None
                else:
                    setattr(target, name, value)
            if current is None or _record_state(target) != before:
                target.save()
                self.known.remember(kind, record.code, target)

    # Services

    def _service(self, service: PlainService, relations: bool = False):
        source = self.known.get("service", service.code)
        translations = self._translations(source)
        source = translations.get(self.known.source.pk, source)
        if not self._has_its_own_slug(service, source):
            return
        owner_unit = self._owner_unit(service, source)
        stale = not relations and self._is_stale(service, source, translations)
        outcome = "unchanged"
        for locale in self.locales:
            language = locale.language_code
            current = translations.get(locale.pk)
            if current is None and (relations or not self._may_make(service, locale)):
                continue
            page = current or self._new_page(service, locale, source)
            before = page_state(page) if current else {}
            self.applier.apply(page, service, language, owner_unit, source, relations)
            after = page_state(page)
            if current and not self._differs(page, source, before, after):
                continue
            if source is page:
                self._give_reason(page, before, after)
            self._note_changes(service.code, page, source, before, after)
            if not (self._is_permitted(service, language, current) and self._is_open(service, current)):
                continue
            if not self._is_valid(page, source):
                continue
            if (page.translation_key, locale.pk) in self.in_editor:
                message = _(
                    "The translation editor keeps words of this page (%(language)s) and writes them over these."
                )
                self.report.warn(
                    service.code,
                    f"title.{language}",
                    message % {"language": native_name(language)},
                    "translation_editor",
                )
            if current is None:
                self.new.append((self.indexes[locale.pk], page))
                self.present[page.translation_key][locale.pk] = page
            else:
                self.changed.append(page)
            outcome = "changed" if current or outcome == "changed" else "created"
            if source is None:
                source = page
                self.known.remember("service", service.code, page)
        if not relations:
            getattr(self.report, outcome).append(service.code)
        if outcome == "changed" and stale:
            message = _("This service was edited after the workbook was made: look at the differences well.")
            self.report.warn(service.code, "version", message, "edited_since", line=service.line)

    def _is_stale(self, service, source, translations) -> bool:
        """Has the service been edited since it was exported into this file?"""
        if not service.version or source is None or not translations:
            return False
        held = described(
            source, {page.locale.language_code: page for page in translations.values()}, self._names
        )
        return held.version != service.version

    @cached_property
    def _names(self):
        return References()

    def _give_reason(self, page, before, after):
        """A changed fee of a published service needs a reason: the service's own, else the one of the import."""
        if page.first_published_at is None or fees(before) == fees(after):
            return
        if not page.change_reason:
            # Given when the differences were confirmed, so it is none of them.
            page.change_reason = self.reason
        if not page.change_reason and not current_approval():
            self.report.needs_reason.append(page.service_code)
            message = _("A fee changes: say why, before it is published by a second person.")
            self.report.warn(page.service_code, "change_reason", message, "fee_reason")

    def _is_permitted(self, service, language, current) -> bool:
        if self.permitted is None or (language in self.permitted and (current or self.permitted[language])):
            return True
        message = _("You may not change services in this language (%(language)s).") % {
            "language": native_name(language)
        }
        self.report.refuse(service.code, "", message, "permission", line=service.line)
        return False

    def _differs(self, page, source, before, after) -> bool:
        if self.publish and self._unpublished(page):
            return True
        if source is page or source is None or self.publish:
            return before != after
        # Facts reach a translation when its source is published: a draft that holds nothing else is none.
        return only_words(before) != only_words(after)

    def _may_make(self, service, locale) -> bool:
        """Is there what a page in this language needs?"""
        language = locale.language_code
        if service.words.get("title", {}).get(language) and locale.pk in self.indexes:
            return True
        said = any(words.get(language) for words in service.words.values())
        if said or not self.catalogue.complete:
            message = _("There is no title in this language; the page was not made.")
            field_name = f"title.{language}"
            self.report.warn(service.code, field_name, message, "untranslated", line=service.line)
        return False

    def _is_open(self, service, page) -> bool:
        """Refuse to change a page that is locked or waits for an approver."""
        if page is None:
            return True
        if page.locked and (self.user is None or page.locked_by_id != self.user.pk):
            message = _("The page is locked (%(language)s).")
        elif page.pk in self.in_review:
            message = _("The page waits for approval (%(language)s); have it approved or sent back first.")
        else:
            return True
        message %= {"language": native_name(page.locale.language_code)}
        self.report.refuse(service.code, "", message, "locked", line=service.line)
        return False

    def _has_its_own_slug(self, service, source) -> bool:
        if source is None or not self.catalogue.complete or service.slug in ("", source.slug):
            return True
        message = _("The address of a service that exists is changed in the admin.")
        self.report.refuse(service.code, "slug", message, "slug_fixed", service.slug, service.line)
        return False

    def _owner_unit(self, service, source):
        """The unit that the file names; None where it says nothing of it."""
        if not self.catalogue.complete:
            return self.units.find(service.ministry, service.unit)
        if not service.ministry and not service.unit_name:
            if source is None:
                self.report.refuse(service.code, "ministry", _("The ministry is missing."), "missing")
            return None
        found = self.known.units(service.ministry, service.unit_name)
        if not found and not service.unit_name:
            return self.units.ministry(service.ministry)
        present = source.owner_unit_id if source is not None else None
        if len(found) > 1 and present not in {unit.pk for unit in found}:
            message = _("Several units are called “%(name)s”; write the code of one.")
            message %= {"name": service.unit_name}
            self.report.refuse(service.code, "unit", message, "ambiguous", service.unit_name, service.line)
        return next((unit for unit in found if unit.pk == present), found[0])

    def _translations(self, source):
        return self.present[source.translation_key] if source is not None else {}

    def _unpublished(self, page):
        return not page.live or page.has_unpublished_changes

    def _new_page(self, service, locale, source):
        page = models.ServicePage(locale=locale, live=False, service_code=service.code)
        page.title = service.words["title"][locale.language_code]
        if source is not None:
            page.translation_key = source.translation_key
        page.slug = source.slug if source is not None else self._free_slug(service)
        return page

    def _free_slug(self, service):
        wanted = slug_of(service)
        if wanted in self._slugs:
            wanted = f"{wanted[:60]}-{service.code.lower()}"
        self._slugs.add(wanted)
        return wanted

    @cached_property
    def _slugs(self) -> set[str]:
        """The addresses that are taken in any language."""
        below = Q()
        for index in self.indexes.values():
            below |= Q(path__startswith=index.path, depth=index.depth + 1)
        return set(Page.objects.filter(below).values_list("slug", flat=True)) if self.indexes else set()

    def _note_changes(self, code, page, source, before, after):
        language = page.locale.language_code
        if page.pk is None and before:
            return
        if not before:
            # What a new page holds is what the file says; its title is enough to recognise it.
            self.report.changes.append(Change(code, "title", language, None, page.title))
            return
        if not (self.publish or source is None or source is page):
            before, after = only_words(before), only_words(after)
            after = {**dict.fromkeys(before, ""), **after}
        for name, was, now in differences(before, after):
            change = Change(
                code, name, language, self.known.readable(name, was), self.known.readable(name, now)
            )
            self.report.changes.append(change)

    def _is_valid(self, page, source) -> bool:
        """Ask the models about what is written: the page in every language, rows once, in the source language."""
        problems = page_problems(page)
        if source is None or source is page:
            problems += row_problems(page)
        language = page.locale.language_code
        for name, message, code in problems:
            name = f"{name}.{language}" if name in page.word_fields else name
            self.report.refuse(page.service_code, name, message, code)
        return not problems

    def _save_changed(self):
        """Store the changed pages: drafts together, publications one by one, because each is announced."""
        pages, self.changed = self.changed, []
        if self.report.dry_run and not self.publish:
            return
        if not self.publish:
            for page, was, revision in save_drafts(pages, user=self.user):
                self._note_written(page, "changed", was, revision.pk)
            return
        for page in pages:
            revision_before = page.latest_revision_id
            if not page.live:
                page.save(clean=False)
            revision = page.save_revision(user=self.user, log_action=True)
            self._note_written(page, "changed", revision_before, revision.pk)
            try:
                with facts_written():
                    revision.publish(user=self.user)
            except PublishRefused as refused:
                self._refused(page, refused)

    def _refused(self, page, refused: ValidationError):
        """Report what a page met at its fields, with the language of the page."""
        language = page.locale.language_code
        for name, errors in refused.error_dict.items():
            for error in errors:
                for message in error.messages:
                    code = error.code or "invalid"
                    place = self.report.place_of(page.service_code, f"{name}.{language}")
                    self.report.refuse(page.service_code, f"{name} ({language})", message, code, place=place)


def _record_state(record):
    columns = [column.attname for column in record._meta.concrete_fields if not column.primary_key]
    return {name: getattr(record, name) for name in columns}


def _parts(services):
    return (services[start : start + PART] for start in range(0, len(services), PART))
