"""Measures put together: one policy, each record once, and what a set alters."""

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import (
    Awaited,
    Change,
    Configure,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.remedy.measure import DomainPart, Measure, MeasureKind, parts_of, together

A = Publish("a.example.com", Ipv4Value("192.0.2.1"))
MX = Publish("example.com", MxValue(10, "a.example.com"))
NARROW, WIDE = (ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, mx)) for mx in (("a",), ("a", "b")))


def of(*changes: Change) -> Measure:
    return Measure(MeasureKind.SERVER, "", changes)


def test_of_two_policies_the_later_one_is_served() -> None:
    assert together((of(NARROW, A), of(WIDE))) == (A, WIDE)


def test_a_change_that_two_measures_share_is_made_once() -> None:
    assert together((of(A, MX), of(A))) == (A, MX)


def test_what_one_publishes_and_the_next_withdraws_is_never_made() -> None:
    assert together((of(A, MX), of(Withdraw(A.name, A.record)))) == (MX,)


def test_what_stood_there_before_is_withdrawn_and_may_be_published_again() -> None:
    gone = Withdraw(A.name, A.record)
    assert together((of(gone), of(A))) == (gone, A)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (MX, DomainPart.MX),
        (A, DomainPart.DNS),
        (Publish("_25._tcp.a.example.com", TlsaValue(3, 1, 1, "00")), DomainPart.DNS),
        (Withdraw("_mta-sts.example.com", TxtValue("v=STSv1; id=1;")), DomainPart.POLICY),
        (NARROW, DomainPart.POLICY),
        (
            PresentCertificate(Service.SMTP, "a", ("192.0.2.1",), ("a",), keeps_key=False),
            DomainPart.CERTIFICATE,
        ),
        (Configure(Service.SMTP, "a", ("192.0.2.1",), Setting.STARTTLS), DomainPart.CERTIFICATE),
        (Configure(Service.DNS, "example.com", (), Setting.SIGNED), DomainPart.DNS),
        (Wait("example.com", Awaited.TTL, 60), None),
    ],
)
def test_each_change_alters_one_part_and_a_wait_none(change: Change, part: DomainPart | None) -> None:
    assert parts_of((change,)) == (frozenset() if part is None else {part})


def test_a_record_that_goes_takes_only_the_very_same_one_with_it_and_may_come_back_last() -> None:
    other = Publish(A.name, Ipv4Value("192.0.2.2"))
    gone = Withdraw(A.name, A.record)
    assert together((of(A, other), of(gone))) == (other,)
    assert together((of(A, MX), of(gone), of(A))) == (MX, A)


def test_a_policy_stands_where_the_last_one_was_made_among_all_other_changes() -> None:
    assert together((of(WIDE, A), of(NARROW, MX))) == (A, NARROW, MX)
    assert together((of(WIDE, A), of(MX))) == (WIDE, A, MX)
    assert together(()) == ()


def test_changes_of_several_parts_alter_all_of_them() -> None:
    wait = Wait("example.com", Awaited.TTL, 60)
    assert parts_of((A, wait, MX, NARROW)) == {DomainPart.DNS, DomainPart.MX, DomainPart.POLICY}
