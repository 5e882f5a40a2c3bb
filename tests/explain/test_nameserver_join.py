"""A look-up that failed at a receiver, joined with what its domain's name servers say."""

import pytest

from mxproof.evidence import Outcome
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.engine import diagnosed, explain
from mxproof.explain.explanation import Explanation, Joined, JoinStanding
from mxproof.explain.nameserver_join import clauses, join_servers
from mxproof.explain.wording import explanation
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from support_certificates import NOW
from support_name_servers import At
from support_world import ZoneWorld, collect, collect_servers
from support_worlds import KEY, NAMED, NS1, NS2

SPF = b"Authentication-Results: spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com"
DKIM = b"Authentication-Results: dkim=timeout (key query timeout) header.d=example.com"
DMARC = b"Authentication-Results: dmarc=temperror action=none header.from=example.com"
V6_OF_ALL = ("2001:db8::53", "2001:db8:2::53", "2001:db8:ff::1")


def measured(world: ZoneWorld) -> MailDomain:
    return assemble(collect_servers(world), world.at)


def _joined(explanation: Explanation, world: ZoneWorld) -> Joined:
    return join_servers(explanation, dict.fromkeys(clauses(explanation), measured(world)))


@pytest.mark.parametrize(
    ("header", "cause"), [(SPF, "spf_temperror"), (DKIM, "dkim_key_dns"), (DMARC, "dmarc_dns_temp")]
)
def test_clean_servers_point_to_the_receiver_with_the_published_rate(header: bytes, cause: str) -> None:
    explanation = explain(header)
    got = _joined(explanation, NAMED)
    rate = base_rate(cause)
    assert rate is not None
    assert [one.cause for one in clauses(explanation)] == [cause]
    assert (got.standing, got.findings, got.fix) == (JoinStanding.ELSEWHERE, (), "")
    assert rate.words in got.words
    assert rate.source in got.words


@pytest.mark.parametrize(
    ("world", "standing"),
    [
        (NAMED.at_servers(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)), JoinStanding.CONFIRMED),
        (NAMED.at_servers(NS2, At(tcp=Outcome.REFUSED)), JoinStanding.UNKNOWN),
        (
            NAMED.at_servers(V6_OF_ALL, At(udp=Outcome.UNREACHABLE, tcp=Outcome.UNREACHABLE)),
            JoinStanding.UNKNOWN,
        ),
        (NAMED.zone_with("example.com NS !timeout"), JoinStanding.UNKNOWN),
        (NAMED.but(zone="example.com TXT x"), JoinStanding.UNKNOWN),
        (NAMED.but(domain="missing.com"), JoinStanding.UNKNOWN),
        (NAMED.but(domain="missing.example.com"), JoinStanding.UNKNOWN),
    ],
)
def test_the_receiver_is_named_only_where_everything_is_clean(
    world: ZoneWorld, standing: JoinStanding
) -> None:
    got = _joined(explain(SPF), world)
    assert got.standing is standing
    assert "receiver's side" not in got.words


def test_a_fault_is_told_with_its_server_and_what_to_do() -> None:
    world = NAMED.at_servers(NS2, At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED))
    got = _joined(explain(SPF), world)
    assert got.findings[0] == "ns-answer-cut"
    for word in ("ns2.example.com", *NS2):
        assert word in got.words
    assert "TCP" in got.fix


def test_every_address_is_measured_over_both_transports() -> None:
    world = NAMED.at_servers(NS2[:1], At(tcp=Outcome.REFUSED, size_bytes=900, elapsed_ms=40))
    rows = {row.address: row for row in _joined(explain(SPF), world).name_servers}
    assert list(rows) == [*NS1, *NS2, "203.0.113.53"]
    one = rows[NS2[0]]
    assert (one.zone, one.server) == ("example.com", "ns2.example.com")
    assert (one.udp.outcome, one.udp.elapsed_ms, one.udp.size_bytes) == (Outcome.FOUND, 40, 900)
    assert (one.tcp.outcome, one.tcp.size_bytes) == (Outcome.REFUSED, 0)


def test_what_was_not_asked_is_said() -> None:
    lists = NAMED.zone_with("example.com TXT v=spf1 a:list.example exists:%{i}.example -all")
    many = NAMED.zone_with(
        *(f"example.net NS ns{n}.example.net" for n in range(9)), "ns0.example.net A 192.0.2.9"
    )
    assert "a:list.example" in _joined(explain(SPF), lists).words
    assert len([one for one in _joined(explain(SPF), many).not_asked if one.endswith(".example.net")]) == 5
    assert "And 2 more." in _joined(explain(SPF), many).words
    assert " more." not in _joined(explain(SPF), lists).words
    assert "selector" in _joined(explain(DKIM), NAMED.but(keys=())).words
    assert "selector" not in _joined(explain(DKIM), NAMED).words


def test_the_rate_is_told_once() -> None:
    rate = base_rate("spf_temperror")
    assert rate is not None
    assert rate.words in explain(SPF).words
    live = _joined(explain(SPF), NAMED)
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


def test_a_domain_whose_servers_were_not_asked_is_not_called_clean() -> None:
    explanation = explain(SPF)
    unmeasured = assemble(collect(ZoneWorld()), NOW)
    got = join_servers(explanation, dict.fromkeys(clauses(explanation), unmeasured))
    assert (got.standing, got.findings, got.name_servers) == (JoinStanding.UNKNOWN, (), ())


def test_the_records_are_told_where_not_all_of_them_are_concerned() -> None:
    one = NAMED.at_servers(NS2, At(zone=NAMED.zone_with(f"{KEY} TXT").zone))
    every = NAMED.at_servers(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT))
    assert KEY in _joined(explain(SPF), one).words
    assert KEY not in _joined(explain(SPF), every).words


def test_of_two_look_ups_the_one_that_was_measured_is_told_and_the_other_named_as_not_asked() -> None:
    both = explain(
        SPF.replace(b"example.com", b"other.example") + b"; dmarc=temperror header.from=example.com"
    )
    spf, dmarc = clauses(both)
    assert (spf.domain, dmarc.domain) == ("other.example", "example.com")
    got = join_servers(both, {dmarc: measured(NAMED)})
    assert got.domain == "example.com"
    assert [one for one in got.not_asked if "other.example" in one] == ["the SPF record of other.example"]
    assert {one.zone for one in got.name_servers} >= {"example.com"}
