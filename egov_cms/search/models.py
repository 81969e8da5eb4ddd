"""The tables of search: entries, vocabulary, pending writes, synonyms and promoted results, and counts of queries."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import RevisionMixin

from egov_cms.search.analysis import folded_query
from egov_cms.search.synonyms import problems

SITE = "site"
"""The space of the site's own entries; evaluations use temporary spaces."""


class FacetSet(models.Model):
    """A type, a language and facet codes that several entries share. The primary key is a hash of them
    (`facet_sets.facet_set`), so a row never changes."""

    id = models.BigIntegerField(primary_key=True)
    type = models.CharField(max_length=40)
    locale = models.CharField(max_length=12)
    facets = models.JSONField(default=dict)

    def __str__(self):
        return f"{self.type}:{self.locale} {self.facets}"


class Entry(models.Model):
    """One document of one space, with its keys for the engines and the ranking.

    The `…_keys` fields contain keys separated by spaces; `popular_keys` has one name per line. `names` contains the
    folded words of title and popular names (for suggestions), `words` all folded words (for the vocabulary).
    `changed` is a time in microseconds that only increases: it is the version in a remote engine, so that a late
    write of an old state is rejected.
    """

    space = models.CharField(max_length=40, default=SITE)
    type = models.CharField(max_length=40)
    document_id = models.CharField(max_length=120)
    locale = models.CharField(max_length=12)
    source = models.CharField(max_length=160)
    digest = models.CharField(max_length=32)
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=1000)
    date = models.DateField(null=True)
    title_keys = models.TextField()
    popular_keys = models.TextField(blank=True)
    summary_keys = models.TextField(blank=True)
    attachment_keys = models.TextField(blank=True)
    body_keys = models.TextField(blank=True)
    names = models.TextField(blank=True)
    words = models.TextField(blank=True)
    changed = models.BigIntegerField(default=0)
    facet_set = models.ForeignKey(FacetSet, on_delete=models.PROTECT, db_index=False)
    # The last column, because it is the longest and read for ten entries only: SQLite reads the columns after a long
    # value slowly.
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["space", "type", "document_id", "locale"], name="egov_search_entry_document"
            )
        ]
        indexes = [
            models.Index(fields=["space", "source"], name="egov_search_entry_source"),
            models.Index(fields=["space", "locale", "type"], name="egov_search_entry_locale"),
            models.Index(fields=["space", "facet_set"], name="egov_search_entry_facets"),
            models.Index(fields=["id", "space", "facet_set"], name="egov_search_entry_narrow"),
        ]

    def __str__(self):
        return f"{self.type}:{self.document_id}:{self.locale}"


class VocabularyWord(models.Model):
    """A folded word of a space, its key, an original spelling (`form`), and the number of documents that contain it."""

    space = models.CharField(max_length=40, default=SITE)
    locale = models.CharField(max_length=12)
    folded = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    form = models.CharField(max_length=80)
    documents = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "locale", "folded"], name="egov_search_word_folded")
        ]
        indexes = [models.Index(fields=["space", "key"], name="egov_search_word_key")]

    def __str__(self):
        return self.form


class Version(models.Model):
    """The version number of data that each process caches (vocabulary, synonyms); it changes with the data."""

    name = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.number}"


class PendingWrite(models.Model):
    """An entry whose current state is not yet in the remote engine. The row is written in the same transaction as the
    entry and deleted when the engine has confirmed. If the entry no longer exists, it is removed from the engine."""

    entry_id = models.BigIntegerField()
    space = models.CharField(max_length=40, default=SITE)
    changed = models.BigIntegerField()

    def __str__(self):
        return f"entry {self.entry_id}"


class SynonymGroup(RevisionMixin, models.Model):
    """Terms with the same meaning. With `targets`, a search for a term also finds the targets, but not the reverse."""

    class Scope(models.TextChoices):
        ALL = "all", _("all languages")
        ARABIC = "ar", _("Arabic")
        SORANI = "ckb", _("Sorani Kurdish")
        ENGLISH = "en", _("English")

    terms = models.TextField(
        _("terms"), help_text=_("One word or phrase a line, at most four words each, in any language.")
    )
    targets = models.TextField(
        _("also find (one way)"),
        blank=True,
        help_text=_(
            "Leave empty when all terms mean the same. Otherwise: whoever types a term also finds these."
        ),
    )
    scope = models.CharField(_("for searches in"), max_length=12, choices=Scope.choices, default=Scope.ALL)
    active = models.BooleanField(_("active"), default=True)
    note = models.CharField(_("note"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("synonym group")
        verbose_name_plural = _("synonym groups")
        ordering = ["id"]

    def __str__(self):
        names = " = ".join(self.term_list[:4])
        return f"{names} → {' = '.join(self.target_list[:3])}" if self.target_list else names

    @property
    def term_list(self):
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    @property
    def target_list(self):
        return [line.strip() for line in self.targets.splitlines() if line.strip()]

    def clean(self):
        if found := problems(self.term_list, self.target_list):
            raise ValidationError(found)


class PromotedResult(models.Model):
    """A result that editors place first for a query; the query is compared in folded form."""

    query = models.CharField(_("query"), max_length=200)
    folded = models.CharField(max_length=200, editable=False, db_index=True)
    locale = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=255)
    url = models.CharField(
        pgettext_lazy("of a promoted result", "address"),
        max_length=500,
        help_text=_("A path of this site such as /ar/services/, or https://…"),
    )
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["folded", "sort_order", "id"]

    def __str__(self):
        return f"{self.query} → {self.title}"

    def clean(self):
        if (self.url and not self.url.startswith(("/", "https://"))) or self.url.startswith("//"):
            raise ValidationError(
                {"url": _("Give a path that starts with / or an address that starts with https://.")}
            )

    def save(self, **kwargs):
        self.folded = folded_query(self.query)
        super().save(**kwargs)


class QueryCount(models.Model):
    """How often a query was made, had no results, and was followed by a click. Contains folded words only: no user, no
    time of day."""

    words = models.CharField(max_length=200)
    locale = models.CharField(max_length=12)
    searches = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    last_day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "locale"], name="egov_search_query_words")]
        indexes = [models.Index(fields=["last_day"], name="egov_search_query_day")]

    def __str__(self):
        return self.words


class AttachmentText(models.Model):
    """The text of a document file, extracted once per file content. When the file could not be read, `text` is empty
    and `problem` contains the reason."""

    document_id = models.BigIntegerField(primary_key=True)
    file_hash = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    problem = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return f"document {self.document_id}"
