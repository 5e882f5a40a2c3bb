"""Which name each kind of sender puts in SNI, at a host that is an alias and at one with TLSA records."""

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS, server_name
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase
from mxproof.judge.senders.postfix import POSTFIX_DANE
from mxproof.judge.senders.sni import name_in_sni
from mxproof.judge.senders.stance import Stance
from mxproof.judge.senders.traits import JudgedName, Precedence
from mxproof.mail.assemble import assemble
from support_incident import FIXED, INCIDENT
from support_world import collect
from support_worlds import SIGNED


@pytest.mark.parametrize(
    ("sender", "want"), [("rfc8461", "mxi1.example.com"), ("microsoft", "smol.example.com")]
)
def test_an_alias_is_named_as_the_mx_record_has_it_unless_the_sender_does_otherwise(
    sender: str, want: str
) -> None:
    traits = next(one for one in SENDERS if one.id == sender)
    domain = assemble(collect(INCIDENT), INCIDENT.at)
    assert server_name(domain, traits, "mxi1.example.com") == want


def test_every_sender_has_a_name_for_every_host() -> None:
    for world in (INCIDENT, FIXED):
        domain = assemble(collect(world), world.at)
        for traits in SENDERS:
            for host in domain.hosts:
                assert server_name(domain, traits, host.name) in {host.name, host.target}


MX, TARGET = "mx1.example.com", "box.example.com"
SIGNED_ALIAS = SIGNED.zone_with(
    f"{MX} CNAME {TARGET}", f"{TARGET} A 192.0.2.1", f"_25._tcp.{TARGET} TLSA 3 1 1 @192.0.2.1"
)
ENFORCED = PolicyCase(Policy(Mode.ENFORCE, 86_400, (MX,)))


@pytest.mark.parametrize(
    ("precedence", "case", "want"),
    [
        (Precedence.DANE_FIRST, ENFORCED, TARGET),
        (Precedence.DANE_FIRST, NO_POLICY, TARGET),
        (Precedence.POLICY_ALONE, ENFORCED, MX),
        (Precedence.POLICY_FIRST, ENFORCED, MX),
        (Precedence.POLICY_ALONE, NO_POLICY, TARGET),
        (Precedence.POLICY_FIRST, NO_POLICY, TARGET),
    ],
)
def test_the_base_of_tlsa_records_is_named_where_dane_has_a_say_before_the_policy(
    precedence: Precedence, case: PolicyCase, want: str
) -> None:
    """RFC 7672 section 8.1: the name in SNI is the TLSA base domain."""
    domain = assemble(collect(SIGNED_ALIAS), SIGNED_ALIAS.at)
    host = domain.hosts[0]
    assert name_in_sni(domain, host, Stance(POSTFIX_DANE, case, JudgedName.MX, precedence)) == want
    at_target = Stance(POSTFIX_DANE, case, JudgedName.TARGET, precedence)
    assert name_in_sni(domain, host, at_target) == TARGET
