"""Every fix that is printed was applied and judged: a law over all scenarios of the lab and all test worlds."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given

from mxproof.evidence import Evidence, Outcome
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report, WordedFinding
from mxproof.judge.vocabulary import Actor, Remedied, Severity, Verdict
from mxproof.lab.scenario import scenarios
from mxproof.mail.change import (
    Change,
    Configure,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.proving import _demands, proven
from support_certificates import Defect
from support_evidence import evidences
from support_long import some
from support_scenarios import SeenScenario, printed_fixes, seen
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, INCIDENT, MX1, MX2, SIGNED, WORLDS, connect, everywhere, policy

BETTER = {Remedied.MENDS, Remedied.SECURES, Remedied.HELPS}
STOPPED = {Verdict.REFUSED, Verdict.AT_RISK}
OPEN = dict.fromkeys(
    (
        Code.DNSSEC_BOGUS,
        Code.DNSSEC_DS_UNMATCHED,
        Code.DNSSEC_SIGNATURE_EXPIRED,
        Code.DNSSEC_SIGNATURE_EARLY,
        Code.DNSSEC_SIGNATURE_WRONG,
        Code.DNSSEC_SIGNATURE_MISSING,
        Code.DNSSEC_KEY_MISSING,
        Code.DNSSEC_DENIAL_UNPROVEN,
    ),
    "what stands behind a broken signature is not seen",
)
"""Faults whose repair has to be looked at before anything can be said, and why."""
WITHOUT = {
    Code.DOMAIN_MISSING: "a domain is registered and delegated elsewhere",
    Code.MX_NULL: "whether the domain should take mail is not seen",
    Code.MX_NO_ADDRESS: "nothing that was seen could take the mail",
    Code.MX_NAME_INVALID: "no other host takes mail, and the name that the server should have is not seen",
    Code.MX_ADDRESS_LITERAL: "no other host takes mail, and the name that the server should have is not seen",
    Code.MX_LOCALHOST: "no other host takes mail, and the name that the server should have is not seen",
    Code.MX_DANGLING: "no other host takes mail, and the address of this one is not seen",
    Code.MX_ADDRESS_NOT_PUBLIC: "the public address of the only host is not seen",
    Code.STS_POLICY_ADDRESS_NOT_PUBLIC: "the public address of the policy host is not seen",
    Code.CERT_KEY_WEAK: "under TLSA records, the digest of a key that is not made yet is not known",
    **dict.fromkeys(
        (one for one in Code if one.startswith("ns-") and one is not Code.NS_MAIL_DIFFERS),
        "a name server is mended where it stands",
    ),
}
"""Errors for which no change can be computed, and why."""

EVERYWHERE = [*(f"lab:{name}" for name in scenarios()), *(f"test:{code}" for code in WORLDS)]


class Proven(NamedTuple):
    """What is seen at one place, and its report before and after each fix was judged."""

    plain: Report
    proven: Report


@pytest.fixture(scope="module", params=some(EVERYWHERE, 12))
def everywhere_seen(request: pytest.FixtureRequest) -> Proven:
    """Return each place in turn: the tests of one follow one another, and share what was worked out."""
    seen_there = place(request.param)
    return Proven(seen_there.report(), seen_there.proven())


def place(name: str) -> SeenScenario:
    kind, _, which = name.partition(":")
    if kind == "lab":
        return seen(which)
    bad = WORLDS[Code(which)]
    return SeenScenario(collect(bad.world), bad.memories, bad.world.at)


def of(world: ZoneWorld) -> Report:
    return SeenScenario(collect(world), (), world.at).proven()


def only(report: Report, code: Code) -> WordedFinding:
    return next(one for one in report.findings if one.code == code)


def is_open(report: Report, finding: WordedFinding) -> bool:
    """Tell whether a repair is one of signatures: a TLSA look-up that fails beside a broken chain is mended by it."""
    is_broken = any(one.code in OPEN for one in report.findings)
    return finding.code in OPEN or (finding.code == Code.DANE_LOOKUP_FAILED and is_broken)


def left(report: Report, finding: WordedFinding) -> Iterator[str]:
    """Yield the senders that a finding affects, that decide, and that do not deliver once it is mended."""
    assert finding.verified is not None
    deciding = {one.id for one in report.senders if one.decides}
    for one in finding.verified.senders:
        if one.sender in deciding & set(finding.affects) and one.outcome in STOPPED:
            yield one.sender


def test_a_printed_fix_helps_those_whom_the_finding_affects_and_harms_nobody(everywhere_seen: Proven) -> None:
    report = everywhere_seen.proven
    before = {one.id: one.outcome for one in report.senders}
    for finding in printed_fixes(report):
        got = finding.verified
        assert got is not None
        assert got.standing is not Remedied.HARMS
        assert got.standing is not Remedied.UNKNOWN or is_open(report, finding)
        assert finding.code not in got.then
        assert not [one for one in left(report, finding) if before[one] in STOPPED] or got.then
        for way in finding.ways:
            assert way.verified is not None
            assert way.verified.standing is not Remedied.HARMS


def test_an_error_that_stops_mail_is_mended_by_its_fix_or_says_why_not(everywhere_seen: Proven) -> None:
    report = everywhere_seen.proven
    for finding in report.findings:
        if finding.severity is not Severity.ERROR or is_open(report, finding):
            continue
        assert finding.changes or finding.code in WITHOUT
        if finding.changes and finding.affects and finding.verified is not None:
            assert finding.verified.standing in BETTER


def test_who_has_to_act_is_said_with_every_fix(everywhere_seen: Proven) -> None:
    report = everywhere_seen.proven
    wanting = [one for one in report.findings if one.severity is not Severity.OK and one.steps]
    # The wait for senders that remember a policy is nobody's to make; what stands before enforcing, other findings say.
    assert {one.code for one in wanting if not one.who} <= {
        Code.STS_MEMORY_OUTLIVES,
        Code.STS_ENFORCE_BREAKS,
        Code.MX_BACKUP_REFUSED,
    }


def test_nothing_but_fixes_is_changed_by_proving(everywhere_seen: Proven) -> None:
    plain, proved = everywhere_seen
    assert (plain.summary, plain.senders, plain.unknowns) == (proved.summary, proved.senders, proved.unknowns)
    told = [(one.code, one.severity, one.subject, one.summary, one.detail) for one in plain.findings]
    assert told == [(one.code, one.severity, one.subject, one.summary, one.detail) for one in proved.findings]


def test_no_host_is_taken_out_where_every_host_is_unlisted() -> None:
    report = of(GOOD.but(policy=policy("box.example.net")))
    changes = [one for finding in report.findings for one in finding.changes]
    changes += [one for finding in report.findings for way in finding.ways for one in way.changes]
    assert not [one for one in changes if isinstance(one, Withdraw) and one.name == "example.com"]


def test_a_host_is_taken_out_only_where_another_delivers() -> None:
    report = of(GOOD.but(policy=policy(MX1)))
    finding = only(report, Code.STS_MX_UNLISTED)
    (way,) = finding.ways
    assert [one for one in way.changes if isinstance(one, Withdraw) and one.name == "example.com"]
    silent = dict.fromkeys(("192.0.2.1", "2001:db8::1"), connect(Outcome.TIMEOUT))
    assert only(of(GOOD.but(policy=policy(MX1), smtp=silent)), Code.STS_MX_UNLISTED).ways == ()


def test_findings_of_one_code_are_mended_together() -> None:
    """Records of use at one host alone would have a daemon ask DANE of both."""
    report = of(WORLDS[Code.DANE_UNUSABLE].world)
    found = [one for one in report.findings if one.code == Code.DANE_UNUSABLE]
    assert [one.subject for one in found] == [MX1, MX2]
    assert found[0].verified == found[1].verified
    assert all(one.steps for one in found)


def test_two_faults_that_stop_the_same_senders_are_judged_mended_together() -> None:
    world = everywhere(Smtp(defect=Defect.EXPIRED)).but(policy=policy(MX1))
    report = of(world)
    expired = only(report, Code.CERT_EXPIRED).verified
    unlisted = only(report, Code.STS_MX_UNLISTED).verified
    assert expired is not None
    assert unlisted is not None
    assert (expired.standing, expired.along) == (Remedied.MENDS, (Code.STS_MX_UNLISTED,))
    assert unlisted.standing is Remedied.MENDS


def test_enforcing_is_not_advised_alone_where_it_would_refuse_mail() -> None:
    world = everywhere(Smtp(defect=Defect.SELF_SIGNED)).but(policy=policy(MX1, MX2, mode="testing"))
    finding = only(of(world), Code.STS_MODE_TESTING)
    assert not finding.changes or (finding.verified is not None and finding.verified.along)


def test_a_fix_that_does_not_hold_gives_way_to_one_that_does() -> None:
    report = of(INCIDENT)
    finding = only(report, Code.MX_ALIAS)
    assert [way.verified.standing for way in finding.ways if way.verified] == [Remedied.MENDS] * 2


def test_the_provider_behind_an_alias_is_who_serves_the_policy() -> None:
    world = GOOD.zone_with("mta-sts.example.com CNAME sts.example.net", "sts.example.net A 192.0.2.80").but(
        policy=policy(MX1)
    )
    finding = only(of(world), Code.STS_MX_UNLISTED)
    (first, *_) = finding.duties
    assert (first.actor, first.at, first.alias) == (
        Actor.ALIAS_PROVIDER,
        "sts.example.net",
        "mta-sts.example.com",
    )


def test_a_policy_that_fits_no_host_and_is_anothers_is_no_longer_announced() -> None:
    world = GOOD.zone_with(
        "mta-sts.example.com CNAME sts.example.net",
        "sts.example.net A 192.0.2.80",
        "_mta-sts.example.com CNAME _sts.example.net",
        "_sts.example.net TXT v=STSv1; id=1;",
    ).but(policy=policy("*.mx.example.net"))
    finding = only(of(world), Code.STS_MX_UNLISTED)
    assert {one.actor for one in finding.duties} == {Actor.DNS}
    assert not [one for one in finding.changes if isinstance(one, ServePolicy)]
    assert finding.verified is not None
    assert finding.verified.standing is Remedied.MENDS


def test_a_certificate_that_a_record_names_whole_changes_together_with_the_record() -> None:
    world = everywhere(Smtp(defect=Defect.SELF_SIGNED), SIGNED).zone_with(
        f"_25._tcp.{MX1} TLSA 3 0 1 @192.0.2.1", f"_25._tcp.{MX2} TLSA 3 0 1 @192.0.2.2"
    )
    finding = only(of(world), Code.CERT_SELF_SIGNED)
    added = [one for one in finding.changes if isinstance(one, Publish)]
    assert [one.name for one in added] == [f"_25._tcp.{MX1}"]
    assert all(isinstance(one.record, TlsaValue) and one.record.selector == 1 for one in added)
    assert finding.verified is not None
    assert finding.verified.standing in BETTER


def test_an_alias_into_an_unsigned_zone_is_replaced_by_its_records() -> None:
    world = SIGNED.zone_with(
        f"_25._tcp.{MX1} CNAME dane.provider.example",
        f"_25._tcp.{MX2} CNAME dane.provider.example",
        "dane.provider.example TLSA 3 1 1 @192.0.2.1",
        "dane.provider.example TLSA 3 1 1 @192.0.2.2",
    )
    finding = only(of(world), Code.DANE_INSECURE)
    assert finding.verified is not None
    assert finding.verified.standing is Remedied.SECURES


def test_nothing_to_mend_is_left_as_it_is() -> None:
    findings = of(GOOD).findings
    assert findings
    assert [one for one in findings if one.verified is not None] == []


@given(evidences())
def test_no_evidence_whatever_breaks_the_proof(evidence: Evidence) -> None:
    report = report_on(evidence, now=GOOD.at)
    assert proven(report, evidence, now=GOOD.at).summary == report.summary


HOST = "mta-sts.example.com"
TLSA = TlsaValue(3, 1, 1, "ab" * 32)


@pytest.mark.parametrize(
    ("change", "demands"),
    [
        (ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, (MX1,))), True),
        (PresentCertificate(Service.HTTPS, HOST, ("192.0.2.80",), (HOST,), keeps_key=False), True),
        (PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=False), False),
        (Configure(Service.HTTPS, HOST, ("192.0.2.80",), Setting.TLS), True),
        (Configure(Service.DNS, "example.com", (), Setting.SIGNED), True),
        (Configure(Service.SMTP, MX1, ("192.0.2.1",), Setting.STARTTLS), False),
        (Publish(f"_25._tcp.{MX1}", TLSA), True),
        (Withdraw(f"_25._tcp.{MX1}", TLSA), False),
        (Publish("_mta-sts.example.com", TxtValue("v=STSv1; id=2;")), True),
        (Publish("_smtp._tls.example.com", TxtValue("v=TLSRPTv1; rua=mailto:tls@example.com")), False),
        (Publish("example.com", MxValue(10, MX1)), False),
    ],
)
def test_senders_demand_more_where_a_policy_can_be_had_or_records_are_secure(
    change: Change, *, demands: bool
) -> None:
    """What is not seen of a host counts against such a change, for it may lose the mail to that host."""
    assert _demands(change) is demands
