"""One bad world for every finding: the smallest change to a good world that brings it about.

The pages of the findings are made from these too: who refuses in the bad world is who is named there.
"""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

import msgspec

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.dnsbl import TEST_LISTED, listed_name
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tlsa import association_for
from mxproof.judge.checks.name_servers import SLOW_MS
from mxproof.judge.checks.smtp_manner import SLOW_MS as SLOW_GREETING_MS
from mxproof.judge.checks.sts_policy import SLOW_MS as SLOW_POLICY_MS
from mxproof.judge.codes import Code
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel
from mxproof.survey.check_set import CheckSet
from mxproof.survey.reading import HOSTS_MAX
from support_certificates import INTERMEDIATE, NOW, ROOT, Defect
from support_dnssec import DNSSEC_WORLDS
from support_name_servers import At
from support_sending import DKIM_WORLDS, DMARC_WORLDS, SENDER_WORLDS, SENDING, SPF_WORLDS
from support_world import GOOD_ZONE, Https, Smtp, ZoneWorld

ADDRESSES = ("192.0.2.1", "2001:db8::1", "192.0.2.2")
POLICY_ADDRESS = "192.0.2.80"
MX1, MX2 = "mx1.example.com", "mx2.example.com"
POLICY = "version: STSv1\nmode: {mode}\n{mx}max_age: {max_age}\n"


class Bad(msgspec.Struct, frozen=True):
    """A world with what senders remember in it."""

    world: ZoneWorld
    memories: tuple[SenderMemory, ...] = ()


def policy(*mx: str, mode: str = "enforce", max_age: int = 1_209_600) -> bytes:
    """Return the text of a policy."""
    lines = "".join(f"mx: {pattern}\n" for pattern in mx)
    return POLICY.format(mode=mode, mx=lines, max_age=max_age).encode()


def everywhere(server: Smtp, world: ZoneWorld | None = None) -> ZoneWorld:
    """Return a world whose MX hosts all are `server`."""
    return (world or ZoneWorld()).but(smtp=dict.fromkeys(ADDRESSES, server))


def connect(outcome: Outcome) -> Smtp:
    """Return a server that the connection to which ends in `outcome`."""
    return Smtp(stage=SmtpStage.CONNECT, outcome=outcome)


GOOD = ZoneWorld()
SIGNED = ZoneWorld(signed=("example.com",))
DANE = SIGNED.zone_with(
    f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1",
    f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.2",
)
RESILIENT = GOOD.but(sets=(CheckSet.ARRIVAL, CheckSet.RESILIENCE))
"""The good world, in which those who ask are told what there is one of."""
OFFERED = GOOD.but(sets=(CheckSet.ARRIVAL, CheckSet.TLS))
"""The good world, in which every server is offered one sort of TLS after the other."""
_OF_TODAY = (Offer.TLS_1_3, Offer.TLS_1_2)
INCIDENT = GOOD.zone_with(
    f"{MX1} CNAME smol.example.com",
    f"{MX2} CNAME tol.example.com",
    "smol.example.com A 192.0.2.1",
    "smol.example.com AAAA 2001:db8::1",
    "tol.example.com A 192.0.2.2",
).but(smtp={"192.0.2.1": Smtp((MX1,)), "2001:db8::1": Smtp((MX1,)), "192.0.2.2": Smtp((MX2,))})
KEY = "s1._domainkey.example.com"
NS1 = ("192.0.2.53", "2001:db8::53")
NS2 = ("198.51.100.53", "2001:db8:2::53")
NAMED_ZONE = """
com                        NS    a.gtld.example
a.gtld.example             A     203.0.113.1
a.gtld.example             AAAA  2001:db8:ff::1
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns1.example.com            AAAA  2001:db8::53
ns2.example.com            A     198.51.100.53
ns2.example.com            AAAA  2001:db8:2::53
example.com                TXT   v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all
_dmarc.example.com         TXT   v=DMARC1; p=none
s1._domainkey.example.com  TXT   v=DKIM1; p=MIIB
example.net                NS    ns.example.net
ns.example.net             A     203.0.113.53
_spf.example.net           TXT   v=spf1 ip4:203.0.113.0/24 -all
"""
NAMED = ZoneWorld(zone=GOOD_ZONE + NAMED_ZONE, name_servers={}, keys=(KEY,))
ALL_V6 = ("2001:db8::53", "2001:db8:2::53", "2001:db8:ff::1")
DEAD = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
ANSWERED_WELL = (
    NAMED,
    NAMED.but(families=(4,)),
    NAMED.at_servers((*NS1, *NS2), At(elapsed_ms=SLOW_MS, size_bytes=1232)),
    NAMED.zone_with(f"{KEY} CNAME s1.example.net", "s1.example.net TXT v=DKIM1; p=MIIB"),
    NAMED.but(domain="mail.example.com").zone_with("mail.example.com TXT v=spf1 -all"),
)
"""Worlds in which every name server answers as it should."""
"""A good world whose name servers are asked: two with an address of each family, and one of an included SPF record."""
PATHS = NAMED.but(sets=(CheckSet.ARRIVAL, CheckSet.NAME_SERVER_PATHS))
"""The same, asked by the set of checks that is named for it."""
_TWO_POLICY_HOSTS = GOOD.zone_with("mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81")
_OLD_POLICY = Memory(policy("old.example.com"), NOW - timedelta(days=1), "20260501")


