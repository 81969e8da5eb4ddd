"""Guarded outgoing HTTP: link checks, harvests, webhooks. Nothing else in the suite asks other sites."""

from egov_cms.fetching.client import CheckResult, Response, check, fetch, post
from egov_cms.fetching.errors import AddressRefused, FetchError

__all__ = ["AddressRefused", "CheckResult", "FetchError", "Response", "check", "fetch", "post"]
