"""Of several causes that are stated of one delivery, the one that says most: the table of what is more specific.

A program tells of one failure more than once: the library in its own words, the layer above in fewer, the status of
the delivery in the fewest. `num=65:no matching DANE TLSA records`, `certificate verification failed` and `Server
certificate not verified` are one event, and the first of them says what it was. So causes are compared, not added
up: a row of MORE_SPECIFIC names a cause that only says where something failed, and the causes that say what failed
there. Beside one of those the general cause is not said.

| what stands together | what is said |
|---|---|
| a general cause and a more specific one | the specific one |
| the same cause, by the status and by a note before it | the note's words, and of those the library's |
| a status that states a cause, and notes of other causes | the status: the notes were no obstacle (IPv6 unreachable beside the IPv4 address that was tried last) |
| a status that states another kind (`user unknown`) | the kind: what was noted before did not stop the message |
| notes alone | the most specific of them; of several failed connections, the last |
| several attempts | the last one that states anything |

A cause that stays general may still be narrowed by a line that is no failure: NARROWED has the words for it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.causes.fault import Suspect
from mxproof.explain.causes.suspects import CERTIFICATE_NAMES, POLICY_TABLE, TLSA
from mxproof.explain.match.claiming import StatedCause

_CERTIFICATE: Final = frozenset(
    {"dane_tlsa_mismatch", "dane_cert_name", "dane_cert_expired", "mtasts_cert_name", "mtasts_cert_invalid"}
)
_POLICY: Final = frozenset(
    {"mtasts_mx_mismatch", "mtasts_cert_name", "mtasts_cert_invalid", "starttls_missing"}
)
_TLSA: Final = frozenset({"dane_dns", "dnssec_bogus"})
_SESSION: Final = frozenset(
    {"tls_handshake", "tls_version", "tls_cipher", "starttls_missing", "cert_invalid"}
)
_NAMES: Final = _TLSA | {"null_mx", "dane_required_unsigned"}
_CONNECTION: Final = frozenset({"connect_timeout", "connect_refused", "ipv6_refused"})

MORE_SPECIFIC: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "cert_not_verified": _CERTIFICATE | {"cert_invalid"},
        "cert_invalid": _CERTIFICATE,
        "tls_handshake": _CERTIFICATE
        | {"cert_not_verified", "tls_version", "tls_cipher", "starttls_server_error"},
        "crypto_failure": _CERTIFICATE | {"cert_not_verified", "tls_handshake", "sender_config"} | _TLSA,
        "security_features": frozenset({"starttls_missing", "sender_config"}),
        "mtasts_validation": _POLICY,
        "mtasts_cert_or_validation": _POLICY,
        "mtasts_mx_mismatch_or_all_mx_skipped": frozenset({"mtasts_mx_mismatch"}) | _CERTIFICATE,
        "dane_generic": _CERTIFICATE | _TLSA | {"dane_starttls", "dane_required_unsigned", "dane_unusable"},
        "dane_dns": frozenset({"dnssec_bogus"}),
        "dns_temp": _NAMES,
        "dns_nxdomain": _NAMES,
        "dns_failure": _NAMES | {"dns_nxdomain", "dns_temp", "mx_no_address", "mx_invalid"},
        "route_or_dns": _NAMES
        | {"dns_nxdomain", "dns_temp", "dns_failure", "mx_no_address", "mx_invalid", "mx_loop"},
        "connect_failure": _CONNECTION
        | _CERTIFICATE
        | _SESSION
        | {"cert_not_verified", "connection_dropped"},
        "connect_or_tls": _CERTIFICATE | _SESSION | {"cert_not_verified"},
        "expired_connect_or_tls": _CERTIFICATE | _SESSION | {"cert_not_verified"},
        "spf_or_block": frozenset({"spf_fail", "spf_permerror", "spf_temperror"}),
        "auth_or_dmarc": frozenset({"dmarc_fail", "spf_fail", "dkim_none", "dkim_signature", "auth_none"}),
        "reputation_or_ptr": frozenset({"ptr_missing", "ptr_mismatch", "ptr_generic", "helo_bad"}),
        "connection_dropped": frozenset({"tls_handshake", "tls_version", "tls_cipher", "connect_timeout"}),
    }
)


class Narrowing(NamedTuple):
    """A cause, how a statement begins that rules a part of it out, the words that are left and who may be at fault then."""

    cause: str
    opening: str
    words: str
    suspects: tuple[Suspect, ...]


NARROWED: Final = (
    Narrowing(
        "cert_not_verified",
        "trusted tls connection established to",
        "The sender demands a verified certificate for this destination. Its log calls the connection trusted, so "
        "the chain is in order and in date: what did not fit is the name in the certificate or, where the domain "
        "has DANE, the TLSA record.",
        (CERTIFICATE_NAMES, TLSA, POLICY_TABLE),
    ),
)


def narrowing(cause: str, texts: Iterable[str]) -> Narrowing | None:
    """Return what one of these texts leaves of a cause, or None where none rules anything out."""
    of_cause = [one for one in NARROWED if one.cause == cause]
    lowered = [text.lower() for text in texts] if of_cause else []
    return next((one for one in of_cause if any(text.startswith(one.opening) for text in lowered)), None)


def most_specific(found: Iterable[StatedCause]) -> tuple[StatedCause, ...]:
    """Return each cause once, by its last words, without those beside which a more specific one is claimed."""
    causes = {(one.cause, one.lead): one for one in found}
    claimed = {cause for cause, lead in causes if not lead}
    return tuple(one for one in causes.values() if not MORE_SPECIFIC.get(one.cause, frozenset()) & claimed)


def refined(status: tuple[StatedCause, ...], notes: tuple[StatedCause, ...]) -> tuple[StatedCause, ...]:
    """Return what an attempt failed for, by its status (none where it states no cause) and by the notes before it."""
    if not any(not one.lead for one in status):
        return _alone(notes) or status
    said: dict[str, StatedCause] = {}
    for one in status:
        better = [] if one.lead else [note for note in notes if _says_more(note, one)]
        for kept in most_specific(better) or (one,):
            said[kept.cause] = kept
    return most_specific(said.values())


def _says_more(note: StatedCause, status: StatedCause) -> bool:
    """Tell whether a note states the cause of the status, or a more specific one."""
    return not note.lead and (
        note.cause == status.cause or note.cause in MORE_SPECIFIC.get(status.cause, frozenset())
    )


def _alone(notes: tuple[StatedCause, ...]) -> tuple[StatedCause, ...]:
    """Return what notes without a status say: of the connections that failed the last one only."""
    last = next((one for one in reversed(notes) if _is_connection(one)), None)
    return most_specific(one for one in notes if one is last or not _is_connection(one))


def _is_connection(one: StatedCause) -> bool:
    return not one.lead and CATALOGUE[one.cause].kind is CauseKind.CONNECTION
