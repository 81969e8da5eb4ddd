"""Decisions that the models leave to packages above them; `services.apps` registers the functions."""

from egov_cms.policies import Policy

# (page of the catalogue, request) → the additional context of its template.
page_context = Policy("services.page_context", default=lambda page, request: {})
