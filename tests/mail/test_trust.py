"""Verdicts on chains as servers send them, good and bad."""

from datetime import datetime, timedelta, timezone
from functools import cache

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mxproof.evidence import AssumedLeaf, Der, TlsaRecord, TlsData
from mxproof.formats.cert import Purpose, facts
from mxproof.formats.tlsa import Tlsa, association_for
from mxproof.mail.trust import (
    ANCHORS_KEPT_MAX,
    CHAIN_CERTIFICATES_MAX,
    USUAL_AUTHORITIES_MAX,
    USUAL_CERTIFICATES_MAX,
    Chain,
    Trust,
    TrustFault,
    authorities_sent,
    chain_of,
    named_anchor_holds,
    named_key_holds,
    named_leaf_holds,
    relevant_anchors,
)
from support_certificates import INTERMEDIATE, LIMITED, NOW, ROOT, STRANGER, Defect, Made, chain, leaf, make
from support_world import Https, Smtp, ZoneWorld, collect

NAMES = ("mx1.example.com",)
LEAF = leaf(NAMES)


def chained(*sent: Made | bytes, anchors: tuple[Made, ...] = (ROOT,), now: datetime = NOW) -> Chain:
    ders = tuple(Der(one if isinstance(one, bytes) else one.der) for one in sent)
    return chain_of(TlsData("TLSv1.3", "", ders), tuple(Der(anchor.der) for anchor in anchors), now)


def fault(*sent: Made | bytes, anchors: tuple[Made, ...] = (ROOT,), now: datetime = NOW) -> TrustFault | None:
    return chained(*sent, anchors=anchors, now=now).trust.fault


def test_a_leaf_behind_an_intermediate_of_a_known_root_is_trusted() -> None:
    found = chained(LEAF, INTERMEDIATE)
    assert found.trust.fault is None
    assert found.leaf is not None
    assert found.leaf.dns_names == NAMES
    assert found.ders() == (LEAF.der, INTERMEDIATE.der)


def test_a_chain_in_the_wrong_order_is_trusted() -> None:
    assert fault(LEAF, ROOT, INTERMEDIATE) is None


def test_certificates_that_are_not_needed_do_no_harm() -> None:
    stale = make("Stale", None, authority=True, days=(-90, -60))
    assert fault(LEAF, STRANGER, stale, INTERMEDIATE, ROOT) is None


def test_a_trusted_intermediate_is_anchor_enough() -> None:
    assert fault(LEAF, anchors=(INTERMEDIATE,)) is None


def test_a_self_signed_certificate_that_is_itself_an_anchor_is_trusted() -> None:
    own = leaf(NAMES, Defect.SELF_SIGNED)
    assert fault(own, anchors=(own,)) is None


def test_no_certificate_is_absent() -> None:
    found = chained()
    assert (found.trust.fault, found.leaf) == (TrustFault.ABSENT, None)


def test_bytes_that_are_no_certificate_are_unreadable() -> None:
    assert fault(b"\x30\x03\x02\x01\x05") is TrustFault.UNREADABLE
    assert fault(LEAF.der[:-20], INTERMEDIATE) is TrustFault.UNREADABLE
    assert fault(LEAF, b"") is TrustFault.UNREADABLE


@pytest.mark.parametrize("first", [0, 1, 2, 3, 4])
def test_a_verdict_is_that_of_its_own_moment_whichever_was_asked_for_before(first: int) -> None:
    short = make(NAMES[0], INTERMEDIATE, names=NAMES, days=(-1, 1 + first))
    begin, end = (NOW + timedelta(days=day) for day in (-1, 1 + first))
    second = timedelta(seconds=1)
    expected = {
        begin - second: TrustFault.NOT_YET_VALID,
        begin + 2 * second: None,
        NOW: None,
        end - second: None,
        end + second: TrustFault.EXPIRED,
    }
    asked = [*expected][first:] + [*expected][:first]
    assert {now: fault(short, INTERMEDIATE, now=now) for now in asked} == expected


