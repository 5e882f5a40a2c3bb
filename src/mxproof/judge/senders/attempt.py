"""One sender at one MX host, with every open question settled: the attempts it makes and how each ends.

A `Stance` is a sender with its possibilities narrowed to one: one policy case, one reading of SNI, one precedence of
DANE and MTA-STS. The engine tries every stance; here each is plain.
"""

from collections.abc import Iterator

import msgspec

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.senders.dane import NOTHING, DaneDemand, Demand, dane_problem, demands
from mxproof.judge.senders.held import NO_POLICY, Case, in_force
from mxproof.judge.senders.problem import (
    Problem,
    certificate_problem,
    judged_names,
    mx_problem,
    unencrypted_problem,
)
from mxproof.judge.senders.protection import Protection, Rules, protection
from mxproof.judge.senders.traits import JudgedName, Precedence, Traits
from mxproof.judge.vocabulary import ResultType, Security, Verdict
from mxproof.mail.domain import Endpoint, Host, HostState, MailDomain, Session, SessionState


class Stance(msgspec.Struct, frozen=True):
    """A sender with every possibility narrowed to one."""

    traits: Traits
    case: Case
    sni: JudgedName
    precedence: Precedence

    @property
    def policy(self) -> Policy | None:
        """The policy this sender acts on, None where none is in force."""
        return in_force(self.case.policy, honours_testing=self.traits.honours_testing)


class Try(msgspec.Struct, frozen=True):
    """One attempt at one place; `address` None where the sender never gets as far as connecting.

    `problem` beside a delivering verdict is a failure that does not stop the mail (mode testing).
    """

    host: Host
    address: str | None
    judged_name: str
    verdict: Verdict
    detail: str
    result_type: ResultType | None = None
    code: Code | None = None
    security: Security | None = None


_UNRESOLVED = {
    HostState.INVALID: (Verdict.REFUSED, Code.MX_NAME_INVALID, "the MX record does not hold a host name"),
    HostState.NXDOMAIN: (Verdict.REFUSED, Code.MX_DANGLING, "the host does not exist"),
    HostState.NO_ADDRESS: (Verdict.REFUSED, Code.MX_DANGLING, "the host has no address"),
    HostState.UNKNOWN: (
        Verdict.UNKNOWN,
        Code.MX_HOST_UNANSWERED,
        "the host's addresses could not be found out",
    ),
}

_CLOSED_DOORS = {
    SessionState.REFUSED: (Verdict.REFUSED, Code.SMTP_UNREACHABLE, "the connection is refused"),
    SessionState.BROKEN: (Verdict.REFUSED, Code.SMTP_BROKEN, "the SMTP dialogue breaks off"),
    SessionState.TURNED_AWAY: (Verdict.REFUSED, Code.SMTP_TURNED_AWAY, "the server turns the client away"),
    SessionState.EARLY_DATA: (
        Verdict.UNKNOWN,
        Code.STARTTLS_EARLY_DATA,
        "the server speaks before TLS begins",
    ),
    SessionState.UNKNOWN: (Verdict.UNKNOWN, Code.SMTP_UNANSWERED, "no answer from port 25"),
}


def tries(domain: MailDomain, host: Host, stance: Stance) -> Iterator[Try]:
    """Yield the attempts of a sender at one host: one, or one for each address."""
    if host.state in _UNRESOLVED and not host.endpoints:
        yield _unresolved(domain, host, stance.traits)
        return
    if stance.precedence is Precedence.DOMAIN_WIDE and domain.vantage.validating:
        yield from _domain_wide_tries(domain, host, stance)
        return
    dane = demands(domain, host, stance.traits)
    if stance.precedence is Precedence.STS_FIRST and stance.policy is not None:
        dane = dane[-1:] if dane[-1].demand is Demand.NOTHING else (DaneDemand(Demand.NOTHING),)
    alternatives = [list(_host_tries(domain, host, stance, demand)) for demand in dane]
    if len(alternatives) == 1:
        yield from alternatives[0]
        return
    for secure, insecure in zip(*_aligned(host, alternatives), strict=True):
        yield insecure if secure.verdict is insecure.verdict else _unjudged(secure)


