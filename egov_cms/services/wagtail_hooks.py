from wagtail.snippets.models import register_snippet

from egov_cms.services.admin import CatalogueGroup

register_snippet(CatalogueGroup)
