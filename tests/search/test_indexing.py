"""Changes by editors are effective in search immediately: in results, suggestions and spelling corrections."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks.signals import task_finished
from wagtail.documents.models import Document as File
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from egov_cms.search import SearchDocument, documents, indexing, rebuild, search, store, suggest
from egov_cms.search.models import AttachmentText, Entry, VocabularyWord
from egov_cms.site import models as site
from egov_cms.site.publication import together
from egov_cms.site.tree import insert_pages

from .conftest import add

pytestmark = pytest.mark.django_db
THINGS = 1000


def found(query, locale="ar"):
    results = search(query, locale)
    return [hit.title for hit in [*results.hits, *results.other_languages]]


def found_and_suggested(query, locale="ar"):
    return found(query, locale), [hit.title for hit in suggest(query, locale)]


@pytest.fixture
def news(homes):
    index = add(homes["ar"], site.NewsIndexPage, "news")
    return add(
        index, site.NewsPage, "story", title="افتتاح مركز الطابو", date=dt.date(2026, 2, 1), summary="خبر."
    )


def test_a_published_page_is_found(news):
    assert found_and_suggested("طابو") == (["افتتاح مركز الطابو"], [])
    assert [hit.url for hit in suggest("افتتا", "ar")] == ["/ar/news/story/"]


def test_an_edit_is_found_only_after_it_is_published(news):
    news.title = "افتتاح مركز المرور"
    revision = news.save_revision()
    assert found("مرور") == []
    revision.publish()
    assert found("مرور") == ["افتتاح مركز المرور"]
    assert found("طابو") == []


class TestPublishedTogether:
    @pytest.fixture
    def publish(self, homes):
        """Publish one news item per title together; returns the queries on the tables of search."""
        index = add(homes["ar"], site.NewsIndexPage, "news")

        def publish(*titles):
            pages = [
                site.NewsPage(
                    title=title,
                    slug=f"item-{number}",
                    summary="خبر.",
                    date=dt.date(2026, 2, 1),
                    locale=index.locale,
                )
                for number, title in enumerate(titles, site.NewsPage.objects.count())
            ]
            with CaptureQueriesContext(connection) as queries:
                insert_pages([(index, page) for page in pages], publish=True)
            return [query["sql"] for query in queries if '"egov_search_' in query["sql"]]

        return publish

    def test_the_number_of_queries_does_not_grow_with_the_pages(self, publish):
        few = publish("افتتاح مركز الطابو", "افتتاح مركز المرور")
        many = publish(*(f"افتتاح مركز {number}" for number in range(40)))
        assert len(many) == len(few)
        assert found("الطابو") == ["افتتاح مركز الطابو"]
        assert found("مركز 39") == ["افتتاح مركز 39"]

    def test_an_error_in_one_page_does_not_stop_the_others(self, publish, monkeypatch, caplog):
        make = indexing.documents_of

        def broken(obj, *args):
            if obj.title == "خبر معطوب":
                raise ValueError("broken")
            return make(obj, *args)

        monkeypatch.setattr(indexing, "documents_of", broken)
        publish("افتتاح مركز الطابو", "خبر معطوب", "افتتاح مركز المرور")
        assert sorted(found("افتتاح")) == ["افتتاح مركز الطابو", "افتتاح مركز المرور"]
        assert len(caplog.records) == 1 and "could not be brought up to date" in caplog.text


def test_an_unpublished_page_is_removed_with_its_vocabulary(news):
    news.unpublish()
    assert found_and_suggested("افتتاح") == ([], [])
    assert not VocabularyWord.objects.filter(folded="الطابو").exists()
    assert search("الطبو", "ar").suggestion == ""


def test_a_deleted_page_is_removed(news):
    news.delete()
    assert found_and_suggested("افتتاح") == ([], [])


def test_a_private_page_is_not_found_until_its_restriction_is_deleted(news):
    restriction = PageViewRestriction.objects.create(
        page=news.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    assert found_and_suggested("افتتاح") == ([], [])
    news.save_revision().publish()
    assert found_and_suggested("افتتاح") == ([], [])
    restriction.delete()
    assert found_and_suggested("افتتاح") == (["افتتاح مركز الطابو"], ["افتتاح مركز الطابو"])


def test_a_changed_slug_updates_the_urls_of_descendants(news, django_capture_on_commit_callbacks):
    parent = news.get_parent().specific
    parent.slug = "press"
    with django_capture_on_commit_callbacks(execute=True):
        parent.save_revision().publish()
    assert [hit.url for hit in search("طابو", "ar").hits] == ["/ar/press/story/"]


def test_records_are_found_while_they_are_public(homes):
    add(homes["ar"], site.OfficeIndexPage, "offices")
    place = site.Governorate.objects.create(
        code="T", slug="baghdad", name={"ar": "بغداد", "ckb": "بەغدا", "en": "Baghdad"}
    )
    office = site.Office.objects.create(
        slug="karkh", governorate=place, name={"ar": "مديرية جوازات الكرخ", "en": "Karkh passport office"}
    )
    assert found("جوازات بغداد") == ["مديرية جوازات الكرخ"]
    assert [hit.url for hit in search("كرخ", "ar").hits] == ["/ar/offices/baghdad/karkh/"]
    office.is_public = False
    office.save()
    assert found("جوازات") == []
    office.is_public = True
    office.save()
    office.delete()
    assert found("جوازات") == []


def test_a_law_is_found_by_kind_number_and_year(homes):
    add(homes["ar"], site.LegislationIndexPage, "legislation")
    make_law("8")
    make_law("21", title={"ar": "قانون الشركات"})
    assert found("قانون 21 2019")[0] == "قانون الشركات"


def test_a_rebuild_restores_missing_entries_and_removes_stale_ones(news):
    before = Entry.objects.count()
    Entry.objects.filter(type="news").delete()
    store.put([("", SearchDocument("ghost", "news", "ar", "شبح", "/"))])
    VocabularyWord.objects.all().delete()
    assert rebuild() == before
    assert found_and_suggested("افتتاح") == (["افتتاح مركز الطابو"], ["افتتاح مركز الطابو"])
    assert not Entry.objects.filter(document_id="ghost").exists()


class Thing:
    """An object without a table, so that creating a thousand is fast."""

    class _meta:
        label_lower = "tests.thing"

        @staticmethod
        def get_parent_list():
            return [Thing]

    def __init__(self, number):
        self.pk = number


@pytest.fixture
def things():
    def documents_of(thing):
        yield SearchDocument(f"t{thing.pk}", "thing", "ar", f"سند رقم {thing.pk}", f"/{thing.pk}/")

    index = documents.Index("thing", Thing, documents_of, "Things", objects=lambda: map(Thing, range(THINGS)))
    documents.register(index)
    yield index
    documents.unregister("thing")


def test_search_answers_during_a_rebuild(homes, things):
    rebuild()
    totals = set()
    rebuild(lambda done, total: totals.add(search("سند", "ar").total))
    assert totals == {THINGS}


def test_edits_keep_the_word_counts_correct(news):
    for title in ("مرور", "طابو", "مرور"):
        news.title = title
        news.save_revision().publish()
    counted = dict(VocabularyWord.objects.values_list("folded", "documents"))
    rebuild()
    assert dict(VocabularyWord.objects.values_list("folded", "documents")) == counted


def make_law(number, **fields):
    return site.LegalReference.objects.create(
        **{"number": number, "year": 2019, "title": {"ar": f"قانون المرور رقم {number}"}, **fields}
    )


class TestAttachments:
    @pytest.fixture
    def law(self, homes, settings, tmp_path, django_capture_on_commit_callbacks):
        settings.MEDIA_ROOT = tmp_path
        add(homes["ar"], site.LegislationIndexPage, "legislation")

        def attach(content, name):
            with django_capture_on_commit_callbacks(execute=True):
                file = ContentFile(content, name=name)
                document = File.objects.create(
                    title="نص", file=file, collection=Collection.get_first_root_node()
                )
                return make_law("8", title={"ar": "قانون المرور"}, file=document)

        return attach

    def test_the_text_of_an_office_file_is_found(self, law):
        law(docx("تحدد الغرامة بمئة ألف دينار"), "law.docx")
        assert found("الغرامات") == ["قانون المرور"]
        assert "<mark>الغرامة</mark>" in search("غرامه", "ar").hits[0].highlight

    def test_the_text_of_a_pdf_is_found(self, law):
        law(pdf("Speed limits on motorways"), "law.pdf")
        assert found("motorway") == ["قانون المرور"]

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"PK\x03\x04broken"])
    @pytest.mark.parametrize("name", ["law.pdf", "law.docx"])
    def test_a_broken_file_is_skipped_and_logged(self, law, caplog, content, name):
        law(content, name)
        assert found("المرور") == ["قانون المرور"]
        assert "was skipped" in caplog.text
        assert AttachmentText.objects.get().problem

    def test_a_file_in_a_private_collection_is_not_found(self, law):
        reference = law(docx("تحدد الغرامة"), "law.docx")
        restriction = CollectionViewRestriction.objects.create(
            collection=reference.file.collection, restriction_type=CollectionViewRestriction.LOGIN
        )
        assert found("الغرامة") == []
        restriction.delete()
        assert found("الغرامة") == ["قانون المرور"]

    def test_a_detached_file_is_not_found(self, law, django_capture_on_commit_callbacks):
        reference = law(docx("تحدد الغرامة"), "law.docx")
        with django_capture_on_commit_callbacks(execute=True):
            reference.file = None
            reference.save()
        assert found("الغرامة") == []
        assert found("المرور") == ["قانون المرور"]

    def test_a_rebuild_reads_the_files_that_nobody_has_read(self, law):
        with together(skipped=frozenset({"search"})):
            law(docx("تحدد الغرامة"), "law.docx")
        AttachmentText.objects.all().delete()
        rebuild()
        assert AttachmentText.objects.exists()
        assert found("الغرامة") == ["قانون المرور"]

    @pytest.mark.parametrize("attached", [False, True])
    def test_the_task_runs_only_for_objects_with_a_document(self, homes, settings, tmp_path, attached):
        settings.MEDIA_ROOT = tmp_path
        file = File.objects.create(title="نص", file=ContentFile(b"", name="law.pdf")) if attached else None
        finished = []

        def record(task_result, **kwargs):
            finished.append(task_result.task.name)

        task_finished.connect(record)
        make_law("8", title={"ar": "قانون المرور"}, file=file)
        task_finished.disconnect(record)
        assert ("read_attachments_of" in finished) is attached

    def test_a_deleted_file_is_not_found(self, law):
        law(docx("تحدد الغرامة"), "law.docx").file.delete()
        assert found("الغرامة") == []
        assert not AttachmentText.objects.exists()


def docx(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
            f"<w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
        )
    return out.getvalue()


def pdf(text):
    """The smallest PDF with one line of text."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        out.rindex(b"xref\n0"),
    )
