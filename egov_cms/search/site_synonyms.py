"""The synonym groups of the site, cached in each process until their version changes."""

from egov_cms.search.models import SynonymGroup
from egov_cms.search.synonyms import Synonyms

# (version, synonyms). The initial version differs from every real one, also from None, the version of a site
# whose groups have never been saved.
_cached = (object(), Synonyms())


def site_synonyms(version):
    """The active groups of the site; they are read again when `version` differs from the cached version."""
    global _cached
    cached_version, synonyms = _cached
    if cached_version != version:
        groups = SynonymGroup.objects.filter(active=True)
        synonyms = Synonyms((group.term_list, group.target_list, group.scope) for group in groups)
        _cached = (version, synonyms)
    return synonyms