def _record(text: str, *more: str) -> ZoneWorld:
    return GOOD.zone_with(*(f"_mta-sts.example.com TXT {one}".strip() for one in (text, *more)))


def _tlsrpt(text: str, *more: str) -> ZoneWorld:
    return GOOD.zone_with(*(f"_smtp._tls.example.com TXT {one}".strip() for one in (text, *more)))


def _https(**changes: object) -> ZoneWorld:
    return GOOD.but(https={POLICY_ADDRESS: msgspec.structs.replace(Https(), **changes)})


def _mx(*records: str) -> ZoneWorld:
    return GOOD.zone_with(*(f"example.com MX {record}".strip() for record in records))


def _tlsa(*data: str, world: ZoneWorld = SIGNED) -> ZoneWorld:
    return world.zone_with(*(f"_25._tcp.{host} TLSA {one}" for host in (MX1, MX2) for one in data))


def _many(count: int) -> ZoneWorld:
    """Return a world with `count` MX hosts, all of them one server."""
    names = [f"mx{place}.example.com" for place in range(1, count + 1)]
    addresses = [f"{name} A 192.0.2.1" for name in names]
    records = [f"{place} {name}" for place, name in enumerate(names)]
    return _mx(*records).zone_with("mx1.example.com AAAA", *addresses).but(policy=policy("*.example.com"))


