"""Everything that a room gives to the search can be found, and leads to a page that answers."""

from egov_cms.search import search
from egov_cms.search.documents import indexes
from egov_cms.search.models import SITE, Entry


def test_results_of_every_type_lead_to_a_page(loaded, client, subtests):
    for index in indexes():
        for language in ("ar", "ckb", "en"):
            with subtests.test(index.type, language=language):
                entry = Entry.objects.filter(space=SITE, type=index.type, locale=language).first()
                assert entry, "the demonstration has nothing of this type"
                title = entry.title
                found = search(title, language, types=[index.type], per_page=50)
                assert entry.document_id in [hit.id for hit in found.hits]
                assert client.get(entry.url).status_code == 200
