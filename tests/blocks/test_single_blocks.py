"""Headings, rich text, pictures, video, places: the rules of each block."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from blocks.fields import StreamField
from blocks.media import Gallery, Picture, Video, embed_url
from blocks.places import Place, map_links
from blocks.richtext import safe_html
from blocks.text import outline

from .html import read


class TestHeadings:
    def stream(self, *headings):
        return StreamField("body").to_python(
            [{"type": "heading", "value": value, "id": f"{n}2345678-x"} for n, value in enumerate(headings)]
        )

    def test_each_has_a_stable_id(self):
        value = self.stream({"text": "أول", "level": "h2", "anchor": "first"}, {"text": "ثان", "level": "h3"})
        html = value.render_as_block({})
        assert '<h2 id="first">أول</h2>' in html
        assert '<h3 id="h-12345678">ثان</h3>' in html

    def test_the_outline_lists_them(self):
        value = self.stream({"text": "أول", "anchor": "first"}, {"text": ""}, {"text": "ثان", "level": "h3"})
        assert outline(value) == [
            {"level": 2, "id": "first", "title": "أول"},
            {"level": 3, "id": "h-22345678", "title": "ثان"},
        ]

    def test_two_with_one_anchor_are_refused(self):
        field = StreamField("body")
        items = [("heading", {"text": text, "level": "h2", "anchor": "same"}) for text in "ab"]
        with pytest.raises(ValidationError) as error:
            field.stream_block.clean(field.to_python(items))
        assert list(error.value.block_errors) == [1]

    @pytest.mark.parametrize("anchor", ["1a", "أ", "A", "a b", "-a", 'a"'])
    def test_an_anchor_is_a_plain_name(self, anchor):
        field = StreamField("body")
        with pytest.raises(ValidationError):
            field.stream_block.clean(
                field.to_python([("heading", {"text": "x", "level": "h2", "anchor": anchor})])
            )


class TestRichText:
    @pytest.mark.parametrize(
        "html",
        [
            "<script>alert(1)</script>",
            '<a href="javascript:alert(1)">x</a>',
            '<p onclick="x()">x</p>',
            '<img src=x onerror="x()">',
            '<iframe src="https://example.iq"></iframe>',
            '<p style="color:red">x</p>',
            '<embed embedtype="image" id="1" format="left" alt="x"/>',
        ],
    )
    def test_only_allowed_tags_are_kept(self, html, db):
        safe = safe_html(html)
        for part in ("script", "javascript", "onclick", "onerror", "iframe", "style", "<img"):
            assert part not in safe

    @given(st.text(alphabet="<>/=\"' abpscript:onhref&;#xـع", max_size=60))
    def test_no_text_can_contain_a_script(self, html):
        assert "<script" not in safe_html(html)

    def test_a_passage_can_have_a_language(self):
        assert safe_html('<p>كلمة <span lang="en" dir="ltr">budget</span></p>').count('lang="en"') == 1

    def test_a_link_to_a_page_leads_to_the_readers_language(self, make_page, homes):
        page = make_page()
        source = f'<p><a linktype="page" id="{page.pk}">x</a></p>'
        assert 'href="/ar/page/"' in safe_html(source) and "hreflang" not in safe_html(source)
        with translation.override("en"):
            assert '<a href="/ar/page/" hreflang="ar">' in safe_html(source)
            english = page.copy_for_translation(homes["en"].locale)
            english.live = True
            english.save()
            assert '<a href="/en/page/">' in safe_html(source)

    def test_a_link_to_a_deleted_page_is_rendered_as_text(self, make_page):
        page = make_page()
        page.unpublish()
        for key in (page.pk, 0, "x"):
            assert "href" not in safe_html(f'<a linktype="page" id="{key}">x</a>')

    def test_many_links_run_as_many_queries_as_one(self, make_page, homes, django_assert_max_num_queries):
        pages = [make_page(slug=f"p{number}") for number in range(6)]
        source = "".join(f'<p><a linktype="page" id="{page.pk}">x</a></p>' for page in pages)
        with translation.override("en"), django_assert_max_num_queries(6):
            assert safe_html(source).count("hreflang") == 6


class TestPictures:
    def test_one_is_published_with_a_text_or_as_decoration(self, image):
        block = Picture()
        for stored in ({"alt": "وصف"}, {"decorative": True}):
            block.clean(block.to_python({"image": image.pk, **stored}))
        bare = block.to_python({"image": image.pk})
        block.clean_deferred(bare)
        with pytest.raises(ValidationError) as error:
            block.clean(bare)
        assert list(error.value.block_errors) == ["alt"]

    def test_it_is_rendered_in_three_formats_with_its_size(self, image):
        block = Picture()
        html = block.render(block.to_python({"image": image.pk, "alt": "وصف <b>", "decorative": False}))
        for part in (
            "image/avif",
            "image/webp",
            'loading="lazy"',
            'width="480"',
            'height="48"',
            "وصف &lt;b&gt;",
        ):
            assert part in html
        assert read(html)[0] == []

    def test_decoration_has_an_empty_text(self, image):
        block = Picture()
        html = block.render(block.to_python({"image": image.pk, "alt": "x", "decorative": True}))
        assert 'alt=""' in html

    def test_a_deleted_picture_is_not_rendered(self, image):
        block = Picture()
        stored = {"image": image.pk, "alt": "x", "caption": "y"}
        image.delete()
        assert read(block.render(block.to_python(stored))) == ([], "")

    def test_a_missing_file_does_not_break_the_page(self, image):
        image.file.storage.delete(image.file.name)
        block = Picture()
        block.render(block.to_python({"image": image.pk, "alt": "x"}))

    def test_many_pictures_run_two_queries(self, image, django_assert_num_queries):
        block = Gallery()
        stored = {"images": [{"image": image.pk, "alt": str(number)} for number in range(5)]}
        block.render(block.to_python(stored))
        with django_assert_num_queries(2):
            assert block.render(block.to_python(stored)).count("<img") == 5


class TestVideo:
    @pytest.mark.parametrize(
        ("url", "player"),
        [
            (
                "https://www.youtube.com/watch?v=abcdefghijk&t=3",
                "https://www.youtube-nocookie.com/embed/abcdefghijk",
            ),
            ("https://youtu.be/abcdefghijk", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
            ("https://vimeo.com/123456", "https://player.vimeo.com/video/123456?dnt=1"),
            ("https://video.example.gov.iq/v/1", "https://video.example.gov.iq/v/1"),
            ("https://elsewhere.example/watch?v=abcdefghijk", ""),
            ("https://www.youtube.com/watch?v=../../x", ""),
            ("https://www.youtube.com/", ""),
            ("https://vimeo.com/about", ""),
            ("https://www.youtube.com.evil.example/watch?v=abcdefghijk", ""),
            ("http://www.youtube.com/watch?v=abcdefghijk", ""),
            ("javascript:alert(1)", ""),
        ],
    )
    def test_a_player_opens_only_for_listed_hosts(self, settings, url, player):
        settings.EGOV = {"VIDEO_HOSTS": ["www.youtube.com", "youtu.be", "vimeo.com", "video.example.gov.iq"]}
        settings.CONTENT_SECURITY_POLICY = None
        assert embed_url(url) == player

    @pytest.mark.parametrize(
        ("policy", "opens"),
        [
            (None, True),
            ({"DIRECTIVES": {"default-src": ["'none'"]}}, False),
            ({"DIRECTIVES": {"default-src": ["'self'"], "frame-src": ["https://player.vimeo.com"]}}, False),
            (
                {
                    "DIRECTIVES": {
                        "default-src": ["'none'"],
                        "frame-src": ["https://www.youtube-nocookie.com"],
                    }
                },
                True,
            ),
        ],
    )
    def test_a_player_that_the_policy_would_block_is_not_offered(self, settings, policy, opens):
        settings.EGOV = {"VIDEO_HOSTS": ["youtu.be"]}
        settings.CONTENT_SECURITY_POLICY = policy
        assert bool(embed_url("https://youtu.be/abcdefghijk")) is opens

    def test_with_the_suites_own_policy_a_video_is_a_plain_link(self):
        assert embed_url("https://youtu.be/abcdefghijk") == ""

    def test_it_is_a_plain_link_where_no_host_is_allowed(self, settings):
        settings.EGOV = {"VIDEO_HOSTS": []}
        block = Video()
        html = block.render(
            block.to_python({"title": "فلم", "url": "https://www.youtube.com/watch?v=abcdefghijk"})
        )
        assert "data-player" not in html and "<script" not in html
        assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in html


class TestPlaces:
    def clean(self, latitude, longitude):
        block = Place()
        block.clean(block.to_python({"name": "مقر", "latitude": latitude, "longitude": longitude}))

    def test_a_place_in_iraq_is_valid(self):
        self.clean("33.325", "44.396")
        self.clean("36.19", "44.01")

    @pytest.mark.parametrize(
        ("latitude", "longitude"), [("44.396", "33.325"), ("0", "0"), ("33.3", "60"), ("24.7", "46.7")]
    )
    def test_a_place_outside_iraq_is_not_valid(self, latitude, longitude):
        with pytest.raises(ValidationError):
            self.clean(latitude, longitude)

    def test_it_has_links_to_maps(self):
        links = map_links(Decimal("33.325000"), Decimal("44.4"))
        assert links["geo_url"] == "geo:33.325,44.4"
        assert links["osm_url"] == "https://www.openstreetmap.org/?mlat=33.325&mlon=44.4#map=17/33.325/44.4"
        assert map_links(None, Decimal(44)) == {}
