import importlib

import pytest

from egov_cms.search import site_synonyms
from egov_cms.search.models import SynonymGroup


@pytest.mark.django_db
def test_groups_loaded_without_signals_are_used_by_a_new_process():
    SynonymGroup.objects.bulk_create([SynonymGroup(terms="إجازة سوق\nرخصة قيادة")])
    started = importlib.reload(site_synonyms)
    try:
        # No version was ever raised: `None` is the number of such a site.
        assert started.site_synonyms(None).keys
    finally:
        started._cached = (object(), started.Synonyms())
