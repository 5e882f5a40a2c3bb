"""The test worlds themselves: what the builder of evidence answers."""

from mxproof.evidence import Evidence, Kind, Outcome, SmtpStage, TlsaRecord
from mxproof.survey.inbound import needed, wanted
from mxproof.survey.reading import addresses, alias_chain
from support_world import Smtp, ZoneWorld, collect


def outcome(evidence: Evidence, kind: Kind, name: str) -> Outcome:
    return evidence.dns(kind, name)[0].outcome


def test_all_that_the_survey_needs_is_answered() -> None:
    evidence = collect(ZoneWorld())
    assert wanted(evidence) == ()
    assert set(evidence.answers) == set(needed(evidence))


def test_the_same_world_gives_the_same_evidence() -> None:
    assert collect(ZoneWorld()) == collect(ZoneWorld())


def test_a_name_without_the_type_is_empty_and_an_unknown_name_does_not_exist() -> None:
    evidence = collect(ZoneWorld().zone_with("mx2.example.com A", "_25._tcp.mx1.example.com TLSA 3 1 1 00"))
    assert outcome(evidence, Kind.AAAA, "mx1.example.com") is Outcome.FOUND
    assert outcome(evidence, Kind.AAAA, "mta-sts.example.com") is Outcome.EMPTY
    assert outcome(evidence, Kind.A, "mx2.example.com") is Outcome.NXDOMAIN


def test_an_alias_replaces_the_records_at_its_owner_and_is_followed() -> None:
    evidence = collect(
        ZoneWorld().zone_with("mx1.example.com CNAME smol.example.com", "smol.example.com A 192.0.2.9")
    )
    assert alias_chain(evidence, "mx1.example.com") == ("mx1.example.com", "smol.example.com")
    assert addresses(evidence, "mx1.example.com") == ("192.0.2.9",)


def test_a_loop_of_aliases_comes_to_an_end() -> None:
    lines = (
        "mx1.example.com CNAME a.example.com",
        "a.example.com CNAME mx1.example.com",
        "x.example.com A 192.0.2.1",
    )
    assert addresses(collect(ZoneWorld().zone_with(*lines)), "mx1.example.com") == ()


def test_a_fault_stands_for_the_answer() -> None:
    evidence = collect(ZoneWorld().zone_with("_mta-sts.example.com TXT !timeout"))
    assert outcome(evidence, Kind.TXT, "_mta-sts.example.com") is Outcome.TIMEOUT


def test_an_answer_is_secure_where_every_name_on_its_way_is_signed() -> None:
    world = ZoneWorld(signed=("example.com",)).zone_with(
        "mx1.example.com CNAME mx.example.net", "mx.example.net A 192.0.2.9"
    )
    evidence = collect(world)
    secure = {
        name: data.secure
        for name in ("mx1.example.com", "mx2.example.com")
        if (data := evidence.dns(Kind.A, name)[1])
    }
    assert secure == {"mx1.example.com": False, "mx2.example.com": True}


def test_a_tlsa_record_can_be_that_of_a_server() -> None:
    evidence = collect(ZoneWorld().zone_with("_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"))
    data = evidence.dns(Kind.TLSA, "_25._tcp.mx2.example.com")[1]
    assert data is not None
    record = data.records[0]
    assert isinstance(record, TlsaRecord)
    assert (record.usage, record.selector, record.matching_type, len(record.association)) == (3, 1, 1, 32)


def test_a_server_that_fails_says_so_in_its_transcript() -> None:
    evidence = collect(ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.STARTTLS)}))
    _, data = evidence.smtp("mx2.example.com", "192.0.2.2")
    assert data is not None
    assert (data.transcript[-1].text[:3], data.tls) == (b"454", None)
