"""`{% load egov_editing %}`: what the sign-in pages and the confirmations of the admin need."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.editing import translations_together as together
from egov_cms.language import direction, native_name
from egov_cms.site import approval
from egov_cms.site.publication import SEEN

register = template.Library()


@register.simple_tag(takes_context=True)
def sign_in_languages(context):
    """The site's languages as the language bar wants them; each link keeps where the person was going."""
    languages = []
    for code, _name in settings.LANGUAGES:
        query = context["request"].GET.copy()
        query["language"] = code
        languages.append(
            {
                "code": code,
                "name": native_name(code),
                "dir": direction(code),
                "url": f"?{query.urlencode()}",
                "current": code == get_language(),
            }
        )
    return languages


@register.simple_tag
def readability_applies(thing):
    """Was Wagtail's readability score (LIX) made for the language of this content?"""
    locale = getattr(thing, "locale", None)
    code = locale.language_code if locale else settings.LANGUAGE_CODE
    return direction(code) == "ltr"


@register.inclusion_tag("egov_editing/translations_together.html", takes_context=True)
def translations_together(context, page, action, destination=None):
    """What becomes of the other languages of a page, inside the form that confirms an action on it."""
    found = together.confirmation(page, action, context["request"], destination=destination)
    return {"lists": [found] if found else [], "action": action}


@register.inclusion_tag("egov_editing/translations_together.html", takes_context=True)
def translations_of_selected(context):
    """The same for the pages that were selected in a list."""
    view = context.get("view")
    action = getattr(view, "action_type", "")
    if action not in together.ACTIONS or not issubclass(view.model, page_model()):
        return {}
    pages = [each["item"] for each in context["items"]]
    selected = [page.pk for page in pages]
    options = {"destination": context.get("destination"), "without": selected}
    found = (together.confirmation(page, action, context["request"], **options) for page in pages)
    return {"lists": [each for each in found if each], "action": action, "are_many": True}


@register.tag
def inside_form(parser, token):
    """`{% inside_form %}…{% in %}{{ block.super }}{% endinside_form %}`: the first part at the beginning of the form in the
    second, for templates of Wagtail whose forms have no blocks. Without a form there only the second is rendered.
    """
    added = parser.parse(["in"])
    parser.delete_first_token()
    whole = parser.parse(["endinside_form"])
    parser.delete_first_token()
    return InsideForm(added, whole)


class InsideForm(template.Node):
    def __init__(self, added, whole):
        self.added, self.whole = added, whole

    def render(self, context):
        return together.inside_form(self.whole.render(context), lambda: self.added.render(context))


@register.inclusion_tag("egov_editing/to_approve.html", takes_context=True)
def approvals_of_selected(context):
    """What becomes public of the selected pages, where a second person has to have seen it."""
    view = context.get("view")
    if getattr(view, "action_type", "") != "publish" or not issubclass(view.model, page_model()):
        return {}
    pages = [each["item"] for each in context["items"]]
    pages += [below for page in pages for below in page.get_descendants().not_live()]
    return {"pages": list(approval.to_approve(pages)), "name": SEEN}
