"""How fetching a policy ended (RFC 8461 section 3.3)."""

from enum import StrEnum


class FetchState(StrEnum):
    """How fetching the policy from one address ended; all but FETCHED and UNKNOWN are definite failures."""

    FETCHED = "fetched"
    """Status 200, whole, over a session that the sender may trust; the text is in `examination`."""
    WITHHELD = "withheld"
    """Not asked, because the address is not public: senders elsewhere get no policy there; see `not_public`."""
    UNCONNECTED = "unconnected"
    """Connection refused, closed or reset before a response."""
    TLS_FAILED = "tls-failed"
    TLS_OUTDATED = "tls-outdated"
    """The session is one of a TLS before 1.2 (RFC 8461 section 7.2, RFC 8996)."""
    CERTIFICATE = "certificate"
    """The certificate is not valid for the policy host; see `chain`."""
    STATUS = "status"
    REDIRECT = "redirect"
    INCOMPLETE = "incomplete"
    """The body was cut short, or the response is not HTTP, or has several media types."""
    OVERSIZE = "oversize"
    ENCODED = "encoded"
    """Served with a Content-Encoding that the request did not allow."""
    UNKNOWN = "unknown"
