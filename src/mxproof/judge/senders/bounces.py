"""The words that senders refuse with, by result type: one table for the models and for whoever reads a bounce."""

from typing import Final

from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders.traits import BounceText
from mxproof.judge.vocabulary import Security

_ANY_CERTIFICATE_FAULT: Final = (
    ResultType.CERTIFICATE_EXPIRED,
    ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.VALIDATION_FAILURE,
)

MICROSOFT: Final = (
    BounceText(
        ResultType.MX_MISMATCH,
        "451 4.4.8 MX hosts of '{domain}' failed MTA-STS validation",
        "550 5.4.8 MX hosts of '{domain}' failed MTA-STS validation",
    ),
    BounceText(
        ResultType.CERTIFICATE_HOST_MISMATCH,
        "450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative "
        "name matching the hostname (DANE)",
        "550 5.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative "
        "name matching the hostname (DANE)",
        insists=Security.DANE,
    ),
    BounceText(
        ResultType.CERTIFICATE_EXPIRED,
        "450 4.7.322 certificate-expired: Destination mail server's certificate is expired.",
        "550 5.7.322 certificate-expired: Destination mail server's certificate is expired.",
        insists=Security.DANE,
    ),
    BounceText(
        ResultType.STARTTLS_NOT_SUPPORTED,
        "450 4.7.321 starttls-not-supported: Destination mail server must support TLS",
        "550 5.7.321 starttls-not-supported: Destination mail server must support TLS",
        insists=Security.DANE,
    ),
    BounceText(
        ResultType.CERTIFICATE_HOST_MISMATCH,
        "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
        "550 5.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)",
    ),
    *(
        BounceText(
            fault,
            "451 4.7.5 Remote certificate failed MTA-STS validation",
            "550 5.7.5 Remote certificate failed MTA-STS validation",
        )
        for fault in _ANY_CERTIFICATE_FAULT
    ),
    BounceText(
        ResultType.TLSA_INVALID,
        "450 4.7.323 tlsa-invalid: The domain failed DANE validation",
        "550 5.7.323 tlsa-invalid: The domain failed DANE validation",
    ),
    BounceText(
        ResultType.DNSSEC_INVALID,
        "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
        "550 5.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
    ),
    BounceText(
        ResultType.STARTTLS_NOT_SUPPORTED,
        "450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]",
        "550 5.4.317 Message expired, cannot connect to remote server",
    ),
)

# Each with the status code that stands before it in the log. Postfix gives up with the words, and the code, of the last
# attempt: a notice of failure that says 4.7.5.
_NOT_VERIFIED: Final = "4.7.5 Server certificate not verified"
_NO_HANDSHAKE: Final = "4.7.5 Cannot start TLS: handshake failure"
_NOT_OFFERED: Final = "4.7.4 TLS is required, but was not offered by host {mx}[{address}]"
_NOT_STARTED: Final = "{status} TLS is required, but host {mx}[{address}] refused to start TLS: {reply}"
_NO_TLSA: Final = "4.7.5 TLSA lookup error for {mx}:25"
_NO_HOST_LEFT: Final = "4.3.0 server unavailable or unable to receive mail"
_UNDECIDED: Final = "4.7.5 client TLS configuration problem"

POSTFIX: Final = tuple(
    BounceText(result_type, words, words, code=code)
    for result_type, code, words in (
        (ResultType.VALIDATION_FAILURE, Code.STS_POLICY_AMBIGUOUS, _UNDECIDED),
        (ResultType.VALIDATION_FAILURE, Code.STS_POLICY_INVALID, _UNDECIDED),
        (ResultType.CERTIFICATE_HOST_MISMATCH, None, _NOT_VERIFIED),
        (ResultType.CERTIFICATE_EXPIRED, None, _NOT_VERIFIED),
        (ResultType.CERTIFICATE_NOT_TRUSTED, None, _NOT_VERIFIED),
        (ResultType.TLSA_INVALID, None, _NOT_VERIFIED),
        (ResultType.VALIDATION_FAILURE, Code.TLS_HANDSHAKE_FAILED, _NO_HANDSHAKE),
        (ResultType.VALIDATION_FAILURE, Code.TLS_VERSION_OLD, _NO_HANDSHAKE),
        (ResultType.VALIDATION_FAILURE, None, _NOT_VERIFIED),
        (ResultType.STARTTLS_NOT_SUPPORTED, Code.STARTTLS_REJECTED, _NOT_STARTED),
        (ResultType.STARTTLS_NOT_SUPPORTED, None, _NOT_OFFERED),
        (ResultType.DNSSEC_INVALID, Code.DANE_LOOKUP_FAILED, _NO_TLSA),
    )
)

# observed: Postfix 3.10.13. It passes over an MX host that no pattern covers without a session and says why in its log
# only; where the daemon cannot decide, its reason stays in the log as well.
POSTFIX_MXPROOF: Final = (
    BounceText(ResultType.MX_MISMATCH, _NO_HOST_LEFT, _NO_HOST_LEFT),
    BounceText(ResultType.DNSSEC_INVALID, _UNDECIDED, _UNDECIDED, code=Code.DANE_LOOKUP_FAILED),
    *POSTFIX,
)

CHASQUID: Final = (
    BounceText(
        ResultType.STARTTLS_NOT_SUPPORTED,
        "Security level check failed (level:PLAIN)",
        code=Code.TLS_LEVEL_FELL,
    ),
    BounceText(
        ResultType.VALIDATION_FAILURE,
        "Security level check failed (level:TLS_INSECURE)",
        code=Code.TLS_LEVEL_FELL,
    ),
    *(
        BounceText(ResultType.VALIDATION_FAILURE, "invalid security level (PLAIN) for STS policy", code=code)
        for code in (Code.SMTP_EHLO_REJECTED, Code.TLS_HANDSHAKE_FAILED, Code.TLS_VERSION_OLD)
    ),
    *(
        BounceText(fault, "invalid security level (TLS_INSECURE) for STS policy")
        for fault in (ResultType.CERTIFICATE_HOST_MISMATCH, *_ANY_CERTIFICATE_FAULT)
    ),
    BounceText(ResultType.STARTTLS_NOT_SUPPORTED, "invalid security level (PLAIN) for STS policy"),
)
