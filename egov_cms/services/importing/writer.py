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
from egov_cms.exchange.report import Report
from egov_cms.language import native_name
from egov_cms.services import models
from egov_cms.services.importing.change_labels import ChangeLabels
from egov_cms.services.importing.checks import slug_of
from egov_cms.services.importing.organisation_units import OrganisationUnits
from egov_cms.services.importing.page_content import PageContent
from egov_cms.services.importing.page_states import differences, fees, only_words, page_state
from egov_cms.services.importing.plain import PlainCatalogue, PlainRecord, PlainService
from egov_cms.services.importing.references import CodesByRecord, RecordsByCode
from egov_cms.services.importing.stored_services import (
    PART,
    in_review,
    latest_versions,
    plain_service,
)
from egov_cms.services.importing.validation import page_problems, row_problems
from egov_cms.services.loading.versions import stored_pages
from egov_cms.services.publishing.fee_approval import approve_revision, changed_fees
from egov_cms.site.approval import ApprovalRefused
from egov_cms.site.gate import PublishRefused
from egov_cms.site.publication import together
from egov_cms.site.tree import PagesRefused, insert_pages, save_drafts

Page = page_model()


@dataclass
class Written:
    """What was done to one page."""

    page: models.ServicePage
    action: str
    revision_before: int | None
    revision_after: int | None


