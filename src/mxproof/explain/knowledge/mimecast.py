"""Texts of Mimecast, as receiver and as sender."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_MIMECAST_SOURCE: Final = "sisimai/p5-sisimai lib/Sisimai/Rhost/Mimecast.pm (Mimecast SMTP error codes page)"

_MIMECAST: Final = (
    Rule(
        cause="tls_required",
        texts=("this route requires encryption (tls)",),
        codes="553",
        sample="553 This route requires encryption (TLS)",
        unlike=(
            "553 This route requires TLS version 1.2 or greater",
            "553 This route requires high-strength ciphers",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="tls_version",
        texts=("this route requires tls version 1.2 or greater",),
        codes="553",
        sample="553 This route requires TLS version 1.2 or greater",
        unlike=(
            "553 This route requires encryption (TLS)",
            "553 This route requires high-strength ciphers",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="tls_cipher",
        texts=("this route requires high-strength ciphers",),
        codes="553",
        sample="553 This route requires high-strength ciphers",
        unlike=(
            "553 This route requires encryption (TLS)",
            "553 This route requires TLS version 1.2 or greater",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="connector_cert",
        texts=("configuration is invalid for this certificate",),
        codes="554",
        sample="554 Configuration is invalid for this certificate",
        unlike=(
            "554 Configuration is valid for this certificate",
            "invalid peer certificate: UnknownIssuer",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="spf_fail",
        texts=("spf sender invalid - envelope rejected",),
        codes="550",
        sample="550 SPF Sender Invalid - envelope rejected",
        unlike=(
            "550 DKIM Sender Invalid - envelope rejected",
            "550 DMARC Sender Invalid - envelope rejected",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dkim_fail",
        texts=("dkim sender invalid - envelope rejected",),
        codes="550",
        sample="550 DKIM Sender Invalid - envelope rejected",
        unlike=(
            "550 SPF Sender Invalid - envelope rejected",
            "550 DMARC Sender Invalid - envelope rejected",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="dmarc_fail",
        texts=("dmarc sender invalid - envelope rejected",),
        codes="550",
        sample="550 DMARC Sender Invalid - envelope rejected",
        unlike=(
            "550 SPF Sender Invalid - envelope rejected",
            "550 DKIM Sender Invalid - envelope rejected",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="mx_wrong",
        texts=("incorrect hostname used for inbounds",),
        codes="550",
        sample="550 the incorrect hostname used for inbounds",
        unlike=(
            "the correct hostname used for inbounds",
            "550 Local CT IP Reputation - (reject)",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="greylist",
        texts=("internal resources are temporarily unavailable",),
        codes="451",
        sample="451 Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451",
        unlike=(
            "451 4.3.0 Temporary lookup failure",
            "553 This route requires encryption (TLS)",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="reputation",
        texts=("local ct ip reputation",),
        codes="550",
        sample="550 Local CT IP Reputation - (reject)",
        unlike=(
            "550 Local delivery",
            "550 SPF Sender Invalid - envelope rejected",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
    Rule(
        cause="anti_spoofing",
        texts=(
            "rejected by header-based anti-spoofing policy",
            "rejected by header based anti-spoofing policy",
            "anti-spoofing policy - inbound not allowed",
        ),
        codes="550",
        sample="550 Rejected by header-based Anti-Spoofing policy: a@example.com",
        unlike=(
            "550 Administrative prohibition - envelope blocked",
            "550 5.7.1 rejected by DMARC policy for example.com",
        ),
        source=_MIMECAST_SOURCE,
        confidence=Confidence.CLAIMED,
    ),
)

_MIMECAST_SENDER: Final = (
    Rule(
        cause="mx_no_address",
        texts=("no mx records are being returned for the domain",),
        sample="No MX records are being returned for the domain",
        unlike=(
            "MX records are being returned",
            "451 Internal resources are temporarily unavailable",
        ),
        source="https://community.mimecast.com/docs/DOC-1349",
        confidence=Confidence.DOCUMENTED,
    ),
)

CHAPTERS: Final = (
    Chapter("mimecast", Side.RECEIVER, _MIMECAST),
    Chapter("mimecast", Side.SENDER, _MIMECAST_SENDER),
)