def test_a_leaf_past_its_end_is_expired() -> None:
    assert fault(*chain(NAMES, Defect.EXPIRED)) is TrustFault.EXPIRED


def test_a_leaf_is_in_force_from_its_first_second_to_its_last() -> None:
    first, last = NOW - timedelta(days=30), NOW + timedelta(days=60)
    second = timedelta(seconds=1)
    moments = (first - second, first, last, last + second)
    got = [fault(LEAF, INTERMEDIATE, now=moment) for moment in moments]
    assert got == [TrustFault.NOT_YET_VALID, None, None, TrustFault.EXPIRED]


def test_the_moment_may_be_given_in_any_zone() -> None:
    last = (NOW + timedelta(days=60)).astimezone(timezone(timedelta(hours=9)))
    assert fault(LEAF, INTERMEDIATE, now=last) is None


def test_a_leaf_before_its_beginning_is_not_yet_valid() -> None:
    assert fault(*chain(NAMES, Defect.NOT_YET_VALID)) is TrustFault.NOT_YET_VALID


def test_an_expired_intermediate_makes_the_chain_expired_and_is_named() -> None:
    stale = make("Stale Intermediate", ROOT, authority=True, days=(-300, -5))
    found = chained(make("mx", stale, names=NAMES), stale)
    assert found.trust.fault is TrustFault.EXPIRED
    assert "CN=Stale Intermediate" in found.trust.detail


def test_an_intermediate_that_ended_before_the_leaf_began_still_makes_it_expired() -> None:
    stale = make("Stale Intermediate", ROOT, authority=True, days=(-300, -100))
    assert fault(make("mx", stale, names=NAMES, days=(-5, 5)), stale) is TrustFault.EXPIRED


def test_an_expired_root_makes_the_chain_expired() -> None:
    stale = make("Stale Root", None, authority=True, days=(-300, -5))
    assert fault(make("mx", stale, names=NAMES), anchors=(stale,)) is TrustFault.EXPIRED


def test_an_expired_certificate_beside_the_path_is_not_the_fault() -> None:
    stale = make("Stale", None, authority=True, days=(-90, -60))
    assert fault(LEAF, stale) is TrustFault.INCOMPLETE


def test_a_certificate_that_is_its_own_issuer_is_self_signed() -> None:
    assert fault(*chain(NAMES, Defect.SELF_SIGNED)) is TrustFault.SELF_SIGNED


def test_a_leaf_alone_is_incomplete() -> None:
    assert fault(LEAF) is TrustFault.INCOMPLETE


def test_a_leaf_with_everything_but_its_issuer_is_incomplete() -> None:
    assert fault(LEAF, ROOT) is TrustFault.INCOMPLETE


def test_a_chain_that_ends_at_an_unknown_root_is_untrusted() -> None:
    assert fault(*chain(NAMES, Defect.UNTRUSTED)) is TrustFault.UNTRUSTED


def test_a_chain_that_ends_below_an_unknown_root_is_untrusted() -> None:
    assert fault(LEAF, INTERMEDIATE, anchors=(STRANGER,)) is TrustFault.UNTRUSTED


def test_without_any_anchor_nothing_is_trusted() -> None:
    assert fault(LEAF, INTERMEDIATE, anchors=()) is TrustFault.UNTRUSTED


def test_a_chain_whose_signature_is_wrong_is_untrusted() -> None:
    impostor = make("Test Intermediate", None, authority=True)
    assert fault(make("mx", impostor, names=NAMES), INTERMEDIATE) is TrustFault.UNTRUSTED


def test_a_certificate_that_is_no_authority_cannot_issue() -> None:
    other = make("mx2", ROOT, names=("mx2.example.com",))
    assert fault(make("mx", other, names=NAMES), other) is TrustFault.ISSUER_NO_AUTHORITY


def test_an_intermediate_for_servers_only_is_as_good_as_any() -> None:
    servers = make("Servers", ROOT, authority=True, usages=(ExtendedKeyUsageOID.SERVER_AUTH,))
    assert fault(make("mx", servers, names=NAMES), servers) is None


