"""One report on its way: which record asks for it, which destinations may have it, and the first of them that takes it.

One destination that takes it is enough (RFC 8460 section 3); they are tried in the order of the record.
"""

from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import Final

import msgspec

from mxproof.evidence import Answer, DnsData, Kind, Outcome, Question, TxtRecord
from mxproof.evidence.answer import ABSENT
from mxproof.formats.tlsrpt.destination import MailDestination, ReportDestination, report_destination
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.record import examine_record, tlsrpt_records
from mxproof.formats.tlsrpt.unpacking import gunzip
from mxproof.net.asker import Asker
from mxproof.net.report_post import post_report
from mxproof.serve.sending.mailing import Said, hand_in, signed_mail
from mxproof.serve.sending.settings import SendSettings
from mxproof.store.journal.outgoing import (
    AttemptOutcome,
    DeliveryAttempt,
    DueReport,
    OutgoingState,
)

DESTINATIONS_TRIED_MAX: Final = 4
"""Of one record that are tried."""
RECORD_LABELS: Final = "_smtp._tls"


class Restraint(msgspec.Struct, frozen=True):
    """What keeps reports from destinations now.

    `delivered`: how many went out on this day, by URI. `avoided`: URIs that refused too often, with what they said.
    `hanging`: hosts that did not answer a moment ago.
    """

    delivered: Mapping[str, int]
    avoided: Mapping[str, str]
    hanging: Set[str] = frozenset()


class ReportOutcome(msgspec.Struct, frozen=True):
    """What became of a report: WAITING where it may be tried again. `is_try` is false where nobody was asked."""

    state: OutgoingState
    attempts: tuple[DeliveryAttempt, ...] = ()
    said: str = ""
    is_try: bool = True


def record_question(domain: str) -> Question:
    """Return the question for the record of a policy domain (RFC 8460 section 3)."""
    return Question(Kind.TXT, f"{RECORD_LABELS}.{domain}")


def destinations(answer: Answer) -> tuple[ReportDestination, ...] | ReportOutcome:
    """Return where the record that was found wants reports, or what becomes of them without it."""
    if answer.outcome in ABSENT:
        return ReportOutcome(OutgoingState.UNWANTED, said="it has no TLSRPT record")
    if answer.outcome is not Outcome.FOUND or not isinstance(answer.data, DnsData):
        return ReportOutcome(OutgoingState.WAITING, said=f"TLSRPT record: {answer.detail or answer.outcome}")
    texts = [one.text for one in answer.data.records if isinstance(one, TxtRecord)]
    records = tlsrpt_records(texts)
    # RFC 8460 section 3: where not exactly one record is left, the domain does not implement TLSRPT.
    if len(records) != 1:
        return ReportOutcome(OutgoingState.UNWANTED, said=f"it has {len(records)} TLSRPT records")
    found = examine_record(records[0]).lenient
    if found is None:
        return ReportOutcome(OutgoingState.UNWANTED, said="its TLSRPT record is not valid")
    return tuple(dict.fromkeys(map(report_destination, found.rua)))


def allowed(
    wanted: tuple[ReportDestination, ...], domain: str, settings: SendSettings, restraint: Restraint
) -> tuple[ReportDestination, ...] | ReportOutcome:
    """Return the destinations that a report may go to, or why it may go to none."""
    if settings.deny.has_domain(domain):
        return ReportOutcome(OutgoingState.WITHHELD, said="the configuration denies the domain")
    if sum(restraint.delivered.values()) >= settings.day_max:
        return ReportOutcome(OutgoingState.WITHHELD, said="the day's reports are out (day_max)")
    found: list[ReportDestination] = []
    kept: list[str] = []
    for one in wanted:
        why = _kept_from(one, settings, restraint)
        if why:
            kept.append(f"{one.uri}: {why}")
        else:
            found.append(one)
    if not found:
        return ReportOutcome(OutgoingState.WITHHELD, said="; ".join(kept))
    ready = [one for one in found if one.host not in restraint.hanging]
    if not ready:
        said = f"{found[0].host} did not answer a moment ago"
        return ReportOutcome(OutgoingState.WAITING, said=said, is_try=False)
    return tuple(ready[:DESTINATIONS_TRIED_MAX])


def _kept_from(to: ReportDestination, settings: SendSettings, restraint: Restraint) -> str:
    """Return what keeps a report from a destination, empty for nothing."""
    if isinstance(to, MailDestination):
        if settings.mail is None:
            return "no mail is sent (through)"
    elif not settings.https:
        return "nothing is posted (https)"
    if settings.deny.has_destination(to):
        return "the configuration denies it"
    if restraint.delivered.get(to.uri, 0) >= settings.destination_day_max:
        return "it has the day's reports (destination_day_max)"
    refused = restraint.avoided.get(to.uri)
    return f"avoided, as it refused before: {refused}" if refused is not None else ""


async def deliver(
    due: DueReport,
    to: tuple[ReportDestination, ...],
    settings: SendSettings,
    asker: Asker,
    now: Callable[[], datetime],
) -> ReportOutcome:
    """Send a report to the first destination that takes it."""
    attempts: list[DeliveryAttempt] = []
    for one in to:
        outcome, said = await _attempt(due, one, settings, asker, now())
        attempts.append(DeliveryAttempt(now(), one.uri, outcome, said))
        if outcome is AttemptOutcome.DELIVERED:
            return ReportOutcome(OutgoingState.SENT, tuple(attempts), said)
    is_final = all(
        attempt.outcome is AttemptOutcome.REFUSED and isinstance(one, MailDestination)
        for attempt, one in zip(attempts, to, strict=True)
    )
    state = OutgoingState.GIVEN_UP if is_final else OutgoingState.WAITING
    return ReportOutcome(
        state, tuple(attempts), "; ".join(f"{one.destination}: {one.said}" for one in attempts)
    )


async def _attempt(
    due: DueReport, to: ReportDestination, settings: SendSettings, asker: Asker, now: datetime
) -> Said:
    if isinstance(to, MailDestination):
        assert settings.mail is not None, "mail goes where there is a way for it"
        report = read_report(gunzip(due.packed)).report
        mail = signed_mail(report, due.domain, to.address, due.packed, settings, now)
        return await hand_in(settings.mail, mail, settings.sender, to)
    posted = await post_report(asker, to, due.packed)
    if posted.is_accepted:
        return AttemptOutcome.DELIVERED, posted.detail
    if posted.outcome is Outcome.TIMEOUT:
        return AttemptOutcome.TIMEOUT, posted.detail
    return AttemptOutcome.REFUSED if posted.is_dead else AttemptOutcome.FAILED, posted.detail
