"""`{% load egov_language %}`: the formatters of `egov_cms.language` for templates, in the active language.

Filters return plain text, and "" for None and "". A value of the wrong type is shown unchanged.
"""

from functools import wraps

from django import template
from django.utils.html import conditional_escape, format_html

from egov_cms import language
from egov_cms.conf import egov_settings

register = template.Library()


def lenient(function):
    """Wrap a filter so that a value of the wrong type is shown unchanged instead of raising an error."""

    @wraps(function)
    def formatted(value, *args):
        if value is None or value == "":
            return ""
        try:
            return function(value, *args)
        except (TypeError, ValueError, ArithmeticError, AttributeError):
            return str(value)

    return formatted


@register.filter
@lenient
def number(value, places=None):
    """{{ 25000|number }} → 25,000; {{ 3.14159|number:2 }} → 3.14."""
    return language.format_number(value, places=places)


@register.filter
@lenient
def percent(value, places=None):
    """{{ 15.5|percent }} → 15.5%."""
    return language.format_percent(value, places=places)


@register.filter
@lenient
def money(amount_minor, currency="IQD"):
    """{{ 25000|money }} → 25,000 د.ع; {{ 1250|money:"USD,2" }} → 12.50 دولار أمريكي (2: the currency has two decimals)."""
    return language.format_money(amount_minor, *_currency(currency))


@register.filter
@lenient
def money_words(amount_minor, currency="IQD"):
    """{{ 1840000000000|money_words }} → 1.84 ترليون د.ع."""
    return language.format_money_words(amount_minor, *_currency(currency))


@register.filter
@lenient
def day(value, style="long"):
    """{{ date|day }}, {{ date|day:"weekday" }}; styles: long, month, short, weekday, near."""
    return language.format_date(value, style=style)


@register.filter
@lenient
def clock(value):
    """{{ time|clock }} → 8:00 صباحاً."""
    return language.format_time(value)


@register.filter
@lenient
def moment(value):
    """{{ datetime|moment }} → date and time."""
    return language.format_datetime(value)


@register.filter
@lenient
def hijri(value):
    """{{ date|hijri }} → the Hijri date if EGOV["CALENDAR_HIJRI"] is set, else ""."""
    return language.format_hijri(value) if egov_settings.CALENDAR_HIJRI else ""


@register.filter
@lenient
def relative(value):
    """{{ datetime|relative }} → قبل 3 أيام."""
    return language.format_relative(value)


@register.filter
@lenient
def until(minimum, maximum):
    """{{ low|until:high }} → 3 إلى 5; also dates and times."""
    return language.format_range(minimum, maximum)


@register.filter
@lenient
def duration(count, unit="working_day"):
    """{{ 3|duration:"day" }} → 3 أيام. Units: minute, hour, day, working_day, week, month, year."""
    return language.format_duration(count, unit=unit)


@register.filter
@lenient
def digits(value):
    """{{ "10:30"|digits }} → the same text in the digits of the site."""
    return language.localise_digits(str(value), language.shown_digits())


@register.filter
@lenient
def phone(value):
    """{% ltr number|phone %} → +964 770 123 4567."""
    return language.format_phone(value)


@register.filter
def direction(locale):
    """{{ code|direction }} → rtl or ltr."""
    return language.direction(locale)


@register.filter
def native_name(locale):
    """{{ code|native_name }} → کوردی."""
    return language.native_name(locale)


@register.simple_tag
def bdi(value):
    """{% bdi value %}: isolated, so that it does not change the order of the text around it. Its first letter sets its
    direction.
    """
    return format_html("<bdi>{}</bdi>", "" if value is None else value)


@register.simple_tag
def ltr(value):
    """{% ltr value %}: isolated and left to right (telephone numbers, codes, e-mail addresses, URLs)."""
    return format_html('<bdi dir="ltr">{}</bdi>', "" if value is None else value)


@register.simple_tag
def words(translated):
    """{% words name %}: the TranslatedText in the active language; a text in another language gets `lang` and `dir`."""
    if not isinstance(translated, dict):
        return conditional_escape("" if translated is None else translated)
    active = language.resolve()
    text, code = language.TranslatedText.of(translated).best(active)
    if code in (active, active.split("-")[0]) or not text:
        return conditional_escape(text)
    return format_html('<span lang="{}" dir="{}">{}</span>', code, language.direction(code), text)


def _currency(argument):
    currency, _comma, exponent = str(argument).partition(",")
    return currency, int(exponent or 0)