def test_an_intermediate_for_clients_only_does_not_serve() -> None:
    clients = make("Clients", ROOT, authority=True, usages=(ExtendedKeyUsageOID.CLIENT_AUTH,))
    assert fault(make("mx", clients, names=NAMES), clients) is TrustFault.PURPOSE


def test_a_leaf_serves_whose_purpose_is_servers_or_anything_or_not_said() -> None:
    purposes = ((ExtendedKeyUsageOID.SERVER_AUTH,), (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,), ())
    made = [make("mx", INTERMEDIATE, names=NAMES, usages=usages) for usages in purposes]
    assert [fault(one, INTERMEDIATE) for one in made] == [None, None, None]


def test_a_leaf_for_clients_only_is_untrusted() -> None:
    client = make("mx", INTERMEDIATE, names=NAMES, usages=(ExtendedKeyUsageOID.CLIENT_AUTH,))
    assert fault(client, INTERMEDIATE) is TrustFault.PURPOSE


@pytest.mark.parametrize(
    ("defect", "want"),
    [
        (Defect.WEAK_SIGNATURE, TrustFault.SIGNATURE_WEAK),
        (Defect.ISSUER_NO_AUTHORITY, TrustFault.ISSUER_NO_AUTHORITY),
        (Defect.CLIENT_PURPOSE, TrustFault.PURPOSE),
        (Defect.NAME_LIMITED, TrustFault.NAME_LIMITED),
        (Defect.WEAK_KEY, None),
        (Defect.ENDLESS, None),
    ],
)
def test_what_is_wrong_along_a_path_has_its_own_name(defect: Defect, want: TrustFault | None) -> None:
    assert fault(*chain(NAMES, defect)) is want


def test_a_weak_key_of_an_authority_is_named_and_taken() -> None:
    """observed: posttls-finger of Postfix 3.7.11 takes it, and so does GnuTLS."""
    weak = make("Weak", ROOT, authority=True, key=rsa.generate_private_key(65537, 1024))
    found = chained(make("mx", weak, names=NAMES), weak)
    assert (found.trust.fault, "CN=Weak above it is RSA 1024" in found.weakness) == (None, True)


def test_a_weak_key_is_named_whether_or_not_the_chain_is_trusted() -> None:
    assert "RSA 1024" in chained(*chain(NAMES, Defect.WEAK_KEY)).weakness
    assert "RSA 1024" in chained(*chain(NAMES, Defect.WEAK_KEY), anchors=()).weakness
    assert chained(LEAF, INTERMEDIATE).weakness == ""
    assert chained(*chain(NAMES, Defect.UNREADABLE)).weakness == ""


def test_a_path_that_holds_within_its_limits_is_trusted() -> None:
    within = make("mx", LIMITED, names=("mx.example.net",))
    beside = make("mx", LIMITED, names=("mx.example.net", "mx.example.com"))
    assert fault(within, LIMITED) is None
    assert fault(beside, LIMITED) is TrustFault.NAME_LIMITED


def test_a_leaf_without_alternative_names_is_trusted_as_a_chain() -> None:
    assert fault(make("mx1.example.com", INTERMEDIATE), INTERMEDIATE) is None


def test_an_authority_without_key_usage_and_identifiers_may_issue() -> None:
    bare = make("Bare Root", None, authority=True, bare=True)
    assert fault(make("mx", bare, names=NAMES), anchors=(bare,)) is None


def cross_signed(days: tuple[float, float]) -> tuple[Made, Made, tuple[Made, ...]]:
    """Return a new root, the certificate that the known root gave it, and a chain which sends the latter."""
    root = make("New Root", None, authority=True)
    crossed = make("New Root", ROOT, authority=True, days=days, key=root.key)
    below = make("New Intermediate", root, authority=True)
    return root, crossed, (make("mx", below, names=NAMES), below, crossed)


def test_a_cross_signed_root_is_trusted_by_way_of_either_root() -> None:
    root, _, sent = cross_signed((-10, 300))
    assert [fault(*sent, anchors=(anchor,)) for anchor in (ROOT, root)] == [None, None]


