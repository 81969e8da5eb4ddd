"""The page of notices: everything that is closed, limited or changed now in the ministry."""

import datetime

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egov_cms.site.models import Notice
from egov_cms.site.notices import offices_url, with_scopes

MAX_CURRENT, MAX_PAST = 100, 20
PAST_DAYS = 30


@require_safe
def status(request):
    """`status/`: notices in force with their scope, the most serious first; then those that ended in the last month."""
    now = timezone.now()
    current = with_scopes(Notice.objects.in_force(now)[:MAX_CURRENT], offices_url())
    past = Notice.objects.past(now).filter(ends__gt=now - datetime.timedelta(days=PAST_DAYS))
    context = {
        "current": current,
        "past": past[:MAX_PAST],
    }
    return render(request, "egov_site/status.html", context)
