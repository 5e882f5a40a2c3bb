"""The sessions of a row made again: at which host and address, under which policy, and which result may stand for which."""

from functools import cache

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.explain.tlsrpt.row_attempts import (
    Remade,
    fits,
    listing_all,
    named_host,
    quoted_case,
    remade,
    served_cases,
    versions,
)
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.judge.codes import Code
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from support_certificates import Defect
from support_name_servers import At
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import COMPARED, DANE, GOOD, INCIDENT, MX1, MX2, NS2, POLICY_ADDRESS, policy

SMOL = "smol.example.com"
POLICY = Policy(Mode.TESTING, 86_400, (MX1, MX2))
EXPIRED = Smtp(defect=Defect.EXPIRED)


def domain(world: ZoneWorld = GOOD) -> MailDomain:
    return assemble(collect(world), world.at)


def details(mx: str = "", ip: str = "") -> FailureDetails:
    return FailureDetails("certificate-expired", 1, receiving_mx=mx, receiving_ip=ip)


@pytest.mark.parametrize(
    ("mx", "ip", "want"),
    [
        (MX1, "", MX1),
        (SMOL, "", MX1),
        ("other.example.com", "", None),
        ("", "192.0.2.2", MX2),
        ("", "192.0.2.99", None),
        ("", "", None),
        # A name goes before an address.
        (MX1, "192.0.2.2", MX1),
        ("other.example.com", "192.0.2.2", None),
    ],
)
def test_a_row_names_a_host_by_its_name_that_of_its_alias_or_its_address(
    mx: str, ip: str, want: str | None
) -> None:
    host = named_host(domain(INCIDENT), details(mx, ip))
    assert (host and host.name) == want


def failing(
    world: ZoneWorld, *cases: PolicyCase, mx: str = "", ip: str = "", kind: str = "sts"
) -> list[tuple[str, str | None]]:
    """Return host and address of each attempt that fails."""
    subject = domain(world)
    found = remade(subject, kind, cases or served_cases(subject, kind, None), details(mx, ip), None)
    return [(one.attempt.host.name, one.attempt.address) for one in found.failing]


ONE_EXPIRED = GOOD.but(smtp={"192.0.2.1": EXPIRED, "192.0.2.2": EXPIRED})


@pytest.mark.parametrize(
    ("mx", "ip", "want"),
    [
        ("", "", [(MX1, "192.0.2.1"), (MX2, "192.0.2.2")]),
        (MX1, "", [(MX1, "192.0.2.1")]),
        (MX1, "192.0.2.1", [(MX1, "192.0.2.1")]),
        (MX1, "2001:db8::1", []),
        # An address that the host has no more stands for any of its own.
        (MX1, "192.0.2.99", [(MX1, "192.0.2.1")]),
        ("", "192.0.2.2", [(MX2, "192.0.2.2")]),
    ],
)
def test_the_sessions_of_a_row_are_those_at_the_place_that_it_names(
    mx: str, ip: str, want: list[tuple[str, str | None]]
) -> None:
    assert failing(ONE_EXPIRED, mx=mx, ip=ip) == want


def test_a_place_that_is_none_of_the_domain_is_absent_and_where_all_is_in_order_nothing_fails() -> None:
    subject = domain()
    cases = served_cases(subject, "sts", None)
    lost = remade(subject, "sts", cases, details("other.example.com"), None)
    assert (lost.absent, lost.failing) == (True, ())
    here = remade(subject, "sts", cases, details(MX1), None)
    assert (here.absent, here.failing, here.unknown) == (False, (), False)


def test_what_was_not_seen_is_unknown() -> None:
    silent = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.UNREACHABLE)
    subject = domain(GOOD.but(smtp=dict.fromkeys(("192.0.2.1", "192.0.2.2", "2001:db8::1"), silent)))
    assert remade(subject, "sts", served_cases(subject, "sts", None), details(), None).unknown


