"""What Postfix is told: a decision in the words of a dialect, whole and valid, the same for the same policy.

| protection | map `postfix` (3.4 and later) | map `postfix-tlsrpt` (3.10 and later) |
|---|---|---|
| dane-only | `dane-only` | `dane-only` |
| dane | `dane` | `dane` |
| sts | `secure match=... servername=hostname` | the same, and the policy for MX names and reports |
| report | nothing found | `may`, and the policy for reports |
| default | nothing found | nothing found |
| undecided | TEMP and the reason | TEMP and the reason |

Patterns stand in the order of the policy. deviates: `match=.example.com` covers names at any depth, where the policy's
`*.example.com` covers one label (RFC 8461 section 4.1); Postfix before 3.10.5 knows no narrower word. A pattern that
Postfix would take for one of its own words, such as `hostname`, is left out of `match=`: it stands for a host of one
label, which no MX host is. SNI holds the name of the MX host (RFC 8461 section 7.1).

What does not fit into a reply (SOCKETMAP_REPLY_BYTES_MAX) with all that the newer map says of the policy is said as the
older map says it: protection comes before reports. `policy_ttl` is not sent; postconf(5) calls it deprecated.

deviates: Postfix is not told of a fetch that failed, so that its reports do not have it (RFC 8461 section 6). observed:
the attribute for it can end the SMTP client of Postfix 3.10.13 (`formats.postfix_policy`), and mail comes first. The collector of
TLS reports is told by this daemon itself (`telling`).
"""

from enum import StrEnum
from functools import lru_cache

import msgspec

from mxproof.formats import FormatError
from mxproof.formats.mtasts import STRICT, Policy, read_policy
from mxproof.formats.postfix.policy import (
    MATCH_NAMES,
    SERVERNAME_HOSTNAME,
    Level,
    StsAttributes,
    TlsPolicy,
    print_tls_policy,
)
from mxproof.formats.postfix.socketmap import SocketmapReply, Status, failed
from mxproof.judge.decision import Held
from mxproof.judge.senders.protection import Protection
from mxproof.serve.policyd.telling import policy_strings

NOT_FOUND = SocketmapReply(Status.NOTFOUND)
REPLIES_CACHED_MAX = 4096
"""Replies made last: the same destination is asked for again and again, and seldom is its policy another one."""


class Dialect(StrEnum):
    """Which attributes Postfix understands; the name is that of the map."""

    CLASSIC = "postfix"
    TLSRPT = "postfix-tlsrpt"


def reply(domain: str, held: Held, dialect: Dialect) -> SocketmapReply:
    """Return the reply for the policy domain `domain`; what cannot be said rightly is TEMP, never something weaker."""
    decision = held.decision
    if decision is None:
        return failed(Status.TEMP, f"{domain}: nothing is decided yet")
    match decision.protection:
        case Protection.DANE_ONLY:
            return SocketmapReply(Status.OK, Level.DANE_ONLY)
        case Protection.DANE:
            return SocketmapReply(Status.OK, Level.DANE)
        case Protection.STS | Protection.REPORT:
            if held.policy is None:
                return failed(Status.TEMP, f"{domain}: the policy that is held cannot be read")
            return _by_policy(domain, held.policy.body, dialect, decision.protection)
        case Protection.DEFAULT:
            return NOT_FOUND
        case _:
            return failed(Status.TEMP, decision.detail or decision.reason)


@lru_cache(maxsize=REPLIES_CACHED_MAX)
def _by_policy(domain: str, body: bytes, dialect: Dialect, protection: Protection) -> SocketmapReply:
    """Return what a policy asks for; to print an entry and read it back costs more than to look again in memory."""
    policy = read_policy(body, STRICT)
    if policy is None:
        return failed(Status.TEMP, f"{domain}: the policy that is held cannot be read")
    enforced = protection is Protection.STS
    if not enforced and dialect is Dialect.CLASSIC:
        return NOT_FOUND
    about = _attributes(domain, policy) if dialect is Dialect.TLSRPT else None
    entry = TlsPolicy(Level.MAY, sts=about)
    if enforced:
        match = tuple(pattern.removeprefix("*") for pattern in policy.mx if pattern not in MATCH_NAMES)
        if not match:
            return failed(Status.TEMP, f"{domain}: its policy lists nothing that Postfix knows as a host")
        entry = TlsPolicy(Level.SECURE, match=match, servername=SERVERNAME_HOSTNAME, sts=about)
    return (
        _printed(entry)
        or (_printed(msgspec.structs.replace(entry, sts=None)) if enforced else NOT_FOUND)
        or failed(Status.TEMP, f"{domain}: Postfix cannot be told its policy")
    )


@lru_cache(maxsize=REPLIES_CACHED_MAX)
def _printed(entry: TlsPolicy) -> SocketmapReply | None:
    """Return the reply, None where Postfix would not take it: with all about the policy it may be too long.

    All customers of one provider have the same policy, and in the older dialect the same entry.
    """
    try:
        return SocketmapReply(Status.OK, print_tls_policy(entry))
    except FormatError:
        return None


def _attributes(domain: str, policy: Policy) -> StsAttributes:
    """Return the policy for Postfix's own checks and for its reports (RFC 8460 section 4.4, policy-string)."""
    return StsAttributes(domain=domain, mx=policy.mx, strings=policy_strings(policy))
