"""What enforcing a policy would do is foretold as it would come to pass."""

from functools import partial

import msgspec

from mxproof.formats.mtasts import Mode
from mxproof.judge.checks.seen import served_policy
from mxproof.judge.enforcing import enforcing
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from support_certificates import NOW
from support_world import ZoneWorld, collect
from support_worlds import MX1, MX2, policy


def domain_of(*mx: str, mode: str) -> MailDomain:
    return assemble(collect(ZoneWorld(policy=policy(*mx, mode=mode))), NOW)


def test_what_enforcing_does_is_what_the_enforced_policy_does() -> None:
    """The law: whoever is said to refuse does so in the world in which the policy is enforced."""
    for lines in ((MX1,), (MX1, MX2), ("old.example.com",)):
        domain, enforced = (domain_of(*lines, mode=mode) for mode in ("testing", "enforce"))
        served = served_policy(domain)
        assert served is not None
        would = enforcing(domain, served, msgspec.structs.replace(served, mode=Mode.ENFORCE))
        refusing = [one for one in map(partial(deliver, enforced), SENDERS) if one.decides]
        names = [one.name.partition(" (")[0] for one in refusing if one.outcome is not Verdict.DELIVERS]
        assert [one.sender for one in would.refusing] == names


def test_who_does_not_deliver_already_is_not_said_to_refuse_then() -> None:
    world = ZoneWorld(policy=policy(MX1, MX2, mode="testing")).zone_with("example.com MX 0 .")
    domain = assemble(collect(world), NOW)
    served = served_policy(domain)
    assert served is not None
    would = enforcing(domain, served, msgspec.structs.replace(served, mode=Mode.ENFORCE))
    assert (would.refusing, would.is_safe) == ((), True)
