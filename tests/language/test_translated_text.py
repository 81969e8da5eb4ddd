"""TranslatedText: the value, the model field, the form field and the template tag."""

import json

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.writer import MigrationWriter
from django.template import Context, Template
from django.test.utils import isolate_apps
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, ObjectList

from egov_cms.language import TranslatedText
from egov_cms.language.admin import TranslatedTextComparison
from egov_cms.language.fields import PhoneField, TranslatedTextField, name_order

MINISTRY = {"ar": "وزارة التخطيط", "ckb": "وەزارەتی پلاندانان", "en": "Ministry of Planning"}


@pytest.fixture(scope="module")
def table(django_db_setup, django_db_blocker):
    """A model with translated fields and its table, without a migration."""
    with isolate_apps("egov_cms.language"):

        class Thing(ClusterableModel):
            name = TranslatedTextField("name", max_length=30)
            note = TranslatedTextField("note", multiline=True, required="none")
            notice = TranslatedTextField("notice", required="all", default=dict)
            phone = PhoneField("telephone", blank=True)

            class Meta:
                app_label = "egov_language"

    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Thing)
        yield Thing
        with connection.schema_editor() as editor:
            editor.delete_model(Thing)


@pytest.fixture
def thing(table, db):
    return table


def test_the_text_is_in_the_active_language_else_in_the_first_that_has_it():
    text = TranslatedText(MINISTRY)
    with override("ckb"):
        assert str(text) == MINISTRY["ckb"]
    with override("en"):
        assert str(TranslatedText(ckb="وەزارەت", ar="وزارة")) == "وزارة"
        assert TranslatedText(ckb="وەزارەت").best() == ("وەزارەت", "ckb")
        assert TranslatedText(tr="Bakanlık").best("en") == ("Bakanlık", "tr")
    assert text.in_locale("en") == "Ministry of Planning"
    assert text.in_locale("tr") == ""
    assert TranslatedText().best("en") == ("", "en")
    assert text.best("ar-iq") == (MINISTRY["ar"], "ar")


def test_a_translated_text_compares_as_a_dict_and_is_false_without_text():
    assert TranslatedText(MINISTRY) == MINISTRY
    assert not TranslatedText({"ar": " ", "en": None, "ckb": ""})
    assert TranslatedText.of("وزارة") == {"ar": "وزارة"}
    assert TranslatedText.of(None) == {}


@given(st.dictionaries(st.sampled_from(["ar", "ckb", "en", "tr"]), st.text()))
def test_bidi_controls_are_removed(texts):
    text = TranslatedText(texts)
    assert not set("".join(text.values())) & set("\u200e\u200f\u202a\u202b\u202c\u2067\u2069")
    assert TranslatedText(text) == text
    assert all(text.values())


def test_values_are_unchanged_by_the_database_and_by_serialisers(thing):
    created = thing.objects.create(name=MINISTRY, note=None)
    assert created.name.in_locale("en") == "Ministry of Planning"
    read = thing.objects.get()
    assert (read.name, read.note) == (MINISTRY, {})
    assert isinstance(read.name, TranslatedText)
    field = thing._meta.get_field("name")
    (dumped,) = serializers.serialize("python", [read])
    assert field.to_python(dumped["fields"]["name"]) == MINISTRY
    assert field.to_python(json.dumps(field.value_to_string(read))) == MINISTRY
    with pytest.raises(ValidationError):
        field.to_python(["وزارة"])
    assert isinstance(thing.objects.only("note").get().name, TranslatedText)


def test_querysets_can_filter_by_language(thing):
    thing.objects.create(name=MINISTRY)
    thing.objects.create(name={"ar": "وزارة الصحة"})
    assert thing.objects.filter(name__en="Ministry of Planning").count() == 1
    assert thing.objects.filter(name__ckb__icontains="پلان").count() == 1
    assert thing.objects.filter(name__icontains="الصحة").count() == 1
    assert thing.objects.filter(name__has_key="en").count() == 1
    assert list(thing.objects.filter(name__en__isnull=False).values_list("name__ar", flat=True)) == [
        MINISTRY["ar"]
    ]
    assert thing.objects.values("name").first()["name"] == MINISTRY


