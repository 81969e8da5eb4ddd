"""Choosing a record on the forms of pages."""

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from egov_cms.adapters.wagtail.admin import SnippetChooser, choosing_with


class RecordChooser(SnippetChooser):
    """Says “Choose …” in the language of whoever reads it."""

    def says(self, model):
        name = model._meta.verbose_name
        said = lazy(lambda text: text() % {"object": name}, str)
        return (
            said(lambda: _("Choose %(object)s")),
            said(lambda: _("Choose another %(object)s")),
            said(lambda: _("Edit this %(object)s")),
        )


RecordChooserViewSet = choosing_with(RecordChooser)
