"""Records that servers of one zone do not have alike: which of them are told, and by whose version of the zone."""

from collections.abc import Mapping

import pytest

from mxproof.evidence import Alias, Answer, DnsData, DnsRecord, Kind, Outcome, TxtRecord
from mxproof.judge.checks.name_server_records import disagreeing, keys_absent, latest
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import AskedServers, RecordDifference, SerialBehind, ServerAddresses
from mxproof.mail.name_servers import NameServers, NameServersState, ServedRecord
from mxproof.survey.zone import ServerAddress
from support_evidence import OBSERVED_AT

NAME = "example.com"
AA = b"\0\0\x84\0"
ONE, TWO = TxtRecord(b"one"), TxtRecord(b"two")
SILENCE = Answer(Outcome.TIMEOUT, OBSERVED_AT)


def answered(*records: DnsRecord, target: str = "") -> Answer:
    chain = (Alias(NAME, target),) if target else ()
    data = DnsData("NOERROR", secure=False, records=records, chain=chain, wire=AA)
    return Answer(Outcome.FOUND if records else Outcome.EMPTY, OBSERVED_AT, data)


def served(*answers: Answer, name: str = NAME, kind: Kind = Kind.TXT) -> tuple[ServedRecord, ...]:
    """Return one record as the servers 1, 2 and so on give it."""
    return tuple(
        ServedRecord(kind, name, ServerAddress(NAME, f"ns{place}", f"192.0.2.{place}"), answer, SILENCE)
        for place, answer in enumerate(answers, start=1)
    )


def servers(
    *records: ServedRecord, serials: Mapping[str, int] | None = None, keys: tuple[str, ...] = ()
) -> NameServers:
    return NameServers(NameServersState.ASKED, served=records, serials=serials or {}, keys=keys)


def told(*answers: Answer, serials: Mapping[str, int] | None = None) -> list[Finding]:
    return list(disagreeing(servers(*served(*answers), serials=serials)))


def at(finding: Finding) -> list[str]:
    """Return the servers that a finding names."""
    found = finding.params["servers"]
    rows = found.servers if isinstance(found, AskedServers) else found
    assert isinstance(rows, tuple)
    return [one.server for one in rows if isinstance(one, ServerAddresses)]


def test_servers_that_have_a_record_alike_are_no_finding() -> None:
    assert told(answered(ONE), answered(ONE)) == []
    assert told(answered(), answered()) == []
    assert told(answered(ONE, TWO), answered(TWO, ONE)) == []
    assert told(answered(ONE)) == []


def test_a_record_that_some_have_and_others_have_not_is_told_of_those_that_lack_it() -> None:
    (finding,) = told(answered(ONE), answered(), answered(ONE))
    assert (finding.code, finding.subject, at(finding)) == (Code.NS_RECORD_MISSING, NAME, ["ns2"])
    assert {one.server for one in finding.evidence} == {"192.0.2.1", "192.0.2.2", "192.0.2.3"}


def test_one_that_does_not_answer_has_the_record_neither_so_nor_otherwise() -> None:
    assert told(answered(ONE), SILENCE) == []
    unauthorised = Answer(Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", secure=False, records=(TWO,)))
    assert told(answered(ONE), unauthorised) == []


def test_the_record_that_fewer_have_is_that_which_differs() -> None:
    (finding,) = told(answered(ONE), answered(TWO), answered(ONE))
    assert (finding.code, at(finding)) == (Code.NS_RECORDS_DIFFER, ["ns2"])
    assert finding.params["seen"] == RecordDifference(is_minority=True)


def test_where_no_version_is_the_most_common_all_differ() -> None:
    (finding,) = told(answered(ONE), answered(TWO))
    assert at(finding) == ["ns1", "ns2"]
    assert finding.params["seen"] == RecordDifference(is_minority=False)


def test_an_older_version_of_the_zone_is_what_differs_however_many_have_it() -> None:
    serials = {"192.0.2.1": 1, "192.0.2.2": 1, "192.0.2.3": 2}
    (finding,) = told(answered(ONE), answered(ONE), answered(TWO), serials=serials)
    assert at(finding) == ["ns1", "ns2"]
    assert finding.params["seen"] == RecordDifference(is_minority=True, behind=SerialBehind(1, 2))


def test_a_server_of_another_zone_has_no_serial_number_that_could_be_behind() -> None:
    (finding,) = told(answered(ONE), answered(TWO), answered(TWO), serials={"192.0.2.2": 2})
    assert at(finding) == ["ns1"]
    assert finding.params["seen"] == RecordDifference(is_minority=True)


def test_an_alias_is_compared_by_where_it_leads() -> None:
    first, second = answered(ONE, target="a.example"), answered(ONE, target="b.example")
    assert [one.code for one in told(first, second)] == [Code.NS_RECORDS_DIFFER]
    assert told(first, first) == []


def test_each_record_is_compared_with_itself_alone_and_no_soa_nor_what_is_told_already() -> None:
    records = (
        *served(answered(ONE), answered(ONE)),
        *served(answered(TWO), answered(TWO), name="_dmarc.example.com"),
        *served(answered(ONE), answered(TWO), kind=Kind.SOA),
        *served(answered(ONE), answered(), name="told.example.com"),
        *served(answered(ONE), answered(), kind=Kind.MX),
    )
    found = list(disagreeing(servers(*records), [(Kind.TXT, "told.example.com")]))
    assert [(one.code, one.subject) for one in found] == [(Code.NS_RECORD_MISSING, NAME)]
    assert {one.kind for one in found[0].evidence} == {Kind.MX}


def test_a_key_is_absent_that_no_server_has_and_some_say_so() -> None:
    key = "s1._domainkey.example.com"

    def absent(*answers: Answer) -> list[str]:
        return [one.subject for one in keys_absent(servers(*served(*answers, name=key), keys=(key,)))]

    assert absent(answered(), answered()) == [key]
    assert absent(answered(), SILENCE) == [key]
    assert absent(answered(), answered(ONE)) == []
    assert absent(SILENCE, SILENCE) == []


@pytest.mark.parametrize(
    ("serials", "want"),
    [
        ([], None),
        ([7], 7),
        ([1, 3, 2], 3),
        ([2**32 - 1, 1], 1),
        ([0, 2**31 - 1], 2**31 - 1),
        ([0, 2**30, 2**31, 3 * 2**30], None),
    ],
)
def test_the_latest_serial_number_is_that_which_none_is_after(serials: list[int], want: int | None) -> None:
    """RFC 1982 section 3.2: in a circle, in which three can each be after the next."""
    assert latest(serials) == want