def test_an_expired_cross_signature_matters_only_where_the_new_root_is_unknown() -> None:
    root, _, sent = cross_signed((-300, -5))
    assert [fault(*sent, anchors=(anchor,)) for anchor in (ROOT, root)] == [TrustFault.EXPIRED, None]


def test_of_two_issuers_of_one_name_the_one_in_force_tells_what_is_wrong() -> None:
    _, stale, (server, below, _) = cross_signed((-300, -5))
    fresh = make("New Root", STRANGER, authority=True)
    assert fault(server, below, stale, fresh) is TrustFault.UNTRUSTED


def test_only_so_many_certificates_of_a_chain_are_looked_at() -> None:
    many = (LEAF, *([STRANGER] * CHAIN_CERTIFICATES_MAX), INTERMEDIATE)
    assert fault(*many) is TrustFault.INCOMPLETE


def test_an_anchor_that_cannot_be_read_is_passed_over() -> None:
    anchors = (Der(b"garbage"), Der(ROOT.der))
    sent = (Der(LEAF.der), Der(INTERMEDIATE.der))
    assert chain_of(TlsData("", "", sent), anchors, NOW).trust.fault is None
    assert chain_of(TlsData("", "", sent), anchors[:1], NOW).trust.fault is TrustFault.UNTRUSTED


def test_the_roots_at_which_an_observed_chain_could_end_are_relevant() -> None:
    other = make("Another Root", None, authority=True)
    roots = [STRANGER.der, ROOT.der, other.der, b"garbage"]
    assert relevant_anchors(collect(ZoneWorld()), roots) == (Der(ROOT.der),)
    mixed = ZoneWorld(smtp={"192.0.2.2": Smtp(defect=Defect.UNTRUSTED)})
    assert set(relevant_anchors(collect(mixed), roots)) == {Der(ROOT.der), Der(STRANGER.der)}


def test_a_certificate_beyond_reading_makes_no_root_relevant() -> None:
    unreadable = {
        address: Smtp(defect=Defect.UNREADABLE) for address in ("192.0.2.1", "2001:db8::1", "192.0.2.2")
    }
    world = ZoneWorld(smtp=unreadable).zone_with("mta-sts.example.com A")
    # The intermediate behind the broken leaf can still be read, and it names the root.
    assert relevant_anchors(collect(world), [ROOT.der, STRANGER.der]) == (Der(ROOT.der),)


@cache
def many_roots() -> tuple[bytes, ...]:
    """Return more roots of one name than are kept."""
    return tuple(make("Test Root", None, authority=True).der for _ in range(ANCHORS_KEPT_MAX + 3))


def test_there_is_a_limit_to_the_roots_kept() -> None:
    assert len(relevant_anchors(collect(ZoneWorld()), many_roots())) == ANCHORS_KEPT_MAX


def test_a_verdict_is_the_same_with_the_relevant_roots_as_with_all() -> None:
    kept = relevant_anchors(collect(ZoneWorld()), [STRANGER.der, ROOT.der])
    sent = TlsData("TLSv1.3", "", (Der(LEAF.der), Der(INTERMEDIATE.der)))
    assert chain_of(sent, kept, NOW) == chain_of(sent, (Der(STRANGER.der), Der(ROOT.der)), NOW)


