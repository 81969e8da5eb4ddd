"""Lists and forms of the records in the admin."""

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from egov_cms.adapters.wagtail.admin import IndexView
from egov_cms.language import fold

from .choosers import RecordChooserViewSet
from .models import Faq, Governorate, Holiday, LegalReference, MinistryIdentity, Notice, Office


class FoldedIndexView(IndexView):
    """Searches the folded `search_text` of records, so that «احمد» matches «أحمد» and Kurdish letters match Arabic
    ones."""

    is_searchable = True

    def search_queryset(self, queryset):
        words = fold(self.search_query or "").split()
        if not words:
            return queryset
        matching = [record.pk for record in queryset if all(word in record.search_text for word in words)]
        return queryset.filter(pk__in=matching)


class RecordViewSet(SnippetViewSet):
    """The admin of a record: list with export as a spreadsheet, form, history.

    Copying is disabled, because records have official names.
    """

    chooser_viewset_class = RecordChooserViewSet
    copy_view_enabled = False
    inspect_view_enabled = True


_SPANS = [
    FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")]),
    FieldRowPanel([FieldPanel("opens_again"), FieldPanel("closes_again")]),
]


class OfficeViewSet(RecordViewSet):
    model = Office
    index_view_class = FoldedIndexView
    icon = "home"
    menu_order = 10
    list_display = [
        "name",
        "kind",
        "governorate",
        BooleanColumn("is_public", label=_("Public"), sort_key="is_public"),
    ]
    list_filter = ["kind", "governorate", "is_public"]
    list_export = [
        "slug",
        "name",
        "kind",
        "governorate",
        "phones",
        "email",
        "latitude",
        "longitude",
        "is_public",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("governorate")]),
                    FieldPanel("unit"),
                    MultiFieldPanel(
                        [
                            FieldPanel("district"),
                            FieldPanel("address"),
                            FieldPanel("landmark"),
                            FieldRowPanel([FieldPanel("mahalla"), FieldPanel("zuqaq"), FieldPanel("dar")]),
                            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                        ],
                        heading=_("Place"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("phones"), FieldPanel("whatsapp"), FieldPanel("email")],
                        heading=_("Contact"),
                    ),
                    FieldPanel("access_features"),
                    FieldPanel("photo"),
                    FieldRowPanel([FieldPanel("slug"), FieldPanel("sort_order"), FieldPanel("is_public")]),
                ],
                heading=_("Office"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "hours",
                        heading=_("Usual hours"),
                        label=_("day"),
                        panels=[FieldPanel("weekday"), *_SPANS],
                        max_num=7,
                    ),
                    InlinePanel(
                        "special_periods",
                        heading=_("Special periods"),
                        label=_("period"),
                        panels=[
                            FieldPanel("name"),
                            FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
                            FieldPanel("closed"),
                            *_SPANS,
                            FieldPanel("every_day"),
                        ],
                    ),
                ],
                heading=_("Hours"),
            ),
        ]
    )

    def get_queryset(self, request):
        return Office.objects.select_related("governorate")


class GovernorateViewSet(RecordViewSet):
    model = Governorate
    icon = "site"
    menu_order = 80
    list_display = ["name", "code", "iso_code"]
    list_per_page = 50
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("iso_code"), FieldPanel("slug")]),
        FieldPanel("seat"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude"), FieldPanel("sort_order")]),
    ]


class HolidayViewSet(RecordViewSet):
    model = Holiday
    icon = "calendar"
    menu_order = 70
    list_display = ["name", "date"]
    list_filter = {"date": ["gte", "lte"], "governorates": ["exact"]}
    ordering = ["-date"]
    panels = [FieldPanel("date"), FieldPanel("name"), FieldPanel("governorates")]


class LegalReferenceViewSet(RecordViewSet):
    model = LegalReference
    index_view_class = FoldedIndexView
    icon = "doc-full"
    menu_order = 30
    list_display = ["title", "kind", "number", "year", "status"]
    list_filter = ["kind", "status", "year"]
    list_export = [
        "slug",
        "kind",
        "number",
        "year",
        "title",
        "status",
        "gazette_issue",
        "gazette_date",
        "url",
    ]
    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("number"), FieldPanel("year")]),
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("issuer"),
        FieldRowPanel([FieldPanel("gazette_issue"), FieldPanel("gazette_date")]),
        MultiFieldPanel([FieldPanel("url"), FieldPanel("file")], heading=_("Text")),
        MultiFieldPanel([FieldPanel("status"), FieldPanel("changed_by")], heading=_("Validity")),
        FieldRowPanel([FieldPanel("slug"), FieldPanel("is_public")]),
    ]


class FaqViewSet(RecordViewSet):
    model = Faq
    icon = "help"
    menu_order = 40
    list_display = ["question", "topic", BooleanColumn("is_public", label=_("Public"), sort_key="is_public")]
    list_filter = ["is_public"]
    panels = [
        FieldPanel("question"),
        FieldPanel("answer"),
        FieldPanel("topic"),
        FieldRowPanel([FieldPanel("sort_order"), FieldPanel("is_public")]),
    ]


class NoticeViewSet(RecordViewSet):
    model = Notice
    icon = "warning"
    menu_order = 20
    list_display = ["title", "level", "starts", "ends", BooleanColumn("is_current", label=_("Now shown"))]
    list_filter = {"level": ["exact"], "ends": ["gte", "lte"]}
    panels = [
        FieldPanel("level"),
        FieldPanel("title"),
        FieldPanel("body"),
        FieldPanel("link"),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
        MultiFieldPanel(
            [
                InlinePanel(
                    "page_rows",
                    heading=_("Services and other pages"),
                    label=_("page"),
                    panels=[FieldPanel("page")],
                    help_text=_("Shown there, on the pages below and on their translations."),
                ),
                InlinePanel(
                    "office_rows", heading=_("Offices"), label=_("office"), panels=[FieldPanel("office")]
                ),
                FieldPanel("governorates", widget=CheckboxSelectMultiple),
                FieldPanel("everywhere"),
            ],
            heading=_("What it concerns"),
            help_text=_("Services and places together: these services at these places only."),
        ),
        FieldPanel("is_public"),
    ]


class IdentityViewSet(RecordViewSet):
    model = MinistryIdentity
    icon = "cog"
    menu_order = 90
    panels = [
        FieldPanel("site"),
        FieldPanel("name"),
        FieldPanel("short_name"),
        FieldPanel("country"),
        FieldPanel("address"),
        FieldPanel("footer"),
    ]


class MinistryGroup(SnippetViewSetGroup):
    menu_label = _("Ministry")
    menu_icon = "home"
    menu_order = 200
    items = (
        OfficeViewSet,
        NoticeViewSet,
        LegalReferenceViewSet,
        FaqViewSet,
        HolidayViewSet,
        GovernorateViewSet,
        IdentityViewSet,
    )
