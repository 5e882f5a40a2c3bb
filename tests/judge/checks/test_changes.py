"""The changes that findings carry: of the kinds that mend them, and none only for a reason."""

from typing import get_args

import msgspec
import pytest

from mxproof.judge.catalogue import CATALOGUE
from mxproof.judge.checks import earlier, findings, memory
from mxproof.judge.codes import BOGUS_CAUSES, DANE_MISMATCHES, Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Finding
from mxproof.judge.value import CertificateToGet
from mxproof.judge.vocabulary import Severity
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Awaited,
    Change,
    CnameValue,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    TlsaValue,
    Wait,
    Withdraw,
)
from support_certificates import Defect
from support_long import some
from support_sending import DKIM_WORLDS, DMARC_WORLDS, SENDER_WORLDS, SPF_WORLDS
from support_world import Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, INCIDENT, MX1, MX2, SIGNED, WORLDS, everywhere, policy

WORLDS_OF_SENT_MAIL = (*SPF_WORLDS, *DMARC_WORLDS, *DKIM_WORLDS, *SENDER_WORLDS)
NEW_ID = ["withdraw", "publish"]
CERTIFICATE = ["certificate"]
NAME_SERVERS_SET_UP = (
    Code.NS_ANSWER_CUT,
    Code.NS_LAME,
    Code.NS_MAIL_DIFFERS,
    Code.NS_RECORD_MISSING,
    Code.NS_RECORDS_DIFFER,
    Code.NS_UDP_SILENT,
)
KINDS: dict[Code, list[str]] = {
    Code.STS_ABSENT: ["serve-policy", "publish"],
    Code.STS_RECORD_MISSING: ["publish"],
    Code.STS_RECORD_MISPLACED: ["withdraw", "publish"],
    Code.STS_RECORD_MULTIPLE: ["withdraw", "withdraw", "publish"],
    Code.STS_RECORD_INVALID: NEW_ID,
    Code.STS_RECORD_AMBIGUOUS: NEW_ID,
    Code.STS_POLICY_HOST_MISSING: ["serve-policy", *NEW_ID],
    Code.MX_BACKUP_PLAIN: ["configure", *CERTIFICATE],
    Code.STS_ID_UNCHANGED: NEW_ID,
    Code.STS_MAX_AGE_LONG: ["serve-policy", *NEW_ID],
    Code.STS_MX_REPEATED: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_UNCONNECTED: ["configure", "serve-policy"],
    Code.STS_POLICY_TLS_FAILED: ["configure", "serve-policy"],
    Code.STS_POLICY_TLS_OLD: ["configure", "serve-policy"],
    Code.STS_POLICY_CERT_INVALID: CERTIFICATE,
    Code.STS_POLICY_CERT_WEAK: CERTIFICATE,
    Code.STS_POLICY_CERT_ENDS: CERTIFICATE,
    Code.STS_POLICY_STATUS: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_REDIRECT: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_INCOMPLETE: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_OVERSIZE: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_ENCODED: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_MEDIA_TYPE: ["serve-policy"],
    Code.STS_POLICY_INVALID: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_AMBIGUOUS: ["serve-policy", *NEW_ID],
    Code.STS_POLICY_DIFFERS: ["serve-policy", *NEW_ID],
    Code.STS_MODE_TESTING: ["serve-policy", *NEW_ID],
    Code.STS_MAX_AGE_SHORT: ["serve-policy", *NEW_ID],
    Code.STS_MX_UNLISTED: ["serve-policy", *NEW_ID, "wait"],
    Code.STS_MX_UNUSED: ["serve-policy", *NEW_ID],
    Code.STS_MEMORY_OUTLIVES: ["wait"],
    Code.MX_NULL_MIXED: ["withdraw"],
    Code.MX_NULL_POLICY: ["withdraw"],
    Code.MX_IMPLICIT: ["publish"],
    Code.MX_ALIAS: ["withdraw", "publish", "publish", "withdraw", "publish"],
    Code.SMTP_UNREACHABLE: ["configure"],
    Code.SMTP_TURNED_AWAY: ["configure"],
    Code.SMTP_BROKEN: ["configure", *CERTIFICATE],
    Code.SMTP_EHLO_REJECTED: ["configure", *CERTIFICATE],
    Code.STARTTLS_REPEATED: ["configure", *CERTIFICATE],
    Code.STARTTLS_MISSING: ["configure", *CERTIFICATE],
    Code.STARTTLS_REJECTED: ["configure", *CERTIFICATE],
    Code.STARTTLS_EARLY_DATA: ["configure", *CERTIFICATE],
    Code.TLS_HANDSHAKE_FAILED: ["configure", *CERTIFICATE],
    Code.TLS_VERSION_OLD: ["configure", *CERTIFICATE],
    Code.TLS_SUITES_OLD: ["configure", *CERTIFICATE],
    **{code: ["configure"] for code in NAME_SERVERS_SET_UP},
    Code.TLS_LEVEL_FELL: ["configure", *CERTIFICATE],
    Code.CERT_NAME_MISMATCH: CERTIFICATE,
    Code.CERT_EXPIRED: CERTIFICATE,
    Code.CERT_NOT_YET_VALID: CERTIFICATE,
    Code.CERT_SELF_SIGNED: CERTIFICATE,
    Code.CERT_CHAIN_INCOMPLETE: CERTIFICATE,
    Code.CERT_ISSUER_NO_AUTHORITY: CERTIFICATE,
    Code.CERT_PURPOSE_WRONG: CERTIFICATE,
    Code.CERT_NAME_LIMITED: CERTIFICATE,
    Code.CERT_SIGNATURE_WEAK: CERTIFICATE,
    Code.CERT_KEY_WEAK: CERTIFICATE,
    Code.CERT_VALIDITY_ENDLESS: CERTIFICATE,
    Code.CERT_UNTRUSTED: CERTIFICATE,
    Code.CERT_UNREADABLE: CERTIFICATE,
    Code.CERT_EXPIRES_SOON: CERTIFICATE,
    Code.CERT_LAST_DAYS: CERTIFICATE,
    Code.DNSSEC_BOGUS: ["configure"],
    **{code: ["configure"] for code in BOGUS_CAUSES},
    Code.DNSSEC_SERVER_DIFFERS: ["configure"],
    Code.DANE_ABSENT: ["publish"],
    **{code: ["publish", "wait", "withdraw"] for code in DANE_MISMATCHES},
    Code.DANE_DIGEST_STALE: ["withdraw"],
    Code.DANE_OTHER_PORT: ["publish"],
    Code.DANE_CERT_NAME: CERTIFICATE,
    Code.DANE_UNUSABLE: ["publish", "wait", "withdraw"],
    Code.DANE_INSECURE: ["configure"],
    Code.DANE_LOOKUP_FAILED: ["configure"],
    Code.DANE_PARTIAL: ["publish"],
    Code.TLSRPT_MISSING: ["publish"],
    Code.TLSRPT_MULTIPLE: ["withdraw", "withdraw", "publish"],
    Code.TLSRPT_INVALID: NEW_ID,
    Code.TLSRPT_BASE_INVALID: NEW_ID,
    Code.PTR_MISSING: ["publish"],
    Code.PTR_UNCONFIRMED: NEW_ID,
    Code.PTR_OTHER_NAME: ["withdraw", "publish", "withdraw", "publish"],
}
"""The kinds of the changes in the bad world of a finding, in order."""

