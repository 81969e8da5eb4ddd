"""Decisions that the models leave to packages above them; `services.apps` registers the functions."""

from egov_cms.policies import Policy

# (page of the catalogue, request) → the additional context of its template.
page_context = Policy("services.page_context", default=lambda page, request: {})

# A service → the tags of the kept pages that name it beside its own.
naming_tags = Policy("services.naming_tags", default=lambda service: [])
