"""A part of the name of kept HTML (`page_cache.cached_by_version`), beside what it is and its language."""

import uuid

# HTML holds for the templates and hashed file names of one release: a new one must not find that of the last.
STARTED = uuid.uuid4().hex[:12]
