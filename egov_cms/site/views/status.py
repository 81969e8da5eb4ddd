"""What is closed, limited or changed at this moment, anywhere in the ministry: every current notice on one page."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egov_cms.site.chrome import NOTICE_LOOKS
from egov_cms.site.models import Notice

SHOWN, PAST_SHOWN = 100, 10


@require_safe
def status(request):
    """`status/`: notices in force, the gravest first, whichever pages they stand on; then those that ended last."""
    now = timezone.now()
    current = Notice.objects.public().filter(starts__lte=now, ends__gt=now)[:SHOWN]
    context = {
        "current": [(NOTICE_LOOKS.get(notice.level, "info"), notice) for notice in current],
        "past": Notice.objects.past(now)[:PAST_SHOWN],
    }
    return render(request, "egov_site/status.html", context)
