"""Decisions that the models leave to packages above them; `services.apps` registers the functions."""

from egov_cms.policies import Policy

# (service page) → the GateProblems that prevent its publication, in addition to the site's own.
publish_problems = Policy("services.publish_problems", default=lambda page: ())
# (page of the catalogue, request) → the additional context of its template.
page_context = Policy("services.page_context", default=lambda page, request: {})
