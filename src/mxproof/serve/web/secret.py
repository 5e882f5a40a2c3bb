"""Secrets that browsers and programs show: long, random, and known here by their digest only."""

import hashlib
import hmac
import secrets
from typing import Final

SECRET_BYTES: Final = 32
SECRET_CHARACTERS_MAX: Final = 128
_FORM: Final = b"mxproof form"


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret; it is random, so that a fast digest is as good as a slow one."""
    return hashlib.sha256(secret.encode()).digest()


def form_token(cookie: str) -> str:
    """Return what a form has to hold that was made for the browser with this cookie."""
    return hmac.new(cookie.encode(), _FORM, hashlib.sha256).hexdigest()


def is_form_token(cookie: str, token: str) -> bool:
    """Tell whether a form that holds `token` was made for the browser with this cookie."""
    return bool(cookie) and hmac.compare_digest(form_token(cookie).encode(), token.encode())
