"""Which name goes into SNI where DANE or the policy is chosen once for the whole domain."""

import msgspec
import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase
from mxproof.judge.senders.postfix import POSTFIX_MXPROOF
from mxproof.judge.senders.sni import name_in_sni
from mxproof.judge.senders.stance import Stance
from mxproof.judge.senders.traits import JudgedName, Precedence
from mxproof.mail.assemble import assemble
from support_world import ZoneWorld, collect
from support_worlds import MX1, SIGNED

TARGET = "box.example.com"
ALIASED = SIGNED.zone_with(
    f"{MX1} CNAME {TARGET}", f"{TARGET} A 192.0.2.1", f"_25._tcp.{TARGET} TLSA 3 1 1 @192.0.2.1"
)
UNPROVEN = ALIASED.but(signed=(MX1, TARGET))
"""The MX records are not signed, and what they lead to is."""
UNUSABLE = ALIASED.zone_with(f"_25._tcp.{TARGET} TLSA 0 0 1 {'00' * 32}")
ENFORCED, TESTING = (PolicyCase(Policy(mode, 86_400, (MX1,))) for mode in (Mode.ENFORCE, Mode.TESTING))


@pytest.mark.parametrize(
    ("world", "case", "want"),
    [
        (ALIASED, ENFORCED, TARGET),
        (ALIASED, NO_POLICY, TARGET),
        (UNPROVEN, NO_POLICY, TARGET),
        (UNPROVEN, TESTING, TARGET),
        (UNPROVEN, ENFORCED, MX1),
        (UNUSABLE, ENFORCED, MX1),
        (UNUSABLE, TESTING, TARGET),
        (ALIASED.but(validating=False), ENFORCED, TARGET),
    ],
)
def test_the_base_of_the_records_is_named_unless_the_policy_was_chosen(
    world: ZoneWorld, case: PolicyCase, want: str
) -> None:
    """observed: smtp_tls_dane_insecure_mx_policy, postconf(5)."""
    domain = assemble(collect(world), world.at)
    stance = Stance(POSTFIX_MXPROOF, case, JudgedName.MX, Precedence.DOMAIN_WIDE)
    assert name_in_sni(domain, domain.hosts[0], stance) == want
    at_target = msgspec.structs.replace(stance, sni=JudgedName.TARGET)
    assert name_in_sni(domain, domain.hosts[0], at_target) == TARGET


def test_a_sender_that_chooses_host_by_host_needs_the_mx_records_signed() -> None:
    domain = assemble(collect(UNPROVEN), UNPROVEN.at)
    stance = Stance(POSTFIX_MXPROOF, NO_POLICY, JudgedName.MX, Precedence.DANE_FIRST)
    assert name_in_sni(domain, domain.hosts[0], stance) == MX1
