"""Texts of Microsoft as receiver: why Exchange Online, Outlook.com and Hotmail did not take a message."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_NDR: Final = "https://learn.microsoft.com/en-us/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online"
_RHOST: Final = "sisimai/p5-sisimai lib/Sisimai/Rhost/Microsoft.pm"
_SAMPLES: Final = "sisimai/set-of-emails"

_RECEIVER: Final = (
    Rule(
        cause="auth_ipv6",
        texts=("message sent over ipv6 {address} must pass either spf or dkim validation",),
        codes="450 4.7.26",
        sample="450 4.7.26 Access denied, a message sent over IPv6 [2001:db8::1] must pass either SPF or DKIM validation, "
        "this message is not signed",
        unlike=(
            "message sent over IPv4 [192.0.2.1] must pass either SPF or DKIM validation",
            "550 5.7.510 Access denied, [contoso.example] does not accept email over IPv6.",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="ptr_missing_ipv6",
        texts=("sending ipv6 address {address} must have a reverse dns record",),
        codes="550 5.7.25",
        sample="550 5.7.25 Service unavailable, sending IPv6 address [2001:db8::1] must have a reverse DNS record.",
        unlike=(
            "the sending address must have a record",
            "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="spf_fail",
        texts=("rejected because of sender policy framework violation",),
        codes="550 5.7.23",
        sample="550 5.7.23 The message was rejected because of Sender Policy Framework violation",
        unlike=(
            "550 5.7.1 The message was rejected because of content",
            "550 Message rejected due to senders DMARC policy",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="helo_bad",
        texts=("access denied, bad helo",),
        codes="550 5.7.506",
        sample="550 5.7.506 Access Denied, Bad HELO",
        unlike=(
            "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
            "550 5.7.64 TenantAttribution; Relay Access Denied [ValidationStatus of 'mail.example.com' is Expired]",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="dmarc_fail",
        texts=("sending domain {domain} does not pass dmarc verification and has a dmarc policy of reject",),
        codes="550 5.7.509",
        sample="550 5.7.509 Access denied, sending domain [EXAMPLE.COM] does not pass DMARC verification and has a DMARC "
        "policy of reject.",
        unlike=(
            "sending domain example.com passes DMARC verification",
            "550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
        ),
        source=f"{_SAMPLES} rhost-microsoft-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="ipv6_refused",
        texts=("does not accept email over ipv6",),
        codes="550 5.7.510",
        sample="550 5.7.510 Access denied, [contoso.example] does not accept email over IPv6.",
        unlike=(
            "contoso.example does not accept email over IPv4",
            "550 5.7.506 Access Denied, Bad HELO",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="auth_required_bulk",
        texts=("sending domain {domain} doesn't meet the required authentication level",),
        codes="550 5.7.515",
        sample="550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
        unlike=(
            "sending domain EXAMPLE.COM meets the required authentication level",
            "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
        ),
        source=f"{_SAMPLES} rhost-microsoft-06.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="reputation",
        texts=(
            "has been temporarily rate limited due to ip reputation",
            "access denied, please try again later",
        ),
        codes="451 4.7.650, 451 4.7.500",
        sample="451 4.7.650 The mail server [192.0.2.25] has been temporarily rate limited due to IP reputation.",
        unlike=(
            "451 4.7.500 Server busy. Please try again later",
            "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)",
        ),
        source=f"{_RHOST} ; {_NDR}",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="throttle",
        texts=("4.7.500 server busy. please try again later",),
        codes="451 4.7.500",
        sample="451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)",
        unlike=(
            "451 4.7.500 Access denied, please try again later",
            "451 4.7.650 The mail server [192.0.2.25] has been temporarily rate limited due to IP reputation.",
        ),
        source="https://wordtothewise.com/2023/10/deferrals-at-microsoft",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="blocklist",
        texts=("part of their network is on our block list", "access denied, banned sending ip"),
        codes="550 5.7.1, 550 5.7.606",
        sample="550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
        unlike=(
            "550 5.7.506 Access Denied, Bad HELO",
            "550 5.7.515 Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.",
        ),
        source=f"{_RHOST} ; {_NDR}",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="submission_auth",
        texts=(
            "client was not authenticated to send anonymous mail",
            "5.7.57 client not authenticated to send mail",
        ),
        codes="530 5.7.57",
        sample="530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
        unlike=(
            "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required",
            "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="connector_cert",
        texts=(
            "restrictdomainstoipaddresses or restrictdomainstocertificate",
            "tenantattribution; relay access denied",
        ),
        codes="550 5.7.51, 550 5.7.64",
        sample="550 5.7.64 TenantAttribution; Relay Access Denied [ValidationStatus of 'mail.example.com' is Expired]",
        unlike=(
            "554 5.7.1 <a@example.com>: Relay access denied",
            "550 5.7.506 Access Denied, Bad HELO",
        ),
        source=f"{_RHOST} ; {_NDR}",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="from_header",
        texts=("must be rfc 5322 section 3.6.2 compliant",),
        codes="550 5.7.512",
        sample="550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant",
        unlike=(
            "550 5.6.9 improper use of 8-bit data in message header",
            "550 5.7.506 Access Denied, Bad HELO",
        ),
        source=_NDR,
        confidence=Confidence.DOCUMENTED,
    ),
)

CHAPTERS: Final = (Chapter("microsoft", Side.RECEIVER, _RECEIVER),)
