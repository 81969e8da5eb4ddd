"""`/api/v1/changes/`: the public log of changed facts for programs."""

from __future__ import annotations

import json

from django.db.models import Case, CharField, F, Max, Q, When
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from egov_cms.api import registry
from egov_cms.api.parameters import Parameter
from egov_cms.api.rendering import TABLE_FORMATS, AtomRenderer
from egov_cms.api.resource import Resource
from egov_cms.site.exports import Export, Format, page_address, register_export

from .change_log import in_words
from .models import ChangeLogEntry
from .subjects import facts, registered
from .views import description, heading


class ChangeSerializer(serializers.Serializer):
    """A published change of a fact. `subject` names the member that holds the code of what has changed; `before` and
    `after` are null where the fact did not exist.
    """

    id = serializers.IntegerField(source="pk")
    subject = serializers.CharField()
    what = serializers.CharField()
    row = serializers.CharField(source="row_key", allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    law = serializers.SerializerMethodField()
    happened_at = serializers.DateTimeField()

    def get_fields(self):
        """The code of a thing stands in the member of its kind, as the parameter is called that asks for it."""
        own = super().get_fields()
        first = {name: own.pop(name) for name in ("id", "subject")}
        if registered():  # a site without modules lists none, and an enumeration of nothing is no schema
            first["subject"] = serializers.ChoiceField(list(registered()))
            own["what"] = serializers.ChoiceField(list(facts()))
        codes = {kind: CodeField(kind, source="*") for kind in registered()}
        return {**first, **codes, **own}

    def get_law(self, entry) -> str | None:
        return entry.law.slug if entry.law and entry.law.is_public else None


class CodeField(serializers.CharField):
    """The code of an entry about a thing of this kind, null of any other."""

    def __init__(self, kind, **options):
        super().__init__(allow_null=True, **options)
        self.kind = kind

    def to_representation(self, entry):
        return entry.code if entry.subject == self.kind else None


class ChangeResource(Resource):
    """The public log of changed facts (fees, documents, times, channels of services), latest first."""

    queryset = ChangeLogEntry.objects.select_related("law")
    serializer_class = ChangeSerializer
    ordering = ("-happened_at", "-pk")
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    list_formats = (*TABLE_FORMATS, AtomRenderer)

    def declared_parameters(self):
        declared = super().declared_parameters()
        if self.detail:
            return declared
        own = {kind: Parameter(each.codes.code_help, many=True) for kind, each in registered().items()}
        own |= {
            "subject": Parameter(
                gettext_lazy("Kind of thing that changed."), choices=tuple(registered()), many=True
            ),
            "what": Parameter(gettext_lazy("What changed."), choices=tuple(facts()), many=True),
            "since": Parameter(gettext_lazy("From this day on."), kind="date"),
        }
        return own | declared

    def get_queryset(self):
        entries = super().get_queryset().public()
        if self.detail:
            return entries
        # Codes of two kinds are those of more things, not of fewer.
        named = Q()
        for kind in registered():
            if codes := self.query[kind]:
                named |= Q(subject=kind, code__in=codes)
        entries = entries.filter(named)
        if self.query["subject"]:
            entries = entries.filter(subject__in=self.query["subject"])
        if self.query["what"]:
            entries = entries.filter(what__in=self.query["what"])
        if self.query["since"]:
            entries = entries.filter(happened_at__date__gte=self.query["since"])
        return entries

    def table(self, entries):
        columns = {"id": F("pk"), "subject": F("subject")}
        columns |= {
            kind: Case(When(subject=kind, then="code"), output_field=CharField()) for kind in registered()
        }
        columns |= {name: F(name) for name in ("what", "row_key", "field", "before", "after", "reason")}
        columns |= {"law": Case(When(law__is_public=True, then="law__slug")), "happened_at": F("happened_at")}
        rows = entries.order_by(*self.ordering).values_list(*columns.values())
        names = ["row" if name == "row_key" else name for name in columns]
        return names, ([_cell(value) for value in row] for row in rows.iterator(chunk_size=500))

    def document(self, entries):
        here = self.request.build_absolute_uri(reverse("egov_api:changes-list"))
        kinds = list(registered().values())
        feed = Atom1Feed(
            title=heading(kinds[0] if len(kinds) == 1 else None),
            link=here,
            description="",
            language=self.language,
            feed_url=self.request.build_absolute_uri(),
            author_name=self.request.get_host(),
        )
        for change in in_words(entries, self.language):
            address = f"{here}{change.entry.pk}/"
            feed.add_item(
                title=f"{change.title}: {change.entry.what_label}",
                link=self.request.build_absolute_uri(change.url) if change.url else address,
                unique_id=address,
                description=description(change),
                updateddate=change.entry.happened_at,
                pubdate=change.entry.happened_at,
            )
        return feed


def _cell(value):
    """A value of the database → a cell: structures as JSON, times as ISO 8601 text."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else value


def register():
    registry.register("changes", ChangeResource)
    register_export(
        Export(
            "changes",
            title=gettext_lazy("Changes of published facts"),
            description=gettext_lazy("What has changed in published facts, when and why."),
            api="changes",
            formats=(Format(AtomRenderer.media_type, page_address("egov_changes_feed")),),
            landing_page=page_address("egov_changes"),
            changed=lambda: ChangeLogEntry.objects.public().aggregate(last=Max("happened_at"))["last"],
            keywords=(gettext_lazy("changes"), gettext_lazy("fees")),
            frequency="CONT",
        )
    )
