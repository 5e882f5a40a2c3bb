"""Texts of other systems as senders: why they could not or would not hand a message over."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SAMPLES: Final = "sisimai/set-of-emails"

_HMAILSERVER: Final = (
    Rule(
        cause="mx_no_address",
        texts=("no mail servers appear to exists for the recipient",),
        sample="Error Description: No mail servers appear to exists for the recipient's address.",
        unlike=(
            "The mail server of the recipient's address",
            'Unable to establish a connection with any of the Mail Exchange (MX) servers listed for "example.com"',
        ),
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
        unlike=(
            "The server is not responding",
            "connect to mx.example.com[192.0.2.1]:25: Host is down",
        ),
        source="HCL Notes and Domino, error 7267 (NETWORK: the remote server is not a known TCP/IP host)",
        confidence=Confidence.DOCUMENTED,
    ),
)

_MAILENABLE: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("reason: remote domain does not exist",),
        sample="Recipient: [SMTP:a@example.com] Reason: Remote domain does not exist.",
        unlike=("Reason: Remote mailbox does not exist.", "a@example.com: Domain does not exist"),
        source="non-delivery notices of MailEnable in public questions",
        confidence=Confidence.CLAIMED,
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
        unlike=(
            "non DNSSEC destination",
            "4.7.5 non DNSSEC destination",
        ),
        source="Trend Micro Deep Discovery Email Inspector 5.1 help, DANE",
        confidence=Confidence.DOCUMENTED,
    ),
)

_DRAGONFLY: Final = (
    Rule(
        cause="dns_nxdomain",
        texts=("dns lookup failure: host {host} not found",),
        sample="DNS lookup failure: host example.com not found",
        unlike=(
            "DNS lookup of host example.com",
            "a@example.com: Temporary failure in MX lookup",
        ),
        source=f"{_SAMPLES} lhost-dragonfly-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="queue_expired",
        texts=("could not deliver for the last {number} seconds. giving up",),
        sample="Could not deliver for the last 432000 seconds. Giving up.",
        unlike=(
            "Could not deliver for the last 432000 seconds.",
            "DNS lookup failure: host example.com not found",
        ),
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
        unlike=(
            "host accepts mail",
            "550 Host does not accept mail",
        ),
        source=f"{_SAMPLES} lhost-messagingserver-10.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=("illegal host/domain name found",),
        codes="5.4.4",
        sample="5.4.4 (Illegal host/domain name found)",
        unlike=(
            "5.4.4 (Invalid domain)",
            "5.1.10 host/domain does not accept mail",
        ),
        source=f"{_SAMPLES} lhost-messagingserver-05.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_timeout",
        texts=("failed connect() to tcp port 25 of {address} error: connection timed out",),
        sample="TCP active open: Failed connect() to TCP port 25 of 192.0.2.240    Error: Connection timed out",
        unlike=(
            "TCP active open: connected to TCP port 25 of 192.0.2.240",
            "Ongoing connection failed to 192.0.2.1:25 : Error: connect ECONNREFUSED 192.0.2.1:25",
        ),
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
        unlike=(
            "Host reachable",
            "Host or domain name not found. Name service error for name=example.com type=AAAA: Host not found",
        ),
        source=f"{_SAMPLES} lhost-zoho-04.eml",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (
    Chapter("hmailserver", Side.SENDER, _HMAILSERVER),
    Chapter("domino", Side.SENDER, _DOMINO),
    Chapter("mailenable", Side.SENDER, _MAILENABLE),
    Chapter("trendmicro", Side.SENDER, _TRENDMICRO),
    Chapter("dragonfly", Side.SENDER, _DRAGONFLY),
    Chapter("messagingserver", Side.SENDER, _MESSAGING_SERVER),
    Chapter("zoho", Side.SENDER, _ZOHO),
)
