"""Texts of other systems as senders: why they could not or would not hand a message over."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SAMPLES: Final = "sisimai/set-of-emails"

_KUMOMTA: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mta-sts enforce policy for {domain} permits none of its mx hosts",),
        codes="451 4.4.4",
        sample="451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts",
        unlike=("MTA-STS enforce policy for example.com permits all of its MX hosts",),
        source="KumoCorp/kumomta crates/integration-tests/src/test/mta_sts_enforce.rs:48",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dnssec_bogus",
        texts=(
            "dane tlsa lookup for {host} could not be securely resolved",
            "dane cname lookup for {host} could not be securely resolved",
        ),
        sample="DANE TLSA lookup for mx.example.com could not be securely resolved",
        unlike=("DANE TLSA lookup for mx.example.com was securely resolved",),
        source="KumoCorp/kumomta crates/kumod/src/smtp_dispatcher.rs",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_MOX: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mx host {host} does not match enforced mta-sts policy",),
        sample="mx host mx1.example.com does not match enforced mta-sts policy with hosts mx2.example.com",
        unlike=("mx host mx1.example.com matches enforced mta-sts policy",),
        source="mjl-/mox queue/direct.go:220",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_CHASQUID: Final = (
    Rule(
        cause="mtasts_cert_invalid",
        texts=(
            "invalid security level {word} for sts policy",
            "invalid security level ({word}) for sts policy",
        ),
        sample="invalid security level (tls_insecure) for STS policy",
        unlike=("valid security level (tls_secure) for STS policy",),
        source="albertito/chasquid internal/courier/smtp.go:88,230",
        confidence=Confidence.SOURCE_CODE,
        check="An MX host outside the policy is skipped without a word.",
    ),
)

_STALWART: Final = (
    Rule(
        cause="mtasts_mx_mismatch",
        texts=("mx {host} not authorized by policy",),
        sample='MX "mx1.example.com" not authorized by policy.',
        unlike=("sender not authorized by policy",),
        source="stalwartlabs/stalwart crates/smtp/src/outbound/delivery.rs:623",
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
        ),
        sample="MTA-STS is required and no policy was found.",
        unlike=("the policy was found", "rejected by policy"),
        source="stalwartlabs/stalwart crates/smtp/src/outbound/mod.rs:162-195",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_MADDY: Final = (
    Rule(
        cause="starttls_missing",
        texts=(
            "tls it not available or unauthenticated but required",
            "tls is not available or unauthenticated but required",
        ),
        sample="TLS it not available or unauthenticated but required",
        unlike=("TLS is available",),
        source="https://github.com/foxcpp/maddy/issues/301",
        confidence=Confidence.OBSERVED,
    ),
)

_OPENSMTPD: Final = (
    Rule(
        cause="starttls_missing",
        texts=("tls required but not supported by remote host", "starttls rejected: "),
        sample="TLS required but not supported by remote host",
        unlike=("TLS required but not supported by this client",),
        source="opensmtpd 6.8.0p2 usr.sbin/smtpd/mta_session.c:624,973",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=("network error on destination mxs",),
        sample="a@example.com: Network error on destination MXs",
        unlike=("Network error on the local host",),
        source=f"{_SAMPLES} lhost-opensmtpd-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="queue_expired",
        texts=("envelope expired",),
        sample="a@example.com: Envelope expired",
        unlike=("certificate expired",),
        source=f"{_SAMPLES} lhost-opensmtpd-05.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=("domain does not exist",),
        sample="a@example.com: Domain does not exist",
        unlike=("Domain of sender address a@example.com does not exist", "domain example.com does not exist"),
        source=f"{_SAMPLES} lhost-opensmtpd-10.eml",
        confidence=Confidence.OBSERVED,
        lead=True,
    ),
)

_HARAKA: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("no such domain: {domain}",),
        sample="bouncing mail: No Such Domain: example.com",
        unlike=("Domain: example.com", "No such domain."),
        source="haraka/Haraka outbound/hmail.js, found_mx()",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=("nowhere to deliver mail to for domain: {domain}",),
        sample="Nowhere to deliver mail to for domain: example.com",
        unlike=("Delivered mail for domain: example.com",),
        source="haraka/Haraka outbound/hmail.js, found_mx()",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_HMAILSERVER: Final = (
    Rule(
        cause="mx_no_address",
        texts=("no mail servers appear to exists for the recipient",),
        sample="Error Description: No mail servers appear to exists for the recipient's address.",
        unlike=("The mail server of the recipient's address",),
        source="hmailserver/hmailserver source/Server/SMTP/ExternalDelivery.cpp",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_DOMINO: Final = (
    Rule(
        cause="dns_failure",
        texts=("the remote server is not a known tcp/ip host",),
        sample="Router: Failed to connect to SMTP host MX.EXAMPLE.COM because : The remote server is not a known TCP/IP "
        "host.",
        unlike=("The server is not responding",),
        source="HCL Notes and Domino, error 7267 (NETWORK: the remote server is not a known TCP/IP host)",
        confidence=Confidence.DOCUMENTED,
    ),
)

_MAILGUN: Final = (
    Rule(
        cause="dns_failure",
        texts=("no mx for {domain}",),
        codes="498",
        sample='"delivery-status":{"code":498,"message":"No MX for example.com"}',
        unlike=("No MX for your FROM address", "MX for example.com"),
        source="anymail/django-anymail tests/test_mailgun_webhooks.py (an event of Mailgun)",
        confidence=Confidence.OBSERVED,
    ),
)

_TRENDMICRO: Final = (
    Rule(
        cause="dane_generic",
        texts=(
            "defer (server certificate not trusted)",
            "defer (non-dnssec destination)",
            "defer (no tlsa record)",
            "defer (tlsa lookup error)",
        ),
        sample="Defer (non-DNSSEC destination)",
        unlike=("non DNSSEC destination",),
        source="Trend Micro Deep Discovery Email Inspector 5.1 help, DANE",
        confidence=Confidence.DOCUMENTED,
    ),
)

_SENDGRID: Final = (
    Rule(
        cause="tls_required",
        texts=("tls required but not supported",),
        sample="TLS required but not supported",
        unlike=("TLS supported but not required",),
        source="sisimai/p5-sisimai lib/Sisimai/Reason/SecurityError.pm",
        confidence=Confidence.CLAIMED,
    ),
)

_DRAGONFLY: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("dns lookup failure: host {host} not found",),
        sample="DNS lookup failure: host example.com not found",
        unlike=("DNS lookup of host example.com",),
        source=f"{_SAMPLES} lhost-dragonfly-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="queue_expired",
        texts=("could not deliver for the last {number} seconds. giving up",),
        sample="Could not deliver for the last 432000 seconds. Giving up.",
        unlike=("Could not deliver for the last 432000 seconds.",),
        source=f"{_SAMPLES} lhost-dragonfly-29.eml",
        confidence=Confidence.OBSERVED,
        lead=True,
    ),
)

_MESSAGING_SERVER: Final = (
    Rule(
        cause="null_mx",
        texts=("host/domain does not accept mail",),
        codes="5.1.10",
        sample="5.1.10 host/domain does not accept mail",
        unlike=("host accepts mail",),
        source=f"{_SAMPLES} lhost-messagingserver-10.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=("illegal host/domain name found",),
        codes="5.4.4",
        sample="5.4.4 (Illegal host/domain name found)",
        unlike=("5.4.4 (Invalid domain)",),
        source=f"{_SAMPLES} lhost-messagingserver-05.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_timeout",
        texts=("failed connect() to tcp port 25 of {address} error: connection timed out",),
        sample="TCP active open: Failed connect() to TCP port 25 of 192.0.2.240    Error: Connection timed out",
        unlike=("TCP active open: connected to TCP port 25 of 192.0.2.240",),
        source=f"{_SAMPLES} lhost-messagingserver-07.eml",
        confidence=Confidence.OBSERVED,
        lead=True,
    ),
)

_ZOHO: Final = (
    Rule(
        cause="connect_failure",
        texts=("host not reachable",),
        codes="421",
        sample="[Status: Error, Address: <a@example.com>, ResponseCode 421, , Host not reachable.]",
        unlike=("Host reachable",),
        source=f"{_SAMPLES} lhost-zoho-04.eml",
        confidence=Confidence.OBSERVED,
    ),
)

_COURIER: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("no such domain.",),
        sample="<<< No such domain.",
        unlike=("no such user in this domain.",),
        source=f"{_SAMPLES} lhost-courier-04.eml",
        confidence=Confidence.OBSERVED,
    ),
)

_AMAZON_SES: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("5.4.4 invalid domain",),
        codes="550 5.4.4",
        sample="550 5.4.4 Invalid domain",
        unlike=("501 5.0.0 Invalid domain name", "5.4.4 (Illegal host/domain name found)"),
        source=f"{_SAMPLES} lhost-amazonses-18.eml",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (
    Chapter("kumomta", Side.SENDER, _KUMOMTA),
    Chapter("mox", Side.SENDER, _MOX),
    Chapter("chasquid", Side.SENDER, _CHASQUID),
    Chapter("stalwart", Side.SENDER, _STALWART),
    Chapter("maddy", Side.SENDER, _MADDY),
    Chapter("opensmtpd", Side.SENDER, _OPENSMTPD),
    Chapter("haraka", Side.SENDER, _HARAKA),
    Chapter("hmailserver", Side.SENDER, _HMAILSERVER),
    Chapter("domino", Side.SENDER, _DOMINO),
    Chapter("mailgun", Side.SENDER, _MAILGUN),
    Chapter("trendmicro", Side.SENDER, _TRENDMICRO),
    Chapter("sendgrid", Side.SENDER, _SENDGRID),
    Chapter("dragonfly", Side.SENDER, _DRAGONFLY),
    Chapter("messagingserver", Side.SENDER, _MESSAGING_SERVER),
    Chapter("zoho", Side.SENDER, _ZOHO),
    Chapter("courier", Side.SENDER, _COURIER),
    Chapter("amazonses", Side.SENDER, _AMAZON_SES),
)
