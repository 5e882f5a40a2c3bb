"""Where senders fail: the hosts, the addresses and the names compared, gathered over all of them."""

from mxproof.formats.result_type import ResultType
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.judgement import Judge
from mxproof.remedy.search.trouble import HostTrouble, troubles
from support_certificates import Defect
from support_incident import ALIASES, INCIDENT, TARGETS
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2


def found(world: ZoneWorld) -> tuple[HostTrouble, ...]:
    state = Judge(collect(world), world.at, (), SENDERS).after(())
    failing = [one for one in state.deliveries if one.decides and one.outcome is not Verdict.DELIVERS]
    return troubles(state.domain, failing)


def test_a_sound_domain_has_none() -> None:
    assert found(GOOD) == ()


def test_each_host_of_the_incident_is_in_trouble_for_the_name_that_microsoft_compares() -> None:
    got = found(INCIDENT)
    assert [one.host.name for one in got] == list(ALIASES)
    assert [set(one.compared) >= {target} for one, target in zip(got, TARGETS, strict=True)] == [True, True]
    assert all("microsoft" in one.senders for one in got)


def test_a_host_is_named_with_the_addresses_at_which_it_fails_and_how() -> None:
    world = GOOD.but(smtp={"192.0.2.2": Smtp((MX2,), Defect.EXPIRED)})
    (got,) = found(world)
    assert (got.host.name, got.addresses) == (MX2, ("192.0.2.2",))
    assert ResultType.CERTIFICATE_EXPIRED in got.result_types
    assert {"rfc8461", "google"} <= set(got.senders)


def test_a_host_that_nobody_fails_at_is_left_out() -> None:
    world = GOOD.but(smtp={"192.0.2.2": Smtp((MX2,), Defect.EXPIRED)})
    assert "mx1.example.com" not in {one.host.name for one in found(world)}


def test_a_host_of_which_it_is_unknown_what_becomes_of_mail_is_in_trouble_with_those_that_refuse() -> None:
    world = GOOD.but(smtp={"192.0.2.1": Smtp((MX1,), Defect.EXPIRED)}).zone_with(f"{MX2} A !timeout")
    refused, unknown = found(world)
    assert (refused.host.name, refused.addresses) == (MX1, ("192.0.2.1",))
    assert (unknown.host.name, unknown.addresses, unknown.result_types) == (MX2, (), frozenset({None}))
    assert {"rfc8461", "google"} <= set(refused.senders) & set(unknown.senders)
