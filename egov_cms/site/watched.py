"""The models whose rows the public can see, in themselves or in what is made of them."""

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.search.documents import is_searched

Page = page_model()

SHOWN_MODELS = {
    "wagtailcore.locale",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.site",
    "wagtaildocs.document",
    "wagtailimages.image",
    "wagtailredirects.redirect",
}
# Rows that requests of readers write: counts of searches, search entries, feedback.
QUIET_APPS = {"egov_search"}
QUIET_MODELS = {"egov_site.pagefeedback"}


def is_watched(model) -> bool:
    """Can the public see a row of this model, or something that is made of it?

    Pages, the suite's own records and some of Wagtail's; a model of another app says `affects_public_pages = True` or is
    named by a search index, one of ours that no public page shows says `affects_public_pages = False`.
    """
    if issubclass(model, Page):
        return True
    if (declared := getattr(model, "affects_public_pages", None)) is not None:
        return declared
    label, app_label = model._meta.label_lower, model._meta.app_label
    own = app_label.startswith("egov_") and app_label not in QUIET_APPS and label not in QUIET_MODELS
    return own or label in SHOWN_MODELS or is_searched(model)
