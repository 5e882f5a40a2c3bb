"""A look-up that failed at a receiver, joined with a measurement of the name servers of the domain that the clause names.

| joined | when |
|---|---|
| confirmed | a fault is found, at a record that the failing look-up needs, that makes such a look-up fail by itself |
| not found | every server of these records was asked and answers over UDP and TCP; what is amiss, is too little for that |
| not looked for | a domain, a key or a server that the look-up needs was not asked, or could not be measured from here |

Each clause of a header names its own domain: SPF that of the envelope sender, DKIM that of the signature, DMARC that of
the author. A fault at another record of the same domain confirms nothing, and is told beside. The receiver looked at
another time and from another place: a fault that comes and goes, or a filter that only the receiver meets, is not seen
here. So where all is clean, the receiver's side is a probability, and said to be one.
"""

from collections.abc import Mapping

import msgspec

from mxproof.evidence import Answer
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.explanation import (
    Claim,
    Explanation,
    Joined,
    JoinStanding,
    LookedFor,
    MeasuredNameServer,
    Reached,
)
from mxproof.formats.dkim import KEY_LABEL
from mxproof.formats.text import listed
from mxproof.judge.catalogue import CATALOGUE, in_words
from mxproof.judge.checks.name_server_unknowns import unknowns
from mxproof.judge.checks.name_servers import check
from mxproof.judge.codes import Code
from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.mail.domain import MailDomain
from mxproof.mail.name_servers import NameServers, Response, ServedRecord, response, size_bytes
from mxproof.survey.dmarc import DMARC_LABEL

FAULTS_TOLD_MAX = 4
UNKNOWNS_TOLD_MAX = 3
CLAUSES_MAX = 3

KEY_CAUSE = "dkim_key_dns"
DMARC_CAUSE = "dmarc_dns_temp"
RESTING_ON_NAME_SERVERS = frozenset({"spf_temperror", KEY_CAUSE, DMARC_CAUSE})
"""The causes in which a receiver's look-up failed for the moment."""

_OF_CONTENT = frozenset({Code.NS_RECORD_MISSING, Code.NS_RECORDS_DIFFER, Code.NS_KEY_ABSENT})
"""What makes answers wrong and look-ups none the worse; only a key that is missing reads like a look-up that failed."""
_PROBABLY = (
    "So the failure was probably on the receiver's side, or is gone by now: the receiver looked at another time and"
    " from another place."
)
_NO_SELECTOR = (
    "The header does not name the selector of the DKIM key, so the key's own record was not asked for; the whole"
    " message has it."
)


class Clause(msgspec.Struct, frozen=True):
    """A look-up that failed: its cause, the domain that the clause names, and the names of the DKIM keys there."""

    cause: str
    domain: str
    keys: tuple[str, ...] = ()


class _Found(msgspec.Struct, frozen=True):
    """What the measurement shows of one clause: faults of its records, those of others, and what was not asked."""

    clause: Clause
    domain: MailDomain | None
    faults: tuple[WordedFinding, ...]
    beside: tuple[WordedFinding, ...]
    not_asked: tuple[str, ...]

    @property
    def joined(self) -> LookedFor:
        if any(_explains(one, self.clause) for one in self.faults):
            return LookedFor.CONFIRMED
        return LookedFor.NOT_LOOKED_FOR if self.not_asked else LookedFor.NOT_FOUND


def clauses(explanation: Explanation, fallback: str | None = None) -> tuple[Clause, ...]:
    """Return the look-ups that failed, each with its domain: `fallback` where neither clause nor text names one."""
    resting = [one for one in explanation.causes if one.code in RESTING_ON_NAME_SERVERS]
    found = (_clause(one, explanation, fallback or "") for one in resting)
    return tuple(dict.fromkeys(found))[:CLAUSES_MAX]


