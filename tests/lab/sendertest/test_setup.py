"""What each field of the domain of a case makes of its zone, its servers and its policy host."""

import pytest

from mxproof.lab.defect import Defect
from mxproof.lab.scenario import (
    CertificateSetup,
    HttpsFault,
    NameFaultSetup,
    PolicyHostSetup,
    PtrSetup,
    Scenario,
    SmtpFault,
    SmtpSetup,
    TlsaSetup,
    TlsVersion,
    ZoneSetup,
)
from mxproof.lab.sendertest.setup import (
    BASE,
    CHANGING_TTL_S,
    NAME_SERVER,
    CaseHost,
    CaseSetup,
    CaseTlsa,
    Publishing,
    ReportsBy,
    domain_of,
    reports_wanted_at,
    scenario_of,
    sender_of,
)
from mxproof.world.world import DnsFault

RUN = "abc234"
DOMAIN = f"one-{RUN}.{BASE}"
SENDER = f"sender-{RUN}.{BASE}"


def of(**fields: object) -> Scenario:
    """Return the scenario of one case, whose domain is set up so."""
    return scenario_of({"one": CaseSetup(**fields)}, RUN)  # type: ignore[arg-type]


def lines(scenario: Scenario, zone: str = DOMAIN) -> list[str]:
    (found,) = (one for one in scenario.zones if one.name == zone)
    assert found.records.endswith("\n")
    return found.records.splitlines()


def certificate(*names: str, defect: Defect = Defect.NONE) -> CertificateSetup:
    return CertificateSetup(names=names, defect=defect)


def test_a_domain_is_named_by_its_case_and_its_run() -> None:
    assert domain_of("one", RUN) == DOMAIN
    assert sender_of(RUN) == f"bounces@{SENDER}"


def test_the_simplest_case_has_an_mx_and_a_host_and_no_policy() -> None:
    scenario = of()
    assert (scenario.name, scenario.domain) == (RUN, BASE)
    assert scenario.zones == (
        ZoneSetup(BASE, f"@ NS ns\nns A {NAME_SERVER}\n", secure=True),
        ZoneSetup(DOMAIN, f"@ 300 MX 10 mx1.{DOMAIN}.\nmx1 A 192.0.2.1\n"),
        ZoneSetup(SENDER, f"@ 300 MX 10 mx1.{SENDER}.\nmx1 A 192.0.2.2\n"),
    )
    assert scenario.smtp == (
        SmtpSetup(f"mx1.{DOMAIN}", addresses=("192.0.2.1",)),
        SmtpSetup(f"mx1.{SENDER}", addresses=("192.0.2.2",)),
    )
    assert (scenario.https, scenario.tlsa, scenario.ptr, scenario.dns_faults) == ((), (), (), ())


def test_the_domain_that_mails_are_from_is_there_without_any_case() -> None:
    assert [one.name for one in scenario_of({}, RUN).zones] == [BASE, SENDER]


def test_no_server_has_the_address_of_another_or_of_the_name_server() -> None:
    many = of(hosts=tuple(CaseHost(f"mx{place}") for place in range(1, 55)), policy=("version: STSv1",))
    taken = [address for of_one in (many.smtp, many.https) for one in of_one for address in one.addresses]
    assert len(set(taken)) == len(taken) == 56
    assert taken[51:53] == ["192.0.2.52", "192.0.2.54"]


def test_hosts_have_the_certificate_the_fault_and_the_version_that_are_said() -> None:
    host = CaseHost(
        "a", ("b", "c"), defect=Defect.EXPIRED, fault=SmtpFault.CUT, tls=TlsVersion.TLS_1_2, reverse="d"
    )
    scenario = of(hosts=(host,), mx=("10 a",))
    names = certificate(f"b.{DOMAIN}", f"c.{DOMAIN}", defect=Defect.EXPIRED)
    assert scenario.smtp[0] == SmtpSetup(
        f"a.{DOMAIN}",
        addresses=("192.0.2.1",),
        certificate=names,
        fault=SmtpFault.CUT,
        tls=TlsVersion.TLS_1_2,
    )
    assert scenario.ptr == (PtrSetup("192.0.2.1", (f"d.{DOMAIN}",)),)


def test_over_ipv6_a_host_may_show_other_names() -> None:
    scenario = of(hosts=(CaseHost(fault=SmtpFault.CUT, other_names=("other",)),))
    assert lines(scenario)[1:] == ["mx1 A 192.0.2.1", "mx1 AAAA 2001:db8::192:0:2:1"]
    assert scenario.smtp[1] == SmtpSetup(
        f"mx1.{DOMAIN}", addresses=("2001:db8::192:0:2:1",), certificate=certificate(f"other.{DOMAIN}")
    )


def test_over_ipv6_a_host_may_be_an_address_where_nobody_is() -> None:
    scenario = of(hosts=(CaseHost(dead_ipv6=True),))
    assert lines(scenario)[1:] == ["mx1 A 192.0.2.1", "mx1 AAAA 2001:db8:dead::1"]
    assert len(scenario.smtp) == 2


