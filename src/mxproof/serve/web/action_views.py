"""What an administrator does on the pages; each is a form that was made here for this browser, and leads back to a page."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.judge.news import Weight
from mxproof.serve.web.door import Visitor, form_key, form_of
from mxproof.serve.web.pages.arranging import INTERVAL_MINUTES_MAX, WHY_CHARACTERS_MAX, removing_content
from mxproof.serve.web.pages.login import words_content
from mxproof.serve.web.showing import Showing
from mxproof.serve.web.site import Site, domain_in, number_in
from mxproof.store.journal.arranging import Arranged, KeptMaintenance
from mxproof.store.journal.watched import WatchedDomain

MAINTENANCE_DAYS_MAX: Final = 366
MAINTENANCE_DOMAINS_MAX: Final = 100
ACKNOWLEDGED_WEIGHTS: Final = (Weight.ALARM, Weight.WARNING)

_WORDS: Final = {
    Arranged.KNOWN: "This domain is watched already.",
    Arranged.FULL: "There is room for no more.",
    Arranged.NOT_HERE: "This domain was not added here: it stands in the configuration file, or is not watched at all.",
    Arranged.TOO_SOON: "It is being checked, was checked a moment ago, or is paused.",
}

Acting = Callable[[Request, Visitor, dict[str, str]], Awaitable["Arranged | str"]]
"""Does something; returns what became of it, or the words that refuse it."""


class ActionViews:
    """These forms of one site."""

    def __init__(self, site: Site, showing: Showing) -> None:
        self._site = site
        self._showing = showing

    def routes(self) -> list[Route]:
        """Return where each form is sent to."""
        seen = self._showing.seen
        actions: tuple[tuple[str, Acting, str], ...] = (
            ("/domains", self._add, "/settings#domains"),
            ("/domains/{domain}/remove", self._remove, "/settings#domains"),
            ("/domains/{domain}/pause", self._pause, "/domains/{domain}"),
            ("/domains/{domain}/resume", self._resume, "/domains/{domain}"),
            ("/domains/{domain}/check", self._check, "/domains/{domain}"),
            ("/domains/{domain}/acknowledge", self._acknowledge, "/domains/{domain}"),
            ("/maintenance", self._begin_maintenance, "/settings#maintenance"),
            ("/maintenance/{number}/end", self._end_maintenance, "/settings#maintenance"),
        )
        return [
            Route("/domains/{domain}/remove", seen(self._ask_remove), methods=["GET"]),
            *(Route(path, self._acting(acts, then), methods=["POST"]) for path, acts, then in actions),
        ]

    def _acting(self, acts: Acting, then: str) -> Callable[[Request], Awaitable[Response]]:
        """Return what takes the form of an administrator and leads to `then`, or says why nothing was done."""

        async def answers(request: Request, visitor: Visitor) -> Response:
            fields = await form_of(request)
            if fields is None or not visitor.is_admin:
                words = "Only an administrator does this, with a form of these pages."
                return self._refused(request, visitor, words, HTTPStatus.FORBIDDEN)
            domain = domain_in(request) if "domain" in request.path_params else None
            if domain is not None and await self._not_watched([domain]):
                return self._showing.missing(request, visitor, "This domain is not watched.")
            became = await acts(request, visitor, fields)
            if became is not Arranged.DONE:
                words = _WORDS[became] if isinstance(became, Arranged) else became
                return self._refused(request, visitor, words, HTTPStatus.BAD_REQUEST)
            self._site.stir()
            return RedirectResponse(then.replace("{domain}", domain or ""), HTTPStatus.SEE_OTHER)

        return self._showing.seen(answers)

    def _refused(self, request: Request, visitor: Visitor, words: str, status: HTTPStatus) -> Response:
        title = "Nothing was done"
        return self._showing.shown(request, visitor, title, words_content(title, words), status=status)

    async def _not_watched(self, domains: Sequence[str]) -> list[str]:
        """Return those that are not watched, in the order of their names."""
        store = self._site.store
        watched = await store.read(lambda: store.watch.states(domains)) if domains else []
        return sorted(set(domains) - {one.domain for one in watched})

    async def _add(self, _: Request, visitor: Visitor, fields: dict[str, str]) -> Arranged | str:
        minutes = number_in(fields.get("minutes", ""))
        if minutes is None or not 1 <= minutes <= INTERVAL_MINUTES_MAX:
            return f"Minutes between checks: a number from 1 to {INTERVAL_MINUTES_MAX} was expected."
        name = _domain(fields.get("domain", ""))
        if isinstance(name, FormatError):
            return f"{name.objections[0].message[:1].upper()}{name.objections[0].message[1:]}."
        store, now = self._site.store, self._site.now()
        domain = WatchedDomain(name, minutes * 60.0)
        return await store.read(lambda: store.arranging.add(domain, visitor.name, now))

    async def _ask_remove(self, request: Request, visitor: Visitor) -> Response:
        store, domain = self._site.store, domain_in(request)
        found = await store.read(lambda: store.watch.states([domain]))
        if not found or found[0].added_by is None or not visitor.is_admin:
            return self._showing.missing(request, visitor, _WORDS[Arranged.NOT_HERE])
        key = form_key(request)
        content = removing_content(domain, key.token)
        return key.keep(request, self._showing.shown(request, visitor, f"Watch {domain} no more?", content))

    async def _remove(self, request: Request, _: Visitor, __: dict[str, str]) -> Arranged | str:
        store, domain = self._site.store, domain_in(request)
        return await store.read(lambda: store.arranging.remove(domain))

    async def _pause(self, request: Request, visitor: Visitor, _: dict[str, str]) -> Arranged | str:
        store, domain = self._site.store, domain_in(request)
        return await store.read(lambda: store.arranging.pause(domain, visitor.name))

    async def _resume(self, request: Request, _: Visitor, __: dict[str, str]) -> Arranged | str:
        store, domain = self._site.store, domain_in(request)
        return await store.read(lambda: store.arranging.pause(domain, None))

    async def _check(self, request: Request, _: Visitor, __: dict[str, str]) -> Arranged | str:
        store, domain, now = self._site.store, domain_in(request), self._site.now()
        return await store.read(lambda: store.arranging.check_now(domain, now))

    async def _acknowledge(self, request: Request, visitor: Visitor, _: dict[str, str]) -> Arranged | str:
        store, domain, now = self._site.store, domain_in(request), self._site.now()
        await store.read(lambda: store.watch.acknowledge([domain], ACKNOWLEDGED_WEIGHTS, visitor.name, now))
        return Arranged.DONE

    async def _begin_maintenance(
        self, _: Request, visitor: Visitor, fields: dict[str, str]
    ) -> Arranged | str:
        begins, ends = _moment(fields.get("begins", "")), _moment(fields.get("ends", ""))
        now, longest = self._site.now(), timedelta(days=MAINTENANCE_DAYS_MAX)
        if begins is None or ends is None:
            return "Begins, ends: times in UTC such as 2026-11-26T22:00 were expected."
        if ends <= begins or ends <= now or ends - now > longest or now - begins > longest:
            return f"Begins, ends: a time from now on was expected, and both of them within {MAINTENANCE_DAYS_MAX} days."
        named = fields.get("domains", "").replace(",", " ").split()
        domains = [_domain(one) for one in named[: MAINTENANCE_DOMAINS_MAX + 1]]
        wrong = [name for name, one in zip(named, domains, strict=False) if isinstance(one, FormatError)]
        if wrong or len(named) > MAINTENANCE_DOMAINS_MAX:
            return f"Domains: at most {MAINTENANCE_DOMAINS_MAX} names of domains were expected, with spaces between."
        store = self._site.store
        names = tuple(one for one in domains if isinstance(one, str))
        if unknown := await self._not_watched(names):
            return f"Domains: {unknown[0]} is not watched; for all domains the field is left empty."
        why = fields.get("why", "")[:WHY_CHARACTERS_MAX].strip()
        kept = KeptMaintenance(0, names, begins, ends, why, visitor.name)
        return await store.read(lambda: store.arranging.begin_maintenance(kept))

    async def _end_maintenance(self, request: Request, _: Visitor, __: dict[str, str]) -> Arranged | str:
        store, number, now = self._site.store, number_in(request.path_params["number"]), self._site.now()
        if number is not None:
            await store.read(lambda: store.arranging.end_maintenance(number, now))
        return Arranged.DONE


def _domain(text: str) -> str | FormatError:
    try:
        return parse_domain(text.strip()).name
    except FormatError as error:
        return error


def _moment(text: str) -> datetime | None:
    """Return a time in UTC as a form holds it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
