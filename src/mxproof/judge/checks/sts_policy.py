"""The policy host and the policy it serves."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from mxproof.evidence import ANSWERED, Outcome, Question
from mxproof.formats.mtasts import LENIENT, STRICT, Mode, Policy, repeated_fields
from mxproof.judge.checks.mending import (
    announced,
    completed,
    is_delegated,
    policy_to_serve,
    served_at_all,
    serving,
    withdrawn_addresses,
)
from mxproof.judge.checks.seen import is_bogus, served_policy, unlisted, unsettled
from mxproof.judge.checks.sts_record import rivals
from mxproof.judge.codes import OF_SILENCE, Code
from mxproof.judge.enforcing import enforcing
from mxproof.judge.report import Finding
from mxproof.judge.senders.library import taken_by_some
from mxproof.judge.value import HostFault, NextFault, NotPublic, Value
from mxproof.mail.change import Change, Configure, PresentCertificate, Service, Setting
from mxproof.mail.domain import HostState, MailDomain, PolicyFetch, RecordState
from mxproof.mail.fetch_state import FetchState

MAX_AGE_SHORT_S = 7 * 86_400
"""RFC 8461 section 10.2 wants the longest practical max_age and expects weeks or more."""

SLOW_MS = 2000
"""A plain file is there in well under a second; a sender that gives up after four is known."""
_UNTRIED = frozenset({FetchState.UNKNOWN, FetchState.WITHHELD})
_FAILURES = {
    FetchState.UNCONNECTED: Code.STS_POLICY_UNCONNECTED,
    FetchState.UNKNOWN: Code.STS_POLICY_TIMEOUT,
    FetchState.TLS_FAILED: Code.STS_POLICY_TLS_FAILED,
    FetchState.TLS_OUTDATED: Code.STS_POLICY_TLS_OLD,
    FetchState.CERTIFICATE: Code.STS_POLICY_CERT_INVALID,
    FetchState.STATUS: Code.STS_POLICY_STATUS,
    FetchState.REDIRECT: Code.STS_POLICY_REDIRECT,
    FetchState.INCOMPLETE: Code.STS_POLICY_INCOMPLETE,
    FetchState.OVERSIZE: Code.STS_POLICY_OVERSIZE,
    FetchState.ENCODED: Code.STS_POLICY_ENCODED,
}


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the policy host at every address and the policy it serves (RFC 8461 sections 3.2 and 3.3).

    Where it is not known whether a policy is announced, the host of one may well be missing, and nothing is wrong.
    """
    if domain.record.state is RecordState.NONE and not domain.record.near and served_policy(domain) is None:
        return
    found = _faults(domain)
    if domain.record.state is RecordState.UNKNOWN and served_policy(domain) is None:
        found = (one for one in found if one.code in OF_SILENCE)
    yield from found


def _faults(domain: MailDomain) -> Iterator[Finding]:
    """Yield all that is to be said of a domain whose record announces a policy."""
    unreachable = _host_fault(domain)
    if unreachable is not None:
        yield unreachable
        return
    faults = [*_not_public(domain), *_fetch_faults(domain), *_text_faults(domain), *_differences(domain)]
    yield from (*faults, *_without_ipv4(domain), *_slow(domain))
    policy = served_policy(domain)
    if policy is not None:
        yield from _remarks(domain, policy)
        if not faults and domain.record.strict is not None and not rivals(domain.record):
            yield _finding(domain, Code.STS_OK, policy=policy, id=domain.record.strict.id)


def _host_fault(domain: MailDomain) -> Finding | None:
    """Return what keeps a sender from finding the policy host at all (RFC 8461 section 3.3)."""
    host = domain.policy_host
    if host.state is HostState.RESOLVED:
        return None
    unknown = host.state is HostState.UNKNOWN
    code = Code.STS_POLICY_HOST_UNANSWERED if unknown else Code.STS_POLICY_HOST_MISSING
    changes = () if unknown else serving(domain)
    seen = HostFault(host.state, host.aliases, unsettled(host.state, host.answers))
    questions = (*([] if unknown else [domain.record.question]), *host.questions)
    way = "bogus" if unknown and is_bogus(domain, host) else ""
    return Finding(code, host.name, {"domain": domain.name, "seen": seen}, questions, changes, way)


def _not_public(domain: MailDomain) -> Iterator[Finding]:
    """Yield that the policy host has addresses which cannot be reached from everywhere (RFC 6890 section 2)."""
    fetches = domain.policy_host.fetches
    odd = [fetch for fetch in fetches if fetch.not_public is not None]
    if odd:
        name = (domain.policy_host.name, *domain.policy_host.aliases)[-1]
        changes = (
            withdrawn_addresses(name, [fetch.address for fetch in odd]) if len(odd) < len(fetches) else ()
        )
        seen = tuple(NotPublic(fetch.address, fetch.not_public) for fetch in odd if fetch.not_public)
        found = _about(domain, Code.STS_POLICY_ADDRESS_NOT_PUBLIC, odd, changes, seen=seen)
        evidence = (*domain.policy_host.questions, *found.evidence)
        yield msgspec.structs.replace(found, evidence=evidence, way="withdraw" if changes else "")


