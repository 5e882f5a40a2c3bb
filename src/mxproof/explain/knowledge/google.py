"""Texts of Google: Gmail and Workspace, as sender and as receiver.

A receiver's reply has several lines with the code in front of each; the rules name the sentence with the codes
taken out, and the first code where it is what tells two replies apart.
"""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_RHOST: Final = (
    "sisimai/p5-sisimai lib/Sisimai/Rhost/Google.pm (from https://support.google.com/a/answer/3726730)"
)
_SAMPLES: Final = "sisimai/set-of-emails"
_NEGOTIATION: Final = (
    "https://blog.gaiterjones.com/gmail-tls-negotiation-failed-the-certificate-doesnt-match-the-host/"
)

_SENDER: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("dns error: {gap}lookup of {domain} responded with code nxdomain",),
        sample="DNS Error: 80480947 DNS type 'mx' lookup of example.com responded with code NXDOMAIN",
        unlike=(
            "DNS Error: 80480947 DNS type 'mx' lookup of example.com responded with code NOERROR",
            "dns lookup error: mx lookup for example.com: rcode 3",
        ),
        source=f"{_SAMPLES} rhost-gsuite-05.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="null_mx",
        texts=("lookup of {domain} responded with code noerror {gap}returned null mx",),
        sample="DNS type 'mx' lookup of example.com responded with code NOERROR The domain example.com doesn't receive "
        "email according to the administrator: returned Null MX",
        unlike=(
            "DNS type 'mx' lookup of example.com responded with code NOERROR",
            "mail exchanger of example.com: null",
        ),
        source=f"{_SAMPLES} lhost-gsuite-03.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_failure",
        texts=(
            "dns error: {number} dns type {word} lookup of {domain} responded with code {word}",
            "dns error: dns type {word} lookup of {domain} responded with code {word}",
        ),
        sample="DNS Error: 80480947 DNS type 'mx' lookup of example.com responded with code SERVFAIL",
        unlike=(
            "DNS type 'mx' lookup of example.com took a second",
            "dns lookup error: mx lookup for example.com: rcode 2",
        ),
        source=f"{_SAMPLES} rhost-gsuite-05.eml",
        confidence=Confidence.OBSERVED,
        check="NOERROR: neither MX nor address; SERVFAIL: the name servers.",
    ),
    Rule(
        cause="connect_timeout",
        texts=("the recipient server did not accept our requests to connect",),
        sample="The recipient server did not accept our requests to connect. Learn more at "
        "https://support.google.com/mail/answer/7720",
        unlike=(
            "The recipient server did not accept our message",
            "messages could not be sent, because the domain's mail server would not accept a TLS connection",
        ),
        source=f"{_SAMPLES} lhost-gmail-09.eml, rhost-gsuite-07.eml (seen in eight samples)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="tls_handshake",
        texts=("tls negotiation failed, the certificate",),
        sample="TLS Negotiation failed, the certificate doesn't match the host.",
        unlike=(
            "TLS negotiation failed. Certificates were not looked at.",
            "TLS handshake with mx failed: <certificate verify failed>",
        ),
        source=_NEGOTIATION,
        confidence=Confidence.OBSERVED,
        check="Google names a certificate that does not match the host also when it is self-signed.",
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="tls_handshake",
        texts=("tls negotiation failed",),
        sample="TLS Negotiation failed",
        unlike=(
            "TLS negotiation succeeded",
            "TLS handshake with mx failed: <certificate verify failed>",
        ),
        source=_NEGOTIATION,
        confidence=Confidence.OBSERVED,
    ),
)

