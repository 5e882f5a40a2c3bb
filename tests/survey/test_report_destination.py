"""Whether a domain that reports go to can receive mail."""

import pytest

from mxproof.formats.dmarc import examine_dmarc
from mxproof.survey.dmarc import destinations
from mxproof.survey.report_destination import needed, receives
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
