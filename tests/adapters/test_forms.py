"""Panels that may lack an input, fields, blocks, and what the admin's search is told."""

import pytest
from django.db import models
from django.test import RequestFactory
from wagtail import blocks as wagtail_blocks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.images.models import Image

from egov_cms.adapters.modelsearch import And, MatchAll, Or, database_backend
from egov_cms.adapters.wagtail.blocks import (
    StreamBlockAdapter,
    name_definition,
    stored_renditions,
)
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.panels import (
    FieldOrValuePanel,
    RowsOrValuesPanel,
    TabsWithOwnInputs,
    TextFieldComparison,
    cached_classmethod,
    diff_text,
    form_field,
    register_comparison_class,
)
from egov_cms.adapters.wagtail.rich_text import PageLinkHandler
from egov_cms.adapters.wagtail.search import update_search_index
from egov_cms.language.fields import TranslatedTextField
from egov_cms.site.models import Appointment, PersonPage, SectionPage
from tests.site.conftest import add_page

pytestmark = [pytest.mark.contract, pytest.mark.django_db]


class Rows(RowsOrValuesPanel):
    values_template = "egov_site/admin/fact_rows.html"

    class BoundPanel(RowsOrValuesPanel.BoundPanel):
        def get_values_context(self):
            return {"rows": [{"facts": [("Rank", "Minister")], "words": []}]}


class Values(FieldOrValuePanel):
    no_input_help = "Set elsewhere."


class Tabs(TabsWithOwnInputs):
    def is_drawn(self, name):
        return name == "email"


@pytest.fixture
def person(people):
    page = add_page(people, PersonPage, title="سارة أحمد", slug="sara", email="sara@example.gov.iq")
    page.appointments = [Appointment(role="وزيرة", locale=page.locale)]
    page.save()
    return page


def editor_of(person, admin, without=(), claimed=("title",)):
    """The tabs of a person's form, drawn; the form lacks `without`."""
    panels = [*(FieldPanel(name) for name in claimed), Values("phones"), Rows("appointments", label="role")]
    tabs = Tabs([ObjectList(panels, heading="Content")], base_form_class=WagtailAdminPageForm).bind_to_model(
        PersonPage
    )
    form = tabs.get_form_class()(instance=person, for_user=admin)
    form.fields["email"] = form_field(PersonPage._meta.get_field("email"))
    form.fields["other"] = form_field(PersonPage._meta.get_field("email"))
    for name in without:
        (form.formsets if name in form.formsets else form.fields).pop(name)
    request = RequestFactory().get("/")
    request.user = admin
    return tabs.get_bound_panel(instance=person, request=request, form=form)


def test_panels_have_inputs_where_the_form_has_them(person, admin):
    html = editor_of(person, admin).render_form_content()
    assert 'name="phones"' in html
    assert 'name="appointments-0-role"' in html
    assert "Set elsewhere." not in html


def test_panels_show_values_where_the_form_has_no_input(person, admin):
    html = editor_of(person, admin, without=["phones", "appointments"]).render_form_content()
    assert 'name="phones"' not in html
    assert "Set elsewhere." in html
    assert 'name="appointments-0-role"' not in html
    assert "Minister" in html


def test_what_panels_show_can_be_told_to_the_browser(person, admin):
    (content,) = editor_of(person, admin, without=["phones", "appointments"]).children
    for bound in content.children:
        constructor, arguments = bound.telepath_pack(None)[:2]
        assert constructor.startswith("wagtail.panels.")
        assert arguments[0]["type"] == type(bound.panel).__name__
    (content,) = editor_of(person, admin).children
    assert content.children[-1].telepath_pack(None)[0] == "wagtail.panels.InlinePanel"


def test_an_input_that_a_panel_draws_itself_is_not_drawn_twice(person, admin):
    html = editor_of(person, admin).render_form_content()
    assert 'name="other"' in html
    assert 'name="email"' not in html


def test_no_value_is_shown_where_the_form_does_not_say_so(person, admin, monkeypatch):
    monkeypatch.setattr(Values, "shows_values", lambda self, form: False)
    assert "Set elsewhere." not in editor_of(person, admin, without=["phones"]).render_form_content()


