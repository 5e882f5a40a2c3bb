"""Name servers that hold different records of mail, and those that could not be asked for them.

What a sender meets depends on the server that its resolver happens to ask. For whom that matters is computed: the
models judge what each of the servers serves.
"""

from collections.abc import Iterator, Sequence

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    Kind,
    MxRecord,
    NameRecord,
    Question,
    TlsaRecord,
    Transport,
    TxtRecord,
)
from mxproof.formats.text import listed
from mxproof.judge.checks.name_server_records import latest
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.senders.version import differing_code
from mxproof.judge.value import HeldRecords, SerialBehind, ServerAddresses, Value
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    RecordValue,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
)
from mxproof.mail.domain import MailDomain
from mxproof.survey.served import ComparedZone, ZoneVersion
from mxproof.survey.zone import ServerAddress


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare what the servers of each zone hold of the records of mail (RFC 1034 section 4.3.5)."""
    for zone in domain.compared:
        if zone.versions:
            yield _differing(zone)
    yield from _silent(domain)


def behind(versions: Sequence[ZoneVersion]) -> tuple[ZoneVersion, ...]:
    """Return the versions with an older serial number, or else those that fewer servers have, or all of them."""
    newest = latest(one.serial for one in versions if one.serial is not None)
    older = tuple(one for one in versions if one.serial is not None and one.serial != newest)
    if older:
        return older
    most = max(len(one.servers) for one in versions)
    return tuple(one for one in versions if len(one.servers) < most) or tuple(versions)


def _differing(zone: ComparedZone) -> Finding:
    """Say which server holds what, and which of them is behind."""
    older = behind(zone.versions)
    addressed = _addressed([where for version in older for where in version.servers])
    every = [where for version in zone.versions for where in version.servers]
    records = dict.fromkeys(record for version in zone.versions for record, _ in version.held)
    params: dict[str, Value] = {
        "zone": zone.name,
        "servers": addressed,
        "serial": _serial(older, zone.versions),
        "held": tuple(
            HeldRecords(
                record.kind, record.name, tuple(one.server for one in version.servers), _values(answer)
            )
            for record in records
            for version in zone.versions
            for held, answer in version.held
            if held == record
        ),
    }
    asked = tuple(Question(one.kind, one.name, server=where.address) for one in records for where in every)
    code = differing_code(zone)
    undecided = code is Code.NS_MAIL_DIFFERS and len(older) == len(zone.versions)
    way = "undecided" if undecided else ""
    return Finding(code, listed(one.server for one in addressed), params, asked, _brought_up(zone, code), way)


def _brought_up(zone: ComparedZone, code: Code) -> tuple[Change, ...]:
    """Return that the servers that are behind serve what the others do, nothing where it is not known which are."""
    older = behind(zone.versions)
    if code is not Code.NS_MAIL_DIFFERS or len(older) == len(zone.versions):
        return ()
    addresses = tuple(dict.fromkeys(where.address for version in older for where in version.servers))
    return (Configure(Service.DNS, zone.name, addresses, Setting.CURRENT),)


def _silent(domain: MailDomain) -> Iterator[Finding]:
    """Say in one finding whom this machine could not ask, whatever the reason."""
    silent = [one for zone in domain.compared for one in zone.silent]
    if not silent:
        return
    is_everyone = len(silent) == sum(zone.asked for zone in domain.compared)
    addressed = _addressed([where for where, _ in silent])
    params: dict[str, Value] = {
        "who": "The name servers themselves" if is_everyone else addressed,
        "domain": domain.name,
        "why": tuple(dict.fromkeys(answer.outcome for _, answer in silent)),
    }
    asked = tuple(
        Question(Kind.SOA, where.zone, server=where.address, transport=Transport.UDP) for where, _ in silent
    )
    subject = domain.name if is_everyone else listed(one.server for one in addressed)
    yield Finding(Code.NS_UNANSWERED, subject, params, asked)


def _serial(behind: Sequence[ZoneVersion], versions: Sequence[ZoneVersion]) -> SerialBehind | None:
    newest = latest(one.serial for one in versions if one.serial is not None)
    serial = behind[0].serial
    if serial is None or newest is None or serial == newest:
        return None
    return SerialBehind(serial, newest)


def _addressed(those: Sequence[ServerAddress]) -> tuple[ServerAddresses, ...]:
    return tuple(ServerAddresses(one.server, (one.address,)) for one in dict.fromkeys(those))


def _values(answer: Answer) -> tuple[RecordValue, ...]:
    """Return the records that a server holds, an alias in place of all else, none where it has none."""
    data = answer.data
    if not isinstance(data, DnsData):
        return ()
    if data.chain:
        return (CnameValue(data.chain[0].target),)
    values: list[RecordValue] = []
    for record in data.records:
        match record:
            case AddressRecord(address):
                values.append(Ipv6Value(address) if ":" in address else Ipv4Value(address))
            case MxRecord(preference, exchange):
                values.append(MxValue(preference, exchange))
            case TlsaRecord(usage, selector, matching_type, association):
                values.append(TlsaValue(usage, selector, matching_type, association.hex()))
            case TxtRecord():
                values.append(TxtValue.of(record.text))
            case NameRecord(name):
                values.append(CnameValue(name))
            case _:
                pass
    return tuple(values)
