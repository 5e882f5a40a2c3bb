"""What is wrong with the name servers behind SPF, DKIM and DMARC: a pure judgement of what was measured.

A fault is claimed only where this machine can tell it from one of its own network: over a family and transport in
which no server of any zone answers, nothing is known. An error can make a receiver's look-up fail by itself; a warning
makes it slower or leaves it fewer ways.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

import msgspec

from mxproof.evidence import Answer, Outcome, Transport
from mxproof.judge.vocabulary import Severity
from mxproof.mail.nameserver import Measured, NameServers, Response, dns_data, response, size_bytes, texts
from mxproof.survey.authentication import TRANSPORTS, Place

SLOW_MS = 2000
"""Receivers wait a few seconds for one name server, and SPF may need ten answers one after another."""
DATAGRAM_BYTES_MAX = 1232
"""What passes unfragmented through practically every path (RFC 9715 section 3.2)."""

_LAME = frozenset({Outcome.REFUSED, Outcome.SERVFAIL, Outcome.BOGUS})


class FaultCode(StrEnum):
    """The closed set of faults, the worst first."""

    LOOKUP_FAILED = "ns-lookup-failed"
    ANSWER_CUT = "ns-answer-cut"
    UDP_SILENT = "ns-udp-silent"
    LAME = "ns-lame"
    RECORD_MISSING = "ns-record-missing"
    RECORDS_DIFFER = "ns-records-differ"
    KEY_ABSENT = "ns-key-absent"
    NO_ADDRESS = "ns-no-address"
    TCP_FAILED = "ns-tcp-failed"
    ANSWER_LARGE = "ns-answer-large"
    SLOW = "ns-slow"


WARNINGS = frozenset({FaultCode.NO_ADDRESS, FaultCode.TCP_FAILED, FaultCode.ANSWER_LARGE, FaultCode.SLOW})


class Fault(msgspec.Struct, frozen=True):
    """One fault: the places it was seen at (empty where it is none server's own), the records, and what was seen."""

    code: FaultCode
    places: tuple[Place, ...]
    records: tuple[str, ...]
    seen: str

    @property
    def severity(self) -> Severity:
        """Return whether the fault can make a look-up fail by itself."""
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR


def faults(servers: NameServers) -> tuple[Fault, ...]:
    """Return what is wrong, the worst first."""
    found = (
        *_lookups_failed(servers),
        *_by_place(servers, FaultCode.ANSWER_CUT, _cut),
        *_by_place(servers, FaultCode.UDP_SILENT, _silent),
        *_by_place(servers, FaultCode.LAME, _lame),
        *_disagreeing(servers),
        *_keys_absent(servers),
        *_homeless(servers),
        *_by_place(servers, FaultCode.TCP_FAILED, _tcp_failed),
        *_by_place(servers, FaultCode.ANSWER_LARGE, _large),
        *_by_place(servers, FaultCode.SLOW, _slow),
    )
    return tuple(found)


def unknowns(servers: NameServers) -> tuple[str, ...]:
    """Return what could not be found out from here, in words, without their full stops."""
    found: dict[str, None] = {}
    if not servers.resolves:
        found[
            "the resolver here does not answer for the top-level domain either, so its errors tell nothing"
        ] = None
    for record in servers.records:
        if record.resolved.outcome is Outcome.NXDOMAIN and record.name == servers.domain:
            found[f"{record.name} does not exist, as far as the resolver knows"] = None
        elif record.zone is None and record.resolved.outcome is not Outcome.NXDOMAIN:
            found[f"the name servers of {record.name} could not be found"] = None
    for zone in servers.zones:
        if not any(one.place.zone == zone.name for one in servers.measured) and not zone.homeless:
            found[f"the addresses of the name servers of {zone.name} could not be found"] = None
    for one in servers.measured:
        for transport in TRANSPORTS:
            family = one.place.family
            if (family, transport) not in servers.open:
                found[
                    f"no name server at all answers over {transport.upper()} and IPv{family} from here, which a filter"
                    " or a missing route on this side would explain"
                ] = None
            elif response(one.over(transport)) is Response.UNKNOWN:
                found[f"{_named(one.place)} could not be asked for {one.name} over {transport.upper()}"] = (
                    None
                )
    return tuple(found)


_Content = tuple[frozenset[bytes], tuple[str, ...]]
"""The TXT records of an answer, and the name that it is an alias of."""

_Seen = Callable[[Measured, NameServers], str]
"""Say what is wrong with one measurement, or nothing."""


def _by_place(servers: NameServers, code: FaultCode, seen: _Seen) -> Iterator[Fault]:
    """Yield one fault for each thing seen, with all places and records that show it."""
    grouped: dict[str, list[Measured]] = {}
    for one in servers.measured:
        if words := seen(one, servers):
            grouped.setdefault(words, []).append(one)
    for words, those in grouped.items():
        yield Fault(
            code, _each(one.place for one in those), tuple(dict.fromkeys(one.name for one in those)), words
        )


def _cut(one: Measured, servers: NameServers) -> str:
    """See an answer that does not fit into UDP where TCP fails, so that nobody gets it (RFC 7766 section 5)."""
    if one.udp.outcome is Outcome.TRUNCATED and _fails(one, Transport.TCP, servers):
        return f"the answer does not fit into a datagram, and TCP fails ({_how(one.tcp)})"
    return ""


def _silent(one: Measured, servers: NameServers) -> str:
    """See a server that does not answer the first question of every client, and say whether TCP fails as well."""
    if not _fails(one, Transport.UDP, servers):
        return ""
    if _fails(one, Transport.TCP, servers):
        return f"no answer over UDP ({_how(one.udp)}) or TCP ({_how(one.tcp)})"
    return f"no answer over UDP ({_how(one.udp)})"


def _tcp_failed(one: Measured, servers: NameServers) -> str:
    """See a server without TCP, which it must have (RFC 7766 section 5); one that is silent altogether is told of once."""
    if one.udp.outcome is Outcome.TRUNCATED or _fails(one, Transport.UDP, servers):
        return ""
    return f"TCP fails ({_how(one.tcp)})" if _fails(one, Transport.TCP, servers) else ""


def _lame(one: Measured, _servers: NameServers) -> str:
    """See a server that is named for the zone and does not serve it (RFC 9499 section 7, lame delegation)."""
    for transport in TRANSPORTS:
        answer = one.over(transport)
        data = dns_data(answer)
        if data is None or response(answer) is not Response.ANSWERED:
            continue
        if answer.outcome in _LAME:
            return f"it answers {data.rcode if data.rcode != 'NOERROR' else 'with a referral'}"
        if not data.authoritative and not data.truncated:
            return "its answer is not authoritative"
    return ""


def _large(one: Measured, _servers: NameServers) -> str:
    size = max(size_bytes(one.udp), size_bytes(one.tcp))
    answered = response(one.tcp) is Response.ANSWERED
    if answered and (one.udp.outcome is Outcome.TRUNCATED or size > DATAGRAM_BYTES_MAX):
        return (
            f"the answer has {size} bytes, more than the {DATAGRAM_BYTES_MAX} that a datagram carries safely"
        )
    return ""


def _slow(one: Measured, _servers: NameServers) -> str:
    """See an answer that took long; what was sent again after silence counts too, as a receiver would wait as well."""
    late = any(
        response(answer) is Response.ANSWERED and answer.elapsed_ms > SLOW_MS for answer in (one.udp, one.tcp)
    )
    return f"an answer takes more than {SLOW_MS // 1000} s, or queries are lost" if late else ""


def _lookups_failed(servers: NameServers) -> Iterator[Fault]:
    """See names that the resolver here gets an error for, as the receiver's may have; one that works otherwise."""
    if not servers.resolves:
        return
    failing = [one for one in servers.records if one.resolved.outcome in {Outcome.SERVFAIL, Outcome.BOGUS}]
    for outcome in dict.fromkeys(one.resolved.outcome for one in failing):
        names = tuple(one.name for one in failing if one.resolved.outcome is outcome)
        what = (
            "the DNSSEC signatures do not verify"
            if outcome is Outcome.BOGUS
            else "the resolver says SERVFAIL"
        )
        yield Fault(FaultCode.LOOKUP_FAILED, (), names, what)


def _disagreeing(servers: NameServers) -> Iterator[Fault]:
    """See records that some servers of a zone have and others do not have, or have otherwise."""
    for name in dict.fromkeys(one.name for one in servers.measured):
        told = [(one, answer) for one in servers.measured if one.name == name and (answer := one.definite)]
        without = [one for one, answer in told if answer.outcome is not Outcome.FOUND]
        if without and len(without) < len(told):
            yield Fault(
                FaultCode.RECORD_MISSING,
                _each(one.place for one in without),
                (name,),
                "it has no such record, and others have" + _behind(without, servers),
            )
        having = [(one, _content(answer)) for one, answer in told if one not in without]
        if len({content for _, content in having}) > 1:
            minority = _outdated(having, servers) or _minority(having)
            others = "the record is not that of the others" + _behind(minority, servers)
            yield Fault(
                FaultCode.RECORDS_DIFFER,
                _each(one.place for one in minority),
                (name,),
                others if len(minority) < len(having) else "the servers do not have the same record",
            )


def _keys_absent(servers: NameServers) -> Iterator[Fault]:
    for name in servers.keys:
        told = [answer for one in servers.measured if one.name == name and (answer := one.definite)]
        if told and all(answer.outcome is not Outcome.FOUND for answer in told):
            yield Fault(FaultCode.KEY_ABSENT, (), (name,), "no server has this DKIM key")


def _homeless(servers: NameServers) -> Iterator[Fault]:
    for zone in servers.zones:
        for server in zone.homeless:
            yield Fault(FaultCode.NO_ADDRESS, (), (zone.name,), f"its name server {server} has no address")


def _fails(one: Measured, transport: Transport, servers: NameServers) -> bool:
    """Tell whether a server fails where others answer the same way, so that the fault is not this machine's."""
    way_is_open = (one.place.family, transport) in servers.open
    return way_is_open and response(one.over(transport)) is Response.FAILED


def _how(answer: Answer) -> str:
    words = {Outcome.TIMEOUT: "no answer in time", Outcome.REFUSED: "refused", Outcome.CLOSED: "closed"}
    return words.get(answer.outcome, "malformed")


def _content(answer: Answer) -> _Content:
    data = dns_data(answer)
    links = data.chain if data is not None else ()
    return texts(answer), tuple(link.target for link in links[:1])


def _outdated(having: list[tuple[Measured, _Content]], servers: NameServers) -> list[Measured]:
    """Return those that have an older version of the zone than others do."""
    newest = _newest(servers)
    serials = servers.serials
    return [
        one for one, _ in having if newest is not None and serials.get(one.place.address, newest) != newest
    ]


def _minority(having: list[tuple[Measured, _Content]]) -> list[Measured]:
    """Return those whose content fewer have than the most common one, or all where there is no most common one."""
    counts: dict[_Content, int] = {}
    for _, content in having:
        counts[content] = counts.get(content, 0) + 1
    most = max(counts.values())
    fewer = [one for one, content in having if counts[content] < most]
    return fewer or [one for one, _ in having]


def _behind(those: list[Measured], servers: NameServers) -> str:
    """Say that the serial number of the zone is behind too, where it is."""
    newest = _newest(servers)
    own = dict.fromkeys(servers.serials.get(one.place.address, newest) for one in those)
    behind = [serial for serial in own if serial != newest]
    return f" (serial {behind[0]}, others have {newest})" if behind else ""


def _newest(servers: NameServers) -> int | None:
    """Return the serial number that none is after (RFC 1982 section 3.2), None where there is no such number."""
    known = set(servers.serials.values())
    return next((one for one in known if all(_not_after(other, one) for other in known)), None)


def _not_after(one: int, other: int) -> bool:
    return (other - one) % 2**32 < 2**31


def _each(found: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(found))


def _named(place: Place) -> str:
    return f"{place.server} ({place.address})"