def _without_ipv4(domain: MailDomain) -> Iterator[Finding]:
    """Yield that senders without IPv6 get no policy (RFC 8461 section 3.3), where both families were asked."""
    host = domain.policy_host
    addresses = tuple(fetch.address for fetch in host.fetches)
    known = {4, 6} <= {*domain.vantage.families} and all(one.outcome in ANSWERED for one in host.answers)
    if known and all(":" in one for one in addresses):
        params: dict[str, Value] = {"domain": domain.name, "addresses": addresses}
        questions = (domain.record.question, *host.questions)
        yield Finding(Code.STS_POLICY_IPV4_MISSING, host.name, params, questions)


def _slow(domain: MailDomain) -> Iterator[Finding]:
    """Yield that mail waits for the policy (RFC 8461 section 3.3)."""
    fetches = domain.policy_host.fetches
    slow = [one for one in fetches if one.state is FetchState.FETCHED and one.answer.elapsed_ms >= SLOW_MS]
    if slow:
        slowest_ms = max(one.answer.elapsed_ms for one in slow)
        yield _about(domain, Code.STS_POLICY_SLOW, slow, (), slowest_ms=slowest_ms)


def _weaknesses(fetch: PolicyFetch) -> Iterator[str]:
    """Yield what keeps some senders, and not all, from trusting the certificate of the policy host."""
    if fetch.chain is None:
        return
    if fetch.chain.weakness:
        yield fetch.chain.weakness
    if fetch.state is not FetchState.CERTIFICATE:
        yield from (why for _, why in taken_by_some(fetch.chain))


def _fetch_faults(domain: MailDomain) -> Iterator[Finding]:
    """Yield one finding for each way in which addresses fail; one that cannot be tried from here is left out."""
    fetches = [fetch for fetch in domain.policy_host.fetches if fetch.state is not FetchState.WITHHELD]
    untried = [fetch for fetch in fetches if fetch.answer.outcome in {Outcome.UNREACHABLE, Outcome.UNASKED}]
    failed: dict[Code, list[PolicyFetch]] = defaultdict(list)
    for fetch in fetches:
        if fetch.state in _FAILURES and (fetch not in untried or len(untried) == len(fetches)):
            failed[_FAILURES[fetch.state]].append(fetch)
        if tuple(_weaknesses(fetch)):
            failed[Code.STS_POLICY_CERT_WEAK].append(fetch)
    for code, alike in failed.items():
        weak = tuple(why for one in alike for why in _weaknesses(one))
        seen: Value = weak if code is Code.STS_POLICY_CERT_WEAK else tuple(alike)
        provider = (domain.policy_host.name, *domain.policy_host.aliases)[-1]
        after = tuple(dict.fromkeys(fault for one in alike for fault in _next_faults(domain, one)))
        changes = _reaching(domain, code, alike)
        found = _about(domain, code, alike, changes, seen=seen, provider=provider, next=after)
        delegated = code is Code.STS_POLICY_CERT_INVALID and is_delegated(domain)
        yield msgspec.structs.replace(found, way="delegated" if delegated else "")


def _next_faults(domain: MailDomain, fetch: PolicyFetch) -> Iterator[NextFault]:
    """Foretell what will be wrong once the session may be trusted."""
    if fetch.behind is None:
        return
    policy = None
    if fetch.foretold is not None:
        policy = fetch.foretold.strict or fetch.foretold.lenient
    if policy is None:
        yield NextFault(fetch)
    elif policy.mode is not Mode.NONE:
        names = [host.name for host in domain.hosts if host.state is HostState.RESOLVED]
        left_out = tuple(name for name in names if not policy.matches(name))
        if left_out:
            yield NextFault(None, left_out)


def _reaching(domain: MailDomain, code: Code, failed: list[PolicyFetch]) -> tuple[Change, ...]:
    """Return what lets senders reach a policy at the addresses that failed in this way."""
    host, addresses = domain.policy_host.name, tuple(fetch.address for fetch in failed)
    served = served_at_all(domain, policy_to_serve(domain))
    match code:
        case Code.STS_POLICY_TIMEOUT:
            return ()
        case Code.STS_POLICY_UNCONNECTED:
            return (Configure(Service.HTTPS, host, addresses, Setting.ANSWERING), *served)
        case Code.STS_POLICY_TLS_FAILED | Code.STS_POLICY_TLS_OLD:
            return (Configure(Service.HTTPS, host, addresses, Setting.TLS), *served)
        case Code.STS_POLICY_CERT_INVALID | Code.STS_POLICY_CERT_WEAK:
            return (PresentCertificate(Service.HTTPS, host, addresses, (host,), keeps_key=False),)
        case _:
            return serving(domain)


def _rewritten(domain: MailDomain, code: Code, fetches: list[PolicyFetch], **params: Value) -> Finding:
    """Return a finding that is mended by one text, which all read alike, at every address, and by a new id.

    The words have that very text, since what else might be put there was not judged.
    """
    served = served_at_all(domain, policy_to_serve(domain))
    policy = served[0].policy if served else None
    found = _about(domain, code, fetches, (*served, *announced(domain)), policy=policy, **params)
    return found if policy is not None else msgspec.structs.replace(found, way="unwritten")


