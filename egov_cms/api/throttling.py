"""A bound on requests per network, told to the client in the fields of the RateLimit draft."""

import hashlib
import ipaddress
import time

from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from egov_cms.conf import egov_settings
from egov_cms.policies import Policy

WINDOW_SECONDS = 60
DEFAULT_SCOPE = "default"
_scopes = {}


def register_scope(name, requests_per_minute):
    """Count the endpoints whose `throttle_scope` is `name` by themselves; in an app's `ready()`.

    `EGOV["API_SCOPES"] = {name: number}` sets another number for one site.
    """
    if _scopes.setdefault(name, requests_per_minute) != requests_per_minute:
        raise ValueError(f"Two apps register the throttle scope {name}.")


def _from_settings(request, scope):
    own = egov_settings.API_SCOPES.get(scope, _scopes.get(scope))
    return egov_settings.API_REQUESTS_PER_MINUTE if own is None else own


# An app that gives keys to programs answers for their requests: a number, or None for no bound.
requests_per_minute = Policy("api.requests_per_minute", default=_from_settings)


class NetworkThrottle(BaseThrottle):
    """So many requests for each network (/24 or /64) and scope, in fixed windows of a minute.

    The cache keeps a count under a hash of the network and nothing else. `EGOV["API_PROXIES"]` says how many
    proxies stand in front: with 0 the client's own X-Forwarded-For is never believed.
    """

    def allow_request(self, request, view):
        scope = getattr(view, "throttle_scope", DEFAULT_SCOPE)
        limit = requests_per_minute(request, scope)
        if limit is None:
            return True
        now = time.time()
        window = int(now // WINDOW_SECONDS)
        self.reset = WINDOW_SECONDS - int(now % WINDOW_SECONDS)
        key = f"egov-api-rate-{scope}-{window}-{_network_hash(client_address(request))}"
        cache.add(key, 0, WINDOW_SECONDS * 2)
        try:
            used = cache.incr(key)
        except ValueError:  # forgotten between the two calls
            used = 1
        request.rate_limit_fields = {
            "RateLimit-Policy": f'"{scope}";q={limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"{scope}";r={max(0, limit - used)};t={self.reset}',
        }
        return used <= limit

    def wait(self):
        return self.reset


def client_address(request):
    """The address of the caller, read behind as many proxies as the operator says there are."""
    proxies = egov_settings.API_PROXIES
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if proxies and forwarded:
        return forwarded[-min(proxies, len(forwarded))]
    return request.META.get("REMOTE_ADDR", "")


def _network_hash(address):
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        network = "unknown"
    else:
        network = str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
    return hashlib.sha256(network.encode()).hexdigest()[:24]
