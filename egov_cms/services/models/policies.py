"""What the models leave to the rooms above them; `services.apps` registers the answers."""

from egov_cms.policies import Policy

# (page of a service) → the GateProblems that keep it from being published, besides the site's own.
publish_problems = Policy("services.publish_problems", default=lambda page: ())
# (page of the catalogue, request) → what its template needs besides the page.
page_context = Policy("services.page_context", default=lambda page, request: {})
