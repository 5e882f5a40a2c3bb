"""How an attempt ends before anything could be secured: what it comes to, the finding that says so, and in words."""

from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.domain import HostState, SessionState

UNRESOLVED = {
    HostState.LOCALHOST: (Verdict.REFUSED, Code.MX_LOCALHOST, "every sender takes this name for itself"),
    HostState.ALIAS_LOOP: (
        Verdict.REFUSED,
        Code.MX_DANGLING,
        "the host is an alias that leads back to itself",
    ),
    HostState.NXDOMAIN: (Verdict.REFUSED, Code.MX_DANGLING, "the host does not exist"),
    HostState.NO_ADDRESS: (Verdict.REFUSED, Code.MX_DANGLING, "the host has no address"),
    HostState.UNKNOWN: (
        Verdict.UNKNOWN,
        Code.MX_HOST_UNANSWERED,
        "the host's addresses could not be found out",
    ),
}
"""By what the look-ups of the host's addresses came to."""

UNCONNECTED = frozenset({SessionState.REFUSED, SessionState.UNKNOWN})
CLOSED_DOORS = {
    SessionState.REFUSED: (Verdict.REFUSED, Code.SMTP_UNREACHABLE, "the connection is refused"),
    SessionState.BROKEN: (Verdict.REFUSED, Code.SMTP_BROKEN, "the SMTP dialogue breaks off"),
    SessionState.EHLO_REJECTED: (
        Verdict.REFUSED,
        Code.SMTP_EHLO_REJECTED,
        "inside TLS the server answers EHLO with an error",
    ),
    SessionState.TURNED_AWAY: (Verdict.UNKNOWN, Code.SMTP_TURNED_AWAY, "the server turns this client away"),
    SessionState.EARLY_DATA: (
        Verdict.UNKNOWN,
        Code.STARTTLS_EARLY_DATA,
        "the server speaks before TLS begins",
    ),
    SessionState.UNKNOWN: (Verdict.UNKNOWN, Code.SMTP_UNANSWERED, "no answer from port 25"),
}
"""By how the session at an address ended; `UNCONNECTED` are those without a connection."""
