"""Measures at one MX host: its name, its addresses, its certificate, its server, its TLSA records, or its end."""

from collections.abc import Iterable, Iterator

from mxproof.formats.names import canonical, is_host
from mxproof.formats.tls_offer import Offer
from mxproof.judge.checks.mending import (
    address_record,
    key_records,
    mx_records,
    owner,
    retiring,
    tlsa_value,
    withdrawn_addresses,
)
from mxproof.judge.checks.seen import served_policies
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    MxValue,
    PresentCertificate,
    Publish,
    Service,
    Setting,
    Withdraw,
)
from mxproof.mail.domain import (
    Endpoint,
    Host,
    HostState,
    MailDomain,
    Session,
    SessionState,
    TlsaSet,
    TlsaState,
)
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.search.trouble import HostTrouble
from mxproof.survey.reading import tlsa_name

NAMES_TRIED_MAX = 4
"""Names that an MX host could have instead; those of its certificates come first."""

_SETTINGS = {
    SessionState.NO_STARTTLS: Setting.STARTTLS,
    SessionState.STARTTLS_REJECTED: Setting.STARTTLS,
    SessionState.EARLY_DATA: Setting.STARTTLS,
    SessionState.HANDSHAKE_FAILED: Setting.TLS,
    SessionState.TURNED_AWAY: Setting.ANSWERING,
    SessionState.REFUSED: Setting.ANSWERING,
    SessionState.BROKEN: Setting.ANSWERING,
    SessionState.EHLO_REJECTED: Setting.ANSWERING,
    SessionState.HELO_ONLY: Setting.ANSWERING,
    SessionState.HELO_AT_ONCE: Setting.ANSWERING,
}
"""How a server is set up to get past where a session ended; of one that did not answer nothing is known to be wrong."""


def host_measures(domain: MailDomain, trouble: HostTrouble, remembered: tuple[str, ...]) -> Iterator[Measure]:
    """Yield what may be done about one host; `remembered` are names that policies still held list."""
    host = trouble.host
    if host.is_alias and host.endpoints:
        yield Measure(MeasureKind.ADDRESSES, host.name, tuple(_addresses_instead(host)))
        yield Measure(MeasureKind.MX_TARGET, host.name, _renamed(domain, host, host.target))
    failing = [one for one in host.endpoints if one.address in trouble.addresses]
    reached = [one for one in failing if one.not_public is None]
    if reached or not failing:
        yield from _server_measures(trouble, reached)
    yield from _tlsa_measures(domain, trouble)
    for name in _other_names(domain, host, remembered):
        yield Measure(MeasureKind.MX_NAME, host.name, _under_name(domain, host, name))
    if failing and len(failing) < len(host.endpoints):
        gone = withdrawn_addresses(host.target, [one.address for one in failing])
        yield Measure(MeasureKind.DROP_ADDRESS, host.name, gone)
    retired = retiring(domain, host)
    if retired:
        yield Measure(MeasureKind.RETIRE_HOST, host.name, retired)


def _addresses_instead(host: Host) -> Iterator[Change]:
    """Yield all addresses in place of the CNAME, with the keys that stand at its target (RFC 7672 section 2.2.2)."""
    yield Withdraw(host.name, CnameValue(host.chain[1]))
    yield from (address_record(host.name, one.address) for one in host.endpoints)
    if host.tlsa_alias is not None and not host.tlsa_alias.records:
        name = tlsa_name(host.name)
        yield from (Publish(name, tlsa_value(record)) for record in host.tlsa_target.records)


def _renamed(domain: MailDomain, host: Host, name: str) -> tuple[Change, ...]:
    """Return that the MX records of the host name another; only once where that one is named already."""
    old = [one for one in mx_records(domain) if one.exchange == host.name]
    if not old:
        return ()
    taken = any(other.name == name for other in domain.hosts)
    new = () if taken else (Publish(domain.name, MxValue(old[0].preference, name)),)
    return (*(Withdraw(domain.name, one) for one in old), *new)


def _under_name(domain: MailDomain, host: Host, name: str) -> tuple[Change, ...]:
    """Return that the host goes by another name, which then has its addresses."""
    addresses = (address_record(name, one.address) for one in host.endpoints)
    return (*addresses, *_renamed(domain, host, name))


def _other_names(domain: MailDomain, host: Host, remembered: tuple[str, ...]) -> tuple[str, ...]:
    """Return names in the domain by which certificates, policies or addresses know the host already."""
    if not host.endpoints or not mx_records(domain):
        return ()
    sessions = [session for one in host.endpoints for session in one.sessions]
    certified = [
        name
        for session in sessions
        if session.chain is not None and session.chain.leaf is not None
        for name in session.chain.leaf.dns_names
    ]
    named = [name for policy in served_policies(domain) for name in policy.mx]
    reverse = [name for one in host.endpoints for name in one.ptr_names]
    taken = {name for other in domain.hosts for name in (other.name, other.target)}
    found = dict.fromkeys(
        canonical(name)
        for name in (*certified, *named, *remembered, *reverse)
        if is_host(name) and name.endswith(f".{domain.name}") and name not in taken
    )
    return tuple(found)[:NAMES_TRIED_MAX]


