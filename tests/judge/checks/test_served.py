"""Name servers with different records of mail: who holds what, and for whom it matters."""

from mxproof.evidence import Kind, Outcome
from mxproof.judge.checks.served import behind, check
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.judge.value import HeldRecords, SerialBehind, ServerAddresses
from mxproof.judge.vocabulary import Security, Severity, Verdict
from mxproof.mail.change import MxValue, TxtValue
from mxproof.survey.served import ZoneVersion
from mxproof.survey.zone import ServerAddress
from support_findings import codes, only
from support_name_servers import At
from support_world import Smtp, ZoneWorld, collect
from support_worlds import COMPARED, DANE, INCIDENT, MX1, NS1, NS2, WORLDS

STS = "_mta-sts.example.com"
SIGNED = COMPARED.but(signed=("example.com",))
MATCHING = f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1"
OTHER = f"_25._tcp.{MX1} TLSA 3 1 1 {'00' * 32}"
SILENT = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)


def stale(world: ZoneWorld, *lines: str, serial: int = 6) -> ZoneWorld:
    """Return `world` with a second name server that has these records in place of its own."""
    return world.at_servers(NS2, At(zone=world.zone_with(*lines).zone, serial=serial))


def report(world: ZoneWorld) -> Report:
    return report_on(collect(world), now=world.at)


def outcomes(world: ZoneWorld) -> dict[str, Verdict]:
    return {one.id: one.outcome for one in report(world).senders}


def severity(world: ZoneWorld, code: Code) -> Severity:
    (found,) = (one for one in report(world).findings if one.code == code)
    return found.severity


def test_servers_that_agree_are_no_finding() -> None:
    assert codes(COMPARED, check) == []
    assert codes(DANE, check) == []


def test_an_old_id_is_told_with_what_each_server_holds() -> None:
    finding = only(stale(COMPARED, f"{STS} TXT v=STSv1; id=1;"), Code.NS_MAIL_DIFFERS, check)
    assert finding.subject == "ns2.example.com"
    assert finding.params["servers"] == (ServerAddresses("ns2.example.com", (NS2[0],)),)
    assert finding.params["serial"] == SerialBehind(6, 7)
    assert finding.params["held"] == (
        HeldRecords(Kind.TXT, STS, ("ns1.example.com",), (TxtValue("v=STSv1; id=20260601;"),)),
        HeldRecords(Kind.TXT, STS, ("ns2.example.com",), (TxtValue("v=STSv1; id=1;"),)),
    )


def test_a_record_that_one_server_lacks_is_a_difference() -> None:
    finding = only(stale(COMPARED, f"{STS} TXT"), Code.NS_MAIL_DIFFERS, check)
    assert HeldRecords(Kind.TXT, STS, ("ns2.example.com",), ()) in finding.params["held"]  # type: ignore[operator]  # a tuple


def test_an_old_tlsa_record_at_one_of_two_puts_mail_of_dane_senders_at_risk() -> None:
    got = outcomes(stale(SIGNED.zone_with(MATCHING), OTHER))
    assert (got["postfix-dane"], got["microsoft"]) == (Verdict.AT_RISK, Verdict.AT_RISK)
    assert (got["google"], got["opportunistic"]) == (Verdict.DELIVERS, Verdict.DELIVERS)


def test_it_is_an_error_for_whom_the_other_version_fails_and_a_warning_else() -> None:
    assert severity(stale(SIGNED.zone_with(MATCHING), OTHER), Code.NS_MAIL_DIFFERS) is Severity.ERROR
    assert severity(stale(COMPARED, f"{STS} TXT v=STSv1; id=1;"), Code.NS_MAIL_DIFFERS) is Severity.WARNING


def test_it_is_the_same_whichever_server_the_resolver_asked() -> None:
    new = SIGNED.zone_with(MATCHING)
    asked_new = stale(new, OTHER)
    asked_old = (
        SIGNED.zone_with(OTHER)
        .at_servers(NS1, At(zone=new.zone, serial=7))
        .at_servers(NS2, At(zone=SIGNED.zone_with(OTHER).zone, serial=6))
    )
    assert outcomes(asked_new) == outcomes(asked_old)


def test_less_protection_at_one_server_is_all_that_counts() -> None:
    got = {one.id: one.security for one in report(stale(COMPARED, f"{STS} TXT")).senders}
    assert got["google"] is Security.OPPORTUNISTIC


def test_an_old_mx_record_leads_some_of_the_mail_to_the_old_host() -> None:
    world = COMPARED.zone_with("old.example.com A 192.0.2.9").but(
        smtp={"192.0.2.9": Smtp(("old.example.com",))}
    )
    got = outcomes(stale(world, "example.com MX 10 old.example.com"))
    assert (got["google"], got["opportunistic"]) == (Verdict.AT_RISK, Verdict.DELIVERS)


def test_who_refuses_by_every_version_is_not_at_risk_only() -> None:
    incident = COMPARED.but(smtp=INCIDENT.smtp, zone=f"{INCIDENT.zone}\n{COMPARED.zone}").zone_with(
        *(line for line in INCIDENT.zone.splitlines() if " CNAME " in line)
    )
    got = outcomes(stale(incident, f"{STS} TXT v=STSv1; id=1;"))
    assert got["microsoft"] is Verdict.REFUSED


def test_addresses_near_to_the_client_are_a_notice() -> None:
    world = WORLDS[Code.NS_ADDRESSES_DIFFER].world
    assert severity(world, Code.NS_ADDRESSES_DIFFER) is Severity.NOTICE


def test_servers_that_could_not_be_asked_are_one_notice_and_no_unknown() -> None:
    everyone = COMPARED.at_servers((*NS1, *NS2), SILENT)
    finding = only(everyone, Code.NS_UNANSWERED, check)
    assert finding.subject == "example.com"
    assert severity(everyone, Code.NS_UNANSWERED) is Severity.NOTICE
    assert report(everyone).unknowns == ()


def test_one_silent_server_is_named() -> None:
    finding = only(COMPARED.at_servers(NS2, SILENT), Code.NS_UNANSWERED, check)
    assert finding.params["who"] == (ServerAddresses("ns2.example.com", (NS2[0],)),)


def test_of_two_records_that_differ_each_is_told_with_its_own_values() -> None:
    differing = stale(COMPARED, f"{STS} TXT v=STSv1; id=1;", "example.com MX 10 old.example.com")
    held = only(differing, Code.NS_MAIL_DIFFERS, check).params["held"]
    assert isinstance(held, tuple)
    found = [one for one in held if isinstance(one, HeldRecords)]
    assert len(found) == 4
    for kind, type_ in ((Kind.TXT, TxtValue), (Kind.MX, MxValue)):
        values = [one.records for one in found if one.kind is kind]
        assert len(values) == 2
        assert all(isinstance(value, type_) for several in values for value in several)


def test_behind_are_those_with_an_older_serial_or_else_the_fewer_or_else_all() -> None:
    def version(serial: int | None, *names: str) -> ZoneVersion:
        servers = tuple(ServerAddress("example.com", name, f"192.0.2.{len(name)}") for name in names)
        return ZoneVersion(servers, serial, ())

    older, newest = version(6, "a", "bb", "ccc"), version(7, "dddd")
    assert behind((newest, older)) == (older,)
    few, many = version(None, "a"), version(None, "bb", "ccc")
    assert behind((many, few)) == (few,)
    assert behind((few, version(None, "bb"))) == (few, version(None, "bb"))
