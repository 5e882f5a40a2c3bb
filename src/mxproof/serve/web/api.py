"""The API: what the pages show, as JSON, for programs with a token and for whoever is logged in. It only reads."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mxproof.evidence.codec import encode
from mxproof.serve.web.api_answer import (
    API_ITEMS_MAX,
    ParameterError,
    json_answer,
    no_answer,
    older_than_asked,
    period_asked,
)
from mxproof.serve.web.api_reported import ReportedApi
from mxproof.serve.web.api_types import (
    API_VERSION,
    ApiCheck,
    ApiChecks,
    ApiDomain,
    ApiDomains,
    ApiMemory,
    ApiNews,
    ApiNewsItem,
)
from mxproof.serve.web.openapi import openapi_document
from mxproof.serve.web.site import Site, domain_in, number_in, shown
from mxproof.store.journal.account import TokenOpens
from mxproof.store.journal.standing import watch_status
from mxproof.store.journal.watched import KeptCheck, WatchedEvidence

STATUS_NEWS_MAX: Final = 20

Answering = Callable[[Request], Awaitable[Response]]


class Api:
    """The API of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Return where each answer is."""
        reported = ReportedApi(self._site)
        answers: dict[str, Answering] = {
            "/domains": self._domains,
            "/domains/{domain}": self._domain,
            "/domains/{domain}/checks": self._checks,
            "/domains/{domain}/news": self._news,
            "/news": self._news,
            "/checks/{number}": self._check,
            "/checks/{number}/report": self._report,
            "/checks/{number}/evidence": self._evidence,
            "/checks/{number}/memory": self._memory,
            "/domains/{domain}/reports": reported.reports,
            "/reports": reported.reports,
            "/reports/{number}": reported.report,
            "/domains/{domain}/silences": reported.silences,
            "/silences": reported.silences,
            "/domains/{domain}/publications": reported.publications,
            "/publications": reported.publications,
            "/logs": reported.logs,
        }
        found = [Route(f"/api/v1{path}", self._admitted(answer)) for path, answer in answers.items()]
        return [*found, Route("/api/v1/openapi.json", self._openapi)]

    def _admitted(self, answer: Answering) -> Answering:
        async def answers(request: Request) -> Response:
            kind, _, secret = request.headers.get("authorization", "").partition(" ")
            is_open = kind.lower() == "bearer" and await self._site.door.is_open(
                secret.strip(), TokenOpens.API
            )
            if not is_open and await self._site.door.visitor(request) is None:
                words = "a token for the API was expected, as `Authorization: Bearer TOKEN`"
                refused = no_answer(words, HTTPStatus.UNAUTHORIZED)
                refused.headers["www-authenticate"] = 'Bearer realm="mxproof"'
                return refused
            try:
                return await answer(request)
            except ParameterError as error:
                return no_answer(str(error), HTTPStatus.BAD_REQUEST)

        return answers

    async def _openapi(self, request: Request) -> Response:
        return Response(openapi_document(self._site.origin(request)), media_type="application/json")

    async def _domains(self, _: Request) -> Response:
        found = await self._site.store.read(self._site.store.watch.newest)
        domains = (
            ApiDomain(
                domain=one.domain,
                outcome=one.outcome,
                headline=one.headline if one.outcome is not None else None,
                observed_at=one.observed_at,
                due_at=one.due_at,
                senders=one.outcomes,
            )
            for one in found
        )
        return json_answer(ApiDomains(API_VERSION, tuple(domains)))

    async def _domain(self, request: Request) -> Response:
        watch, domain = self._site.store.watch, domain_in(request)
        states = await self._site.store.read(lambda: watch.states([domain]))
        if not states:
            return no_answer("this domain is not watched")
        news = await self._site.store.read(lambda: watch.news(domain, news_max=STATUS_NEWS_MAX))
        return json_answer(watch_status(states[0], news))

    async def _checks(self, request: Request) -> Response:
        watch, domain, now = self._site.store.watch, domain_in(request), self._site.now()
        since, until = period_asked(request, now)
        found = await self._site.store.read(
            lambda: watch.checks(domain, since, until, checks_max=API_ITEMS_MAX + 1)
        )
        checks = tuple(_as_api(domain, one) for one in found[:API_ITEMS_MAX])
        return json_answer(ApiChecks(API_VERSION, checks, more=len(found) > API_ITEMS_MAX))

    async def _news(self, request: Request) -> Response:
        watch = self._site.store.watch
        domain = domain_in(request) if "domain" in request.path_params else None
        older_than = older_than_asked(request)
        found = await self._site.store.read(
            lambda: watch.news(domain, older_than=older_than, news_max=API_ITEMS_MAX + 1)
        )
        news = tuple(ApiNewsItem(one.number, one.check, one.news) for one in shown(found[:API_ITEMS_MAX]))
        return json_answer(ApiNews(API_VERSION, news, more=len(found) > API_ITEMS_MAX))

    async def _check(self, request: Request) -> Response:
        number, watch = number_in(request.path_params["number"]), self._site.store.watch
        found = None if number is None else await self._site.store.read(lambda: watch.check(number))
        return _no_check() if found is None else json_answer(_as_api(*found))

    async def _report(self, request: Request) -> Response:
        number = number_in(request.path_params["number"])
        checked = None if number is None else await self._site.store.checked(number)
        return _no_check() if checked is None else json_answer(checked.report)

    async def _evidence(self, request: Request) -> Response:
        kept = await self._kept(request)
        return _no_check() if kept is None else _as_file(encode(kept.evidence), request, "evidence")

    async def _memory(self, request: Request) -> Response:
        kept = await self._kept(request)
        if kept is None:
            return _no_check()
        held = [
            ApiMemory(one.body.decode("utf-8", "replace"), one.fetched_at, one.id) for one in kept.memories
        ]
        return _as_file(msgspec.json.encode(held), request, "memory")

    async def _kept(self, request: Request) -> WatchedEvidence | None:
        number = number_in(request.path_params["number"])
        return None if number is None else await self._site.store.evidence(number)


def _as_file(data: bytes, request: Request, what: str) -> Response:
    """Return what a browser keeps as a file."""
    name = f'attachment; filename="check-{request.path_params["number"]}.{what}.json"'
    return Response(data, media_type="application/json", headers={"content-disposition": name})


def _as_api(domain: str, check: KeptCheck) -> ApiCheck:
    return ApiCheck(
        number=check.number,
        domain=domain,
        observed_at=check.observed_at,
        took_s=check.took_s,
        outcome=check.outcome,
        headline=check.headline,
        senders=check.outcomes,
        has_evidence=check.has_evidence,
    )


def _no_check() -> Response:
    return no_answer("no check with this number is kept, or its evidence is kept no longer")
