"""The one word that protects mail for a whole domain: what DANE asks of its hosts first, and the policy after that."""

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.senders.dane import Demand
from mxproof.judge.senders.postfix import POSTFIX_MXPROOF
from mxproof.judge.senders.protection import Protection, Reason, Rules, Ruling, protection
from mxproof.mail.assemble import assemble
from support_world import ZoneWorld, collect
from support_worlds import DANE, GOOD, MX1, MX2, SIGNED, WORLDS

ENFORCE, TESTING, NONE = (
    Policy(mode, 86_400, (MX1, MX2)) for mode in (Mode.ENFORCE, Mode.TESTING, Mode.NONE)
)
TLSA1, TLSA2 = (f"_25._tcp.{host} TLSA" for host in (MX1, MX2))
ONE_SIGNED = SIGNED.zone_with(f"{TLSA1} 3 1 1 @192.0.2.1")
UNUSABLE = SIGNED.zone_with(f"{TLSA1} 1 1 1 @192.0.2.1")
ONE_FAILED = SIGNED.zone_with(f"{TLSA1} !servfail")
BOTH_FAILED = SIGNED.zone_with(f"{TLSA1} !servfail", f"{TLSA2} !bogus")
NO_SECOND = (f"{MX2} A", f"x.{MX2} A 192.0.2.9")
SECOND_UNKNOWN = (f"{MX2} A !timeout", f"{MX2} AAAA !timeout")
REPORTING, MIXED = Rules(report_testing=True), Rules(mixed_dane_only=True)


def ruling(world: ZoneWorld, policy: Policy | None = None, rules: Rules | None = None) -> Ruling:
    return protection(assemble(collect(world), world.at), policy, POSTFIX_MXPROOF, rules or Rules())


def told(
    world: ZoneWorld, policy: Policy | None = None, rules: Rules | None = None
) -> tuple[Protection, Reason]:
    found = ruling(world, policy, rules)
    return found.protection, found.reason


@pytest.mark.parametrize("policy", [None, NONE, TESTING, ENFORCE])
def test_hosts_that_all_have_records_get_dane_alone_whatever_the_policy_says(policy: Policy | None) -> None:
    """RFC 8461 section 2."""
    assert told(DANE, policy) == (Protection.DANE_ONLY, Reason.DANE_EVERYWHERE)


def test_a_host_without_records_beside_one_that_has_some_leaves_room_for_it() -> None:
    assert told(ONE_SIGNED, ENFORCE) == (Protection.DANE, Reason.DANE_SOMEWHERE)
    assert told(ONE_SIGNED, None) == (Protection.DANE, Reason.DANE_SOMEWHERE)


def test_the_operator_closes_such_a_host_only_for_a_policy_that_is_enforced() -> None:
    assert told(ONE_SIGNED, ENFORCE, MIXED) == (Protection.DANE_ONLY, Reason.DANE_SOMEWHERE)
    assert told(ONE_SIGNED, TESTING, MIXED) == (Protection.DANE, Reason.DANE_SOMEWHERE)
    assert told(ONE_SIGNED, None, MIXED) == (Protection.DANE, Reason.DANE_SOMEWHERE)


@pytest.mark.parametrize("lines", [NO_SECOND, SECOND_UNKNOWN], ids=["without addresses", "not to be found"])
def test_a_host_that_cannot_be_reached_is_passed_over(lines: tuple[str, ...]) -> None:
    assert told(ONE_SIGNED.zone_with(*lines)) == (Protection.DANE_ONLY, Reason.DANE_EVERYWHERE)
    assert told(ONE_FAILED.zone_with(*lines)) == (Protection.UNDECIDED, Reason.DANE_UNDECIDED)


def test_hosts_that_were_not_looked_at_may_have_no_records() -> None:
    many = WORLDS[Code.MX_MANY].world.but(signed=("example.com",))
    names = [line.split()[3] for line in many.zone.splitlines() if line.split()[1:2] == ["MX"]]
    world = many.zone_with(*(f"_25._tcp.{name} TLSA 3 1 1 @192.0.2.1" for name in names))
    assert told(world) == (Protection.DANE, Reason.DANE_SOMEWHERE)


def test_a_look_up_that_failed_is_not_absence() -> None:
    """RFC 7672 section 2.1.2: the policy has no say before it is known that there are no records."""
    assert told(ONE_FAILED, ENFORCE) == (Protection.UNDECIDED, Reason.DANE_UNDECIDED)
    assert told(ONE_FAILED, TESTING, REPORTING) == (Protection.DANE, Reason.DANE_UNDECIDED)
    assert told(ONE_FAILED, None) == (Protection.DANE, Reason.DANE_UNDECIDED)
    assert ruling(ONE_FAILED).undecided() == (MX1,)


def test_where_no_host_is_decided_nothing_is() -> None:
    assert told(BOTH_FAILED, None) == (Protection.UNDECIDED, Reason.DANE_UNDECIDED)
    assert ruling(BOTH_FAILED).undecided() == (MX1, MX2)


