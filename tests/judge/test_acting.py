"""Who has to act, by names and aliases."""

import msgspec
import pytest

from mxproof.judge.acting import duties, duties_of
from mxproof.judge.checks import findings
from mxproof.judge.codes import Code
from mxproof.judge.report import Duty, Finding
from mxproof.judge.vocabulary import Actor
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Awaited,
    Change,
    Configure,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    PtrValue,
    Publish,
    Service,
    Setting,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.mail.domain import MailDomain
from support_world import ZoneWorld, collect
from support_worlds import GOOD, MX1, WORLDS

HOSTED = GOOD.zone_with(
    "example.com MX 10 mx.example.net",
    "example.com MX 30 mx.notexample.com",
    "mx.notexample.com A 192.0.2.9",
    "example.com MX 20 mx1.example.com",
    "mx.example.net A 192.0.2.2",
    "mx1.example.com CNAME edge.cdn.example",
    "edge.cdn.example A 192.0.2.1",
    "mta-sts.example.com CNAME sts.provider.example",
    "sts.provider.example A 192.0.2.80",
    "_mta-sts.example.com CNAME _sts.provider.example",
    "_sts.provider.example TXT v=STSv1; id=1;",
)


def domain(world: ZoneWorld) -> MailDomain:
    return assemble(collect(world), world.at)


def shown(*, host: str, service: Service = Service.SMTP) -> PresentCertificate:
    return PresentCertificate(service, host, ("192.0.2.1",), (host,), keeps_key=False)


@pytest.mark.parametrize(
    ("change", "want"),
    [
        (Publish("example.com", MxValue(10, MX1)), Duty(Actor.DNS, "example.com")),
        (Withdraw("_mta-sts.example.com", TxtValue("x")), Duty(Actor.DNS, "example.com")),
        (
            Withdraw("_sts.provider.example", TxtValue("x")),
            Duty(Actor.ALIAS_PROVIDER, "_sts.provider.example", "_mta-sts.example.com"),
        ),
        (Publish("mx.example.net", Ipv4Value("192.0.2.9")), Duty(Actor.MX_OWNER, "mx.example.net")),
        (Publish("_25._tcp.mx.example.net", TxtValue("x")), Duty(Actor.MX_OWNER, "mx.example.net")),
        (Publish("2.2.0.192.in-addr.arpa", PtrValue(MX1)), Duty(Actor.ADDRESS_OWNER, "192.0.2.2")),
        (Publish("mx.notexample.com", Ipv4Value("192.0.2.9")), Duty(Actor.MX_OWNER, "mx.notexample.com")),
        (shown(host="mx.example.net"), Duty(Actor.MX_OWNER, "mx.example.net")),
        (shown(host="mx.notexample.com"), Duty(Actor.MX_OWNER, "mx.notexample.com")),
        (shown(host="mx1.example.com"), Duty(Actor.ALIAS_PROVIDER, "edge.cdn.example", "mx1.example.com")),
        (
            shown(host="mta-sts.example.com", service=Service.HTTPS),
            Duty(Actor.ALIAS_PROVIDER, "sts.provider.example", "mta-sts.example.com"),
        ),
        (
            Configure(Service.DNS, "example.com", (), Setting.SIGNED),
            Duty(Actor.DNS_HOST, "example.com"),
        ),
        (
            Configure(Service.DNS, "edge.cdn.example", (), Setting.SIGNED),
            Duty(Actor.ALIAS_PROVIDER, "edge.cdn.example", "mx1.example.com"),
        ),
    ],
)
def test_whoever_keeps_what_is_to_change_acts(change: Change, want: Duty) -> None:
    assert duties_of(domain(HOSTED), (change,)) == (want,)


def test_a_server_of_the_domain_is_that_of_its_owner() -> None:
    assert duties_of(domain(GOOD), (shown(host=MX1),)) == (Duty(Actor.SERVER, MX1),)


def test_nobody_makes_a_wait() -> None:
    assert duties_of(domain(GOOD), (Wait("example.com", Awaited.TTL, 300),)) == ()


def test_each_is_named_once_and_four_are_named_in_the_order_of_the_changes() -> None:
    names = [f"mx{place}.example.net" for place in range(6)]
    many = tuple(Publish(name, Ipv4Value("192.0.2.1")) for name in names)
    found = duties_of(domain(GOOD), (*many, *many))
    assert [one.at for one in found] == names[:4]


DELEGATED = GOOD.zone_with(
    "_smtp._tls.example.com CNAME reports.provider.example",
    "reports.provider.example TXT v=TLSRPTv1; rua=mailto:tls@provider.example",
    f"_25._tcp.{MX1} CNAME keys.provider.example",
    "keys.provider.example TLSA 3 1 1 @192.0.2.1",
).but(signed=("example.com", "provider.example"))


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("reports.provider.example", "_smtp._tls.example.com"),
        ("keys.provider.example", f"_25._tcp.{MX1}"),
    ],
)
def test_a_record_behind_an_alias_is_kept_by_the_provider_that_it_leads_to(name: str, alias: str) -> None:
    changes = (Withdraw(name, TxtValue("x")),)
    assert duties_of(domain(DELEGATED), changes) == (Duty(Actor.ALIAS_PROVIDER, name, alias),)
    assert duties_of(domain(GOOD), changes) == (Duty(Actor.MX_OWNER, name),)


