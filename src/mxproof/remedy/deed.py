"""What a measure comes to, as values for whoever tells of it: at which host it is done, and what is new there.

    deed_of(measure, domain) -> Deed

| kind | `names` are |
|---|---|
| `serve-policy` | the patterns that the policy has not had |
| `mx-target`, `mx-name` | the name in the MX record afterwards |
| `retire-host` | none: the host is what goes |
| `drop-address`, `server`, `policy-host` | the addresses, none where they are all that the host has |
| `certificate` | the names that the certificate shown now does not hold, none where it is another fault |
| `tlsa-records` | the owners of records that are published, none where some only go |
| `name-servers` | the name that is answered for, or the addresses of the servers that are behind |
"""

from collections.abc import Iterator

import msgspec

from mxproof.judge.checks.seen import served_policy
from mxproof.mail.change import (
    Change,
    Configure,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Setting,
    Withdraw,
)
from mxproof.mail.domain import Host, MailDomain
from mxproof.remedy.measure import Measure, MeasureKind


class Deed(msgspec.Struct, frozen=True):
    """One thing done: `about` is the MX host, or empty where it is for all of them; the table of the module says more.

    `setting` is how a server is set up, None where none is.
    """

    kind: MeasureKind
    about: str
    names: tuple[str, ...]
    setting: Setting | None = None


def deed_of(measure: Measure, domain: MailDomain) -> Deed:
    """Return what `measure` comes to in `domain` as it is before it."""
    settings = (one.setting for one in measure.changes if isinstance(one, Configure))
    names = tuple(dict.fromkeys(_names(measure, domain)))
    return Deed(measure.kind, measure.about, names, next(settings, None))


def _names(measure: Measure, domain: MailDomain) -> Iterator[str]:
    host = next((one for one in domain.hosts if one.name == measure.about), None)
    match measure.kind:
        case MeasureKind.SERVE_POLICY:
            served = served_policy(domain)
            for change in measure.changes:
                if isinstance(change, ServePolicy):
                    yield from (one for one in change.policy.mx if served is None or one not in served.mx)
        case MeasureKind.MX_TARGET | MeasureKind.MX_NAME:
            yield from _exchanges(measure.changes)
        case MeasureKind.DROP_ADDRESS:
            yield from _addresses_gone(measure.changes)
        case MeasureKind.SERVER | MeasureKind.POLICY_HOST:
            yield from _addresses_set_up(measure, domain, host)
        case MeasureKind.CERTIFICATE:
            yield from _names_new(measure.changes, host)
        case MeasureKind.TLSA_RECORDS:
            yield from (one.name for one in measure.changes if isinstance(one, Publish))
        case MeasureKind.NAME_SERVERS:
            for change in measure.changes:
                if isinstance(change, Configure):
                    yield from change.addresses or (change.host,)
        case _:
            return


def _exchanges(changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes:
        if isinstance(change, Publish) and isinstance(change.record, MxValue):
            yield change.record.exchange


def _addresses_gone(changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes:
        if isinstance(change, Withdraw) and isinstance(change.record, Ipv4Value | Ipv6Value):
            yield change.record.address


def _addresses_set_up(measure: Measure, domain: MailDomain, host: Host | None) -> Iterator[str]:
    """Yield the addresses that are set up, none where they are all there are."""
    every = (
        {one.address for one in domain.policy_host.fetches}
        if measure.kind is MeasureKind.POLICY_HOST
        else {one.address for one in host.endpoints}
        if host is not None
        else set()
    )
    touched = [
        address
        for one in measure.changes
        if isinstance(one, Configure | PresentCertificate)
        for address in one.addresses
    ]
    if every - set(touched):
        yield from touched


def _names_new(changes: tuple[Change, ...], host: Host | None) -> Iterator[str]:
    shown = {
        name
        for endpoint in (host.endpoints if host is not None else ())
        for session in endpoint.sessions
        if session.chain is not None and session.chain.leaf is not None
        for name in session.chain.leaf.dns_names
    }
    for change in changes:
        if isinstance(change, PresentCertificate):
            yield from (name for name in change.names if name not in shown)