WITHOUT: dict[Code, str] = {
    Code.DOMAIN_MISSING: "a domain is registered and delegated elsewhere",
    Code.MX_NO_ADDRESS: "nothing that was seen could take the mail",
    Code.MX_NAME_UNDERSCORE: "which name the server should have is not seen",
    Code.MX_ADDRESS_LITERAL: "the only MX record holds it, and no other host was seen",
    Code.MX_LOCALHOST: "the only MX record holds it, and no other host was seen",
    Code.MX_ADDRESS_NOT_PUBLIC: "the public address of the only host is not seen",
    Code.STS_POLICY_ADDRESS_NOT_PUBLIC: "the public address of the policy host is not seen",
    Code.MX_NAME_INVALID: "the only MX record holds it, and no other host was seen",
    Code.MX_DANGLING: "the only MX record holds it, and no other host was seen",
    Code.MX_NULL: "whether the domain should take mail is not seen",
    Code.MX_NULL_SENDER: "whether the domain should send or take mail is not seen",
    Code.MX_MANY: "which hosts may go is not seen",
    Code.STS_WILDCARD: "it does no harm",
    Code.CERT_UNCHECKED: "what is wrong has findings of its own",
    Code.DANE_ZONE_UNSIGNED: "the zone is that of whoever runs the host",
    Code.STS_ENFORCE_BREAKS: "what is to be mended first has findings of its own",
    Code.STS_MODE_NONE: "this is how MTA-STS is left",
    Code.RESOLVER_UNANSWERED: "the fault is here",
    Code.STS_RECORD_UNANSWERED: "what stands there was not seen",
    Code.STS_POLICY_HOST_UNANSWERED: "what stands there was not seen",
    Code.STS_POLICY_TIMEOUT: "what is served there was not seen",
    Code.MX_UNANSWERED: "what stands there was not seen",
    Code.MX_HOST_UNANSWERED: "what stands there was not seen",
    Code.PORT_25_BLOCKED: "the fault is here",
    Code.SMTP_UNANSWERED: "whether the fault is here or there was not seen",
    Code.DANE_UNANSWERED: "what stands there was not seen",
    Code.DANE_LEFTOVER: "whether a record is that of a key to come is not seen",
    Code.DANE_NEXT_MISSING: "which key the next certificate has is not seen",
    Code.DANE_UNJUDGED: "the resolver here is to be changed",
    Code.TLSRPT_UNANSWERED: "what stands there was not seen",
    **{
        code: "which authority is meant is not seen"
        for code in Code
        if code.startswith("caa-") and code is not Code.CAA_OK
    },
    **dict.fromkeys(
        (
            Code.DNSSEC_ALGORITHM_OLD,
            Code.DNSSEC_DIGEST_OLD,
            Code.DNSSEC_KEY_SHORT,
            Code.DNSSEC_ITERATIONS,
            Code.DNSSEC_ITERATIONS_MANY,
            Code.DNSSEC_SIGNATURE_ENDING,
            Code.DNSSEC_ISLAND,
            Code.DNSSEC_UNSIGNED,
        ),
        "no mail hangs on it, and how a zone is signed is set up where it is",
    ),
    Code.DNSSEC_UNANSWERED: "what stands there was not seen",
    Code.STS_POLICY_CHARSET: "the policy stays as it is",
    Code.STARTTLS_MASKED: "the firewall is none of what was asked",
    Code.DNSBL_LISTED: "what the list saw is not seen",
    Code.DNSBL_REFUSED: "the resolver here is to be changed",
    Code.DNSBL_UNANSWERED: "the list is somebody else's",
    **dict.fromkeys(
        (code for code in Code if code.startswith("ns-") and code not in NAME_SERVERS_SET_UP),
        "a name server is mended where it stands",
    ),
    **dict.fromkeys(
        (code for code in WORLDS_OF_SENT_MAIL if CATALOGUE[code].severity is not Severity.OK),
        "who else sends mail of the domain, and with which keys, is not seen",
    ),
    **dict.fromkeys(
        (Code.MX_ONE_ADDRESS, Code.MX_ONE_NETWORK, Code.MX_IPV6_MISSING, Code.MX_IPV4_MISSING),
        "another server is not seen",
    ),
    **dict.fromkeys(
        (Code.STS_POLICY_IPV6_MISSING, Code.STS_POLICY_IPV4_MISSING), "another address is not seen"
    ),
    Code.MX_BACKUP_REFUSED: "the findings about the backup have the changes",
    **dict.fromkeys(
        (
            Code.SMTP_RATE_LIMITED,
            Code.SMTP_TARPIT,
            Code.SMTP_GREETING_SLOW,
            Code.SMTP_NAME_OTHER,
            Code.SMTP_EXTENSIONS_DIFFER,
        ),
        "what a server says and when is set up in it, and no record or certificate mends it",
    ),
    **dict.fromkeys(
        (
            Code.TLS_NEWEST_MISSING,
            Code.TLS_NEWEST_ONLY,
            Code.TLS_RETIRED_TAKEN,
            Code.TLS_CIPHER_WEAK,
            Code.TLS_CIPHER_ANONYMOUS,
            Code.TLS_KEY_TRANSPORT,
        ),
        "no mail hangs on it, and which versions and suites a server has is set up in it",
    ),
    Code.CERT_CHAIN_DISORDERED: "the certificates are the right ones, in another order",
    Code.CERT_DIFFERS: "which of them is meant is not seen",
    Code.CERT_NAME_DEPENDENT: "which of them is meant is not seen",
    Code.CERT_RENEWAL_DUE: "nothing is wrong yet",
    Code.MX_IPV6_BROKEN: "what keeps the server from answering is not seen",
    Code.STS_POLICY_SLOW: "what keeps the server busy is not seen",
    Code.STS_FIELD_UNKNOWN: "what was meant is not seen",
    Code.STS_POLICY_UNCHANGED: "whether another policy was meant is not seen",
    Code.STS_TESTING_LONG: "what enforcing would do is said by the finding that it is in testing",
    Code.STS_RECORD_DANGLING: "whether the provider is to stay is not seen",
    Code.TLSRPT_REFUSED: "the mail of another domain is to be mended, by what a check of it says",
    Code.TLSRPT_UNDELIVERABLE: "an address that takes reports is not seen",
    Code.TLSRPT_HOST_MISSING: "a host that takes reports is not seen",
}
"""Why a finding has no changes in its bad world."""


