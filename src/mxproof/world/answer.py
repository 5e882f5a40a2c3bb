"""What a world answers, without a socket: `evidence = fixpoint of wanted and answer`.

    evidence = observed(world, Evidence(domain, vantage), wanted, now)

The answers are those that the asker would come away with from the lab that serves the world; a test holds the two
together over every scenario. Not in them is what only a wire has: the time taken, sizes, the cipher, the words of an
EHLO inside TLS. A question that a `script` stands behind is answered UNASKED, with the reason.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    DnsData,
    Edns,
    Evidence,
    GlueRecord,
    HelloData,
    Kind,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    TlsData,
    Transport,
)
from mxproof.evidence.answer import withheld
from mxproof.formats.address_scope import SpecialRange, special_range
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tls_suite import SUITES
from mxproof.world.lookup import NOERROR, NXDOMAIN, REFUSED, SERVFAIL, Resolution, record_table
from mxproof.world.signed import NUMBERS, signed_records
from mxproof.world.world import (
    AuthoritativeServer,
    DnsFault,
    PolicyServer,
    RRset,
    ServerFault,
    SmtpServer,
    World,
    ZoneContents,
)

ROUNDS_MAX = 100
"""More than any chain of dependent questions is long; a survey that wants without end is a mistake of ours."""
BADVERS = "BADVERS"
"""The answer to a version of EDNS that there is not (RFC 6891 section 6.1.3)."""
CIPHER = "TLS_AES_128_GCM_SHA256"
CLIENT = "probe.example.net"
_CIPHERS = {
    Offer.TLS_1_2: "ECDHE-ECDSA-AES256-GCM-SHA384",
    Offer.ECDHE_CBC: "ECDHE-ECDSA-AES256-SHA",
    Offer.KEY_TRANSPORT: "AES256-SHA",
}
_NEWEST, _TLS_1_2 = "TLSv1.3", "TLSv1.2"
_VERSIONS = {Offer.TLS_1_3: _NEWEST, Offer.TLS_1_1: "TLSv1.1"}

_UNCONNECTED = frozenset({Outcome.TIMEOUT, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.TLS_FAILED})
_OUTCOMES = {
    DnsFault.TIMEOUT: Outcome.TIMEOUT,
    DnsFault.SERVFAIL: Outcome.SERVFAIL,
    DnsFault.REFUSED: Outcome.REFUSED,
    DnsFault.BOGUS: Outcome.BOGUS,
    DnsFault.BOGUS_UNEXPLAINED: Outcome.BOGUS,
}
_UNSEEN_UNCHECKED = frozenset({DnsFault.BOGUS, DnsFault.BOGUS_UNEXPLAINED})
"""Faults of which whoever disables checking sees nothing (RFC 4035 section 3.2.2)."""
_BOGUS_SAID = "6 dnssec bogus"
"""The extended error of an answer that fails validation (RFC 8914 section 4.7)."""
_HEADER_BYTES = 12
_QR, _AA = 0x80, 0x04
_STARTTLS = "STARTTLS"
_NO_REPLY = frozenset({Outcome.TIMEOUT, Outcome.CLOSED})


def observed(
    world: World, start: Evidence, wanted: Callable[[Evidence], Iterable[Question]], now: datetime
) -> Evidence:
    """Return `start` with the world's answers to all that is `wanted`, and to what is then wanted.

    What `start` has answers to is not asked again.
    """
    evidence = start
    for _ in range(ROUNDS_MAX):
        questions = tuple(wanted(evidence))
        if not questions:
            return evidence
        evidence = evidence.with_answers((question, answer(world, question, now)) for question in questions)
    raise AssertionError("the survey does not come to an end")


def answer(world: World, question: Question, now: datetime) -> Answer:
    """Return what `world` answers to `question` at `now`."""
    kept = _kept_private(question)
    if kept is not None:
        return withheld(kept, now)
    match question.kind:
        case Kind.SMTP:
            return _smtp(world, question, now)
        case Kind.TLS:
            return _tls(world, question, now)
        case Kind.POLICY:
            return _policy(world, question, now)
        case _:
            return _from_server(world, question, now) if question.server else _resolved(world, question, now)


def _kept_private(question: Question) -> SpecialRange | None:
    """Return the range that keeps a question from being put; the addresses of documentation are a world's public ones."""
    address = question.at or question.server
    found = special_range(address) if address else None
    return None if found is None or found.is_example else found


