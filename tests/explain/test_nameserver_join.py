"""A look-up that failed at a receiver, joined with what its domain's name servers say."""

import pytest

from mxproof.evidence import Outcome
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.engine import diagnosed, explain
from mxproof.explain.explanation import Explanation
from mxproof.explain.explanation import JoinStanding as Standing
from mxproof.explain.nameserver_join import join_servers, resting_cause
from mxproof.explain.wording import explanation
from support_nameserver import KEY, NS1, NS2, ZONE, At, Net, measured

SPF = b"Authentication-Results: spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com"
DKIM = b"Authentication-Results: dkim=timeout (key query timeout) header.d=example.com"
DMARC = b"Authentication-Results: dmarc=temperror action=none header.from=example.com"
V6_OF_ALL = ("2001:db8::53", "2001:db8:2::53", "2001:db8:ff::1")


@pytest.mark.parametrize(
    ("header", "cause"), [(SPF, "spf_temperror"), (DKIM, "dkim_key_dns"), (DMARC, "dmarc_dns_temp")]
)
def test_clean_servers_point_to_the_receiver_with_the_published_rate(header: bytes, cause: str) -> None:
    explanation = explain(header)
    got = join_servers(explanation, measured(Net()))
    rate = base_rate(cause)
    assert rate is not None
    assert resting_cause(explanation) == cause
    assert (got.standing, got.findings, got.fix) == (Standing.ELSEWHERE, (), "")
    assert rate.words in got.words
    assert rate.source in got.words


@pytest.mark.parametrize(
    ("net", "standing"),
    [
        (Net().all_at(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)), Standing.CONFIRMED),
        (Net().all_at(NS2, At(tcp=Outcome.REFUSED)), Standing.UNKNOWN),
        (Net().all_at(V6_OF_ALL, At(udp=Outcome.UNREACHABLE, tcp=Outcome.UNREACHABLE)), Standing.UNKNOWN),
        (Net().zone_with("example.com NS !timeout"), Standing.UNKNOWN),
        (Net(zone="example.com TXT x"), Standing.UNKNOWN),
        (Net(domain="missing.com"), Standing.UNKNOWN),
        (Net(domain="missing.example.com"), Standing.UNKNOWN),
    ],
)
def test_the_receiver_is_named_only_where_everything_is_clean(net: Net, standing: Standing) -> None:
    got = join_servers(explain(SPF), measured(net))
    assert got.standing is standing
    assert "receiver's side" not in got.words


def test_a_fault_is_told_with_its_server_and_what_to_do() -> None:
    net = Net().all_at(NS2, At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED))
    got = join_servers(explain(SPF), measured(net))
    assert got.findings[0] == "ns-answer-cut"
    for word in ("ns2.example.com", *NS2):
        assert word in got.words
    assert "TCP" in got.fix


def test_every_address_is_measured_over_both_transports() -> None:
    net = Net().at(NS2[0], At(tcp=Outcome.REFUSED, size_bytes=900, elapsed_ms=40))
    rows = {row.address: row for row in join_servers(explain(SPF), measured(net)).name_servers}
    assert list(rows) == [*NS1, *NS2, "203.0.113.53"]
    one = rows[NS2[0]]
    assert (one.zone, one.server) == ("example.com", "ns2.example.com")
    assert (one.udp.outcome, one.udp.elapsed_ms, one.udp.size_bytes) == (Outcome.FOUND, 40, 900)
    assert (one.tcp.outcome, one.tcp.size_bytes) == (Outcome.REFUSED, 0)


def test_what_was_not_asked_is_said() -> None:
    lists = Net().zone_with("example.com TXT v=spf1 a:list.example exists:%{i}.example -all")
    many = Net().zone_with(
        *(f"example.net NS ns{n}.example.net" for n in range(9)), "ns0.example.net A 192.0.2.9"
    )
    assert "a:list.example" in join_servers(explain(SPF), measured(lists)).words
    assert "5 were not asked" in join_servers(explain(SPF), measured(many)).words
    assert "selector" in join_servers(explain(DKIM), measured(Net(), ())).words
    assert "selector" not in join_servers(explain(DKIM), measured(Net())).words


def test_the_rate_is_told_once() -> None:
    rate = base_rate("spf_temperror")
    assert rate is not None
    assert rate.words in explain(SPF).words
    live = join_servers(explain(SPF), measured(Net()))
    assert rate.words in live.words
    assert rate.words not in explanation("-", diagnosed(SPF), live).words


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (DKIM + b" header.s=s1", (KEY,)),
        (DKIM, ()),
        (DKIM + b"\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; bh=x; b=y\n", (KEY,)),
        (b"From: a@example.com\nTo: b@example.net\nDKIM-Signature: d=example.com;\n s=s1\n" + SPF + b"\n\nhi\n", (KEY,)),
    ],
)  # fmt: skip
def test_the_keys_of_a_message_are_found(text: bytes, want: tuple[str, ...]) -> None:
    assert explain(text).dkim_keys == want


def test_the_key_that_did_not_pass_comes_first() -> None:
    header = b"Authentication-Results: x; dkim=pass header.d=a.example header.s=one; dkim=temperror header.d=b.example header.s=two"
    explanation: Explanation = explain(header)
    assert explanation.dkim_keys == ("two._domainkey.b.example", "one._domainkey.a.example")
    assert explanation.next == ("dig +short TXT two._domainkey.b.example",)


def test_the_zone_of_the_tests_is_clean() -> None:
    assert join_servers(explain(SPF), measured(Net(zone=ZONE))).standing is Standing.ELSEWHERE