def _server_measures(trouble: HostTrouble, failing: list[Endpoint]) -> Iterator[Measure]:
    """Yield a server set up anew where sessions did not get far enough, and a certificate where they did."""
    host = trouble.host
    if host.state in {HostState.LITERAL, HostState.INVALID}:
        return
    settings = {one.address: setting for one in failing if (setting := _setting(one)) is not None}
    if settings:
        changes = [
            change
            for setting in dict.fromkeys(settings.values())
            for change in _set_up(trouble, setting, [at for at, own in settings.items() if own is setting])
        ]
        yield Measure(MeasureKind.SERVER, host.name, tuple(changes))
    shown = [one for one in (failing or host.endpoints) if one.address not in settings and _is_shown(one)]
    certificates = tuple(_certificates(trouble, shown))
    if certificates:
        yield Measure(MeasureKind.CERTIFICATE, host.name, certificates)


def _setting(endpoint: Endpoint) -> Setting | None:
    """Return how the server is to be set up, None where every session with it came to TLS in force."""
    for session in endpoint.sessions:
        if session.state in _SETTINGS:
            return _SETTINGS[session.state]
        if session.speaks_early:
            return Setting.STARTTLS
        if session.tls is not None and (session.tls.outdated or Offer.TLS_1_2 in session.refused):
            return Setting.TLS
    return None


def _is_shown(endpoint: Endpoint) -> bool:
    """Tell whether the address takes connections, so that another certificate could be shown there."""
    return any(session.chain is not None for session in endpoint.sessions)


def _set_up(trouble: HostTrouble, setting: Setting, addresses: list[str]) -> Iterator[Change]:
    host, at = trouble.host, tuple(addresses)
    for name in dict.fromkeys((host.name, host.target)):
        yield Configure(Service.SMTP, name, at, setting)
        yield _certificate(host, name, at, tuple(dict.fromkeys((host.name, *_certifiable(trouble)))))


def _certificates(trouble: HostTrouble, endpoints: Iterable[Endpoint]) -> Iterator[Change]:
    """Yield a certificate for each name asked for: with the names it has, the MX name and those compared."""
    host = trouble.host
    asked: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for endpoint in endpoints:
        for session in endpoint.sessions:
            names = tuple(dict.fromkeys((*_kept_names(session), host.name, *_certifiable(trouble))))
            if not _has_all(session, names):
                asked.setdefault((session.server_name, names), []).append(endpoint.address)
    for (name, wanted), addresses in asked.items():
        yield _certificate(host, name, tuple(addresses), wanted)


def _certifiable(trouble: HostTrouble) -> tuple[str, ...]:
    return tuple(name for name in trouble.compared if is_host(name))


def _kept_names(session: Session) -> tuple[str, ...]:
    """Return the names of the certificate shown, none where there is more wrong with it than its names."""
    chain = session.chain
    if chain is None or chain.leaf is None or chain.trust.fault is not None or chain.weakness:
        return ()
    return chain.leaf.dns_names


def _has_all(session: Session, names: tuple[str, ...]) -> bool:
    return set(names) <= set(_kept_names(session))


def _certificate(
    host: Host, asked: str, addresses: tuple[str, ...], names: tuple[str, ...]
) -> PresentCertificate:
    """Return that the host presents a certificate with the key that TLSA records name, where there are any."""
    sets = (host.tlsa_target, host.tlsa_alias)
    keyed = any(one is not None and one.state is TlsaState.PRESENT for one in sets)
    return PresentCertificate(Service.SMTP, asked, addresses, names, keeps_key=keyed)


def _tlsa_measures(domain: MailDomain, trouble: HostTrouble) -> Iterator[Measure]:
    """Yield records for the keys shown, without those that match none of them, and name servers that answer."""
    host = trouble.host
    sets = [one for one in (host.tlsa_target, host.tlsa_alias) if one is not None]
    for tlsa in sets:
        if tlsa.state is TlsaState.FAILED:
            answering = Configure(Service.DNS, tlsa.question.name, (), Setting.ANSWERING)
            yield Measure(MeasureKind.NAME_SERVERS, host.name, (answering,))
        elif tlsa.records:
            yield from _keyed(host, tlsa)


def _keyed(host: Host, tlsa: TlsaSet) -> Iterator[Measure]:
    chains = [one.session(tlsa.base).chain for one in host.endpoints]
    shown = [chain for chain in chains if chain is not None and chain.leaf is not None]
    present = {tlsa_value(record) for record in tlsa.records}
    new = [one for one in key_records(tlsa, shown) if one.record not in present]
    name = owner(tlsa.question.name, tlsa.answer)
    unmatched = [one for one in tlsa.records if all(chain.matched_by(one) is None for chain in shown)]
    gone = [Withdraw(name, tlsa_value(record)) for record in unmatched]
    if new or gone:
        yield Measure(MeasureKind.TLSA_RECORDS, host.name, (*new, *gone))
