"""What guests may do without an account, where that is wanted: have a domain checked, and look at what came of it.

| bound | by |
|---|---|
| checks a guest asks for in an hour | `GuestLimit`, by address |
| checks of all guests in an hour, and how many wait | the store, for all processes together |
| the same domain at once | the check that was asked for a moment ago |
| where a domain's records lead to | public addresses, as for every check (`net/reach`) |
| reports judged at once | JUDGED_FOR_GUESTS_MAX |

A link is as hard to guess as a login. No search engine is let in but to the form.
"""

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.render.markup import Content
from mxproof.serve.web.door import caller, form_key, form_of
from mxproof.serve.web.guest_limit import GuestLimit
from mxproof.serve.web.pages.frame import Around
from mxproof.serve.web.pages.guest import (
    CHECK_PATH,
    asking_content,
    failed_content,
    result_content,
    waiting_content,
)
from mxproof.serve.web.pages.login import words_content
from mxproof.serve.web.secret import SECRET_CHARACTERS_MAX, new_secret
from mxproof.serve.web.settings import Guests
from mxproof.serve.web.showing import framed_page
from mxproof.serve.web.site import DOMAIN_CHARACTERS_MAX, Site
from mxproof.serve.web.store_reader import CrowdedOut
from mxproof.store.journal.guest_checks import GuestRefusal

RESULT_LOOK_S: Final = 3
"""After so long a browser asks again for a result that is not there yet."""
CROWDED_WAIT_S: Final = 60
_ROBOTS: Final = "User-agent: *\nDisallow: /\n"
_ROBOTS_WITH_FORM: Final = f"User-agent: *\nAllow: {CHECK_PATH}$\nDisallow: /\n"
_NOT_FOUND_BY_ROBOTS: Final = ("x-robots-tag", "noindex, nofollow")
_REFUSED: Final = {
    GuestRefusal.CROWDED: "As many checks wait as there is room for. Try again in a minute.",
    GuestRefusal.SPENT: "As many checks were asked for as can be made in an hour. Try again later.",
}


class GuestViews:
    """The pages for guests of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Return where each page is: none but what robots read where guests may do nothing."""
        guests = self._site.settings.guests
        if guests is None:
            return [Route("/robots.txt", _robots)]
        offered = _Offered(self._site, guests)
        return [
            Route("/robots.txt", _robots_with_form),
            Route(CHECK_PATH, offered.ask, methods=["GET"]),
            Route(CHECK_PATH, offered.asked, methods=["POST"]),
            Route(f"{CHECK_PATH}/{{link}}", offered.result),
        ]


class _Offered:
    """What guests may do."""

    def __init__(self, site: Site, guests: Guests) -> None:
        self._site = site
        self._guests = guests
        self._limit = GuestLimit(guests.checks_an_hour)

    async def ask(self, request: Request) -> Response:
        """Show the form."""
        return self._form(request, request.query_params.get("domain", "")[:DOMAIN_CHARACTERS_MAX])

    async def asked(self, request: Request) -> Response:
        """Have a domain checked, and lead to the result."""
        fields = await form_of(request)
        if fields is None:
            words = "This form was not made for this browser, or its cookie was refused. Here is another."
            return self._form(request, "", words, HTTPStatus.FORBIDDEN)
        typed = fields.get("domain", "")
        try:
            domain = parse_domain(typed.strip()).name
        except FormatError as error:
            message = error.objections[0].message
            expected = "" if "expected" in message else " A domain such as example.com was expected."
            said = f"{message[:1].upper()}{message[1:]}.{expected}"
            return self._form(request, typed[:DOMAIN_CHARACTERS_MAX], said, HTTPStatus.BAD_REQUEST)
        now, store = self._site.now(), self._site.store
        wait = self._limit.begin(caller(request).address, now)
        if wait:
            minutes = math.ceil(wait / timedelta(minutes=1))
            unit = "minute" if minutes == 1 else "minutes"
            said = f"You have asked for as many checks as one may in an hour. The next may be asked for in {minutes} {unit}."
            return self._refused(request, domain, said, HTTPStatus.TOO_MANY_REQUESTS, minutes * 60)
        link, bounds = new_secret(), self._guests.bounds
        became = await store.read(lambda: store.guests.ask(link, domain, now, bounds))
        if isinstance(became, GuestRefusal):
            said = _REFUSED[became]
            return self._refused(request, domain, said, HTTPStatus.SERVICE_UNAVAILABLE, CROWDED_WAIT_S)
        self._site.stir()
        return RedirectResponse(f"{CHECK_PATH}/{became}", HTTPStatus.SEE_OTHER)

    async def result(self, request: Request) -> Response:
        """Show how a check stands, and what came of it."""
        store, link = self._site.store, str(request.path_params["link"])
        is_link = link.isascii() and link.isprintable() and len(link) <= SECRET_CHARACTERS_MAX
        check = await store.read(lambda: store.guests.check(link, self._site.now())) if is_link else None
        if check is None:
            words = "No check has this link, or its result is kept no longer."
            return _page("Not found", words_content("Not found", words), HTTPStatus.NOT_FOUND)
        if check.done_at is None:
            page = _page(check.domain, waiting_content(link, check))
            page.headers["refresh"] = str(RESULT_LOOK_S)
            return page
        checked = await store.guest_checked(link)
        if isinstance(checked, CrowdedOut):
            words = "Many look at their results at this moment. This page looks again by itself."
            page = _page(check.domain, words_content(check.domain, words), HTTPStatus.SERVICE_UNAVAILABLE)
            page.headers["refresh"] = page.headers["retry-after"] = str(RESULT_LOOK_S)
            return page
        if checked is None:
            return _page(check.domain, failed_content(check))
        url = f"{self._site.origin(request)}{CHECK_PATH}/{link}"
        return _page(check.domain, result_content(url, check, checked))

    def _form(
        self, request: Request, domain: str, said: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        key, kept = form_key(request), self._guests.bounds.kept
        content = asking_content(key.token, kept, self._guests.checks_an_hour, domain, said)
        return key.keep(request, framed_page("Check a domain", content, Around(), status))

    def _refused(self, request: Request, domain: str, said: str, status: HTTPStatus, wait_s: int) -> Response:
        page = self._form(request, domain, said, status)
        page.headers["retry-after"] = str(wait_s)
        return page


def _page(title: str, content: list[Content], status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return a page under a link that nobody is to find otherwise."""
    page = framed_page(title, content, Around(), status)
    page.headers[_NOT_FOUND_BY_ROBOTS[0]] = _NOT_FOUND_BY_ROBOTS[1]
    return page


async def _robots(_: Request) -> Response:
    return PlainTextResponse(_ROBOTS)


async def _robots_with_form(_: Request) -> Response:
    return PlainTextResponse(_ROBOTS_WITH_FORM)
