"""What is said of a chain of signatures in which several zones, records and servers differ at once."""

from datetime import timedelta
from functools import cache
from hashlib import sha256

import msgspec
import pytest

from mxproof.evidence import Edns, Kind, Question
from mxproof.formats.dnssec import AAAA, CNAME, DNSKEY, MX, TLSA, A, Dnskey, Ds, Rrsig
from mxproof.judge.checks import dnssec_chain
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.assemble import assemble
from mxproof.mail.broken_link import BrokenLink, ChainFault
from mxproof.mail.change import Configure, Service, Setting
from mxproof.mail.dnssec import DnssecStanding, SignatureChain, SignedSet, SigningServer, SigningZone
from mxproof.mail.domain import MailDomain
from support_certificates import NOW
from support_world import collect
from support_worlds import GOOD

SECURE, INSECURE, BOGUS, UNKNOWN = DnssecStanding
COM, OWN, NET, BELOW = "com", "example.com", "example.net", "mail.example.com"
KINDS = {A: Kind.A, AAAA: Kind.AAAA, CNAME: Kind.CNAME, MX: Kind.MX, TLSA: Kind.TLSA, DNSKEY: Kind.DNSKEY}
NS1, NS2, NS3 = "192.0.2.53", "198.51.100.53", "203.0.113.53"
WAY = Question(Kind.DS, "com", edns=Edns.SIGNED)
DAY = timedelta(days=1)


@cache
def good() -> MailDomain:
    return assemble(collect(GOOD), NOW)


def asked(name: str, kind: int = DNSKEY, server: str = "") -> Question:
    return Question(KINDS[kind], name, server=server, edns=Edns.SIGNED)


def questions_of(zone: str) -> tuple[Question, Question]:
    return Question(Kind.DS, zone, edns=Edns.SIGNED), asked(zone)


def key(algorithm: int = 13, size: int = 64, flags: int = 257, fill: bytes = b"k") -> Dnskey:
    return Dnskey(flags, 3, algorithm, fill * size)


