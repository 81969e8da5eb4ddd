"""Other forms of a published service: cards, sheets, linked data, tables."""

from django.urls import reverse
from django.utils.translation import gettext as _


def other_forms(slug: str, case: str = "") -> list[dict[str, str]]:
    """`title` and `url` of the forms in which the page of a service can be had, in the active language.

    `case` is the query string of the case that a reader chose; only the sheet to print depends on it.
    """
    forms = {
        "egov_service_print": _("Sheet to print"),
        "egov_service_poster": _("Poster for the counter"),
        "egov_service_card": _("Short text to send"),
        "egov_service_jsonld": _("As data"),
    }
    return [
        {"title": title, "url": reverse(name, args=[slug]) + (case if name == "egov_service_print" else "")}
        for name, title in forms.items()
    ]