def _resolved(world: World, question: Question, now: datetime) -> Answer:
    """Answer as the resolver does."""
    if any(script.is_about(question.name, question.kind) for script in world.dns_scripts):
        return _unasked(world, "answers by a script of its own", now)
    found = record_table(world.zones).resolve(question.name, question.kind, world.resolver_faults)
    if found.fault is DnsFault.WRONG_ID:
        return _unasked(world, f"answers with {found.fault}", now)
    if found.fault is DnsFault.NXDOMAIN:
        return Answer(Outcome.NXDOMAIN, now, DnsData(NXDOMAIN, secure=False))
    unchecked = question.edns is Edns.SIGNED and found.fault in _UNSEEN_UNCHECKED
    if (found.fault in _OUTCOMES and not unchecked) or found.rcode == SERVFAIL:
        outcome = Outcome.SERVFAIL if found.fault is None else _OUTCOMES[found.fault]
        said = (_BOGUS_SAID,) if found.fault is DnsFault.BOGUS else ()
        data = DnsData(SERVFAIL, secure=False, extended=said) if outcome is Outcome.BOGUS else None
        return Answer(outcome, now, data, detail=f"{world.name} says {outcome}")
    transport = Transport.TCP if found.fault is DnsFault.TRUNCATE else Transport.UDP
    if question.edns is Edns.SIGNED:
        return _signed(world.zones, found, question, _answered(found, now, transport))
    return _answered(found, now, transport)


def _signed(zones: tuple[ZoneContents, ...], found: Resolution, question: Question, plain: Answer) -> Answer:
    """Return what a look-up comes to with checking disabled: the records with what proves them, unchecked."""
    records = signed_records(zones, found, question.name, question.kind)
    number = NUMBERS[question.kind]
    is_found = any(one.rdtype == number for one in records if question.kind in {Kind.DS, Kind.DNSKEY})
    assert isinstance(plain.data, DnsData), "a look-up has data"
    data = msgspec.structs.replace(plain.data, records=records, secure=False)
    outcome = Outcome.FOUND if is_found else plain.outcome
    return msgspec.structs.replace(plain, outcome=outcome, data=data)


def _from_server(world: World, question: Question, now: datetime) -> Answer:
    """Answer as the name server at `question.server` does (RFC 1034 section 4.3.2)."""
    server = world.name_server_at(question.server)
    if server is None:
        return Answer(Outcome.REFUSED, now, detail=f"{world.name} says {Outcome.REFUSED}")
    if any(script.is_about(question.name, question.kind) for script in server.scripts):
        return _unasked(world, f"answers at {question.server} by a script of its own", now)
    outcome = _silence(server, question.transport)
    if outcome is not None:
        return Answer(outcome, now, detail=f"{world.name} says {outcome}")
    if question.edns is Edns.VERSION_1:
        unknown = DnsData(BADVERS, secure=False, wire=_header(_QR))
        return Answer(Outcome.SERVFAIL, now, unknown, detail=BADVERS)
    table = record_table(world.zones_at(server))
    kind = Kind.NS if question.kind is Kind.DELEGATION else question.kind
    found = table.held(question.name, kind, table.origins_of(server.name))
    flags = _QR
    if server.fault is ServerFault.LAME or found.rcode == REFUSED:
        refusal = DnsData(REFUSED, secure=False, wire=_header(flags))
        return Answer(Outcome.REFUSED, now, refusal, detail=REFUSED)
    if found.led is not None:
        return _leading(question, found.led, found.glue, now)
    if server.fault is not ServerFault.NOT_AUTHORITATIVE:
        flags |= _AA
    answered = _answered(found, now, question.transport or Transport.UDP, wire=_header(flags))
    if question.edns is Edns.SIGNED:
        answered = _signed(world.zones_at(server), found, question, answered)
    if found.aliases and found.found is None:
        # An alias that leads out of what this server knows, or that it does not follow, is its whole answer.
        return msgspec.structs.replace(answered, outcome=Outcome.FOUND)
    return answered


