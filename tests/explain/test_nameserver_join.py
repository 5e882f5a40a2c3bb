"""A look-up that failed at a receiver, joined with what its domain's name servers say."""

from functools import cache

import msgspec
import pytest

from mxproof.evidence import Outcome
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.engine import diagnosed, explain
from mxproof.explain.explanation import Explanation, Joined, JoinStanding, LookedFor
from mxproof.explain.nameserver_join import CLAUSES_MAX, Clause, clauses, join_servers
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


def both(spf: str = "other.example", dmarc: str = "example.com") -> Explanation:
    """Return a header in which the look-ups of two domains failed."""
    text = SPF.decode().replace("example.com", spf) + f"; dmarc=temperror header.from={dmarc}"
    return explain(text.encode())


WORLDS = {
    "named": NAMED,
    "dead": NAMED.at_servers(NS2, At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)),
    "warned": NAMED.at_servers(NS2, At(tcp=Outcome.REFUSED)),
}


@cache
def looked_at(world: str) -> MailDomain:
    return measured(WORLDS[world])


def test_of_two_look_ups_one_that_is_confirmed_is_told_before_one_that_nobody_looked_for() -> None:
    spf, dmarc = clauses(both())
    assert join_servers(both(), {dmarc: looked_at("dead")}).joined is LookedFor.CONFIRMED
    assert join_servers(both(), {spf: looked_at("dead")}).joined is LookedFor.CONFIRMED
    unlooked = join_servers(both(), {dmarc: looked_at("named")})
    assert (unlooked.joined, unlooked.standing) == (LookedFor.NOT_LOOKED_FOR, JoinStanding.UNKNOWN)
    clean = join_servers(both("example.com"), dict.fromkeys(clauses(both("example.com")), looked_at("named")))
    assert (clean.joined, clean.standing) == (LookedFor.NOT_FOUND, JoinStanding.ELSEWHERE)
    assert clean.words.count("Every name server that was asked answers") == 1
    assert len(clean.name_servers) == len(set(clean.name_servers))


def test_a_measurement_without_the_name_of_the_clause_is_that_of_its_cause() -> None:
    """In a lab the domain is that of the scenario, which the text need not name."""
    nameless = explain(b"Authentication-Results: mx.example.net; spf=temperror")
    (clause,) = clauses(nameless)
    assert clause == Clause("spf_temperror", "")
    assert clauses(nameless, "example.com") == (Clause("spf_temperror", "example.com"),)
    got = join_servers(nameless, {Clause("spf_temperror", "example.com"): looked_at("named")})
    assert (got.domain, got.joined, got.not_asked) == ("example.com", LookedFor.NOT_FOUND, ())
    spf, dmarc = clauses(both())
    beside = join_servers(
        both(), {Clause(spf.cause, "third.example"): looked_at("dead"), dmarc: looked_at("named")}
    )
    assert (beside.joined, beside.not_asked) == (
        LookedFor.NOT_LOOKED_FOR,
        ("the SPF record of other.example",),
    )


def test_a_clause_is_about_the_domain_that_it_names_before_that_of_the_text_and_of_the_reader() -> None:
    assert [one.domain for one in clauses(both(), "reader.example")] == ["other.example", "example.com"]
    many = b"Authentication-Results: x; spf=temperror smtp.mailfrom=a.example; dmarc=temperror header.from=b.example;"
    found = clauses(explain(many + b" dkim=temperror header.d=c.example header.s=s"))
    assert {(one.cause, one.domain, one.keys) for one in found} == {
        ("spf_temperror", "a.example", ()),
        ("dmarc_dns_temp", "b.example", ()),
        ("dkim_key_dns", "c.example", ("s._domainkey.c.example",)),
    }
    assert CLAUSES_MAX == 3


def test_the_keys_of_a_clause_are_those_of_its_own_domain() -> None:
    text = b"Authentication-Results: x; dkim=temperror header.d=example.com header.s=s1;"
    text += b" dkim=temperror header.d=sub.example.com header.s=s2"
    assert explain(text).dkim_keys == (KEY, "s2._domainkey.sub.example.com")
    assert clauses(explain(text)) == (Clause("dkim_key_dns", "example.com", (KEY,)),)


def test_what_is_to_be_mended_is_the_first_error_before_any_warning() -> None:
    warning, error = (
        join_servers(explain(SPF), {clauses(explain(SPF))[0]: looked_at(world)}).fix
        for world in ("warned", "dead")
    )
    assert warning != error
    spf, dmarc = clauses(both())
    for first, second, fix in (
        ("warned", "dead", error),
        ("dead", "warned", error),
        ("warned", "warned", warning),
    ):
        join = join_servers(both(), {spf: looked_at(first), dmarc: looked_at(second)})
        assert join.fix == fix
        assert join.fix


def test_of_several_records_at_one_server_the_worst_outcome_and_the_slowest_and_largest_answer_are_told() -> (
    None
):
    domain = looked_at("named")
    servers = domain.name_servers
    at = servers.served[0].where
    mine = [one for one in servers.served if one.where == at]
    assert len(mine) > 2
    altered: dict[str, dict[str, object]] = {
        mine[0].name: {"elapsed_ms": 900},
        mine[1].name: {"outcome": Outcome.TIMEOUT, "elapsed_ms": 5, "data": None},
    }
    served = tuple(
        msgspec.structs.replace(one, udp=msgspec.structs.replace(one.udp, **altered.get(one.name, {})))
        if one.where == at
        else one
        for one in servers.served
    )
    changed = msgspec.structs.replace(domain, name_servers=msgspec.structs.replace(servers, served=served))
    told = join_servers(explain(SPF), dict.fromkeys(clauses(explain(SPF)), changed))
    (row,) = (one for one in told.name_servers if one.address == at.address)
    assert (row.udp.outcome, row.udp.elapsed_ms) == (Outcome.TIMEOUT, 900)
    assert row.udp.size_bytes > 0
    assert row.tcp.outcome is Outcome.FOUND
