"""Pages, records and settings of a ministry's site."""

from .approval import Approval
from .base import Alternate, Crumb, Node, Record, SitePage, validate_ascii_slug
from .faq import Faq
from .feedback import PageFeedback, ReaderAnswer
from .indexes import LegislationIndexPage, OfficeIndexPage
from .law import LegalReference
from .notice import Notice, NoticeOffice, NoticePage
from .office import Office, OfficeHours, SpecialPeriod, Weekday
from .organisation import (
    Appointment,
    OrganisationIndexPage,
    OrganisationUnitPage,
    PeopleIndexPage,
    PersonPage,
    Rank,
)
from .outbox import OutboxEntry
from .pages import (
    AZPage,
    ContentPage,
    FaqPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    SectionPage,
    SiteMapPage,
)
from .place import Governorate, Holiday
from .review import FourEyesTask
from .settings import MinistryIdentity, SiteSettings
from .visits import DailyPageCount

__all__ = [
    "AZPage",
    "Alternate",
    "Appointment",
    "Approval",
    "ContentPage",
    "Crumb",
    "DailyPageCount",
    "Faq",
    "FaqPage",
    "FourEyesTask",
    "Governorate",
    "Holiday",
    "HomePage",
    "LegalReference",
    "LegislationIndexPage",
    "MinistryIdentity",
    "NewsIndexPage",
    "NewsPage",
    "Node",
    "Notice",
    "NoticeOffice",
    "NoticePage",
    "Office",
    "OfficeHours",
    "OfficeIndexPage",
    "OrganisationIndexPage",
    "OrganisationUnitPage",
    "OutboxEntry",
    "PageFeedback",
    "PeopleIndexPage",
    "PersonPage",
    "Rank",
    "ReaderAnswer",
    "Record",
    "SectionPage",
    "SiteMapPage",
    "SitePage",
    "SiteSettings",
    "SpecialPeriod",
    "Weekday",
    "validate_ascii_slug",
]
