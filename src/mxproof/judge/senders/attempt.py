"""One sender at one MX host, with every open question settled (`stance`): the attempts it makes and how each ends.

A `Stance` is a sender with its possibilities narrowed to one: one policy case, one reading of SNI, one precedence of
DANE and MTA-STS. The engine tries every stance; here each is plain.
"""

import msgspec

from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders.closed_door import CLOSED_DOORS, UNCONNECTED, UNRESOLVED
from mxproof.judge.senders.dane import (
    NOTHING,
    DaneDemand,
    Demand,
    dane_problem,
    demands,
    doubted_date,
    doubted_digest,
)
from mxproof.judge.senders.exchange import NOT_A_NAME, passed_over
from mxproof.judge.senders.policy_case import NO_POLICY
from mxproof.judge.senders.problem import (
    Problem,
    certificate_problem,
    early_problem,
    judged_names,
    level_of,
    mx_problem,
    outdated_problem,
    unencrypted_problem,
)
from mxproof.judge.senders.protection import Protection, Rules, protection
from mxproof.judge.senders.stance import HostAttempt, Stance
from mxproof.judge.senders.tls import broken_starttls, gone_on, is_encrypted, lost_inside, unsure_greeting
from mxproof.judge.senders.traits import JudgedName, LostInside, Precedence, Traits
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.domain import Endpoint, Host, MailDomain, Session, SessionState

# Until Python 3.12 each look-up of a member on its class costs as much as a call, and every sender makes hundreds.
_REFUSED, _DELIVERS = Verdict.REFUSED, Verdict.DELIVERS
_NO_DEMAND, _AUTHENTICATION, _REFUSAL, _UNSEEN = (
    Demand.NOTHING,
    Demand.AUTHENTICATION,
    Demand.REFUSAL,
    Demand.UNKNOWN,
)
_BY_MTA_STS, _OPPORTUNISTIC = Security.MTA_STS, Security.OPPORTUNISTIC
_MX, _TARGET, _PTR = JudgedName.MX, JudgedName.TARGET, JudgedName.PTR
_DOMAIN_WIDE, _POLICY_ALONE, _POLICY_FIRST, _PRUNE_FIRST = (
    Precedence.DOMAIN_WIDE,
    Precedence.POLICY_ALONE,
    Precedence.POLICY_FIRST,
    Precedence.PRUNE_FIRST,
)
_ENFORCE = Mode.ENFORCE


class _Visit(msgspec.Struct, frozen=True):
    """A sender at a host, knowing what DANE and which policy have a say there, and whether it is one in mode enforce.

    `name` is what an attempt shows, None where it is another at each address.
    """

    domain: MailDomain
    host: Host
    stance: Stance
    dane: DaneDemand
    policy: Policy | None
    enforces: bool
    name: str | None

    def judged_name(self, endpoint: Endpoint | None = None) -> str:
        """Return the name that an attempt shows: the one compared with the policy, or with DANE the base."""
        if self.name is not None:
            return self.name
        names = judged_names(self.host, endpoint, _PTR)
        return names[0] if names else self.host.name


_DANE_ALONE = frozenset({Precedence.DANE_FIRST, _DOMAIN_WIDE})
_FAULTS_OF_TEXT = frozenset({Code.STS_MX_UNLISTED, Code.STS_POLICY_AMBIGUOUS})


def attempts(domain: MailDomain, host: Host, stance: Stance) -> list[HostAttempt]:
    """Return the attempts of a sender at one host, in turn: one, or one for each address.

    Where the MX record holds no host name, that is the reason for whatever refuses, a policy that cannot list it too.
    """
    made = _attempts(domain, host, stance)
    fault = NOT_A_NAME.get(host.state)
    return made if fault is None else [_blamed(attempt, fault[0]) for attempt in made]


