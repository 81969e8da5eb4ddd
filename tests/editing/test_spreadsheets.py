"""Every list of the admin that leaves as a file opens in Excel with its Arabic intact, and runs no formula."""

import io

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.urls import URLResolver
from wagtail.admin.urls import urlpatterns
from wagtail.models import Locale, Site
from wagtail.users.models import UserProfile

from egov_cms.site.models import ContentPage

pytestmark = pytest.mark.django_db
BOM = b"\xef\xbb\xbf"


def routes(patterns=urlpatterns, before=""):
    """Every address of the admin that needs no argument."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if "<" in address or "(" in address.replace("(?:", ""):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield "/admin/" + address.replace("^", "").replace("$", "").replace("\\Z", "")


@pytest.fixture
def superuser(client):
    user = User.objects.create_superuser("=cmd()", "x@example.org", "password", first_name="مريم")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "ar"})
    client.force_login(user)
    # One of Wagtail's addresses fails on purpose.
    client.raise_request_exception = False
    return client


def exported(client, address, file_format="csv"):
    response = client.get(address, {"export": file_format})
    if "attachment" not in response.headers.get("Content-Disposition", ""):
        return None
    return b"".join(response.streaming_content)


def test_every_list_that_leaves_as_csv_has_a_byte_order_mark_and_no_formula(superuser):
    root = Site.objects.get(is_default_site=True).root_page
    page = ContentPage(title="=HYPERLINK(1)", slug="formula", locale=Locale.get_default(), live=False)
    root.add_child(instance=page)
    found = {address: data for address in sorted(set(routes())) if (data := exported(superuser, address))}
    assert len(found) >= 10, sorted(found)
    for address, data in found.items():
        assert data.startswith(BOM), address
        lines = data.decode("utf-8-sig").splitlines()
        assert not any(line.startswith(("=", "@")) or ",=" in line for line in lines), address


def test_a_workbook_of_the_arabic_admin_runs_right_to_left_with_translated_titles(superuser):
    data = exported(superuser, "/admin/reports/aging-pages/", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    titles = [cell.value for cell in sheet[1]]
    assert titles and all(any("\u0600" <= letter <= "\u06ff" for letter in title) for title in titles), titles
