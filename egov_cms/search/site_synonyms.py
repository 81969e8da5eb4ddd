"""The synonyms that editors keep, read once for each of their versions."""

from egov_cms.search.models import SynonymGroup
from egov_cms.search.synonyms import Synonyms

# Unlike any version, also the None of a site whose groups nobody has touched.
_cached = (object(), Synonyms())


def site_synonyms(number):
    """The active groups of the site, read again when their version `number` differs from the cached one."""
    global _cached
    known, synonyms = _cached
    if known != number:
        groups = SynonymGroup.objects.filter(active=True)
        synonyms = Synonyms((group.term_list, group.target_list, group.scope) for group in groups)
        _cached = (number, synonyms)
    return synonyms
