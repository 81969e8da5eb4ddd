"""The catalogue as a workbook."""

from __future__ import annotations

from egov_cms.language import content_languages
from egov_cms.services.importing.stored_services import stored_services
from egov_cms.services.importing.vocabularies import Vocabularies
from egov_cms.services.importing.workbook_writer import write_workbook


def export_services(codes=None, language=None) -> bytes:
    """The workbook of the services with these codes, or of all; comments and direction suit `language`."""
    languages = content_languages()
    language = language if language in languages else languages[0]
    return write_workbook(stored_services(codes), Vocabularies(languages), languages, language)