_RECORDS = {
    Code.STS_ABSENT: _record("").zone_with("mta-sts.example.com A"),
    Code.STS_WILDCARD: _record("v=spf1 -all").zone_with(
        "_smtp._tls.example.com TXT v=spf1 -all", "mta-sts.example.com A"
    ),
    Code.STS_RECORD_MISSING: _record(""),
    Code.STS_RECORD_MISPLACED: _record("").zone_with("example.com TXT v=STSv1; id=20260601;"),
    Code.STS_RECORD_DANGLING: GOOD.zone_with("_mta-sts.example.com CNAME gone.example.net"),
    Code.STS_RECORD_MULTIPLE: _record("v=STSv1; id=1;", "v=STSv1; id=2;"),
    Code.STS_RECORD_INVALID: _record("v=STSv1; version=20260601;"),
    Code.STS_RECORD_AMBIGUOUS: _record("v=STSv1 ; id=20260601;"),
    Code.STS_RECORD_UNANSWERED: _record("!timeout"),
    Code.TLSRPT_OK: GOOD,
    Code.TLSRPT_MISSING: _tlsrpt(""),
    Code.TLSRPT_MULTIPLE: _tlsrpt(
        "v=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1; rua=mailto:b@example.com"
    ),
    Code.TLSRPT_INVALID: _tlsrpt("v=TLSRPTv1; rua=tls@example.com"),
    Code.TLSRPT_UNDELIVERABLE: _tlsrpt("v=TLSRPTv1; rua=mailto:tls@gone.example.net"),
    Code.TLSRPT_HOST_MISSING: _tlsrpt("v=TLSRPTv1; rua=https://gone.example.net/v1/tls"),
    Code.TLSRPT_UNANSWERED: _tlsrpt("!servfail"),
    Code.TLSRPT_REFUSED: _tlsrpt("v=TLSRPTv1; rua=mailto:tls@example.net")
    .zone_with(
        "example.net MX 10 new.example.net",
        "new.example.net A 192.0.2.90",
        "_mta-sts.example.net TXT v=STSv1; id=20250601;",
        "mta-sts.example.net A 192.0.2.81",
        "192.0.2.90 PTR new.example.net",
    )
    .but(
        sets=(CheckSet.ARRIVAL, CheckSet.REPORTS),
        https={"192.0.2.81": Https(policy("old.example.net"), names=("mta-sts.example.net",))},
    ),
    Code.TLSRPT_BASE_INVALID: DANE.but(sets=(CheckSet.ARRIVAL, CheckSet.REPORTS)).zone_with(
        f"_smtp._tls.{MX1} TXT v=TLSRPTv1; rua=tls@example.com"
    ),
}
_POLICIES = {
    Code.STS_OK: GOOD,
    Code.STS_POLICY_HOST_MISSING: GOOD.zone_with("mta-sts.example.com A"),
    Code.STS_POLICY_HOST_UNANSWERED: GOOD.zone_with(
        "mta-sts.example.com A !timeout", "mta-sts.example.com AAAA !timeout"
    ),
    Code.STS_POLICY_ADDRESS_NOT_PUBLIC: GOOD.zone_with("mta-sts.example.com A 192.168.1.80"),
    Code.STS_POLICY_IPV6_MISSING: RESILIENT,
    Code.STS_POLICY_IPV4_MISSING: GOOD.zone_with(
        "mta-sts.example.com A", "mta-sts.example.com AAAA 2001:db8::80"
    ),
    Code.STS_POLICY_UNCONNECTED: _https(outcome=Outcome.REFUSED),
    Code.STS_POLICY_SLOW: _https(delay_ms=SLOW_POLICY_MS),
    Code.STS_POLICY_TIMEOUT: _https(outcome=Outcome.TIMEOUT),
    Code.STS_POLICY_TLS_FAILED: _https(outcome=Outcome.TLS_FAILED),
    Code.STS_POLICY_TLS_OLD: _https(version="TLSv1.1"),
    Code.STS_POLICY_CERT_WEAK: _https(defect=Defect.WEAK_KEY),
    Code.STS_POLICY_CERT_ENDS: _https(defect=Defect.EXPIRES_SOON),
    Code.STS_POLICY_CERT_INVALID: _https(names=("www.example.com",)),
    Code.STS_POLICY_STATUS: _https(status=404),
    Code.STS_POLICY_REDIRECT: _https(status=301, headers=(("location", "https://www.example.com/"),)),
    Code.STS_POLICY_INCOMPLETE: _https(outcome=Outcome.CLOSED),
    Code.STS_POLICY_OVERSIZE: _https(outcome=Outcome.OVERSIZE),
    Code.STS_POLICY_ENCODED: _https(headers=(("content-encoding", "gzip"),)),
    Code.STS_POLICY_MEDIA_TYPE: _https(media_type="text/html"),
    Code.STS_POLICY_CHARSET: _https(media_type="text/plain; charset=utf-16"),
    Code.STS_POLICY_INVALID: GOOD.but(policy=policy(MX1, MX2, mode="Enforce")),
    Code.STS_POLICY_AMBIGUOUS: GOOD.but(policy=policy(MX1, MX2) + b"\nthe end\n"),
    Code.STS_POLICY_DIFFERS: _TWO_POLICY_HOSTS.but(
        https={"192.0.2.81": Https(body=policy("old.example.com"))}
    ),
    Code.STS_ENFORCE_BREAKS: GOOD.but(policy=policy(MX1, mode="testing")),
    Code.STS_MODE_TESTING: GOOD.but(policy=policy(MX1, MX2, mode="testing")),
    Code.STS_MODE_NONE: GOOD.but(policy=policy(mode="none")),
    Code.STS_MAX_AGE_SHORT: GOOD.but(policy=policy(MX1, MX2, max_age=3600)),
    Code.STS_MAX_AGE_LONG: GOOD.but(policy=policy(MX1, MX2, max_age=31_536_000)),
    Code.STS_TESTING_LONG: _record("v=STSv1; id=20260101T000000;").but(
        policy=policy(MX1, MX2, mode="testing")
    ),
    Code.STS_FIELD_UNKNOWN: GOOD.but(policy=policy(MX1, MX2) + b"mxs: mx3.example.com\n"),
    Code.STS_MX_REPEATED: GOOD.but(policy=policy(MX1, MX2, MX2)),
    Code.STS_MX_UNLISTED: GOOD.but(policy=policy("mail.example.com", "*.mx.example.com")),
    Code.STS_MX_UNUSED: GOOD.but(policy=policy(MX1, MX2, "mx3.example.com")),
    Code.STS_MEMORY_OUTLIVES: GOOD,
    Code.STS_ID_UNCHANGED: GOOD,
    Code.STS_POLICY_UNCHANGED: GOOD,
}
_HOSTS = {
    Code.RESOLVER_UNANSWERED: GOOD.zone_with(
        "com NS !timeout",
        "example.com MX !timeout",
        "_mta-sts.example.com TXT !timeout",
        "_smtp._tls.example.com TXT !timeout",
        "mta-sts.example.com A !timeout",
        "mta-sts.example.com AAAA !timeout",
    ),
    Code.DOMAIN_MISSING: GOOD.but(zone=""),
    Code.MX_UNANSWERED: _mx("!timeout"),
    Code.MX_NULL: _mx("0 .").zone_with(
        "_mta-sts.example.com TXT", "mta-sts.example.com A", "_smtp._tls.example.com TXT"
    ),
    Code.MX_NULL_MIXED: _mx("0 .", "10 mx1.example.com"),
    Code.MX_NULL_POLICY: _mx("0 ."),
    Code.MX_NULL_SENDER: SENDING.zone_with("example.com MX 0 ."),
    Code.MX_IMPLICIT: _mx("")
    .zone_with("example.com A 192.0.2.1", "192.0.2.1 PTR example.com")
    .but(policy=policy("example.com")),
    Code.MX_NO_ADDRESS: _mx(""),
    Code.MX_NAME_INVALID: _mx(r"10 mail\032server.example.com").zone_with(
        r"mail\032server.example.com A 192.0.2.1"
    ),
    Code.MX_NAME_UNDERSCORE: _mx("10 mail_1.example.com")
    .zone_with("mail_1.example.com A 192.0.2.1")
    .but(policy=policy("*.example.com")),
    Code.MX_ADDRESS_LITERAL: _mx("10 192.0.2.1"),
    Code.MX_LOCALHOST: _mx("10 localhost"),
    Code.MX_ADDRESS_NOT_PUBLIC: _mx("10 mx1.example.com").zone_with(
        "mx1.example.com A 10.1.2.3", "mx1.example.com AAAA"
    ),
    Code.MX_DANGLING: _mx("10 gone.example.com"),
    Code.MX_HOST_UNANSWERED: GOOD.zone_with(
        *(f"{host} {kind} !timeout" for host in (MX1, MX2) for kind in ("A", "AAAA"))
    ),
    Code.MX_ALIAS: INCIDENT,
    Code.MX_MANY: _many(HOSTS_MAX + 2),
    Code.MX_OK: GOOD,
    Code.MX_ONE_ADDRESS: RESILIENT.zone_with("example.com MX 10 mx1.example.com").but(policy=policy(MX1)),
    Code.MX_ONE_NETWORK: RESILIENT,
    Code.MX_IPV6_MISSING: RESILIENT.zone_with(f"{MX1} AAAA"),
    Code.MX_IPV4_MISSING: _mx("10 mx1.example.com").zone_with(f"{MX1} A").but(policy=policy(MX1)),
    Code.PTR_MISSING: GOOD.zone_with("192.0.2.2 PTR"),
    Code.PTR_UNCONFIRMED: GOOD.zone_with("192.0.2.2 PTR mx1.example.com").but(
        smtp={"192.0.2.2": Smtp((MX1, MX2))}
    ),
    Code.PTR_OTHER_NAME: GOOD.zone_with(
        *(f"{address} PTR host.example.net" for address in ADDRESSES),
        "host.example.net A 192.0.2.1",
        "host.example.net A 192.0.2.2",
        "host.example.net AAAA 2001:db8::1",
    ),
}
_SESSIONS = {
    Code.PORT_25_BLOCKED: everywhere(connect(Outcome.TIMEOUT)),
    Code.SMTP_UNREACHABLE: GOOD.but(smtp={"192.0.2.1": connect(Outcome.REFUSED)}),
    Code.MX_IPV6_BROKEN: GOOD.but(smtp={"2001:db8::1": connect(Outcome.REFUSED)}),
    Code.MX_BACKUP_REFUSED: GOOD.but(smtp={"192.0.2.2": Smtp(defect=Defect.SELF_SIGNED)}),
    Code.MX_BACKUP_PLAIN: GOOD.but(smtp={"192.0.2.2": Smtp(stage=SmtpStage.EHLO)}),
    Code.SMTP_UNANSWERED: GOOD.but(smtp={"192.0.2.1": connect(Outcome.TIMEOUT)}),
    Code.SMTP_TURNED_AWAY: everywhere(Smtp(stage=SmtpStage.GREETING)),
    Code.SMTP_BROKEN: everywhere(Smtp(stage=SmtpStage.EHLO, outcome=Outcome.CLOSED)),
    Code.SMTP_EHLO_REJECTED: everywhere(Smtp(inside=b"502 5.5.1 Command not implemented")),
    Code.SMTP_RATE_LIMITED: everywhere(
        Smtp(stage=SmtpStage.GREETING, reply=b"421 4.7.0 too many connections from your address")
    ),
    Code.SMTP_TARPIT: everywhere(
        Smtp(stage=SmtpStage.GREETING, outcome=Outcome.TIMEOUT, reply=b"220-mx.exam")
    ),
    Code.SMTP_GREETING_SLOW: GOOD.but(smtp={"192.0.2.1": Smtp(delay_ms=SLOW_GREETING_MS)}),
    Code.SMTP_NAME_OTHER: GOOD.but(smtp={"192.0.2.1": Smtp(name="localhost.localdomain")}),
    Code.SMTP_EXTENSIONS_DIFFER: GOOD.but(smtp={"192.0.2.2": Smtp(keywords=("SIZE 1000000",))}),
    Code.SMTP_OK: GOOD,
    Code.STARTTLS_REPEATED: everywhere(Smtp(inside=b"250-mx.example.com\r\n250 STARTTLS")),
    Code.STARTTLS_MISSING: everywhere(Smtp(stage=SmtpStage.EHLO)),
    Code.STARTTLS_MASKED: everywhere(Smtp(stage=SmtpStage.EHLO, keywords=("PIPELINING", "XXXXXXXA"))),
    Code.STARTTLS_REJECTED: everywhere(Smtp(stage=SmtpStage.STARTTLS)),
    Code.STARTTLS_EARLY_DATA: everywhere(Smtp(early=b"250 surprise\r\n")),
    Code.TLS_HANDSHAKE_FAILED: everywhere(Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.TLS_FAILED)),
    Code.TLS_SUITES_OLD: everywhere(Smtp(version="TLSv1.2", offers=(Offer.ECDHE_CBC,)), OFFERED),
    Code.TLS_NEWEST_MISSING: everywhere(Smtp(version="TLSv1.2"), OFFERED),
    Code.TLS_NEWEST_ONLY: everywhere(Smtp(offers=(Offer.TLS_1_3,)), OFFERED),
    Code.TLS_RETIRED_TAKEN: everywhere(Smtp(offers=(*_OF_TODAY, Offer.TLS_1_1)), OFFERED),
    Code.TLS_CIPHER_WEAK: everywhere(Smtp(offers=(*_OF_TODAY, Offer.WEAK)), OFFERED),
    Code.TLS_CIPHER_ANONYMOUS: everywhere(Smtp(offers=(*_OF_TODAY, Offer.ANONYMOUS)), OFFERED),
    Code.TLS_KEY_TRANSPORT: everywhere(Smtp(offers=(*_OF_TODAY, Offer.KEY_TRANSPORT)), OFFERED),
    Code.TLS_OK: OFFERED,
    Code.TLS_VERSION_OLD: everywhere(Smtp(version="TLSv1.1")),
    Code.TLS_LEVEL_FELL: everywhere(Smtp(defect=Defect.SELF_SIGNED)),
    Code.CERT_NAME_MISMATCH: everywhere(Smtp(("mail.example.com",))),
    Code.CERT_EXPIRED: everywhere(Smtp(defect=Defect.EXPIRED)),
    Code.CERT_NOT_YET_VALID: everywhere(Smtp(defect=Defect.NOT_YET_VALID)),
    Code.CERT_SELF_SIGNED: everywhere(Smtp(defect=Defect.SELF_SIGNED)),
    Code.CERT_CHAIN_INCOMPLETE: everywhere(Smtp(defect=Defect.INCOMPLETE)),
    Code.CERT_UNTRUSTED: everywhere(Smtp(defect=Defect.UNTRUSTED)),
    Code.CERT_ISSUER_NO_AUTHORITY: everywhere(Smtp(defect=Defect.ISSUER_NO_AUTHORITY)),
    Code.CERT_PURPOSE_WRONG: everywhere(Smtp(defect=Defect.CLIENT_PURPOSE)),
    Code.CERT_NAME_LIMITED: everywhere(Smtp(defect=Defect.NAME_LIMITED)),
    Code.CERT_SIGNATURE_WEAK: everywhere(Smtp(defect=Defect.WEAK_SIGNATURE)),
    Code.CERT_KEY_WEAK: everywhere(Smtp(defect=Defect.WEAK_KEY)),
    Code.CERT_VALIDITY_ENDLESS: everywhere(Smtp(defect=Defect.ENDLESS)),
    Code.CERT_UNREADABLE: everywhere(Smtp(defect=Defect.UNREADABLE)),
    Code.CERT_EXPIRES_SOON: everywhere(Smtp(defect=Defect.EXPIRES_SOON)),
    Code.CERT_LAST_DAYS: everywhere(Smtp(defect=Defect.LAST_DAYS)),
    Code.CERT_UNCHECKED: everywhere(
        Smtp(defect=Defect.SELF_SIGNED), _record("").zone_with("mta-sts.example.com A")
    ),
    Code.CERT_RENEWAL_DUE: everywhere(Smtp(defect=Defect.RENEWAL_DUE)),
    Code.CERT_CHAIN_DISORDERED: everywhere(Smtp(defect=Defect.DISORDERED)),
    Code.CERT_DIFFERS: GOOD.but(smtp={"2001:db8::1": Smtp((MX1, "smol.example.com"))}),
    Code.CERT_NAME_DEPENDENT: OFFERED.but(
        smtp={"192.0.2.2": Smtp(("www.example.com",), by_sni={MX2: (MX2,)}, name=MX2)}
    ),
    Code.CERT_OK: GOOD,
}
_DANE = {
    Code.DNSSEC_BOGUS: SIGNED.zone_with("example.com MX !bogus"),
    Code.DANE_OK: DANE,
    Code.DANE_MISMATCH: _tlsa("3 1 1 " + "00" * 32),
    Code.DANE_CERT_RENEWED: _tlsa("3 0 1 " + "00" * 32),
    Code.DANE_AUTHORITY_UNSENT: _tlsa(f"2 1 1 {association_for(ROOT.der, 1, 1).hex()}"),
    Code.DANE_AUTHORITY_OTHER: _tlsa("2 1 1 " + "00" * 32),
    Code.DANE_USAGE_WRONG: _tlsa(f"3 1 1 {association_for(INTERMEDIATE.der, 1, 1).hex()}"),
    Code.DANE_EMPTY_DIGEST: _tlsa(f"3 1 1 {sha256().hexdigest()}"),
    Code.DANE_DIGEST_STALE: _tlsa("3 1 2 " + "00" * 64, "3 1 1 @192.0.2.1").zone_with(
        f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.2"
    ),
    Code.DANE_OTHER_NAME: SIGNED.but(policy=policy(MX1, MX2, "smol.example.com")).zone_with(
        f"{MX1} CNAME smol.example.com",
        "smol.example.com A 192.0.2.1",
        "smol.example.com AAAA 2001:db8::1",
        f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1",
        "_25._tcp.smol.example.com TLSA 3 1 1 " + "00" * 32,
    ),
    Code.DANE_OTHER_HOST: DANE.zone_with(f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.1"),
    Code.DANE_OTHER_PORT: SIGNED.zone_with(f"_465._tcp.{MX1} TLSA 3 1 1 @192.0.2.1"),
    Code.DANE_ZONE_UNSIGNED: SIGNED.zone_with(
        "example.com MX 10 mx.example.net", "mx.example.net A 192.0.2.1"
    ).but(policy=policy("mx.example.net")),
    Code.DANE_LEFTOVER: _tlsa("3 1 1 @192.0.2.1", "3 1 1 " + "00" * 32).zone_with(
        f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.2"
    ),
    Code.DANE_NEXT_MISSING: everywhere(
        Smtp(names=(MX1, MX2), defect=Defect.RENEWAL_DUE), _tlsa("3 1 1 @192.0.2.1")
    ),
    Code.DANE_CERT_NAME: everywhere(Smtp(("mail.example.net",)), _tlsa("2 1 1 @192.0.2.1")).zone_with(
        "_mta-sts.example.com TXT", "mta-sts.example.com A"
    ),
    Code.DANE_UNUSABLE: _tlsa("1 1 1 " + "00" * 32),
    Code.DANE_INSECURE: DANE.but(signed=("_tcp.mx1.example.com", "_tcp.mx2.example.com")),
    Code.DANE_LOOKUP_FAILED: _tlsa("!servfail"),
    Code.DANE_UNANSWERED: _tlsa("!timeout"),
    Code.DANE_PARTIAL: SIGNED.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1"),
    Code.DANE_UNJUDGED: DANE.but(validating=False),
}
_SILENT = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
_CUT_SHORT = At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED)
COMPARED = NAMED.but(compared=True)
"""A good world whose name servers are asked for the records of mail."""
_COMPARED = {
    Code.NS_MAIL_DIFFERS: COMPARED.at_servers(
        NS2, At(zone=COMPARED.zone_with("example.com MX 10 mx2.example.com").zone, serial=6)
    ),
    Code.NS_ADDRESSES_DIFFER: COMPARED.but(smtp={"192.0.2.9": Smtp((MX2,))}).at_servers(
        NS2, At(zone=COMPARED.zone_with(f"{MX2} A 192.0.2.9").zone)
    ),
    Code.NS_UNANSWERED: COMPARED.at_servers((*NS1, *NS2), _SILENT),
}
_NAME_SERVERS = {
    Code.NS_LOOKUP_FAILED: NAMED.at_servers((*NS1, *NS2), At(zone=NAMED.zone)).zone_with(
        "example.com TXT !bogus"
    ),
    Code.NS_ANSWER_CUT: NAMED.at_servers(NS2, _CUT_SHORT),
    Code.NS_UDP_SILENT: NAMED.at_servers(NS2, _SILENT),
    Code.NS_LAME: NAMED.at_servers(NS2, At(rcode="REFUSED")),
    Code.NS_RECORD_MISSING: NAMED.at_servers(NS2, At(zone=NAMED.zone_with(f"{KEY} TXT").zone, serial=6)),
    Code.NS_RECORDS_DIFFER: NAMED.at_servers(
        NS2[:1], At(zone=NAMED.zone_with("example.com TXT v=spf1 -all").zone)
    ),
    Code.NS_KEY_ABSENT: NAMED.zone_with(f"{KEY} TXT"),
    Code.NS_NO_ADDRESS: NAMED.zone_with(
        "example.com NS ns1.example.com", "example.com NS ns3.example.com", "ns3.example.com TXT gone"
    ),
    Code.NS_TCP_FAILED: NAMED.at_servers(NS2, At(tcp=Outcome.REFUSED)),
    Code.NS_ANSWER_LARGE: NAMED.at_servers(NS2, At(size_bytes=2041)),
    Code.NS_ONE_NETWORK: PATHS.zone_with("ns2.example.com A 192.0.2.54", "ns2.example.com AAAA 2001:db8::54"),
    Code.NS_EDNS_SILENT: PATHS.at_servers(NS2, At(edns=Outcome.TIMEOUT)),
    Code.NS_EDNS_REJECTED: PATHS.at_servers(NS2, At(edns_rcode="FORMERR")),
    Code.NS_EDNS_VERSION: PATHS.at_servers(NS2, At(version_rcode="NOERROR")),
    Code.NS_ANSWER_LOST: PATHS.at_servers(NS2, At(size_bytes=900, lost=True)),
    Code.NS_SIZE_IGNORED: PATHS.at_servers(NS2, At(size_bytes=900, keeps_size=False)),
    Code.NS_DELEGATION_DIFFERS: PATHS.but(
        above=PATHS.zone_with("example.com NS ns1.example.com", "example.com NS ns3.example.com").zone
    ).zone_with("ns3.example.com A 192.0.2.153"),
    Code.NS_GLUE_DIFFERS: PATHS.but(above=PATHS.zone_with("ns2.example.com A 192.0.2.153").zone),
    Code.NS_ALIAS_CLASH: PATHS.but(zone=PATHS.zone + "_mta-sts.example.com CNAME sts.example.net\n"),
    Code.NS_SERIALS_DIFFER: PATHS.at_servers(NS2, At(serial=6)),
    Code.NS_SLOW: NAMED.at_servers(NS2, At(elapsed_ms=SLOW_MS + 500)),
}

