"""The chooser of records in page forms."""

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from egov_cms.adapters.wagtail.admin import SnippetChooser, choosing_with


class RecordChooser(SnippetChooser):
    """Labels its buttons (“Choose …”) in the language of the user."""

    def says(self, model):
        name = model._meta.verbose_name
        label = lazy(lambda text: text() % {"object": name}, str)
        return (
            label(lambda: _("Choose %(object)s")),
            label(lambda: _("Choose another %(object)s")),
            label(lambda: _("Edit this %(object)s")),
        )


RecordChooserViewSet = choosing_with(RecordChooser)
