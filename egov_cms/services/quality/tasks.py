"""Background work of the room: run nightly by the commands of the same names, or enqueued."""

from django_tasks import task


@task()
def check_links():
    """Ask the start links of all public services. Gives the numbers of `links.Run` as a dict."""
    from egov_cms.services.quality import links

    return vars(links.check_links())


@task()
def send_review_digest():
    """Write to everybody who has services to check. Gives the numbers of `digest.Summary` as a dict."""
    from egov_cms.services.quality import digest

    return vars(digest.send_digests())
