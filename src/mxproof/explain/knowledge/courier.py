"""Texts of Courier as a sender."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SAMPLES: Final = "sisimai/set-of-emails"
_COURIER: Final = "svarshavchik/courier courier/module.esmtp/libesmtp.C"

_TEXTS: Final = (
    Rule(
        cause="mtasts_mx_mismatch_or_all_mx_skipped",
        texts=("did not find a suitable mx for a connection",),
        sample="Did not find a suitable MX for a connection",
        unlike=(
            "Found a suitable MX for a connection",
            "550 Did not find the mailbox",
        ),
        source="svarshavchik/courier courier/module.esmtp/libesmtp.C",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=("no such domain.",),
        sample="<<< No such domain.",
        unlike=(
            "no such user in this domain.",
            "No Such Domain: example.com",
        ),
        source=f"{_SAMPLES} lhost-courier-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_temp",
        texts=("dns lookup failed.",),
        sample="<<< DNS lookup failed.",
        unlike=(
            "DNS lookup succeeded",
            "the DNS lookup",
        ),
        source=f"{_COURIER}:1525",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="starttls_missing",
        texts=(
            "security=required set, but tls is not available",
            "security set, but tls is not available",
        ),
        sample="/SECURITY=REQUIRED set, but TLS is not available",
        unlike=(
            "SECURITY=STARTTLS REQUESTED FOR THIS MESSAGE",
            "TLS is available",
        ),
        source=f"{_COURIER}:1671,1681",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connection_dropped",
        texts=("disconnected after receiving the starttls command",),
        sample="Remote mail server disconnected after receiving the STARTTLS command",
        unlike=(
            "disconnected after QUIT",
            "Remote mail server accepted the STARTTLS command",
        ),
        source=f"{_COURIER}:945",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="sender_config",
        texts=("unable to set minimum security level",),
        sample="500 Unable to set minimum security level.",
        unlike=(
            "minimum security level is set",
            "500 5.5.1 unknown command",
        ),
        source=f"{_COURIER}:868,1006",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CLIENT_TLS,),
    ),
)

CHAPTERS: Final = (Chapter("courier", Side.SENDER, _TEXTS),)
