"""A scan rehearsed: a made-up population that answers by itself, in which it is known how many domains have what.

Each domain is of one class, told by its number, and the answers about it follow from that alone: nobody is asked, and no
answer is kept anywhere. Certificates are supposed and not made, so that a hundred thousand domains cost no keys. What the
classes stand for in the published studies is told in the guide.

```
d000000.example ... d099999.example       MX mx.provider-K.example, _mta-sts, mta-sts, _smtp._tls as their class has them
```
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import accumulate

import msgspec

from mxproof import __version__
from mxproof.evidence import (
    AddressRecord,
    Answer,
    AssumedLeaf,
    DnsData,
    DnsRecord,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    TlsaRecord,
    TlsData,
    TxtRecord,
    Vantage,
)
from mxproof.scan.beginning import ScanWay, begin
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import ScanAsking, ScanManifest
from mxproof.scan.network import Ask
from mxproof.survey.check_set import CheckSet, as_recorded

REHEARSAL = "rehearsal"
"""What evidence of a made-up population names in place of a lab scenario."""
WHOLE = 100_000
REHEARSED_DOMAINS_MAX = 10_000_000
PROVIDERS = 5
_POLICY_ADDRESS = "203.0.113.80"
_TTL_S = 3600
_CIPHER = "TLS_AES_128_GCM_SHA256"
_GOOD_RECORD = b"v=STSv1; id=20260101;"
_KEYWORDS = ("PIPELINING", "STARTTLS")
_OF_DOMAIN = re.compile(r"(?:(_mta-sts|mta-sts|_smtp\._tls)\.)?d(\d{6,8})\.example")
_OF_PROVIDER = re.compile(r"(_25\._tcp\.)?mx(-signed)?\.provider-(\d)\.example")


class DomainClass(msgspec.Struct, frozen=True):
    """What the domains of one class publish, and how many of WHOLE are of it.

    `texts` stand at `_mta-sts`; `policy` is what the policy host serves, empty for no such host; `status` 0 a server that
    refuses the connection; `named` whether its certificate has its name. `has_mx` is False for a name that does not exist.
    """

    name: str
    share: int
    texts: tuple[bytes, ...] = ()
    policy: bytes = b""
    status: int = 200
    named: bool = True
    has_mx: bool = True
    null: bool = False
    signed: bool = False
    reports: bool = False


def _policy(mode: str, *, lists: bool = True, max_age: str = "max_age: 604800\n") -> bytes:
    pattern = "*.provider-0.example" if lists else "mx.elsewhere.example"
    return f"version: STSv1\nmode: {mode}\nmx: {pattern}\n{max_age}".encode()


_ONE = (_GOOD_RECORD,)
CLASSES = (
    DomainClass("enforce", 400, _ONE, _policy("enforce"), reports=True),
    DomainClass("testing", 250, _ONE, _policy("testing"), reports=True),
    DomainClass("none", 54, _ONE, _policy("none")),
    DomainClass("record id faulty", 40, (b"v=STSv1; id=2026-01-01;",), _policy("enforce")),
    DomainClass("several records", 10, (_GOOD_RECORD, b"v=STSv1; id=2;"), _policy("enforce")),
    DomainClass("no policy host", 60, _ONE),
    DomainClass("policy host refuses", 40, _ONE, _policy("enforce"), status=0),
    DomainClass("policy certificate without the name", 50, _ONE, _policy("enforce"), named=False),
    DomainClass("policy not found", 30, _ONE, _policy("enforce"), status=404),
    DomainClass("policy without max_age", 34, _ONE, _policy("testing", max_age="")),
    DomainClass("enforce without the MX host", 32, _ONE, _policy("enforce", lists=False)),
    DomainClass("DANE alone", 1_500, signed=True),
    DomainClass("null MX", 2_000, null=True),
    DomainClass("no such domain", 3_000, has_mx=False),
    DomainClass("TLS reports alone", 500, reports=True),
    DomainClass("mail alone", 92_000),
)
"""The shares of WHOLE come to all of it; the last class takes what is left of another number of domains."""


def planted(domains: int, classes: tuple[DomainClass, ...] = CLASSES) -> Mapping[str, int]:
    """Return how many of so many domains are of each class."""
    return dict(zip((one.name for one in classes), _counts(domains, classes), strict=True))


def rehearsed_list(domains: int) -> Iterator[bytes]:
    """Yield the list of a made-up population, a domain a line."""
    for number in range(domains):
        yield f"d{number:06}.example\n".encode()


def begin_rehearsal(folder: ScanFolder, domains: int, depth: ScanDepth) -> ScanManifest:
    """Begin the scan of a made-up population of so many domains."""
    vantage = Vantage(
        software=f"mxproof {__version__}",
        validating=True,
        validating_because="made up",
        simulated=REHEARSAL,
        sets=as_recorded((CheckSet.ARRIVAL,)),
    )
    listed = DomainList(rehearsed_list(domains), refuse=lambda _line: None)
    return begin(folder, listed, ScanWay(depth, ScanAsking(resolvers=(), trust_ad=True), vantage, roots=()))


@contextmanager
def rehearsed(manifest: ScanManifest) -> Iterator[Ask]:
    """Answer as the made-up population of this size does."""
    people = MadeUp(manifest.domains, CLASSES)

    async def ask(question: Question) -> Answer:
        return people.answer(question, datetime.now(UTC))

    yield ask


class MadeUp:
    """The answers of a population of so many domains."""

    def __init__(self, domains: int, classes: tuple[DomainClass, ...]) -> None:
        self._classes = classes
        self._ends = tuple(accumulate(_counts(domains, classes)))

    def class_of(self, number: int) -> DomainClass | None:
        """Return the class of the domain with this number, None where there is no such domain."""
        place = bisect_right(self._ends, number)
        return self._classes[place] if place < len(self._classes) else None

    def answer(self, question: Question, now: datetime) -> Answer:
        """Return what is answered at `now`."""
        if question.kind is Kind.POLICY:
            return self._fetched(question, now)
        if question.kind is Kind.SMTP:
            return _session(question, now)
        found = _OF_DOMAIN.fullmatch(question.name)
        one = self.class_of(int(found[2])) if found is not None else None
        if found is not None and one is not None:
            secure, records = one.signed, _published(one, found[1] or "", int(found[2]), question.kind)
            return _resolved(records, now, secure=secure, is_there=one.has_mx and records is not None)
        return _of_provider(question, now)

    def _fetched(self, question: Question, now: datetime) -> Answer:
        found = _OF_DOMAIN.fullmatch(question.name)
        one = self.class_of(int(found[2])) if found is not None else None
        if one is None or not one.status:
            return Answer(Outcome.REFUSED, now, detail="made up")
        tls = _tls(question.name if one.named else "www.example")
        headers = (("content-type", "text/plain"),)
        body = one.policy if one.status == 200 else b""
        return Answer(Outcome.FOUND, now, PolicyData(one.status, headers, body, tls))


def _counts(domains: int, classes: tuple[DomainClass, ...]) -> list[int]:
    counts = [domains * one.share // WHOLE for one in classes]
    counts[-1] += domains - sum(counts)
    return counts


def _published(one: DomainClass, label: str, number: int, kind: Kind) -> tuple[DnsRecord, ...] | None:
    """Return the records of a name in a domain of a class; None where the name does not exist."""
    match label:
        case "_mta-sts":
            return tuple(map(TxtRecord, one.texts if kind is Kind.TXT else ())) if one.texts else None
        case "mta-sts":
            has_address = kind is Kind.A
            return ((AddressRecord(_POLICY_ADDRESS),) if has_address else ()) if one.policy else None
        case "_smtp._tls":
            text = TxtRecord(b"v=TLSRPTv1; rua=https://reports.provider-0.example/tls")
            return ((text,) if kind is Kind.TXT else ()) if one.reports else None
    if not one.has_mx:
        return None
    if kind is not Kind.MX:
        return ()
    return (MxRecord(0, "."),) if one.null else (MxRecord(10, _mx(one, number)),)


def _mx(one: DomainClass, number: int) -> str:
    """Return the MX host: that of the first provider where a policy lists it, and else of the one whose turn it is."""
    if one.signed:
        return "mx-signed.provider-1.example"
    return f"mx.provider-{0 if one.texts else number % PROVIDERS}.example"


def _of_provider(question: Question, now: datetime) -> Answer:
    """Return what is known of the hosts of the providers."""
    name, kind = question.name, question.kind
    if name == "reports.provider-0.example":
        return _resolved((AddressRecord("203.0.113.81"),) if kind is Kind.A else (), now)
    if kind is Kind.PTR:
        last = name.partition(".")[0]
        host = f"mx.provider-{int(last) - 10}.example" if int(last) < 20 else "mx-signed.provider-1.example"
        return _resolved((NameRecord(host),), now)
    found = _OF_PROVIDER.fullmatch(name)
    if found is None:
        return _resolved(None, now)
    at, signed, number = found[1], bool(found[2]), int(found[3])
    if at:
        record = TlsaRecord(3, 1, 1, bytes(32))
        return _resolved((record,) if signed and kind is Kind.TLSA else None, now, secure=signed)
    last_byte = 20 + number if signed else 10 + number
    address = AddressRecord(f"192.0.2.{last_byte}")
    return _resolved((address,) if kind is Kind.A else (), now, secure=signed)


def _resolved(
    records: Iterable[DnsRecord] | None, now: datetime, *, secure: bool = False, is_there: bool = True
) -> Answer:
    """Return a resolver's answer: records, none of the type, or that there is no such name."""
    if records is None or not is_there:
        return Answer(Outcome.NXDOMAIN, now, DnsData("NXDOMAIN", secure), ttl_s=_TTL_S)
    found = tuple(records)
    outcome = Outcome.FOUND if found else Outcome.EMPTY
    return Answer(outcome, now, DnsData("NOERROR", secure, found), ttl_s=_TTL_S)


def _session(question: Question, now: datetime) -> Answer:
    lines = (
        SmtpLine("S", f"220 {question.name} ESMTP".encode()),
        SmtpLine("C", b"EHLO probe.example"),
        SmtpLine("S", f"250-{question.name}".encode()),
        SmtpLine("S", b"250 STARTTLS"),
        SmtpLine("C", b"STARTTLS"),
        SmtpLine("S", b"220 ready"),
        SmtpLine("C", b"EHLO probe.example"),
        SmtpLine("S", f"250 {question.name}".encode()),
    )
    return Answer(Outcome.FOUND, now, SmtpData(SmtpStage.SECURED, lines, _KEYWORDS, _tls(question.name)))


def _tls(name: str) -> TlsData:
    record = TlsaRecord(3, 1, 1, bytes(32))
    return TlsData("TLSv1.3", _CIPHER, (), AssumedLeaf((name,), keeps_key=False, matches=(record,)))
