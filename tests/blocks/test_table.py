"""The table: whatever is stored reads, translates and downloads; no cell runs in a spreadsheet."""

import csv
import io
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

from blocks.table import MAX_ROWS, Cells, Table, guarded, table_rows, write_csv

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
    def test_any_stored_table_becomes_a_rectangle_that_stays_the_same(self, stored):
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
    def test_nothing_stored_is_an_empty_table(self, stored):
        value = Cells().to_python(stored)
        assert (value.columns, value.caption) == ([], "")

    def test_numbers_are_numbers_and_shown_grouped_at_the_end(self):
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

    def test_a_draft_may_lack_everything_and_a_publication_nothing(self):
        for value in (Cells().get_default(), table([["1", "2"]], headings=("", "ب"), caption=" ")):
            assert self.problems(value, draft=True) == []
            assert len(self.problems(value)) == 2

    def test_a_complete_table_passes(self):
        assert self.problems(table([["1", "2"]])) == []

    def test_a_table_too_big_for_a_page_is_refused_even_as_a_draft(self):
        assert self.problems(table([["1", "2"]] * (MAX_ROWS + 1)), draft=True)


class TestTranslating:
    @given(stored_tables)
    def test_every_text_comes_back_in_its_place(self, stored):
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

    def test_cells_without_letters_are_not_given_to_translators(self):
        segments = Cells().get_translatable_segments(table([["2026", "12.5%"], ["—", "+964 780"]]))
        assert [s.render_text() for s in segments] == ["جدول", "أ", "ب"]


def block_texts(value):
    return [[value.caption], [c["heading"] for c in value.columns], *[r["values"] for r in value.row_data]]


def ended(cell):
    if not isinstance(cell, str) or not any(letter.isalpha() for letter in cell):
        return cell
    # A translation is HTML inside wagtail-localize: it knows one kind of line end.
    return f"{cell}…"


class TestFile:
    @given(st.lists(st.lists(text, min_size=1, max_size=4), min_size=1, max_size=5))
    def test_what_is_written_reads_back_but_for_the_guard(self, rows):
        data = write_csv(rows)
        assert data.startswith(b"\xef\xbb\xbf")
        again = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert again == [[guarded(cell) for cell in row] for row in rows]

    @given(text)
    def test_no_cell_starts_a_formula(self, cell):
        for risky in (
            cell,
            f"={cell}",
            f"+{cell}",
            f"-{cell}",
            f"@{cell}",
            f"\t{cell}",
            f"\r={cell}",
            f"\u200f={cell}",
        ):
            safe = guarded(risky)
            assert safe in (risky, f"'{risky}")
            if safe[:1] in "=@\t\r\n" or (safe[:1] in "+-" and not safe[1:2].isdecimal()):
                assert safe == ""

    @pytest.mark.parametrize(
        "risky", ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", " =1", "\u200f=1", "＝1", "+964 780 000"]
    )
    def test_formulas_are_marked(self, risky):
        assert guarded(risky) == f"'{risky}"

    @pytest.mark.parametrize(
        "plain", ["-5", "+5", "-1,234.50", "12%", "-12.5 %", "", "نص", "5-3", "٥", "-٥٫٢"]
    )
    def test_numbers_and_words_are_not(self, plain):
        assert guarded(plain) == plain

    def test_numbers_are_plain_in_the_file(self):
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

    def test_a_live_page_gives_its_table(self, page, client, django_assert_max_num_queries):
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

    def test_a_page_that_is_not_live_gives_nothing(self, page, client, admin_client):
        page.unpublish()
        assert client.get(self.url(page), follow=True).status_code == 404
        assert admin_client.get(self.url(page), follow=True).status_code == 404

    def test_a_page_that_is_not_public_gives_nothing(self, page, client):
        PageViewRestriction.objects.create(page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN)
        assert client.get(self.url(page), follow=True).status_code == 404

    def test_a_draft_of_a_live_page_is_not_given_away(self, page, client):
        page.body[1].value["cells"].row_data[0]["values"][0] = "سر"
        page.save_revision()
        assert "سر" not in client.get(self.url(page)).content.decode()
