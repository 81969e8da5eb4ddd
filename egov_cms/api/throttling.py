"""A bound on requests per address, told to the client in the fields of the RateLimit draft."""

import hashlib
import ipaddress
import time

from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from egov_cms.conf import egov_settings

WINDOW_SECONDS = 60


class AddressThrottle(BaseThrottle):
    """`EGOV["API_REQUESTS_PER_MINUTE"]` for each network (/24 or /64) in fixed windows of a minute.

    The cache keeps a count under a hash of the network and nothing else. `EGOV["API_PROXIES"]` says how many
    proxies stand in front: with 0 the client's own X-Forwarded-For is never believed.
    """

    def allow_request(self, request, _view):
        limit = egov_settings.API_REQUESTS_PER_MINUTE
        now = time.time()
        window = int(now // WINDOW_SECONDS)
        self.reset = WINDOW_SECONDS - int(now % WINDOW_SECONDS)
        key = f"egov-api-rate-{window}-{_network_hash(client_address(request))}"
        cache.add(key, 0, WINDOW_SECONDS * 2)
        try:
            used = cache.incr(key)
        except ValueError:  # forgotten between the two calls
            used = 1
        request.rate_limit_fields = {
            "RateLimit-Policy": f'"default";q={limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"default";r={max(0, limit - used)};t={self.reset}',
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