def test_rows_are_ordered_by_a_language_and_its_fallbacks(thing):
    for texts in ({"ar": "ب", "en": "Zoo"}, {"ar": "A only Arabic"}, {"ar": "ا", "en": "Middle"}):
        thing.objects.create(name=texts)
    names = [
        str(row.name.in_locale("en") or row.name) for row in thing.objects.order_by(name_order("name", "en"))
    ]
    assert names == ["A only Arabic", "Middle", "Zoo"]


def test_letters_are_stored_without_escapes(thing):
    thing.objects.create(name={"ar": "وزارة"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(name AS TEXT) FROM egov_language_thing")
        assert "وزارة" in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "field",
    [
        TranslatedTextField(),
        TranslatedTextField("name", multiline=True, required="none", max_length=9, help_text="x"),
        TranslatedTextField(required="all", default=dict),
        PhoneField(foreign=True, blank=True),
    ],
)
def test_a_field_is_reconstructed_from_its_deconstruction(field):
    _name, path, args, kwargs = field.deconstruct()
    assert path.startswith("egov_cms.language.fields.")
    again = type(field)(*args, **kwargs)
    assert again.deconstruct() == field.deconstruct()
    assert again.blank == field.blank
    MigrationWriter.serialize(field)
    assert not {"ar", "ckb", "en"} & set(json.dumps(list(kwargs)).split('"'))


def test_the_error_contains_the_missing_language(thing):
    with pytest.raises(ValidationError) as refused:
        thing(name={"en": "only English"}, notice={"ar": "نعم"}).full_clean()
    messages = refused.value.message_dict
    assert len(messages["name"]) == 1
    assert "العربية" in messages["name"][0]
    assert ["کوردی" in message or "English" in message for message in messages["notice"]] == [True, True]
    assert "note" not in messages


def test_an_unknown_value_of_required_is_refused():
    with pytest.raises(ValueError, match="required"):
        TranslatedTextField(required="some")


def test_a_text_that_is_too_long_is_refused(thing):
    with pytest.raises(ValidationError) as refused:
        thing(name={"ar": "و" * 31}, notice=MINISTRY).full_clean()
    assert "31" in refused.value.message_dict["name"][0]


def test_the_form_has_an_input_for_every_language_with_its_direction(thing):
    form = forms.modelform_factory(thing, fields=["name", "note", "notice"])(
        instance=thing(name={"ar": "<b>وزارة</b>"})
    )
    html = str(form["name"])
    assert html.count("<input") == 3
    assert 'name="name_ar" value="&lt;b&gt;وزارة&lt;/b&gt;" lang="ar" dir="rtl"' in html
    assert '<label for="id_name_ckb" lang="ckb" dir="rtl">کوردی</label>' in html
    assert 'id="id_name_en"' in html
    assert html.count(" required") == 1
    assert str(form["notice"]).count(" required") == 3
    assert str(form["note"]).count("<textarea") == 3
    assert 'maxlength="30"' in html
    assert "translated_text.css" in str(form.media)


def test_the_form_cleans_texts_and_keeps_languages_that_it_does_not_show(thing):
    form_class = forms.modelform_factory(thing, fields=["name"])
    row = thing.objects.create(name={**MINISTRY, "tr": "Bakanlık"}, notice=MINISTRY)
    form = form_class({"name_ar": "\u202bوزارة\u202c ", "name_ckb": "", "name_en": "Ministry"}, instance=row)
    assert form.has_changed()
    assert form.is_valid(), form.errors
    assert form.save().name == {"ar": "وزارة", "en": "Ministry", "tr": "Bakanlık"}
    same = form_class({f"name_{code}": text for code, text in row.name.items()}, instance=row)
    assert not same.has_changed()


def test_a_required_language_can_be_missing_only_in_a_draft(thing):
    form_class = forms.modelform_factory(thing, fields=["name"])
    form = form_class({"name_ckb": "وەزارەت"})
    assert "العربية" in form.errors["name"][0]
    draft = form_class({"name_ckb": "وەزارەت"})
    draft.fields["name"].required = False
    assert draft.is_valid(), draft.errors
    assert draft.instance.name == {"ckb": "وەزارەت"}


def test_languages_come_from_the_settings(thing, settings):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("ckb", "Sorani"), ("ar", "Arabic"), ("tr", "Turkish")]
    html = str(forms.modelform_factory(thing, fields=["name"])()["name"])
    assert [html.index(f'name="name_{code}"') for code in ("ar", "ckb", "tr")] == sorted(
        html.index(f'name="name_{code}"') for code in ("ar", "ckb", "tr")
    )
    assert 'lang="tr" dir="ltr"' in html
    assert "name_en" not in html


