"""The order of RFC 7672 section 2.2.2, which the survey says for questions, hosts and senders alike."""

import pytest

from mxproof.survey.reading import tlsa_bases
from support_world import ZoneWorld, collect

ALIAS, TARGET = "mx1.example.com", "mx.example.net"
ALIASED = ZoneWorld().zone_with(f"{ALIAS} CNAME {TARGET}", f"{TARGET} A 192.0.2.1")


@pytest.mark.parametrize(
    ("world", "host", "want"),
    [
        (ALIASED.but(signed=("example.com", "example.net")), ALIAS, (TARGET, ALIAS)),
        (ALIASED.but(signed=("example.com",)), ALIAS, (ALIAS,)),
        (ALIASED.but(signed=("example.net",)), ALIAS, ()),
        (ALIASED, ALIAS, ()),
        (ALIASED.but(validating=False), ALIAS, (TARGET, ALIAS)),
        (ZoneWorld(signed=("example.com",)), ALIAS, (ALIAS,)),
        (ZoneWorld(), ALIAS, ()),
        (ZoneWorld(validating=False), ALIAS, (ALIAS,)),
    ],
)
def test_bases_are_tried_where_secure_answers_lead_to_them(
    world: ZoneWorld, host: str, want: tuple[str, ...]
) -> None:
    assert tlsa_bases(collect(world), host) == want
