"""How to protect mail for a whole domain: one word for all of its hosts, because Postfix asks by domain.

| MX set and hosts with addresses | live policy | protection |
|---|---|---|
| secure, every host has usable TLSA records | any | `dane-only` |
| secure, some host has | any | `dane`: Postfix does for each host what its records ask |
| secure, TLSA of a host undecided, none usable | enforce, or no host is decided | `undecided` |
| the same | otherwise | `dane`: Postfix passes over that host alone |
| secure, TLSA records and none usable | not enforce | `dane`: encryption without authentication |
| DANE does not apply | enforce | `sts` |
| DANE does not apply | testing | `report` where asked for, else `default` |
| DANE does not apply | none | `default` |

MTA-STS never overrides DANE (RFC 8461 section 2), and a DANE look-up that failed is not its absence (RFC 7672 section
2.1.2): the policy has a say only where every host that can be reached is known to have no usable TLSA records. A host
without addresses is passed over, and so is one whose addresses could not be looked up beside another one that can be
reached: Postfix cannot reach it either. deviates: where some hosts have TLSA records and a policy says enforce, the
other hosts get opportunistic TLS, because Postfix knows no level between; `Rules.mixed_dane_only` closes them instead.
"""

from enum import StrEnum

import msgspec

from mxproof.evidence import ANSWERED
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders.dane import Demand, demands
from mxproof.judge.senders.traits import Traits
from mxproof.mail.domain import HostState, MailDomain, RecordState

_UNDECIDED = frozenset({Demand.REFUSAL, Demand.UNKNOWN})


class Protection(StrEnum):
    """What is asked of every session with the domain."""

    DANE_ONLY = "dane-only"
    DANE = "dane"
    STS = "sts"
    REPORT = "report"
    """Opportunistic TLS, with the policy told so that its owner gets TLS reports."""
    DEFAULT = "default"
    """Whatever the sender does by itself."""
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """Why; one word each, for logs, metrics and `query`."""

    DANE_EVERYWHERE = "dane-everywhere"
    DANE_SOMEWHERE = "dane-somewhere"
    DANE_UNUSABLE = "dane-unusable"
    DANE_UNDECIDED = "dane-undecided"
    MX_UNANSWERED = "mx-unanswered"
    HOSTS_UNANSWERED = "hosts-unanswered"
    STS_ENFORCE = "sts-enforce"
    STS_TESTING = "sts-testing"
    STS_NONE = "sts-none"
    STS_ABSENT = "sts-absent"
    STS_UNANSWERED = "sts-unanswered"
    """No policy is known, and whether there is one could not be found out."""


class Rules(msgspec.Struct, frozen=True):
    """What an operator may choose: reports for testing domains, and no host without DANE beside one that has it."""

    report_testing: bool = False
    mixed_dane_only: bool = False


class HostDemand(msgspec.Struct, frozen=True):
    """What DANE asks of one host; `open` tells whether it has addresses to send to.

    A host whose name breaks the rules of RFC 5321 may have some, and Postfix sends there (observed: underscores).
    """

    name: str
    state: HostState
    open: bool
    demand: Demand
    base: str = ""


class Ruling(msgspec.Struct, frozen=True):
    """The protection of a domain, why, and what DANE asks of its hosts; nothing where DANE does not apply."""

    protection: Protection
    reason: Reason
    host_demands: tuple[HostDemand, ...] = ()

    def undecided(self) -> tuple[str, ...]:
        """Return the hosts whose TLSA records could not be found out."""
        return tuple(one.name for one in self.host_demands if one.demand in _UNDECIDED)


def protection(domain: MailDomain, policy: Policy | None, traits: Traits, rules: Rules) -> Ruling:
    """Return how to protect mail for `domain` where `policy` is live, None where none is."""
    if not domain.vantage.validating:
        return _without_dane(domain, policy, msgspec.structs.replace(rules, report_testing=False), ())
    if domain.mx.answer.outcome not in ANSWERED:
        return Ruling(Protection.UNDECIDED, Reason.MX_UNANSWERED)
    if not domain.mx.secure:
        return _without_dane(domain, policy, rules, ())
    host_demands = tuple(_host_demand(domain, traits, place) for place in range(len(domain.hosts)))
    open_hosts = [one for one in host_demands if one.open]
    unanswered = any(one.state is HostState.UNKNOWN for one in host_demands)
    if unanswered and not open_hosts:
        return Ruling(Protection.UNDECIDED, Reason.HOSTS_UNANSWERED, host_demands)
    enforced = policy is not None and policy.mode is Mode.ENFORCE
    authenticated = sum(one.demand is Demand.AUTHENTICATION for one in open_hosts)
    undecided = sum(one.demand in _UNDECIDED for one in open_hosts)
    if authenticated:
        whole = authenticated == len(open_hosts) and not domain.mx.unprobed
        closed = enforced and rules.mixed_dane_only
        word = Protection.DANE_ONLY if whole or closed else Protection.DANE
        return Ruling(word, Reason.DANE_EVERYWHERE if whole else Reason.DANE_SOMEWHERE, host_demands)
    if undecided:
        stops = enforced or undecided == len(open_hosts)
        word = Protection.UNDECIDED if stops else Protection.DANE
        return Ruling(word, Reason.DANE_UNDECIDED, host_demands)
    if not enforced and any(one.demand is Demand.ENCRYPTION for one in open_hosts):
        return Ruling(Protection.DANE, Reason.DANE_UNUSABLE, host_demands)
    proven = msgspec.structs.replace(rules, report_testing=rules.report_testing and not unanswered)
    return _without_dane(domain, policy, proven, host_demands)


def _host_demand(domain: MailDomain, traits: Traits, place: int) -> HostDemand:
    host = domain.hosts[place]
    demand = demands(domain, host, traits)[0]
    return HostDemand(host.name, host.state, bool(host.endpoints), demand.demand, demand.base)


def _without_dane(
    domain: MailDomain, policy: Policy | None, rules: Rules, host_demands: tuple[HostDemand, ...]
) -> Ruling:
    """Return what the policy alone asks for (RFC 8461 section 5)."""
    match None if policy is None else policy.mode:
        case Mode.ENFORCE:
            return Ruling(Protection.STS, Reason.STS_ENFORCE, host_demands)
        case Mode.TESTING:
            word = Protection.REPORT if rules.report_testing else Protection.DEFAULT
            return Ruling(word, Reason.STS_TESTING, host_demands)
        case Mode.NONE:
            return Ruling(Protection.DEFAULT, Reason.STS_NONE, host_demands)
        case _:
            unanswered = domain.record.state is RecordState.UNKNOWN
            reason = Reason.STS_UNANSWERED if unanswered else Reason.STS_ABSENT
            return Ruling(Protection.DEFAULT, reason, host_demands)
