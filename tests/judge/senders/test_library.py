"""What a sender makes of a certificate that is not meant for a server, by its TLS library."""

from itertools import permutations

import msgspec
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from mxproof.evidence import Der, TlsData
from mxproof.formats.tls_offer import Offer
from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.library import taken_by_some, trusts, unshaken, untaken
from mxproof.judge.senders.traits import Library
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.trust import USUAL_AUTHORITIES_MAX, USUAL_CERTIFICATES_MAX, Chain, chain_of
from mxproof.survey.check_set import CheckSet
from support_certificates import INTERMEDIATE, NOW, ROOT, STRANGER, Defect, Made, leaf, make
from support_senders import deliveries, everywhere, those
from support_world import Smtp, ZoneWorld

BARE = ZoneWorld().zone_with("_mta-sts.example.com TXT")
"""Without a policy."""
NAMES = ("mx1.example.com",)
ENFORCING = {traits.id for traits in SENDERS if traits.mta_sts}


def having(*libraries: Library) -> set[str]:
    return {traits.id for traits in SENDERS if traits.library in libraries}


def refusing(defect: Defect, world: ZoneWorld | None = None) -> set[str]:
    return those(Verdict.REFUSED, (world or ZoneWorld()).but(smtp=everywhere(Smtp(defect=defect))))


@pytest.mark.parametrize(
    ("defect", "libraries"),
    [
        (Defect.KEY_USAGE, {Library.OPENSSL, Library.GNUTLS, Library.UNKNOWN}),
        (Defect.NO_SIGNATURES, {Library.GNUTLS}),
        (Defect.ANY_PURPOSE, {Library.OPENSSL, Library.RUSTLS}),
    ],
)
def test_where_a_policy_is_enforced_the_library_decides(defect: Defect, libraries: set[Library]) -> None:
    assert refusing(defect) == ENFORCING & having(*libraries)


@pytest.mark.parametrize("defect", [Defect.KEY_USAGE, Defect.NO_SIGNATURES])
def test_where_nothing_is_demanded_only_who_never_falls_back_refuses(defect: Defect) -> None:
    """observed: GnuTLS breaks the handshake off; Exim comes in clear text then, Courier does not."""
    assert refusing(defect, BARE) == {"courier"}


def test_a_key_that_tlsa_names_is_taken_where_a_handshake_comes_about() -> None:
    dane = {traits.id for traits in SENDERS if traits.dane}
    assert refusing(
        Defect.KEY_USAGE,
        BARE.but(signed=("example.com", "in-addr.arpa", "ip6.arpa")).zone_with(
            "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"
        ),
    ) & dane == dane & having(Library.GNUTLS)


def test_the_finding_is_the_reason() -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(defect=Defect.NO_SIGNATURES)))
    assert deliveries(world)["courier"].because == (Code.CERT_PURPOSE_WRONG,)


def chained(*sent: Made) -> Chain:
    tls = TlsData("TLSv1.3", "", tuple(Der(one.der) for one in sent))
    return chain_of(tls, (Der(ROOT.der),), NOW)


def refusing_libraries(chain: Chain) -> set[Library]:
    assert chain.trust.fault is None, chain.trust
    refusing = {library for library in Library if untaken(chain, library) is not None}
    assert (refusing == set()) == (list(taken_by_some(chain)) == []), "the finding is the reason"
    return refusing


def authorities(count: int) -> list[Made]:
    """Return so many authorities, each below the one behind it, the last below the root."""
    made = [ROOT]
    for number in range(count):
        made.append(make(f"Authority {number}", made[-1], authority=True))
    return made[:0:-1]


