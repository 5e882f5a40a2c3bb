"""The door: who may look, how one logs in and out, and that a form was made here for whoever sends it.

| shown | opens |
|---|---|
| the cookie of a login, or the header of the proxy that is named | every page, the API and the feeds |
| a token for the API, as `Authorization: Bearer` | the API |
| a token for feeds, as `?token=` | the feeds |

Cookies of an encrypted origin are `__Host-`, so that no other host of the domain can set them; a plain origin of this machine has no
such. Each form holds a digest of its browser's cookie.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mxproof.formats.text import safe
from mxproof.serve.web.attempts import Attempts
from mxproof.serve.web.caller import Caller
from mxproof.serve.web.password_hash import LOGIN_PASSWORD_BYTES_MAX, is_password
from mxproof.serve.web.secret import (
    SECRET_CHARACTERS_MAX,
    digest_of,
    form_token,
    is_form_token,
    new_secret,
)
from mxproof.serve.web.settings import TrustedProxy
from mxproof.serve.web.store_reader import StoreReader
from mxproof.store.journal.access import LASTS
from mxproof.store.journal.account import Role, TokenOpens

FORM_BYTES_MAX: Final = 16 * 1024
FORM_FIELDS_MAX: Final = 20
ACCOUNT_NAME_CHARACTERS_MAX: Final = 200
HASHES_AT_ONCE_MAX: Final = 16
"""Logins that wait for their turn to be hashed; for one more there is no room."""
_LOGIN, _FORM = "mxproof-login", "mxproof-form"

_log = logging.getLogger("mxproof.web")


class Visitor(msgspec.Struct, frozen=True):
    """Whoever looks at a page; one that a proxy named logs out there."""

    name: str
    role: Role
    is_by_proxy: bool = False

    @property
    def is_admin(self) -> bool:
        """Tell whether it is an administrator."""
        return self.role is Role.ADMIN


class Door:
    """Knows who may look."""

    def __init__(self, store: StoreReader, proxy: TrustedProxy, now: Callable[[], datetime]) -> None:
        self._store = store
        self._proxy = proxy
        self._now = now
        self._attempts = Attempts()
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="web-password")
        self._hashes = 0

    @property
    def has_logins(self) -> bool:
        """Tell whether one logs in here, and not at a proxy."""
        return not self._proxy.header

    def close(self) -> None:
        """Let go of the thread that hashes."""
        self._hashing.shutdown(wait=True, cancel_futures=True)

    async def visitor(self, request: Request) -> Visitor | None:
        """Return who asks for a page, None for whoever did not log in."""
        if self._proxy.header:
            names = request.headers.getlist(self._proxy.header) if caller(request).is_by_proxy else []
            # A second one is that of a browser, which the proxy let through beside its own.
            name = names[0] if len(names) == 1 else ""
            if not name or len(name) > ACCOUNT_NAME_CHARACTERS_MAX:
                return None
            role = Role.ADMIN if name in self._proxy.admins else Role.VIEWER
            return Visitor(name, role, is_by_proxy=True)
        secret = _cookie(request, _LOGIN)
        if not secret:
            return None
        account = await self._store.read(lambda: self._store.access.login_of(digest_of(secret), self._now()))
        return None if account is None else Visitor(account.name, account.role)

    async def is_open(self, secret: str, opens: TokenOpens) -> bool:
        """Tell whether a token is good for this."""
        if not secret or len(secret) > SECRET_CHARACTERS_MAX:
            return False
        found = await self._store.read(lambda: self._store.access.token_of(digest_of(secret)))
        return found is not None and found.opens is opens

    async def login(self, request: Request, name: str, password: str) -> "str | RefusedLogin":
        """Return the secret of a new login, or why there is none; whether the account exists is not told."""
        address = caller(request).address
        wait = self._attempts.begin(name, address, self._now())
        if wait:
            seconds = math.ceil(wait / timedelta(seconds=1))
            return RefusedLogin(f"Too many tries. The next one is heard in {seconds} seconds.", seconds)
        if self._hashes >= HASHES_AT_ONCE_MAX:
            return RefusedLogin("Too many log in at this moment. Try again in a few seconds.", 5)
        self._hashes += 1
        try:
            found = await self._store.read(lambda: self._store.access.account_named(name))
            kept = None if found is None else found[1]
            loop = asyncio.get_running_loop()
            is_right = await loop.run_in_executor(self._hashing, is_password, kept, password)
        finally:
            self._hashes -= 1
        if found is None or not is_right:
            _log.warning("web: login failed account=%s address=%s", safe(name), address)
            return RefusedLogin("No account has this name and this password.")
        self._attempts.succeeded(name, address)
        secret = new_secret()
        await self._store.read(lambda: self._store.access.begin_login(digest_of(secret), name, self._now()))
        _log.info("web: login account=%s address=%s", safe(name), address)
        return secret

    async def logout(self, request: Request) -> None:
        """End the login of a browser."""
        secret = _cookie(request, _LOGIN)
        if secret:
            await self._store.read(lambda: self._store.access.end_login(digest_of(secret)))


class RefusedLogin(msgspec.Struct, frozen=True):
    """Why nobody was logged in, and after how many seconds another try is heard."""

    words: str
    wait_s: int = 0


def caller(request: Request) -> Caller:
    """Return where a request comes from, as the guard found."""
    found: Caller = request.state.caller
    return found


def keep_login(request: Request, response: Response, secret: str) -> None:
    """Have the browser keep the secret of its login, and forget what it held before that."""
    _set(request, response, _LOGIN, secret, round(LASTS.total_seconds()))
    _set(request, response, _FORM, "", 0)


def forget_login(request: Request, response: Response) -> None:
    """Have the browser forget its login."""
    _set(request, response, _LOGIN, "", 0)


class FormKey(msgspec.Struct, frozen=True):
    """What ties forms to one browser: its cookie, which is `new` where it has to be set."""

    cookie: str
    is_new: bool

    @property
    def token(self) -> str:
        """What the form holds."""
        return form_token(self.cookie)

    def keep(self, request: Request, response: Response) -> Response:
        """Have the browser keep a new cookie."""
        if self.is_new:
            _set(request, response, _FORM, self.cookie, None)
        return response


def form_key(request: Request) -> FormKey:
    """Return what ties forms to the browser that asks."""
    cookie = _cookie(request, _LOGIN) or _cookie(request, _FORM)
    return FormKey(cookie or new_secret(), is_new=not cookie)


async def form_of(request: Request) -> dict[str, str] | None:
    """Return the fields of a form that was made here for this browser; None for any other."""
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        return None
    origin = request.headers.get("origin", caller(request).origin)
    if origin != caller(request).origin or request.headers.get("sec-fetch-site", "none") not in (
        "none",
        "same-origin",
    ):
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_BYTES_MAX:
            return None
    try:
        fields = dict(
            parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FORM_FIELDS_MAX
            )
        )
    except ValueError:
        return None
    cookie = _cookie(request, _LOGIN) or _cookie(request, _FORM)
    return fields if is_form_token(cookie, fields.get("form", "")) else None


def is_login_form(fields: dict[str, str]) -> bool:
    """Tell whether name and password are such as an account can have."""
    name, password = fields.get("account", ""), fields.get("password", "")
    is_name = 0 < len(name) <= ACCOUNT_NAME_CHARACTERS_MAX and name.isprintable()
    return is_name and len(password.encode()) <= LOGIN_PASSWORD_BYTES_MAX


def _cookie(request: Request, name: str) -> str:
    value = request.cookies.get(_cookie_name(request, name), "")
    return value if len(value) <= SECRET_CHARACTERS_MAX else ""


def _cookie_name(request: Request, name: str) -> str:
    return f"__Host-{name}" if caller(request).is_encrypted else name


def _set(request: Request, response: Response, name: str, value: str, max_age_s: int | None) -> None:
    response.set_cookie(
        _cookie_name(request, name),
        value,
        max_age=max_age_s,
        path="/",
        secure=caller(request).is_encrypted,
        httponly=True,
        samesite="lax",
    )