def bad(code: Code) -> Finding:
    domain = assemble(collect(WORLDS[code].world), WORLDS[code].world.at)
    found = (
        *findings(domain),
        *earlier.check(domain, WORLDS[code].memories),
        *memory.check(domain, WORLDS[code].memories),
    )
    return next(finding for finding in found if finding.code == code)


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [str(change.__struct_config__.tag) for change in changes]


def test_every_finding_that_is_no_good_news_is_in_one_of_the_tables() -> None:
    wanting = {code for code in Code if CATALOGUE[code].severity is not Severity.OK}
    assert {*KINDS, *WITHOUT} == wanting
    assert KINDS.keys() & WITHOUT.keys() == set()


@pytest.mark.parametrize("code", some(Code, 6))
def test_a_finding_carries_the_kinds_of_changes_that_mend_it(code: Code) -> None:
    assert kinds(bad(code).changes) == KINDS.get(code, [])


@pytest.mark.parametrize("code", some(Code, 6))
def test_an_error_without_changes_has_its_reason(code: Code) -> None:
    world = WORLDS[code]
    report = report_on(collect(world.world), now=world.world.at, memories=world.memories)
    errors = [one for one in report.findings if one.severity is Severity.ERROR and not one.changes]
    assert {one.code for one in errors} <= set(WITHOUT)


