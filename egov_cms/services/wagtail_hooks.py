from wagtail.snippets.models import register_snippet

from egov_cms.services.admin import CatalogueGroup
from egov_cms.services.experience import hooks as experience_hooks  # noqa: F401
from egov_cms.services.reform import hooks as reform_hooks  # noqa: F401
from egov_cms.services.truth import hooks  # noqa: F401

register_snippet(CatalogueGroup)