@dataclass
class Writer:
    """Writes one catalogue. `written` lists the pages that changed.

    permitted: language in which the user may write → may services be added there? None: everywhere. approved_by: the second
    person, who answers for changed fees; a check without one asks everything else of the gate.
    """

    catalogue: PlainCatalogue
    records: RecordsByCode
    report: Report
    publish: bool
    user: Any = None
    progress: Any = None
    reason: str = ""
    permitted: Any = None
    approved_by: Any = None
    written: dict[int, Written] = field(default_factory=dict)
    new: list[tuple[Page, models.ServicePage]] = field(default_factory=list)
    changed: list[models.ServicePage] = field(default_factory=list)

    def run(self):
        self.content = PageContent(self.catalogue, self.records)
        self.labels = ChangeLabels(self.records)
        self.units = OrganisationUnits(self.records, self.publish, self.user)
        self.locales = self._source_first()
        self.indexes = self._indexes()
        self._store_records(models.DocumentType, "document_type", self.catalogue.document_types)
        self._store_records(models.StepTemplate, "template", self.catalogue.step_types)
        services = [service for service in self.catalogue.services if service.is_readable]
        done = 0
        for some in _parts(services):
            self._load(some)
            for service in some:
                self._guarded(service)
                done += 1
                if self.progress:
                    self.progress(done, len(services), service.code)
            self._flush()
        # Relations point at services of the same file, so they wait until every service exists.
        for some in _parts([service for service in services if service.rows.get("relations")]):
            self._load(some)
            for service in some:
                self._guarded(service, relations=True)
            self._flush()

    def _store_records(self, model, kind, plain: list[PlainRecord]):
        for record in plain:
            facts = dict(record.facts)
            issuer = facts.pop("issuer", "")
            if issuer and self.records.has("ministry", issuer):
                facts["issuer_unit"] = self.units.ministry(issuer)
            elif model is models.DocumentType:
                facts["issuer_unit"] = None
            self.records.store(model, kind, record, facts)

    def _load(self, services):
        """Read the latest versions of these services, and which of their pages wait for an approver."""
        self.present = defaultdict(dict)
        for pages in latest_versions(stored_pages(service_code__in=[service.code for service in services])):
            for page in pages.values():
                self.present[page.translation_key][page.locale_id] = page
        self.in_review = in_review(page.pk for pages in self.present.values() for page in pages.values())
        self.in_translation_editor = in_translation_editor(self.present)

    @property
    def _stores(self) -> bool:
        """Are pages stored? Not to check drafts; for the publish gate always, which needs stored pages."""
        return self.publish or (self.report.ok and not self.report.dry_run)

    def _flush(self):
        if self._stores:
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
                    self._refuse(service, "invalid", message, name)

    def _refuse(self, service, code, message, name="", value=""):
        """Report an error once, unless the value of that field was refused already when the file was read."""
        self._problems += 1
        if (name, message) not in self._reported and not service.is_refused(name):
            self.report.error(code, message, item=service.code, field=name, value=value)
        self._reported.add((name, message))

    def _insert_new(self):
        """Store the pages made so far, all of them or (with what is wrong reported) none."""
        again = set()
        if self.publish:
            # Another page was public under its code or address, with other fees: it is published like a changed one.
            again = {page.translation_key for _parent, page in self.new if changed_fees(page)}
        for publish, some in (
            (self.publish, [pair for pair in self.new if pair[1].translation_key not in again]),
            (False, [pair for pair in self.new if pair[1].translation_key in again]),
        ):
            try:
                made = insert_pages(some, publish=publish, user=self.user, valid=not self.publish)
            except PagesRefused as error:
                for page, refused in error.refused:
                    self._refused_by_gate(page, refused)
                continue
            for page in made:
                self._note_written(page, "created", None, page.latest_revision_id)
            if not publish and again:
                self.changed += made

    def _note_written(self, page, action, before, after):
        """Remember what was done to a page; what a second pass adds belongs to the first."""
        earlier = self.written.get(page.pk)
        if earlier is None:
            self.written[page.pk] = Written(page, action, before, after)
        else:
            earlier.revision_after = after

    def _source_first(self):
        source = self.records.source
        return [source, *Locale.objects.exclude(pk=source.pk).order_by("pk")]

    def _indexes(self):
        pages = models.ServiceIndexPage.objects.select_related("locale")
        return {page.locale_id: page for page in pages.order_by("-path")}

    def _service(self, service: PlainService, relations: bool = False):
        self._reported, self._problems = set(), 0
        source = self.records.get("service", service.code)
        translations = self.present[source.translation_key] if source is not None else {}
        source = translations.get(self.records.source.pk, source)
        self._check_slug(service, source)
        owner_unit = self._owner_unit(service, source)
        is_stale = not relations and self._is_stale(service, source, translations)
        outcome = "unchanged"
        for locale in self.locales:
            current = translations.get(locale.pk)
            if current is None and (relations or not self._may_make(service, locale)):
                continue
            page = current or self._new_page(service, locale, source)
            before = self._state_before(current) if current else {}
            self.content.apply(page, service, locale.language_code, owner_unit, source, relations)
            if source is None:
                source = page
                self.records.remember("service", service.code, page)
            if self._take_page(service, page, current, source, before):
                outcome = "changed" if current or outcome == "changed" else "created"
        if not relations:
            self.report.count(outcome, service.code)
        if outcome == "changed" and is_stale:
            message = _("This service was edited after the workbook was made: look at the differences well.")
            self.report.warn("edited_since", message, item=service.code, field="version")

    def _take_page(self, service, page, current, source, before) -> bool:
        """Note what changes on a page and prepare it for storage; is there anything to store?"""
        language, after = page.locale.language_code, page_state(page)
        if current and not self._differs(page, source, before, after):
            return False
        if source is page and current:
            self._give_reason(page, before, after)
        is_new = self.publish and current and not current.live
        self._note_changes(service.code, page, source, {} if is_new else before, after)
        problems = self._problems
        self._check_permission(service, language, current)
        self._check_open(service, current)
        self._check_valid(service, page, source)
        if self._problems != problems:
            return False
        self._warn_of_translation_editor(service, page)
        if self._was_refused(service):
            return True
        if current is None:
            self.new.append((self.indexes[page.locale_id], page))
            self.present[page.translation_key][page.locale_id] = page
        else:
            self.changed.append(page)
        return True

    def _state_before(self, page):
        """What the file is compared with: what is public where it is to be published, else the latest version."""
        if self.publish and page.live and page.has_unpublished_changes:
            page = models.ServicePage.objects.get(pk=page.pk)
        return page_state(page)

    def _was_refused(self, service) -> bool:
        """Lacks the service values that could not be read? Then it is checked, but not stored."""
        return bool(service.refused) or any(row.refused for rows in service.rows.values() for row in rows)

    def _is_stale(self, service, source, translations) -> bool:
        """Has the service been edited since it was exported into this file?"""
        if not service.version or source is None or not translations:
            return False
        current = plain_service(source, translations.values(), self._record_codes)
        return current.version != service.version

    @cached_property
    def _record_codes(self):
        return CodesByRecord()

    def _give_reason(self, page, before, after):
        """A changed fee of a published service needs a reason: the service's own, else the one of the import."""
        if page.first_published_at is None or fees(before) == fees(after):
            return
        if not page.change_reason:
            # Given when the differences were confirmed, so it is none of them.
            page.change_reason = self.reason
        if not page.change_reason and not self.approved_by:
            self.report.ask_reason(page.service_code)
            message = _("A fee changes: say why, before it is published by a second person.")
            self.report.warn("fee_reason", message, item=page.service_code, field="change_reason")

    def _check_permission(self, service, language, current):
        if self.permitted is None or (language in self.permitted and (current or self.permitted[language])):
            return
        message = _("You may not change services in this language (%(language)s).")
        self._refuse(service, "permission", message % {"language": native_name(language)})

    def _check_open(self, service, page):
        """Refuse to change a page that is locked or waits for an approver."""
        if page is None:
            return
        if page.locked and (self.user is None or page.locked_by_id != self.user.pk):
            message = _("The page is locked (%(language)s).")
        elif page.pk in self.in_review:
            message = _("The page waits for approval (%(language)s); have it approved or sent back first.")
        else:
            return
        self._refuse(service, "locked", message % {"language": native_name(page.locale.language_code)})

    def _check_slug(self, service, source):
        if source is not None and self.catalogue.complete and service.slug not in ("", source.slug):
            message = _("The address of a service that exists is changed in the admin.")
            self._refuse(service, "slug_fixed", message, "slug", service.slug)

    def _check_valid(self, service, page, source):
        """Run the models' validation: the page in every language, rows once, in the source language."""
        problems = page_problems(page)
        if source is page:
            problems += row_problems(page)
        language = page.locale.language_code
        for name, message, code in problems:
            self._refuse(service, code, message, f"{name}.{language}" if name in page.word_fields else name)

    def _differs(self, page, source, before, after) -> bool:
        if self.publish and (not page.live or page.has_unpublished_changes):
            return True
        if source is page or self.publish:
            return before != after
        # Facts reach a translation when its source is published: a draft with nothing else is none.
        return only_words(before) != only_words(after)

    def _may_make(self, service, locale) -> bool:
        """Does the file hold what a page in this language needs?"""
        language = locale.language_code
        if service.words.get("title", {}).get(language) and locale.pk in self.indexes:
            return True
        has_words = any(words.get(language) for words in service.words.values())
        if (has_words or not self.catalogue.complete) and not service.is_refused(f"title.{language}"):
            message = _("There is no title in this language; the page was not made.")
            self.report.warn("untranslated", message, item=service.code, field=f"title.{language}")
        return False

    def _owner_unit(self, service, source):
        """The unit that the file names; None where it names none, or one that was refused."""
        if not self.catalogue.complete:
            return self.units.find(service.ministry, service.unit)
        if not service.ministry and not service.unit_name:
            if source is None:
                self._refuse(service, "missing", _("The ministry is missing."), "ministry")
            return None
        found = self.records.units(service.ministry, service.unit_name)
        if not found:
            known = not service.unit_name and self.records.has("ministry", service.ministry)
            return self.units.ministry(service.ministry) if known else None
        present = source.owner_unit_id if source is not None else None
        if len(found) > 1 and present not in {unit.pk for unit in found}:
            message = _("Several units are called “%(name)s”; write the code of one.")
            message %= {"name": service.unit_name}
            self._refuse(service, "ambiguous", message, "unit", service.unit_name)
        return next((unit for unit in found if unit.pk == present), found[0])

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
            # The content of a new page is that of the file; the title is enough to recognise it.
            self.report.change(self.labels.change(code, "title", language, None, page.title))
            return
        if not (self.publish or source is page):
            before, after = only_words(before), only_words(after)
            after = {**dict.fromkeys(before, ""), **after}
        for name, was, now in differences(before, after):
            self.report.change(self.labels.change(code, name, language, was, now, (before, after)))

    def _warn_of_translation_editor(self, service, page):
        if (page.translation_key, page.locale_id) not in self.in_translation_editor:
            return
        language = page.locale.language_code
        message = _(
            "The translation editor keeps words of this page (%(language)s) and writes them over these."
        ) % {"language": native_name(language)}
        self.report.warn("translation_editor", message, item=service.code, field=f"title.{language}")

    def _save_changed(self):
        """Store the changed pages: drafts together, publications one by one, because each is announced."""
        if not self.publish:
            for page, was, revision in save_drafts(self.changed, user=self.user):
                self._note_written(page, "changed", was, revision.pk)
            return
        for page in self.changed:
            revision_before = page.latest_revision_id
            if not page.live:
                page.save(clean=False)
            revision = page.save_revision(user=self.user, log_action=True)
            self._note_written(page, "changed", revision_before, revision.pk)
            self._publish(page, revision)

    def _publish(self, page, revision):
        """Publish a version, with the approval of the second person where a fee changes."""
        try:
            if self.approved_by is not None:
                approve_revision(revision, self.approved_by, self.reason)
            gate = True
            if self.approved_by is None and self.report.dry_run and changed_fees(revision.as_object()):
                # The check that a second person will confirm: the person is all that may be missing.
                problems = [
                    each for each in revision.as_object().gate_problems() if each.code != "fee_reason"
                ]
                if problems:
                    raise PublishRefused(page, problems)
                gate = False
            with together(gate=gate, facts_given=True):
                revision.publish(user=self.user)
        except ApprovalRefused as refused:
            self.report.error(refused.code, refused.message, item=page.service_code, field="fees")
        except PublishRefused as refused:
            self._refused_by_gate(page, refused)

    def _refused_by_gate(self, page, refused: ValidationError):
        """Report what a page met at its fields, with the language of the page."""
        language = page.locale.language_code
        for name, errors in refused.error_dict.items():
            place = self.catalogue.place(page.service_code, f"{name}.{language}")
            for error in errors:
                for message in error.messages:
                    self.report.error(
                        error.code or "invalid",
                        message,
                        item=page.service_code,
                        field=f"{name} ({language})",
                        place=place,
                    )


def _parts(services):
    return (services[start : start + PART] for start in range(0, len(services), PART))
