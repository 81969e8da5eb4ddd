"""API resources of offices, notices and the organisation, below `/api/v1/`."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from wagtail.models import Locale

from egov_cms.adapters.django import share_prefetched
from egov_cms.api.parameters import Parameter
from egov_cms.api.rendering import TABLE_FORMATS, AtomRenderer, GeoJSONRenderer
from egov_cms.api.resource import Resource

from . import notices as naming
from .models import Notice, NoticePage, Office, OfficeIndexPage, OrganisationUnitPage
from .public_codes import kinds_of_pages

OPEN_NOW_SECONDS = 60


def text_or_null(text, language):
    """A translatable text in this language; None where it has no translation."""
    return text.in_locale(language) or None


class SpanSerializer(serializers.Serializer):
    """Local times of Asia/Baghdad, `HH:MM`; `weekday` counts from Sunday, 0."""

    weekday = serializers.IntegerField()
    opens = serializers.CharField()
    closes = serializers.CharField()


class OfficeSerializer(serializers.Serializer):
    """Texts are in the language of the response; null without a translation."""

    id = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(Office.Kind.values)
    url = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    governorate = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    landmark = serializers.CharField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    phones = serializers.ListField(child=serializers.CharField())
    whatsapp = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    access = serializers.ListField(child=serializers.CharField())
    hours = SpanSerializer(many=True)
    open_now = serializers.BooleanField()

    def to_representation(self, office):
        view = self.context["view"]
        return office_data(office, view.language, view.base_url)


def office_data(office, language, base_url):
    """The members of `OfficeSerializer` for an office with its state (`with_states`)."""
    url = f"{base_url}{office.place_slug}/{office.slug}/" if base_url else None
    return {
        "id": office.slug,
        "name": text_or_null(office.name, language),
        "kind": office.kind,
        "url": url,
        "unit": office.unit.code or office.unit.slug if office.unit else None,
        "governorate": office.governorate.code if office.governorate else None,
        "district": text_or_null(office.district, language),
        "address": text_or_null(office.address, language),
        "landmark": text_or_null(office.landmark, language),
        "latitude": None if office.latitude is None else float(office.latitude),
        "longitude": None if office.longitude is None else float(office.longitude),
        "phones": list(office.phones or []),
        "whatsapp": office.whatsapp,
        "email": office.email,
        "access": list(office.access_features or []),
        "hours": [
            {"weekday": weekday, "opens": _clock(span.opens), "closes": _clock(span.closes)}
            for weekday, spans in sorted(office.weekly.items())
            for span in spans
        ],
        "open_now": office.state.open,
    }


def _clock(time):
    return time.isoformat("minutes")


class OfficeResource(Resource):
    """Offices with address, hours and position; GeoJSON by Accept or `.geojson`."""

    queryset = Office.objects.public().select_related("unit", "governorate")
    serializer_class = OfficeSerializer
    ordering = ("slug",)
    lookup_field = "slug"
    step_seconds = OPEN_NOW_SECONDS
    list_parameters = {
        "governorate": Parameter(_("Code or address of a governorate."), many=True),
        "unit": Parameter(_("Code or address of a unit."), many=True),
        "kind": Parameter(_("Kind of office."), choices=tuple(Office.Kind.values), many=True),
    }
    list_formats = (*TABLE_FORMATS, GeoJSONRenderer)
    detail_formats = (GeoJSONRenderer,)

    @property
    def base_url(self):
        """The address of the office index page in the language of the response; empty where there is none."""
        if not hasattr(self, "_base_url"):
            page = OfficeIndexPage.objects.public().filter(locale__language_code=self.language).first()
            self._base_url = _address(page, self.request) if page else ""
        return self._base_url

    def get_queryset(self):
        offices = super().get_queryset()
        if self.detail:
            return offices
        if names := self.query["governorate"]:
            offices = offices.filter(Q(governorate__code__in=names) | Q(governorate__slug__in=names))
        if names := self.query["unit"]:
            offices = offices.filter(Q(unit__code__in=names) | Q(unit__slug__in=names))
        if self.query["kind"]:
            offices = offices.filter(kind__in=self.query["kind"])
        return offices

    def complete(self, offices):
        return with_states(offices)

    def table(self, offices):
        columns = [name for name in OfficeSerializer().fields if name not in ("hours", "open_now")]
        ordered = with_states(list(offices.order_by("slug")))
        rows = (office_data(office, self.language, self.base_url) for office in ordered)
        return columns, ([_cell(row[name]) for name in columns] for row in rows)

    def document(self, offices):
        features = []
        for office in offices:
            properties = office_data(office, self.language, self.base_url)
            point = [properties.pop("longitude"), properties.pop("latitude")]
            geometry = {"type": "Point", "coordinates": point} if None not in point else None
            features.append(
                {"type": "Feature", "id": office.slug, "geometry": geometry, "properties": properties}
            )
        return features[0] if self.detail else {"type": "FeatureCollection", "features": features}


def with_states(offices):
    """Set hours, state and notices of offices that were already loaded; as many queries as `with_states`."""
    complete = {
        office.pk: office for office in Office.objects.filter(pk__in=[o.pk for o in offices]).with_states()
    }
    for office in offices:
        other = complete[office.pk]
        office.state, office.notices = other.state, other.notices
        share_prefetched(other, office)
    return offices


def _cell(value):
    return " | ".join(value) if isinstance(value, list) else value


def _address(page, request):
    """The absolute address of a page, on the host of the request, as everywhere in the API."""
    return request.build_absolute_uri(page.url)


class NoticeSerializer(serializers.Serializer):
    """A notice without services, offices and governorates concerns all readers.

    A notice with services and places concerns these services at these places only.
    """

    id = serializers.IntegerField()
    level = serializers.ChoiceField(Notice.Level.values)
    title = serializers.CharField(allow_null=True)
    body = serializers.CharField(allow_null=True)
    link = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    starts = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    everywhere = serializers.BooleanField()
    offices = serializers.ListField(child=serializers.CharField())
    governorates = serializers.ListField(child=serializers.CharField())

    def get_fields(self):
        codes = {
            f"{name}s": serializers.ListField(child=serializers.CharField()) for name in kinds_of_pages()
        }
        return super().get_fields() | codes

    def to_representation(self, notice):
        view = self.context["view"]
        return {
            "id": notice.pk,
            "level": notice.level,
            "title": text_or_null(notice.title, view.language),
            "body": text_or_null(notice.body, view.language),
            "link": notice.link,
            "url": self.context["request"].build_absolute_uri(naming.address(notice)),
            "starts": notice.starts.isoformat(),
            "ends": notice.ends.isoformat(),
            "everywhere": notice.everywhere,
            "offices": [office.slug for office in notice.offices.all()],
            "governorates": [governorate.code for governorate in notice.governorates.all()],
            **view.codes(notice),
        }


class NoticeResource(Resource):
    """Notices in force; with `past=true` those that have ended.

    A service, an office or a governorate gives the notices that name it; an office also those of its governorate.
    """

    serializer_class = NoticeSerializer
    ordering = ("-starts", "-pk")
    lookup_value_regex = "[0-9]{1,18}"
    # A notice begins and ends at its times, without a publication.
    step_seconds = 60
    list_parameters = {
        "level": Parameter(_("Level."), choices=tuple(Notice.Level.values), many=True),
        "past": Parameter(
            _("Those that have ended instead of those in force."), kind="boolean", default=False
        ),
        "office": Parameter(_("Identifier of an office: notices about it or its governorate."), many=True),
        "governorate": Parameter(
            _("Code or address of a governorate: notices about it or an office there."), many=True
        ),
    }
    list_formats = (AtomRenderer,)

    def declared_parameters(self):
        parameters = super().declared_parameters()
        if self.detail:
            return parameters
        helps = {
            name: format_lazy("{} {}", kind.code_help, _("Notices that name it."))
            for name, kind in kinds_of_pages().items()
        }
        return {name: Parameter(text, many=True) for name, text in helps.items()} | parameters

    def get_queryset(self):
        now = timezone.now()
        notices = Notice.objects.prefetch_related("offices", "governorates")
        if self.detail:
            return notices.public().filter(starts__lte=now)
        notices = notices.past(now) if self.query["past"] else notices.in_force(now)
        if self.query["level"]:
            notices = notices.filter(level__in=self.query["level"])
        if names := self.query["office"]:
            offices = Office.objects.filter(slug__in=names)
            near = Q(governorates__in=offices.values("governorate"))
            notices = notices.filter(pk__in=Notice.objects.filter(near | Q(offices__in=offices)).values("pk"))
        if names := self.query["governorate"]:
            there = Q(governorates__code__in=names) | Q(governorates__slug__in=names)
            there |= Q(offices__governorate__code__in=names) | Q(offices__governorate__slug__in=names)
            notices = notices.filter(pk__in=Notice.objects.filter(there).values("pk"))
        for name, kind in kinds_of_pages().items():
            if values := self.query[name]:
                rows = NoticePage.objects.filter(
                    page__translation_key__in=kind.pages.translation_keys(values)
                )
                notices = notices.filter(pk__in=rows.values("notice"))
        return notices

    def complete(self, notices):
        self._codes = naming.codes_of(notices)
        return notices

    def codes(self, notice):
        """The registered members of a notice: {"services": [codes]}."""
        return self._codes[notice.pk]

    def document(self, notices):
        here = self.request.build_absolute_uri(reverse("egov_api:notices-list"))
        feed = Atom1Feed(
            title=translation.gettext("Notices"),
            link=here,
            description="",
            language=self.language,
            feed_url=self.request.build_absolute_uri(),
            author_name=self.request.get_host(),
        )
        for notice in notices:
            feed.add_item(
                title=str(notice.title),
                link=self.request.build_absolute_uri(naming.address(notice)),
                unique_id=f"{here}{notice.pk}/",
                description=str(notice.body),
                pubdate=notice.starts,
                updateddate=notice.starts,
            )
        return feed


class OrganisationSerializer(serializers.Serializer):
    """`depth` is the level in the tree: the parent of a unit is the nearest unit before it with a smaller depth."""

    id = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(OrganisationUnitPage.Kind.values)
    name = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    phones = serializers.ListField(child=serializers.CharField())
    email = serializers.CharField(allow_blank=True)
    depth = serializers.IntegerField()

    def to_representation(self, unit):
        return {
            "id": str(unit.translation_key),
            "code": unit.code,
            "kind": unit.kind,
            "name": unit.title,
            "summary": unit.summary,
            "url": _address(unit, self.context["request"]),
            "phones": list(unit.phones or []),
            "email": unit.email,
            "depth": unit.depth,
        }


class OrganisationResource(Resource):
    """The units of the ministry in the order of its tree, in the language of the answer."""

    serializer_class = OrganisationSerializer
    ordering = ("path",)
    lookup_field = "translation_key"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f-]{36}"
    list_parameters = {
        "kind": Parameter(_("Kind of unit."), choices=tuple(OrganisationUnitPage.Kind.values), many=True),
    }

    def get_queryset(self):
        locale = Locale.objects.filter(language_code=self.language)
        units = OrganisationUnitPage.objects.public().filter(locale__in=locale)
        if not self.detail and self.query["kind"]:
            units = units.filter(kind__in=self.query["kind"])
        return units