_RECEIVER: Final = (
    Rule(
        cause="spf_suspicious",
        texts=(
            "spf record of the sending domain has one or more suspicious",
            ".7.24 {gap}spf record of the sending domain",
        ),
        codes="451 4.7.24, 550 5.7.24",
        sample="550 5.7.24 The SPF record of the sending domain has one or more suspicious entries.",
        unlike=(
            "the SPF record of the sending domain is fine",
            "550 5.7.32 The From: header isn't aligned with either of them.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="auth_none",
        texts=(
            "rate limited because it is unauthenticated",
            "requires all senders to authenticate with either spf or dkim",
            "does not have authentication information or fails to pass authentication checks",
            ".7.26 {gap}authenticate with either spf or dkim",
        ),
        codes="421 4.7.26, 550 5.7.26, 550 5.7.1",
        sample="550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders "
        "to authenticate with either SPF or DKIM.",
        unlike=(
            "550 5.7.1 This message does not have authentication information or fails to pass",
            "421 4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message.",
        ),
        source=f"{_RHOST} ; {_SAMPLES} rhost-google-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_fail",
        texts=(
            "has an spf record with a hard fail policy (-all)",
            "spf checks for an spf record with a hard fail",
        ),
        codes="550 5.7.26",
        sample="550 5.7.26 The MAIL FROM domain [example.com] has an SPF record with a hard fail policy (-all) but it "
        "fails to pass SPF checks with the ip: [192.0.2.24].",
        unlike=(
            "The MAIL FROM domain [example.com] has an SPF record",
            "550 5.7.24 The SPF record of the sending domain has one or more suspicious entries.",
        ),
        source=f"{_RHOST} ; {_SAMPLES} rhost-google-03.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dmarc_dns_temp",
        texts=(
            "unauthenticated email from {domain} is not accepted due to domain's dmarc policy, but temporary dns failures",
            "dmarc policy, but temporary dns failures prevent authentication",
        ),
        codes="451 4.7.26",
        sample="451 4.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy, but "
        "temporary DNS failures prevent authentication.",
        unlike=(
            "Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
            "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dmarc_fail",
        texts=(
            "unauthenticated email from {domain} is not accepted due to domain's dmarc policy",
            "unauthenticated email from {domain} is not accepted",
            "not accepted due to domain's dmarc policy",
            "not accepted due to dmarc policy",
        ),
        codes="550 5.7.26, 550 5.7.1",
        sample="550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
        unlike=(
            "email from example.com is accepted",
            "550 5.7.0 DMARC PermError",
        ),
        source=f"{_RHOST} ; {_SAMPLES} lhost-sendmail-58.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dmarc_permerror",
        texts=("dmarc permerror",),
        codes="550 5.7.0",
        sample="550 5.7.0 DMARC PermError",
        unlike=(
            "550 5.7.1 DMARC check failed",
            "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
        ),
        source="https://emailkarma.net/microsoft-to-start-honouring-dmarc-reject",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_fail",
        texts=("4.7.27 {gap}spf", "5.7.27 {gap}authenticate with spf"),
        codes="421 4.7.27, 550 5.7.27",
        sample="421 4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message.",
        unlike=(
            "550 5.7.27 Sender address has null MX",
            "421 4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dkim_fail",
        texts=("4.7.30 {gap}dkim", "5.7.30 {gap}dkim"),
        codes="421 4.7.30, 550 5.7.30",
        sample="550 5.7.30 This mail has been blocked because DKIM does not pass. Gmail requires all large senders to "
        "authenticate with DKIM.",
        unlike=(
            "550 5.7.30 REQUIRETLS support required",
            "421 4.7.0 This message does not pass authentication checks (SPF and DKIM both do not pass).",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dmarc_alignment",
        texts=("aligned with either the authenticated spf or dkim",),
        codes="421 4.7.32",
        sample="421 4.7.32 Your email has been rate limited because the From: header (RFC5322) in this message isn't "
        "aligned with either the authenticated SPF or DKIM organizational domain.",
        unlike=(
            "the From header is missing",
            "421 4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="ptr_missing_ipv6",
        texts=("not meet ipv6 sending guidelines regarding ptr records",),
        codes="550 5.7.1",
        sample="550 5.7.1 [2001:db8::1] Our system has detected that this message does not meet IPv6 sending guidelines "
        "regarding PTR records and authentication.",
        unlike=(
            "Our system has detected an unusual rate of unsolicited mail",
            "421 4.7.0 This message does not pass authentication checks (SPF and DKIM both do not pass).",
        ),
        source=f"{_RHOST} ; "
        "https://dwaves.org/2017/02/02/everyone-uses-google-mail-of-course-unencrypted-why-does-google-mail-hate-my-mailserver/",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="ptr_missing",
        texts=(
            "4.7.0 {gap}does not have a ptr record",
            "4.7.23 {gap}have a ptr record",
            "5.7.25 {gap}ptr record",
            "sending this message does not have a ptr record",
        ),
        codes="421 4.7.0, 421 4.7.23, 550 5.7.25",
        sample="550 5.7.25 [192.0.2.202] The IP address sending this message does not have a PTR record setup, or the "
        "corresponding forward DNS entry does not point to the sending IP.",
        unlike=(
            "550 5.7.25 Reverse name accepted",
            "550 5.7.24 The SPF record of the sending domain has one or more suspicious entries.",
        ),
        source=f"{_RHOST} ; {_SAMPLES} rhost-google-06.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="ptr_mismatch",
        texts=("does not match the ip address of the hostname",),
        codes="550 5.7.25",
        sample="550 5.7.25 The IP address sending this message does not match the IP address of the hostname in the "
        "pointer (PTR) record.",
        unlike=(
            "the IP address matches the hostname",
            "421 4.7.0 This message does not pass authentication checks (SPF and DKIM both do not pass).",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="tls_required",
        texts=("tls required for rcpt domain",),
        codes="421 4.7.0",
        sample="421 4.7.0 TLS required for RCPT domain, closing connection.",
        unlike=(
            "TLS is not required for this domain",
            "421 4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="tls_required_bulk",
        texts=("4.7.29 {gap}tls", "4.7.29 {gap}ssl", "5.7.29 {gap}tls"),
        codes="421 4.7.29, 550 5.7.29",
        sample="421 4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection.",
        unlike=(
            "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail",
            "421 4.7.27 Your email has been rate limited because SPF authentication didn't pass for this message.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="helo_bad",
        texts=("helo/ehlo argument {gap}invalid", "empty helo/ehlo argument"),
        codes="501 5.5.4",
        sample='501 5.5.4 HELO/EHLO argument "localhost" invalid, closing connection.',
        unlike=(
            "250 HELO/EHLO accepted",
            "421 4.7.0 TLS required for RCPT domain, closing connection.",
        ),
        source=_RHOST,
        confidence=Confidence.CLAIMED,
    ),
)

CHAPTERS: Final = (
    Chapter("google", Side.SENDER, _SENDER),
    Chapter("google", Side.RECEIVER, _RECEIVER),
)
