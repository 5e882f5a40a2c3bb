"""Measures that may help, made from what senders refuse for: nothing is known here of scenarios or findings.

Each names what was seen: an alias and its target, the names compared and those of the certificate, the sessions at an
address, the records beside the keys. Whether a measure helps is found out by whoever judges the world after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

import msgspec

from mxproof.formats.mtasts import LENIENT, Mode, Policy, repeated_fields
from mxproof.formats.names import is_host
from mxproof.judge.checks.mending import announced, completed, mx_records
from mxproof.judge.checks.seen import NO_HOSTS, served_policies, served_policy
from mxproof.judge.checks.served import behind
from mxproof.judge.report import Delivery
from mxproof.mail.change import (
    Awaited,
    Change,
    Configure,
    PresentCertificate,
    ServePolicy,
    Service,
    Setting,
    Wait,
    Withdraw,
)
from mxproof.mail.domain import MailDomain, RecordState
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.memory import Memory, SenderMemory
from mxproof.mail.trust import Chain
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.search.host_candidate import host_measures
from mxproof.remedy.search.trouble import HostTrouble, troubles
from mxproof.survey.reading import NULL_EXCHANGE

_READ_BY_SOME = frozenset({FetchState.FETCHED, FetchState.ENCODED, FetchState.OVERSIZE})
"""What some sender may take a policy from."""
_MUTE = {
    FetchState.UNKNOWN: Setting.ANSWERING,
    FetchState.UNCONNECTED: Setting.ANSWERING,
    FetchState.TLS_FAILED: Setting.TLS,
    FetchState.TLS_OUTDATED: Setting.TLS,
}
"""How the policy host is set up to get past where a fetch ended."""
FIRST_POLICY_MAX_AGE_S = 604_800
"""What a policy has for its max_age that was none before."""


def candidates(
    domain: MailDomain, failing: Sequence[Delivery], memories: tuple[SenderMemory, ...], *, secure: bool
) -> tuple[Measure, ...]:
    """Return the measures that bear on why `failing` senders do not deliver, the plainest first; no measure twice.

    Where no connection to port 25 came through at all, the fault may be here, and nothing is proposed. `secure` asks also for what has senders insist on protection that nobody asks of them yet.
    """
    if domain.blocked:
        return ()
    found = troubles(domain, failing)
    remembered = _remembered_names(memories)
    every = [
        *_policy_measures(domain, found, secure=secure),
        *(measure for one in found for measure in host_measures(domain, one, remembered)),
        *_policy_host_measures(domain, found, secure=secure),
        *_null_mx(domain),
        *_name_servers(domain),
        *_waiting(domain, memories),
    ]
    return tuple(dict.fromkeys(every))


def _remembered_names(memories: Iterable[SenderMemory]) -> tuple[str, ...]:
    policies = [one.policy(LENIENT) for one in memories if isinstance(one, Memory)]
    names = (name for policy in policies if policy is not None for name in policy.mx)
    return tuple(dict.fromkeys(name for name in names if is_host(name)))


def _policy_measures(domain: MailDomain, found: Sequence[HostTrouble], *, secure: bool) -> Iterator[Measure]:
    """Yield that the policy lists every name compared, and that one record announces it.

    Where no address of the policy host gets as far as an answer, there is nowhere to serve one before that is mended.
    """
    served, fetches = served_policy(domain), domain.policy_host.fetches
    misread = any(one.state in _READ_BY_SOME for one in fetches)
    if all(one.state in _MUTE for one in fetches) or (served is None and not misread and not secure):
        return
    policy = served or Policy(Mode.ENFORCE, FIRST_POLICY_MAX_AGE_S)
    if secure and policy.mode is not Mode.ENFORCE:
        policy = msgspec.structs.replace(policy, mode=Mode.ENFORCE)
    wanted = completed(domain, _listing(policy, found))
    announcing = announced(domain)
    changed = wanted != served or _is_read_differently(domain)
    if changed:
        yield Measure(MeasureKind.SERVE_POLICY, "", (ServePolicy(domain.name, wanted), *announcing))
    if announcing and _is_record_faulty(domain):
        yield Measure(MeasureKind.ANNOUNCE, "", announcing)


def _listing(policy: Policy, found: Sequence[HostTrouble]) -> Policy:
    """Return the policy with a pattern for each name that a sender compared and did not find (RFC 8461 section 4.1)."""
    if policy.mode is Mode.NONE:
        return policy
    names = dict.fromkeys(
        name for one in found if one.host.state not in NO_HOSTS for name in one.compared if is_host(name)
    )
    return msgspec.structs.replace(
        policy, mx=(*policy.mx, *(name for name in names if not policy.matches(name)))
    )


def _is_read_differently(domain: MailDomain) -> bool:
    """Tell whether what is served is one thing to one sender and another to the next."""
    fetches = domain.policy_host.fetches
    faulty = any(
        one.state is not FetchState.FETCHED
        or one.examination is None
        or one.examination.strict is None
        or one.media_type != "text/plain"
        or repeated_fields(one.body)
        for one in fetches
    )
    return faulty or len(served_policies(domain)) > 1 or _is_record_faulty(domain)


def _is_record_faulty(domain: MailDomain) -> bool:
    record = domain.record
    several = len(record.candidates) + len(record.near) > 1
    return record.state is not RecordState.ONE or record.strict is None or several


def _policy_host_measures(
    domain: MailDomain, found: Sequence[HostTrouble], *, secure: bool
) -> Iterator[Measure]:
    """Yield that the policy is served where it cannot be fetched, over TLS with a certificate for the host."""
    host, policy = domain.policy_host, served_policy(domain)
    unfit = [one for one in host.fetches if one.state is FetchState.CERTIFICATE or _is_weak(one.chain)]
    if unfit:
        addresses = tuple(one.address for one in unfit)
        shown = PresentCertificate(Service.HTTPS, host.name, addresses, (host.name,), keeps_key=False)
        yield Measure(MeasureKind.POLICY_HOST, "", (shown,))
    mute: dict[Setting, list[str]] = {}
    for one in host.fetches:
        if one.state in _MUTE:
            mute.setdefault(_MUTE[one.state], []).append(one.address)
    if mute and (policy is not None or secure):
        made = (Configure(Service.HTTPS, host.name, tuple(at), setting) for setting, at in mute.items())
        meant = completed(domain, _listing(policy or Policy(Mode.ENFORCE, FIRST_POLICY_MAX_AGE_S), found))
        yield Measure(
            MeasureKind.POLICY_HOST, "", (*made, ServePolicy(domain.name, meant), *announced(domain))
        )


def _is_weak(chain: Chain | None) -> bool:
    return chain is not None and bool(chain.weakness)


def _null_mx(domain: MailDomain) -> Iterator[Measure]:
    """Yield that a null MX goes which stands beside others (RFC 7505 section 3)."""
    if domain.mx.null_beside:
        gone: tuple[Change, ...] = tuple(
            Withdraw(domain.name, one) for one in mx_records(domain) if one.exchange == NULL_EXCHANGE
        )
        yield Measure(MeasureKind.NULL_MX, "", gone)


def _name_servers(domain: MailDomain) -> Iterator[Measure]:
    """Yield that the servers of a zone serve one version: the newest, or each where none is known to be."""
    for zone in domain.compared:
        if not zone.versions or zone.differs_by_design:
            continue
        older = behind(zone.versions)
        undecided = len(older) == len(zone.versions)
        for gone in (
            ([one for one in older if one is not kept] for kept in zone.versions) if undecided else (older,)
        ):
            at = tuple(dict.fromkeys(where.address for version in gone for where in version.servers))
            made = Configure(Service.DNS, zone.name, at, Setting.CURRENT)
            yield Measure(MeasureKind.NAME_SERVERS, "", (made,))


def _waiting(domain: MailDomain, memories: Iterable[SenderMemory]) -> Iterator[Measure]:
    """Yield that the policies which senders still hold are over (RFC 8461 section 3.2)."""
    ends = [one.ends_at(LENIENT) for one in memories if isinstance(one, Memory)]
    last = max(ends, default=domain.at)
    if last > domain.at:
        seconds = ceil((last - domain.at).total_seconds())
        yield Measure(MeasureKind.WAIT, "", (Wait(domain.name, Awaited.MAX_AGE, seconds, last),))