def test_a_field_of_a_model_has_the_input_that_was_registered_for_it():
    from egov_cms.language import forms

    assert isinstance(form_field(models.DateField()), forms.DateField)
    assert form_field(models.CharField(max_length=9), label="Name").label == "Name"


def test_an_edit_handler_is_made_once_for_each_model_and_can_be_forgotten():
    class Thing:
        @cached_classmethod
        def made(cls):
            return object()

    class Other(Thing):
        pass

    first = Thing.made()
    assert Thing.made() is first
    assert Other.made() is not first
    Thing.made.cache_clear()
    assert Thing.made() is not first
    PersonPage.get_edit_handler.cache_clear()


def test_versions_of_a_field_are_compared_by_the_class_registered_for_it():
    class Loud(TextFieldComparison):
        def htmldiff(self):
            return f"{self.val_a}!{self.val_b}"

    class LoudField(models.TextField):
        pass

    register_comparison_class(LoudField, comparison_class=Loud)
    (comparison,) = (
        compare(PersonPage(title="a"), PersonPage(title="b"))
        for compare in FieldPanel("title").bind_to_model(PersonPage).get_bound_panel().get_comparison()
    )
    assert comparison.htmldiff() == diff_text("a", "b").to_html()
    assert (
        FieldPanel("name").bind_to_model(_record()).get_comparison_class().__name__
        == "TranslatedTextComparison"
    )


def _record():
    from egov_cms.site.models import Office

    assert isinstance(Office._meta.get_field("name"), TranslatedTextField)
    return Office


def test_a_stream_is_told_to_the_browser_by_its_adapter():
    block = wagtail_blocks.StreamBlock([("line", wagtail_blocks.CharBlock())])
    block.set_name("body")
    name, _groups, initial, meta = StreamBlockAdapter().js_args(block)
    assert (name, list(initial), meta["required"]) == ("body", ["line"], True)
    assert StreamBlockAdapter().media


def test_a_block_answers_to_the_id_that_it_was_given():
    block = wagtail_blocks.CharBlock()
    before = block.definition_prefix
    name_definition(block, "blockdef-test")
    registry = wagtail_blocks.Block.definition_registry
    assert registry["blockdef-test"] is block
    assert before not in registry
    assert StreamBlockAdapter().js_args(wagtail_blocks.StreamBlock([("a", block)]))
    registry.pop("blockdef-test")


def test_renditions_are_stored_under_the_specs_that_are_read(db, admin):
    from wagtail.images.tests.utils import get_test_image_file

    image = Image.objects.create(title="test", file=get_test_image_file(size=(1000, 500)))
    specs = ("format-{webp,jpeg}", "width-{480,960}", "bgcolor-ffffff", "preserve-svg")
    expected = stored_renditions(specs)
    assert len(expected) == 4
    for rendition in image.get_renditions(*expected).values():
        assert rendition.filter_spec in expected


def test_a_link_to_a_page_names_what_it_points_to(homes):
    assert PageLinkHandler.identifier == "page"
    assert list(PageLinkHandler.extract_references({"id": "7"})) == [(page_model(), "7", "", "")]
    assert PageLinkHandler.get_model() is page_model()


def test_bulk_writes_are_found_by_the_admins_search(homes):
    page = add_page(homes["en"], SectionPage, title="Before", slug="before")
    page_model().objects.filter(pk=page.pk).update(title="Waterworks")
    found = page_model().objects.all().search("waterworks")
    assert not list(found)
    update_search_index([SectionPage.objects.get(pk=page.pk), homes["en"]])
    assert [each.pk for each in page_model().objects.all().search("waterworks")] == [page.pk]


def test_the_search_backend_of_the_database_can_be_extended():
    backend_class, parameters = database_backend()
    backend = backend_class(parameters)
    for name in ("search", "autocomplete", "add_bulk"):
        assert callable(getattr(backend, name))
    assert callable(backend_class.index_class.add_items)


def test_queries_can_be_told_apart():
    from wagtail.search.query import MATCH_ALL, PlainText

    assert isinstance(MATCH_ALL, MatchAll)
    one, other = PlainText("one"), PlainText("other")
    assert (one & other).subqueries == And([one, other]).subqueries == [one, other]
    assert isinstance(one & other, And)
    assert isinstance(one | other, Or)
