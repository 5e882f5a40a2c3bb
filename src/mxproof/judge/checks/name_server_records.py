"""Records that the servers of a zone do not have alike, or do not have at all."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from mxproof.evidence import DnsRecord, Kind, Outcome, Question, Transport
from mxproof.judge.checks.name_server_finding import addressed, at_servers, questions
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import RecordDifference, SerialBehind, Value
from mxproof.mail.change import Setting
from mxproof.mail.domain import MailDomain
from mxproof.mail.name_servers import NameServers, ServedRecord, dns_data
from mxproof.survey.zone import contents

_Content = tuple[frozenset[bytes | DnsRecord], tuple[str, ...]]
"""The records of an answer, and the name that it is an alias of."""


def disagreeing(servers: NameServers, told_already: Collection[tuple[Kind, str]] = ()) -> Iterator[Finding]:
    """See records that some servers of a zone have and others have not, or have otherwise (RFC 1034 section 4.3.5).

    `told_already` are records of which more is said elsewhere.
    """
    records = dict.fromkeys((one.kind, one.name) for one in servers.served if one.kind is not Kind.SOA)
    for kind, name in (one for one in records if one not in told_already):
        told = [one for one in servers.served if (one.kind, one.name) == (kind, name) and one.definite]
        having = [one for one in told if _has(one)]
        without = [one for one in told if not _has(one)]
        if having and without:
            missing = at_servers(
                Code.NS_RECORD_MISSING, without, servers, _behind(without, servers), Setting.CURRENT
            )
            yield _compared(missing, name, told)
        if len({_content(one) for one in having}) > 1:
            minority = _outdated(having, servers) or _minority(having)
            seen = RecordDifference(len(minority) < len(having), _behind(minority, servers))
            setting = Setting.CURRENT if len(minority) < len(having) else None
            differing = at_servers(Code.NS_RECORDS_DIFFER, minority, servers, seen, setting)
            yield _compared(differing, name, having)


def serials_differing(domain: MailDomain) -> Iterator[Finding]:
    """See servers that are behind with the zone of the domain, though not in what was asked for (RFC 1034 section 4.3.5)."""
    servers = domain.name_servers
    newest = latest(servers.serials.values())
    zone = next((one.zone for one in servers.records if one.name == domain.name), None)
    told = {
        one.where for one in servers.served if one.where.zone == zone and one.where.address in servers.serials
    }
    older = sorted(one for one in told if servers.serials[one.address] != newest)
    if zone is None or newest is None or not older:
        return
    seen = SerialBehind(servers.serials[older[0].address], newest)
    asked = (Question(Kind.SOA, zone, server=one.address, transport=Transport.UDP) for one in sorted(told))
    params: dict[str, Value] = {"servers": addressed(older), "seen": seen}
    yield Finding(Code.NS_SERIALS_DIFFER, zone, params, tuple(dict.fromkeys(asked)))


def keys_absent(servers: NameServers) -> Iterator[Finding]:
    """See DKIM keys that no server has (RFC 6376 section 6.1.2)."""
    for name in servers.keys:
        told = [one for one in servers.served if one.name == name and one.definite]
        if told and not any(_has(one) for one in told):
            yield Finding(Code.NS_KEY_ABSENT, name, evidence=questions(told))


def _compared(finding: Finding, name: str, told: Sequence[ServedRecord]) -> Finding:
    """Return the finding as one about the record at `name`, resting on all that told of it."""
    return msgspec.structs.replace(finding, subject=name, evidence=questions(told))


def _has(one: ServedRecord) -> bool:
    return one.definite is not None and one.definite.outcome is Outcome.FOUND


def _content(one: ServedRecord) -> _Content:
    data = dns_data(one.definite) if one.definite is not None else None
    links = data.chain[:1] if data is not None else ()
    return contents(data), tuple(link.target for link in links)


def _outdated(having: Sequence[ServedRecord], servers: NameServers) -> list[ServedRecord]:
    """Return those that have an older version of the zone than others do."""
    newest = latest(servers.serials.values())
    serials = servers.serials
    return [one for one in having if newest is not None and serials.get(one.where.address, newest) != newest]


def _minority(having: Sequence[ServedRecord]) -> list[ServedRecord]:
    """Return those whose content fewer have than the most common one, or all where there is no most common one."""
    counts: dict[_Content, int] = {}
    for one in having:
        counts[_content(one)] = counts.get(_content(one), 0) + 1
    most = max(counts.values())
    return [one for one in having if counts[_content(one)] < most] or list(having)


def _behind(those: Sequence[ServedRecord], servers: NameServers) -> SerialBehind | None:
    """Return the serial number of the zone that is behind too, where one is."""
    newest = latest(servers.serials.values())
    own = dict.fromkeys(servers.serials.get(one.where.address, newest) for one in those)
    behind = [
        SerialBehind(serial, newest)
        for serial in own
        if serial is not None and newest is not None and serial != newest
    ]
    return next(iter(behind), None)


def latest(serials: Iterable[int]) -> int | None:
    """Return the serial number that none is after (RFC 1982 section 3.2), None where there is no such number."""
    known = set(serials)
    return next((one for one in known if all(_not_after(other, one) for other in known)), None)


def _not_after(one: int, other: int) -> bool:
    return (other - one) % 2**32 < 2**31