def test_records_of_one_host_outweigh_the_failure_of_another() -> None:
    world = ONE_SIGNED.zone_with(f"{TLSA2} !servfail")
    assert told(world, None) == (Protection.DANE, Reason.DANE_SOMEWHERE)


def test_a_failure_outweighs_records_that_smtp_cannot_use() -> None:
    world = UNUSABLE.zone_with(f"{TLSA2} !servfail")
    assert told(world, ENFORCE) == (Protection.UNDECIDED, Reason.DANE_UNDECIDED)


def test_unusable_records_ask_for_encryption_unless_the_policy_asks_for_more() -> None:
    assert told(UNUSABLE, None) == (Protection.DANE, Reason.DANE_UNUSABLE)
    assert told(UNUSABLE, TESTING, REPORTING) == (Protection.DANE, Reason.DANE_UNUSABLE)
    assert told(UNUSABLE, ENFORCE) == (Protection.STS, Reason.STS_ENFORCE)


@pytest.mark.parametrize("world", [SIGNED, GOOD], ids=["no records", "not signed"])
@pytest.mark.parametrize(
    ("policy", "rules", "want"),
    [
        (ENFORCE, Rules(), (Protection.STS, Reason.STS_ENFORCE)),
        (TESTING, Rules(), (Protection.DEFAULT, Reason.STS_TESTING)),
        (TESTING, REPORTING, (Protection.REPORT, Reason.STS_TESTING)),
        (NONE, REPORTING, (Protection.DEFAULT, Reason.STS_NONE)),
        (None, REPORTING, (Protection.DEFAULT, Reason.STS_ABSENT)),
    ],
)
def test_where_dane_does_not_apply_the_policy_decides(
    world: ZoneWorld, policy: Policy | None, rules: Rules, want: tuple[Protection, Reason]
) -> None:
    assert told(world, policy, rules) == want


def test_that_there_is_no_policy_and_that_none_is_known_are_two_things() -> None:
    unanswered = GOOD.zone_with("_mta-sts.example.com TXT !timeout")
    assert told(unanswered) == (Protection.DEFAULT, Reason.STS_UNANSWERED)


def test_a_resolver_that_does_not_validate_leaves_the_policy_alone_to_decide_and_no_reports() -> None:
    world = DANE.but(validating=False)
    assert told(world, ENFORCE) == (Protection.STS, Reason.STS_ENFORCE)
    assert told(world, TESTING, REPORTING) == (Protection.DEFAULT, Reason.STS_TESTING)
    assert ruling(world).host_demands == ()


def test_without_the_mx_records_nothing_is_decided() -> None:
    for fault in ("!timeout", "!servfail", "!bogus"):
        world = DANE.zone_with(f"example.com MX {fault}")
        assert told(world, ENFORCE) == (Protection.UNDECIDED, Reason.MX_UNANSWERED)
    assert told(ZoneWorld(zone=""), ENFORCE) == (Protection.STS, Reason.STS_ENFORCE)


def test_without_an_address_of_any_host_nothing_is_decided() -> None:
    world = SIGNED.zone_with(f"{MX1} A !timeout", f"{MX1} AAAA !timeout", *SECOND_UNKNOWN)
    assert told(world, ENFORCE) == (Protection.UNDECIDED, Reason.HOSTS_UNANSWERED)
    partly = SIGNED.zone_with(f"{MX1} A", f"{MX1} AAAA", f"x.{MX1} A 192.0.2.9", *SECOND_UNKNOWN)
    assert told(partly, ENFORCE) == (Protection.UNDECIDED, Reason.HOSTS_UNANSWERED)


def test_that_no_host_has_an_address_is_known_and_the_policy_decides() -> None:
    world = SIGNED.zone_with(f"{MX1} A", f"{MX1} AAAA", f"x.{MX1} A 192.0.2.9", *NO_SECOND)
    assert told(world, ENFORCE) == (Protection.STS, Reason.STS_ENFORCE)


def test_a_host_that_is_unknown_beside_another_only_keeps_reports_back() -> None:
    world = SIGNED.zone_with(*SECOND_UNKNOWN)
    assert told(world, ENFORCE) == (Protection.STS, Reason.STS_ENFORCE)
    assert told(world, TESTING, REPORTING) == (Protection.DEFAULT, Reason.STS_TESTING)


def test_what_dane_asks_of_each_host_is_told_with_the_base_of_its_records() -> None:
    first, second = ruling(ONE_SIGNED).host_demands
    assert (first.name, first.demand, first.base, first.open) == (MX1, Demand.AUTHENTICATION, MX1, True)
    assert (second.name, second.demand) == (MX2, Demand.NOTHING)
    assert [one.open for one in ruling(ONE_SIGNED.zone_with(*NO_SECOND)).host_demands] == [True, False]
