"""Choosers of records in the forms of other pages."""

from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext as _
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.widgets import AdminSnippetChooser


class RecordChooser(AdminSnippetChooser):
    """Says “Choose …” in the language of whoever reads it.

    Wagtail's says it for ever in the language in which the process began.
    """

    def __init__(self, model, **kwargs):
        super().__init__(model, **kwargs)
        name = model._meta.verbose_name
        said = lazy(lambda text: text() % {"object": name}, str)
        self.choose_one_text = said(lambda: _("Choose %(object)s"))
        self.choose_another_text = said(lambda: _("Choose another %(object)s"))
        self.link_to_chosen_text = said(lambda: _("Edit this %(object)s"))


class RecordChooserViewSet(SnippetChooserViewSet):
    @cached_property
    def widget_class(self):
        return RecordChooser(model=self.model, icon=self.icon)
