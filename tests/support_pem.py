"""Certificates in files, as an administrator has them: issued now, by an authority that a command is told to trust."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mxproof.lab.ca import Authority, Issued, issue_for, make_ca
from mxproof.lab.defect import Defect
from mxproof.lab.scenario import CertificateSetup


@lru_cache(maxsize=1)
def authorities() -> tuple[Authority, Authority]:
    """Return the authority that is trusted, and one that nobody trusts."""
    now = datetime.now(UTC)
    return make_ca(now), make_ca(now, "stranger")


def trusted(folder: Path) -> dict[str, str]:
    """Return the environment in which the store of this machine is the one authority."""
    store = folder / "roots.pem"
    store.write_bytes(authorities()[0].root_pem())
    return {"SSL_CERT_FILE": str(store)}


def issued(*names: str, defect: Defect = Defect.NONE) -> Issued:
    """Return a certificate of a server with its key and what is above it."""
    authority, stranger = authorities()
    setup = CertificateSetup(names, defect)
    return issue_for(setup, names[0], authority=authority, stranger=stranger, now=datetime.now(UTC))


def pem(*certificates: Issued) -> bytes:
    """Return the chains of some servers, one after the other, each leaf first."""
    return b"".join(one.public_bytes(Encoding.PEM) for each in certificates for one in each.chain)


def key_pem(one: Issued) -> bytes:
    """Return the key alone."""
    return one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def upside_down(one: Issued) -> Issued:
    """Return it with the authority before the leaf."""
    return Issued(one.key, one.chain[::-1])
