"""What sends reports, for tests: with DNS, receivers and a sendmail of its own, and a clock and dice that the test holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import dns.message
import dns.rcode
import msgspec

from mxproof.formats.dkim import Signature
from mxproof.mail.dkim_signing import DkimSigner
from mxproof.net.asking import Asking, Peer
from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.sender import ReportSender
from mxproof.serve.sending.settings import MailWay, SendSettings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import OutgoingReport, OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_dkim import rsa_key
from support_dns import dns_server, reply
from support_outgoing import met_on
from support_stream import Handler, certified, stream_server

DAY = date(2026, 3, 1)
CLOSED = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
SIGNER = DkimSigner(Signature("sender.example", "tlsrpt"), rsa_key())
RECEIVER = "192.0.2.80"

_SENDMAIL = """#!/bin/sh
status=$(cat {folder}/status 2>/dev/null || echo 0)
if [ "$status" = 0 ]; then
    number=$(ls {folder} | grep -c '^mail')
    {{ echo "$@"; cat; }} > {folder}/mail$number
fi
exit $status
"""


class Bench:
    """One sender with its journal: `now` is what it takes for the time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = CLOSED
        self.journal = Journal(f"sqlite:{folder}/journal.db")
        self.outgoing = OutgoingJournal(self.journal)
        self.counts = SendCounts()
        self.records: dict[str, str] = {}
        self.addresses = {"r0.test": RECEIVER, "r1.test": "192.0.2.81"}
        self.dns_fails = False
        self._throws = 0
        self.sendmail = folder / "sendmail"
        self.sendmail.write_text(_SENDMAIL.format(folder=folder), encoding="utf-8")
        self.sendmail.chmod(0o755)
        self.settings = SendSettings(
            organization="Sender Example",
            contact="tls@sender.example",
            sender="tls@sender.example",
            asking=Asking(()),
            mail=MailWay(sendmail=str(self.sendmail)),
            signers=(SIGNER,),
        )

    def chance(self) -> float:
        """Throw dice that show the middle, and yet another number each time."""
        self._throws += 1
        return 0.5 + self._throws * 2.0**-40

    def change(self, **fields: object) -> None:
        """Send with other settings from now on."""
        self.settings = msgspec.structs.replace(self.settings, **fields)

    def wants(self, domain: str, *rua: str) -> None:
        """Have DNS say where a domain wants its reports."""
        self.records[f"_smtp._tls.{domain}"] = f"v=TLSRPTv1; rua={','.join(rua)}"

    def sendmail_ends(self, status: int) -> None:
        """Have sendmail end with a status from now on."""
        (self.folder / "status").write_text(str(status), encoding="utf-8")

    def mails(self) -> list[bytes]:
        """Return the mails that sendmail took, each behind a line with its arguments."""
        return [one.read_bytes() for one in sorted(self.folder.glob("mail*"))]

    def report(self, domain: str) -> OutgoingReport:
        """Return how the report to a domain stands."""
        (found,) = self.outgoing.reports(DAY, list(OutgoingState), domain)
        return found

    def respond(self, wire: bytes, _: str) -> list[bytes]:
        """Answer a question as DNS."""
        question = dns.message.from_wire(wire).question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = question.rdtype.name
        if self.dns_fails:
            return [reply(wire, rcode=dns.rcode.SERVFAIL)]
        if kind == "TXT" and name in self.records:
            return [reply(wire, f'{name}. 60 IN TXT "{self.records[name]}"')]
        if kind == "A" and name in self.addresses:
            return [reply(wire, f"{name}. 60 IN A {self.addresses[name]}")]
        return [reply(wire)]

    @asynccontextmanager
    async def sender(self, *receivers: Handler) -> AsyncIterator[ReportSender]:
        """Run DNS and receivers: r0.test and r1.test."""
        ways: dict[tuple[str, int], tuple[str, int]] = {}
        async with dns_server(self.respond) as resolver, _served(receivers, ways):
            asking = Asking((resolver,), connect_to=MappingProxyType(ways), families=(4,), trust_ad=False)
            settings = msgspec.structs.replace(self.settings, asking=asking)
            with ReportSender(self.journal, settings, self.counts, lambda: self.now, self.chance) as made:
                yield made

    def step(self, *receivers: Handler, early: bool = False) -> None:
        """Do all there is to do now."""

        async def once() -> None:
            async with self.sender(*receivers) as sender:
                await sender.step(early=early)

        asyncio.run(once())

    def until_sent(self, *receivers: Handler) -> None:
        """Close the day, and go on to where its reports have had their first turn."""
        self.step(*receivers)
        self.now += timedelta(hours=4)
        self.step(*receivers)


@asynccontextmanager
async def _served(
    receivers: tuple[Handler, ...], ways: dict[tuple[str, int], tuple[str, int]]
) -> AsyncIterator[None]:
    if not receivers:
        yield
        return
    async with stream_server(receivers[0], certified()) as peer:
        address = f"{RECEIVER.rpartition('.')[0]}.{80 + len(ways)}"
        ways[Peer(address, 443)] = peer
        async with _served(receivers[1:], ways):
            yield


def bench_with(folder: Path, *domains: str) -> Bench:
    """Return a bench in whose journal there are sessions with these domains."""
    made = Bench(folder)
    met_on(made.journal, DAY, *domains)
    return made


def close(bench: Bench) -> None:
    """Let go of the journal."""
    with closing(bench.journal):
        pass
