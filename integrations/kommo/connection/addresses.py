"""Which addresses may be sent a token or the integration's secret: Kommo's own, or the one the operator names.

Texts from a browser, a form or a token lead here first: without it whoever makes the service call an address of their
choice would be handed the secret (SSRF). No I/O.
"""

import re
from urllib.parse import urlsplit

from integrations.settings import Settings

KOMMO_HOST = re.compile(r"(?!www\.)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.kommo\.com")
"""An account's host, or one of the API's: `shop.kommo.com`, never a deeper or a look-alike one."""


def account_url(settings: Settings, host: str) -> str | None:
    """The base URL of the account at this host (`shop.kommo.com`); None when nothing may be sent there.

    With an AUTOPRIME_KOMMO_AUTH_URL outside of Kommo, exactly its host is allowed and no other.
    """
    own = urlsplit(settings.kommo_auth_url)
    given = host.strip().lower()
    if not _is_kommo(own.hostname or ""):
        return f"{own.scheme}://{own.netloc}" if given == own.netloc.lower() else None
    return f"https://{given}" if KOMMO_HOST.fullmatch(given) else None


def typed_account_url(settings: Settings, typed: str) -> str | None:
    """The same for what a person types: an address, a host, or the account's bare name."""
    text = typed.strip().lower()
    if re.fullmatch(r"[a-z0-9-]+", text):
        text = f"{text}.kommo.com"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    return account_url(settings, parts.netloc)


def _is_kommo(host: str) -> bool:
    return host == "kommo.com" or host.endswith(".kommo.com")