def _domain_wide_tries(domain: MailDomain, host: Host, stance: Stance) -> Iterator[Try]:
    """Yield the attempts of a sender that chose DANE or the policy once for all hosts.

    Where it chose neither, each host is tried as its TLSA records ask, whether or not the MX answer is secure
    (observed: smtp_tls_dane_insecure_mx_policy, postconf(5)).
    """
    ruling = protection(domain, stance.policy, stance.traits, Rules())
    if ruling.protection is Protection.UNDECIDED:
        failed = any(one.demand is Demand.REFUSAL for one in ruling.standings)
        verdict = Verdict.REFUSED if failed else Verdict.UNKNOWN
        code = Code.DANE_LOOKUP_FAILED if failed else Code.DANE_UNANSWERED
        kind = ResultType.DNSSEC_INVALID if failed else None
        detail = f"the TLSA look-up of {', '.join(ruling.undecided())} fails, which holds up the domain"
        yield Try(host, None, host.name, verdict, detail, kind, code)
        return
    if ruling.protection is Protection.STS:
        yield from _host_tries(domain, host, stance, NOTHING)
        return
    by_host = msgspec.structs.replace(stance.traits, dane_needs_secure_mx=False)
    demand = demands(domain, host, by_host)[0]
    if ruling.protection is Protection.DANE_ONLY or demand.demand is not Demand.NOTHING:
        without = msgspec.structs.replace(stance, case=NO_POLICY)
        yield from _host_tries(domain, host, without, demand)
    else:
        enforced = stance.policy is not None and stance.policy.mode is Mode.ENFORCE
        without = msgspec.structs.replace(stance, case=NO_POLICY) if enforced else stance
        yield from _host_tries(domain, host, without, NOTHING)


def _unresolved(domain: MailDomain, host: Host, traits: Traits) -> Try:
    """End at a host without addresses; bogus ones stop a sender that validates (RFC 7672 section 2.1.2)."""
    if any(question in domain.bogus for question in host.questions):
        detail = "the DNSSEC signatures of the host's addresses do not verify"
        if traits.dane:
            return Try(
                host, None, host.name, Verdict.REFUSED, detail, ResultType.DNSSEC_INVALID, Code.DNSSEC_BOGUS
            )
        return Try(host, None, host.name, Verdict.UNKNOWN, detail, code=Code.DNSSEC_BOGUS)
    verdict, code, detail = _UNRESOLVED[host.state]
    return Try(host, None, host.name, verdict, detail, code=code)


def _unjudged(attempt: Try) -> Try:
    detail = "TLSA records exist; whether they are DNSSEC-secure cannot be told from here"
    return msgspec.structs.replace(
        attempt,
        verdict=Verdict.UNKNOWN,
        detail=detail,
        code=Code.DANE_UNJUDGED,
        result_type=None,
        security=None,
    )


def _aligned(host: Host, alternatives: list[list[Try]]) -> list[list[Try]]:
    """Spread attempts that end before connecting over the host's addresses, so that alternatives pair up."""
    addresses = [endpoint.address for endpoint in host.endpoints]

    def spread(attempts: list[Try]) -> list[Try]:
        if len(attempts) == len(addresses):
            return attempts
        return [msgspec.structs.replace(attempts[0], address=address) for address in addresses]

    return [spread(attempts) for attempts in alternatives]


def _host_tries(domain: MailDomain, host: Host, stance: Stance, dane: DaneDemand) -> Iterator[Try]:
    judged = _shown_name(host, stance)
    if dane.demand is Demand.REFUSAL:
        detail = f"the TLSA look-up at _25._tcp.{dane.base} fails, so that nothing may be delivered"
        yield Try(
            host, None, dane.base, Verdict.REFUSED, detail, ResultType.DNSSEC_INVALID, Code.DANE_LOOKUP_FAILED
        )
        return
    if dane.demand is Demand.UNKNOWN:
        detail = f"the TLSA look-up at _25._tcp.{dane.base} was not answered"
        yield Try(host, None, dane.base, Verdict.UNKNOWN, detail, code=Code.DANE_UNANSWERED)
        return
    policy = _applied_policy(stance, dane)
    if policy is not None and stance.traits.policy_name is not JudgedName.PTR:
        problem = mx_problem(host, None, policy, stance.traits.policy_name)
        if problem is not None and policy.mode is Mode.ENFORCE:
            yield Try(host, None, judged, Verdict.REFUSED, problem.detail, problem.result_type, problem.code)
            return
    for endpoint in host.endpoints:
        yield _endpoint_try(domain, host, endpoint, stance, dane, policy)