def _blamed(attempt: HostAttempt, code: Code) -> HostAttempt:
    delivers = attempt.verdict is _DELIVERS
    return attempt if delivers else msgspec.structs.replace(attempt, code=code)


def _attempts(domain: MailDomain, host: Host, stance: Stance) -> list[HostAttempt]:
    lost = passed_over(host, stance.exchanges)
    if lost is not None:
        return [HostAttempt(host, None, host.name, _REFUSED, lost[1], code=lost[0])]
    if host.state in UNRESOLVED and not host.endpoints:
        return [_unresolved(domain, host, stance.traits)]
    if stance.precedence is _DOMAIN_WIDE and domain.vantage.validating:
        return _domain_wide_attempts(domain, host, stance)
    if not stance.traits.dane:
        return _host_attempts(domain, host, stance, NOTHING)
    first, *others = (
        _host_attempts(domain, host, stance, demand) for demand in _demands(domain, host, stance)
    )
    if not others:
        return first
    return [
        insecure if secure.verdict is insecure.verdict else _unjudged(secure)
        for secure, insecure in zip(*_aligned(host, [first, *others]), strict=True)
    ]


def _demands(domain: MailDomain, host: Host, stance: Stance) -> tuple[DaneDemand, ...]:
    """Return what DANE may demand at the host, nothing where the policy comes before it."""
    alone = stance.precedence is _POLICY_ALONE
    if alone or (stance.precedence is _POLICY_FIRST and stance.policy is not None):
        return (NOTHING,)
    return demands(domain, host, stance.traits)


def _domain_wide_attempts(domain: MailDomain, host: Host, stance: Stance) -> list[HostAttempt]:
    """Return the attempts of a sender that chose DANE or the policy once for all hosts.

    Where it chose neither, each host is tried as its TLSA records ask, whether or not the MX answer is secure
    (observed: smtp_tls_dane_insecure_mx_policy, postconf(5)).
    """
    ruling = protection(domain, stance.policy, stance.traits, Rules())
    if ruling.protection is Protection.UNDECIDED:
        failed = any(one.demand is _REFUSAL for one in ruling.host_demands)
        verdict = _REFUSED if failed else Verdict.UNKNOWN
        code = Code.DANE_LOOKUP_FAILED if failed else Code.DANE_UNANSWERED
        kind = ResultType.DNSSEC_INVALID if failed else None
        detail = f"the TLSA look-up of {', '.join(ruling.undecided())} fails, which holds up the domain"
        return [HostAttempt(host, None, host.name, verdict, detail, kind, code)]
    if ruling.protection is Protection.STS:
        return _host_attempts(domain, host, stance, NOTHING)
    by_host = msgspec.structs.replace(stance.traits, dane_needs_secure_mx=False)
    demand = demands(domain, host, by_host)[0]
    if ruling.protection is Protection.DANE_ONLY or demand.demand is not _NO_DEMAND:
        without = msgspec.structs.replace(stance, case=NO_POLICY)
        return _host_attempts(domain, host, without, demand)
    enforced = stance.policy is not None and stance.policy.mode is _ENFORCE
    without = msgspec.structs.replace(stance, case=NO_POLICY) if enforced else stance
    return _host_attempts(domain, host, without, NOTHING)


def _unresolved(domain: MailDomain, host: Host, traits: Traits) -> HostAttempt:
    """End at a host without addresses; bogus ones stop a sender that validates (RFC 7672 section 2.1.2)."""
    if any(question in domain.bogus for question in host.questions):
        detail = "the DNSSEC signatures of the host's addresses do not verify"
        if traits.validates:
            return HostAttempt(
                host, None, host.name, _REFUSED, detail, ResultType.DNSSEC_INVALID, Code.DNSSEC_BOGUS
            )
        return HostAttempt(host, None, host.name, Verdict.UNKNOWN, detail, code=Code.DNSSEC_BOGUS)
    verdict, code, detail = UNRESOLVED[host.state]
    return HostAttempt(host, None, host.name, verdict, detail, code=code)