def join_servers(explanation: Explanation, measured: Mapping[Clause, MailDomain]) -> Joined:
    """Return what a measurement says about the look-ups that failed; at least one of the clauses was measured."""
    wanted = clauses(explanation) or tuple(measured)
    found = [_found(one, measured.get(one) or _by_cause(one, measured)) for one in wanted]
    first = next(one.domain for one in found if one.domain is not None)
    joined = _worst(found)
    faults = [fault for one in found for fault in one.faults]
    mending = next((one for one in faults if one.severity is Severity.ERROR), None) or next(
        iter(faults), None
    )
    return Joined(
        domain=first.name,
        observed_at=first.at,
        simulated=first.vantage.simulated,
        standing=_standing(joined, faults),
        sender=None,
        outcome=None,
        findings=tuple(dict.fromkeys(one.code for one in faults)),
        words=" ".join(_sentences(found, joined)),
        fix=mending.fix if mending else "",
        steps=mending.steps if mending else (),
        otherwise=mending.otherwise if mending else (),
        name_servers=_rows(found),
        joined=joined,
        not_asked=tuple(dict.fromkeys(missing for one in found for missing in one.not_asked)),
    )


def _clause(claim: Claim, explanation: Explanation, fallback: str) -> Clause:
    domain = claim.domain or explanation.domain or fallback
    if claim.code != KEY_CAUSE:
        return Clause(claim.code, domain)
    own = tuple(one for one in explanation.dkim_keys if one.endswith(f".{KEY_LABEL}.{domain}"))
    return Clause(claim.code, domain, own)


def _by_cause(clause: Clause, measured: Mapping[Clause, MailDomain]) -> MailDomain | None:
    """Return the measurement of a clause whose domain only the lab knew."""
    return next(
        (domain for one, domain in measured.items() if one.cause == clause.cause and not clause.domain), None
    )


def _found(clause: Clause, domain: MailDomain | None) -> _Found:
    if domain is None:
        return _Found(
            clause, None, (), (), (f"{_record(clause)} of {clause.domain or 'a domain without a name'}",)
        )
    names = _needed(clause, domain)
    told = [(one, in_words(one, CATALOGUE[Code(one.code)].severity, ())) for one in check(domain)]
    mine = tuple(worded for one, worded in told if _is_about(one.subject, one.evidence, names, domain))
    return _Found(
        clause,
        domain,
        mine,
        tuple(worded for _, worded in told if worded not in mine),
        _not_asked(clause, domain, names),
    )


def _record(clause: Clause) -> str:
    return {KEY_CAUSE: "the DKIM key", DMARC_CAUSE: "the DMARC record"}.get(clause.cause, "the SPF record")


def _needed(clause: Clause, domain: MailDomain) -> frozenset[str]:
    """Return the names of the records that the look-up needs: a key, the DMARC records, or SPF with all it includes."""
    records = [one.name for one in domain.name_servers.records]
    if clause.cause == KEY_CAUSE:
        return frozenset(domain.name_servers.keys)
    dmarc = {one for one in records if one.startswith(f"{DMARC_LABEL}.")}
    if clause.cause == DMARC_CAUSE:
        return frozenset(dmarc)
    return frozenset(set(records) - dmarc - set(domain.name_servers.keys))


def _is_about(subject: str, questions: tuple[object, ...], names: frozenset[str], domain: MailDomain) -> bool:
    """Tell whether a finding is about the needed records: by what was asked, or by the zone of a server without address."""
    asked = {name for one in questions if (name := getattr(one, "name", "")) in names}
    zones = {one.zone for one in domain.name_servers.records if one.name in names}
    homeless = {
        server for zone in domain.name_servers.zones if zone.name in zones for server in zone.homeless
    }
    return bool(asked) or subject in names or subject in homeless


def _explains(fault: WordedFinding, clause: Clause) -> bool:
    """Tell whether a fault makes such a look-up fail by itself."""
    of_content = fault.code in _OF_CONTENT
    missing_key = clause.cause == KEY_CAUSE and fault.code != Code.NS_RECORDS_DIFFER
    return fault.severity is Severity.ERROR and (missing_key or not of_content)


def _not_asked(clause: Clause, domain: MailDomain, names: frozenset[str]) -> tuple[str, ...]:
    """Return what the look-up needs and was not measured."""
    servers = domain.name_servers
    missing = [one.why for one in unknowns(domain)]
    if clause.cause == KEY_CAUSE and not servers.keys:
        missing.append(f"the DKIM key of {domain.name}, whose selector is not in the text")
    if not any(one.name in names for one in servers.served) and not missing:
        missing.append(f"the name servers of {domain.name}, one by one")
    zones = {one.zone for one in servers.records if one.name in names}
    missing += [server for zone in servers.zones if zone.name in zones for server in zone.unasked]
    if clause.cause not in (KEY_CAUSE, DMARC_CAUSE):
        missing += [f"the SPF term {one}" for one in servers.other_terms]
    return tuple(dict.fromkeys(missing))


