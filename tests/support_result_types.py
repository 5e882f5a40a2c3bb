"""One table over all result types: what the knowledge has of a modelled sender, and what its models do in the lab.

`MODELS` names the models of each system whose texts are known. What stands in the knowledge of a system and in none of
its models is in `NOT_MODELLED`, with the reason; what a model refuses for and no text of the system says is told in the
words of its TLS library (`LIBRARIES`), or is in `NO_SOURCE`.
"""

from collections.abc import Mapping

from mxproof.formats.result_type import ResultType

MODELS: Mapping[str, tuple[str, ...]] = {
    "google": ("google",),
    "microsoft": ("microsoft", "microsoft-ptr"),
    "postfix": ("postfix-sts", "postfix-mxproof", "postfix-dane"),
    "exim": ("exim-dane",),
    "sendmail": ("sendmail-dane",),
    "mox": ("mox",),
    "stalwart": ("stalwart",),
    "kumomta": ("kumomta",),
    "chasquid": ("chasquid",),
    "courier": ("courier",),
}
NOT_MODELLED: Mapping[tuple[str, ResultType], str] = {
    (
        "postfix",
        ResultType.DANE_REQUIRED,
    ): "dane-only, which the operator sets for one domain; no model does",
    ("exim", ResultType.DANE_REQUIRED): "hosts_require_dane, likewise",
    ("exim", ResultType.STARTTLS_NOT_SUPPORTED): "hosts_require_tls, likewise",
    ("exim", ResultType.CERTIFICATE_NOT_TRUSTED): "tls_verify_hosts, likewise",
    (
        "exim",
        ResultType.VALIDATION_FAILURE,
    ): "a handshake that fails stops it where hosts_require_tls is set",
    ("sendmail", ResultType.CERTIFICATE_NOT_TRUSTED): "VERIFY in its access map, which the operator sets",
    ("sendmail", ResultType.STS_POLICY_FETCH_ERROR): "MTA-STS by a map of its own; the model has DANE alone",
    ("sendmail", ResultType.MX_MISMATCH): "as above",
    (
        "mox",
        ResultType.STS_POLICY_FETCH_ERROR,
    ): "it says that it got no policy and delivers without (RFC 8461 section 5)",
    ("stalwart", ResultType.STS_POLICY_FETCH_ERROR): "as above",
    (
        "stalwart",
        ResultType.DANE_REQUIRED,
    ): "`dane = require`, which the operator sets; the model has it optional",
}
NO_SOURCE: Mapping[tuple[str, ResultType], str] = {
    **{
        (
            "google",
            one,
        ): "no source has been found for what Google says as a sender when MTA-STS is not satisfied"
        for one in (
            ResultType.CERTIFICATE_EXPIRED,
            ResultType.CERTIFICATE_HOST_MISMATCH,
            ResultType.CERTIFICATE_NOT_TRUSTED,
            ResultType.MX_MISMATCH,
            ResultType.STARTTLS_NOT_SUPPORTED,
        )
    },
    (
        "sendmail",
        ResultType.DNSSEC_INVALID,
    ): "it defers with the words of a look-up that failed for the moment",
}
_GO = {
    ResultType.CERTIFICATE_EXPIRED: "x509: certificate has expired or is not yet valid",
    ResultType.CERTIFICATE_HOST_MISMATCH: "x509: certificate is valid for web.example.net, not mx1.example.com",
    ResultType.CERTIFICATE_NOT_TRUSTED: "x509: certificate signed by unknown authority",
    ResultType.VALIDATION_FAILURE: "remote error: tls: handshake failure",
    ResultType.TLSA_INVALID: "dane: no match between certificate and tlsa records",
}
_RUSTLS = {
    ResultType.CERTIFICATE_EXPIRED: "invalid peer certificate: Expired",
    ResultType.CERTIFICATE_HOST_MISMATCH: "invalid peer certificate: NotValidForName",
    ResultType.CERTIFICATE_NOT_TRUSTED: "invalid peer certificate: UnknownIssuer",
}
_OPENSSL = {
    ResultType.CERTIFICATE_EXPIRED: "certificate verification failed for mx1.example.com[192.0.2.1]:25: num=10:certificate has expired",
    ResultType.CERTIFICATE_HOST_MISMATCH: "certificate verification failed for mx1.example.com[192.0.2.1]:25: num=62:hostname mismatch",
    ResultType.CERTIFICATE_NOT_TRUSTED: "error:0A000086:SSL routines::certificate verify failed",
    ResultType.VALIDATION_FAILURE: "error:0A000410:SSL routines::sslv3 alert handshake failure",
    ResultType.TLSA_INVALID: "num=65:no matching DANE TLSA records",
}
LIBRARIES: Mapping[str, Mapping[ResultType, str]] = {
    "mox": _GO,
    "chasquid": _GO,
    "stalwart": _RUSTLS,
    "kumomta": _OPENSSL,
    "courier": _OPENSSL,
    "postfix": _OPENSSL,
    "sendmail": _OPENSSL,
    "microsoft": {ResultType.VALIDATION_FAILURE: "450 4.4.317 Cannot establish session with remote server"},
}
"""By system, the words of the library that it speaks TLS with; Microsoft has one sentence for whatever kept it from a session."""
TOLD_BY_ANOTHER: Mapping[ResultType, ResultType] = {
    ResultType.STS_POLICY_INVALID: ResultType.STS_POLICY_FETCH_ERROR,
    ResultType.STS_WEBPKI_INVALID: ResultType.STS_POLICY_FETCH_ERROR,
}
"""Result types for which no cause of its own is known: what senders say is that they got no policy."""