def test_a_policy_in_testing_counts_as_if_it_were_enforced() -> None:
    world = ONE_EXPIRED.but(policy=policy(MX1, MX2, mode="testing"))
    assert failing(world) == failing(ONE_EXPIRED)
    assert quoted_case(POLICY).policy == Policy(Mode.ENFORCE, 86_400, (MX1, MX2))
    assert failing(GOOD, quoted_case(Policy(Mode.TESTING, 86_400, (MX2,)))) != []


def test_without_a_policy_one_is_taken_that_lists_every_host_by_both_of_its_names() -> None:
    none = INCIDENT.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
    subject = domain(none)
    listed = listing_all(subject)
    assert listed.policy is not None
    assert set(listed.policy.mx) == {MX1, MX2, SMOL, "tol.example.com"}
    assert served_cases(subject, "sts", None) == (listed,)
    assert served_cases(subject, "tlsa", None) == (NO_POLICY,)


def test_a_failure_under_one_of_two_policies_is_one_of_policies_that_differ() -> None:
    two = GOOD.zone_with(f"mta-sts.example.com A {POLICY_ADDRESS}", "mta-sts.example.com A 192.0.2.81")
    world = two.but(https={"192.0.2.81": Https(body=policy("old.example.com"))})
    subject = domain(world)
    found = remade(subject, "sts", served_cases(subject, "sts", None), details(), None)
    assert {one.code for one in found.failing} == {Code.STS_POLICY_DIFFERS}
    alone = domain(GOOD.but(policy=policy("old.example.com")))
    single = remade(alone, "sts", served_cases(alone, "sts", None), details(), None)
    assert single.failing
    assert Code.STS_POLICY_DIFFERS not in {one.code for one in single.failing}


def test_a_row_of_dane_is_judged_by_dane_alone() -> None:
    world = DANE.but(
        smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1"), EXPIRED), policy=policy("old.example.com")
    )
    assert failing(world, kind="tlsa") == []
    broken = DANE.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 {'00' * 32}")
    assert {host for host, _ in failing(broken, kind="tlsa")} == {MX1}
    assert failing(broken) == []


MX3 = "mx3.example.com"
WITH_THIRD = COMPARED.but(families=(4,)).zone_with(f"{MX3} A 192.0.2.3")
UNREACHABLE = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.UNREACHABLE)


@cache
def divided(*, silent: bool = False) -> MailDomain:
    """Return a domain of which the second name server leads mail to a third host alone, which answers or does not."""
    third = UNREACHABLE if silent else Smtp()
    other = WITH_THIRD.zone_with(f"example.com MX 10 {MX3}").zone
    return domain(WITH_THIRD.at_servers(NS2[:1], At(zone=other, serial=6)).but(smtp={"192.0.2.3": third}))


def of_divided(mx: str = "", case: PolicyCase | None = None, *, silent: bool = False) -> Remade:
    subject = divided(silent=silent)
    cases = (case,) if case is not None else served_cases(subject, "sts", None)
    return remade(subject, "sts", cases, details(mx), None)


def test_what_fails_by_one_name_server_alone_has_that_they_differ_behind_it() -> None:
    found = of_divided()
    assert {(one.attempt.host.name, one.code) for one in found.failing} == {(MX3, Code.NS_MAIL_DIFFERS)}
    assert (found.unknown, found.absent) == (False, False)
    assert of_divided(MX3).failing == found.failing
    here = of_divided(MX1)
    assert (here.failing, here.unknown, here.absent) == ((), False, False)
    nowhere = of_divided("gone.example.com")
    assert (nowhere.failing, nowhere.unknown, nowhere.absent) == ((), False, True)


