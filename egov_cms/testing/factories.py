"""Pages, records and users for tests: each call makes one whole thing that passes its own checks.

Everything has a default; a test names what matters to it. Words are given in one language or in all: a mapping from codes
to texts, or one text that stands for every language.
"""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import count

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Locale, Site

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import content_languages, source_language
from egov_cms.site import roles
from egov_cms.site.models import (
    ContentPage,
    Governorate,
    HomePage,
    Notice,
    Office,
    OrganisationIndexPage,
    OrganisationUnitPage,
)

PASSWORD = "a quiet river 1975"  # noqa: S105  of users of tests only
_numbers = count(1)


def words(text) -> dict[str, str]:
    """A text for every content language; a mapping stays as it is."""
    return text if isinstance(text, dict) else dict.fromkeys(content_languages(), text)


def home_pages(hostname: str = "testserver") -> dict[str, HomePage]:
    """A new site with nothing but a home page in each content language, by code; what was there before is deleted."""
    root = page_model().objects.get(depth=1)
    root.get_children().delete()
    root = page_model().objects.get(depth=1)
    source, key, made = source_language(), uuid.uuid4(), {}
    for code in content_languages():
        made[code] = root.add_child(
            instance=HomePage(
                title=f"home {code}",
                slug="home" if code == source else f"home-{code}",
                locale=Locale.objects.get_or_create(language_code=code)[0],
                translation_key=key,
            )
        )
    Site.objects.all().delete()
    Site.objects.create(hostname=hostname, root_page=made[source], is_default_site=True, site_name="Test")
    return made


def add_page(parent, model, *, live: bool = True, **fields):
    """A page below `parent`, in its language, with a revision as an editor's page has; published unless `live=False`."""
    page = model(locale=parent.locale, live=False, **fields)
    parent.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return model.objects.get(pk=page.pk)


def publish(page):
    """The page as it is once this version of it was published."""
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def translate(page, code: str):
    """A draft translation of a page, and of its parents where they have none, as Wagtail makes it."""
    return page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)


def content_page(parent, title: str = "About", *, live: bool = True, **fields) -> ContentPage:
    """A page of text with one paragraph."""
    fields = {"slug": f"page-{next(_numbers)}", "summary": f"{title}.", "body": paragraphs(title)} | fields
    return add_page(parent, ContentPage, live=live, title=title, **fields)


def paragraphs(*texts: str) -> list[dict]:
    """A stream `body` of paragraphs."""
    return [{"type": "text", "value": f"<p>{text}</p>", "id": str(uuid.uuid4())} for text in texts]


def organisation_unit(
    home, title: str = "Directorate", *, live: bool = True, **fields
) -> OrganisationUnitPage:
    """A unit of the organisation, below the index that is made where the home page has none."""
    index = OrganisationIndexPage.objects.child_of(home).first() or add_page(
        home, OrganisationIndexPage, title="Organisation", slug="organisation"
    )
    fields = {"slug": f"unit-{next(_numbers)}"} | fields
    return add_page(index, OrganisationUnitPage, live=live, title=title, **fields)


def governorate(name="Baghdad", **fields) -> Governorate:
    """A governorate; one with this code is returned as it is."""
    number = next(_numbers)
    fields = {"code": f"T{number}", "slug": f"governorate-{number}"} | fields
    return Governorate.objects.get_or_create(
        code=fields.pop("code"), defaults={"name": words(name), **fields}
    )[0]


def office(name="Office", **fields) -> Office:
    """An office that is shown to the public, in a governorate of its own unless one is given."""
    if "governorate" not in fields and fields.get("kind") != Office.Kind.MISSION:
        fields["governorate"] = governorate()
    made = Office(name=words(name), **fields)
    made.full_clean()
    made.save()
    return made


def notice(title="Closed today", *, pages=(), offices=(), governorates=(), **fields) -> Notice:
    """A notice that is in force from an hour ago until tomorrow; on every page unless it names something."""
    now = timezone.now()
    named = bool(pages or offices or governorates)
    fields = {
        "body": title,
        "starts": now - dt.timedelta(hours=1),
        "ends": now + dt.timedelta(days=1),
        "everywhere": not named,
    } | fields
    made = Notice(title=words(title), **{**fields, "body": words(fields["body"])})
    made.full_clean()
    made.save()
    made.pages.set(pages)
    made.offices.set(offices)
    made.governorates.set(governorates)
    return made


def superuser(username: str = "root"):
    """Somebody who may do everything; the password is `PASSWORD`."""
    return get_user_model().objects.create_superuser(username, f"{username}@example.gov.iq", PASSWORD)


def user_with_role(role: str, homes: dict[str, HomePage], username: str = ""):
    """Somebody with one of the roles of `egov_cms.site.roles` on these home pages; the password is `PASSWORD`."""
    groups = roles.apply_roles(homes, source=source_language())
    if role not in groups:
        raise KeyError(f"There is no role {role!r}; roles are {', '.join(groups)}.")
    username = username or f"{role.replace(' ', '-')}-{next(_numbers)}"
    user = get_user_model().objects.create_user(username, f"{username}@example.gov.iq", PASSWORD)
    user.groups.add(groups[role])
    return user