def _unjudged(attempt: HostAttempt) -> HostAttempt:
    detail = "TLSA records exist; whether they are DNSSEC-secure cannot be told from here"
    return msgspec.structs.replace(
        attempt,
        verdict=Verdict.UNKNOWN,
        detail=detail,
        code=Code.DANE_UNJUDGED,
        result_type=None,
        security=None,
    )


def _aligned(host: Host, alternatives: list[list[HostAttempt]]) -> list[list[HostAttempt]]:
    """Spread attempts that end before connecting over the host's addresses, so that alternatives pair up."""
    addresses = [endpoint.address for endpoint in host.endpoints]

    def spread(attempts: list[HostAttempt]) -> list[HostAttempt]:
        if len(attempts) == len(addresses):
            return attempts
        return [msgspec.structs.replace(attempts[0], address=address) for address in addresses]

    return [spread(attempts) for attempts in alternatives]


def _host_attempts(domain: MailDomain, host: Host, stance: Stance, dane: DaneDemand) -> list[HostAttempt]:
    policy = _applied_policy(stance, dane)
    enforces = policy is not None and policy.mode is _ENFORCE
    judged = stance.traits.policy_name if stance.traits.mta_sts else _MX
    by_host = host.target if judged is _TARGET else host.name
    shown = None if judged is _PTR else by_host
    visit = _Visit(domain, host, stance, dane, policy, enforces, shown)
    if dane.demand is _REFUSAL:
        detail = f"the TLSA look-up at _25._tcp.{dane.base} fails, so that nothing may be delivered"
        problem = Problem(ResultType.DNSSEC_INVALID, Code.DANE_LOOKUP_FAILED, detail)
        return [_refused(visit, None, dane.base, problem, Security.DANE)]
    if dane.demand is _UNSEEN:
        detail = f"the TLSA look-up at _25._tcp.{dane.base} was not answered"
        return [HostAttempt(host, None, dane.base, Verdict.UNKNOWN, detail, code=Code.DANE_UNANSWERED)]
    if stance.traits.policy_name is _PTR:
        return [_endpoint_attempt(visit, one, _unlisted(visit, one)) for one in host.endpoints]
    unlisted = _unlisted(visit, None)
    if unlisted is not None and visit.enforces:
        return [_refused(visit, None, visit.judged_name(), unlisted, _BY_MTA_STS)]
    return [_endpoint_attempt(visit, endpoint, unlisted) for endpoint in host.endpoints]


def _applied_policy(stance: Stance, dane: DaneDemand) -> Policy | None:
    """Return the policy that has a say at a host with this demand of DANE (RFC 8461 section 2)."""
    authenticated = dane.demand is _AUTHENTICATION
    return None if authenticated and stance.precedence in _DANE_ALONE else stance.policy


def _endpoint_attempt(visit: _Visit, endpoint: Endpoint, unlisted: Problem | None) -> HostAttempt:
    """Return the attempt at one address of a host; `unlisted` is why the policy does not list the host there."""
    judged = visit.judged_name(endpoint)
    if unlisted is not None and visit.enforces:
        return _refused(visit, endpoint, judged, unlisted, _BY_MTA_STS)
    if endpoint.is_withheld:
        return _out_of_reach(visit, endpoint, judged)
    traits, demanded = visit.stance.traits, visit.dane.demand is not _NO_DEMAND
    met = session = endpoint.session(visit.dane.base or _server_name(visit))
    sound = session.is_sound
    if not sound or traits.remembers_level:
        session = gone_on(session, traits)
        ended = _ended(visit, endpoint, judged, session)
        if ended is not None:
            return ended
    ill_secured = _dane_problem(visit, session) if demanded else None
    if ill_secured is not None:
        return _refused(visit, endpoint, judged, ill_secured, Security.DANE)
    unfit = unlisted
    if unlisted is None and visit.policy is not None:
        unfit = _policy_problem(visit, endpoint, session, visit.policy)
    if unfit is not None and visit.enforces:
        return _refused(visit, endpoint, judged, unfit, _BY_MTA_STS)
    open_to_doubt = _doubt(visit, met, session) if demanded or not sound else None
    if open_to_doubt is not None:
        refused = _refused(visit, endpoint, judged, open_to_doubt, Security.DANE)
        by_date = {} if refused.code is Code.CERT_EXPIRED else {"result_type": None, "insists": None}
        return msgspec.structs.replace(refused, verdict=Verdict.AT_RISK, **by_date)
    if unfit is None and not sound:
        unfit = unencrypted_problem(session)
    return _accepted(visit, endpoint, judged, session, unfit)