def test_a_host_that_one_name_server_alone_has_is_there_and_may_be_unknown_there() -> None:
    listed = quoted_case(Policy(Mode.ENFORCE, 86_400, (MX1, MX2, MX3)))
    sound = of_divided(MX3, case=listed)
    assert (sound.failing, sound.unknown, sound.absent) == ((), False, False)
    silent = of_divided(MX3, listed, silent=True)
    assert (silent.failing, silent.unknown, silent.absent) == ((), True, False)
    assert of_divided(MX1, listed, silent=True).unknown is False
    assert of_divided("", listed, silent=True).unknown is True


def test_what_fails_by_the_resolver_is_told_alone() -> None:
    """That name servers differ is not what fails then."""
    only_second = quoted_case(Policy(Mode.ENFORCE, 86_400, (MX2,)))
    found = of_divided(case=only_second)
    assert {one.attempt.host.name for one in found.failing} == {MX1}
    assert Code.NS_MAIL_DIFFERS not in {one.code for one in found.failing}
    host = named_host(divided(), details(MX3))
    assert host is not None
    assert host.name == MX3
    assert [len(one.hosts) for one in versions(divided())] == [2, 1]


@pytest.mark.parametrize("silent", ["192.0.2.1", "2001:db8::1", "192.0.2.2"])
def test_one_address_that_was_not_seen_leaves_its_host_unknown_whatever_the_others_do(silent: str) -> None:
    subject = domain(GOOD.but(smtp={silent: UNREACHABLE}))
    cases = served_cases(subject, "sts", None)

    def unknown(mx: str = "", ip: str = "") -> bool:
        return remade(subject, "sts", cases, details(mx, ip), None).unknown

    host, other = (MX2, MX1) if silent == "192.0.2.2" else (MX1, MX2)
    assert unknown(host)
    assert unknown()
    assert unknown(host, silent)
    assert not unknown(other)
    beside = {"192.0.2.1": "2001:db8::1", "2001:db8::1": "192.0.2.1"}.get(silent)
    assert beside is None or not unknown(host, beside)


def test_an_attempt_that_fails_alike_under_two_policies_is_told_once() -> None:
    subject = domain(ONE_EXPIRED)
    (case,) = served_cases(subject, "sts", None)
    found = remade(subject, "sts", (case, case), details(MX1), None)
    assert [one.attempt.address for one in found.failing] == ["192.0.2.1"]
    assert found.failing[0].result_type is ResultType.CERTIFICATE_EXPIRED
    assert found.failing[0].code == Code.CERT_EXPIRED


CERTIFICATE = [
    ResultType.CERTIFICATE_HOST_MISMATCH,
    ResultType.CERTIFICATE_EXPIRED,
    ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.VALIDATION_FAILURE,
    ResultType.TLSA_INVALID,
]


@pytest.mark.parametrize(
    ("found", "reported", "is_fit"),
    [
        (ResultType.STARTTLS_NOT_SUPPORTED, ResultType.STARTTLS_NOT_SUPPORTED, True),
        (ResultType.STARTTLS_NOT_SUPPORTED, ResultType.CERTIFICATE_EXPIRED, False),
        (ResultType.STARTTLS_NOT_SUPPORTED, ResultType.VALIDATION_FAILURE, True),
        (ResultType.MX_MISMATCH, ResultType.STS_POLICY_INVALID, True),
        (ResultType.MX_MISMATCH, ResultType.CERTIFICATE_HOST_MISMATCH, True),
        (ResultType.MX_MISMATCH, ResultType.CERTIFICATE_EXPIRED, False),
        (ResultType.TLSA_INVALID, ResultType.DANE_REQUIRED, True),
        (ResultType.DANE_REQUIRED, ResultType.TLSA_INVALID, False),
        (None, ResultType.VALIDATION_FAILURE, False),
        (ResultType.CERTIFICATE_EXPIRED, None, False),
        (None, None, False),
        *((found, reported, True) for found in CERTIFICATE for reported in CERTIFICATE),
    ],
)
def test_senders_differ_in_how_they_call_a_fault(
    found: ResultType | None, reported: ResultType | None, is_fit: bool
) -> None:
    assert fits(found, reported) is is_fit
