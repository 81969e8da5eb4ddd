"""The editor panels of a service: one tab, in the order of the public page."""

from django.forms import CheckboxSelectMultiple
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from egov_cms.services.answers import ANSWERABLE
from egov_cms.site.fact_forms import FactInlinePanel, FactPanel


class ReasonsPanel(FactPanel):
    """The reasons why parts do not apply; read-only on translations."""

    def format_value_for_display(self, value):
        lines = ((ANSWERABLE[name], reason) for name, reason in (value or {}).items() if name in ANSWERABLE)
        return format_html_join("", "<div>{}: {}</div>", lines)


def _row(*names):
    return FieldRowPanel([FactPanel(name) for name in names])


def _inputs(*names):
    return [FieldPanel(name) for name in names]


def _line(*names):
    return FieldRowPanel(_inputs(*names))


TIME = _line("duration_min", "duration_max", "duration_unit")
CASE = [_line("conditional", "case_tag"), FieldPanel("condition")]

SERVICE_PANELS = [
    FieldPanel("popular_names"),
    MultiFieldPanel(
        [
            _row("service_code", "status"),
            FactPanel("owner_unit"),
            FactPanel("category"),
            FactPanel("audiences", widget=CheckboxSelectMultiple),
            FactPanel("life_events", widget=CheckboxSelectMultiple),
        ],
        heading=_("What it is and for whom"),
    ),
    FactInlinePanel(
        "requirements",
        heading=_("Who can apply"),
        label=_("Condition"),
        panels=[FieldPanel("text"), _line("kind", "min_age", "max_age"), FieldPanel("evidence")],
    ),
    FactPanel("proxy_allowed"),
    FactInlinePanel(
        "documents",
        heading=_("Documents to bring"),
        label=pgettext_lazy("brought to an office", "Document"),
        help_text=_("Rows with the same code under “alternatives” are joined by “or”."),
        panels=[
            FieldPanel("document_type"),
            _line("originals", "copies", "attestation"),
            *CASE,
            FieldPanel("alternative_group"),
            FieldPanel("form"),
            _line("where_to_get", "note"),
        ],
    ),
    FactPanel("needs_no_documents"),
    FactInlinePanel(
        "steps",
        heading=_("Steps"),
        label=_("Step"),
        panels=[
            FieldPanel("template"),
            *_inputs("title", "text"),
            _line("logic", "actor", "channel"),
            _line("is_visit", "needs_signature", "minutes"),
        ],
    ),
    _row("visits", "signatures"),
    FactInlinePanel(
        "fees",
        heading=_("Fees"),
        label=pgettext_lazy("a row of the form", "Fee"),
        panels=[
            FieldPanel("label"),
            _line("kind", "amount_minor", "amount_max_minor", "currency"),
            _line("percent", "unit"),
            *CASE,
            FieldPanel("exemption"),
            FieldPanel("legal"),
            _line("valid_from", "valid_to"),
            FieldPanel("methods"),
            _line("payee", "channel"),
        ],
    ),
    FactPanel("is_free"),
    FieldPanel("fee_exemptions"),
    MultiFieldPanel(
        [_row("duration_min", "duration_max", "duration_unit"), FieldPanel("duration_note")],
        heading=_("Time needed"),
    ),
    FactInlinePanel(
        "channels",
        heading=_("Channels"),
        label=_("Channel"),
        panels=[
            _line("kind", "sign_in"),
            FieldPanel("url"),
            _line("offices_rule", "office_kind"),
            FieldPanel("phone"),
            FieldPanel("languages"),
            TIME,
            FieldPanel("note"),
        ],
    ),
    FactPanel("coverage", widget=CheckboxSelectMultiple),
    FactInlinePanel(
        "offerings",
        heading=_("Where, and what differs there"),
        label=pgettext_lazy("a row of the form", "Place"),
        panels=[_line("office", "governorate"), FieldPanel("fee_minor"), TIME, FieldPanel("note")],
    ),
    FactInlinePanel(
        "outputs",
        heading=_("What people get"),
        label=_("Result"),
        panels=[
            FieldPanel("name"),
            _line("kind", "delivery"),
            _line("validity_value", "validity_unit"),
        ],
    ),
    FactInlinePanel(
        "legal", heading=_("Legal basis"), label=_("Law"), panels=_inputs("reference", "article")
    ),
    FieldPanel("body"),
    FactInlinePanel(
        "faqs", heading=_("Questions and answers"), label=_("Question"), panels=_inputs("question", "answer")
    ),
    FactInlinePanel(
        "relations", heading=_("Related services"), label=_("Service"), panels=[_line("kind", "target")]
    ),
    FactInlinePanel(
        "participants",
        heading=_("Other bodies that take part"),
        label=_("Body"),
        panels=[FieldPanel("unit"), FieldPanel("role")],
    ),
    MultiFieldPanel(
        [
            FactPanel("digital_level"),
            FactPanel("ur_class"),
            FactPanel("ur_url"),
            FactPanel("gems_code"),
        ],
        heading=_("How far it is online"),
    ),
    ReasonsPanel("not_applicable", heading=_("Does not apply, because …")),
    MultiFieldPanel(
        [
            _row("content_owner", "backup_owner"),
            FactPanel("owner_email"),
            _row("review_months", "last_reviewed_at"),
            FactPanel("sources"),
            _line("change_reason", "change_law"),
        ],
        heading=_("Who keeps it true"),
    ),
]