@pytest.mark.parametrize(
    ("count", "want"),
    [
        (6, set()),
        (7, {Library.RUSTLS}),
        (10, {Library.RUSTLS}),
        (11, {Library.RUSTLS, Library.OPENSSL}),
        (15, {Library.RUSTLS, Library.OPENSSL}),
        (16, {Library.RUSTLS, Library.OPENSSL, Library.GNUTLS}),
    ],
)
def test_libraries_go_up_so_many_authorities(count: int, want: set[Library]) -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13, gnutls-cli 3.8.9; rustls/webpki src/verify_cert.rs."""
    above = authorities(count)
    assert refusing_libraries(chained(make("mx", above[0], names=NAMES), *above)) == want


@pytest.mark.parametrize(("count", "want"), [(14, set()), (15, {Library.GNUTLS})])
def test_gnutls_takes_sixteen_certificates_of_whatever_kind(count: int, want: set[Library]) -> None:
    """observed: gnutls-cli 3.8.9; posttls-finger of Postfix 3.7.11 takes 30 that lead nowhere."""
    stray = [make(f"Stray {number}", None, authority=True) for number in range(count)]
    assert refusing_libraries(chained(make("mx", INTERMEDIATE, names=NAMES), *stray, INTERMEDIATE)) == want


def test_of_two_certificates_for_an_authority_openssl_and_gnutls_try_the_first_alone() -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13, gnutls-cli 3.8.9."""
    crossed = make("Test Intermediate", STRANGER, authority=True, key=INTERMEDIATE.key)
    assert crossed.certificate.subject == INTERMEDIATE.certificate.subject
    mx = make("mx", INTERMEDIATE, names=NAMES)
    got = [refusing_libraries(chained(mx, *above)) for above in permutations((crossed, INTERMEDIATE))]
    assert got == [{Library.OPENSSL, Library.GNUTLS}, set()]


