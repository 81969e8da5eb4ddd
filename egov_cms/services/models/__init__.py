"""The tables of the service catalogue."""

from egov_cms.services.models.approval import FeeWriter, PublishedFees
from egov_cms.services.models.burden import ServiceBurden
from egov_cms.services.models.experience import ServiceExperience
from egov_cms.services.models.history import (
    LinkCheck,
    ReviewConfirmation,
)
from egov_cms.services.models.pages import (
    LifeEventIndexPage,
    LifeEventPage,
    LifeEventService,
    ServiceIndexPage,
)
from egov_cms.services.models.records import (
    Audience,
    DocumentType,
    GlossaryTerm,
    LifeEvent,
    ServiceCategory,
    StepTemplate,
)
from egov_cms.services.models.rows import (
    ServiceChannel,
    ServiceDocument,
    ServiceFaq,
    ServiceFee,
    ServiceLegal,
    ServiceOffering,
    ServiceOutput,
    ServiceParticipant,
    ServiceRelation,
    ServiceRequirement,
    ServiceStep,
)
from egov_cms.services.models.service import ROWS, ServicePage
from egov_cms.services.models.snapshot import ServiceSnapshot

__all__ = [
    "ROWS",
    "Audience",
    "DocumentType",
    "FeeWriter",
    "GlossaryTerm",
    "LifeEvent",
    "LifeEventIndexPage",
    "LifeEventPage",
    "LifeEventService",
    "LinkCheck",
    "PublishedFees",
    "ReviewConfirmation",
    "ServiceBurden",
    "ServiceCategory",
    "ServiceChannel",
    "ServiceDocument",
    "ServiceExperience",
    "ServiceFaq",
    "ServiceFee",
    "ServiceIndexPage",
    "ServiceLegal",
    "ServiceOffering",
    "ServiceOutput",
    "ServicePage",
    "ServiceParticipant",
    "ServiceRelation",
    "ServiceRequirement",
    "ServiceSnapshot",
    "ServiceStep",
    "StepTemplate",
]
