"""Where a library breaks a handshake off, and what keeps it from a chain, when several things are wrong at once."""

from functools import cache

import msgspec
import pytest
from cryptography.x509.oid import ObjectIdentifier

from mxproof.evidence import Der, TlsData
from mxproof.formats.tls_offer import Offer
from mxproof.judge.codes import Code
from mxproof.judge.senders.library import finds_no_suite, shaken, taken_by_some, untaken
from mxproof.judge.senders.problem import unencrypted_problem
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import Library
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Session, SessionState
from mxproof.mail.trust import Chain, chain_of
from support_certificates import NOW, ROOT, STRANGER, Defect, Made, make
from support_world import Smtp, ZoneWorld, collect

GATED = ObjectIdentifier("2.16.840.1.113730.4.1")
ALL_REFUSED = frozenset({Offer.TLS_1_2, Offer.ECDHE_CBC})
SECURED, FAILED = SessionState.SECURED, SessionState.HANDSHAKE_FAILED


@cache
def sound(version: str = "TLSv1.2", defect: Defect = Defect.NONE) -> Session:
    world = ZoneWorld(smtp={"192.0.2.1": Smtp(version=version, defect=defect)})
    return assemble(collect(world), world.at).hosts[0].endpoints[0].sessions[0]


def refusing(*offers: Offer, version: str = "TLSv1.2", state: SessionState = SECURED) -> Session:
    """Return a session with a server that has said that these offers do not suit it."""
    return msgspec.structs.replace(sound(version), refused=frozenset(offers), state=state)


@pytest.mark.parametrize(
    ("session", "libraries"),
    [
        (refusing(), set()),
        (refusing(Offer.TLS_1_2), {Library.RUSTLS}),
        (refusing(Offer.ECDHE_CBC), set()),
        (refusing(*ALL_REFUSED), {Library.GO, Library.RUSTLS}),
        (refusing(*ALL_REFUSED, version="TLSv1.3"), set()),
        (refusing(*ALL_REFUSED, version="TLSv1.1"), set()),
        (refusing(*ALL_REFUSED, state=SessionState.NO_STARTTLS), set()),
    ],
)
def test_no_suite_is_found_where_all_that_a_library_offers_was_refused_up_to_tls_1_2(
    session: Session, libraries: set[Library]
) -> None:
    assert {one for one in Library if finds_no_suite(session, one)} == libraries
    for library in Library:
        ended = shaken(session, msgspec.structs.replace(RFC8461, library=library))
        assert ended.state is (FAILED if library in libraries else session.state)
        assert (ended is session) is (library not in libraries)


def test_without_a_handshake_no_suite_is_missed() -> None:
    assert not finds_no_suite(msgspec.structs.replace(refusing(*ALL_REFUSED), tls=None), Library.GO)


def test_a_handshake_that_the_certificate_ends_is_not_put_down_to_the_suites() -> None:
    """GnuTLS takes the suites that the server has left, and not the key."""
    session = msgspec.structs.replace(sound(defect=Defect.NO_SIGNATURES), refused=ALL_REFUSED)
    codes = {}
    for library in (Library.GNUTLS, Library.GO, Library.RUSTLS):
        found = unencrypted_problem(shaken(session, msgspec.structs.replace(RFC8461, library=library)))
        codes[library] = None if found is None else found.code
    assert codes == {
        Library.GNUTLS: Code.CERT_PURPOSE_WRONG,
        Library.GO: Code.TLS_SUITES_OLD,
        Library.RUSTLS: Code.TLS_SUITES_OLD,
    }
    for library in (Library.OPENSSL, Library.UNKNOWN):
        assert shaken(session, msgspec.structs.replace(RFC8461, library=library)) is session


def chained(*sent: Made) -> Chain:
    tls = TlsData("TLSv1.3", "", tuple(Der(one.der) for one in sent))
    return chain_of(tls, (Der(ROOT.der),), NOW)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_authority_above_a_certificate_has_to_be_for_servers(place: int) -> None:
    above = [ROOT]
    for number in range(3):
        name, below = f"Authority {number}", above[-1]
        gated = make(name, below, authority=True, usages=(GATED,))
        above.append(gated if number == 2 - place else make(name, below, authority=True))
    sent = above[:0:-1]
    chain = chained(make("mx", sent[0], names=("mx1.example.com",)), *sent)
    assert chain.trust.fault is None
    refused = {library: untaken(chain, library) for library in Library}
    assert {library for library, why in refused.items() if why is not None} == {
        Library.GNUTLS,
        Library.RUSTLS,
        Library.UNKNOWN,
    }
    assert all(f"CN=Authority {2 - place} " in why[1] for why in refused.values() if why is not None)
    assert [code for code, _ in taken_by_some(chain)] == [Code.CERT_PURPOSE_WRONG]


def test_all_that_keeps_some_from_a_chain_is_told_and_not_the_first_alone() -> None:
    plain = sound().chain
    assert plain is not None
    assert plain.leaf is not None
    leaf = msgspec.structs.replace(plain.leaf, names_in_ascii=False, key_signs=False)
    many = plain.certificates[:1] * 17
    chain = msgspec.structs.replace(plain, leaf=leaf, first_way=False, certificates=many)
    assert [code for code, _ in taken_by_some(chain)] == [
        Code.CERT_PURPOSE_WRONG,
        Code.CERT_UNREADABLE,
        Code.CERT_UNTRUSTED,
        Code.CERT_UNTRUSTED,
    ]
    lost = msgspec.structs.replace(plain, first_way=False)
    assert {one for one in Library if untaken(lost, one) is not None} == {Library.OPENSSL, Library.GNUTLS}


def test_the_root_of_somebody_else_is_no_matter_of_libraries() -> None:
    strange = chained(make("mx", STRANGER, names=("mx1.example.com",)))
    assert strange.trust.fault is not None
    assert {untaken(strange, library) for library in Library} == {None}
