"""Zones and records by the signatures that were recorded: secure, insecure, bogus or unknown, and where the chain breaks."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Edns, Evidence, Kind, Outcome, SignedRecord
from mxproof.evidence.codec import decode, encode
from mxproof.evidence.redaction import redacted
from mxproof.formats import dnssec as types
from mxproof.formats.dnssec import Ds
from mxproof.lab.signing_setup import DsSetup, SigningFault, SigningSetup
from mxproof.mail.broken_link import ChainFault
from mxproof.mail.dnssec import DnssecStanding, signature_chain
from mxproof.survey.dnssec import signed
from support_dnssec import BARE, NS2, UNSIGNED, WHOLE, at_second_server, faulty, signed_so
from support_world import ZoneWorld, collect

SECURE, INSECURE = DnssecStanding.SECURE, DnssecStanding.INSECURE
BOGUS, UNKNOWN = DnssecStanding.BOGUS, DnssecStanding.UNKNOWN
NAME = "example.com"


def standings(world: ZoneWorld) -> set[DnssecStanding]:
    return {one.standing for one in signature_chain(collect(world), world.at).sets}


def breaks(world: ZoneWorld) -> set[tuple[ChainFault, str, int]]:
    chain = signature_chain(collect(world), world.at)
    broken = [*(one.broken for one in chain.zones), *(one.broken for one in chain.sets)]
    return {(one.fault, one.name, one.type) for one in broken if one is not None}


@pytest.mark.parametrize(
    "world",
    [
        WHOLE,
        BARE,
        signed_so(algorithm=8),
        signed_so(algorithm=10),
        signed_so(algorithm=5),
        signed_so(digest=1),
        signed_so(digest=4),
        signed_so(BARE, nsec3_iterations=0),
        signed_so(BARE, nsec3_iterations=10),
        signed_so(age_days=0.01, days_left=0.01),
    ],
)
def test_what_is_signed_rightly_is_secure(world: ZoneWorld) -> None:
    assert standings(world) == {SECURE}


@pytest.mark.parametrize("world", [UNSIGNED, signed_so(BARE.but(signed=("com",)), ds=DsSetup.NONE)])
def test_what_nothing_leads_to_is_insecure(world: ZoneWorld) -> None:
    assert (standings(world), breaks(world)) == ({INSECURE}, set())


def test_a_ds_record_of_an_unknown_algorithm_or_digest_counts_for_nothing() -> None:
    found = [
        Ds(1, algorithm, digest, b"") for algorithm, digest in ((13, 2), (99, 2), (13, 3), (1, 2), (5, 1))
    ]
    assert [one.is_verified for one in found] == [True, False, False, False, True]


def test_a_ds_record_of_a_key_to_come_may_stand_beside_that_of_the_key_in_use() -> None:
    evidence = collect(WHOLE)
    question = signed(Kind.DS, "com")
    answer = evidence.answer(question)
    assert isinstance(answer.data, DnsData)
    to_come = SignedRecord("com", types.DS, 300, Ds(1, 13, 2, bytes(32)).data)
    both = msgspec.structs.replace(answer.data, records=(*answer.data.records, to_come))
    rolling = evidence.with_answers([(question, msgspec.structs.replace(answer, data=both))])
    chain = signature_chain(rolling, WHOLE.at)
    assert {one.standing for one in chain.sets} == {SECURE}
    assert [len(one.ds) for one in chain.zones if one.name == "com"] == [2]


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (SigningFault.EXPIRED, ChainFault.EXPIRED),
        (SigningFault.EARLY, ChainFault.EARLY),
        (SigningFault.WRONG, ChainFault.WRONG),
        (SigningFault.MISSING, ChainFault.MISSING),
        (SigningFault.OTHER_KEY, ChainFault.KEY_MISSING),
    ],
)
def test_a_fault_is_told_at_the_link_where_it_is(fault: SigningFault, wanted: ChainFault) -> None:
    assert breaks(faulty(fault, "MX")) == {(wanted, NAME, types.MX)}
    assert breaks(faulty(fault, "DNSKEY")) == {(wanted, NAME, types.DNSKEY)}
    above = WHOLE.but(signing={**WHOLE.signing, "com": SigningSetup(fault=fault, types=("DS",))})
    assert breaks(above) == {(wanted, NAME, types.DS)}
    assert standings(above) == {BOGUS}


def test_a_ds_record_of_another_key_is_named_with_the_keys_that_there_are() -> None:
    world = signed_so(ds=DsSetup.WRONG)
    zone = signature_chain(collect(world), world.at).zone(NAME)
    assert zone is not None
    assert zone.broken is not None
    tags = (tuple(one.key_tag for one in zone.ds), tuple(one.key_tag for one in zone.keys))
    assert (zone.broken.fault, zone.broken.key_tags, zone.broken.served) == (ChainFault.DS_UNMATCHED, *tags)
    assert set(tags[0]).isdisjoint(tags[1])


def test_absence_without_a_proof_is_bogus() -> None:
    faults = breaks(signed_so(BARE, fault=SigningFault.UNPROVEN))
    assert {fault for fault, _, _ in faults} == {ChainFault.UNPROVEN}
    above = WHOLE.but(signing={"com": SigningSetup(fault=SigningFault.UNPROVEN)}, signed=("com",))
    assert breaks(above) == {(ChainFault.UNPROVEN, NAME, types.DS)}


def test_a_proof_of_absence_that_has_ended_is_no_proof() -> None:
    evidence = collect(BARE)
    later = signature_chain(evidence, BARE.at + timedelta(days=15))
    assert {one.broken.fault for one in later.zones if one.broken is not None} == {ChainFault.EXPIRED}


def test_a_chain_holds_until_its_signatures_end() -> None:
    evidence = collect(WHOLE)
    moments = [WHOLE.at + timedelta(days=days) for days in (-8, -6, 13, 15)]
    found = [{one.standing for one in signature_chain(evidence, at).sets} for at in moments]
    assert found == [{BOGUS}, {SECURE}, {SECURE}, {BOGUS}]


@pytest.mark.parametrize(
    ("kind", "name", "unknown"),
    [
        (Kind.DS, NAME, 7),
        (Kind.DNSKEY, NAME, 7),
        (Kind.DS, "com", 7),
        (Kind.DNSKEY, "com", 7),
        (Kind.NS, "com", 7),
        (Kind.MX, NAME, 1),
    ],
)
def test_silence_is_unknown_and_never_bogus(kind: Kind, name: str, unknown: int) -> None:
    evidence = collect(WHOLE)
    question = signed(kind, name)
    lost = evidence.with_answers([(question, Answer(Outcome.TIMEOUT, WHOLE.at))])
    found = [one.standing for one in signature_chain(lost, WHOLE.at).sets]
    assert (found.count(UNKNOWN), BOGUS in found) == (unknown, False)


def test_the_keys_of_a_zone_are_told_where_the_question_for_them_was_answered() -> None:
    evidence = collect(WHOLE)
    lost = evidence.with_answers([(signed(Kind.DNSKEY, NAME), Answer(Outcome.TIMEOUT, WHOLE.at))])
    found = [
        {one.name: one.keys_told for one in signature_chain(seen, WHOLE.at).zones}
        for seen in (evidence, lost)
    ]
    assert found == [{"com": True, NAME: True}, {"com": True, NAME: False}]


def test_each_server_is_judged_by_what_it_serves() -> None:
    world = at_second_server(SigningFault.EXPIRED)
    servers = signature_chain(collect(world), world.at).servers
    assert {one.address for one in servers if one.broken} == {NS2}
    assert standings(world) == {SECURE}


def test_aliases_are_held_against_the_keys_of_their_own_zones() -> None:
    lines = ("mx1.example.com CNAME host.example.com", "host.example.com A 192.0.2.1")
    world = WHOLE.zone_with(*lines, "_25._tcp.mx1.example.com TLSA")
    assert standings(world) == {SECURE}
    assert (ChainFault.MISSING, "mx1.example.com", types.CNAME) in breaks(
        world.but(signing=faulty(SigningFault.MISSING, "CNAME").signing)
    )


def test_redacted_evidence_proves_the_same() -> None:
    evidence = collect(WHOLE)
    again = decode(encode(redacted(evidence)))
    assert signature_chain(again, WHOLE.at) == signature_chain(evidence, WHOLE.at)
    assert any(one.edns is Edns.SIGNED for one in again.answers)


def test_nothing_is_said_where_nothing_was_asked() -> None:
    chain = signature_chain(Evidence(NAME), WHOLE.at)
    assert ({one.standing for one in chain.sets}, chain.zones, chain.servers) == ({UNKNOWN}, (), ())


@pytest.mark.parametrize(
    ("world", "want"),
    [
        (signed_so(BARE, nsec3_iterations=10), {"com": None, NAME: 10}),
        (signed_so(BARE, nsec3_iterations=0), {"com": None, NAME: 0}),
        (BARE, {"com": None, NAME: None}),
    ],
)
def test_the_iterations_of_a_zone_are_those_of_its_own_proofs(
    world: ZoneWorld, want: dict[str, int | None]
) -> None:
    zones = signature_chain(collect(world), world.at).zones
    assert {one.name: one.iterations for one in zones} == want
    assert {one.name for one in zones if one.proofs} == {
        name for name, count in want.items() if count is not None
    }


@pytest.mark.parametrize(("validating", "signed_names"), [(True, (NAME,)), (False, (NAME,)), (True, ())])
def test_a_zone_is_anchored_whose_records_a_resolver_that_may_be_believed_holds_for_secure(
    validating: bool, signed_names: tuple[str, ...]
) -> None:
    world = WHOLE.but(validating=validating, signed=signed_names)
    zone = signature_chain(collect(world), world.at).zone(NAME)
    assert zone is not None
    assert zone.is_anchored is (validating and bool(signed_names))


def test_a_signature_holds_from_its_first_second_to_its_last() -> None:
    evidence = collect(WHOLE)
    chain = signature_chain(evidence, WHOLE.at)
    signatures = [one for zone in chain.zones for one in zone.signatures]
    begins, ends = max(one.begins for one in signatures), min(one.ends for one in signatures)
    second = timedelta(seconds=1)
    found = [
        {one.standing for one in signature_chain(evidence, at).sets}
        for at in (begins - second, begins, ends, ends + second)
    ]
    assert [SECURE in one and BOGUS not in one for one in found] == [False, True, True, False]


def test_a_server_that_does_not_tell_its_keys_is_judged_by_those_that_its_zone_is_known_to_have() -> None:
    evidence = collect(WHOLE)
    mute = evidence.with_answers(
        [(signed(Kind.DNSKEY, NAME, NS2), Answer(Outcome.TIMEOUT, WHOLE.at, elapsed_ms=5000))]
    )
    assert [one.broken for one in signature_chain(mute, WHOLE.at).servers] == [(), ()]


def test_zones_are_told_from_the_top_down_whichever_was_met_first() -> None:
    setup = SigningSetup()
    world = WHOLE.but(
        signed=("com", "net", NAME, "example.net"),
        signing={"com": setup, "net": setup, NAME: setup, "example.net": setup},
    ).zone_with(
        "net NS a.gtld.example",
        "example.net NS ns1.example.com",
        "example.com MX 10 mx1.example.com",
        "example.com MX 20 mx.example.net",
        "mx.example.net A 192.0.2.2",
    )
    zones = [one.name for one in signature_chain(collect(world), world.at).zones]
    assert sorted(zones) == ["com", NAME, "example.net", "net"]
    assert sorted(zones[:2]) == ["com", "net"]


def test_the_servers_of_a_zone_whose_keys_nobody_above_names_are_judged_as_well() -> None:
    """But not those of a zone that nothing leads to."""
    world = signed_so(ds=DsSetup.WRONG)
    servers = signature_chain(collect(world), world.at).servers
    assert [one.zone for one in servers] == [NAME, NAME]
    assert all(ChainFault.DS_UNMATCHED in {link.fault for link in one.broken} for one in servers)
    unsigned = signed_so(BARE.but(signed=("com",)), ds=DsSetup.NONE)
    assert signature_chain(collect(unsigned), unsigned.at).servers == ()
