"""`{% load egov_look %}`: icons, pagination, and filters that the components need."""

from django import template
from django.http import QueryDict
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from egov_cms.language.phones import format_phone
from egov_cms.look import charts
from egov_cms.look.icons import MIRRORED, PATHS

register = template.Library()

LEVELS = {
    "info": {"name": "info", "icon": "info", "label": gettext_lazy("Information")},
    "warn": {"name": "warn", "icon": "warning", "label": gettext_lazy("Attention")},
    "stop": {"name": "stop", "icon": "stop", "label": gettext_lazy("Important")},
}
ALIASES = {"warning": "warn", "danger": "stop", "error": "stop", "critical": "stop", "urgent": "stop"}


@register.simple_tag
def icon(name):
    """An inline SVG icon, hidden from screen readers, for use next to text. An unknown name raises KeyError."""
    mirror = " mirror" if name in MIRRORED else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
        '<path d="{}"/></svg>',
        mirror,
        PATHS[name],
    )


@register.simple_tag
def bar(value, highest, words=""):
    """A bar for the cell of a table: `{% bar row.visits highest %}`. `words`: what screen readers say when no number stands
    beside it.
    """
    return charts.bar(value, highest, words)


@register.simple_tag(takes_context=True)
def query_string(context, **changes):
    """The query string of this request with changes: `{% query_string page=2 q=None %}` → "?level=1&page=2".

    None and "" remove a parameter, a list repeats it. Without parameters the result is "?": as a link it removes
    all parameters.
    """
    request = getattr(context, "request", None) or context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "" or value == []:
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


def page_numbers(number, pages):
    """The page numbers to link: the first, the last, the current and its neighbours; None is a gap of several pages."""
    linked = sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)})
    numbers = []
    for page in linked:
        if numbers and page - numbers[-1] == 2:
            numbers.append(page - 1)
        elif numbers and page - numbers[-1] > 2:
            numbers.append(None)
        numbers.append(page)
    return numbers


@register.simple_tag(takes_context=True)
def pagination(context, page_obj=None, number=None, pages=None, parameter="page"):
    """Links to the other pages of a list: a Django `Page`, or `number` and `pages`. Empty when there is one page."""
    if page_obj is not None:
        number, pages = page_obj.number, page_obj.paginator.num_pages
    number, pages = int(number or 1), int(pages or 1)

    def url(target):
        return query_string(context, **{parameter: None if target == 1 else target})

    return get_template("egov/components/pagination.html").render(
        {
            "number": number,
            "pages": pages,
            "previous_url": url(number - 1) if number > 1 else None,
            "next_url": url(number + 1) if number < pages else None,
            "links": [
                {"number": shown, "url": url(shown) if shown else None, "current": shown == number}
                for shown in page_numbers(number, pages)
            ],
        }
    )


@register.simple_tag(takes_context=True)
def page_stamp(context):
    """The footer of a printed page: its URL and the date. Empty without a request."""
    from egov_cms.language import format_date

    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return ""
    return format_html(
        "<bdi dir='ltr'>{}</bdi> · {} {}",
        request.build_absolute_uri(request.path),
        _("printed from the state of"),
        format_date(timezone.localdate()),
    )


@register.simple_tag
def notice_level(level):
    """Name, icon and label for screen readers of a notice's level. "warning" means "warn"; unknown levels mean "info"."""
    level = str(level or "info")
    return LEVELS.get(ALIASES.get(level, level), LEVELS["info"])


@register.filter
def zipped(first, second):
    """Pairs of columns and cells: `{% for column, cell in columns|zipped:row %}`; short rows get empty cells."""
    first, second = list(first), list(second)
    return zip(first, second + [""] * (len(first) - len(second)), strict=False)


@register.filter
def any_checked(options):
    """Whether an option of a facet is chosen. Options are mappings or objects with `checked`."""
    return any(
        option.get("checked") if isinstance(option, dict) else getattr(option, "checked", False)
        for option in options
    )


@register.filter
def telephone(number):
    """A `tel:` link with the telephone number in groups, always left to right."""
    dialled = "".join(character for character in str(number) if character.isdigit() or character == "+")
    return format_html('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>', dialled, format_phone(str(number)))