@pytest.fixture
def panel(table, rf, admin_user):
    """Wagtail's editing form of a row, and the HTML of its field panels."""
    handler = ObjectList([FieldPanel("name"), FieldPanel("note")]).bind_to_model(table)
    request = rf.get("/")
    request.user = admin_user

    def render(row, data=None):
        form = handler.get_form_class()(data, instance=row, for_user=admin_user)
        return form, lambda: handler.get_bound_panel(instance=row, request=request, form=form).render_html()

    return render


def test_wagtails_panel_shows_one_labelled_input_per_language(panel, thing):
    _form, render = panel(thing(name=MINISTRY))
    html = render()
    for code in ("ar", "ckb", "en"):
        assert f'<label for="id_name_{code}"' in html
        assert f'id="id_name_{code}"' in html
    assert 'role="group" aria-label="Name"' in html
    assert html.count("<textarea") == 3


def test_the_source_language_can_be_missing_in_a_wagtail_draft(panel, thing):
    form, _render = panel(thing(), {"name_ckb": "وەزارەت"})
    form.defer_required_fields()
    assert form.is_valid(), form.errors
    published, _render = panel(thing(), {"name_ckb": "وەزارەت"})
    assert list(published.errors) == ["name"]


def test_revisions_keep_every_language(thing):
    row = thing(name=MINISTRY, note={"ckb": "تێبینی"})
    again = thing.from_json(row.to_json())
    assert (again.name, again.note) == (row.name, row.note)
    assert isinstance(again.name, TranslatedText)


def test_two_revisions_are_compared_language_by_language(thing):
    before, after = thing(name=MINISTRY), thing(name={**MINISTRY, "en": "Ministry of <Plans>"})
    comparison = TranslatedTextComparison(thing._meta.get_field("name"), before, after)
    assert comparison.has_changed()
    diff = comparison.htmldiff()
    assert "English" in diff
    assert "العربية" not in diff
    assert "&lt;Plans&gt;" in diff


@pytest.mark.parametrize(
    ("value", "locale", "html"),
    [
        (MINISTRY, "ckb", "وەزارەتی پلاندانان"),
        ({"ar": "وزارة & هيئة"}, "en", '<span lang="ar" dir="rtl">وزارة &amp; هيئة</span>'),
        ({"en": "<script>"}, "en", "&lt;script&gt;"),
        ({"en": "Office"}, "ar", '<span lang="en" dir="ltr">Office</span>'),
        ({}, "ar", ""),
        (None, "ar", ""),
        ("plain <text>", "ar", "plain &lt;text&gt;"),
    ],
)
def test_the_words_tag_marks_a_text_in_another_language(value, locale, html):
    with override(locale):
        shown = Template("{% load egov_language %}{% words value %}").render(Context({"value": value}))
    assert shown == html
