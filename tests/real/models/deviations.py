"""Where a real sender does something else than its model foretells, and why: a world, and what came of it."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Security, Verdict
from real.models.bench import CHASQUID, COURIER, HARAKA, MODELS, SENDMAIL
from real.models.fate import Outcome
from real.models.postfix import VARIANTS, Way


class Deviation(msgspec.Struct, frozen=True):
    """What is foretold, what a sender does, and the reason with its source."""

    foretold: Verdict
    done: Outcome
    why: str


def _alike(
    senders: Sequence[str], labels: Sequence[str], foretold: Verdict, done: Outcome, why: str
) -> Iterator[tuple[tuple[str, str], Deviation]]:
    yield from (((sender, label), Deviation(foretold, done, why)) for sender in senders for label in labels)


def _ways(*ways: Way) -> tuple[str, ...]:
    return tuple(one.name for one in VARIANTS if one.way in ways)


_UNVALIDATED = (CHASQUID, COURIER, HARAKA, *_ways(Way.PLAIN, Way.CNAME))
_PLAIN = _ways(Way.PLAIN)

_UNSEEN = "where every address refuses, a check cannot tell a closed port from one that is closed to itself"
_DISOWNED = "all senders here ask a resolver that validates; of those without DANE it is not known whether theirs does"
_GO = "Go before 1.25 refuses an answer with an address in it (net.LookupMX), and Debian builds with an older one"
_HUGE = "it reads the first ten kilobytes (internal/sts/sts.go); evidence keeps nothing of what is too long"
_ONE_HOST = "it tries one host in each attempt, and delivers when it comes back to the message"
_REDIS = "it remembers that STARTTLS fails, to come in clear text later, in Redis only (outbound/tls.js)"
_WHOLE_KEY = "OpenSSL finds the key that the record holds; Sendmail calls the session no more than encrypted"
_EARLY = (
    "of senders without MTA-STS and DANE some throw away what comes in the clear behind the 220 to STARTTLS, as Postfix does, "
    "and some do not"
)
_CUT = "of senders without MTA-STS and DANE some come again in clear text, as Postfix does, and some do not"
_ITSELF = "it takes the null MX for this machine and hands the message to itself"
_HELO = "of senders without MTA-STS and DANE some say HELO where EHLO inside TLS is put off with 450, as Postfix does, and some do not"
_NULL = "the model stands for every sender without MTA-STS and DANE; to Postfix a null MX beside others counts (dns_lookup.c)"
_LITERAL = "the model stands for every sender without MTA-STS and DANE; Postfix connects to an address in an MX record"

_RISK, _DELIVERS, _REFUSED, _UNKNOWN = Verdict.AT_RISK, Verdict.DELIVERS, Verdict.REFUSED, Verdict.UNKNOWN

DEVIATIONS: Mapping[tuple[str, str], Deviation] = dict(
    (
        *_alike((*MODELS,), ("closed",), _UNKNOWN, Outcome.DEFERRED, _UNSEEN),
        *_alike(_UNVALIDATED, ("disowned",), _UNKNOWN, Outcome.DEFERRED, _DISOWNED),
        *_alike((CHASQUID,), ("literal", "literal-beside"), _RISK, Outcome.BOUNCED, _GO),
        *_alike((CHASQUID,), ("text-huge",), _UNKNOWN, Outcome.DEFERRED, _HUGE),
        *_alike((COURIER,), ("first-misnamed", "ipv6-misnamed"), _RISK, Outcome.DEFERRED, _ONE_HOST),
        *_alike(
            (HARAKA,),
            (
                *("starttls-refused", "open-starttls-refused", "no-handshake", "open-no-handshake"),
                *("old-tls", "open-old-tls"),
            ),
            _DELIVERS,
            Outcome.DEFERRED,
            _REDIS,
        ),
        *_alike((SENDMAIL,), ("anchor-unsent-whole-key",), _DELIVERS, Outcome.SENT, _WHOLE_KEY),
        *_alike((HARAKA,), ("ahead-of-tls", "open-ahead-of-tls"), _RISK, Outcome.DEFERRED, _EARLY),
        *_alike(_PLAIN, ("ahead-of-tls", "open-ahead-of-tls"), _RISK, Outcome.SENT, _EARLY),
        *_alike((HARAKA,), ("cut", "open-cut"), _RISK, Outcome.DEFERRED, _CUT),
        *_alike(_PLAIN, ("cut", "open-cut"), _RISK, Outcome.SENT, _CUT),
        *_alike((HARAKA,), ("null-beside",), _RISK, Outcome.SENT, _ITSELF),
        *_alike(_PLAIN, ("null-beside",), _RISK, Outcome.BOUNCED, _NULL),
        *_alike(_PLAIN, ("literal",), _RISK, Outcome.SENT, _LITERAL),
        *_alike(_PLAIN, ("open-helo-at-once",), _RISK, Outcome.SENT, _HELO),
        *_alike((HARAKA,), ("open-helo-at-once",), _RISK, Outcome.DEFERRED, _HELO),
    )
)
"""By sender and label. Beside these, mail at risk is mail that finds a way beside one that is closed."""

SILENT = frozenset({CHASQUID, COURIER, HARAKA})
"""Senders that do not say of a session whether a policy vouched for it."""
_AGREEING = {
    Outcome.SENT: {_DELIVERS, _RISK},
    Outcome.DEFERRED: {_REFUSED},
    Outcome.BOUNCED: {_REFUSED},
}


def agree(sender: str, delivery: Delivery, done: Outcome, security: Security | None) -> bool:
    """Tell whether a sender did what its model foretells; of a session that took the mail its security counts as well."""
    if delivery.outcome not in _AGREEING[done]:
        return False
    if done is not Outcome.SENT:
        return True
    if sender in SILENT:
        return (delivery.security is Security.NONE) == (security is Security.NONE)
    return delivery.security is security
