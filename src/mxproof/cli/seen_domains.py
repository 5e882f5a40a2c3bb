"""What TLS reports are held against: evidence from files, or of a live check of each domain that had failures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from mxproof.cli.evidence_file import evidence_of
from mxproof.cli.evidence_source import observe
from mxproof.cli.judged import judged
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Evidence
from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.formats.tlsrpt.report import TlsReport
from mxproof.judge.remembering import memories_of
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SenderMemory

DOMAINS_ASKED_MAX = 20


class _Looks(msgspec.Struct, frozen=True):
    """All looks at one domain, the newest of them judged."""

    newest: SeenDomain
    earlier: tuple[MailDomain, ...]


class SeenDomains:
    """The evidence of one run by domain: of several files of one domain the newest is what is now, the others what was."""

    def __init__(
        self, files: Sequence[Path], asking: AskingOptions | None, memories: tuple[SenderMemory, ...]
    ) -> None:
        """Read `files`; domains that they are not about are asked with `asking`, None for never."""
        self._asking = asking
        self._memories = memories
        self._asked = 0
        self._looks: dict[str, _Looks | None] = {}
        by_domain: dict[str, list[Evidence]] = {}
        for file in files:
            evidence = evidence_of(file)
            by_domain.setdefault(evidence.domain, []).append(evidence)
        for name, found in by_domain.items():
            self._looks[name] = self._judged(found, ())

    def of(self, report: TlsReport) -> Mapping[str, SeenDomain]:
        """Return what was seen of the domains of a report, each with the last look no later than the report."""
        if self._asking is not None:
            for row in report.policies:
                if row.failure and not self._is_host(row.domain):
                    self._ask(row.domain)
        return {name: _at(looks, report.end) for name, looks in self._looks.items() if looks is not None}

    def about(self, name: str, end: datetime | None) -> SeenDomain | None:
        """Return what was seen of a domain, with the last look no later than `end`; None for nothing."""
        self._ask(name)
        looks = self._looks.get(name)
        return _at(looks, end) if looks is not None else None

    def _is_host(self, name: str) -> bool:
        """Tell whether a domain that was looked at has an MX host of this name."""
        return any(
            name in (host.name, host.target)
            for looks in self._looks.values()
            if looks is not None
            for host in looks.newest.domain.hosts
        )

    def _ask(self, name: str) -> None:
        if name in self._looks or self._asking is None:
            return
        self._looks[name] = None
        if self._asked >= DOMAINS_ASKED_MAX:
            print_stderr(f"{name}: not checked; {DOMAINS_ASKED_MAX} domains are checked in one run")
            return
        self._asked += 1
        try:
            domain = parse_domain(name)
        except FormatError as error:
            print_stderr(f"{name}: not checked; {error.objections[0].message}")
            return
        observed = observe(domain, self._asking)
        self._looks[name] = self._judged([observed.evidence], observed.memories)

    def _judged(self, found: list[Evidence], memories: tuple[SenderMemory, ...]) -> _Looks:
        *older, newest = sorted(found, key=lambda one: one.observed_at())
        earlier = tuple(assemble(one, one.observed_at()) for one in older)
        held = (*self._memories, *memories, *(one for domain in earlier for one in memories_of(domain)))
        now = newest.observed_at()
        report = judged(newest, now=now, memories=held)
        return _Looks(SeenDomain(assemble(newest, now), report, held), earlier)


def _at(looks: _Looks, end: datetime | None) -> SeenDomain:
    before = [one for one in looks.earlier if end is not None and one.at <= end]
    return msgspec.structs.replace(looks.newest, before=before[-1]) if before else looks.newest
