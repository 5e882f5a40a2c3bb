"""Why no TLSA record matches a certificate: the most specific of the reasons that the records themselves tell."""

import hashlib

import msgspec
import pytest

from mxproof.formats.tlsa import Tlsa, association_for
from mxproof.judge.codes import Code
from mxproof.judge.senders.dane_mismatch import authorities, matching_elsewhere, mismatch, shown_by
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Host, MailDomain
from support_certificates import INTERMEDIATE, ROOT, STRANGER, Made, leaf
from support_world import ZoneWorld, collect
from support_worlds import DANE, MX1, MX2, SIGNED

LEAF1, LEAF2 = leaf((MX1,)), leaf((MX2,))
STRANGE = leaf(("strange.example",))
NOTHING = Tlsa(3, 1, 1, hashlib.sha256(b"").digest())


def tlsa(made: Made, usage: int = 3, selector: int = 1) -> Tlsa:
    return Tlsa(usage, selector, 1, association_for(made.der, selector, 1))


def domain(world: ZoneWorld = DANE) -> MailDomain:
    return assemble(collect(world), world.at)


def why(*records: Tlsa, world: ZoneWorld = DANE) -> Code:
    """Return why these records do not match what the first MX host shows."""
    subject = domain(world)
    host = subject.hosts[0]
    return mismatch(subject, host, host.endpoints[0].sessions[0], f"{MX1}", records)


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((tlsa(STRANGE),), Code.DANE_MISMATCH),
        ((tlsa(STRANGE), tlsa(LEAF1)), Code.DANE_MISMATCH),
        ((tlsa(LEAF2),), Code.DANE_OTHER_HOST),
        ((tlsa(LEAF1, usage=2),), Code.DANE_USAGE_WRONG),
        ((tlsa(INTERMEDIATE),), Code.DANE_USAGE_WRONG),
        ((tlsa(ROOT, usage=2),), Code.DANE_AUTHORITY_UNSENT),
        ((NOTHING,), Code.DANE_EMPTY_DIGEST),
        ((tlsa(STRANGER, usage=2),), Code.DANE_AUTHORITY_OTHER),
        ((tlsa(STRANGER, usage=2), tlsa(STRANGE)), Code.DANE_MISMATCH),
        ((tlsa(STRANGE, selector=0),), Code.DANE_CERT_RENEWED),
        ((tlsa(STRANGE, selector=0), tlsa(STRANGE)), Code.DANE_MISMATCH),
        ((tlsa(STRANGE, selector=0), tlsa(STRANGER, usage=2, selector=0)), Code.DANE_MISMATCH),
        # The first that applies, and the digest of nothing counts beside none.
        ((NOTHING, tlsa(STRANGE, selector=0)), Code.DANE_CERT_RENEWED),
        ((NOTHING, tlsa(STRANGER, usage=2)), Code.DANE_AUTHORITY_OTHER),
        ((tlsa(LEAF2), tlsa(LEAF1, usage=2)), Code.DANE_OTHER_HOST),
        ((tlsa(INTERMEDIATE), tlsa(ROOT, usage=2)), Code.DANE_USAGE_WRONG),
        ((tlsa(ROOT, usage=2), NOTHING), Code.DANE_AUTHORITY_UNSENT),
    ],
)
def test_the_most_specific_reason_is_told(records: tuple[Tlsa, ...], want: Code) -> None:
    assert why(*records) is want


ALIASED = SIGNED.zone_with(
    f"{MX1} CNAME box.example.com",
    "box.example.com A 192.0.2.1",
    "_25._tcp.box.example.com TLSA 3 1 1 @192.0.2.1",
    f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.2",
)


def test_records_at_the_other_name_of_an_alias_that_match_are_told_before_anything_else() -> None:
    subject = domain(ALIASED)
    host = next(one for one in subject.hosts if one.is_alias)
    session = host.endpoints[0].sessions[0]
    assert session.chain is not None
    assert mismatch(subject, host, session, MX1, (tlsa(LEAF2),)) is Code.DANE_OTHER_NAME
    assert matching_elsewhere(host, [session.chain], MX1) == host.tlsa_target
    assert matching_elsewhere(host, [session.chain], "box.example.com") is None
    assert matching_elsewhere(host, [], MX1) is None


def test_a_host_itself_is_no_other_host_that_shows_its_certificate() -> None:
    subject = domain()
    first, second = subject.hosts
    assert shown_by(subject, first, (tlsa(LEAF1), tlsa(LEAF2))) == (second.name,)
    assert shown_by(subject, first, (tlsa(INTERMEDIATE, usage=2),)) == ()


def test_authorities_are_the_known_roots_that_records_of_usage_2_name() -> None:
    subject = domain()
    assert [bytes(one) for one in authorities(subject, (tlsa(ROOT, usage=2), tlsa(STRANGER, usage=2)))] == [
        ROOT.der
    ]
    assert authorities(subject, (tlsa(ROOT, usage=3),)) == ()


def test_without_a_certificate_nothing_more_is_told_than_that_none_matches() -> None:
    subject = domain()
    host: Host = subject.hosts[0]
    session = msgspec.structs.replace(host.endpoints[0].sessions[0], chain=None)
    assert mismatch(subject, host, session, MX1, (tlsa(LEAF2),)) is Code.DANE_MISMATCH
