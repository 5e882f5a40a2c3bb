"""The lab's authority: what it issues verifies, and what it spoils does not."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha512

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from mxproof.lab.ca import Authority, Issued, issue, issue_for, make_ca, tlsa_association
from mxproof.lab.defect import Defect
from mxproof.lab.scenario import CertificateSetup

NOW = datetime(2026, 5, 1, tzinfo=UTC)
NAME = "mx1.example.com"
CA = make_ca(NOW)
STRANGER = make_ca(NOW, "stranger")


def verifies(issued: Issued, *, authority: Authority = CA, at: datetime = NOW, name: str = NAME) -> bool:
    builder = PolicyBuilder().store(Store([authority.root.leaf])).time(at)
    try:
        builder.build_server_verifier(x509.DNSName(name)).verify(issued.leaf, list(issued.chain[1:]))
    except VerificationError:
        return False
    return True


def made(defect: Defect, names: tuple[str, ...] = ()) -> Issued:
    return issue_for(CertificateSetup(names, defect), NAME, authority=CA, stranger=STRANGER, now=NOW)


def test_a_certificate_without_defect_is_for_its_server() -> None:
    assert verifies(made(Defect.NONE))
    assert not verifies(made(Defect.NONE, ("other.example.com",)))


SOUND_AS_CHAINS = {
    Defect.NONE,
    Defect.KNOWN_AUTHORITY,
    Defect.WEAK_KEY,
    Defect.DISORDERED,
    Defect.ENDLESS,
    Defect.NO_SIGNATURES,
}


@pytest.mark.parametrize("defect", [defect for defect in Defect if defect not in SOUND_AS_CHAINS])
def test_a_defect_makes_the_certificate_fail(defect: Defect) -> None:
    assert not verifies(made(defect))


@pytest.mark.parametrize(
    ("defect", "at"),
    [(Defect.EXPIRED, NOW - timedelta(days=2)), (Defect.NOT_YET_VALID, NOW + timedelta(days=2))],
)
def test_a_certificate_out_of_its_time_is_sound_within_it(defect: Defect, at: datetime) -> None:
    assert verifies(made(defect), at=at)


def test_an_untrusted_certificate_is_sound_for_those_who_trust_its_authority() -> None:
    assert verifies(made(Defect.UNTRUSTED_CA), authority=STRANGER)


def test_only_the_intermediate_is_missing() -> None:
    short = made(Defect.MISSING_INTERMEDIATE)
    assert verifies(Issued(short.key, (*short.chain, CA.intermediate.leaf)))


def test_a_certificate_is_issued_for_names_addresses_and_wildcards() -> None:
    names = ("*.example.com", "192.0.2.1")
    issued = issue(CA, names, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=1))
    assert verifies(issued)
    names_in = issued.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [type(name) for name in names_in] == [x509.DNSName, x509.IPAddress]


def test_the_association_follows_usage_selector_and_matching_type() -> None:
    chain = made(Defect.NONE).chain
    whole = chain[0].public_bytes(Encoding.DER)
    key = chain[0].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert tlsa_association(chain, 3, 0, 0) == whole
    assert tlsa_association(chain, 3, 1, 1) == sha256(key).digest()
    assert tlsa_association(chain, 1, 0, 2) == sha512(whole).digest()
    assert tlsa_association(chain, 2, 0, 1) == sha256(chain[1].public_bytes(Encoding.DER)).digest()
    assert tlsa_association(chain[:1], 2, 0, 0) == whole
