"""Enhanced status codes that name a cause by themselves (RFC 3463, RFC 5248 registry), for texts that no rule knows.

A code is weaker than a text: programs choose it loosely, and the one who reports makes it up where the server gave
none. So a code is claimed only for a bare line, with confidence `guess`; in a report it is a lead.
"""

from collections.abc import Mapping
from types import MappingProxyType

STATUS_CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "1.10": "null_mx",  # RFC 7505 section 4.1
        "7.27": "sender_null_mx",  # RFC 7505 section 4.2
        "7.20": "dkim_none",  # RFC 7372 section 3.1
        "7.21": "dkim_unacceptable",  # RFC 7372 section 3.1
        "7.22": "dkim_not_author",  # RFC 7372 section 3.1
        "7.23": "spf_fail",  # RFC 7372 section 3.2
        "7.24": "spf_temperror",  # RFC 7372 section 3.2
        "7.25": "ptr_missing",  # RFC 7372 section 3.3
        "7.26": "auth_multiple",  # RFC 7372 section 3.3
        "7.10": "tls_required",  # RFC 5248 registry: encryption needed
        "7.30": "requiretls",  # RFC 8689 section 7
        "4.3": "dns_failure",  # RFC 3463 section 3.5: directory server failure
        "4.4": "route_or_dns",  # RFC 3463 section 3.5: unable to route
        "4.7": "queue_expired",  # RFC 3463 section 3.5: delivery time expired
        "7.5": "crypto_failure",  # RFC 3463 section 3.8
        "7.4": "security_features",  # RFC 3463 section 3.8
        # Microsoft's own, from the page of its non-delivery reports: the codes tell the cause without the text.
        "4.8": "mtasts_mx_mismatch",
        "4.310": "dns_nxdomain",
        "4.314": "connect_timeout",
        "4.315": "connect_timeout",
        "4.318": "connection_dropped",
        "7.320": "cert_invalid",
        "7.321": "dane_starttls",
        "7.322": "dane_cert_expired",
        "7.323": "dane_tlsa_mismatch",
        "7.324": "dnssec_bogus",
        "7.325": "dane_cert_name",
    }
)

_CAUSES_OF_CODES: Mapping[str, str] = MappingProxyType(
    {
        "4.4.312": "dns_failure",
        "5.4.312": "dns_failure_expired",
        "4.4.316": "connect_refused",
        "5.4.316": "connect_refused_expired",
        "4.4.317": "connect_or_tls",
        "5.4.317": "expired_connect_or_tls",
    }
)
"""Codes of Microsoft that mean one thing while it tries and another when it has given up."""

_DIGITS_OF_MICROSOFT = 3


def status_cause(enhanced: str) -> str | None:
    """Return the cause id for an enhanced code of class 4 or 5, or None."""
    klass, _, rest = enhanced.partition(".")
    if klass not in ("4", "5"):
        return None
    return _CAUSES_OF_CODES.get(enhanced) or STATUS_CAUSES.get(rest)


def author_of(enhanced: str) -> str:
    """Return the system that alone writes such a code: Microsoft, where the detail has three digits; else nothing."""
    return "microsoft" if len(enhanced.rpartition(".")[2]) == _DIGITS_OF_MICROSOFT else ""
