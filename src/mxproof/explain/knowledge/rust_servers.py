"""Texts of Stalwart and KumoMTA as senders: bounces, queue listings and logs."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_OUTBOUND: Final = "stalwartlabs/stalwart crates/smtp/src/outbound/"
_QUEUE: Final = "stalwartlabs/stalwart crates/smtp/src/queue/dsn.rs"
_EVENTS: Final = (
    "stalwartlabs/stalwart crates/trc (names of events) ; https://github.com/stalwartlabs/stalwart/issues/734"
)
_DISPATCHER: Final = "KumoCorp/kumomta crates/kumod/src/smtp_dispatcher.rs"
_RFC5321: Final = "KumoCorp/kumomta crates/rfc5321/src/client.rs"

_STALWART: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=(
            "mx {host} not authorized by policy",
            "mta-sts.not-authorized",
        ),
        sample='MX "mx1.example.com" not authorized by policy.',
        unlike=(
            "sender not authorized by policy",
            'MX "mx1.example.com" authorized by policy',
        ),
        source=f"{_OUTBOUND}delivery.rs:623 ; {_EVENTS}",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_fetch",
        texts=(
            "mta-sts is required and no policy was found",
            "failed to fetch policy",
            "could not reach policy host",
            "timeout fetching policy",
            "failed to parse policy",
            "failed to parse mta-sts dns record",
            "mta-sts failed to authenticate {host}: policy not found",
            "mta-sts.policy-fetch-error",
            "error fetching mta-sts policy",
        ),
        sample='Error fetching MTA-STS policy (mta-sts.policy-fetch-error) domain = "example.com"',
        unlike=(
            "the policy was found",
            "rejected by policy",
        ),
        source=f"{_OUTBOUND}mod.rs:162-195 ; {_EVENTS}",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=(
            "tls error from {host}: starttls not advertised",
            "starttls not advertised by host",
            "starttls was not advertised by host",
            "starttls extension unavailable",
        ),
        sample="(TLS error from 'mx.example.com': STARTTLS not advertised by host.)",
        unlike=(
            "TLS error from 'mx.example.com': Handshake failed",
            "STARTTLS was advertised by host",
        ),
        source=f"{_OUTBOUND}mod.rs, from_starttls_error() ; {_OUTBOUND}error.rs",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=("handshake failed: invalid peer certificate: {word}",),
        sample="TLS error from 'mx.example.com': Handshake failed: invalid peer certificate: BadSignature",
        unlike=(
            "Handshake failed: received fatal alert: HandshakeFailure",
            "handshake failed: no",
        ),
        source=f"{_OUTBOUND}mod.rs, from_tls_error()",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "tls error from {host}: handshake failed: received",
            "tls error from {host}: handshake failed: peer",
            "tls error from {host}: handshake failed: unexpected",
            "tls error from {host}: tls handshake timed out",
            "tls error from {host}: i/o error",
        ),
        sample="TLS error from 'mx.example.com': TLS handshake timed out",
        unlike=(
            "TLS error from 'mx.example.com': STARTTLS not advertised by host.",
            "TLS error from 'mx.example.com': Invalid hostname",
        ),
        source=f"{_OUTBOUND}mod.rs, from_tls_error()",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dnssec_bogus",
        texts=(
            "bogus mx records were found",
            "bogus tlsa records were found",
        ),
        sample="DANE failed to authenticate: Bogus MX records were found",
        unlike=(
            "No MX records were found",
            "TLSA records were found",
        ),
        source=f"{_OUTBOUND}delivery.rs:808,954",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_tlsa_mismatch",
        texts=(
            "dane failed to authenticate {host}: no matching",
            "dane failed to authenticate {host}: no certificates were provided",
        ),
        sample="DANE failed to authenticate 'mx.example.com': No certificates were provided by host",
        unlike=(
            "DANE failed to authenticate 'mx.example.com': Bogus TLSA records were found",
            "DANE authentication successful",
        ),
        source=f"{_OUTBOUND}dane/verify.rs:45,96",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_unusable",
        texts=("no valid tlsa records were found",),
        sample="DANE failed to authenticate: No valid TLSA records were found",
        unlike=(
            "No TLSA records found",
            "Bogus TLSA records were found",
        ),
        source=f"{_OUTBOUND}delivery.rs:765",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_required_unsigned",
        texts=("no tlsa dnssec records found",),
        sample="DANE failed to authenticate: No TLSA DNSSEC records found",
        unlike=(
            "No TLSA records found",
            "TLSA DNSSEC records found",
        ),
        source=f"{_OUTBOUND}delivery.rs:848,991",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="null_mx",
        texts=("domain does not accept messages (null mx)",),
        sample="Domain does not accept messages (null MX)",
        unlike=(
            "Domain accepts messages",
            "Domain does not exist",
        ),
        source=f"{_OUTBOUND}delivery.rs:589",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=(
            "no mx record found",
            "record not found for mx",
        ),
        sample="failed to lookup 'example.com': no MX record found.",
        unlike=(
            "failed to lookup 'example.com': Timeout",
            "the MX record was found",
        ),
        source=f"{_OUTBOUND}lookup.rs:129,134",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.MX,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="mx_loopback",
        texts=("host resolves loopback address",),
        sample="connection to 'mx.example.com' failed: host resolves loopback address",
        unlike=(
            "connection to 'mx.example.com' failed: Connection timeout",
            "host resolves",
        ),
        source=f"{_OUTBOUND}lookup.rs:156",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "connection to {host} failed: connection timeout",
            "connection to {host} failed: timeout while connecting",
            "connection to {host} failed: i/o error: {gap}timed out",
        ),
        sample="connection to 'mx.example.com' failed: Connection timeout",
        unlike=(
            "connection to 'mx.example.com' failed: I/O error: Connection refused (os error 111)",
            "connection to the server succeeded",
        ),
        source=f"{_QUEUE}:476 ; {_OUTBOUND}error.rs",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=("connection to {host} failed: i/o error: connection refused",),
        sample="connection to 'mx.example.com' failed: I/O error: Connection refused (os error 111)",
        unlike=(
            "connection to 'mx.example.com' failed: Connection timeout",
            "connection to 'mx.example.com' failed: Could not deliver message locally.",
        ),
        source=f"{_QUEUE}:476 ; {_OUTBOUND}error.rs",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connection_dropped",
        texts=(
            "connection to {host} failed: i/o error: connection reset",
            "connection to {host} failed: unparseable smtp reply",
            "connection to {host} failed: timeout while reading",
        ),
        sample="connection to 'mx.example.com' failed: Unparseable SMTP reply",
        unlike=(
            "connection to 'mx.example.com' failed: Connection timeout",
            "Unparseable SMTP reply",
        ),
        source=f"{_QUEUE}:476 ; {_OUTBOUND}error.rs",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_KUMOMTA: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mta-sts enforce policy for {domain} permits none of its mx hosts",),
        codes="451 4.4.4",
        sample="451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts",
        unlike=(
            "MTA-STS enforce policy for example.com permits all of its MX hosts",
            "MTA-STS testing policy for example.com",
        ),
        source="KumoCorp/kumomta crates/integration-tests/src/test/mta_sts_enforce.rs:48",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_dns",
        texts=(
            "dane tlsa lookup for {host} could not be securely resolved",
            "dane cname lookup for {host} could not be securely resolved",
            "tlsa lookup for {host}:{number} failed",
        ),
        sample="DANE TLSA lookup for mx.example.com could not be securely resolved",
        unlike=(
            "DANE TLSA lookup for mx.example.com was securely resolved",
            "mx.example.com is not DANE-eligible",
        ),
        source=f"{_DISPATCHER} ; KumoCorp/kumomta crates/dns-resolver/src/lib.rs:150",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_unusable",
        texts=("no usable dane tlsa records for {host}",),
        sample="No usable DANE TLSA records for mx.example.com: []",
        unlike=(
            "usable DANE TLSA records for mx.example.com",
            "mx.example.com is not DANE-eligible",
        ),
        source=f"{_RFC5321}:75",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=("but starttls is not advertised by",),
        sample='tls policy is Required but STARTTLS is not advertised by ResolvedAddress { name: "mx.example.com.", addr: 192.0.2.1 }:25',
        unlike=(
            "tls policy is Opportunistic",
            "STARTTLS is advertised by mx.example.com",
        ),
        source=f"{_DISPATCHER}:834",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "failed: <certificate verify failed>",
            "invalid peer certificate contents",
        ),
        sample="TLS handshake with mx failed: <certificate verify failed>",
        unlike=(
            "TLS handshake with mx failed: tls handshake eof",
            "certificate verified",
        ),
        source="KumoCorp/kumomta crates/integration-tests ; https://github.com/KumoCorp/kumomta/issues/64",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="mx_no_address",
        texts=("mx didn't resolve to any hosts",),
        codes="451 4.4.4",
        sample="451 4.4.4 MX didn't resolve to any hosts",
        unlike=(
            "MX resolved to two hosts",
            "Recipient address has a null MX",
        ),
        source=f"{_DISPATCHER}:286",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.MX,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="null_mx",
        texts=("recipient address has a null mx",),
        codes="556 5.1.10",
        sample="556 5.1.10 Recipient address has a null MX",
        unlike=(
            "MX didn't resolve to any hosts",
            "Sender address has a null MX",
        ),
        source=f"{_DISPATCHER}:265",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="route_or_dns",
        texts=("mx consisted solely of hosts on the skip_hosts list",),
        sample="KumoMTA internal: MX consisted solely of hosts on the skip_hosts list",
        unlike=(
            "MX didn't resolve to any hosts",
            "the skip_hosts list is empty",
        ),
        source=f"{_DISPATCHER}:330",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.ROUTES,),
    ),
    Rule(
        cause="dns_temp",
        texts=("failed to query dns for {host}",),
        sample="failed to query DNS for example.com: timeout",
        unlike=(
            "MX didn't resolve to any hosts",
            "queried DNS for example.com",
        ),
        source="KumoCorp/kumomta crates/dns-resolver/src/resolver.rs:132",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "and read initial banner: {gap}timed out",
            "and read initial banner: deadline has elapsed",
            "and read initial banner: timed out",
        ),
        sample="connect to 192.0.2.1:25 and read initial banner: Connection timed out (os error 110)",
        unlike=(
            "connect to 192.0.2.1:25 and read initial banner: Connection refused (os error 111)",
            "read initial banner",
        ),
        source=f"{_DISPATCHER}:531",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=("and read initial banner: {gap}connection refused",),
        sample="connect to 192.0.2.1:25 and read initial banner: Connection refused (os error 111)",
        unlike=(
            "connect to 192.0.2.1:25 and read initial banner: Connection timed out (os error 110)",
            "read initial banner",
        ),
        source=f"{_DISPATCHER}:531",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("failures are related to having an unplumbed source address",),
        sample="All failures are related to having an unplumbed source address.",
        unlike=(
            "All failures are related to proxy connection issues.",
            "source address is plumbed",
        ),
        source="KumoCorp/kumomta crates/kumod/src/ready_queue.rs:2090",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.NETWORK,),
    ),
    Rule(
        cause="connect_failure",
        texts=("failed to connect to any candidate hosts",),
        sample="KumoMTA internal: failed to connect to any candidate hosts: no more addresses to try!",
        unlike=(
            "KumoMTA internal: ready queue throttled",
            "connected to a candidate host",
        ),
        source="KumoCorp/kumomta crates/kumod/src/ready_queue.rs:2110",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
    ),
)

CHAPTERS: Final = (
    Chapter("stalwart", Side.SENDER, _STALWART),
    Chapter("kumomta", Side.SENDER, _KUMOMTA),
)
