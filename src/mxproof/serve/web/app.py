"""All pages, answers and feeds as one application (ASGI)."""

from collections.abc import Callable

from starlette.routing import Router
from starlette.types import ASGIApp

from mxproof.serve.web.action_views import ActionViews
from mxproof.serve.web.api import Api
from mxproof.serve.web.feed import Feeds
from mxproof.serve.web.guard import Guard
from mxproof.serve.web.guest_views import GuestViews
from mxproof.serve.web.history_views import HistoryViews
from mxproof.serve.web.showing import Showing
from mxproof.serve.web.site import Site
from mxproof.serve.web.views import Views


def web_app(site: Site, fault: Callable[[], None]) -> ASGIApp:
    """Return the application; `fault` is told of each fault of this program."""
    showing = Showing(site)
    history = HistoryViews(site, showing)
    pages = [*Views(site, showing, history).routes(), *history.routes(), *ActionViews(site, showing).routes()]
    pages += GuestViews(site).routes()
    routes = [*pages, *Feeds(site).routes(), *Api(site).routes()]
    return Guard(Router(routes, redirect_slashes=False), site.settings, fault)
