"""Decisions that the models leave to packages above them; `services.apps` registers the functions."""

from egov_cms.policies import Policy

# (page of the catalogue, request) → the additional context of its template.
page_context = Policy("services.page_context", default=lambda page, request: {})

# Translation keys of services → those of the services whose pages or snapshots name one of them.
naming = Policy("services.naming", default=lambda keys: set())
