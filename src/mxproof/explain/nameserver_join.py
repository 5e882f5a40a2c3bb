"""A look-up that failed at a receiver, joined with a measurement of the domain's name servers.

| standing | when |
|---|---|
| confirmed | a fault is found that can make a receiver's look-up fail by itself |
| unknown | less than that is found, or something could not be measured from here |
| elsewhere | every server that was asked answers over UDP and TCP, alike, in time and in full |

The receiver looked at another time and from another place: a fault that comes and goes, or a filter that only the
receiver meets, is not seen here. So `elsewhere` is a probability, and says so.
"""

from mxproof.evidence import Answer
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.explanation import Explanation, Joined, JoinStanding, MeasuredNameServer, Reached
from mxproof.formats.text import listed
from mxproof.judge.catalogue import CATALOGUE, in_words
from mxproof.judge.checks.name_server_unknowns import unknowns
from mxproof.judge.checks.name_servers import check
from mxproof.judge.codes import Code
from mxproof.judge.report import Unknown, WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.mail.domain import MailDomain
from mxproof.mail.name_servers import NameServers, Response, ServedRecord, response, size_bytes

FAULTS_TOLD_MAX = 4
UNKNOWNS_TOLD_MAX = 3

RESTING_ON_NAME_SERVERS = frozenset({"spf_temperror", "dkim_key_dns", "dmarc_dns_temp"})
"""The causes in which a receiver's look-up failed for the moment."""

_PROBABLY = (
    "So the failure was probably on the receiver's side, or is gone by now: the receiver looked at another time and"
    " from another place."
)
_NO_SELECTOR = (
    "The header does not name the selector of the DKIM key, so the key's own record was not asked for; the whole"
    " message has it."
)


def resting_cause(explanation: Explanation) -> str | None:
    """Return the first cause that rests on the domain's name servers, or None."""
    return next((one.code for one in explanation.causes if one.code in RESTING_ON_NAME_SERVERS), None)


def join_servers(explanation: Explanation, domain: MailDomain) -> Joined:
    """Return what a measurement of the name servers says about the cause that rests on them."""
    found = tuple(in_words(one, CATALOGUE[Code(one.code)].severity, ()) for one in check(domain))
    unknown = unknowns(domain)
    standing = _standing(found, unknown, domain.name_servers)
    return Joined(
        domain=domain.name,
        observed_at=domain.at,
        simulated=domain.vantage.simulated,
        standing=standing,
        sender=None,
        outcome=None,
        findings=tuple(dict.fromkeys(one.code for one in found)),
        words=" ".join(_sentences(explanation, domain.name_servers, found, unknown, standing)),
        fix=found[0].fix if found else "",
        steps=found[0].steps if found else (),
        otherwise=found[0].otherwise if found else (),
        name_servers=_rows(domain.name_servers.served),
    )


def _standing(
    found: tuple[WordedFinding, ...], unknown: tuple[Unknown, ...], servers: NameServers
) -> JoinStanding:
    if any(one.severity is Severity.ERROR for one in found):
        return JoinStanding.CONFIRMED
    return JoinStanding.UNKNOWN if found or unknown or not servers.served else JoinStanding.ELSEWHERE


def _sentences(
    explanation: Explanation,
    servers: NameServers,
    found: tuple[WordedFinding, ...],
    unknown: tuple[Unknown, ...],
    standing: JoinStanding,
) -> list[str]:
    cause = resting_cause(explanation) or ""
    if standing is JoinStanding.CONFIRMED:
        sentences = ["A fault is found that makes such a look-up fail."]
    elif found:
        sentences = ["The name servers are not clean, and this may be behind it."]
    elif standing is JoinStanding.ELSEWHERE:
        sentences = [_clean(servers), *_receiver_side(cause)]
    elif servers.served:
        sentences = [
            "Nothing wrong is seen with the name servers, but not all of it could be seen from here."
        ]
    else:
        sentences = ["No name server could be measured."]
    sentences += [f"{one.summary}." for one in found[:FAULTS_TOLD_MAX]]
    sentences += [f"{_capital(one.why)}." for one in unknown[:UNKNOWNS_TOLD_MAX]]
    left = len(found[FAULTS_TOLD_MAX:]) + len(unknown[UNKNOWNS_TOLD_MAX:])
    sentences += [f"And {left} more."] if left else []
    return sentences + _left_out(cause, servers)


def _clean(servers: NameServers) -> str:
    records = listed(record.name for record in servers.records)
    count = len({one.where.address for one in servers.served})
    return (
        f"Every name server that was asked answers over UDP and TCP, alike, in time and in full ({count} addresses;"
        f" TXT of {records})."
    )


def _receiver_side(cause: str) -> list[str]:
    rate = base_rate(cause)
    return [_PROBABLY, *([rate.words, f"Source: {rate.source}"] if rate is not None else [])]


def _left_out(cause: str, servers: NameServers) -> list[str]:
    """Say what was not asked, so that nobody takes it for sound."""
    sentences = [_NO_SELECTOR] if cause == "dkim_key_dns" and not servers.keys else []
    sentences += [
        f"Of the name servers of {zone.name}, {len(zone.unasked)} were not asked."
        for zone in servers.zones
        if zone.unasked
    ]
    if servers.other_terms:
        sentences.append(f"The look-ups of these SPF terms were not made: {listed(servers.other_terms)}.")
    return sentences


def _rows(served: tuple[ServedRecord, ...]) -> tuple[MeasuredNameServer, ...]:
    by_address = {one.where: [two for two in served if two.where == one.where] for one in served}
    return tuple(
        MeasuredNameServer(
            zone=where.zone,
            server=where.server,
            address=where.address,
            udp=_reached([one.udp for one in those]),
            tcp=_reached([one.tcp for one in those]),
        )
        for where, those in by_address.items()
    )


def _reached(answers: list[Answer]) -> Reached:
    worst = min(answers, key=lambda one: _GRAVITY.index(response(one)))
    return Reached(
        outcome=worst.outcome,
        elapsed_ms=max(one.elapsed_ms for one in answers),
        size_bytes=max(map(size_bytes, answers)),
    )


_GRAVITY = (Response.FAILED, Response.UNKNOWN, Response.ANSWERED)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