PUBLIC = everywhere(Smtp(defect=Defect.KNOWN_AUTHORITY)).but(
    sets=(CheckSet.ARRIVAL, CheckSet.CAA), https={POLICY_ADDRESS: Https(defect=Defect.KNOWN_AUTHORITY)}
)
"""A good world whose certificates an authority issued that is known by name."""
_CAA = {
    Code.CAA_OK: PUBLIC.zone_with('example.com CAA 0 issue "letsencrypt.org"'),
    Code.CAA_MISSING: PUBLIC,
    Code.CAA_NOBODY_ALLOWED: PUBLIC.zone_with('example.com CAA 0 issue ";"'),
    Code.CAA_ISSUER_FORBIDDEN: PUBLIC.zone_with('example.com CAA 0 issue "pki.goog"'),
    Code.CAA_ISSUER_UNKNOWN: GOOD.but(sets=(CheckSet.ARRIVAL, CheckSet.CAA)).zone_with(
        'example.com CAA 0 issue "letsencrypt.org"'
    ),
    Code.CAA_INVALID: PUBLIC.zone_with(
        'example.com CAA 0 issue "letsencrypt.org"', 'example.com CAA 0 issued "pki.goog"'
    ),
    Code.CAA_UNANSWERED: PUBLIC.zone_with("example.com CAA !servfail"),
}

