"""What enforcing a policy would do is foretold as it would come to pass."""

from functools import partial

import msgspec

from mxproof.formats.mtasts import STRICT, Mode
from mxproof.judge.checks.seen import served_policy
from mxproof.judge.enforcing import enforcing, otherwise, refusing
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from support_certificates import NOW
from support_world import Https, ZoneWorld, collect
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
        deciding = [one for one in map(partial(deliver, enforced), SENDERS) if one.decides]
        names = [one.name.partition(" (")[0] for one in deciding if one.outcome is not Verdict.DELIVERS]
        assert [one.sender for one in would.refusing] == names


def test_who_does_not_deliver_already_is_not_said_to_refuse_then() -> None:
    world = ZoneWorld(policy=policy(MX1, MX2, mode="testing")).zone_with("example.com MX 0 .")
    domain = assemble(collect(world), NOW)
    served = served_policy(domain)
    assert served is not None
    would = enforcing(domain, served, msgspec.structs.replace(served, mode=Mode.ENFORCE))
    assert (would.refusing, would.is_safe) == ((), True)


def test_a_policy_of_another_address_stays_as_it_is_and_whoever_refuses_already_is_not_counted() -> None:
    """The first address serves the policy of which it is asked what enforcing it would do, the other one that lists nothing here."""
    elsewhere = policy("old.example.com", mode="testing")
    world = ZoneWorld(
        policy=policy(MX1, MX2, mode="testing"), https={"2001:db8::80": Https(body=elsewhere)}
    ).zone_with("mta-sts.example.com AAAA 2001:db8::80")
    domain = assemble(collect(world), NOW)
    served = next(
        one
        for fetch in domain.policy_host.fetches
        if (one := fetch.read(STRICT)) is not None and one.mx == (MX1, MX2)
    )
    would = enforcing(domain, served, msgspec.structs.replace(served, mode=Mode.ENFORCE))
    assert (would.refusing, would.is_safe) == ((), True)


def test_the_first_words_that_a_sender_writes_are_told_and_its_last_where_it_has_no_other() -> None:
    refused = assemble(collect(ZoneWorld(policy=policy("old.example.com"))), NOW)
    deliveries = {one.name.partition(" (")[0]: one for one in map(partial(deliver, refused), SENDERS)}
    told = refusing(refused).refusing
    assert {one.sender for one in told} < set(deliveries)
    written = set()
    for one in told:
        bounce = deliveries[one.sender].bounce
        assert bounce is None or one.bounce == (bounce.transient or bounce.final or "")
        assert one.because == deliveries[one.sender].because
        written.add((one.bounce != "", bounce is not None and bounce.transient is not None))
    assert {(True, True), (True, False)} <= written


def test_what_cannot_be_enforced_is_not_known_of_anybody() -> None:
    domain = domain_of(MX1, mode="testing")
    served = served_policy(domain)
    assert served is not None
    would = enforcing(domain, served, msgspec.structs.replace(served, mode=Mode.ENFORCE, mx=()))
    assert (would.refusing, len(would.unknown), would.is_safe) == ((), would.senders, False)


def test_of_two_domains_only_what_delivers_in_the_first_is_lost_in_the_other() -> None:
    good, bad = (domain_of(*lines, mode="enforce") for lines in ((MX1, MX2), ("old.example.com",)))
    assert otherwise(bad, bad).refusing == ()
    assert otherwise(bad, good).refusing == ()
    assert otherwise(good, bad).refusing == refusing(bad).refusing
    assert {one.senders for one in (otherwise(good, bad), refusing(good))} == {otherwise(good, good).senders}
