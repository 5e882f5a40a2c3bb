"""The lab's certificate authority: a root, an intermediate and leaves with selectable defects, made at start.

| certificate | issued by | sent by a server |
|---|---|---|
| root | itself | never |
| intermediate | root | behind every leaf, unless the defect is to leave it out |
| leaf | intermediate | first |

All keys but weak ones are EC P-256, so that a world of many servers starts in a moment. This module is the lab's one door to
cryptography; nothing here is written to a disk.
"""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mxproof.lab.defect import Defect
from mxproof.lab.scenario import CertificateSetup

_AUTHORITY_LIFE = timedelta(days=3650)
_LEAF_AGE = timedelta(days=30)
_DAY = timedelta(days=1)
_ENDLESS = timedelta(days=36_500)
_WEAK_BITS = 1024
_SOUND_BITS = 2048
_SHA256_SIGNED = bytes.fromhex("300a06082a8648ce3d040302")  # ecdsa-with-SHA256
_SHA1_SIGNED = bytes.fromhex("300906072a8648ce3d0401")  # ecdsa-with-SHA1
_COMMON_NAME_CHARACTERS_MAX = 64  # ub-common-name, RFC 5280 appendix A.1


PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ZoneKey = ec.EllipticCurvePrivateKey
_FOR_SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
_PURPOSES = {
    Defect.CLIENT_PURPOSE: x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]),
    Defect.ANY_PURPOSE: x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),
}


