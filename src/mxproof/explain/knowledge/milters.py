"""Texts of free programs that check the sender for many receivers: policyd-spf and OpenDMARC."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_PYSPF: Final = "sdgathman/pyspf spf.py, EXPLANATIONS ; policyd-spf of spf-engine, which hands them on"
_OPENDMARC: Final = "trusteddomainproject/OpenDMARC opendmarc/opendmarc.c, mlfi_eom()"

_RECEIVER: Final = (
    Rule(
        cause="spf_fail",
        texts=("spf fail - not authorized",),
        codes="550 5.7.1, 550 5.7.23",
        sample="550 5.7.23 <a@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized.",
        unlike=(
            "550 5.7.1 <a@example.com>: Sender address rejected: not authorized",
            "550 5.7.24 Message rejected due to: SPF Permanent Error: Too many DNS lookups",
        ),
        source=_PYSPF,
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="spf_permerror",
        texts=(
            "message rejected due to: spf permanent error",
            "message rejected due to: permanent error in processing",
            "spf permanent error",
            "spf permerror",
        ),
        codes="550 5.7.24",
        sample="550 5.7.24 Message rejected due to: SPF Permanent Error: Too many DNS lookups",
        unlike=(
            "550 5.7.23 Message rejected due to: SPF fail - not authorized.",
            "550 5.7.23 <a@example.com>: Recipient address rejected: Message rejected due to: SPF fail - not authorized.",
        ),
        source=f"{_PYSPF} ; RFC 7372 section 3.2",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dmarc_fail",
        texts=("rejected by dmarc policy",),
        codes="550 5.7.1",
        sample="550 5.7.1 rejected by DMARC policy for example.com",
        unlike=(
            "550 5.7.1 rejected by local policy for example.com",
            "550 5.7.1 Email rejected per SPF policy",
        ),
        source=_OPENDMARC,
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (Chapter("milter", Side.RECEIVER, _RECEIVER),)
