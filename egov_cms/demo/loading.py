"""`load(password)` creates the demonstration ministry in three languages from the data files in `data/`.

It is idempotent: existing content is not changed, missing content is added. A setting of the site marks every page as
illustrative; people are invented, and their names say so.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from wagtail.models import Revision, Workflow
from wagtail.users.models import UserProfile

from egov_cms.adapters.modelcluster import page_data
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.search import rebuild
from egov_cms.services.choices import OfferingScope
from egov_cms.services.importing import import_services
from egov_cms.services.models import ServiceOffering, ServicePage
from egov_cms.services.snapshots import store
from egov_cms.site.ministry import read_ministry
from egov_cms.site.models import NewsIndexPage, NewsPage, PageFeedback
from egov_cms.site.publication import together
from egov_cms.site.seed import seed_site

from . import citizens, pages, records
from .content import DATA, References, stable_uuid

Page = page_model()

ADMINISTRATOR = "admin"
# User name → role (a group of egov_cms.site.roles), names, language of the admin.
EDITORS = {
    "service-editor": ("service editor", "محرر", "الخدمات", "ar"),
    "translator": ("translator", "وەرگێڕ", "کوردی", "ckb"),
    "approver": ("approver", "مدقق", "المحتوى", "ar"),
    "publisher": ("publisher", "ناشر", "الموقع", "ar"),
    "complaints": ("complaints officer", "مسؤول", "الشكاوى", "ar"),
    "auditor": ("auditor", "Auditor", "Example", "en"),
}
FEEDBACK = [
    ("services/", "ar", True, "", ""),
    ("services/", "ar", False, "not_found", "لم أجد خدمة تحويل السيارة بين محافظتين"),
    ("offices/", "ckb", False, "outdated", "کاتی دەوامی هەڵەبجە گۆڕاوە"),
    ("offices/", "ar", True, "", "الخريطة واضحة، شكراً"),
    ("news/", "en", False, "unclear", "Which districts does the census table cover?"),
    ("about/funds-by-governorate/", "ar", False, "outdated", "متى تُحدّث أرقام الفصل الثالث؟"),
]


class LoadError(Exception):
    """The data cannot be loaded; the message contains the part and the reason."""


def load(password, log=lambda message: None):
    """Create or complete the demonstration. New users get `password`. `log(message)` is called for each step."""
    with together(skipped=frozenset({"search"})):
        homes = load_content(password, log)
    # Another publication: a translation can only become outdated after it has been published with its source.
    with together(skipped=frozenset({"search"})):
        load_work_in_progress(pages.DemoSite(homes))
        log("What citizens say")
        citizens.load()
    log("Search")
    rebuild()


def load_content(password, log):
    log("Languages, sections, roles, workflow")
    homes = seed_site(read_ministry(DATA / "ministry.yaml"))
    site = pages.DemoSite(homes)
    log("Laws, questions, pictures, documents")
    records.load_laws()
    records.load_questions()
    images, documents = records.load_images(), records.load_documents()
    log("Organisation and offices")
    units = pages.load_organisation(site)
    offices = records.load_offices()
    log("Thirty services")
    report = import_services(DATA / "iraq_services.yaml", publish=True)
    if not report.ok:
        raise LoadError("\n".join(str(problem) for problem in report.errors))
    records.name_issuing_services()
    offer_services(offices)
    references = References(
        {
            "image": lambda name, code: images[name].pk,
            "document": lambda name, code: documents[name].pk,
            "office": lambda name, code: offices[name].pk,
            "page": lambda name, code: Page.objects.get(url_path=f"{homes[code].url_path}{name}/").pk,
        }
    )
    log("People, pages, news")
    pages.load_people(site, units, references)
    pages.load_texts(site, references)
    pages.load_news(site, images, references)
    pages.load_home(site, references)
    records.load_notices(homes[site.source])
    log("Users and what waits for them")
    load_users(password)
    load_feedback()
    return homes


def offer_services(offices):
    """Add the offices that offer a service. They are facts, so the rows are the same in every language.

    The rows and the live revisions are written directly; publishing each service again would take longer than importing
    all of them.
    """
    offered = records.offered_services()
    services = ServicePage.objects.filter(service_code__in=offered, offerings=None).select_related("locale")
    rows = [
        ServiceOffering(
            page=service,
            scope=OfferingScope.OFFICE,
            office=offices[slug],
            governorate=offices[slug].governorate,
            locale=service.locale,
            translation_key=stable_uuid("offering", service.service_code, slug),
            sort_order=order,
        )
        for service in services
        for order, slug in enumerate(offered[service.service_code])
    ]
    ServiceOffering.objects.bulk_create(rows)
    changed = list(ServicePage.objects.filter(pk__in={row.page_id for row in rows}))
    for service in changed:
        Revision.objects.filter(pk=service.live_revision_id).update(content=page_data(service))
    store.refresh({service.translation_key for service in changed})


def load_users(password):
    """An administrator and one user for each role, all with the same password."""
    model = get_user_model()
    # Hashing takes half a second by design, so the common password is hashed once.
    hashed = make_password(password)
    model.objects.get_or_create(
        username=ADMINISTRATOR,
        defaults={
            "email": "admin@planning.example",
            "password": hashed,
            "is_staff": True,
            "is_superuser": True,
        },
    )
    for name, (role, first, last, language) in EDITORS.items():
        user, created = model.objects.get_or_create(
            username=name,
            defaults={
                "email": f"{name}@planning.example",
                "password": hashed,
                "first_name": first,
                "last_name": last,
            },
        )
        if created:
            user.groups.add(Group.objects.get(name=role))
            UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


def load_feedback():
    if PageFeedback.objects.exists():
        return
    PageFeedback.objects.bulk_create(
        PageFeedback(
            path=f"/{locale}/{path}",
            locale=locale,
            helpful=helpful,
            reason=reason,
            comment=comment,
            page=Page.objects.filter(locale__language_code=locale, url_path__endswith=f"/{path}").first(),
        )
        for path, locale, helpful, reason, comment in FEEDBACK
    )


def load_work_in_progress(site):
    """Content for the admin's start page: a draft, a page in approval, an outdated translation."""
    index = site.below(NewsIndexPage)[site.source]
    if NewsPage.objects.child_of(index).filter(live=False).exists():
        return
    users = {user.username: user for user in get_user_model().objects.filter(username__in=EDITORS)}
    author, publisher = users["service-editor"], users["publisher"]
    for slug, title, submit in (
        ("opening-hours-in-winter", "تعديل أوقات الدوام في الشتاء", True),
        ("training-places-left", "مقاعد شاغرة في دورات كانون الأول", False),
    ):
        index.refresh_from_db()
        page = NewsPage(slug=slug, title=title, live=False, owner=author, locale=index.locale)
        page.summary = "خبر توضيحي لم يُنشر بعد."
        index.add_child(instance=page)
        page.save_revision(user=author)
        if submit:
            Workflow.objects.get(workflow_pages__page=site.homes[site.source]).start(page, author)
    latest = NewsPage.objects.child_of(index).filter(live=True).order_by("-date").first()
    latest.summary = f"{latest.summary} ويُحدّث الدليل كل أسبوع."
    latest.save_revision(user=publisher).publish(user=publisher)
