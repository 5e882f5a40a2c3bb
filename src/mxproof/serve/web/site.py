"""What every page and every answer is made with, and the period that they show."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from starlette.requests import Request

from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.judge.news import DomainNews
from mxproof.serve.web.door import Door
from mxproof.serve.web.pages.events import ShownNews
from mxproof.serve.web.pages.setup import SetUp
from mxproof.serve.web.settings import WebSettings
from mxproof.serve.web.store_reader import StoreReader
from mxproof.store.journal.days import day_of
from mxproof.store.journal.watched import KeptNews

DAYS_SHOWN: Final = 30
NUMBER_MAX: Final = 2**63 - 1
DOMAIN_CHARACTERS_MAX: Final = 253


class Site(msgspec.Struct, frozen=True):
    """The store, the door and the clock; `setup` says how the watch is set up, `try_alert` why one told of nothing, if so.

    `stir` is called when something was arranged that the workers of this process may want to look at.
    """

    settings: WebSettings
    store: StoreReader
    door: Door
    now: Callable[[], datetime]
    setup: Callable[[], SetUp]
    try_alert: Callable[[str], Awaitable[str]]
    stir: Callable[[], None] = lambda: None

    def period(self) -> tuple[int, int]:
        """Return the first and the last of the days that are shown, counted from 1970."""
        now = self.now()
        return day_of(now - timedelta(days=DAYS_SHOWN - 1)), day_of(now)

    def origin(self, request: Request) -> str:
        """Return what stands before a path in an address that is passed on."""
        public = self.settings.public
        return str(public) if public is not None else str(request.state.caller.origin)


def shown(several: Sequence[KeptNews]) -> list[ShownNews]:
    """Return news as they are shown."""
    decoder = msgspec.json.Decoder(DomainNews)
    return [
        ShownNews(one.number, one.check, decoder.decode(one.told), one.acknowledged_by) for one in several
    ]


def domain_in(request: Request) -> str:
    """Return the domain that a path names, however it is written, empty for what can be the name of none: it reaches no database."""
    text = str(request.path_params["domain"]).lower().rstrip(".")
    if not text.isascii():
        try:
            return parse_domain(text).name
        except FormatError:
            return ""
    return text if text.isascii() and text.isprintable() and len(text) <= DOMAIN_CHARACTERS_MAX else ""


def number_in(text: str) -> int | None:
    """Return the number that a request names, None for what is none."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(NUMBER_MAX)):
        return None
    number = int(text)
    return number if number <= NUMBER_MAX else None
