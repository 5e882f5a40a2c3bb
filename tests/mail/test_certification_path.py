"""An issuer that is remembered makes no chain pass that would not pass without it."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mxproof.evidence import Der
from mxproof.lab.ca import PrivateKey
from mxproof.mail import certification_path
from mxproof.mail.certification_path import ISSUERS_MAX, verifies
from support_certificates import INTERMEDIATE, NOW, ROOT, STRANGER, Made, leaf, make

NAMES = ("mx1.example.com",)


def holds(*sent: Made, anchor: Made = ROOT, days: float = 0) -> bool:
    return verifies(tuple(Der(one.der) for one in sent), (Der(anchor.der),), NOW + timedelta(days=days))


def known_issuer(name: str, days: tuple[float, float] = (-300, 300)) -> Made:
    """Return an issuer below the root that a chain has led through already."""
    issuer = make(name, ROOT, authority=True, days=days)
    assert holds(make("first", issuer, names=("first.example.com",)), issuer)
    return issuer


class Emptied(dict[tuple[Der, tuple[Der, ...]], object]):
    """Issuers of which another thread forgets the oldest at the same moment."""

    def __delitem__(self, key: tuple[Der, tuple[Der, ...]]) -> None:
        super().__delitem__(key)
        super().__delitem__(key)


def test_an_issuer_that_another_thread_forgets_at_the_same_moment_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Emptied({(Der(b"oldest"), ()): None})
    monkeypatch.setattr(certification_path._ISSUERS, "_found", found)
    monkeypatch.setattr(certification_path._ISSUERS, "_issuers_max", 1)
    known_issuer("Raced")
    assert len(found) == 1
    assert (Der(b"oldest"), ()) not in found


def test_another_leaf_of_the_same_issuer_holds() -> None:
    issuer = known_issuer("Busy")
    assert all(holds(make(f"mx{n}", issuer, names=NAMES), issuer) for n in range(5))


def test_a_leaf_that_only_names_the_issuer_does_not_hold() -> None:
    issuer = known_issuer("Named")
    forged = make("Named", STRANGER, authority=True)
    assert forged.certificate.subject == issuer.certificate.subject
    assert not holds(make("mx", forged, names=NAMES), issuer)


def test_another_way_to_the_anchor_is_still_found() -> None:
    issuer, other = known_issuer("Passed by"), make("Other", ROOT, authority=True)
    assert holds(make("mx", other, names=NAMES), issuer, other)


def test_a_leaf_without_its_issuer_does_not_hold_because_of_another_chain() -> None:
    sent, needed = make("Sent", ROOT, authority=True), make("Needed", ROOT, authority=True)
    leaf = make("mx", needed, names=NAMES)
    assert [holds(leaf, sent, needed), holds(leaf, sent)] == [True, False]


def test_an_issuer_is_remembered_for_its_anchors_only() -> None:
    issuer = known_issuer("Anchored")
    assert not holds(make("mx", issuer, names=NAMES), issuer, anchor=STRANGER)


def test_an_issuer_is_remembered_within_its_dates_only() -> None:
    issuer = known_issuer("Dated", days=(-10, 10))
    leaf = make("mx", issuer, names=NAMES, days=(-40, 40))
    got = [holds(leaf, issuer, days=days) for days in (-11, -9, 9, 11)]
    assert got == [False, True, True, False]


def test_an_issuer_is_remembered_within_the_dates_of_its_root_only() -> None:
    root = make("Short Root", None, authority=True, days=(-10, 10))
    issuer = make("Long Issuer", root, authority=True, days=(-300, 300))
    leaf = make("mx", issuer, names=NAMES, days=(-40, 40))
    got = [holds(leaf, issuer, anchor=root, days=days) for days in (0, -11, -9, 9, 11)]
    assert got == [True, False, True, True, False]


def test_a_certificate_for_clients_does_not_hold_below_a_known_issuer() -> None:
    issuer = known_issuer("Servers and clients")
    usages = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    assert not holds(make("client", issuer, names=NAMES, usages=usages), issuer)


def test_below_name_constraints_each_name_is_looked_at() -> None:
    above = constrained("Constrained", "example.com")
    for issuer, more in ((above, ()), (make("Below", above, authority=True), (above,))):
        inside = make("inside", issuer, names=("mx.example.com",))
        outside = make("outside", issuer, names=("mx.example.net",))
        got = [holds(leaf, issuer, *more) for leaf in (inside, outside, inside)]
        assert got == [True, False, True]


def test_more_issuers_than_are_remembered_hold_as_well() -> None:
    issuers = [make(f"Issuer {n}", ROOT, authority=True) for n in range(ISSUERS_MAX + 2)]
    for _ in range(2):
        assert all(holds(make("mx", issuer, names=NAMES), issuer) for issuer in issuers)


def constrained(name: str, below: str) -> Made:
    """Return an issuer that may issue for names below one domain."""
    plain = make(name, ROOT, authority=True)
    builder = (
        x509.CertificateBuilder()
        .subject_name(plain.certificate.subject)
        .issuer_name(plain.certificate.issuer)
        .public_key(plain.key.public_key())
        .serial_number(7)
        .not_valid_before(plain.certificate.not_valid_before_utc)
        .not_valid_after(plain.certificate.not_valid_after_utc)
    )
    for extension in plain.certificate.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    limits = x509.NameConstraints(permitted_subtrees=[x509.DNSName(below)], excluded_subtrees=None)
    return Made(builder.add_extension(limits, critical=True).sign(ROOT.key, hashes.SHA256()), plain.key)


def test_a_root_with_a_serial_number_below_zero_beside_others_makes_no_noise() -> None:
    serial = ROOT.certificate.serial_number
    number = serial.to_bytes(serial.bit_length() // 8 + 1)
    odd = ROOT.der.replace(number, bytes((0x80 | number[0],)) + number[1:])
    assert odd != ROOT.der
    assert verifies((Der(leaf(NAMES).der), Der(INTERMEDIATE.der)), (Der(odd), Der(ROOT.der)), NOW)


def odd_authority(
    name: str, *, limit: str = "", critical: bool = True, key: PrivateKey | None = None
) -> Made:
    """Return an intermediate as the profile of the web does not have it, below the root."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(ROOT.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=100))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=critical)
    )
    if limit:
        builder = builder.add_extension(x509.NameConstraints([x509.DNSName(limit)], None), critical=True)
    return Made(builder.sign(ROOT.key, hashes.SHA256()), key)


@pytest.mark.parametrize(
    "issuer",
    [
        odd_authority("Dotted", limit=".example.com"),
        odd_authority("Not critical", critical=False),
        odd_authority("Weak", key=rsa.generate_private_key(65537, 1024)),
        odd_authority("Other curve", key=ec.generate_private_key(ec.SECP224R1())),
    ],
    ids=lambda issuer: issuer.certificate.subject.rfc4514_string(),
)
def test_what_openssl_takes_holds_though_the_web_has_other_rules(issuer: Made) -> None:
    """observed: posttls-finger of Postfix 3.7.11."""
    usages = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    good, client = (make("mx", issuer, names=NAMES, usages=one) for one in (None, usages))
    old = make("mx", issuer, names=NAMES, days=(-30, -1))
    forged = make("mx", make("Dotted", STRANGER, authority=True), names=NAMES)
    assert [holds(one, issuer) for one in (good, client, old, forged)] == [True, False, False, False]


def test_openssl_keeps_name_constraints_too() -> None:
    issuer = odd_authority("Elsewhere", limit=".example.net")
    assert not holds(make("mx", issuer, names=NAMES), issuer)
