"""What stands beside the checks in a store of the watch: TLS reports, publications, a log that is followed, and its alarms."""

from datetime import datetime, timedelta

import msgspec

from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.detector import Detector
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication import (
    NewPublication,
    PublicationKind,
    PublicationState,
    StepStanding,
)
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.silence import KeptLog, SilenceJournal
from support_journal import arrival, report
from support_poison import POISONS, poisoned
from support_rhythm import BEGIN_S, DAY_S, steady, utc_hour_of_week, without

LOG_NAME = "/var/log/mail.log"
FORCED = "the old servers are switched off tonight"
REPORTED_DAYS = (2, 1)
"""Days ago on which the sender of reports tells of failures."""
_LEARNT_DAYS = 26
_SILENT_DAYS = 3.0
_RATES = {"Microsoft": 60.0, "Google": 40.0, "firm.example": 25.0}


def keep_reports(journal: Journal, domain: str, hostile: str, now: datetime) -> None:
    """Keep reports of a domain that was migrated, of the days before and after, and one of a sender that does its worst."""
    every = [_report(domain, now - timedelta(days=ago), 0) for ago in (5, 4)]
    every += [_report(domain, now - timedelta(days=ago), 12) for ago in REPORTED_DAYS]
    worst = poisoned(_report(hostile, now - timedelta(days=1), 3), POISONS[0])
    policies = tuple(
        msgspec.structs.replace(one, type="sts", domain=hostile, failures=worst.policies[0].failures)
        for one in worst.policies
    )
    every.append(msgspec.structs.replace(worst, policies=policies))
    for number, one in enumerate(every):
        journal.keep([arrival(report(one), data=str(number).encode(), at=now)])


def _report(domain: str, begin: datetime, failed: int) -> TlsReport:
    failures = (
        FailureDetails(
            "validation-failure",
            failed,
            "40.92.0.1",
            "mxi1.example.com",
            receiving_ip="192.0.2.1",
            reason="MX_HOSTS_MISMATCH",
        ),
    )
    policy = ReportedPolicy("sts", domain, 40, failed, failures=failures if failed else ())
    day = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    end = day + timedelta(seconds=DAY_S - 1)
    return TlsReport(
        "Microsoft Corporation",
        day,
        end,
        "tlsrpt-noreply@microsoft.com",
        f"{day:%Y%m%d}.{domain}",
        (policy,),
    )


def keep_publications(journal: Journal, domain: str, hostile: str, now: datetime) -> None:
    """Keep what was published: the migration of a domain, made in spite of what it does, and one under way whose words do their worst."""
    publications, at = PublicationJournal(journal), now - timedelta(days=2, hours=1)
    migrated = publications.begin(_publication(domain, FORCED), at)
    for number, step in enumerate(("policy", "id")):
        begun_at = at + timedelta(minutes=10 * number)
        publications.note(migrated.number, step, StepStanding.BEGUN, "", begun_at)
        publications.note(migrated.number, step, StepStanding.SEEN, "", begun_at + timedelta(minutes=5))
    publications.end(migrated.number, PublicationState.DONE, at + timedelta(minutes=15))
    begun = publications.begin(_publication(hostile, POISONS[0]), now - timedelta(minutes=1))
    publications.note(begun.number, POISONS[1], StepStanding.BEGUN, POISONS[0], now)


def _publication(domain: str, forced: str) -> NewPublication:
    return NewPublication(domain, PublicationKind.APPLY, b"", b"", forced)


def keep_silence(journal: Journal, domain: str, now: datetime) -> list[Alarm]:
    """Keep a log of a domain that was followed until now, in which one of three senders stopped; return its alarms."""
    mails = without(steady(_RATES, _LEARNT_DAYS), "Microsoft", _LEARNT_DAYS - _SILENT_DAYS)
    detector = Detector(utc_hour_of_week)
    shift_s = (now.timestamp() - BEGIN_S) // DAY_S * DAY_S - _LEARNT_DAYS * DAY_S
    found = list(detector.feed((at_s + shift_s, name) for at_s, name in mails))
    kept, senders = detector.kept()
    encode = msgspec.msgpack.encode
    log = KeptLog("", encode(kept), tuple((one.name, encode(one)) for one in senders), domain)
    SilenceJournal(journal).keep(LOG_NAME, log, found)
    return found