def _ended(visit: _Visit, endpoint: Endpoint, judged: str, session: Session) -> HostAttempt | None:
    """Return how the attempt ends for what is wrong with the session itself, None where it goes on."""
    traits = visit.stance.traits
    again = traits.clear_text_again and session.state is SessionState.EHLO_REJECTED
    demanded = visit.enforces or visit.dane.demand is not _NO_DEMAND
    if lost_inside(session) and not demanded and _fallen(visit, session) is None:
        return _lost_inside(visit, endpoint, session)
    if session.state in CLOSED_DOORS and not again:
        return _closed(visit, endpoint, session)
    fallen = _fallen(visit, session) or broken_starttls(session, traits)
    if fallen is not None:
        return _refused(visit, endpoint, judged, fallen, _OPPORTUNISTIC)
    outdated = outdated_problem(session) if demanded else None
    if outdated is not None and True not in traits.outdated_tls:
        insists = _BY_MTA_STS if visit.dane.demand is _NO_DEMAND else Security.DANE
        return _refused(visit, endpoint, judged, outdated, insists)
    return None


def _doubt(visit: _Visit, met: Session, session: Session) -> Problem | None:
    """Return what some senders of this kind may refuse though the rest is in order; `met` is the session before it went on."""
    traits = visit.stance.traits
    unsure = unsure_greeting(met, traits)
    if unsure is not None:
        return unsure
    early = early_problem(session) if len(traits.early_text) > 1 else None
    if early is not None or (not visit.enforces and visit.dane.demand is _NO_DEMAND):
        return early
    doubted = doubted_date(visit.domain, session, visit.dane) if traits.doubted_dates else None
    doubted = doubted or doubted_digest(visit.domain, visit.host, session, visit.dane, traits)
    if doubted is not None or False not in traits.outdated_tls:
        return doubted
    return outdated_problem(session)


def _fallen(visit: _Visit, session: Session) -> Problem | None:
    """Return that the session is less secure than one that the sender remembers."""
    traits, host = visit.stance.traits, visit.host
    if not traits.remembers_level or level_of(host, session, traits) >= visit.stance.level:
        return None
    problem = unencrypted_problem(session)
    kind = ResultType.VALIDATION_FAILURE if problem is None else problem.result_type
    return Problem(kind, Code.TLS_LEVEL_FELL, "an earlier session with the domain was better secured")


def _out_of_reach(visit: _Visit, endpoint: Endpoint, judged: str) -> HostAttempt:
    """End at an address that is not public: a sender elsewhere reaches nobody there, or somebody else."""
    detail = f"not a public address: {endpoint.not_public}"
    return HostAttempt(
        visit.host, endpoint.address, judged, _REFUSED, detail, code=Code.MX_ADDRESS_NOT_PUBLIC
    )


def _server_name(visit: _Visit) -> str:
    return visit.host.target if visit.stance.sni is _TARGET else visit.host.name


def _unlisted(visit: _Visit, endpoint: Endpoint | None) -> Problem | None:
    if visit.policy is None:
        return None
    found = mx_problem(visit.host, endpoint, visit.policy, visit.stance.traits)
    return None if found is None else _of_text(visit, found)