def _leading(question: Question, led: RRset, glue: tuple[RRset, ...], now: datetime) -> Answer:
    """Return what a referral comes to, which answers only those who ask where a server leads to."""
    wire = _header(_QR)
    if question.kind is Kind.DELEGATION and question.name == led.name:
        addresses = (
            GlueRecord(one.name, record.address)
            for one in glue
            for record in one.records
            if isinstance(record, AddressRecord)
        )
        data = DnsData(NOERROR, secure=False, records=(*led.records, *addresses), wire=wire)
        return Answer(Outcome.FOUND, now, data, ttl_s=led.ttl_s)
    detail = "a referral: this server does not recurse"
    if question.kind is Kind.DELEGATION:
        detail = "a referral to another zone than the one asked for"
    return Answer(Outcome.SERVFAIL, now, DnsData(NOERROR, secure=False, wire=wire), detail=detail)


def _silence(server: AuthoritativeServer, transport: Transport) -> Outcome | None:
    """Return how asking `server` ends where it does not answer, None where it does."""
    if server.fault is ServerFault.SILENT:
        return Outcome.TIMEOUT
    if transport is not Transport.TCP:
        return None
    return {ServerFault.TCP_REFUSED: Outcome.REFUSED, ServerFault.TCP_SILENT: Outcome.TIMEOUT}.get(
        server.fault
    )


def _header(flags: int) -> bytes:
    """Return the header of a response with these flags in its third byte, and nothing behind it."""
    return bytes((0, 0, flags, 0)).ljust(_HEADER_BYTES, b"\0")


def _answered(found: Resolution, now: datetime, transport: Transport, wire: bytes = b"") -> Answer:
    data = DnsData(
        rcode=found.rcode,
        secure=found.secure,
        records=found.found.records if found.found is not None else (),
        chain=tuple(_alias(rrset) for rrset in found.aliases),
        transport=transport,
        wire=wire,
    )
    last = [rrset for rrset in (found.found, found.soa) if rrset is not None]
    ttl_s = min((rrset.ttl_s for rrset in (*found.aliases, *last)), default=None)
    absent = Outcome.EMPTY if found.rcode == NOERROR else Outcome.NXDOMAIN
    return Answer(Outcome.FOUND if found.found is not None else absent, now, data, ttl_s=ttl_s)


def _alias(rrset: RRset) -> Alias:
    record = rrset.records[0]
    assert isinstance(record, NameRecord), "a CNAME record is one name"
    return Alias(rrset.name, record.name, rrset.ttl_s)


def _policy(world: World, question: Question, now: datetime) -> Answer:
    """Answer as the policy host at one address does."""
    server = world.policy_server_at(question.at, question.name)
    if server is None:
        return Answer(Outcome.REFUSED, now, detail=f"{world.name} says {Outcome.REFUSED}")
    if server.script:
        return _unasked(world, server.script, now)
    if server.outcome in _UNCONNECTED:
        return Answer(server.outcome, now, detail=f"{world.name} says {server.outcome}")
    return Answer(server.outcome, now, _response(server), elapsed_ms=server.delay_ms)


def _response(server: PolicyServer) -> PolicyData:
    headers = tuple((name.lower(), value) for name, value in server.headers)
    return PolicyData(server.status, headers, server.body, TlsData(server.tls_version, CIPHER, server.chain))


def _smtp(world: World, question: Question, now: datetime) -> Answer:
    """Answer as the SMTP server at one address does to a client that puts `question.name` in SNI."""
    server = world.smtp_server_at(question.at)
    if server is None:
        return Answer(Outcome.REFUSED, now, SmtpData(SmtpStage.CONNECT), detail=f"{Outcome.REFUSED}")
    if server.script:
        return _unasked(world, server.script, now)
    if server.stage is SmtpStage.CONNECT:
        return Answer(server.outcome, now, SmtpData(SmtpStage.CONNECT), detail=f"{server.outcome}")
    secured = server.stage is SmtpStage.SECURED
    tls = TlsData(server.tls_version, _cipher(server), server.shown(question.name)) if secured else None
    greeted_ms = server.delay_ms if server.stage is not SmtpStage.GREETING else 0
    data = SmtpData(server.stage, _transcript(server), offered(server), tls, server.early, greeted_ms)
    return Answer(server.outcome, now, data, elapsed_ms=server.delay_ms)


