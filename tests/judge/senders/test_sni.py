"""Which name each kind of sender puts in SNI, at a host that is an alias and at one with TLSA records."""

import pytest

from mxproof.judge.senders import SENDERS, server_name
from mxproof.mail.assemble import assemble
from support_incident import FIXED, INCIDENT
from support_world import collect


@pytest.mark.parametrize(
    ("sender", "want"), [("rfc8461", "mxi1.example.com"), ("microsoft", "smol.example.com")]
)
def test_an_alias_is_named_as_the_mx_record_has_it_unless_the_sender_does_otherwise(
    sender: str, want: str
) -> None:
    traits = next(one for one in SENDERS if one.id == sender)
    domain = assemble(collect(INCIDENT), INCIDENT.at)
    assert server_name(domain, traits, "mxi1.example.com") == want


def test_every_sender_has_a_name_for_every_host() -> None:
    for world in (INCIDENT, FIXED):
        domain = assemble(collect(world), world.at)
        for traits in SENDERS:
            for host in domain.hosts:
                assert server_name(domain, traits, host.name) in {host.name, host.target}
