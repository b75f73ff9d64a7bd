"""The staff's cookies: the session, the form before there is one, and a word to show on the next page.

Over TLS their names begin with `__Host-`, which ties them to this host. No script reads them.
"""

import base64
import binascii
import hmac

from litestar.datastructures import Cookie

from assistant.staff.web.visit import StaffRequest, Visit, signature

SESSION, FORM, NOTICE = "autoprime_session", "autoprime_form", "autoprime_notice"


def name_of(cookie: str, *, secure: bool) -> str:
    """What the cookie is called in the browser."""
    return f"__Host-{cookie}" if secure else cookie


def set_cookie(cookie: str, value: str, *, secure: bool) -> Cookie:
    """A cookie until the browser is closed."""
    name = name_of(cookie, secure=secure)
    return Cookie(key=name, value=value, path="/", secure=secure, httponly=True, samesite="lax")


def clear_cookie(cookie: str, *, secure: bool) -> Cookie:
    """The cookie's end."""
    name = name_of(cookie, secure=secure)
    return Cookie(key=name, value="", path="/", secure=secure, httponly=True, samesite="lax", max_age=0)


def notice_cookie(visit: Visit, text: str, *, secure: bool) -> Cookie:
    """A word for the next page, signed so that nobody else can put one there."""
    packed = base64.urlsafe_b64encode(text.encode()).decode()
    return set_cookie(NOTICE, f"{packed}.{signature(visit.secret, packed)}", secure=secure)


def read_notice(request: StaffRequest, visit: Visit, *, secure: bool) -> str | None:
    """The word that the page before left."""
    packed, _, signed = request.cookies.get(name_of(NOTICE, secure=secure), "").partition(".")
    if not packed or not hmac.compare_digest(signed.encode(), signature(visit.secret, packed).encode()):
        return None
    try:
        return base64.urlsafe_b64decode(packed).decode()
    except (binascii.Error, ValueError):
        return None
