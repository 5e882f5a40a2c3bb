"""The part of the API that is not of checks: TLS reports, silences, the logs that tell of them, and publications."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from mxproof.rhythm.standing import SenderStanding
from mxproof.serve.web.api_answer import (
    API_ITEMS_MAX,
    json_answer,
    no_answer,
    older_than_asked,
    period_asked,
)
from mxproof.serve.web.api_types import (
    API_VERSION,
    ApiLog,
    ApiLogs,
    ApiPublication,
    ApiPublications,
    ApiReport,
    ApiReports,
    ApiSilences,
    ApiUsualSender,
)
from mxproof.serve.web.pages.silence import LogSeen
from mxproof.serve.web.site import Site, domain_in, number_in
from mxproof.store.journal.kept_reports import ReportLine
from mxproof.store.journal.publication import Publication


class ReportedApi:
    """These answers of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def reports(self, request: Request) -> Response:
        """Answer with TLS reports, about a domain or all."""
        domain = domain_in(request) if "domain" in request.path_params else None
        older_than, reports = older_than_asked(request), self._site.store.reports
        found = await self._site.store.read(
            lambda: reports.lines(domain, older_than=older_than, lines_max=API_ITEMS_MAX + 1)
        )
        several = tuple(_report(one) for one in found[:API_ITEMS_MAX])
        return json_answer(ApiReports(API_VERSION, several, more=len(found) > API_ITEMS_MAX))

    async def report(self, request: Request) -> Response:
        """Answer with one TLS report, held against the checks of its domains."""
        number = number_in(request.path_params["number"])
        told = None if number is None else await self._site.store.told_report(number)
        return no_answer("no TLS report with this number is kept") if told is None else json_answer(told)

    async def silences(self, request: Request) -> Response:
        """Answer with the silences that rang, of a domain or all."""
        domain = domain_in(request) if "domain" in request.path_params else None
        (since, until), silence = period_asked(request, self._site.now()), self._site.store.silence
        found = await self._site.store.read(lambda: silence.alarms(domain, since, until, API_ITEMS_MAX + 1))
        several = tuple(found[:API_ITEMS_MAX])
        return json_answer(ApiSilences(API_VERSION, several, more=len(found) > API_ITEMS_MAX))

    async def publications(self, request: Request) -> Response:
        """Answer with what was published of a domain or of all."""
        domain = domain_in(request) if "domain" in request.path_params else None
        older_than, journal = older_than_asked(request), self._site.store.publications
        found = await self._site.store.read(
            lambda: journal.history(domain, API_ITEMS_MAX + 1, older_than=older_than)
        )
        several = tuple(map(_publication, found[:API_ITEMS_MAX]))
        return json_answer(ApiPublications(API_VERSION, several, more=len(found) > API_ITEMS_MAX))

    async def logs(self, _: Request) -> Response:
        """Answer with the logs that are followed."""
        found = await self._site.store.logs(self._site.now())
        return json_answer(ApiLogs(API_VERSION, tuple(map(_log, found))))


def _report(one: ReportLine) -> ApiReport:
    return ApiReport(
        number=one.number,
        reporter=one.reporter,
        submitter=one.submitter or None,
        report_id=one.report_id,
        begin=one.begin,
        end=one.end,
        received_at=one.received_at,
        authenticated=one.authenticated,
        domains=one.domains,
        sessions=one.sessions,
        failures=one.failures,
    )


def _publication(one: Publication) -> ApiPublication:
    return ApiPublication(
        number=one.number,
        domain=one.domain,
        kind=one.kind,
        state=one.state,
        begun_at=one.begun_at,
        ended_at=one.ended_at,
        forced=one.forced or None,
        steps=one.steps,
    )


def _log(one: LogSeen) -> ApiLog:
    return ApiLog(one.name, one.domain or None, tuple(map(_sender, one.senders)))


def _sender(one: SenderStanding) -> ApiUsualSender:
    return ApiUsualSender(
        sender=one.known,
        last_mail_at=datetime.fromtimestamp(one.last_s, UTC),
        due=one.due,
        is_silent=one.is_silent,
    )