def test_a_reverse_name_is_that_of_its_own_address_and_of_no_other() -> None:
    def keeper(name: str) -> tuple[Duty, ...]:
        return duties_of(domain(GOOD), (Publish(name, PtrValue(MX1)),))

    assert keeper("2.2.0.192.in-addr.arpa") == (Duty(Actor.ADDRESS_OWNER, "192.0.2.2"),)
    assert keeper("9.9.0.192.in-addr.arpa") == (Duty(Actor.MX_OWNER, "9.9.0.192.in-addr.arpa"),)


@pytest.mark.parametrize(
    ("code", "want"),
    [(Code.DMARC_UNANSWERED, Actor.DNS_HOST), (Code.SPF_MULTIPLE, Actor.DNS)],
)
def test_of_sent_mail_a_failing_name_server_is_its_host_s_and_a_wrong_record_is_that_of_dns(
    code: Code, want: Actor
) -> None:
    subject = domain(WORLDS[code].world)
    finding = next(one for one in findings(subject) if one.code == code)
    assert {one.actor for one in duties(subject, msgspec.structs.replace(finding, changes=()))} == {want}


@pytest.mark.parametrize(
    ("code", "want"),
    [
        (Code.PORT_25_BLOCKED, Actor.HERE),
        (Code.DANE_UNJUDGED, Actor.HERE),
        (Code.RESOLVER_UNANSWERED, Actor.HERE),
        (Code.MX_UNANSWERED, Actor.DNS_HOST),
        (Code.NS_TCP_FAILED, Actor.DNS_HOST),
        (Code.DANE_LEFTOVER, Actor.DNS),
        (Code.CERT_UNCHECKED, Actor.SERVER),
        (Code.MX_NULL, Actor.DNS),
        (Code.SMTP_UNANSWERED, Actor.SERVER),
        (Code.STS_POLICY_TIMEOUT, Actor.SERVER),
        (Code.STS_RECORD_UNANSWERED, Actor.DNS_HOST),
    ],
)
def test_without_changes_it_is_who_keeps_what_was_asked_about(code: Code, want: Actor) -> None:
    subject = domain(WORLDS[code].world)
    finding = next(one for one in findings(subject) if one.code == code)
    assert not finding.changes
    assert {one.actor for one in duties(subject, finding)} == {want}


CHAINED = GOOD.zone_with(
    f"{MX1} CNAME edge.provider.example",
    "edge.provider.example CNAME box.provider.example",
    "box.provider.example A 192.0.2.1",
    f"_25._tcp.{MX1} CNAME keys.provider.example",
    "keys.provider.example TLSA 3 1 1 @192.0.2.1",
    "_25._tcp.box.provider.example CNAME other.keys.example",
    "other.keys.example TLSA 3 1 1 @192.0.2.1",
).but(signed=("example.com", "provider.example", "keys.example"))


@pytest.mark.parametrize("name", ["edge.provider.example", "box.provider.example"])
def test_each_name_along_the_aliases_is_kept_by_its_own_provider(name: str) -> None:
    change = Publish(name, Ipv4Value("192.0.2.9"))
    assert duties_of(domain(CHAINED), (change,)) == (Duty(Actor.ALIAS_PROVIDER, name, MX1),)


def test_the_server_at_the_end_of_several_aliases_is_that_of_the_last_name_by_whichever_it_is_named() -> None:
    at_end = Duty(Actor.ALIAS_PROVIDER, "box.provider.example", MX1)
    for name in (MX1, "edge.provider.example", "box.provider.example"):
        assert duties_of(domain(CHAINED), (shown(host=name),)) == (at_end,)
    assert duties_of(domain(CHAINED), (shown(host="strange.example"),)) == (
        Duty(Actor.MX_OWNER, "strange.example"),
    )


def test_records_behind_an_alias_at_the_mx_name_are_kept_by_their_provider_too() -> None:
    changes = (Withdraw("keys.provider.example", TxtValue("x")),)
    assert duties_of(domain(CHAINED), changes) == (
        Duty(Actor.ALIAS_PROVIDER, "keys.provider.example", f"_25._tcp.{MX1}"),
    )
    below_target = (Withdraw("other.keys.example", TxtValue("x")),)
    assert duties_of(domain(CHAINED), below_target) == (Duty(Actor.MX_OWNER, "other.keys.example"),)


def test_four_are_named_of_those_that_differ_and_not_of_those_that_were_counted() -> None:
    first = Publish("mx0.example.net", Ipv4Value("192.0.2.1"))
    others = tuple(Publish(f"mx{place}.example.net", Ipv4Value("192.0.2.1")) for place in range(1, 6))
    found = duties_of(domain(GOOD), (*[first] * 6, *others))
    assert [one.at for one in found] == [f"mx{place}.example.net" for place in range(4)]


def test_what_other_findings_say_names_nobody_though_it_has_changes_and_what_is_here_is_here() -> None:
    """The way out of both is said where the fault is."""
    subject = domain(GOOD)
    change = Publish("example.com", MxValue(10, MX1))
    for code in (Code.STS_ENFORCE_BREAKS, Code.MX_BACKUP_REFUSED):
        assert duties(subject, Finding(code, "example.com", {}, (), (change,))) == ()
    for code in (Code.PORT_25_BLOCKED, Code.NS_UNANSWERED, Code.DNSBL_REFUSED):
        found = duties(subject, Finding(code, "x.example.net", {}, (), (change,)))
        assert found == (Duty(Actor.HERE, "example.com"),)
    assert duties(subject, Finding(Code.MX_ALIAS, MX1, {}, (), (change,))) == (
        Duty(Actor.DNS, "example.com"),
    )
