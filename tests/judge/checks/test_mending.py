"""Changes that several checks advise: what each is made of, and where nothing follows from what was seen."""

import msgspec
import pytest

from mxproof.evidence import Alias, Answer, DnsData, Outcome
from mxproof.formats.mtasts import Mode, Policy, print_policy
from mxproof.formats.tlsa import Tlsa
from mxproof.judge.checks.mending import (
    FIRST_MAX_AGE_S,
    address_record,
    announced,
    announcement,
    certificate,
    completed,
    is_delegated,
    key_records,
    mx_records,
    owner,
    policy_to_serve,
    replacing,
    retiring,
    reverse_names,
    served_at_all,
    serving,
    shown_still,
    withdrawn_addresses,
)
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Awaited,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    PtrValue,
    Publish,
    ServePolicy,
    TlsaValue,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.mail.domain import MailDomain
from support_certificates import Defect
from support_evidence import OBSERVED_AT
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, INCIDENT, MX1, MX2, WORLDS

SERVED = Policy(Mode.ENFORCE, 1_209_600, (MX1, MX2))


def domain(world: ZoneWorld = GOOD) -> MailDomain:
    return assemble(collect(world), world.at)


def test_the_owner_of_records_is_the_end_of_the_aliases() -> None:
    chain = (Alias("a.example", "b.example"), Alias("b.example", "c.example"))
    for data, want in (
        (DnsData("NOERROR", secure=False, chain=chain), "c.example"),
        (DnsData("NOERROR", secure=False), "a.example"),
        (None, "a.example"),
    ):
        assert owner("a.example", Answer(Outcome.FOUND, OBSERVED_AT, data)) == want


def test_a_policy_is_announced_by_a_new_id_in_place_of_all_that_stands_for_a_record() -> None:
    subject = domain(
        GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;", "_mta-sts.example.com TXT v=STSv1; id=2;")
    )
    new = Publish("_mta-sts.example.com", TxtValue(f"v=STSv1; id={GOOD.at:%Y%m%dT%H%M%S};"))
    assert announcement(subject) == new
    assert set(announced(subject)[:-1]) == {
        Withdraw(new.name, TxtValue(f"v=STSv1; id={place};")) for place in (1, 2)
    }
    assert announced(subject)[-1] == new
    assert announced(domain(GOOD.zone_with("_mta-sts.example.com TXT"))) == (new,)
    assert announced(domain(GOOD.zone_with("_mta-sts.example.com TXT !timeout"))) == ()


@pytest.mark.parametrize(
    ("body", "mode"),
    [
        (b"", Mode.TESTING),
        (b"mode: enforce\r\nnothing else", Mode.ENFORCE),
        (b"mode: none\n", Mode.NONE),
        (b"mode: enforce\nmode: testing\n", Mode.TESTING),
        (b"the mode: enforce\n", Mode.TESTING),
    ],
)
def test_a_first_policy_is_in_testing_unless_what_is_served_means_another_mode(
    body: bytes, mode: Mode
) -> None:
    got = policy_to_serve(domain(GOOD.but(policy=body)))
    assert (got.mode, got.max_age_s) == (mode, FIRST_MAX_AGE_S)
    assert got.mx == (() if mode is Mode.NONE else (MX1, MX2))


def test_a_policy_is_completed_by_the_hosts_that_it_does_not_match_and_that_are_there() -> None:
    wildcard = msgspec.structs.replace(SERVED, mx=("*.example.com",))
    assert completed(domain(), wildcard) == wildcard
    assert completed(domain(), msgspec.structs.replace(SERVED, mx=(MX2,))).mx == (MX2, MX1)
    lost = domain(GOOD.zone_with("example.com MX 10 mx1.example.com", "example.com MX 20 gone.example.com"))
    assert completed(lost, msgspec.structs.replace(SERVED, mx=())).mx == (MX1,)
    none = msgspec.structs.replace(SERVED, mode=Mode.NONE, mx=())
    assert completed(domain(), none) == none
    null = domain(GOOD.zone_with("example.com MX 0 ."))
    assert completed(null, msgspec.structs.replace(SERVED, mx=())).mx == ()


def test_what_is_served_already_needs_no_new_id() -> None:
    assert serving(domain(), SERVED) == (ServePolicy("example.com", SERVED),)
    other = msgspec.structs.replace(SERVED, mx=(MX1,))
    changes = serving(domain(), other)
    assert changes[0] == ServePolicy("example.com", other)
    assert [type(one) for one in changes[1:]] == [Withdraw, Publish]
    assert serving(domain()) == serving(domain(), SERVED)


