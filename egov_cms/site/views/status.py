"""What is closed, limited or changed at this moment, anywhere in the ministry: every current notice on one page."""

import datetime

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egov_cms.site.models import Notice
from egov_cms.site.notices import offices_url, with_scopes

SHOWN, PAST_SHOWN = 100, 20
PAST_DAYS = 30


@require_safe
def status(request):
    """`status/`: notices in force, the gravest first, with what they concern; then those of the last month."""
    now = timezone.now()
    current = with_scopes(Notice.objects.in_force(now)[:SHOWN], offices_url())
    past = Notice.objects.past(now).filter(ends__gt=now - datetime.timedelta(days=PAST_DAYS))
    context = {
        "current": current,
        "past": past[:PAST_SHOWN],
    }
    return render(request, "egov_site/status.html", context)