def test_an_exchange_is_a_host_or_stands_as_it_is_written() -> None:
    scenario = of(mx=("5 {address}.", "0 .", "20 mx2"))
    assert lines(scenario)[:3] == ["@ 300 MX 5 192.0.2.1.", "@ 300 MX 0 .", f"@ 300 MX 20 mx2.{DOMAIN}."]


def test_aliases_lead_to_hosts() -> None:
    assert lines(of(aliases=(("mx", "mx1"),)))[2:] == ["mx CNAME mx1"]


def test_a_policy_has_its_host_its_records_and_lines_that_end_as_is_said() -> None:
    scenario = of(policy=("version: STSv1", "mx: mx1.{d}"), ends="\r\n", records=("v=STSv1; id=2;", "x"))
    assert lines(scenario)[1:4] == [
        "mta-sts A 192.0.2.2",
        '_mta-sts 300 TXT "v=STSv1; id=2;"',
        '_mta-sts 300 TXT "x"',
    ]
    assert scenario.https == (
        PolicyHostSetup(
            body=f"version: STSv1\r\nmx: mx1.{DOMAIN}\r\n",
            name=f"mta-sts.{DOMAIN}",
            addresses=("192.0.2.2",),
        ),
    )


def test_a_policy_is_published_as_is_said() -> None:
    publishing = Publishing(
        status=302,
        media="text/html",
        headers=(("Location", "https://{d}/"),),
        names=("www",),
        defect=Defect.SELF_SIGNED,
        fault=HttpsFault.SLOW,
        after_s=6,
    )
    (host,) = of(policy=("version: STSv1",), publishing=publishing).https
    assert host == PolicyHostSetup(
        body="version: STSv1\n",
        name=f"mta-sts.{DOMAIN}",
        addresses=("192.0.2.2",),
        status=302,
        content_type="text/html",
        headers=(("Location", f"https://{DOMAIN}/"),),
        certificate=certificate(f"www.{DOMAIN}", defect=Defect.SELF_SIGNED),
        delay_s=6,
        fault=HttpsFault.SLOW,
    )


def test_records_that_change_are_good_for_as_long_as_is_said() -> None:
    assert CHANGING_TTL_S == 5
    assert lines(of(policy=("version: STSv1",), ttl_s=CHANGING_TTL_S)) == [
        f"@ 5 MX 10 mx1.{DOMAIN}.",
        "mta-sts A 192.0.2.2",
        '_mta-sts 5 TXT "v=STSv1; id=1;"',
        "mx1 A 192.0.2.1",
    ]


def test_a_zone_is_signed_where_that_is_said() -> None:
    assert [one.secure for one in of(signed=True).zones] == [True, True, False]


def test_hosts_apart_stand_in_a_signed_zone_beside_that_of_the_domain() -> None:
    scenario = of(hosts_apart=True, policy=("mx: mx1.{d}",), unanswered="mx1")
    apart = f"hosts-{DOMAIN}"
    assert [(one.name, one.secure) for one in scenario.zones[1:3]] == [(apart, True), (DOMAIN, False)]
    assert lines(scenario, apart) == ["mx1 A 192.0.2.1"]
    assert lines(scenario) == [
        f"@ 300 MX 10 mx1.{apart}.",
        "mta-sts A 192.0.2.2",
        '_mta-sts 300 TXT "v=STSv1; id=1;"',
    ]
    assert scenario.smtp[0].name == f"mx1.{apart}"
    assert scenario.https[0].body == f"mx: mx1.{apart}\n"
    assert scenario.dns_faults == (NameFaultSetup(f"_25._tcp.mx1.{apart}", DnsFault.SERVFAIL, "TLSA"),)


def test_a_tlsa_record_stands_at_one_host_and_is_of_another() -> None:
    record = CaseTlsa("2 0 1", at="mx2", of="mx1", wrong=True, root=True)
    assert of(tlsa=(record, CaseTlsa())).tlsa == (
        TlsaSetup(f"mx1.{DOMAIN}", f"_25._tcp.mx2.{DOMAIN}", 2, 0, 1, wrong=True, root=True),
        TlsaSetup(f"mx1.{DOMAIN}", f"_25._tcp.mx1.{DOMAIN}", 3, 1, 1),
    )


@pytest.mark.parametrize(
    ("by", "where"),
    [
        (ReportsBy.MAIL, f"mailto:reports@{SENDER}"),
        (ReportsBy.HTTPS, f"https://mta-sts.{DOMAIN}/tlsrpt"),
    ],
)
def test_reports_are_wanted_by_mail_at_the_domain_of_the_run_or_at_the_policy_host(
    by: ReportsBy, where: str
) -> None:
    assert reports_wanted_at(by, domain=DOMAIN, mail_domain=SENDER) == where
    assert lines(of(reports=by))[1] == f'_smtp._tls TXT "v=TLSRPTv1; rua={where}"'
    assert [line for line in lines(of()) if line.startswith("_smtp._tls")] == []
