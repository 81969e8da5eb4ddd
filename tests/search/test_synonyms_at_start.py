import importlib

import pytest

from egov_cms.search import site_synonyms
from egov_cms.search.models import SynonymGroup


@pytest.mark.django_db
def test_a_new_process_uses_groups_that_were_created_without_signals():
    SynonymGroup.objects.bulk_create([SynonymGroup(terms="إجازة سوق\nرخصة قيادة")])
    started = importlib.reload(site_synonyms)
    try:
        # No version has ever been stored, so it is None.
        assert started.site_synonyms(None).keys
    finally:
        started._cached = (object(), started.Synonyms())
