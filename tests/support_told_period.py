"""What senders reported of a period, made by hand for tests of forms."""

from datetime import date

from mxproof.explain.tlsrpt.period_told import PeriodDay, PeriodSender, PeriodSessions, PeriodWay, ToldPeriod
from mxproof.formats.tlsrpt.found import Authenticated

DAYS = (PeriodDay(date(2026, 6, 1), 7, 0), PeriodDay(date(2026, 6, 2), 5, 3))
WAY = PeriodWay("certificate-expired", None, None, 3, date(2026, 6, 2), None)
NONE = PeriodSessions(0, 0, 0, at_least=False)


def told_sender(*failures: PeriodWay) -> PeriodSender:
    """Return what one sender reports of two days."""
    sessions = PeriodSessions(12, 3, 2, at_least=False)
    return PeriodSender("sender.example", None, Authenticated.VERIFIED, sessions, 0, DAYS, failures)


def told_period(*senders: PeriodSender, domain: str | None = "example.com") -> ToldPeriod:
    """Return what senders report of these days."""
    return ToldPeriod(
        domain=domain,
        since=DAYS[0].day,
        until=DAYS[1].day,
        authenticated=senders[0].sessions if senders else NONE,
        unauthenticated=NONE,
        senders=senders,
        domains=(),
        more=False,
    )
