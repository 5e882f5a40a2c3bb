"""Where the zone of a name may begin."""

import msgspec
import pytest

from mxproof.evidence import Alias, DnsData, Kind, NameRecord, Outcome, Question
from mxproof.survey.zone import CUT_LABELS_MAX, cuts, servers, zone_above_failure, zone_of
from support_answers import Said, told


def test_the_zone_of_a_name_is_at_it_or_above_it_and_below_the_top_level() -> None:
    assert list(cuts("mx.example.com")) == ["mx.example.com", "example.com"]
    assert list(cuts("com")) == []


def test_the_zone_above_the_tlsa_name_of_a_host_of_many_labels_is_found() -> None:
    assert "example.com" in cuts("_25._tcp.mx1.mail.ams.eu.example.com")


def test_a_name_of_very_many_labels_is_tried_a_few_times_only() -> None:
    assert len(list(cuts("x." * 100 + "com"))) == CUT_LABELS_MAX


HOST = "mx.mail.example.com"
AT_HOST, ABOVE, ZONE = (Question(Kind.NS, name) for name in (HOST, "mail.example.com", "example.com"))
SERVER = NameRecord("ns1.example.com")
CUTS: dict[Question, Said] = {AT_HOST: Outcome.EMPTY, ABOVE: Outcome.EMPTY, ZONE: (SERVER,)}


@pytest.mark.parametrize(
    ("said", "zone", "above_failure"),
    [
        ({}, "example.com", "example.com"),
        ({ABOVE: (SERVER,)}, "mail.example.com", "mail.example.com"),
        ({ABOVE: Outcome.SERVFAIL}, None, "example.com"),
        ({AT_HOST: Outcome.TIMEOUT, ABOVE: (SERVER,)}, None, "mail.example.com"),
        ({ZONE: Outcome.EMPTY}, None, None),
    ],
    ids=["the domain", "a zone of its own", "a look-up failed", "the first failed", "none"],
)
def test_a_zone_begins_at_the_nearest_name_with_servers_unless_a_nearer_one_is_not_known(
    said: dict[Question, Said], zone: str | None, above_failure: str | None
) -> None:
    evidence = told(CUTS | said)
    assert (zone_of(evidence, HOST), zone_above_failure(evidence, HOST)) == (zone, above_failure)


def test_servers_that_an_alias_leads_to_are_those_of_another_zone() -> None:
    evidence = told(CUTS | {ABOVE: (SERVER,)})
    answer = evidence.answer(ABOVE)
    assert isinstance(answer.data, DnsData)
    alias = (Alias("mail.example.com", "elsewhere.example"),)
    led = msgspec.structs.replace(answer, data=msgspec.structs.replace(answer.data, chain=alias))
    elsewhere = evidence.with_answers([(ABOVE, led)])
    assert zone_of(elsewhere, HOST) == zone_above_failure(elsewhere, HOST) == "example.com"


def test_the_servers_of_a_zone_are_those_that_can_be_looked_up() -> None:
    names = ("ns2.example.com", ".", "ns1.example.com")
    assert servers(told({ZONE: tuple(map(NameRecord, names))}), "example.com") == (
        "ns1.example.com",
        "ns2.example.com",
    )
    assert servers(told({}), "example.com") == ()