def _worst(found: list[_Found]) -> LookedFor:
    told = {one.joined for one in found}
    order = (LookedFor.CONFIRMED, LookedFor.NOT_LOOKED_FOR, LookedFor.NOT_FOUND)
    return next(one for one in order if one in told)


def _standing(joined: LookedFor, faults: list[WordedFinding]) -> JoinStanding:
    if joined is LookedFor.CONFIRMED:
        return JoinStanding.CONFIRMED
    is_clean = joined is LookedFor.NOT_FOUND and not faults
    return JoinStanding.ELSEWHERE if is_clean else JoinStanding.UNKNOWN


def _sentences(found: list[_Found], joined: LookedFor) -> list[str]:
    faults = tuple(dict.fromkeys(fault for one in found for fault in one.faults))
    beside = tuple(dict.fromkeys(fault for one in found for fault in one.beside if fault not in faults))
    not_asked = tuple(dict.fromkeys(missing for one in found for missing in one.not_asked))
    if joined is LookedFor.CONFIRMED:
        said = ["A fault is found that makes such a look-up fail."]
    elif faults:
        said = ["The name servers are not clean, and this may be behind it."]
    elif joined is LookedFor.NOT_FOUND:
        said = [*_clean(found), *_receiver_side(found[0].clause.cause)]
    elif any(one.domain is not None and one.domain.name_servers.served for one in found):
        said = ["Nothing wrong is seen with the name servers, but not all of it could be asked from here."]
    else:
        said = ["No name server could be measured."]
    said += [f"{one.summary}." for one in faults[:FAULTS_TOLD_MAX]]
    if beside:
        said += ["Beside that, at records that this look-up does not need:"]
        said += [f"{one.summary}." for one in beside[:FAULTS_TOLD_MAX]]
    if not_asked:
        said.append(f"Not asked, or without an answer: {'; '.join(not_asked[:UNKNOWNS_TOLD_MAX])}.")
    left = len(faults[FAULTS_TOLD_MAX:]) + len(beside[FAULTS_TOLD_MAX:]) + len(not_asked[UNKNOWNS_TOLD_MAX:])
    said += [f"And {left} more."] if left else []
    return said + ([_NO_SELECTOR] if any(_lacks_key(one) for one in found) else [])


def _lacks_key(one: _Found) -> bool:
    return one.clause.cause == KEY_CAUSE and one.domain is not None and not one.domain.name_servers.keys


def _clean(found: list[_Found]) -> list[str]:
    measured = [one.domain.name_servers for one in found if one.domain is not None]
    records = listed(record.name for servers in measured for record in servers.records)
    count = len({one.where.address for servers in measured for one in servers.served})
    where = f"{count} addresses; TXT of {records}"
    return [
        f"Every name server that was asked answers over UDP and TCP, alike, in time and in full ({where})."
    ]


def _receiver_side(cause: str) -> list[str]:
    rate = base_rate(cause)
    return [_PROBABLY, *([rate.words, f"Source: {rate.source}"] if rate is not None else [])]


def _rows(found: list[_Found]) -> tuple[MeasuredNameServer, ...]:
    rows = (row for one in found if one.domain is not None for row in _rows_of(one.domain.name_servers))
    return tuple(dict.fromkeys(rows))


def _rows_of(servers: NameServers) -> tuple[MeasuredNameServer, ...]:
    by_address: dict[object, list[ServedRecord]] = {}
    for one in servers.served:
        by_address.setdefault(one.where, []).append(one)
    return tuple(
        MeasuredNameServer(
            zone=those[0].where.zone,
            server=those[0].where.server,
            address=those[0].where.address,
            udp=_reached([one.udp for one in those]),
            tcp=_reached([one.tcp for one in those]),
        )
        for those in by_address.values()
    )


def _reached(answers: list[Answer]) -> Reached:
    worst = min(answers, key=lambda one: _GRAVITY.index(response(one)))
    return Reached(
        outcome=worst.outcome,
        elapsed_ms=max(one.elapsed_ms for one in answers),
        size_bytes=max(map(size_bytes, answers)),
    )


_GRAVITY = (Response.FAILED, Response.UNKNOWN, Response.ANSWERED)