def _of_text(visit: _Visit, problem: Problem) -> Problem:
    """Blame the text of the policy for what it lists where not everybody reads it."""
    fault = visit.stance.case.fault
    if fault is None or problem.code not in _FAULTS_OF_TEXT:
        return problem
    return msgspec.structs.replace(problem, code=fault)


def _dane_problem(visit: _Visit, session: Session) -> Problem | None:
    """Return what keeps DANE from letting the mail through, None where it is satisfied."""
    return unencrypted_problem(session) or dane_problem(
        visit.domain, visit.host, session, visit.dane, visit.stance.traits
    )


def _policy_problem(visit: _Visit, endpoint: Endpoint, session: Session, policy: Policy) -> Problem | None:
    """Return in what the session falls short of the policy that has a say (RFC 8461 section 4.2)."""
    unencrypted = None if session.is_sound else unencrypted_problem(session)
    authenticated = visit.dane.demand is _AUTHENTICATION
    if unencrypted is not None or (authenticated and visit.stance.precedence is _PRUNE_FIRST):
        return unencrypted
    found = certificate_problem(visit.host, endpoint, session.chain, policy, visit.stance.traits)
    return None if found is None else _of_text(visit, found)


def _closed(visit: _Visit, endpoint: Endpoint, session: Session) -> HostAttempt:
    verdict, code, detail = CLOSED_DOORS[session.state]
    code = Code.PORT_25_BLOCKED if visit.domain.blocked else code
    seen = f"{detail} ({session.answer.detail})" if session.answer.detail else detail
    judged, connected = visit.judged_name(endpoint), session.state not in UNCONNECTED
    return HostAttempt(visit.host, endpoint.address, judged, verdict, seen, code=code, connected=connected)


def _lost_inside(visit: _Visit, endpoint: Endpoint, session: Session) -> HostAttempt:
    """End where the server is lost after the handshake, and mail may go out in clear text."""
    then = visit.stance.traits.lost_inside
    if then is LostInside.CLEAR_TEXT:
        return _accepted(visit, endpoint, visit.judged_name(endpoint), session, None)
    closed = _closed(visit, endpoint, session)
    return closed if then is LostInside.DEFERRED else msgspec.structs.replace(closed, verdict=Verdict.AT_RISK)


def _refused(
    visit: _Visit, endpoint: Endpoint | None, judged: str, problem: Problem, insists: Security
) -> HostAttempt:
    return HostAttempt(
        host=visit.host,
        address=endpoint.address if endpoint is not None else None,
        judged_name=judged,
        verdict=_REFUSED,
        detail=problem.detail,
        result_type=problem.result_type,
        code=problem.code,
        insists=insists,
    )


def _accepted(
    visit: _Visit, endpoint: Endpoint, judged: str, session: Session, problem: Problem | None
) -> HostAttempt:
    """Let the mail through; what failed under a policy in mode testing is still said (RFC 8461 section 5)."""
    security = _BY_MTA_STS if visit.enforces else _OPPORTUNISTIC
    if not session.is_sound and not is_encrypted(session, visit.stance.traits):
        security = Security.NONE
    elif visit.dane.demand is _AUTHENTICATION and _is_authenticated(visit, session):
        security = Security.DANE
    return HostAttempt(
        host=visit.host,
        address=endpoint.address,
        judged_name=judged,
        verdict=_DELIVERS,
        detail=problem.detail if problem is not None else "accepted",
        result_type=problem.result_type if problem is not None and visit.policy is not None else None,
        security=security,
    )


def _is_authenticated(visit: _Visit, session: Session) -> bool:
    """Tell whether DANE vouches for the server; a name that is not compared lets mail pass and vouches for nobody."""
    strictly = msgspec.structs.replace(visit.stance.traits, anchored_names=True)
    return dane_problem(visit.domain, visit.host, session, visit.dane, strictly) is None
