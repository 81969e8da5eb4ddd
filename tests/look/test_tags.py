import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.look.icons import PATHS
from egov_cms.look.templatetags.egov_look import page_numbers


def render(source, path="/", **context):
    request = RequestFactory().get(path)
    return Template("{% load egov_look %}" + source).render(RequestContext(request, context))


def test_the_query_string_keeps_other_parameters():
    html = render("{% query_string page=2 %}", "/?q=%D8%A7&channel=online&channel=counter")
    assert html == "?q=%D8%A7&amp;channel=online&amp;channel=counter&amp;page=2"


def test_an_empty_query_string_is_a_question_mark():
    assert render("{% query_string q=None %}", "/?q=a") == "?"


def test_a_list_in_the_query_string_repeats_the_parameter():
    assert render("{% query_string channel=channels %}", channels=["a", "b"]) == "?channel=a&amp;channel=b"


def test_the_pagination_links_to_the_previous_and_next_page():
    page = Paginator(range(95), 10).page(4)
    with translation.override("en"):
        html = render("{% pagination page_obj %}", "/?q=x&page=4", page_obj=page)
    assert 'rel="prev" href="?q=x&amp;page=3"' in html and 'rel="next" href="?q=x&amp;page=5"' in html
    assert "Page 4 of 10" in html and html.count('aria-current="page"') == 1


def test_the_url_of_the_first_page_has_no_page_number():
    assert 'href="?q=x"' in render("{% pagination number=2 pages=3 %}", "/?q=x&page=2")


def test_a_single_page_has_no_links():
    assert render("{% pagination number=1 pages=1 %}").strip() == ""


@given(st.integers(1, 500), st.integers(1, 500))
def test_page_numbers_ascend_and_include_the_first_and_last_page(number, pages):
    number = min(number, pages)
    shown = page_numbers(number, pages)
    numbers = [item for item in shown if item]
    assert numbers == sorted(set(numbers)) and {1, number, pages} <= set(numbers)
    assert len(shown) <= 9
    for before, gap, after in zip(shown, shown[1:], shown[2:], strict=False):
        if gap is None:
            assert after - before > 2


@pytest.mark.parametrize("name", PATHS)
def test_icons_are_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in render("{% icon name %}", name=name)


def test_only_directional_icons_are_mirrored():
    assert "mirror" in render("{% icon 'forward' %}") and "mirror" not in render("{% icon 'clock' %}")


@pytest.mark.parametrize(
    ("level", "name"), [("warning", "warn"), ("stop", "stop"), ("", "info"), ("<b>", "info"), (None, "info")]
)
def test_levels_of_notices(level, name):
    assert render("{% notice_level level as kind %}{{ kind.name }}", level=level) == name


def test_a_telephone_number_is_grouped_linked_and_isolated():
    html = render("{{ number|telephone }}", number="+9647701234567")
    assert html == '<a href="tel:+9647701234567"><bdi dir="ltr">+964 770 123 4567</bdi></a>'


def test_the_page_stamp_contains_the_url():
    assert "http://testserver/ar/x/" in render("{% page_stamp %}", "/ar/x/?q=1")
    assert Template("{% load egov_look %}{% page_stamp %}").render(Context()) == ""


def test_a_short_row_of_a_table_gets_empty_cells():
    html = render(
        "{% for a, b in first|zipped:second %}{{ a }}{{ b }};{% endfor %}", first=[1, 2, 3], second=["x"]
    )
    assert html == "1x;2;3;"