def test_of_a_policy_what_no_policy_may_hold_is_left_out_and_nothing_is_served_where_nothing_is_left() -> (
    None
):
    odd = msgspec.structs.replace(SERVED, mx=(MX1, "mx_2.example.com", "*.example.net"))
    (served,) = served_at_all(domain(), odd)
    assert served.policy.mx == (MX1, "*.example.net")
    assert served_at_all(domain(), msgspec.structs.replace(SERVED, mx=("_",))) == ()


def test_a_certificate_is_for_the_name_asked_for_and_keeps_the_other_name_of_an_alias_that_it_has() -> None:
    host = domain(INCIDENT).hosts[0]
    for_target = certificate(host, "smol.example.com", ("192.0.2.1",))
    assert (for_target.host, for_target.addresses, for_target.names) == (
        "smol.example.com",
        ("192.0.2.1",),
        ("smol.example.com", MX1),
    )
    assert certificate(host, MX1, ("192.0.2.1",)).names == (MX1,)
    assert certificate(host, "smol.example.com", ("192.0.2.99",)).names == ("smol.example.com",)
    assert not for_target.keeps_key
    assert certificate(domain(DANE).hosts[0], MX1, ("192.0.2.1",)).keeps_key


def test_mx_records_stand_as_they_are_a_null_one_with_a_dot() -> None:
    assert mx_records(domain()) == (MxValue(10, MX1), MxValue(20, MX2))
    assert mx_records(domain(GOOD.zone_with("example.com MX 0 ."))) == (MxValue(0, "."),)
    assert mx_records(domain(GOOD.zone_with("example.com MX !timeout"))) == ()


def test_a_host_is_retired_where_another_has_an_address() -> None:
    subject = domain()
    assert retiring(subject, subject.hosts[0]) == (Withdraw("example.com", MxValue(10, MX1)),)
    alone = domain(GOOD.zone_with("example.com MX 10 mx1.example.com"))
    assert retiring(alone, alone.hosts[0]) == ()
    lost = domain(GOOD.zone_with("mx2.example.com A"))
    assert retiring(lost, lost.hosts[0]) == ()


@pytest.mark.parametrize(
    ("lines", "is_out"),
    [
        ((), False),
        (("mta-sts.example.com CNAME www.example.com", "www.example.com A 192.0.2.80"), False),
        (("mta-sts.example.com CNAME sts.example.net", "sts.example.net A 192.0.2.80"), True),
        (("mta-sts.example.com CNAME sts.badexample.com", "sts.badexample.com A 192.0.2.80"), True),
    ],
)
def test_a_policy_host_is_delegated_whose_alias_leads_out_of_the_domain(
    lines: tuple[str, ...], *, is_out: bool
) -> None:
    assert is_delegated(domain(GOOD.zone_with(*lines))) is is_out


def test_an_address_is_published_by_its_family_and_withdrawn_as_it_was() -> None:
    assert address_record("a", "192.0.2.1") == Publish("a", Ipv4Value("192.0.2.1"))
    assert address_record("a", "2001:db8::1") == Publish("a", Ipv6Value("2001:db8::1"))
    assert withdrawn_addresses("a", ["2001:db8::1"]) == (Withdraw("a", Ipv6Value("2001:db8::1")),)


def test_keys_are_replaced_by_the_new_first_then_after_the_time_to_live_the_old_go() -> None:
    host = domain(DANE).hosts[0]
    tlsa = host.tlsa_target
    (old,) = tlsa.records
    chains = [one.sessions[0].chain for one in host.endpoints]
    shown = key_records(tlsa, [*chains, None])
    assert len(shown) == 1
    assert replacing(tlsa, (), [old]) == ()
    new = Publish(shown[0].name, TlsaValue(3, 1, 1, "00" * 32))
    gone = Withdraw(new.name, TlsaValue(old.usage, old.selector, old.matching_type, old.association.hex()))
    timed = msgspec.structs.replace(tlsa, answer=msgspec.structs.replace(tlsa.answer, ttl_s=300))
    assert replacing(timed, (new,), [old]) == (new, Wait(new.name, Awaited.TTL, 300), gone)
    timeless = msgspec.structs.replace(tlsa, answer=msgspec.structs.replace(tlsa.answer, ttl_s=None))
    assert replacing(timeless, (new,), [old]) == (new, gone)
    assert replacing(timeless, shown, []) == ()
    assert isinstance(old, Tlsa)


