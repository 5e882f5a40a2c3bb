"""MX hosts that behave otherwise than those before them."""

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.checks import mx_backup
from mxproof.judge.codes import Code
from mxproof.judge.value import Enforcing
from mxproof.mail.change import (
    Configure,
    Ipv6Value,
    PresentCertificate,
    Service,
    Setting,
    Withdraw,
)
from mxproof.survey.reading import HOSTS_MAX
from support_certificates import Defect
from support_findings import codes, only
from support_world import Smtp
from support_worlds import GOOD, MX1, MX2, WORLDS, connect, policy

REFUSED, TIMEOUT = connect(Outcome.REFUSED), connect(Outcome.TIMEOUT)
BACKUP = "192.0.2.2"
IPV6 = "2001:db8::1"


def test_a_backup_like_the_first_gives_no_reason_to_say_anything() -> None:
    assert codes(GOOD, mx_backup.check) == []


def test_a_backup_that_senders_refuse_is_told_with_those_senders() -> None:
    finding = only(
        GOOD.but(smtp={BACKUP: Smtp(("other.example.com",))}), Code.MX_BACKUP_REFUSED, mx_backup.check
    )
    outage = finding.params["outage"]
    assert isinstance(outage, Enforcing)
    assert "Microsoft" in [one.sender for one in outage.refusing]
    assert (finding.params["first"], finding.params["backups"]) == ((MX1,), (MX2,))


def test_a_backup_that_the_policy_leaves_out_is_one_that_senders_refuse() -> None:
    assert Code.MX_BACKUP_REFUSED in codes(GOOD.but(policy=policy(MX1)), mx_backup.check)


def test_a_fault_of_the_first_is_none_of_the_backup() -> None:
    assert codes(GOOD.but(smtp={"192.0.2.1": Smtp(defect=Defect.SELF_SIGNED)}), mx_backup.check) == []


def test_hosts_of_one_preference_are_no_backup_of_each_other() -> None:
    world = GOOD.zone_with("example.com MX 10 mx1.example.com", "example.com MX 10 mx2.example.com")
    assert codes(world.but(smtp={BACKUP: Smtp(defect=Defect.SELF_SIGNED)}), mx_backup.check) == []


def test_a_backup_without_tls_is_told_where_the_first_has_it() -> None:
    plain = Smtp(stage=SmtpStage.EHLO)
    one = codes(GOOD.but(smtp={BACKUP: plain}), mx_backup.check)
    assert one == [Code.MX_BACKUP_REFUSED, Code.MX_BACKUP_PLAIN]
    all_of_them = GOOD.but(smtp=dict.fromkeys(("192.0.2.1", IPV6, BACKUP), plain))
    assert Code.MX_BACKUP_PLAIN not in codes(all_of_them, mx_backup.check)


def test_a_backup_that_did_not_answer_is_not_judged() -> None:
    world = GOOD.but(smtp={BACKUP: TIMEOUT}, policy=policy(MX1))
    assert codes(world, mx_backup.check) == []


def test_ipv6_that_is_refused_is_broken_and_the_record_may_go() -> None:
    finding = only(GOOD.but(smtp={IPV6: REFUSED}), Code.MX_IPV6_BROKEN, mx_backup.check)
    (way,) = finding.others
    assert way.changes == (Withdraw(MX1, Ipv6Value(IPV6)),)


def test_ipv6_that_is_silent_is_broken_only_where_ipv6_works_from_here() -> None:
    silent = GOOD.but(smtp={IPV6: TIMEOUT})
    working = silent.zone_with("mta-sts.example.com AAAA 2001:db8::80")
    assert codes(silent, mx_backup.check) == []
    assert codes(working, mx_backup.check) == [Code.MX_IPV6_BROKEN]


def test_a_host_that_answers_over_neither_is_not_broken_in_ipv6() -> None:
    world = GOOD.but(smtp={IPV6: REFUSED, "192.0.2.1": REFUSED})
    assert Code.MX_IPV6_BROKEN not in codes(world, mx_backup.check)


def test_of_two_addresses_over_ipv6_that_fail_one_that_is_silent_may_be_this_sides_fault() -> None:
    second = "2001:db8::11"
    world = GOOD.zone_with(f"{MX1} AAAA {IPV6}", f"{MX1} AAAA {second}")
    assert codes(world.but(smtp={IPV6: REFUSED, second: TIMEOUT}), mx_backup.check) == []
    refused = world.but(smtp={IPV6: REFUSED, second: REFUSED})
    finding = only(refused, Code.MX_IPV6_BROKEN, mx_backup.check)
    assert finding.params["addresses"] == (IPV6, second)
    assert [one.at for one in finding.evidence] == [IPV6, second]
    (way,) = finding.others
    assert way.changes == (Withdraw(MX1, Ipv6Value(IPV6)), Withdraw(MX1, Ipv6Value(second)))
    assert codes(world.but(smtp={IPV6: REFUSED}), mx_backup.check) == []


def test_a_broken_address_rests_on_the_connection_over_ipv6_that_came_through() -> None:
    world = GOOD.but(smtp={IPV6: TIMEOUT}).zone_with("mta-sts.example.com AAAA 2001:db8::80")
    finding = only(world, Code.MX_IPV6_BROKEN, mx_backup.check)
    assert [one.at for one in finding.evidence] == [IPV6, "2001:db8::80"]
    other = GOOD.but(smtp={IPV6: TIMEOUT}).zone_with(f"{MX2} AAAA 2001:db8::2")
    assert [one.at for one in only(other, Code.MX_IPV6_BROKEN, mx_backup.check).evidence] == [
        IPV6,
        "2001:db8::2",
    ]


def test_hosts_that_were_not_looked_at_take_no_mail_in_an_outage_that_is_weighed() -> None:
    many = WORLDS[Code.MX_MANY].world.but(policy=policy(MX1))
    finding = only(many, Code.MX_BACKUP_REFUSED, mx_backup.check)
    outage = finding.params["outage"]
    assert isinstance(outage, Enforcing)
    assert (bool(outage.refusing), outage.unknown) == (True, ())
    backups = finding.params["backups"]
    assert isinstance(backups, tuple)
    assert (finding.params["first"], len(backups), finding.subject) == (
        (MX1,),
        HOSTS_MAX - 1,
        "example.com",
    )


def test_backups_are_plain_where_none_of_them_has_tls_and_each_is_to_get_it() -> None:
    third = "mx3.example.com"
    world = GOOD.zone_with(
        f"example.com MX 10 {MX1}",
        f"example.com MX 20 {MX2}",
        f"example.com MX 30 {third}",
        f"{third} A 192.0.2.3",
    ).but(policy=policy(MX1, MX2, third))
    bad = Smtp(stage=SmtpStage.EHLO)
    assert Code.MX_BACKUP_PLAIN not in codes(world.but(smtp={BACKUP: bad}), mx_backup.check)
    both = only(world.but(smtp={BACKUP: bad, "192.0.2.3": bad}), Code.MX_BACKUP_PLAIN, mx_backup.check)
    assert (both.subject, both.params["backups"]) == ("example.com", (MX2, third))
    assert both.changes == tuple(
        change
        for name, address in ((MX2, BACKUP), (third, "192.0.2.3"))
        for change in (
            Configure(Service.SMTP, name, (address,), Setting.STARTTLS),
            PresentCertificate(Service.SMTP, name, (address,), (name,), keeps_key=False),
        )
    )
