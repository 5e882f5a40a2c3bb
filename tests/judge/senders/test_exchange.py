"""What each sender does with an MX record that holds no host name, or an address that is not public."""

import pytest

from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from support_world import ZoneWorld, collect
from support_worlds import GOOD, WORLDS

POSTFIX = ("postfix-sts", "postfix-mxproof", "postfix-dane")
PLAIN = GOOD.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
"""Without a policy, so that names alone decide."""
MALFORMED = (
    r"mail\032server.example.com",
    r"nul\000.example.com",
    "<b>mx</b>.example.com",
    "-mx.example.com",
    "[192.0.2.1]",
    "12345",
)


def delivered(world: ZoneWorld, sender: str) -> Delivery:
    traits = next(one for one in SENDERS if one.id == sender)
    return deliver(assemble(collect(world), world.at), traits)


def verdicts(world: ZoneWorld) -> dict[str, Verdict]:
    return {one.id: delivered(world, one.id).outcome for one in SENDERS}


def named(*exchanges: str) -> ZoneWorld:
    """Return a world whose MX records hold `exchanges`, each of which has an address."""
    records = [f"example.com MX {place}0 {name}" for place, name in enumerate(exchanges, 1)]
    return PLAIN.zone_with(
        *records, *(f"{name} A 192.0.2.1" for name in exchanges if name != "mx1.example.com")
    )


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("sender", ["rfc8461", *POSTFIX, "exim-dane", "mox", "chasquid"])
def test_a_name_that_is_no_host_name_is_refused_by_those_that_look(name: str, sender: str) -> None:
    delivery = delivered(named(name), sender)
    assert (delivery.outcome, delivery.because) == (Verdict.REFUSED, (Code.MX_NAME_INVALID,))


@pytest.mark.parametrize("name", MALFORMED[:4])
@pytest.mark.parametrize("sender", ["microsoft", "google", "stalwart", "kumomta", "opportunistic"])
def test_of_others_it_is_not_known_whether_they_look_the_name_up(name: str, sender: str) -> None:
    delivery = delivered(named(name), sender)
    assert (delivery.outcome, delivery.because) == (Verdict.AT_RISK, (Code.MX_NAME_INVALID,))


def test_an_underscore_is_taken() -> None:
    assert set(verdicts(named("mail_1.example.com")).values()) == {Verdict.DELIVERS}


def test_chasquid_refuses_all_for_one_malformed_name() -> None:
    world = named("mx1.example.com", "<b>.example.com")
    assert delivered(world, "chasquid").outcome is Verdict.REFUSED
    assert delivered(world, "postfix-dane").outcome is Verdict.AT_RISK


def test_an_address_for_a_name_is_connected_to_by_postfix() -> None:
    got = verdicts(PLAIN.zone_with("example.com MX 10 192.0.2.1"))
    assert {sender: got[sender] for sender in POSTFIX} == dict.fromkeys(POSTFIX, Verdict.DELIVERS)
    assert {got[sender] for sender in ("rfc8461", "exim-dane", "mox")} == {Verdict.REFUSED}
    assert {got[sender] for sender in ("chasquid", "google", "opportunistic")} == {Verdict.AT_RISK}


def test_an_address_for_a_name_is_in_no_policy() -> None:
    world = WORLDS[Code.MX_ADDRESS_LITERAL].world
    assert delivered(world, "postfix-mxproof").because == (Code.MX_ADDRESS_LITERAL,)
    assert delivered(world, "postfix-mxproof").outcome is Verdict.REFUSED


def test_an_address_for_a_name_that_is_not_public_reaches_nobody() -> None:
    delivery = delivered(PLAIN.zone_with("example.com MX 10 127.0.0.1"), "postfix-dane")
    assert delivery.outcome is Verdict.REFUSED


def test_a_null_mx_beside_others_wins_where_it_does() -> None:
    got = verdicts(WORLDS[Code.MX_NULL_MIXED].world)
    wins = (*POSTFIX, "mox", "stalwart", "kumomta")
    assert {got[sender] for sender in wins} == {Verdict.REFUSED}
    assert {got[sender] for sender in ("exim-dane", "chasquid")} == {Verdict.DELIVERS}
    assert {got[sender] for sender in ("rfc8461", "microsoft", "google", "opportunistic")} == {
        Verdict.AT_RISK
    }
    assert delivered(WORLDS[Code.MX_NULL_MIXED].world, "postfix-dane").because == (Code.MX_NULL_MIXED,)


def test_localhost_takes_no_mail() -> None:
    assert set(verdicts(PLAIN.zone_with("example.com MX 10 localhost")).values()) == {Verdict.REFUSED}


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "198.18.0.1"])
def test_a_host_whose_only_address_is_not_public_takes_no_mail(address: str) -> None:
    world = PLAIN.zone_with(
        "example.com MX 10 mx1.example.com", f"mx1.example.com A {address}", "mx1.example.com AAAA"
    )
    assert set(verdicts(world).values()) == {Verdict.REFUSED}
    assert delivered(world, "rfc8461").because == (Code.MX_ADDRESS_NOT_PUBLIC,)


def test_a_policy_host_that_is_not_public_has_no_policy() -> None:
    world = WORLDS[Code.STS_POLICY_ADDRESS_NOT_PUBLIC].world.but(policy=b"")
    assert set(verdicts(world).values()) == {Verdict.DELIVERS}


def test_hosts_that_nobody_connects_to_are_no_sign_that_port_25_is_blocked() -> None:
    world = WORLDS[Code.MX_ADDRESS_NOT_PUBLIC].world
    assert not assemble(collect(world), world.at).blocked
