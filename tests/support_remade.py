"""A lab world after changes: what an administrator makes of it who does just what the changes say."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

import msgspec

from mxproof.evidence import Der, DnsRecord, Outcome, SmtpStage
from mxproof.formats.cert import facts
from mxproof.formats.mtasts import print_policy
from mxproof.lab.ca import issue
from mxproof.lab.making import LabWorld
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    PtrValue,
    Publish,
    RecordValue,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.records import record_of
from mxproof.world.lookup import record_table
from mxproof.world.world import PolicyServer, RRset, SmtpServer, World, ZoneContents

_TYPES: dict[type[RecordValue], str] = {
    Ipv4Value: "A",
    Ipv6Value: "AAAA",
    CnameValue: "CNAME",
    PtrValue: "PTR",
    MxValue: "MX",
    TxtValue: "TXT",
    TlsaValue: "TLSA",
}
_TEXT_PLAIN = (("Content-Type", "text/plain"),)


def remade(lab: LabWorld, changes: Iterable[Change], now: datetime) -> LabWorld:
    """Return the world after `changes`, with the certificates that they ask for issued at `now`."""
    given = frozenset(lab.issued)
    for change in changes:
        lab = _made(lab, change, now, given)
    return lab


def _made(lab: LabWorld, change: Change, now: datetime, given: Collection[tuple[Der, ...]]) -> LabWorld:
    match change:
        case Publish():
            return _with(lab, zones=_zones(lab.world, change.name, lambda zone: _published(zone, change)))
        case Withdraw():
            return _with(lab, zones=_zones(lab.world, change.name, lambda zone: _withdrawn(zone, change)))
        case ServePolicy():
            body = print_policy(change.policy)
            return _policy_hosts(lab, lambda one: _serving(one, body))
        case PresentCertificate():
            return _certified(lab, change, now, given)
        case Configure(Service.SMTP, _, addresses):
            return _smtp_servers(lab, addresses, _sound)
        case Configure(Service.HTTPS, host):
            shown = PresentCertificate(Service.HTTPS, host, change.addresses, (host,), keeps_key=False)
            return _certified(_policy_hosts(lab, _answering), shown, now, given)
        case Configure(Service.DNS, name, _, setting):
            return _name_servers(lab, name, setting, change.addresses)
        case _:
            return lab


def _with(lab: LabWorld, **parts: object) -> LabWorld:
    return msgspec.structs.replace(lab, world=msgspec.structs.replace(lab.world, **parts))


def _zones(
    world: World, name: str, altered: Callable[[ZoneContents], ZoneContents]
) -> tuple[ZoneContents, ...]:
    origin = record_table(world.zones).origin_of(name)
    return tuple(altered(zone) if zone.name == origin else zone for zone in world.zones)


def _published(zone: ZoneContents, change: Publish) -> ZoneContents:
    type_ = _TYPES[type(change.record)]
    before = _held(zone, change.name, type_)
    records = tuple(dict.fromkeys((*before.records, record_of(change.record))))
    return _replaced(zone, msgspec.structs.replace(before, records=records))


def _withdrawn(zone: ZoneContents, change: Withdraw) -> ZoneContents:
    before = _held(zone, change.name, _TYPES[type(change.record)])
    gone: DnsRecord = record_of(change.record)
    left = tuple(one for one in before.records if one != gone)
    assert len(left) < len(before.records), f"{change} is of a record that is not there"
    return _replaced(zone, msgspec.structs.replace(before, records=left))


def _held(zone: ZoneContents, name: str, type_: str) -> RRset:
    found = [one for one in zone.rrsets if (one.name, one.type) == (name, type_)]
    records = tuple(record for one in found for record in one.records)
    return RRset(name, type_, records, found[0].ttl_s) if found else RRset(name, type_)


def _replaced(zone: ZoneContents, rrset: RRset) -> ZoneContents:
    others = tuple(one for one in zone.rrsets if (one.name, one.type) != (rrset.name, rrset.type))
    return msgspec.structs.replace(zone, rrsets=(*others, rrset) if rrset.records else others)


def _policy_hosts(lab: LabWorld, altered: Callable[[PolicyServer], PolicyServer]) -> LabWorld:
    return _with(lab, policy_servers=tuple(map(altered, lab.world.policy_servers)))


def _serving(host: PolicyServer, body: bytes) -> PolicyServer:
    return msgspec.structs.replace(
        host, body=body, status=200, headers=_TEXT_PLAIN, outcome=Outcome.FOUND, script="", turns=None
    )


def _answering(host: PolicyServer) -> PolicyServer:
    return msgspec.structs.replace(host, outcome=Outcome.FOUND, tls_version="TLSv1.3", script="", turns=None)


def _smtp_servers(
    lab: LabWorld, addresses: Iterable[str], altered: Callable[[SmtpServer], SmtpServer]
) -> LabWorld:
    """Alter the servers at these addresses; one with others besides goes on there as it was."""
    at = frozenset(addresses)
    servers: list[SmtpServer] = []
    for one in lab.world.smtp_servers:
        meant = tuple(address for address in one.addresses if address in at)
        rest = tuple(address for address in one.addresses if address not in at)
        if rest:
            servers.append(msgspec.structs.replace(one, addresses=rest))
        if meant:
            servers.append(altered(msgspec.structs.replace(one, addresses=meant)))
    return _with(lab, smtp_servers=tuple(servers))


def _sound(server: SmtpServer) -> SmtpServer:
    return msgspec.structs.replace(
        server,
        stage=SmtpStage.SECURED,
        outcome=Outcome.FOUND,
        reply=b"",
        early=b"",
        tls_version="TLSv1.3",
        inside=b"",
        script="",
        turns=None,
    )


def _certified(
    lab: LabWorld, change: PresentCertificate, now: datetime, given: Collection[tuple[Der, ...]]
) -> LabWorld:
    """Have the servers show a certificate with the names, of the key they have or of a new one.

    Whoever got another one just before, for one that was not among those `given`, keeps the names of that.
    """
    issued = dict(lab.issued)

    def chain(shown: tuple[Der, ...]) -> tuple[Der, ...]:
        key = issued[shown].key if change.keeps_key and shown in issued else None
        before = facts(shown[0]).dns_names if shown and shown not in given else ()
        one = issue(
            lab.authority,
            tuple(dict.fromkeys((*change.names, *before))),
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=60),
            key=key,
        )
        found = tuple(Der(der) for der in one.ders())
        issued[found] = one
        return found

    def presenting(server: SmtpServer) -> SmtpServer:
        shown = chain(server.shown(change.host))
        others = tuple(pair for pair in server.by_sni if pair[0] != change.host)
        default = server.chain if server.by_sni else shown
        return msgspec.structs.replace(server, chain=default, by_sni=(*others, (change.host, shown)))

    if change.service is Service.HTTPS:
        lab = _policy_hosts(lab, lambda one: msgspec.structs.replace(one, chain=chain(one.chain)))
    else:
        lab = _smtp_servers(lab, change.addresses, presenting)
    return msgspec.structs.replace(lab, issued=issued)


def _name_servers(lab: LabWorld, name: str, setting: Setting, addresses: tuple[str, ...]) -> LabWorld:
    if setting is Setting.CURRENT:
        return _with(
            lab,
            name_servers=tuple(
                msgspec.structs.replace(one, zones=()) if set(one.addresses) & set(addresses) else one
                for one in lab.world.name_servers
            ),
        )
    faults = tuple(one for one in lab.world.resolver_faults if one.name != name)
    zones = lab.world.zones
    if setting is Setting.SIGNED:
        zones = _zones(lab.world, name, lambda zone: msgspec.structs.replace(zone, secure=True))
    return _with(lab, resolver_faults=faults, zones=zones)
