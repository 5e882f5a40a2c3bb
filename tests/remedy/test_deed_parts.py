"""The names in a deed, for each kind of measure by itself: what is new there, each once, and none where it is all there is."""

from functools import cache

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    Withdraw,
)
from mxproof.mail.domain import MailDomain
from mxproof.remedy.deed import Deed, deed_of
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind
from support_world import Https, collect
from support_worlds import GOOD, MX1, MX2, policy

ONE, SIX, TWO = "192.0.2.1", "2001:db8::1", "192.0.2.2"
KEY = TlsaValue(3, 1, 1, "00")


@cache
def domain(*, is_mute: bool = False) -> MailDomain:
    world = GOOD.but(https={"192.0.2.80": Https(status=404)}) if is_mute else GOOD.but(policy=policy(MX1))
    return Judge(collect(world), world.at, (), SENDERS).after(()).domain


def names(kind: MeasureKind, about: str, *changes: Change, is_mute: bool = False) -> tuple[str, ...]:
    return deed_of(Measure(kind, about, changes), domain(is_mute=is_mute)).names


def serve(*mx: str) -> ServePolicy:
    return ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, mx))


def shown(*addresses: str, names: tuple[str, ...] = (MX1,)) -> PresentCertificate:
    return PresentCertificate(Service.SMTP, MX1, addresses, names, keeps_key=False)


def set_up(*addresses: str, setting: Setting = Setting.TLS) -> Configure:
    return Configure(Service.SMTP, MX1, addresses, setting)


def test_of_a_policy_the_patterns_are_told_that_the_served_one_lacks_and_all_where_none_is_served() -> None:
    changes = (serve("new.example.com", MX1, MX2), Publish("example.com", MxValue(10, MX2)))
    assert names(MeasureKind.SERVE_POLICY, "", *changes) == ("new.example.com", MX2)
    assert names(MeasureKind.SERVE_POLICY, "", *changes, is_mute=True) == ("new.example.com", MX1, MX2)


@pytest.mark.parametrize("kind", [MeasureKind.MX_TARGET, MeasureKind.MX_NAME])
def test_of_a_host_under_another_name_the_new_exchange_is_told_and_not_the_old_one(kind: MeasureKind) -> None:
    changes = (
        Publish("new.example.com", Ipv4Value(ONE)),
        Withdraw("example.com", MxValue(10, MX1)),
        Withdraw("example.com", MxValue(20, MX1)),
        Publish("example.com", MxValue(10, "new.example.com")),
        Publish("example.com", MxValue(20, "new.example.com")),
    )
    assert names(kind, MX1, *changes) == ("new.example.com",)


def test_of_addresses_that_go_those_of_both_versions_of_ip_are_told_and_nothing_else() -> None:
    changes = (
        Withdraw(MX1, CnameValue("other.example.com")),
        Withdraw(MX1, Ipv6Value(SIX)),
        Publish(MX1, Ipv4Value("192.0.2.9")),
        Withdraw(MX1, Ipv4Value(ONE)),
    )
    assert names(MeasureKind.DROP_ADDRESS, MX1, *changes) == (SIX, ONE)


@pytest.mark.parametrize(
    ("about", "changes", "told"),
    [
        (MX1, (set_up(SIX), shown(SIX)), (SIX,)),
        (MX1, (shown(ONE),), (ONE,)),
        (MX1, (set_up(SIX), shown(ONE)), ()),
        (MX2, (set_up(TWO),), ()),
        ("gone.example.com", (set_up(ONE),), ()),
    ],
)
def test_of_a_server_the_addresses_are_told_unless_they_are_all_that_the_host_has(
    about: str, changes: tuple[Change, ...], told: tuple[str, ...]
) -> None:
    assert names(MeasureKind.SERVER, about, *changes) == told


def test_of_the_policy_host_it_is_its_own_addresses_that_are_all_or_not() -> None:
    assert names(MeasureKind.POLICY_HOST, "", set_up("192.0.2.80"), serve(MX1)) == ()
    assert names(MeasureKind.POLICY_HOST, "", set_up("192.0.2.81")) == ("192.0.2.81",)


def test_of_a_certificate_the_names_are_told_that_none_of_the_host_holds() -> None:
    (held,) = {
        session.chain.leaf.dns_names
        for host in domain().hosts
        if host.name == MX1
        for endpoint in host.endpoints
        for session in endpoint.sessions
        if session.chain is not None and session.chain.leaf is not None
    }
    wanted = ("z.example.com", *held, "a.example.com")
    changes = (shown(ONE, names=wanted), shown(SIX, names=wanted))
    assert names(MeasureKind.CERTIFICATE, MX1, *changes) == ("z.example.com", "a.example.com")
    assert names(MeasureKind.CERTIFICATE, MX1, shown(ONE, names=held)) == ()
    assert names(MeasureKind.CERTIFICATE, "gone.example.com", shown(ONE, names=held)) == held


def test_of_tlsa_records_the_owners_of_new_ones_are_told_once() -> None:
    owner, other = f"_25._tcp.{MX1}", f"_25._tcp.{MX2}"
    more = TlsaValue(3, 1, 1, "11")
    changes = (Publish(other, KEY), Publish(owner, KEY), Publish(other, more), Withdraw(owner, more))
    assert names(MeasureKind.TLSA_RECORDS, MX1, *changes) == (other, owner)
    assert names(MeasureKind.TLSA_RECORDS, MX1, Withdraw(owner, KEY)) == ()


def test_of_name_servers_the_addresses_are_told_and_where_none_is_known_the_name() -> None:
    behind = Configure(Service.DNS, "example.com", ("198.51.100.53", "192.0.2.53"), Setting.CURRENT)
    silent = Configure(Service.DNS, f"_25._tcp.{MX1}", (), Setting.ANSWERING)
    assert names(MeasureKind.NAME_SERVERS, "", behind) == ("198.51.100.53", "192.0.2.53")
    assert names(MeasureKind.NAME_SERVERS, MX1, silent) == (f"_25._tcp.{MX1}",)


def test_a_deed_has_the_first_setting_of_its_measure_and_none_where_nothing_is_set_up() -> None:
    changes = (
        shown(SIX),
        set_up(SIX, setting=Setting.STARTTLS),
        set_up(SIX),
    )
    both = deed_of(Measure(MeasureKind.SERVER, MX1, changes), domain())
    assert both == Deed(MeasureKind.SERVER, MX1, (SIX,), Setting.STARTTLS)
    gone = Measure(MeasureKind.RETIRE_HOST, MX1, (Withdraw("example.com", MxValue(10, MX1)),))
    assert deed_of(gone, domain()) == Deed(MeasureKind.RETIRE_HOST, MX1, (), None)
