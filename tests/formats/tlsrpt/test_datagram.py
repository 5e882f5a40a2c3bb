"""Datagrams of libtlsrpt: what Postfix sends is read, and whatever is read can be printed in a report."""

import json
from random import Random

import msgspec
import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.datagram import SessionDatagram, read_datagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.formats.tlsrpt.writing import print_report
from support_datagram import DATAGRAMS, mutated
from support_tlsrpt import SOUND

RECORD = "v=TLSRPTv1; rua=mailto:tls@{}"


def lines(domain: str) -> tuple[str, ...]:
    return ("version: STSv1", "mode: enforce", f"mx: mx.{domain}", "max_age: 86400")


def sts(domain: str, *failures: FailureDetails) -> SessionDatagram:
    failed = bool(failures)
    policy = ReportedPolicy(
        "sts", domain, int(not failed), int(failed), lines(domain), (f"mx.{domain}",), failures
    )
    return SessionDatagram(domain, RECORD.format(domain), (policy,))


def failure(kind: str, domain: str, host: str, reason: str = "") -> FailureDetails:
    mx = f"mx.{domain}"
    return FailureDetails(kind, 1, "127.0.0.1", mx, mx, host, reason)


def altered(**members: object) -> bytes:
    """Return the first datagram with other members; None takes one away."""
    found = json.loads(DATAGRAMS[0]) | members
    return json.dumps({name: value for name, value in found.items() if value is not None}).encode()


def test_what_postfix_sends_is_read() -> None:
    assert [read_datagram(one) for one in DATAGRAMS] == [
        sts("good.test"),
        sts("mismatch.test", failure("certificate-host-mismatch", "mismatch.test", "127.0.0.12")),
        sts("expired.test", failure("certificate-expired", "expired.test", "127.0.0.13")),
        sts("nostarttls.test", failure("starttls-not-supported", "nostarttls.test", "127.0.0.15")),
        sts("self.test", failure("validation-failure", "self.test", "127.0.0.14", "self-signed_certificate")),
    ]


@pytest.mark.parametrize("version", [None, "1"])
def test_a_version_may_be_left_out(version: str | None) -> None:
    assert read_datagram(altered(dpv=version)) == sts("good.test")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b"\xff\xfe", "json"),
        (b'{"x":' * 10_000, "json"),
        (b"1", "content"),
        (b"null", "content"),
        (b'"text"', "content"),
        (b"{}", "content"),
        (b" " * 300_000, "size"),
        (altered(dpv="2"), "version"),
        (altered(dpv=1), "content"),
        (altered(d="a b"), "domain"),
        (altered(d="[192.0.2.1]"), "domain"),
        (altered(d=""), "domain"),
        (altered(policies=[]), "content"),
        (altered(policies={}), "content"),
        (altered(policies=[{"policy-type": 3, "f": 0}]), "content"),
        (altered(policies=[{"policy-type": 9, "f": 2}]), "content"),
        (altered(policies=[{"policy-type": 9, "f": 0, "policy-domain": "a b"}]), "domain"),
        (altered(policies=[{"policy-type": 9, "f": 0}] * 17), "content"),
    ],
)
def test_anything_else_is_refused_by_a_rule(data: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_datagram(data)
    assert caught.value.objections[0].rule == rule


def test_no_policy_counts_for_the_recipient_domain_where_none_is_named() -> None:
    data = altered(policies=[{"policy-type": 9, "t": 0, "f": 0, "policy-string": ["none"]}])
    assert read_datagram(data).policies == (ReportedPolicy("no-policy-found", "good.test", 1, 0),)


def test_dane_counts_for_the_domain_of_its_records() -> None:
    policy = {"policy-type": 1, "policy-domain": "MX.example.", "policy-string": ["3 1 1 AB"], "f": 1}
    got = read_datagram(altered(policies=[policy | {"failure-details": [{"c": 901}]}]))
    details = FailureDetails("validation-failure", 1, reason="libtlsrpt-901")
    assert got.policies == (ReportedPolicy("tlsa", "mx.example", 0, 1, ("3 1 1 AB",), (), (details,)),)


def test_bytes_that_are_no_text_survive() -> None:
    got = read_datagram(DATAGRAMS[1].replace(b"250-mx.mismatch.test", b"250-mx\xff.mismatch.test", 1))
    assert got.policies[0].failures[0].receiving_helo == "mx\ufffd.mismatch.test"


def test_only_our_own_kind_stands_for_several() -> None:
    assert read_datagram(altered(n=7, at=1.5)).attempts == 1
    ours = read_datagram(altered(dpv="mxproof-1", n=7, at=1.5))
    assert (ours.attempts, ours.at) == (7, 1.5)


def test_whatever_is_read_can_be_printed() -> None:
    random = Random(19)
    read = 0
    for _ in range(4000):
        try:
            told = read_datagram(mutated(random))
        except FormatError:
            continue
        read += 1
        for policy in told.policies:
            print_report(msgspec.structs.replace(SOUND, policies=(policy,)))
    assert read > 500


def test_a_datagram_is_as_long_as_a_datagram_can_be() -> None:
    whole = DATAGRAMS[0].ljust(64 * 1024)
    assert read_datagram(whole) == read_datagram(DATAGRAMS[0])
    with pytest.raises(FormatError, match="longer than"):
        read_datagram(whole + b" ")


def test_only_a_policy_of_mta_sts_has_patterns_and_none_has_no_lines() -> None:
    given = {
        "policy-domain": "a.example",
        "policy-string": ["x", " ", "y"],
        "mx-host": ["MX.example.", "b c"],
        "f": 0,
    }
    kinds = {
        1: ("tlsa", ("x", "y"), ()),
        2: ("sts", ("x", "y"), ("mx.example",)),
        9: ("no-policy-found", (), ()),
    }
    got = read_datagram(altered(policies=[{**given, "policy-type": number} for number in kinds]))
    assert got.policies == tuple(
        ReportedPolicy(kind, "a.example", 1, 0, strings, mx) for kind, strings, mx in kinds.values()
    )


def test_a_failure_of_an_unknown_number_keeps_its_own_reason() -> None:
    details = [{"c": 901, "f": "why"}, {"c": 901, "f": " "}, {"c": 202, "f": "why"}, {"c": 202}]
    policy = {"policy-type": 9, "f": 1, "failure-details": details}
    (got,) = read_datagram(altered(policies=[policy])).policies
    assert [(one.result_type, one.reason, one.count) for one in got.failures] == [
        ("validation-failure", "why", 1),
        ("validation-failure", "libtlsrpt-901", 1),
        ("certificate-host-mismatch", "why", 1),
        ("certificate-host-mismatch", "", 1),
    ]
