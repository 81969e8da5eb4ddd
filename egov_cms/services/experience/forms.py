"""The form “How did it go?” for citizens who used a service."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from egov_cms.language.forms import IntegerField
from egov_cms.services.models import ServiceExperience
from egov_cms.site.feedback import ReaderForm
from egov_cms.site.models import Governorate

MOST_DAYS = 3_650
MOST_VISITS = 99
MOST_DINARS = 1_000_000_000
GRADES = [
    (5, _("Very satisfied")),
    (4, _("Satisfied")),
    (3, _("Neither")),
    (2, _("Dissatisfied")),
    (1, _("Very dissatisfied")),
]


def _governorates():
    """(slug, name) of every governorate in the active language."""
    language = get_language()
    rows = Governorate.objects.public().order_by("sort_order", "slug").values_list("slug", "name")
    return [("", "—"), *((slug, name.best(language)[0]) for slug, name in rows)]


class ExperienceForm(ReaderForm):
    """Only `outcome` is required; numbers can have Arabic or Latin digits, with or without separators."""

    outcome = forms.ChoiceField(
        label=_("Did you get what you came for?"),
        choices=ServiceExperience.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    days = IntegerField(
        label=_("How many days did it take?"),
        help_text=_("From the complete application to the result, every day counted. 0: on the same day."),
        min_value=0,
        max_value=MOST_DAYS,
        required=False,
    )
    fee = IntegerField(
        label=_("How much did you pay in all, in dinars?"),
        help_text=_("Everything that was asked of you at the office. 0: nothing."),
        min_value=0,
        max_value=MOST_DINARS,
        required=False,
    )
    visits = IntegerField(
        label=_("How many times did you have to go there?"),
        help_text=_("0: everything was done online."),
        min_value=0,
        max_value=MOST_VISITS,
        required=False,
    )
    governorate = forms.ChoiceField(label=_("In which governorate?"), choices=_governorates, required=False)
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        choices=GRADES,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )

    field_order = ["outcome", "days", "fee", "visits", "governorate", "satisfaction", "comment"]
