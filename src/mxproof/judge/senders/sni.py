"""Which name a sender puts in SNI at an MX host (RFC 8461 section 7.1, RFC 7672 section 8.1)."""

import msgspec

from mxproof.judge.senders.dane import demands
from mxproof.judge.senders.protection import Protection, Rules, protection
from mxproof.judge.senders.stance import Stance
from mxproof.judge.senders.traits import JudgedName, Precedence
from mxproof.mail.domain import Host, MailDomain

_POLICY_BEFORE_DANE = frozenset({Precedence.POLICY_ALONE, Precedence.POLICY_FIRST})


def name_in_sni(domain: MailDomain, host: Host, stance: Stance) -> str:
    """Return the base of the TLSA records where DANE has a say at the host, and else the name that the sender prefers."""
    return _dane_base(domain, host, stance) or (host.target if stance.sni is JudgedName.TARGET else host.name)


def _dane_base(domain: MailDomain, host: Host, stance: Stance) -> str:
    traits, policy = stance.traits, stance.policy
    if stance.precedence in _POLICY_BEFORE_DANE and policy is not None:
        return ""
    if stance.precedence is Precedence.DOMAIN_WIDE and domain.vantage.validating:
        if protection(domain, policy, traits, Rules()).protection is Protection.STS:
            return ""
        traits = msgspec.structs.replace(traits, dane_needs_secure_mx=False)
    return demands(domain, host, traits)[0].base
