"""What every answer to the staff's browsers carries: what it may load, who may frame it, that nobody keeps it.

No inline script and no inline style run. `form-action` allows our own addresses only, and Chromium holds it against
redirects too: a form that ends at another site has to send the browser there by a link or by `HX-Redirect`.
"""

from collections.abc import Mapping

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PLAIN = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
TLS_ONLY = "max-age=31536000"


def safe_headers(*, secure: bool) -> Mapping[str, str]:
    """The headers of a page; over TLS also that it is to be asked for over TLS only."""
    return {**PLAIN, "Strict-Transport-Security": TLS_ONLY} if secure else PLAIN