def rsa_key(bits: int, algorithm: int = 8) -> Dnskey:
    return Dnskey(257, 3, algorithm, b"\x03\x01\x00\x01" + (1 << (bits - 1)).to_bytes(bits // 8, "big"))


def ds(tag: int = 1, algorithm: int = 13, digest: int = 2) -> Ds:
    return Ds(tag, algorithm, digest, sha256(b"key").digest())


def signature(
    zone: str, covered: int, *, left: timedelta = 10 * DAY, lifetime: timedelta = 14 * DAY
) -> Rrsig:
    ends = NOW + left
    return Rrsig(covered, 13, 2, 300, ends, ends - lifetime, 1, zone, b"")


def zone(name: str, standing: DnssecStanding = SECURE, broken: BrokenLink | None = None) -> SigningZone:
    return SigningZone(name, standing, broken, (), (), (), questions_of(name))


def records(
    name: str,
    kind: int,
    around: str,
    standing: DnssecStanding = SECURE,
    *,
    broken: BrokenLink | None = None,
    left: timedelta = 10 * DAY,
) -> SignedSet:
    signed = signature(around, kind, left=left) if standing is SECURE else None
    return SignedSet(name, kind, around, standing, broken, signed, asked(name, kind))


def link(fault: ChainFault, name: str, kind: int, server: str = "") -> BrokenLink:
    return BrokenLink(fault, name, kind, asked(name, kind, server))


def said(
    zones: tuple[SigningZone, ...], sets: tuple[SignedSet, ...], servers: tuple[SigningServer, ...] = ()
) -> list[Finding]:
    chain = SignatureChain(zones, sets, servers, (WAY,))
    return list(dnssec_chain.check(msgspec.structs.replace(good(), signing=chain)))


def with_code(found: list[Finding], code: Code) -> list[Finding]:
    return [one for one in found if one.code == code]


def test_records_of_one_zone_that_break_alike_are_one_finding_and_others_stand_apart() -> None:
    expired = [link(ChainFault.EXPIRED, OWN, MX), link(ChainFault.EXPIRED, "mx1.example.com", A)]
    early = link(ChainFault.EARLY, "mx1.example.com", AAAA)
    elsewhere = link(ChainFault.EXPIRED, "mx.example.net", A)
    found = said(
        (zone(COM), zone(OWN), zone(NET)),
        (
            records(OWN, MX, OWN, BOGUS, broken=expired[0]),
            records("mx1.example.com", AAAA, OWN, BOGUS, broken=early),
            records("mx.example.net", A, NET, BOGUS, broken=elsewhere),
            records("mx1.example.com", A, OWN, BOGUS, broken=expired[1]),
        ),
    )
    assert [(one.code, one.subject, one.params["links"], one.params["records"]) for one in found] == [
        (
            Code.DNSSEC_SIGNATURE_EXPIRED,
            OWN,
            tuple(expired),
            (f"MX {OWN}", "A mx1.example.com"),
        ),
        (Code.DNSSEC_SIGNATURE_EARLY, OWN, (early,), ("AAAA mx1.example.com",)),
        (Code.DNSSEC_SIGNATURE_EXPIRED, NET, (elsewhere,), ("A mx.example.net",)),
    ]
    assert [one.changes for one in found] == [
        (Configure(Service.DNS, name, (), Setting.SIGNED),) for name in (OWN, OWN, NET)
    ]
    assert found[0].evidence == (
        *questions_of(OWN),
        *(one.question for one in expired),
        good().mx.question,
        WAY,
    )


def test_a_broken_zone_takes_along_all_that_is_in_it_and_below_it_and_nothing_that_is_called_alike() -> None:
    broken = link(ChainFault.DS_UNMATCHED, OWN, DNSKEY)
    found = said(
        (zone(OWN, BOGUS, broken), zone(BELOW, BOGUS), zone("my-example.com")),
        (
            records(OWN, MX, OWN, BOGUS),
            records("mx.mail.example.com", A, BELOW, BOGUS),
            records("mx.my-example.com", A, "my-example.com"),
        ),
    )
    assert [(one.code, one.subject, one.params["records"]) for one in found] == [
        (Code.DNSSEC_DS_UNMATCHED, OWN, (f"MX {OWN}", "A mx.mail.example.com"))
    ]


def test_the_servers_of_a_zone_that_is_bogus_everywhere_are_passed_over_and_those_of_others_are_not() -> None:
    everywhere = link(ChainFault.EXPIRED, OWN, DNSKEY)
    own = link(ChainFault.EXPIRED, "mx.example.net", A, NS3)
    keys = link(ChainFault.MISSING, NET, DNSKEY, NS3)
    unheld = link(ChainFault.EXPIRED, "other.example.net", A, NS3)
    found = said(
        (zone(OWN, BOGUS, everywhere), zone(NET)),
        (records(OWN, MX, OWN, BOGUS), records("mx.example.net", A, NET)),
        (
            SigningServer(OWN, "ns1.example.com", NS1, (everywhere,), (asked(OWN, DNSKEY, NS1),)),
            SigningServer(NET, "ns2.example.net", NS2, (), (asked(NET, DNSKEY, NS2),)),
            SigningServer(NET, "ns3.example.net", NS3, (keys, own, unheld), (asked(NET, DNSKEY, NS3),)),
        ),
    )
    (differing,) = with_code(found, Code.DNSSEC_SERVER_DIFFERS)
    assert (differing.subject, dict(differing.params)) == (
        "ns3.example.net",
        {"zone": NET, "server": "ns3.example.net", "address": NS3, "links": (keys, own)},
    )
    assert differing.changes == (Configure(Service.DNS, NET, (NS3,), Setting.CURRENT),)
    assert differing.evidence == (asked(NET, DNSKEY, NS3), own.question, good().mx.question, WAY)


def test_a_server_with_a_fault_of_its_own_in_the_keys_is_told_though_the_zone_is_bogus_otherwise() -> None:
    here, there = link(ChainFault.EXPIRED, OWN, DNSKEY), link(ChainFault.MISSING, OWN, DNSKEY, NS1)
    other = link(ChainFault.EXPIRED, "mx1.example.com", A, NS1)
    found = said(
        (zone(OWN, BOGUS, here),),
        (records("mx1.example.com", A, OWN),),
        (SigningServer(OWN, "ns1.example.com", NS1, (there, other), (asked(OWN, DNSKEY, NS1),)),),
    )
    (differing,) = with_code(found, Code.DNSSEC_SERVER_DIFFERS)
    assert differing.params["links"] == (other,)


def test_of_signatures_that_end_together_the_first_end_is_told_with_all_of_their_records() -> None:
    keys = msgspec.structs.replace(zone(OWN), signatures=(signature(OWN, DNSKEY, left=0.9 * DAY),))
    com = msgspec.structs.replace(zone(COM), signatures=(signature(COM, DNSKEY, left=0.1 * DAY),))
    sets = (
        records(OWN, MX, OWN, left=0.5 * DAY),
        records("mx1.example.com", A, OWN, left=0.7 * DAY),
        records("mx2.example.com", A, OWN, left=5 * DAY),
        records("mx.example.net", A, NET, left=0.8 * DAY),
    )
    own, net = with_code(said((com, keys, zone(NET)), sets), Code.DNSSEC_SIGNATURE_ENDING)
    assert (own.subject, dict(own.params)) == (
        OWN,
        {
            "zone": OWN,
            "records": (f"DNSKEY {OWN}", f"MX {OWN}", "A mx1.example.com"),
            "until": NOW + 0.5 * DAY,
            "days": 14,
        },
    )
    assert own.evidence == (
        *questions_of(OWN),
        sets[0].question,
        sets[1].question,
        good().mx.question,
        WAY,
    )
    assert (net.subject, net.params["until"]) == (NET, NOW + 0.8 * DAY)


@pytest.mark.parametrize(
    ("left", "ending"),
    [
        (timedelta(), True),
        (-timedelta(seconds=1), False),
        (14 * DAY / 12, False),
        (14 * DAY / 12 - timedelta(seconds=1), True),
    ],
)
def test_a_signature_is_ending_from_a_twelfth_of_its_lifetime_to_its_last_second(
    left: timedelta, *, ending: bool
) -> None:
    found = said((zone(OWN),), (records(OWN, MX, OWN, left=left),))
    assert bool(with_code(found, Code.DNSSEC_SIGNATURE_ENDING)) is ending


def test_digests_of_sha_1_may_go_at_once_only_where_others_stand_beside_them() -> None:
    alone = msgspec.structs.replace(zone(OWN), ds=(ds(1, digest=1), ds(2, digest=1)))
    beside = msgspec.structs.replace(zone(NET), ds=(ds(3, digest=1), ds(3, digest=2)))
    found = with_code(said((alone, beside), ()), Code.DNSSEC_DIGEST_OLD)
    assert [(one.subject, one.params["key_tags"], one.way, one.evidence[0]) for one in found] == [
        (OWN, (1, 2), "", questions_of(OWN)[0]),
        (NET, (3,), "beside", questions_of(NET)[0]),
    ]


def test_old_algorithms_of_keys_and_of_ds_records_and_short_keys_are_each_told_once_in_order() -> None:
    weak = msgspec.structs.replace(
        zone(OWN),
        ds=(ds(algorithm=7), ds(algorithm=13)),
        keys=(rsa_key(1024), rsa_key(1024, 5), rsa_key(512), rsa_key(2048), rsa_key(1024, 7)),
    )
    found = said((zone(COM), weak, zone(NET)), ())
    assert [(one.code, one.subject) for one in found] == [
        (Code.DNSSEC_ALGORITHM_OLD, OWN),
        (Code.DNSSEC_KEY_SHORT, OWN),
    ]
    assert found[0].params["algorithms"] == ("RSASHA1", "RSASHA1-NSEC3-SHA1")
    assert found[1].params["bits"] == (512, 1024)
    assert found[0].evidence[:2] == questions_of(OWN)
    assert found[1].evidence[:2] == (questions_of(OWN)[1], good().mx.question)


@pytest.mark.parametrize(
    ("iterations", "codes"),
    [
        (None, []),
        (0, []),
        (1, [Code.DNSSEC_ITERATIONS]),
        (50, [Code.DNSSEC_ITERATIONS]),
        (51, [Code.DNSSEC_ITERATIONS_MANY]),
    ],
)
def test_iterations_are_many_above_fifty(iterations: int | None, codes: list[Code]) -> None:
    proof = (asked("none.example.com", A),)
    found = said((msgspec.structs.replace(zone(OWN), iterations=iterations, proofs=proof),), ())
    assert [one.code for one in found] == codes
    assert all(one.params["iterations"] == iterations and one.evidence[0] == proof[0] for one in found)


def test_each_zone_that_is_not_signed_is_told_though_one_before_it_needs_no_word() -> None:
    anchored = msgspec.structs.replace(zone("a.example.com", INSECURE), is_anchored=True)
    unknown_algorithm = msgspec.structs.replace(zone("b.example.com", INSECURE), ds=(ds(algorithm=200),))
    entry, other = key(fill=b"e"), key(flags=256, fill=b"o")
    island = msgspec.structs.replace(zone(OWN, INSECURE), keys=(entry, other), keys_told=True)
    unsigned = msgspec.structs.replace(zone(NET, INSECURE), keys_told=True)
    untold = zone("example.org", INSECURE)
    names = ("a.example.com", "b.example.com", "gone.example", OWN, NET, "example.org", NET)
    sets = tuple(records(f"mx{place}.{name}", A, name, INSECURE) for place, name in enumerate(names))
    found = said((zone("net", INSECURE), anchored, unknown_algorithm, island, unsigned, untold), sets)
    assert [(one.code, one.subject, one.params["above"], one.params["records"]) for one in found] == [
        (Code.DNSSEC_ISLAND, OWN, OWN, (f"A mx3.{OWN}",)),
        (Code.DNSSEC_UNSIGNED, NET, "net", (f"A mx4.{NET}", f"A mx6.{NET}")),
    ]
    assert found[0].params["ds"] == (f"{OWN}. DS {island.ds_line(entry)}",)
    assert found[1].evidence == (
        *questions_of("net"),
        *questions_of(NET),
        good().mx.question,
        WAY,
    )


def test_what_was_not_answered_rests_on_the_silence_alone() -> None:
    sets = (
        records(OWN, MX, OWN),
        records("mx1.example.com", A, BELOW, UNKNOWN),
        records("mx1.example.com", AAAA, BELOW, UNKNOWN),
    )
    (found,) = said((zone(OWN), zone(BELOW, UNKNOWN)), sets)
    assert (found.code, found.subject) == (Code.DNSSEC_UNANSWERED, OWN)
    assert found.params["records"] == ("A mx1.example.com", "AAAA mx1.example.com")
    assert found.evidence == (sets[1].question, sets[2].question)


def test_a_whole_chain_holds_until_the_first_of_its_signatures_ends() -> None:
    sets = (
        records(OWN, MX, OWN, left=9 * DAY),
        records("mx1.example.com", A, OWN, left=8 * DAY),
        records(OWN, TLSA, OWN, left=10 * DAY),
    )
    (found,) = said((zone(COM), zone(OWN)), sets)
    assert (found.code, dict(found.params)) == (
        Code.DNSSEC_OK,
        {
            "domain": OWN,
            "zones": (COM, OWN),
            "records": (f"MX {OWN}", "A mx1.example.com", f"TLSA {OWN}"),
            "until": NOW + 8 * DAY,
        },
    )
    one_unsigned = (*sets, records("mx.example.net", A, NET, INSECURE))
    assert with_code(said((zone(COM), zone(OWN)), one_unsigned), Code.DNSSEC_OK) == []
