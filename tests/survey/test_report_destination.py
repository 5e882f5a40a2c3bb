"""Whether a domain that reports go to can receive mail."""

import pytest

from mxproof.evidence import AddressRecord, Kind, MxRecord, Outcome, Question, Vantage
from mxproof.formats.dmarc import examine_dmarc
from mxproof.survey.dmarc import destinations
from mxproof.survey.report_destination import addresses_of, is_nowhere, needed, receives
from support_answers import Said, told
from support_world import ZoneWorld, collect

NAME = "reports.example.net"


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (("MX 10 mx1.example.com",), True),
        (("MX 0 .",), False),
        (("A 192.0.2.1",), True),
        (("TXT x",), False),
        ((), False),
        (("MX !timeout",), None),
        (("A !timeout", "AAAA !timeout"), None),
    ],
)
def test_a_domain_receives_by_its_mx_records_or_else_its_addresses(
    lines: tuple[str, ...], want: bool | None
) -> None:
    """RFC 5321 section 5.1."""
    world = ZoneWorld(zone="").zone_with(*(f"{NAME} {line}" for line in lines))
    evidence = collect(
        world, lambda seen: tuple(one for one in needed(seen, NAME) if one not in seen.answers)
    )
    assert receives(evidence, NAME) is want


def test_eight_domains_that_reports_go_to_are_looked_at_each_once() -> None:
    to = ",".join(f"mailto:a@d{place}.example" for place in (0, *range(12)))
    found = destinations(examine_dmarc(f"v=DMARC1; p=none; rua={to}".encode()))
    assert found == tuple(f"d{place}.example" for place in range(8))


MX, A, AAAA = (Question(kind, NAME) for kind in (Kind.MX, Kind.A, Kind.AAAA))
FOUND: Said = (AddressRecord("192.0.2.1"),)


@pytest.mark.parametrize(
    ("mx", "four", "six", "want"),
    [
        (Outcome.TIMEOUT, FOUND, Outcome.EMPTY, None),
        (Outcome.SERVFAIL, Outcome.NXDOMAIN, Outcome.NXDOMAIN, None),
        (Outcome.EMPTY, FOUND, Outcome.TIMEOUT, True),
        (Outcome.EMPTY, Outcome.EMPTY, Outcome.TIMEOUT, None),
        (Outcome.EMPTY, Outcome.EMPTY, Outcome.EMPTY, False),
        (Outcome.NXDOMAIN, Outcome.TIMEOUT, Outcome.TIMEOUT, False),
        ((MxRecord(0, "."), MxRecord(10, "mx.example.net")), Outcome.EMPTY, Outcome.EMPTY, True),
    ],
)
def test_addresses_count_where_it_is_known_that_there_are_no_mx_records(
    mx: Said, four: Said, six: Said, want: bool | None
) -> None:
    evidence = told({MX: mx, A: four, AAAA: six})
    assert receives(evidence, NAME) is want
    assert tuple(needed(evidence, NAME)) == ((MX, A, AAAA) if mx is Outcome.EMPTY else (MX,))


@pytest.mark.parametrize(
    ("families", "four", "six", "want"),
    [
        ((4, 6), Outcome.EMPTY, Outcome.NXDOMAIN, True),
        ((4, 6), Outcome.EMPTY, Outcome.TIMEOUT, False),
        ((4, 6), FOUND, Outcome.EMPTY, False),
        ((4,), Outcome.EMPTY, Outcome.EMPTY, False),
        ((6,), Outcome.EMPTY, Outcome.EMPTY, False),
    ],
)
def test_a_host_is_nowhere_that_has_no_address_of_either_family(
    families: tuple[int, ...], four: Said, six: Said, want: bool
) -> None:
    evidence = told({A: four, AAAA: six}, vantage=Vantage(families=families))
    assert is_nowhere(evidence, NAME) is want
    assert len(tuple(addresses_of(evidence, NAME))) == len(families)