def test_a_reverse_name_is_the_name_of_the_host_alone() -> None:
    world = GOOD.zone_with("192.0.2.2 PTR mx2.example.com", "192.0.2.2 PTR other.example.net")
    host = domain(world).hosts[1]
    assert list(reverse_names(host, host.endpoints)) == [
        Withdraw("2.2.0.192.in-addr.arpa", PtrValue("other.example.net"))
    ]
    bare = domain(GOOD.zone_with("192.0.2.2 PTR")).hosts[1]
    assert list(reverse_names(bare, bare.endpoints)) == [Publish("2.2.0.192.in-addr.arpa", PtrValue(MX2))]
    good = domain().hosts[1]
    assert list(reverse_names(good, good.endpoints)) == []


def test_servers_go_on_showing_what_is_in_order_and_nothing_else() -> None:
    def still(world: ZoneWorld) -> list[tuple[str, ...]]:
        host = domain(world).hosts[0]
        sessions = {one.address: one.sessions[0] for one in host.endpoints}
        return [one.addresses for one in shown_still(host, sessions) if isinstance(one, PresentCertificate)]

    assert still(GOOD) == [("192.0.2.1", "2001:db8::1")]
    assert still(GOOD.but(smtp={"192.0.2.1": Smtp(defect=Defect.EXPIRED)})) == [("2001:db8::1",)]
    assert still(GOOD.but(smtp={"192.0.2.1": Smtp(defect=Defect.WEAK_KEY)})) == [("2001:db8::1",)]
    assert still(GOOD.but(smtp={"192.0.2.1": Smtp(("*.example.com",))})) == [("192.0.2.1",), ("2001:db8::1",)]


def test_texts_that_are_nearly_records_go_with_the_records_each_once() -> None:
    near, record = "v=STSv1 ; id=7;", "v=STSv1; id=1;"
    subject = domain(GOOD.zone_with(*(f"_mta-sts.example.com TXT {one}" for one in (near, record))))
    *old, new = announced(subject)
    assert old == [Withdraw("_mta-sts.example.com", TxtValue(one)) for one in (record, near)]
    assert new == announcement(subject)
    alone = domain(GOOD.zone_with(f"_mta-sts.example.com TXT {near}"))
    assert announced(alone)[:-1] == (Withdraw("_mta-sts.example.com", TxtValue(near)),)


def test_a_policy_that_any_address_serves_already_is_announced_already() -> None:
    """A sender that fetched it there holds it under the id of today."""
    shorter = msgspec.structs.replace(SERVED, max_age_s=604_800)
    world = GOOD.zone_with("mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81").but(
        https={"192.0.2.81": Https(body=print_policy(shorter))}
    )
    for policy in (SERVED, shorter):
        assert serving(domain(world), policy) == (ServePolicy("example.com", policy),)


def test_hosts_that_were_not_looked_at_are_listed_too() -> None:
    many = domain(WORLDS[Code.MX_MANY].world)
    names = [one.name for one in (*many.mx.exchanges, *many.mx.unprobed)]
    assert many.mx.unprobed
    assert completed(many, msgspec.structs.replace(SERVED, mx=())).mx == tuple(names)


def test_a_name_that_one_address_has_now_is_kept_for_all() -> None:
    world = INCIDENT.but(smtp={**INCIDENT.smtp, "192.0.2.1": Smtp(("smol.example.com",))})
    host = domain(world).hosts[0]
    both = certificate(host, MX1, ("192.0.2.1", "2001:db8::1"))
    assert both.names == (MX1, "smol.example.com")
    assert certificate(host, MX1, ("2001:db8::1",)).names == (MX1,)


def test_only_records_that_are_not_there_yet_are_published_and_those_that_go_go_last_in_order() -> None:
    tlsa = domain(DANE).hosts[0].tlsa_target
    (own,) = tlsa.records
    spare = Tlsa(3, 1, 1, bytes(32))
    timed = msgspec.structs.replace(
        tlsa, records=(own, spare), answer=msgspec.structs.replace(tlsa.answer, ttl_s=60)
    )
    name = tlsa.question.name
    here = Publish(name, TlsaValue(3, 1, 1, own.association.hex()))
    new = Publish(name, TlsaValue(3, 1, 1, "11" * 32))
    changes = replacing(timed, (here, new), [spare, own])
    assert changes == (
        new,
        Wait(name, Awaited.TTL, 60),
        Withdraw(name, TlsaValue(3, 1, 1, "00" * 32)),
        Withdraw(name, here.record),
    )