def _cipher(server: SmtpServer) -> str:
    """Return the suite that a client gets which has all of them, as OpenSSL writes it."""
    if server.tls_version == _NEWEST:
        return CIPHER
    return next((_CIPHERS[one] for one in server.offers_taken if one in _CIPHERS), CIPHER)


def _tls(world: World, question: Question, now: datetime) -> Answer:
    """Answer as the SMTP server at one address does to a client that offers no more of TLS than `question.offer`."""
    server = world.smtp_server_at(question.at)
    if server is None:
        return Answer(Outcome.REFUSED, now, HelloData(SmtpStage.CONNECT), detail=f"{Outcome.REFUSED}")
    if server.script:
        return _unasked(world, server.script, now)
    if server.stage is not SmtpStage.SECURED:
        data = HelloData(server.stage, reply=server.reply if server.outcome is Outcome.FOUND else b"")
        return Answer(server.outcome, now, data, detail=f"{server.outcome}")
    if question.offer not in server.offers_taken:
        return Answer(Outcome.FOUND, now, HelloData(SmtpStage.HANDSHAKE, alert="handshake_failure"))
    suite = next(iter(SUITES[question.offer].values()))
    version = _VERSIONS.get(question.offer, _TLS_1_2)
    return Answer(Outcome.FOUND, now, HelloData(SmtpStage.HANDSHAKE, version=version, cipher=suite))


def offered(server: SmtpServer) -> tuple[str, ...]:
    """Return the keywords of the server's reply to EHLO in the clear: STARTTLS where it leads on to that."""
    match server.stage:
        case SmtpStage.CONNECT | SmtpStage.GREETING:
            return ()
        case SmtpStage.EHLO:
            return server.keywords if server.outcome is Outcome.FOUND and not server.reply else ()
        case _:
            return (*server.keywords, _STARTTLS)


def _transcript(server: SmtpServer) -> tuple[SmtpLine, ...]:
    """Return the dialogue in the clear, up to the stage where the server stops."""
    host = server.name.encode()
    extensions = [host, *(keyword.encode() for keyword in offered(server))]
    ehlo = [b"250-" + line for line in extensions[:-1]] + [b"250 " + extensions[-1]]
    dialogue = (
        (SmtpStage.GREETING, b"", [b"220 " + host + b" " + server.banner.encode()]),
        (SmtpStage.EHLO, b"EHLO " + CLIENT.encode(), ehlo),
        (SmtpStage.STARTTLS, b"STARTTLS", [b"220 2.0.0 Ready to start TLS"]),
    )
    lines: list[SmtpLine] = []
    for stage, command, replies in dialogue:
        lines += [SmtpLine("C", command)] if command else []
        if stage is server.stage and server.outcome in _NO_REPLY:
            lines += [SmtpLine("S", server.begun_greeting)] if server.begun_greeting else []
            break
        if stage is server.stage and not server.early:
            replies = [server.reply] if server.reply else replies
            return (*lines, *(SmtpLine("S", reply) for reply in replies))
        lines += [SmtpLine("S", reply) for reply in replies]
    if server.stage is SmtpStage.SECURED and server.inside:
        said = [SmtpLine("S", line) for line in server.inside.split(b"\r\n")]
        greetings = [b"EHLO"] if server.inside.startswith(b"421") else [b"EHLO", b"HELO"]
        for verb in greetings:
            lines += [SmtpLine("C", verb + b" " + CLIENT.encode()), *said]
    return tuple(lines)


def _unasked(world: World, script: str, now: datetime) -> Answer:
    detail = f"{world.name} {script}: what becomes of that is a matter of bytes and time"
    return Answer(Outcome.UNASKED, now, detail=detail)
