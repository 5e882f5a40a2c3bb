"""How every page is answered: shown to whoever may look, and whoever did not log in is led there first."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mxproof.render.markup import Content
from mxproof.serve.web.door import Visitor, form_key
from mxproof.serve.web.pages.frame import Around, framed
from mxproof.serve.web.pages.login import words_content
from mxproof.serve.web.site import Site

View = Callable[[Request, Visitor], Awaitable[Response]]


class Showing:
    """What the pages of one site have in common."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def seen(self, view: View) -> Callable[[Request], Awaitable[Response]]:
        """Return the page for whoever may look, and the way to the login for others."""

        async def shows(request: Request) -> Response:
            visitor = await self._site.door.visitor(request)
            if visitor is not None:
                return await view(request, visitor)
            if not self._site.door.has_logins:
                words = "One logs in at the proxy in front of these pages, and it named nobody."
                return framed_page(
                    "Not logged in", words_content("Not logged in", words), Around(), HTTPStatus.FORBIDDEN
                )
            url = request.url
            there = f"{url.path}?{url.query}" if url.query else url.path
            then = there if request.method == "GET" and there != "/" else ""
            return RedirectResponse(f"/login?then={quote(then)}" if then else "/login", HTTPStatus.SEE_OTHER)

        return shows

    def missing(self, request: Request, visitor: Visitor, words: str) -> Response:
        """Return the page that says that something is not there."""
        content = words_content("Not found", words)
        return self.shown(request, visitor, "Not found", content, status=HTTPStatus.NOT_FOUND)

    def shown(
        self,
        request: Request,
        visitor: Visitor,
        title: str,
        content: Sequence[Content],
        *,
        here: str = "",
        feed: str | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        """Return a page with all that stands around it."""
        token = "" if visitor.is_by_proxy else form_key(request).token
        return framed_page(title, content, Around(visitor.name, token), status, here, feed)


def framed_page(
    title: str,
    content: Sequence[Content],
    around: Around,
    status: HTTPStatus = HTTPStatus.OK,
    here: str = "",
    feed: str | None = None,
) -> Response:
    """Return a page."""
    return HTMLResponse(framed(title, list(content), around, here, feed), status)