def test_a_name_that_breaks_the_rules_is_verified_without_a_warning() -> None:
    with pytest.warns(UserWarning, match="length"):
        odd = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "DEU", _validate=False)])
    alternatives = x509.SubjectAlternativeName([x509.DNSName(*NAMES), x509.DirectoryName(odd)])
    own = (
        x509.CertificateBuilder()
        .subject_name(odd)
        .issuer_name(INTERMEDIATE.certificate.subject)
        .public_key(LEAF.key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(alternatives, critical=False)
        .sign(INTERMEDIATE.key, hashes.SHA256())
    )
    assert fault(Made(own, LEAF.key), INTERMEDIATE) is None


def subject(*common_names: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one) for one in common_names])


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("mx.example.net", None),
        ("mx.example.com", TrustFault.NAME_LIMITED),
        ("Mail Server", None),
    ],
)
def test_a_common_name_without_dns_names_is_held_to_the_limits(name: str, want: TrustFault | None) -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13, gnutls-cli 3.8.9."""
    assert fault(make(name, LIMITED), LIMITED) is want
    assert fault(make(name, LIMITED, names=("mx.example.net",)), LIMITED) is None


def test_the_certificates_between_leaf_and_anchor_are_told() -> None:
    lower = make("Lower", INTERMEDIATE, authority=True)
    stray = make("Stray", None, authority=True)
    found = chained(make("mx", lower, names=NAMES), stray, INTERMEDIATE, lower, ROOT)
    assert [one.common_names for one in found.authorities] == [("Lower",), ("Test Intermediate",)]
    assert found.first_way


def test_a_fork_is_told_only_where_the_first_way_leads_nowhere() -> None:
    crossed = make("Test Intermediate", STRANGER, authority=True, key=INTERMEDIATE.key)
    ways = [chained(LEAF, *above) for above in ((crossed, INTERMEDIATE), (INTERMEDIATE, crossed))]
    assert [(one.trust.fault, one.first_way) for one in ways] == [(None, False), (None, True)]


SOUND = facts(LEAF.der)
AUTHORITY = facts(INTERMEDIATE.der)


@pytest.mark.parametrize(
    ("changes", "usual"),
    [
        ({}, True),
        ({"key_serves": False}, False),
        ({"key_signs": False}, False),
        ({"names_in_ascii": False}, False),
        ({"purpose": Purpose.OTHER}, False),
    ],
)
def test_a_leaf_is_usual_that_every_library_takes(changes: dict[str, object], usual: bool) -> None:
    changed = msgspec.structs.replace(SOUND, **changes)
    assert Chain(changed, (Der(LEAF.der),), Trust(None)).is_usual is usual


@pytest.mark.parametrize(
    ("authorities", "certificates", "first_way", "usual"),
    [
        (USUAL_AUTHORITIES_MAX, USUAL_CERTIFICATES_MAX, True, True),
        (USUAL_AUTHORITIES_MAX + 1, USUAL_CERTIFICATES_MAX, True, False),
        (USUAL_AUTHORITIES_MAX, USUAL_CERTIFICATES_MAX + 1, True, False),
        (0, 1, True, True),
        (0, 1, False, False),
    ],
)
def test_a_chain_is_usual_that_is_short_and_has_one_way(
    authorities: int, certificates: int, first_way: bool, usual: bool
) -> None:
    above = (msgspec.structs.replace(AUTHORITY, purpose=Purpose.SERVERS),) * authorities
    chain_ = Chain(
        SOUND, (Der(LEAF.der),) * certificates, Trust(None), authorities=above, first_way=first_way
    )
    assert chain_.is_usual is usual
    assert not msgspec.structs.replace(chain_, leaf=None).is_usual


def tlsa(made: Made, selector: int, usage: int = 3) -> Tlsa:
    return Tlsa(usage, selector, 1, association_for(made.der, selector, 1))


KEPT, CERTIFICATE, OF_AUTHORITY = tlsa(LEAF, 1), tlsa(LEAF, 0), tlsa(INTERMEDIATE, 1, usage=2)
STRANGE = tlsa(STRANGER, 1)
MEANT = (TlsaRecord(3, 1, 1, STRANGE.association),)


@pytest.mark.parametrize(
    ("assumed", "want"),
    [
        (None, [0, 0, 1, None]),
        (AssumedLeaf(NAMES, keeps_key=True), [0, None, 1, None]),
        (AssumedLeaf(NAMES, keeps_key=False), [None, None, 1, None]),
        (AssumedLeaf(NAMES, keeps_key=False, matches=MEANT), [None, None, 1, 0]),
        (AssumedLeaf(NAMES, keeps_key=True, matches=MEANT, is_at_hand=True), [None, None, None, 0]),
        (AssumedLeaf(NAMES, keeps_key=True, is_at_hand=True), [None, None, None, None]),
    ],
)
def test_of_a_leaf_that_is_supposed_its_kept_key_and_what_is_meant_for_it_match(
    assumed: AssumedLeaf | None, want: list[int | None]
) -> None:
    sent = (Der(LEAF.der), Der(INTERMEDIATE.der))
    supposed = Chain(SOUND, sent, Trust(None), assumed)
    assert [supposed.matched_by(one) for one in (KEPT, CERTIFICATE, OF_AUTHORITY, STRANGE)] == want


def test_a_leaf_that_is_sent_twice_is_no_authority_above_itself() -> None:
    other, leaf_twice = Der(INTERMEDIATE.der), (Der(LEAF.der), Der(LEAF.der))
    assert Chain(SOUND, leaf_twice, Trust(None)).matched_by(KEPT) == 0
    assert Chain(SOUND, (Der(LEAF.der), other, other), Trust(None)).matched_by(OF_AUTHORITY) == 1


@pytest.mark.parametrize(
    ("defect", "fault_of_issuer"), [(Defect.NONE, False), (Defect.EXPIRED, False), (Defect.UNTRUSTED, True)]
)
def test_a_supposed_leaf_is_not_below_an_authority_at_fault(defect: Defect, fault_of_issuer: bool) -> None:
    sent = tuple(map(Der, chain(NAMES, defect)))
    tls = TlsData("TLSv1.3", "", sent, AssumedLeaf(("new.example.com",), keeps_key=False))
    found = chain_of(tls, (Der(ROOT.der),), NOW)
    assert found.trust.fault is None
    assert found.certificates == (sent[:1] if fault_of_issuer else sent)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("sent", "anchor", "after", "holds"),
    [
        (LEAF, INTERMEDIATE, 0 * DAY, True),
        (LEAF, ROOT, 0 * DAY, False),
        (LEAF, INTERMEDIATE, 61 * DAY, False),
        (LEAF, INTERMEDIATE, -31 * DAY, False),
        (leaf(NAMES, Defect.CLIENT_PURPOSE), INTERMEDIATE, 0 * DAY, False),
        (b"no certificate", INTERMEDIATE, 0 * DAY, False),
        (LEAF, b"no certificate", 0 * DAY, False),
    ],
)
def test_an_anchor_that_dns_names_has_to_have_signed_a_leaf_in_force(
    sent: Made | bytes, anchor: Made | bytes, after: timedelta, holds: bool
) -> None:
    ders = [Der(one if isinstance(one, bytes) else one.der) for one in (sent, anchor)]
    assert named_anchor_holds((ders[0],), ders[1], NOW + after) is holds


@pytest.mark.parametrize(
    ("names", "holds"),
    [
        (("mx.example.net",), True),
        (("mx.example.net", "mx2.example.net"), True),
        (("mx.example.com",), False),
        (("mx.example.net", "mx.example.com"), False),
    ],
)
def test_an_anchor_that_dns_names_keeps_leaves_within_its_limits(names: tuple[str, ...], holds: bool) -> None:
    below = make(names[0], LIMITED, names=names)
    assert named_anchor_holds((Der(below.der),), Der(LIMITED.der), NOW) is holds


def test_a_leaf_that_dns_names_has_to_be_in_force_and_for_servers() -> None:
    begin, end = SOUND.not_before, SOUND.not_after
    moments = (begin - timedelta(seconds=1), begin, end, end + timedelta(seconds=1))
    assert [named_leaf_holds((Der(LEAF.der),), at) for at in moments] == [False, True, True, False]
    assert not named_leaf_holds((Der(leaf(NAMES, Defect.CLIENT_PURPOSE).der),), NOW)
    assert not named_leaf_holds((Der(b"no certificate"),), NOW)


def test_a_key_that_dns_names_has_to_have_signed_what_is_sent() -> None:
    sent = (Der(LEAF.der), Der(INTERMEDIATE.der))
    for key, want in ((INTERMEDIATE.spki, True), (ROOT.spki, True), (STRANGER.spki, False)):
        assert named_key_holds(sent, key, NOW) is want
    assert not named_key_holds(sent, INTERMEDIATE.spki, NOW + 61 * DAY)
    assert not named_key_holds(sent[:1], ROOT.spki, NOW)


def test_a_root_that_a_tlsa_record_names_is_relevant_though_no_chain_leads_there() -> None:
    root = tlsa(STRANGER, 1, usage=2)
    line = f"_25._tcp.mx1.example.com TLSA {{}} 1 1 {root.association.hex()}"
    for usage, want in ((2, {ROOT.der, STRANGER.der}), (3, {ROOT.der})):
        world = ZoneWorld(signed=("example.com",)).zone_with(line.format(usage))
        assert set(relevant_anchors(collect(world), [ROOT.der, STRANGER.der])) == want


def test_a_chain_is_usual_only_where_each_of_its_authorities_is_for_servers() -> None:
    for_servers = msgspec.structs.replace(AUTHORITY, purpose=Purpose.SERVERS)
    for_others = msgspec.structs.replace(AUTHORITY, purpose=Purpose.OTHER)
    ders = (Der(LEAF.der),)
    assert Chain(SOUND, ders, Trust(None), authorities=(for_servers,)).is_usual
    assert not Chain(SOUND, ders, Trust(None), authorities=(for_servers, for_others)).is_usual


def test_the_authorities_that_are_sent_are_told_as_far_as_they_can_be_read() -> None:
    got = authorities_sent(chained(LEAF, INTERMEDIATE, b"garbage", ROOT))
    assert got == (facts(INTERMEDIATE.der).subject, facts(ROOT.der).subject)
    assert authorities_sent(chained(LEAF)) == ()


def test_a_leaf_that_is_sent_again_above_itself_is_not_the_authority_that_a_record_names() -> None:
    named = tlsa(LEAF, 1, usage=2)
    leaf_der, above = Der(LEAF.der), Der(INTERMEDIATE.der)
    for sent in ((leaf_der, leaf_der), (leaf_der, above, leaf_der)):
        assert Chain(SOUND, sent, Trust(None)).matched_by(named) is None
    assert Chain(SOUND, (leaf_der, above), Trust(None)).matched_by(OF_AUTHORITY) == 1


def test_roots_that_tlsa_records_name_count_among_those_that_are_kept() -> None:
    line = f"_25._tcp.mx1.example.com TLSA 2 1 1 {tlsa(STRANGER, 1).association.hex()}"
    evidence = collect(ZoneWorld(signed=("example.com",)).zone_with(line))
    kept = relevant_anchors(evidence, [*many_roots(), STRANGER.der])
    assert (len(kept), Der(STRANGER.der) in kept) == (ANCHORS_KEPT_MAX, True)


def test_a_fork_on_a_chain_that_is_not_trusted_is_no_matter() -> None:
    twin = make("Test Intermediate", STRANGER, authority=True)
    found = chained(LEAF, twin, INTERMEDIATE, anchors=())
    assert (found.trust.fault, found.first_way) == (TrustFault.UNTRUSTED, True)


def test_a_key_that_dns_names_holds_only_what_its_authority_has_signed() -> None:
    other = make("mx", STRANGER, names=NAMES)
    for leaf_sent, want in ((LEAF, True), (other, False)):
        sent = (Der(leaf_sent.der), Der(INTERMEDIATE.der))
        assert named_key_holds(sent, ROOT.spki, NOW) is want


def test_the_roots_of_the_policy_host_are_relevant_beside_those_of_the_mail_servers() -> None:
    world = ZoneWorld(https={"192.0.2.80": Https(defect=Defect.UNTRUSTED)})
    roots = [STRANGER.der, ROOT.der]
    assert set(relevant_anchors(collect(world), roots)) == {Der(STRANGER.der), Der(ROOT.der)}