def _applied_policy(stance: Stance, dane: DaneDemand) -> Policy | None:
    """Return the policy that has a say at a host with this demand of DANE (RFC 8461 section 2)."""
    authenticated = dane.demand is Demand.AUTHENTICATION
    return None if authenticated and stance.precedence is Precedence.DANE_FIRST else stance.policy


def _endpoint_try(
    domain: MailDomain,
    host: Host,
    endpoint: Endpoint,
    stance: Stance,
    dane: DaneDemand,
    policy: Policy | None,
) -> Try:
    judged = _shown_name(host, stance, endpoint)
    session = endpoint.session(dane.base or (host.target if stance.sni is JudgedName.TARGET else host.name))
    problem = _policy_problem(host, endpoint, policy, stance)
    if problem is not None and policy is not None and policy.mode is Mode.ENFORCE:
        return Try(
            host, endpoint.address, judged, Verdict.REFUSED, problem.detail, problem.result_type, problem.code
        )
    if session.state in _CLOSED_DOORS:
        verdict, code, detail = _CLOSED_DOORS[session.state]
        code = Code.PORT_25_BLOCKED if domain.blocked else code
        seen = f"{detail} ({session.answer.detail})" if session.answer.detail else detail
        return Try(host, endpoint.address, judged, verdict, seen, code=code)
    problem = problem or _session_problem(domain, host, endpoint, session, stance, dane, policy)
    return _ended(host, endpoint, judged, session, dane, policy, problem)


def _policy_problem(host: Host, endpoint: Endpoint, policy: Policy | None, stance: Stance) -> Problem | None:
    return None if policy is None else mx_problem(host, endpoint, policy, stance.traits.policy_name)


def _session_problem(
    domain: MailDomain,
    host: Host,
    endpoint: Endpoint,
    session: Session,
    stance: Stance,
    dane: DaneDemand,
    policy: Policy | None,
) -> Problem | None:
    unencrypted = unencrypted_problem(session)
    if unencrypted is not None:
        return unencrypted
    problem = None if dane.demand is Demand.NOTHING else dane_problem(domain, host, session, dane)
    pruned = stance.precedence is Precedence.PRUNE_FIRST and dane.demand is Demand.AUTHENTICATION
    if problem is None and policy is not None and not pruned:
        problem = certificate_problem(host, endpoint, session.chain, policy, stance.traits.certificate_name)
    return problem


def _ended(
    host: Host,
    endpoint: Endpoint,
    judged: str,
    session: Session,
    dane: DaneDemand,
    policy: Policy | None,
    problem: Problem | None,
) -> Try:
    """Let the mail through or not: DANE and mode enforce insist, mode testing and opportunism do not."""
    insists = dane.demand is not Demand.NOTHING or (policy is not None and policy.mode is Mode.ENFORCE)
    result_type = problem.result_type if problem is not None and (insists or policy is not None) else None
    if problem is not None and insists:
        return Try(host, endpoint.address, judged, Verdict.REFUSED, problem.detail, result_type, problem.code)
    secured = session.state is SessionState.SECURED
    security = Security.OPPORTUNISTIC if secured else Security.NONE
    if secured and problem is None:
        if dane.demand is Demand.AUTHENTICATION:
            security = Security.DANE
        elif insists and policy is not None:
            security = Security.MTA_STS
    detail = problem.detail if problem is not None else "accepted"
    return Try(host, endpoint.address, judged, Verdict.DELIVERS, detail, result_type, security=security)


def _shown_name(host: Host, stance: Stance, endpoint: Endpoint | None = None) -> str:
    names = judged_names(
        host, endpoint, stance.traits.policy_name if stance.traits.mta_sts else JudgedName.MX
    )
    return names[0] if names else host.name
