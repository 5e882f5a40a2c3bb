"""Texts of mox, maddy and chasquid as senders: bounces, queue listings and logs."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_MOX_CLIENT: Final = "mjl-/mox smtpclient/client.go"
_MOX_QUEUE: Final = "mjl-/mox queue/direct.go"
_MOX_GATHER: Final = "mjl-/mox smtpclient/gather.go"
_MOX_STS: Final = "mjl-/mox mtasts/mtasts.go"
_MADDY: Final = "foxcpp/maddy internal/target/remote/"
_CHASQUID: Final = "albertito/chasquid internal/courier/smtp.go"

_MOX: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=(
            "mx host {host} does not match enforced mta-sts policy",
            "mx host does not match mta-sts policy in mode enforce",
        ),
        sample="mx host mx1.example.com does not match enforced mta-sts policy with hosts mx2.example.com",
        unlike=(
            "mx host mx1.example.com matches enforced mta-sts policy",
            "mx host does not match mta-sts policy, but it is not enforced, continuing",
        ),
        source=f"{_MOX_QUEUE}:220",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=("starttls: got {number}, expected 220",),
        sample="tls error: STARTTLS: got 502, expected 220",
        unlike=(
            "tls error: STARTTLS TLS handshake: EOF",
            "expected 250, got 502",
        ),
        source=f"{_MOX_CLIENT}:807",
        confidence=Confidence.SOURCE_CODE,
        check="STARTTLS was offered and refused: a server that hides it, or a device in front of it that answers in its place.",
        suspects=(
            suspects.STARTTLS,
            suspects.DEVICE,
        ),
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "starttls tls handshake: eof",
            "starttls tls handshake: read tcp",
            "starttls tls handshake: remote error",
        ),
        sample="tls error: STARTTLS TLS handshake: EOF",
        unlike=(
            "tls error: STARTTLS: got 454, expected 220",
            "STARTTLS TLS handshake: done",
        ),
        source=f"{_MOX_CLIENT}:834",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="requiretls",
        texts=(
            "missing required tls verification mechanism",
            "destination servers do not support requiretls",
            "does not implement requiretls extension",
        ),
        sample="destination servers do not support requiretls",
        unlike=(
            "destination servers support requiretls",
            "Sender requested REQUIRETLS",
        ),
        source=f"{_MOX_QUEUE}:358,587 ; {_MOX_CLIENT}:70",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=(
            "dns lookup error: mx lookup for {host}",
            "dns lookup error: cname lookup for {host}",
        ),
        sample="dns lookup error: mx lookup for example.com: rcode 2",
        unlike=(
            "dns lookup error: invalid host name in mx record",
            "mx lookup for example.com succeeded",
        ),
        source=f"{_MOX_GATHER}:108,137",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_invalid",
        texts=("dns lookup error: invalid host name in mx record",),
        sample='dns lookup error: invalid host name in mx record "192.0.2.1"',
        unlike=(
            "dns lookup error: mx lookup for example.com: rcode 2",
            "valid host name in mx record",
        ),
        source=f"{_MOX_GATHER}:164",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.MX,),
    ),
    Rule(
        cause="null_mx",
        texts=("domain does not accept email as indicated with single dot",),
        sample="domain does not accept email as indicated with single dot for mx record",
        unlike=(
            "domain accepts email",
            "Domain does not accept email (null MX)",
        ),
        source=f"{_MOX_GATHER}:26",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_dns",
        texts=(
            "looking up tlsa records for tlsa candidate base domain",
            "looking up cname for tlsa candidate base domain",
        ),
        sample="looking up tlsa records for tlsa candidate base domain: rcode 2",
        unlike=(
            "looking up mx records",
            "tlsa records found",
        ),
        source=f"{_MOX_GATHER}:330-350",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_fetch",
        texts=(
            "mtasts: cannot fetch policy",
            "mtasts: policy syntax error",
            "mtasts: no policy served",
            "mtasts: dns lookup",
        ),
        sample="mtasts: cannot fetch policy: http status 404 while status 200 is required",
        unlike=(
            "mtasts: no mta-sts dns txt record",
            "mtasts: policy fetched",
        ),
        source=f"{_MOX_STS}:171-312",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("dialing smtp server: ",),
        sample="dialing smtp server: no addresses",
        unlike=(
            "dialing for submission",
            "dialed smtp server",
        ),
        source=f"{_MOX_QUEUE}:615",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
    ),
)

_MADDY_TEXTS: Final = (
    Rule(
        cause="dane_starttls",
        texts=("unsupported or failed (enforced by dane)",),
        sample="TLS is required but unsupported or failed (enforced by DANE)",
        unlike=(
            "TLS is required but unavailable or failed (MTA-STS)",
            "TLS is available",
        ),
        source=f"{_MADDY}dane.go:44",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_cert_or_validation",
        texts=("unavailable or failed (mta-sts)",),
        sample="TLS is required but unavailable or failed (MTA-STS)",
        unlike=(
            "TLS is required but unsupported or failed (enforced by DANE)",
            "MTA-STS policy fetched",
        ),
        source=f"{_MADDY}security.go:215",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_cert_invalid",
        texts=("recipient server tls certificate is not trusted but",),
        sample="Recipient server TLS certificate is not trusted but authentication is required by MTA-STS",
        unlike=(
            "Recipient server TLS certificate is trusted",
            "TLS is required but unavailable or failed (MTA-STS)",
        ),
        source=f"{_MADDY}security.go:223",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("establish the mx record authenticity (mta-sts)",),
        sample="Failed to establish the MX record authenticity (MTA-STS)",
        unlike=(
            "Failed to establish the MX record authenticity (REQUIRETLS)",
            "MX does not match published non-enforced MTA-STS policy",
        ),
        source=f"{_MADDY}security.go:190",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="requiretls",
        texts=(
            "establish the mx record authenticity (requiretls)",
            "unauthenticated but required (requiretls)",
        ),
        sample="Failed to establish the MX record authenticity (REQUIRETLS)",
        unlike=(
            "Failed to establish the MX record authenticity (MTA-STS)",
            "REQUIRETLS passed",
        ),
        source=f"{_MADDY}connect.go:247,258",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=(
            "tls it not available or unauthenticated but required",
            "tls is not available or unauthenticated but required",
            "tls required but unsupported by downstream",
        ),
        sample="TLS it not available or unauthenticated but required",
        unlike=(
            "TLS is available",
            "TLS error, trying plaintext",
        ),
        source=f"{_MADDY}security.go:617 ; https://github.com/foxcpp/maddy/issues/301",
        confidence=Confidence.OBSERVED,
        suspects=(
            suspects.STARTTLS,
            suspects.CHAIN,
        ),
    ),
    Rule(
        cause="dane_dns",
        texts=(
            "rcode servfail when looking up _25._tcp.{host}",
            "rcode refused when looking up _25._tcp.{host}",
        ),
        sample="dns: rcode SERVFAIL when looking up _25._tcp.mx.example.com.",
        unlike=(
            "dns: rcode SERVFAIL when looking up example.com.",
            "looking up _25._tcp.mx.example.com. succeeded",
        ),
        source="foxcpp/maddy framework/dns/dnssec.go ; https://github.com/foxcpp/maddy/issues/287",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="null_mx",
        texts=("domain does not accept email (null mx)",),
        codes="556 5.1.10",
        sample="Domain does not accept email (null MX)",
        unlike=(
            "Domain accepts email",
            "Domain does not exist",
        ),
        source=f"{_MADDY}connect.go:337",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            'delivery attempt failed {gap}"reason":"context deadline exceeded"',
            'delivery attempt failed {gap}"reason":"i/o timeout"',
        ),
        sample='queue: delivery attempt failed {"msg_id":"1","rcpt":"a@example.com","reason":"context deadline exceeded","smtp_code":451}',
        unlike=(
            'queue: delivery attempt failed {"reason":"DNS error"}',
            "context deadline exceeded in the database",
        ),
        source="https://github.com/foxcpp/maddy/issues/842",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_failure",
        texts=('"smtp_msg":"mx lookup error"',),
        sample='"smtp_code":451,"smtp_msg":"MX lookup error"',
        unlike=(
            '"smtp_msg":"No usable MXs"',
            "MX lookup",
        ),
        source=f"{_MADDY}connect.go:380",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connection_dropped",
        texts=('"smtp_msg":"network i/o error"',),
        sample='"smtp_code":450,"smtp_enchcode":"4.4.2","smtp_msg":"Network I/O error"',
        unlike=(
            '"smtp_msg":"DNS error"',
            "network is fine",
        ),
        source="foxcpp/maddy internal/smtpconn/smtpconn.go:150",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
    ),
)

_CHASQUID_TEXTS: Final = (
    Rule(
        cause="starttls_missing",
        texts=(
            "invalid security level (plain) for sts policy",
            "invalid security level plain for sts policy",
        ),
        sample="invalid security level (PLAIN) for STS policy",
        unlike=(
            "invalid security level (TLS_INSECURE) for STS policy",
            "valid security level (TLS_SECURE) for STS policy",
        ),
        source=f"{_CHASQUID}:230",
        confidence=Confidence.SOURCE_CODE,
        check="chasquid comes again in clear text wherever TLS did not come about: a handshake that fails, a version that"
        " is too old, or EHLO refused inside TLS end in the same words as STARTTLS that is not offered.",
        suspects=(suspects.STARTTLS, suspects.SERVER_TLS),
    ),
    Rule(
        cause="mtasts_cert_invalid",
        texts=(
            "invalid security level {word} for sts policy",
            "invalid security level ({word}) for sts policy",
        ),
        sample="invalid security level (tls_insecure) for STS policy",
        unlike=(
            "valid security level (tls_secure) for STS policy",
            "invalid security level",
        ),
        source=f"{_CHASQUID}:88,230",
        confidence=Confidence.SOURCE_CODE,
        check="An MX host outside the policy is skipped without a word.",
    ),
    Rule(
        cause="starttls_missing",
        texts=("security level check failed (level:plain)",),
        sample="Security level check failed (level:PLAIN)",
        unlike=(
            "Security level check failed (level:TLS_INSECURE)",
            "Security level check passed",
        ),
        source=f"{_CHASQUID}:221",
        confidence=Confidence.SOURCE_CODE,
        check="The domain had TLS before: chasquid does not go back behind what it has seen.",
        suspects=(
            suspects.STARTTLS,
            suspects.DEVICE,
        ),
    ),
    Rule(
        cause="cert_not_verified",
        texts=("security level check failed (level:tls_insecure)",),
        sample="Security level check failed (level:TLS_INSECURE)",
        unlike=(
            "Security level check failed (level:PLAIN)",
            "Security level check passed",
        ),
        source=f"{_CHASQUID}:221",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.CHAIN,
            suspects.TRUST_STORE,
        ),
    ),
    Rule(
        cause="mtasts_mx_mismatch",
        texts=(
            "skipped as per mta-sta policy",
            "skipped as per mta-sts policy",
            "all mxs returned transient failures (last: <nil>)",
        ),
        sample='"mx1.example.com" skipped as per MTA-STA policy',
        unlike=(
            "all MXs returned transient failures (last: Could not dial)",
            "STS policy: connection is using valid TLS",
        ),
        source=f"{_CHASQUID}:88-105",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("could not dial: ",),
        sample="Could not dial: no route",
        unlike=(
            "Error creating client: EOF",
            "could dial",
        ),
        source=f"{_CHASQUID}:163",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
    ),
)

CHAPTERS: Final = (
    Chapter("mox", Side.SENDER, _MOX),
    Chapter("maddy", Side.SENDER, _MADDY_TEXTS),
    Chapter("chasquid", Side.SENDER, _CHASQUID_TEXTS),
)
