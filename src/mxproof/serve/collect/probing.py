"""Probes out of band, for domains in mode testing: what would mail to them have met, had their policies been enforced?

Postfix reports sessions under a policy in mode testing as satisfied, whatever the certificate, and RFC 8461 section 5 wants failures
reported. So a domain of which such a session was told is looked at, at most once in PROBED_EVERY, and each MX host and address at most
once in that time for all domains. What all of its hosts fail in stands until the next look (`standing`). What could not be reached
fails in nothing: nobody would have had a session there.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from mxproof.evidence import Answer, Evidence, Kind, Question
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.judge.report import Attempt
from mxproof.judge.senders.engine import deliver
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.collect import collect
from mxproof.serve.collect.standing import StandingFailures
from mxproof.survey.check_set import CheckSet, survey_of

PROBED_EVERY: Final = timedelta(days=1)
STANDS_FOR: Final = timedelta(hours=25)
"""Until the next look, and as long as that may take."""
DOMAINS_PROBED_MAX: Final = 5000
"""Domains looked at in PROBED_EVERY; further ones are not."""
HOSTS_HELD_MAX: Final = 2000
AT_ONCE: Final = 4
PROBE_EVERY_S: Final = 1.0
OUT_OF_BAND: Final = "out-of-band"

_WANTED: Final = survey_of((CheckSet.ARRIVAL,))

_log = logging.getLogger("mxproof.collect")


class Prober:
    """Looks at domains that `standing` has met in mode testing, and tells it how their hosts fail."""

    def __init__(
        self,
        standing: StandingFailures,
        asking: Asking,
        roots: tuple[bytes, ...],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.probes = 0
        self._standing = standing
        self._roots = roots
        self._now = now
        self._asker = Asker(asking)
        self._looked_at: dict[str, datetime] = {}
        self._hosts: OrderedDict[Question, tuple[Answer, datetime]] = OrderedDict()

    async def run(self) -> None:
        """Look at what was met, for good."""
        while True:
            await self.look()
            await asyncio.sleep(PROBE_EVERY_S)

    def close(self) -> None:
        """Let go of sockets."""
        self._asker.close()

    async def look(self) -> None:
        """Look at the domains that were met since the last time and are due, a few at once."""
        now = self._now()
        for domain in [one for one, at in self._looked_at.items() if now - at >= PROBED_EVERY]:
            del self._looked_at[domain]
        due = [one for one in self._standing.met_testing() if one not in self._looked_at]
        due = due[: DOMAINS_PROBED_MAX - len(self._looked_at)]
        self._looked_at |= dict.fromkeys(due, now)
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(domain: str) -> None:
            async with slots:
                await self._probe(domain)

        await asyncio.gather(*(one(domain) for domain in due))

    async def _probe(self, domain: str) -> None:
        evidence = with_anchors(await self._asked(domain), self._roots)
        now = self._now()
        failures = failures_of(deliver(assemble(evidence, now), RFC8461).attempts)
        self._standing.probed(domain, failures, (now + STANDS_FOR).timestamp())
        self.probes += 1
        kinds = ",".join(dict.fromkeys(one.result_type for one in failures)) or "none"
        _log.info("domain=%s mode=testing probed out of band, all MX hosts fail in: %s", domain, kinds)

    async def _asked(self, domain: str) -> Evidence:
        """Ask about a domain; of its MX hosts what was not asked of them today."""
        before = await collect(domain, self._asker, _without_hosts, evidence=Evidence(domain))
        now = self._now()
        known = [
            (question, self._hosts[question][0])
            for question in _WANTED(before)
            if question in self._hosts and now - self._hosts[question][1] < PROBED_EVERY
        ]
        evidence = await collect(domain, self._asker, _WANTED, evidence=before.with_answers(known))
        held = {question for question, _ in known}
        for question, answer in evidence.answers.items():
            if question.kind is Kind.SMTP and question not in held:
                self._hosts[question] = (answer, now)
                self._hosts.move_to_end(question)
        while len(self._hosts) > HOSTS_HELD_MAX:
            self._hosts.popitem(last=False)
        return evidence


def _without_hosts(evidence: Evidence) -> tuple[Question, ...]:
    return tuple(one for one in _WANTED(evidence) if one.kind is not Kind.SMTP)


def failures_of(attempts: tuple[Attempt, ...]) -> tuple[FailureDetails, ...]:
    """Return in what all MX hosts fail, at each address; empty where there is one that does not, or of which nothing is known.

    The host is named where it is the only one: of several nobody knows which a session was with.
    """
    by_host: dict[str, list[ResultType]] = {}
    for one in attempts:
        if one.outcome is not Verdict.DELIVERS or one.result_type is None:
            return ()
        by_host.setdefault(one.mx, []).append(one.result_type)
    host = next(iter(by_host)) if len(by_host) == 1 else ""
    kinds = dict.fromkeys(map(_reported, (kind for found in by_host.values() for kind in found)))
    return tuple(FailureDetails(kind, 1, receiving_mx=host, reason=OUT_OF_BAND) for kind in kinds)


def _reported(kind: ResultType) -> str:
    """Return the result type as a report has it (RFC 8460 section 4.3)."""
    return ResultType.VALIDATION_FAILURE if kind is ResultType.MX_MISMATCH else kind