LISTS = GOOD.but(sets=(CheckSet.ARRIVAL, CheckSet.DNSBL), lists=("list.example.org",)).zone_with(
    "2.0.0.127.list.example.org A 127.0.0.2",
    f"{listed_name(TEST_LISTED[6], 'list.example.org')} A 127.0.0.2",
)
"""A good world with a list of addresses that works and has none of it."""
LISTED = listed_name("192.0.2.1", "list.example.org")
_DNSBL = {
    Code.DNSBL_OK: LISTS,
    Code.DNSBL_LISTED: LISTS.zone_with(
        f"{LISTED} A 127.0.0.4", f"{LISTED} TXT seen sending spam: https://list.example.org/192.0.2.1"
    ),
    Code.DNSBL_REFUSED: LISTS.zone_with("2.0.0.127.list.example.org A 127.255.255.254"),
    Code.DNSBL_UNANSWERED: LISTS.zone_with("2.0.0.127.list.example.org A"),
}

_MEMORIES: Mapping[Code, tuple[SenderMemory, ...]] = {
    Code.STS_MEMORY_OUTLIVES: (_OLD_POLICY,),
    Code.STS_ID_UNCHANGED: (Memory(policy("old.example.com"), NOW - timedelta(days=1), "20260601"),),
    Code.STS_POLICY_UNCHANGED: (Memory(policy(MX1, MX2), NOW - timedelta(days=1), "20260501"),),
    Code.TLS_LEVEL_FELL: (LevelMemory(SessionLevel.VERIFIED),),
}
WORLDS: Mapping[Code, Bad] = {
    code: Bad(world, _MEMORIES.get(code, ()))
    for code, world in {
        **_HOSTS,
        **_RECORDS,
        **_POLICIES,
        **_SESSIONS,
        **_DANE,
        **_COMPARED,
        **_NAME_SERVERS,
        **_CAA,
        **_DNSBL,
        **DNSSEC_WORLDS,
        **SPF_WORLDS,
        **DMARC_WORLDS,
        **DKIM_WORLDS,
        **SENDER_WORLDS,
    }.items()
}
"""The bad world of each finding; of a finding that says all is well, the good one."""
