"""`{% load egov_editing %}`: what the sign-in pages need."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from egov_cms.language import direction, native_name

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
