"""The table: any stored value can be read, translated and downloaded; no cell is a formula in a spreadsheet."""

import json
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction
from wagtail_localize.segments.types import StringSegmentValue

from blocks.table import MAX_ROWS, Cells, Table, table_rows

from .html import read

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
cell = st.one_of(
    text, st.none(), st.integers(-(10**18), 10**18), st.sampled_from(["12.50", "NaN", "Infinity", "x"])
)
column = st.fixed_dictionaries(
    {"heading": st.one_of(text, st.none()), "type": st.sampled_from(["text", "number", "gone", None])}
)
stored_tables = st.fixed_dictionaries(
    {
        "caption": st.one_of(text, st.none()),
        "columns": st.lists(column, max_size=4),
        "rows": st.lists(st.fixed_dictionaries({"values": st.lists(cell, max_size=6)}), max_size=5),
    }
)


def table(rows, headings=("أ", "ب"), caption="جدول", types=("text", "text")):
    columns = [{"type": kind, "heading": heading} for kind, heading in zip(types, headings, strict=True)]
    return Cells().to_python(
        {"caption": caption, "columns": columns, "rows": [{"values": row} for row in rows]}
    )


class TestReading:
    @given(stored_tables)
    def test_any_stored_table_is_read_as_a_rectangle_and_saved_unchanged(self, stored):
        block = Cells()
        value = block.to_python(stored)
        assert all(len(row["values"]) == len(value.columns) for row in value.row_data)
        again = json.loads(json.dumps(block.get_prep_value(value), default=str))
        assert block.get_prep_value(block.to_python(again)) == block.get_prep_value(value)

    @given(stored_tables)
    def test_any_stored_table_renders_as_valid_html(self, stored):
        block = Table()
        html = block.render(block.to_python({"cells": stored, "row_headers": True}))
        assert read(html)[0] == []

    @pytest.mark.parametrize(
        "stored", [None, {}, {"columns": None, "rows": None}, {"rows": [{"values": [1]}]}]
    )
    def test_an_empty_value_is_an_empty_table(self, stored):
        value = Cells().to_python(stored)
        assert (value.columns, value.caption) == ([], "")

    def test_numbers_are_stored_as_numbers_and_rendered_grouped(self):
        value = table([["رسم", "1234567.5"]], types=("text", "number"))
        assert value.row_data[0]["values"] == ["رسم", Decimal("1234567.5")]
        block = Table()
        html = block.render(block.normalize({"cells": value, "row_headers": True, "source": ""}))
        assert '<td class="num"><bdi>1,234,567.5</bdi></td>' in html
        assert '<th scope="row">رسم</th>' in html


class TestChecking:
    def problems(self, value, draft=False):
        block = Cells()
        try:
            (block.clean_deferred if draft else block.clean)(value)
        except ValidationError as error:
            return [message for problem in error.non_block_errors.as_data() for message in problem.messages]
        return []

    def test_only_a_publication_must_be_complete(self):
        for value in (Cells().get_default(), table([["1", "2"]], headings=("", "ب"), caption=" ")):
            assert self.problems(value, draft=True) == []
            assert len(self.problems(value)) == 2

    def test_a_complete_table_passes(self):
        assert self.problems(table([["1", "2"]])) == []

    def test_a_too_large_table_is_refused_even_in_a_draft(self):
        assert self.problems(table([["1", "2"]] * (MAX_ROWS + 1)), draft=True)


class TestTranslating:
    @given(stored_tables)
    def test_every_translated_text_is_restored_at_its_position(self, stored):
        block = Cells()
        source = block.to_python(stored)
        segments = block.get_translatable_segments(source)
        assert len({segment.path for segment in segments}) == len(segments)
        translated = block.restore_translated_segments(
            source, [StringSegmentValue(s.path, f"{s.render_text()}…") for s in segments]
        )
        expected = [[ended(cell) for cell in row] for row in block_texts(source)]
        assert block_texts(translated) == expected

    def test_a_text_used_twice_is_translated_once_and_moving_it_changes_nothing(self):
        block = Cells()
        first = block.get_translatable_segments(table([["نعم", "لا"], ["نعم", "5"]]))
        moved = block.get_translatable_segments(table([["5", "نعم"], ["لا", "نعم"]]))
        assert {s.path for s in first} == {s.path for s in moved}
        assert [s.render_text() for s in first] == ["جدول", "أ", "ب", "نعم", "لا"]

    def test_cells_without_letters_are_not_translated(self):
        segments = Cells().get_translatable_segments(table([["2026", "12.5%"], ["—", "+964 780"]]))
        assert [s.render_text() for s in segments] == ["جدول", "أ", "ب"]


def block_texts(value):
    return [[value.caption], [c["heading"] for c in value.columns], *[r["values"] for r in value.row_data]]


def ended(cell):
    if not isinstance(cell, str) or not any(letter.isalpha() for letter in cell):
        return cell
    # wagtail-localize stores translations as HTML, with one kind of line end.
    return f"{cell}…"


class TestFile:
    def test_numbers_are_not_grouped_in_the_file(self):
        assert table_rows(table([["أ", "1234567.50"], ["ب", None]], types=("text", "number")))[1:] == [
            ["أ", "1234567.50"],
            ["ب", ""],
        ]


class TestAddress:
    @pytest.fixture
    def page(self, make_page):
        cells = Cells()
        stored = json.loads(json.dumps(cells.get_prep_value(table([["وثيقة", "=1+1"]])), default=str))
        return make_page(("heading", {"text": "عنوان"}), ("table", {"cells": stored}))

    def url(self, page, number=1):
        return reverse("egov_blocks:table_csv", args=[page.pk, page.body[number].id])

    def test_the_table_of_a_live_page_can_be_downloaded(self, page, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            response = client.get(self.url(page))
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Language"] == "ar"
        assert response.content.decode("utf-8-sig") == "أ,ب\r\nوثيقة,'=1+1\r\n"
        assert not response.cookies

    def test_the_page_links_to_it(self, page, rf):
        html = page.body.render_as_block({"page": page, "request": rf.get("/")})
        assert f'href="{self.url(page)}"' in html

    def test_a_preview_of_an_unpublished_page_does_not(self, page, rf):
        page.live = False
        assert ".csv" not in page.body.render_as_block({"page": page, "request": rf.get("/")})

    def test_other_blocks_pages_and_methods_are_refused(self, page, client):
        assert client.get(self.url(page, number=0), follow=True).status_code == 404
        assert client.get(reverse("egov_blocks:table_csv", args=[page.pk, uuid.uuid4()])).status_code == 404
        assert (
            client.get(reverse("egov_blocks:table_csv", args=[page.pk + 999, uuid.uuid4()])).status_code
            == 404
        )
        assert client.post(self.url(page)).status_code == 405

    def test_the_table_of_a_page_that_is_not_live_is_404(self, page, client, admin_client):
        page.unpublish()
        assert client.get(self.url(page), follow=True).status_code == 404
        assert admin_client.get(self.url(page), follow=True).status_code == 404

    def test_the_table_of_a_page_that_is_not_public_is_404(self, page, client):
        PageViewRestriction.objects.create(page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN)
        assert client.get(self.url(page), follow=True).status_code == 404

    def test_the_draft_of_a_live_page_is_not_downloaded(self, page, client):
        page.body[1].value["cells"].row_data[0]["values"][0] = "سر"
        page.save_revision()
        assert "سر" not in client.get(self.url(page)).content.decode()