@pytest.mark.parametrize(
    ("purpose", "at_leaf", "above"),
    [
        (ExtendedKeyUsageOID.SERVER_AUTH, set(), set()),
        (
            ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
            {Library.OPENSSL, Library.RUSTLS},
            {Library.OPENSSL, Library.RUSTLS, Library.GNUTLS},
        ),
        *(
            (
                ObjectIdentifier(gated),
                {Library.GNUTLS, Library.RUSTLS, Library.UNKNOWN},
                {Library.GNUTLS, Library.RUSTLS, Library.UNKNOWN},
            )
            for gated in ("2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3")
        ),
    ],
)
def test_libraries_differ_in_what_an_extended_key_usage_is_for(
    purpose: ObjectIdentifier, at_leaf: set[Library], above: set[Library]
) -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13, gnutls-cli 3.8.9."""
    restricted = make("Restricted", ROOT, authority=True, usages=(purpose,))
    got = [
        refusing_libraries(chained(make("mx", INTERMEDIATE, names=NAMES, usages=(purpose,)), INTERMEDIATE)),
        refusing_libraries(chained(make("mx", restricted, names=NAMES), restricted)),
    ]
    assert got == [at_leaf, above]


def test_a_library_refuses_where_none_of_its_suites_is_taken() -> None:
    """Rustls offers ECDHE with an AEAD alone, Go nothing without ECDHE."""
    old = Smtp(version="TLSv1.2", offers=(Offer.KEY_TRANSPORT,))
    world = ZoneWorld(smtp=everywhere(old), sets=(CheckSet.ARRIVAL, CheckSet.TLS))
    assert those(Verdict.REFUSED, world) == ENFORCING & having(Library.GO, Library.RUSTLS)
    assert deliveries(world)["chasquid"].because == (Code.TLS_SUITES_OLD,)
    with_ecdhe = world.but(smtp=everywhere(msgspec.structs.replace(old, offers=(Offer.ECDHE_CBC,))))
    assert those(Verdict.REFUSED, with_ecdhe) == ENFORCING & having(Library.RUSTLS)


def test_suites_that_nobody_offered_one_by_one_are_not_judged() -> None:
    old = Smtp(version="TLSv1.2", offers=(Offer.KEY_TRANSPORT,))
    assert those(Verdict.REFUSED, ZoneWorld(smtp=everywhere(old))) == set()


@pytest.mark.parametrize("defect", [*Defect])
def test_no_library_has_anything_against_a_chain_that_is_usual(defect: Defect) -> None:
    chain = chained(leaf(NAMES, defect), INTERMEDIATE)
    assert not chain.is_usual or not list(taken_by_some(chain))


def test_a_chain_is_usual_up_to_a_length_that_every_library_takes() -> None:
    plain = chained(leaf(NAMES), INTERMEDIATE)
    longest = msgspec.structs.replace(
        plain,
        authorities=plain.authorities[:1] * USUAL_AUTHORITIES_MAX,
        certificates=plain.certificates[:1] * USUAL_CERTIFICATES_MAX,
    )
    deeper = msgspec.structs.replace(longest, authorities=plain.authorities[:1] * (USUAL_AUTHORITIES_MAX + 1))
    more = msgspec.structs.replace(
        longest, certificates=plain.certificates[:1] * (USUAL_CERTIFICATES_MAX + 1)
    )
    assert [one.is_usual for one in (plain, longest, deeper, more)] == [True, True, False, False]
    assert list(taken_by_some(longest)) == []


def only(chain: Chain) -> str:
    """Return what keeps some library from taking a chain."""
    ((_, words),) = taken_by_some(chain)
    return words


def meant_for(purpose: ObjectIdentifier) -> Made:
    return make("mx", INTERMEDIATE, names=NAMES, usages=(purpose,))


GATED = ObjectIdentifier("2.16.840.1.113730.4.1")


def test_in_what_a_certificate_is_not_meant_for_a_server_is_told() -> None:
    told = {
        defect: only(chained(leaf(NAMES, defect), INTERMEDIATE))
        for defect in (Defect.KEY_USAGE, Defect.NO_SIGNATURES, Defect.ANY_PURPOSE)
    }
    assert told == {
        Defect.KEY_USAGE: "its key usage has nothing in it that TLS does with the key of a server",
        Defect.NO_SIGNATURES: (
            "its key usage has no digitalSignature, without which GnuTLS breaks the handshake off"
        ),
        Defect.ANY_PURPOSE: (
            "its extended key usage is any, and not serverAuth, which OpenSSL and rustls ask for"
        ),
    }
    assert only(chained(meant_for(GATED), INTERMEDIATE)) == (
        "its extended key usage is server gated cryptography, and not serverAuth, which GnuTLS and rustls ask for"
    )


def test_an_authority_that_is_not_meant_for_servers_is_named() -> None:
    restricted = make("Restricted", ROOT, authority=True, usages=(GATED,))
    assert only(chained(make("mx", restricted, names=NAMES), restricted)) == (
        "the extended key usage of the authority CN=Restricted above it is server gated cryptography, "
        "and not serverAuth, which GnuTLS and rustls ask for"
    )


def test_a_chain_that_is_too_long_for_some_is_told_with_its_length_and_what_they_take() -> None:
    above = authorities(7)
    assert only(chained(make("mx", above[0], names=NAMES), *above)) == (
        "7 authorities stand between it and its root, "
        "where no more than 6 for rustls, 10 for openssl, 15 for gnutls may"
    )
    stray = [make(f"Stray {number}", None, authority=True) for number in range(15)]
    assert only(chained(make("mx", INTERMEDIATE, names=NAMES), *stray, INTERMEDIATE)) == (
        "17 certificates are sent, of which GnuTLS takes 16"
    )


def test_of_a_certificate_that_cannot_be_read_no_library_is_told_to_refuse_it() -> None:
    unread = chain_of(TlsData("TLSv1.3", "", (Der(b"no certificate"),)), (Der(ROOT.der),), NOW)
    assert unread.leaf is None
    assert {untaken(unread, library) for library in Library} == {None}
    assert list(taken_by_some(unread)) == []


def test_what_breaks_a_handshake_off_is_the_key_usage_or_else_an_odd_name() -> None:
    mute = chained(leaf(NAMES, Defect.NO_SIGNATURES), INTERMEDIATE)
    sound = chained(leaf(NAMES), INTERMEDIATE)
    assert mute.leaf is not None
    assert sound.leaf is not None
    assert unshaken(mute.leaf)[0] is Code.CERT_PURPOSE_WRONG
    assert unshaken(msgspec.structs.replace(sound.leaf, names_in_ascii=False))[0] is Code.CERT_UNREADABLE
    odd = msgspec.structs.replace(sound, leaf=msgspec.structs.replace(sound.leaf, names_in_ascii=False))
    broken = [{library for library in Library if not trusts(one, library)} for one in (sound, mute, odd)]
    assert broken == [set(), {Library.GNUTLS}, {Library.GO}]
