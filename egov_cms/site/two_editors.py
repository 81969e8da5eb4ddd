"""Two people edit one page: the second learns of the first before her version takes the place of the other's.

Wagtail's editor says so while both have it open, by scripts. Here the form itself asks, whoever sends it: a version that
somebody else has saved since this one was opened is named with person and time, and replaced only when that is ticked.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _

from egov_cms.language import format_datetime

# The tick: its value is the version that may be replaced, so it does not hold for one that came later.
REPLACE = "egov_replace"
# What this form was opened with: the editor writes the latest version into its own input when it is shown again.
OPENED, OPENED_AT = "egov_opened", "egov_opened_at"


def newer_of_others(page, data, user):
    """The latest version that somebody else saved since the version in `data`, the posted form; None where there is none."""
    own = data.get("overwrite_revision_id", "")
    opened, moment = data.get(OPENED) or data.get("loaded_revision_id", ""), None
    if not (opened.isdecimal() or own.isdecimal()):
        return None
    if own.isdecimal():
        # What the editor keeps by itself while she writes.
        moment = page.revisions.filter(pk=own).values_list("created_at", flat=True).first()
    else:
        moment = _moment(data.get(OPENED_AT) or data.get("loaded_revision_created_at", ""))
        moment = moment or page.revisions.filter(pk=opened).values_list("created_at", flat=True).first()
    if moment is None:
        return None
    newer = page.revisions.filter(created_at__gt=moment).exclude(user=user).filter(user__isnull=False)
    return newer.select_related("user").order_by("-created_at", "-pk").first()


def _moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


class ReplaceTick(forms.CheckboxInput):
    """The tick with its words: the editor draws inputs that stand in no panel without a label."""

    def __init__(self, revision, opened):
        super().__init__()
        self.revision, self.opened = revision, opened

    def render(self, name, value, attrs=None, renderer=None):
        compare = ""
        if self.opened.isdecimal():
            arguments = [self.revision.object_id, self.opened, self.revision.pk]
            address = reverse("wagtailadmin_pages:revisions_compare", args=arguments)
            compare = format_html(' <a href="{}">{}</a>', address, _("What did it change?"))
        return format_html(
            '<p class="egov-replace"><label><input type="checkbox" name="{}" value="{}"> {}</label>{}</p>',
            name,
            self.revision.pk,
            _("Replace the newer version of %(person)s with mine") % {"person": person(self.revision)},
            compare,
        )

    def value_from_datadict(self, data, files, name):
        return data.get(name, "")


class BesidesField(forms.CharField):
    """An input that is no change of the page."""

    def __init__(self, **options):
        super().__init__(required=False, **options)
        # A draft is checked with deferred rules, and Wagtail takes this mark off all inputs of the form afterwards.
        self.is_deferred_validation = True

    def has_changed(self, initial, data):
        return False


def person(revision) -> str:
    return revision.user.get_full_name() or revision.user.get_username()


class KnowsOthers:
    """Mixin of the form of a page: an error while somebody else's newer version would be replaced unseen."""

    def clean(self):
        cleaned = super().clean()
        page, data = self.instance, self.data
        if page.pk is None or not hasattr(data, "get"):
            return cleaned
        newer = newer_of_others(page, data, self.for_user)
        if newer is None or data.get(REPLACE) == str(newer.pk):
            return cleaned
        opened = data.get(OPENED) or data.get("loaded_revision_id", "")
        kept = {OPENED: opened, OPENED_AT: data.get(OPENED_AT) or data.get("loaded_revision_created_at", "")}
        self.fields[REPLACE] = BesidesField(widget=ReplaceTick(newer, opened))
        for name, value in kept.items():
            self.fields[name] = BesidesField(widget=_Kept(value))
        words = {
            "person": person(newer),
            "moment": format_datetime(timezone.localtime(newer.created_at)),
        }
        text = _(
            "%(person)s saved a newer version of this page at %(moment)s, after you opened it. Yours was not saved. "
            "Below the form you can see what it changed, and tick that yours takes its place."
        )
        self.add_error(None, ValidationError(text % words, code="newer"))
        return cleaned


class _Kept(forms.HiddenInput):
    """A hidden input that says what the form was opened with, whether that was posted under this name or not."""

    def __init__(self, value):
        super().__init__()
        self.kept = value

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, self.kept, attrs, renderer)