@pytest.mark.parametrize("code", some(KINDS, 4))
def test_changes_of_findings_go_through_json(code: Code) -> None:
    changes = bad(code).changes
    assert msgspec.json.decode(msgspec.json.encode(changes), type=tuple[Change, ...]) == changes


def test_every_kind_of_change_is_carried_by_some_finding() -> None:
    carried = {kind for each in KINDS.values() for kind in each}
    assert carried == {str(kind.__struct_config__.tag) for kind in get_args(Change)}


def test_addresses_take_the_place_of_each_alias() -> None:
    assert bad(Code.MX_ALIAS).changes == (
        Withdraw(MX1, CnameValue("smol.example.com")),
        Publish(MX1, Ipv4Value("192.0.2.1")),
        Publish(MX1, Ipv6Value("2001:db8::1")),
        Withdraw(MX2, CnameValue("tol.example.com")),
        Publish(MX2, Ipv4Value("192.0.2.2")),
    )


def test_an_alias_whose_policy_and_certificate_know_the_target_alone_needs_its_own_name_in_both() -> None:
    targets = INCIDENT.but(policy=policy("smol.example.com", "tol.example.com"))
    finding = next(
        one for one in findings(assemble(collect(targets), targets.at)) if one.code == Code.MX_ALIAS
    )
    (served,) = (one for one in finding.changes if isinstance(one, ServePolicy))
    assert served.policy.mx == ("smol.example.com", "tol.example.com", MX1, MX2)


