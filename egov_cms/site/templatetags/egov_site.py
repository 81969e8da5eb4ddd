"""`{% load egov_site %}`: records of the site as variables of components."""

from urllib.parse import quote

from django import template
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from blocks.links import readable_size
from egov_cms.language import (
    TranslatedText,
    direction,
    format_date,
    format_range,
    format_time,
    localise_digits,
    shown_digits,
)
from egov_cms.look.templatetags.egov_look import telephone
from egov_cms.site import notices
from egov_cms.site.models import NewsPage, OrganisationUnitPage
from egov_cms.site.opening import BAGHDAD

register = template.Library()

# An opening within this many days is written without the year.
NEAR_DAYS = 14
# The look of a notice (egov/components/notice.html, tag.html) by its level.
NOTICE_LOOKS = {"info": "info", "limited": "warn", "suspended": "stop"}
LAW_STATUS_KINDS = {"in_force": "go", "amended": "warn", "repealed": "stop"}


@register.simple_tag
def open_now(office):
    """The variables of components/open_now.html for an office with `state`; empty for an office without hours."""
    if not office.weekly and not office.specials:
        return {"open": None, "status": ""}
    return {"open": office.state.open, "status": opening_text(office.state)}


def opening_text(state):
    """When an office closes, or opens next, as a text: "Open until 2:00 pm"."""
    now = timezone.now().astimezone(BAGHDAD)
    if state.open:
        if state.until is None:
            return _("Open day and night")
        return _("Open until %(time)s") % {"time": format_time(state.until.astimezone(BAGHDAD).time())}
    if state.next_opening is None:
        return _("Closed until further notice")
    opens = state.next_opening.astimezone(BAGHDAD)
    days = (opens.date() - now.date()).days
    day = format_date(opens.date(), style="near" if days < NEAR_DAYS else "weekday")
    words = {"time": format_time(opens.time()), "day": day}
    if days == 0:
        return _("Closed, opens today at %(time)s") % words
    if days == 1:
        return _("Closed, opens tomorrow at %(time)s") % words
    return _("Closed, opens on %(day)s at %(time)s") % words


@register.simple_tag
def hours_rows(office):
    """The seven days from today for `components/hours.html`; considers holidays and special periods."""
    today = timezone.now().astimezone(BAGHDAD).date()
    return [
        {
            "name": format_date(day, style="near"),
            "spans": [format_range(span.opens, span.closes) for span in spans],
            "today": day == today,
            "note": special_name(office, day),
        }
        for day, spans in office.week(today)
    ]


def special_name(office, day):
    names = [str(row.name) for row in office.special_periods.all() if row.first_day <= day <= row.last_day]
    return names[0] if names else ""


@register.simple_tag
def office_address(office):
    """The address in one line: governorate, district, street, numbers."""
    numbers = [
        label % {"number": number}
        for label, number in (
            (_("mahalla %(number)s"), office.mahalla),
            (_("zuqaq %(number)s"), office.zuqaq),
            (_("dar %(number)s"), office.dar),
        )
        if number
    ]
    governorate = office.governorate if office.governorate_id else ""
    return _(", ").join(
        str(part) for part in (governorate, office.district, office.address, *numbers) if part
    )


@register.simple_tag
def place_links(office):
    """Links to the place in a map: `geo:` for the phone's map app, and OpenStreetMap."""
    if office.latitude is None:
        return []
    point = f"{office.latitude},{office.longitude}"
    name = quote(str(office.name))
    openstreetmap = (
        f"https://www.openstreetmap.org/?mlat={office.latitude}&mlon={office.longitude}"
        f"#map=17/{office.latitude}/{office.longitude}"
    )
    return [
        {"title": _("Open in the phone's map"), "url": f"geo:{point}?q={point}({name})", "external": False},
        {"title": _("Open in OpenStreetMap"), "url": openstreetmap, "external": True},
    ]


@register.simple_tag(takes_context=True)
def office_url(context, office):
    """The address of an office's page in this language; empty when the language has no office index page."""
    index = context["chrome"].offices_url
    return f"{index}{office.place_slug}/{office.slug}/" if index else ""


@register.simple_tag
def office_unit(office):
    """The page of an office's unit in this language; None when there is none."""
    return office.unit and units_in_this_language([office.unit]).get(office.unit.translation_key)


@register.simple_tag
def unit_links(*lists_of_roles):
    """The units of appointments, in this language: unit page by translation key. One query for all."""
    return units_in_this_language([role.unit for roles in lists_of_roles for role in roles if role.unit])


@register.simple_tag
def unit_link(units, role):
    """The unit page of one appointment, from `unit_links`; None when there is none."""
    return units.get(role.unit.translation_key) if role.unit else None


def units_in_this_language(units):
    if not units:
        return {}
    pages = OrganisationUnitPage.objects.public().filter(
        translation_key__in={unit.translation_key for unit in units}, locale__language_code=get_language()
    )
    return {page.translation_key: page for page in pages}


@register.simple_tag
def unit_facts(unit):
    """The facts strip of an organisation unit."""
    facts = [{"label": _("Kind"), "value": unit.get_kind_display()}]
    if unit.phones:
        facts.append({"label": _("Telephone"), "value": telephone(unit.phones[0])})
    if unit.email:
        link = format_html('<a href="mailto:{}"><bdi dir="ltr">{}</bdi></a>', unit.email, unit.email)
        facts.append({"label": _("E-mail"), "value": link})
    return facts


@register.simple_tag
def more_news(page):
    """The latest three other news items of the same list."""
    return NewsPage.objects.public().sibling_of(page, inclusive=False).order_by("-date", "-pk")[:3]


@register.simple_tag
def law_facts(reference):
    """The facts strip of a law."""
    facts = [{"label": _("Kind"), "value": reference.get_kind_display()}]
    if reference.number:
        facts.append({"label": _("Number"), "value": isolated(reference.number)})
    if reference.year:
        facts.append({"label": _("Year"), "value": isolated(reference.year)})
    facts.append({"label": _("Status"), "value": reference.get_status_display()})
    if reference.gazette_issue or reference.gazette_date:
        note = format_date(reference.gazette_date) if reference.gazette_date else ""
        issue = _("issue %(number)s") % {"number": reference.gazette_issue} if reference.gazette_issue else ""
        facts.append({"label": _("Official Gazette"), "value": issue or note, "note": note if issue else ""})
    return facts


def isolated(value):
    return format_html("<bdi>{}</bdi>", localise_digits(str(value), shown_digits()))


@register.filter
def notice_look(level):
    """The colour of a notice and of its tag."""
    return NOTICE_LOOKS.get(level, "info")


@register.filter
def placed_title(notice):
    """The title of a notice, followed by its places when it names pages too."""
    return notices.placed_title(notice)


@register.filter
def law_status_kind(status):
    """The colour of a law's status tag."""
    return LAW_STATUS_KINDS.get(status, "")


@register.simple_tag
def law_file(document):
    """Kind and size of the file with a law's text: `{"kind": "PDF", "size": "1.2 MB"}`."""
    return {"kind": document.file_extension.upper(), "size": readable_size(document.get_file_size())}


@register.filter
def paragraphs(translated):
    """A TranslatedText as paragraphs; with `lang` and `dir` when the text is a fallback from another language."""
    text, code = TranslatedText.of(translated).best()
    html = mark_safe(linebreaks(text, autoescape=True))  # noqa: S308
    if code == get_language() or not text:
        return html
    return format_html('<div lang="{}" dir="{}">{}</div>', code, direction(code), html)