def _text_faults(domain: MailDomain) -> Iterator[Finding]:
    """Yield what is wrong with the texts served, each text once (RFC 8461 section 3.2)."""
    texts: dict[bytes, list[PolicyFetch]] = defaultdict(list)
    mistyped: dict[str, list[PolicyFetch]] = defaultdict(list)
    for fetch in domain.policy_host.fetches:
        if fetch.examination is not None:
            texts[fetch.body].append(fetch)
            if fetch.media_type != "text/plain":
                mistyped[fetch.media_type].append(fetch)
    for media_type, alike in mistyped.items():
        yield _about(domain, Code.STS_POLICY_MEDIA_TYPE, alike, serving(domain), media_type=media_type)
    for alike in texts.values():
        examination = alike[0].examination
        if examination is not None and examination.strict is None:
            invalid = examination.lenient is None
            code = Code.STS_POLICY_INVALID if invalid else Code.STS_POLICY_AMBIGUOUS
            yield _rewritten(domain, code, alike, faults=examination.objections)
        elif repeated := repeated_fields(alike[0].body):
            yield _rewritten(domain, Code.STS_POLICY_AMBIGUOUS, alike, faults=repeated)


def _differences(domain: MailDomain) -> Iterator[Finding]:
    """Yield where a sender's policy depends on which address it happens to ask."""
    fetches = [fetch for fetch in domain.policy_host.fetches if fetch.state not in _UNTRIED]
    if len({_view(fetch) for fetch in fetches}) > 1 and served_policy(domain) is not None:
        yield _rewritten(domain, Code.STS_POLICY_DIFFERS, fetches, views=tuple(fetches))


def _view(fetch: PolicyFetch) -> tuple[Mode, int, tuple[str, ...]] | None:
    """Return what the policy of one address demands, None where it has none."""
    policy = fetch.read(STRICT) or fetch.read(LENIENT)
    return None if policy is None else (policy.mode, policy.max_age_s, policy.mx)


def _remarks(domain: MailDomain, policy: Policy) -> Iterator[Finding]:
    """Yield what a valid policy itself gives reason to say (RFC 8461 sections 5 and 10.2)."""
    if policy.mode is Mode.TESTING:
        enforced = msgspec.structs.replace(policy, mode=Mode.ENFORCE)
        would = enforcing(domain, policy, enforced)
        changes = serving(domain, enforced) if would.is_safe else ()
        if would.refusing:
            breaks = _finding(domain, Code.STS_ENFORCE_BREAKS, enforcing=would)
            tried = tuple(_tried(domain))
            yield msgspec.structs.replace(breaks, evidence=(*breaks.evidence, *tried))
        yield _finding(domain, Code.STS_MODE_TESTING, changes, enforcing=would)
    elif policy.mode is Mode.NONE:
        again = completed(domain, msgspec.structs.replace(policy, mode=Mode.ENFORCE))
        would = enforcing(domain, policy, again)
        yield _finding(domain, Code.STS_MODE_NONE, max_age=policy.max_age_s, enforcing=would)
    elif policy.max_age_s < MAX_AGE_SHORT_S and not unlisted(domain):
        longer = msgspec.structs.replace(policy_to_serve(domain), max_age_s=MAX_AGE_SHORT_S)
        changes = serving(domain, longer)
        params: dict[str, Value] = {"max_age": policy.max_age_s, "wanted": MAX_AGE_SHORT_S}
        yield _finding(domain, Code.STS_MAX_AGE_SHORT, changes, **params)


def _tried(domain: MailDomain) -> Iterator[Question]:
    """Yield the questions whose answers tell what senders meet beside the policy."""
    yield from (domain.record.question, domain.mx.question)
    for host in domain.hosts:
        yield from (*host.questions, host.tlsa_target.question)
        yield from (session.question for endpoint in host.endpoints for session in endpoint.sessions)


def _finding(domain: MailDomain, code: Code, changes: tuple[Change, ...] = (), **params: Value) -> Finding:
    """Return a finding about the text that is served; only that all is in order says something of the record too."""
    fetches = tuple(fetch.question for fetch in domain.policy_host.fetches)
    questions = (domain.record.question, *fetches) if code is Code.STS_OK else fetches
    return Finding(code, domain.policy_host.name, {"domain": domain.name, **params}, questions, changes)


def _about(
    domain: MailDomain, code: Code, fetches: list[PolicyFetch], changes: tuple[Change, ...], **params: Value
) -> Finding:
    """Return a finding about some of the addresses."""
    addresses = tuple(fetch.address for fetch in fetches)
    words: dict[str, Value] = {"domain": domain.name, "addresses": addresses, **params}
    questions = tuple(fetch.question for fetch in fetches)
    if code not in OF_SILENCE and domain.record.state is not RecordState.UNKNOWN:
        questions = (domain.record.question, *questions)
    return Finding(code, domain.policy_host.name, words, questions, changes)
