"""Every page of the web may read the API: CORS without credentials."""

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Language, Content-Location, ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
    ),
}


def preflight_headers(methods):
    """The fields of the answer to OPTIONS, of an address that takes these methods."""
    listed = ", ".join(methods)
    fields = {
        "Access-Control-Allow-Methods": listed,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
        "Allow": listed,
    }
    return {**HEADERS, **fields, **({"Accept-Post": "application/json"} if "POST" in methods else {})}
