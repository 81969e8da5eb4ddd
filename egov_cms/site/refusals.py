"""Shows the editor why a page was not published, for actions of the admin without a form."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from .gate import PublishRefused


class RefusalMiddleware:
    """Handles PublishRefused of bulk publishing and approval from a list: redirects to the page's form with a message."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, PublishRefused) or not request.user.is_authenticated:
            return None
        title = exception.page.get_admin_display_title()
        reasons = " ".join(problem.message for problem in exception.problems)
        messages.error(request, _("“%(title)s” was not published.") % {"title": title} + " " + reasons)
        if exception.page.pk is None:
            return redirect("wagtailadmin_home")
        return redirect("wagtailadmin_pages:edit", exception.page.pk)
