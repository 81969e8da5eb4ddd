"""Plain services into the database: found by code, rows by key, in every language."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from egov_cms.services import models
from egov_cms.services.importing.check import ROW_CODES, slug_of
from egov_cms.services.importing.known import Known
from egov_cms.services.importing.plain import PlainCatalogue, PlainRecord, PlainService
from egov_cms.services.importing.report import Change, Report
from egov_cms.services.importing.tree import PagesRefused, insert_pages
from egov_cms.services.importing.units import Units
from egov_cms.services.models.service import ROWS
from egov_cms.services.reading import load_rows
from egov_cms.site.facts import facts_written
from egov_cms.site.gate import PublishRefused
from egov_cms.site.models import LegalReference

ROW_NAMESPACE = uuid.UUID("6d0e5a52-2f8c-5d6f-9e0a-0c1b1d2e3f40")
BATCH = 200
MANY = ("audiences", "life_events", "coverage")


@dataclass
class Written:
    """What happened to one page."""

    page: models.ServicePage
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
    written: list[Written] = field(default_factory=list)
    new: list[tuple[Page, models.ServicePage]] = field(default_factory=list)

    def run(self):
        self.units = Units(self.known, self.publish, self.user)
        self.locales = self._source_first()
        self.indexes = self._indexes()
        self._records(models.DocumentType, "document_type", self.catalogue.document_types)
        self._records(models.StepTemplate, "template", self.catalogue.step_types)
        for position, service in enumerate(self.catalogue.services, 1):
            self._guarded(service)
            if len(self.new) >= BATCH:
                self._insert_new()
            if self.progress:
                self.progress(position, len(self.catalogue.services), service.code)
        self._insert_new()
        # Relations point at services of the same file, so they wait until every service exists.
        for service in self.catalogue.services:
            if service.rows.get("relations"):
                self._guarded(service, relations=True)

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
        try:
            made = insert_pages(self.new, publish=self.publish, user=self.user)
        except PagesRefused as error:
            for page, refused in error.refused:
                self._refused(page, refused)
        else:
            for page in made:
                self.written.append(Written(page, "created", None, page.latest_revision_id))
        self.new = []

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

    def _law(self, given: dict):
        law = self.known.law(given)
        if law is None:
            law = LegalReference(
                kind=given["kind"], number=given["number"], year=given["year"], title=given["title"]
            )
            law.save()
            self.known.laws.append(law)
        return law

    # Services

    def _service(self, service: PlainService, relations: bool = False):
        source = self.known.get("service", service.code)
        translations = self._translations(source)
        source = translations.get(self.known.source.pk, source)
        owner_unit = self.units.find(service.ministry, service.unit)
        outcome = "unchanged"
        for locale in self.locales:
            language = locale.language_code
            title = service.words.get("title", {}).get(language)
            current = translations.get(locale.pk)
            if current is None and (not title or locale.pk not in self.indexes):
                self.report.warn(
                    service.code,
                    f"title.{language}",
                    _("There is no title in this language; the page was not made."),
                    "untranslated",
                    line=service.line,
                )
                continue
            page = current or self._new_page(service, locale, source)
            before = page_state(page) if current else {}
            self._apply(page, service, language, owner_unit, source, relations)
            after = page_state(page)
            if current and before == after and not (self.publish and self._unpublished(page)):
                continue
            self._note_changes(service.code, language, before, after)
            if current is None:
                self.new.append((self.indexes[locale.pk], page))
            else:
                self._save(page)
            outcome = "changed" if current or outcome == "changed" else "created"
            if source is None:
                source = page
                self.known.remember("service", service.code, page)
        if not relations:
            getattr(self.report, outcome).append(service.code)

    @cached_property
    def _present(self):
        """Translation key → locale → the newest version of a page, for the services of the file that exist."""
        codes = [service.code for service in self.catalogue.services]
        pages = models.ServicePage.objects.filter(service_code__in=codes).select_related("latest_revision")
        present = defaultdict(dict)
        for page in pages:
            present[page.translation_key][page.locale_id] = _newest(page)
        load_rows(page for pages in present.values() for page in pages.values())
        return present

    def _translations(self, source):
        return self._present[source.translation_key] if source is not None else {}

    def _unpublished(self, page):
        return not page.live or page.has_unpublished_changes

    def _new_page(self, service, locale, source):
        page = models.ServicePage(locale=locale, live=False, service_code=service.code)
        page.title = service.words["title"][locale.language_code]
        if source is not None:
            page.translation_key = source.translation_key
        page.slug = source.slug if source is not None else self._free_slug(service, locale)
        return page

    def _free_slug(self, service, locale):
        wanted = slug_of(service)
        parents = list(self.indexes.values())
        if all(Page._slug_is_available(wanted, parent) for parent in parents):
            return wanted
        return f"{wanted[:60]}-{service.code.lower()}"

    def _apply(self, page, service, language, owner_unit, source, relations):
        for name, words in service.words.items():
            if language in words:
                setattr(page, name, words[language])
        page.owner_unit = owner_unit
        for name, value in service.facts.items():
            if name in MANY:
                getattr(page, name).set([self.known.get(name, code) for code in value])
            elif name == "category":
                page.category = self.known.get(name, value)
            else:
                setattr(page, name, value)
        for relation, rows in service.rows.items():
            if relation != "relations" or relations:
                self._apply_rows(page, relation, rows, language, source)
        if self.catalogue.sample:
            page.not_applicable = {**sample_answers(page), **page.not_applicable}

    def _apply_rows(self, page, relation, plain_rows, language, source):
        model = ROWS[relation]
        manager = getattr(page, relation)
        present = {row.key: row for row in manager.all()}
        keys = {}
        if source is not None and source is not page:
            keys = {row.key: row.translation_key for row in getattr(source, relation).all()}
        rows = []
        for position, plain in enumerate(plain_rows):
            row = present.get(plain.key) or model(key=plain.key)
            if row.pk is None and plain.key not in present:
                name = f"{page.translation_key}/{relation}/{plain.key}"
                row.translation_key = keys.get(plain.key) or uuid.uuid5(ROW_NAMESPACE, name)
            row.locale_id = page.locale_id
            row.sort_order = position
            self._apply_facts(row, relation, plain)
            for name, words in plain.words.items():
                if language in words:
                    setattr(row, name, words[language])
            rows.append(row)
        manager.set(rows)

    def _apply_facts(self, row, relation, plain):
        template = self.known.get("template", plain.facts.get("template", ""))
        for name, value in plain.facts.items():
            kind = ROW_CODES.get((relation, name))
            if kind:
                value = self.known.get(kind, value)
            elif name in ("reference", "legal"):
                value = self._law(value) if value else None
            elif name == "percent" and value is not None:
                value = Decimal(value)
            elif name in ("valid_from", "valid_to") and value:
                value = datetime.date.fromisoformat(value)
            elif value is None and relation == "steps" and name not in ("template",):
                value = getattr(template, name) if template else row._meta.get_field(name).get_default()
            setattr(row, name, value)

    def _note_changes(self, code, language, before, after):
        for name in after:
            if before.get(name) != after[name]:
                change = Change(code, name, language, before.get(name), after[name])
                self.report.changes.append(change)

    def _save(self, page):
        revision_before = page.latest_revision_id
        if not page.live:
            page.save(clean=False)
        revision = page.save_revision(user=self.user, log_action=True)
        self.written.append(Written(page, "changed", revision_before, revision.pk))
        if not self.publish:
            return
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
                    self.report.refuse(page.service_code, f"{name} ({language})", message, code)


def _newest(page):
    """The version that editors see: the latest draft, or the row itself where nothing waits."""
    return page.get_latest_revision_as_object() if page.has_unpublished_changes and page.live else page


def _record_state(record):
    columns = [column.attname for column in record._meta.concrete_fields if not column.primary_key]
    return {name: getattr(record, name) for name in columns}


def page_state(page) -> dict[str, Any]:
    """Words and facts of a page as plain values, for comparing: `fees.F1.amount_minor` → 5000."""
    state: dict[str, Any] = {"slug": page.slug}
    for name in (*page.word_fields, *page.fact_fields):
        if name == "body":
            continue
        model_field = page._meta.get_field(name)
        if model_field.many_to_many:
            state[name] = sorted(record.pk for record in getattr(page, name).all())
        else:
            state[name] = getattr(page, model_field.attname)
    for relation, model in ROWS.items():
        for row in getattr(page, relation).all():
            for name in (*model.fact_fields, *model.word_fields):
                value = getattr(row, row._meta.get_field(name).attname)
                state[f"{relation}.{row.key}.{name}"] = value
            state[f"{relation}.{row.key}.sort_order"] = row.sort_order
    return {name: _plain(value) for name, value in state.items()}


def _plain(value):
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.date | uuid.UUID):
        return str(value)
    return value


def sample_answers(page) -> dict[str, str]:
    """Reasons that stand in for what an illustrative file cannot know: owners, addresses, offices."""
    reason = str(_("Illustrative sample data: not known yet."))
    answers = {}
    if not (page.content_owner_id or page.owner_email) or not page.backup_owner_id:
        answers["owner"] = reason
    kinds = {channel.kind for channel in page.channels.all()}
    if not any(channel.url for channel in page.channels.all()):
        answers["online_address"] = reason
    if kinds & {"office", "mission", "mobile_unit"}:
        answers["offices"] = reason
    return answers
