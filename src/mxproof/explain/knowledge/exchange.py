"""Texts of Exchange on premises, and what 5.7.515 of Exchange Online says of each mechanism.

Exchange on premises hands on `451 4.4.0 Primary target IP address responded with: "..."`.
"""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_ONPREM: Final = "https://learn.microsoft.com/en-us/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages"
_QUESTIONS: Final = "https://supertekboy.com/2017/02/28/tls-negotiation-failed-with-error-nocredentials/ ; https://learn.microsoft.com/pt-br/archive/blogs/lalitbisht/mailflow-issue-from-exchange-on-prem-to-office-365"
_NDR: Final = "https://learn.microsoft.com/en-us/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online"
_INTELLIGENCE: Final = "MicrosoftDocs mail-flow-intelligence-in-office-365.md (2023-06-14)"
_BULK_SOURCE: Final = "sisimai/set-of-emails rhost-microsoft-06.eml ; sisimai/go-sisimai#150"

_BULK: Final = (
    Rule(
        cause="auth_required_bulk",
        texts=(
            "sending domain {domain} doesn't meet the required authentication level{gap}authentication requirements{gap}spf= fail , dkim= pass",
        ),
        sample="550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level. The sender's domain in the 5322.From address doesn't meet the authentication requirements defined for the sender. Spf= Fail , Dkim= Pass , DMARC= Pass",
        unlike=(
            "550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
            "Spf= Fail , Dkim= Pass , DMARC= Pass",
        ),
        source=_BULK_SOURCE,
        confidence=Confidence.OBSERVED,
        check="The text says that SPF failed and DKIM passed.",
    ),
    Rule(
        cause="auth_required_bulk",
        texts=(
            "sending domain {domain} doesn't meet the required authentication level{gap}authentication requirements{gap}spf= pass , dkim= fail",
        ),
        sample="550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level. The sender's domain in the 5322.From address doesn't meet the authentication requirements defined for the sender. Spf= Pass , Dkim= Fail , DMARC= Pass",
        unlike=(
            "550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
            "Spf= Pass , Dkim= Fail , DMARC= Pass",
        ),
        source=_BULK_SOURCE,
        confidence=Confidence.OBSERVED,
        check="The text says that DKIM failed and SPF passed.",
    ),
    Rule(
        cause="auth_required_bulk",
        texts=(
            "sending domain {domain} doesn't meet the required authentication level{gap}authentication requirements{gap}spf= fail , dkim= fail",
        ),
        sample="550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level. The sender's domain in the 5322.From address doesn't meet the authentication requirements defined for the sender. Spf= Fail , Dkim= Fail , DMARC= Fail",
        unlike=(
            "550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
            "Spf= Fail , Dkim= Fail , DMARC= Fail",
        ),
        source=_BULK_SOURCE,
        confidence=Confidence.OBSERVED,
        check="The text says that SPF and DKIM failed, both.",
    ),
    Rule(
        cause="auth_required_bulk",
        texts=(
            "sending domain {domain} doesn't meet the required authentication level{gap}authentication requirements{gap}spf= pass , dkim= pass",
        ),
        sample="550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level. The sender's domain in the 5322.From address doesn't meet the authentication requirements defined for the sender. Spf= Pass , Dkim= Pass , DMARC= Fail",
        unlike=(
            "550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
            "Spf= Pass , Dkim= Pass , DMARC= Fail",
        ),
        source=_BULK_SOURCE,
        confidence=Confidence.OBSERVED,
        check="The text says that SPF and DKIM passed and DMARC did not: for another domain than that in From, or without a DMARC record.",
    ),
)

_SENDER: Final = (
    Rule(
        cause="dns_temp",
        texts=(
            "dns query failed{gap}servfail",
            "dns query failed{gap}serverfailure",
            "dns query failed{gap}errortimeout",
            "dns query failed{gap}inforetry",
        ),
        codes="451 4.4.0",
        sample="451 4.4.0 DNS query failed. The error was: DNS query failed with error ServerFailure",
        unlike=(
            "450 4.4.312 DNS query failed [Message=InfoDomainNonexistent]",
            "DNS query",
        ),
        source="https://kx.cloudingenium.com/exchange-edge-2010-451-4-4-0-dns-query-failed",
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dns_failure",
        texts=("4.4.0 dns query failed",),
        codes="451 4.4.0",
        sample="451 4.4.0 DNS query failed",
        unlike=(
            "450 4.4.312 DNS query failed [Message=InfoDomainNonexistent]",
            "the DNS query of 4.4.0 succeeded",
        ),
        source="https://docs.microsoft.com/en-US/exchange/troubleshoot/mailflow/dns-query-failed",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "421 4.4.1 connection timed out",
            "4.4.1 connection timed out",
        ),
        codes="421 4.4.1",
        sample='451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out." Attempted failover to alternate host, but that did not succeed.',
        unlike=(
            '451 4.4.0 Primary target IP address responded with: "421 4.2.1 Unable to connect."',
            "421 4.4.2 Connection dropped",
        ),
        source=f"{_ONPREM} ; {_QUESTIONS}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "421 4.2.1 unable to connect.",
            "4.2.1 unable to connect.",
        ),
        codes="421 4.2.1",
        sample='451 4.4.0 Primary target IP address responded with: "421 4.2.1 Unable to connect." Attempted failover to alternate host, but that did not succeed.',
        unlike=(
            "421 4.4.1 Connection timed out",
            "421 4.2.1 Service not available",
        ),
        source=f"{_ONPREM} ; {_QUESTIONS}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "tls negotiation failed with error",
            "451 5.7.3 cannot achieve exchange server authentication",
        ),
        sample="TLS negotiation failed with error NoCredentials",
        unlike=(
            "TLS Negotiation failed, the certificate",
            "454 4.7.5 Certificate validation failure",
        ),
        source=f"{_QUESTIONS} ; {_ONPREM}",
        confidence=Confidence.OBSERVED,
        suspects=(
            suspects.CLIENT_TLS,
            suspects.SERVER_TLS,
        ),
    ),
    Rule(
        cause="cert_not_verified",
        texts=("certificate validation failure, reason",),
        codes="454 4.7.5",
        sample="454 4.7.5 Certificate validation failure, Reason:UntrustedRoot",
        unlike=(
            "450 4.7.320 Certificate validation failed",
            "Certificate validation succeeded",
        ),
        source=f"{_ONPREM} ; https://learn.microsoft.com/en-us/answers/questions (454 4.7.5)",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connection_dropped",
        texts=("421 4.4.2 connection dropped",),
        codes="421 4.4.2",
        sample='451 4.4.0 Primary target IP address responded with: "421 4.4.2 Connection dropped."',
        unlike=(
            "421 4.4.1 Connection timed out",
            "connection dropped from the queue",
        ),
        source=f"{_ONPREM} ; sisimai/p5-sisimai lib/Sisimai/Rhost/Microsoft.pm",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (
    Chapter("microsoft", Side.RECEIVER, _BULK),
    Chapter("exchange", Side.SENDER, _SENDER),
)
