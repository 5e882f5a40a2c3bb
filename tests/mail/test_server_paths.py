"""The way to the servers of a zone as a whole: what leads there, what they make of queries, and names with two meanings."""

import pytest

from mxproof.evidence import DnsData, Kind, MxRecord, NameRecord, OtherRecord, Outcome, Question
from mxproof.mail.delegation import delegation_of
from mxproof.mail.edns import servers_edns_of
from mxproof.mail.server_paths import AliasClash, server_paths_of
from support_answers import Said, told
from support_world import collect
from support_worlds import PATHS

MX, ALIAS = (Question(kind, "example.com") for kind in (Kind.MX, Kind.CNAME))
RECORDS: dict[Question, Said] = {MX: (MxRecord(10, "mx.example.com"),)}


def test_what_leads_to_a_zone_stands_beside_what_its_servers_make_of_queries() -> None:
    evidence = collect(PATHS)
    found = server_paths_of(evidence)
    assert (found.delegation, found.edns) == (delegation_of(evidence), servers_edns_of(evidence))
    assert found.delegation is not None
    assert found.edns is not None
    assert found.clashes == ()


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ((NameRecord("example.net"),), "example.net"),
        ((OtherRecord("RRSIG"), NameRecord("a.example.net"), NameRecord("b.example.net")), "a.example.net"),
        ((OtherRecord("RRSIG"),), None),
        (DnsData("NOERROR", secure=False), None),
        (Outcome.EMPTY, None),
        (Outcome.TIMEOUT, None),
    ],
)
def test_a_name_with_records_that_is_an_alias_too_is_told_with_where_it_leads(
    said: Said, target: str | None
) -> None:
    found = server_paths_of(told(RECORDS | {ALIAS: said})).clashes
    assert found == (() if target is None else (AliasClash(MX, ALIAS, target),))