def test_the_keys_at_the_target_of_an_alias_move_to_the_name_that_stays() -> None:
    lines = "_25._tcp.smol.example.com TLSA 3 1 1 " + "00" * 32
    world = INCIDENT.but(signed=("example.com",)).zone_with(lines)
    finding = next(one for one in findings(assemble(collect(world), world.at)) if one.code == Code.MX_ALIAS)
    assert Publish(f"_25._tcp.{MX1}", TlsaValue(3, 1, 1, "00" * 32)) in finding.changes


def test_a_policy_is_completed_with_every_host_that_it_lacks_and_the_old_one_waited_for() -> None:
    (served, *_, wait) = bad(Code.STS_MX_UNLISTED).changes
    assert isinstance(served, ServePolicy)
    assert served.policy.mx == ("mail.example.com", "*.mx.example.com", MX1, MX2)
    assert wait == Wait("example.com", Awaited.MAX_AGE, 1_209_600)


def test_a_host_that_leads_nowhere_is_retired_only_where_another_is_left() -> None:
    world = GOOD.zone_with("example.com MX 5 mx1.example.com", "example.com MX 10 gone.example.com")
    (finding,) = (one for one in findings(assemble(collect(world), world.at)) if one.code == Code.MX_DANGLING)
    assert finding.changes == (Withdraw("example.com", MxValue(10, "gone.example.com")),)
    assert bad(Code.MX_DANGLING).changes == ()


def test_a_certificate_under_tlsa_records_keeps_its_key() -> None:
    assert [_keeps_key(one, Defect.EXPIRED) for one in (GOOD, SIGNED, DANE)] == [{False}, {False}, {True}]


def test_what_is_sent_above_a_certificate_changes_no_key() -> None:
    assert [_keeps_key(one, Defect.INCOMPLETE) for one in (GOOD, SIGNED, DANE)] == [{True}] * 3


def test_a_certificate_of_an_alias_goes_on_having_the_name_that_the_alias_leads_to() -> None:
    target = Smtp(("smol.example.com",))
    world = INCIDENT.but(smtp={"192.0.2.1": target, "2001:db8::1": target, "192.0.2.2": Smtp((MX2,))})
    finding = _about(world, Code.CERT_NAME_MISMATCH)
    (change,) = finding.changes
    assert isinstance(change, PresentCertificate)
    assert change.names == (MX1, "smol.example.com")
    assert finding.params["wanted"] == CertificateToGet((MX1, "smol.example.com"))


def test_a_certificate_of_an_alias_takes_on_no_name_that_it_did_not_have() -> None:
    strange = Smtp(("www.example.net",))
    world = INCIDENT.but(smtp={"192.0.2.1": strange, "2001:db8::1": strange, "192.0.2.2": Smtp((MX2,))})
    assert _about(world, Code.CERT_NAME_MISMATCH).params["wanted"] == CertificateToGet((MX1,))


def _about(world: ZoneWorld, code: Code) -> Finding:
    (finding,) = (one for one in findings(assemble(collect(world), world.at)) if one.code == code)
    return finding


def _keeps_key(world: ZoneWorld, defect: Defect) -> set[bool]:
    found = findings(assemble(collect(everywhere(Smtp(defect=defect), world)), world.at))
    codes = {Code.CERT_CHAIN_INCOMPLETE, Code.CERT_EXPIRED}
    changes = [change for one in found if one.code in codes for change in one.changes]
    return {
        change.keeps_key
        for change in changes
        if isinstance(change, PresentCertificate) and change.service is Service.SMTP
    }