def _key_usage(*, signs: bool = True, enciphers: bool = False, issues: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=enciphers,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


_FOR_SIGNATURES = _key_usage()
_FOR_AUTHORITIES = _key_usage(issues=True)
_USES = {
    Defect.KEY_USAGE: _key_usage(signs=False, issues=True),
    Defect.NO_SIGNATURES: _key_usage(signs=False, enciphers=True),
}


class Issued(msgspec.Struct, frozen=True):
    """A certificate with its key; `chain` is what a server sends, leaf first."""

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate that the key belongs to."""
        return self.chain[0]

    def ders(self) -> tuple[bytes, ...]:
        """Return the chain as DER, leaf first."""
        return tuple(one.public_bytes(serialization.Encoding.DER) for one in self.chain)

    def pem(self) -> bytes:
        """Return the key and the chain as one PEM text, the form a TLS server loads."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return key + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in self.chain)


def read_issued(pem: bytes) -> Issued:
    """Return the key and the chain in a PEM text; raises ValueError where they are not both there, or no pair."""
    key = serialization.load_pem_private_key(pem, None)
    chain = tuple(x509.load_pem_x509_certificates(pem))
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError("a key of another kind than EC and RSA")
    if key.public_key() != chain[0].public_key():
        raise ValueError("the key is not that of the first certificate")
    return Issued(key, chain)


def read_zone_key(pem: bytes) -> ZoneKey:
    """Return the key of a zone in a PEM text; raises ValueError where it is none of P-256."""
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key of P-256")
    return key


def new_zone_key() -> bytes:
    """Return a new key for a zone as PEM."""
    return _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Authority(msgspec.Struct, frozen=True):
    """A root and the intermediate that issues for it."""

    root: Issued
    intermediate: Issued

    def root_pem(self) -> bytes:
        """Return the root certificate as PEM, the file a client trusts."""
        return self.root.leaf.public_bytes(serialization.Encoding.PEM)

    def root_der(self) -> bytes:
        """Return the root certificate as DER."""
        return self.root.leaf.public_bytes(serialization.Encoding.DER)


_OF_THE_LEAF = frozenset({Defect.WEAK_KEY, Defect.WEAK_SIGNATURE, *_PURPOSES, *_USES})


def make_ca(now: datetime, name: str = "mxproof lab") -> Authority:
    """Make a new authority, valid from a year before `now` to ten years after."""
    window = (now - timedelta(days=365), now + _AUTHORITY_LIFE)
    root_key, intermediate_key = _key(), _key()
    root_name, intermediate_name = _name(f"{name} root"), _name(f"{name} intermediate")
    root = _signed(_authority(root_name, root_key, window, path_length=1), root_name, root_key)
    intermediate = _signed(
        _authority(intermediate_name, intermediate_key, window, path_length=0), root_name, root_key
    )
    return Authority(Issued(root_key, (root,)), Issued(intermediate_key, (intermediate,)))


def issue(
    authority: Authority,
    names: Sequence[str],
    *,
    not_before: datetime,
    not_after: datetime,
    common_name: str = "",
    key: PrivateKey | None = None,
) -> Issued:
    """Issue a server certificate with `names` as its subject alternative names, none if there are none.

    It is for a new key, unless for one that there is.
    """
    key = key or _key()
    unsigned = _leaf(key, names, common_name or "".join(names[:1]), (not_before, not_after))
    issuer = authority.intermediate
    return Issued(key, (_signed(unsigned, issuer.leaf.subject, issuer.key), *issuer.chain))


def issue_for(
    certificate: CertificateSetup,
    name: str,
    *,
    authority: Authority,
    stranger: Authority,
    now: datetime,
    rsa_key: bool = False,
) -> Issued:
    """Issue what a scenario describes for the server `name`; `stranger` is the authority nobody trusts.

    `rsa_key`: its key is one of RSA where nothing is wrong with it.
    """
    names = certificate.names or (name,)
    not_before, not_after = now - _LEAF_AGE, now + timedelta(days=certificate.days_left)
    if certificate.defect in _OF_THE_LEAF:
        return _issue_weak(certificate.defect, authority, names, (not_before, not_after))
    match certificate.defect:
        case Defect.EXPIRED:
            not_after = now - _DAY
        case Defect.NOT_YET_VALID:
            not_before = now + _DAY
        case Defect.SELF_SIGNED:
            return _self_signed(names, (not_before, not_after))
        case Defect.UNTRUSTED_CA:
            return issue(stranger, names, not_before=not_before, not_after=not_after)
        case Defect.CN_ONLY:
            return issue(authority, (), not_before=not_before, not_after=not_after, common_name=names[0])
        case Defect.MISSING_INTERMEDIATE | Defect.DISORDERED:
            whole = issue(authority, names, not_before=not_before, not_after=not_after)
            disordered = certificate.defect is Defect.DISORDERED
            sent = (authority.root.leaf, *whole.chain[1:]) if disordered else ()
            return Issued(whole.key, (whole.chain[0], *sent))
        case Defect.ENDLESS:
            not_after = now + _ENDLESS
        case Defect.ISSUER_NO_AUTHORITY:
            other = issue(authority, ("other.example.net",), not_before=not_before, not_after=not_after)
            return _issue_below(other, names, (not_before, not_after))
        case (
            Defect.KNOWN_AUTHORITY
            | Defect.NAME_LIMITED
            | Defect.EXPIRED_AUTHORITY
            | Defect.WEAK_AUTHORITY
            | Defect.ODD_AUTHORITY
        ):
            above = _odd_intermediate(certificate.defect, authority, names, now)
            return _issue_below(above, names, (not_before, not_after))
        case Defect.NONE:
            pass
    key = rsa.generate_private_key(65537, _SOUND_BITS) if rsa_key else None
    return issue(authority, names, not_before=not_before, not_after=not_after, key=key)


def tlsa_association(chain: Sequence[x509.Certificate], usage: int, selector: int, matching: int) -> bytes:
    """Return the certificate association data for a chain (RFC 6698 section 2.1).

    Usages 0 and 2 name the certificate above the leaf. A matching type outside the registry is given the bytes of
    type 1, since a record that nobody can use still has some.
    """
    certificate = chain[1] if usage in (0, 2) and len(chain) > 1 else chain[0]
    selected = (
        certificate.public_bytes(serialization.Encoding.DER)
        if selector == 0
        else certificate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    if matching == 0:
        return selected
    digest = hashes.Hash(hashes.SHA512() if matching == 2 else hashes.SHA256())
    digest.update(selected)
    return digest.finalize()


def signed_over_sha1(certificate: x509.Certificate, issuer: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """Return `certificate`, which an EC key has signed over SHA-256, signed over SHA-1, as no library would any more."""
    body = certificate.tbs_certificate_bytes
    assert body.startswith(b"\x30\x82"), "longer than 255 bytes, shorter than 65536"
    signed = _sequence(body[4:].replace(_SHA256_SIGNED, _SHA1_SIGNED, 1))
    signature = b"\0" + issuer.sign(signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - what is to be found out
    return x509.load_der_x509_certificate(
        _sequence(signed + _SHA1_SIGNED + bytes((0x03, len(signature))) + signature)
    )


def _sequence(content: bytes) -> bytes:
    return b"\x30\x82" + len(content).to_bytes(2) + content


def _issue_weak(
    defect: Defect, authority: Authority, names: Sequence[str], window: tuple[datetime, datetime]
) -> Issued:
    issuer = authority.intermediate
    key = rsa.generate_private_key(65537, _WEAK_BITS) if defect is Defect.WEAK_KEY else _key()
    usage = _PURPOSES.get(defect, _FOR_SERVERS)
    uses = _USES.get(defect, _FOR_SIGNATURES)
    leaf = _signed(_leaf(key, names, names[0], window, usage, uses), issuer.leaf.subject, issuer.key)
    if defect is Defect.WEAK_SIGNATURE:
        assert isinstance(issuer.key, ec.EllipticCurvePrivateKey), "authorities have keys of P-256"
        leaf = signed_over_sha1(leaf, issuer.key)
    return Issued(key, (leaf, *issuer.chain))


def _issue_below(issuer: Issued, names: Sequence[str], window: tuple[datetime, datetime]) -> Issued:
    """Issue a certificate that another server's, or a limited authority's, has signed."""
    key = _key()
    return Issued(
        key, (_signed(_leaf(key, names, names[0], window), issuer.leaf.subject, issuer.key), *issuer.chain)
    )


def _odd_intermediate(defect: Defect, authority: Authority, names: Sequence[str], now: datetime) -> Issued:
    """Return an intermediate with `defect`, below the root."""
    if defect is Defect.NAME_LIMITED:
        return _limited(authority, now)
    root, odd = authority.root, defect is Defect.ODD_AUTHORITY
    key = rsa.generate_private_key(65537, _WEAK_BITS) if defect is Defect.WEAK_AUTHORITY else _key()
    end = now - _DAY if defect is Defect.EXPIRED_AUTHORITY else now + _AUTHORITY_LIFE
    window = (now - timedelta(days=365), end)
    organization = "Let's Encrypt" if defect is Defect.KNOWN_AUTHORITY else ""
    builder = (
        _started(_name("mxproof lab odd", organization), key, window)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=not odd)
        .add_extension(_FOR_AUTHORITIES, critical=True)
    )
    if odd:
        permitted = [x509.DNSName(f".{name.partition('.')[2]}") for name in names]
        builder = builder.add_extension(x509.NameConstraints(permitted, None), critical=True)
    return Issued(key, (_signed(builder, root.leaf.subject, root.key),))


def _limited(authority: Authority, now: datetime) -> Issued:
    """Return an intermediate that may issue for names below example.net only (RFC 5280 section 4.2.1.10)."""
    key, root = _key(), authority.root
    limits = x509.NameConstraints([x509.DNSName("example.net")], None)
    window = (now - timedelta(days=365), now + _AUTHORITY_LIFE)
    builder = _authority(_name("mxproof lab limited"), key, window, path_length=0)
    signed = _signed(builder.add_extension(limits, critical=True), root.leaf.subject, root.key)
    return Issued(key, (signed,))


def _self_signed(names: Sequence[str], window: tuple[datetime, datetime]) -> Issued:
    key = _key()
    return Issued(key, (_signed(_leaf(key, names, names[0], window), _name(names[0]), key),))


def _leaf(
    key: PrivateKey,
    names: Sequence[str],
    common_name: str,
    window: tuple[datetime, datetime],
    usage: x509.ExtendedKeyUsage = _FOR_SERVERS,
    uses: x509.KeyUsage = _FOR_SIGNATURES,
) -> x509.CertificateBuilder:
    builder = (
        _started(_name(common_name), key, window)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(uses, critical=True)
        .add_extension(usage, critical=False)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]), critical=not common_name
        )
    return builder


def _authority(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, window: tuple[datetime, datetime], *, path_length: int
) -> x509.CertificateBuilder:
    return (
        _started(name, key, window)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_FOR_AUTHORITIES, critical=True)
    )


def _started(
    subject: x509.Name, key: PrivateKey, window: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(window[0])
        .not_valid_after(window[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, issuer: x509.Name, key: PrivateKey) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return builder.issuer_name(issuer).add_extension(identifier, critical=False).sign(key, hashes.SHA256())


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str, organization: str = "") -> x509.Name:
    if not 0 < len(common_name) <= _COMMON_NAME_CHARACTERS_MAX:
        return x509.Name([])
    above = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    return x509.Name([*above, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
