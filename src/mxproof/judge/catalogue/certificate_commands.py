"""The commands that get a certificate with every name that it needs."""

from mxproof.judge.value import CertificateToGet


def certbot(wanted: CertificateToGet) -> str:
    """Return the command that gets it, with a new key."""
    return f"certbot certonly {_options(wanted)}"


def certbot_ecdsa(wanted: CertificateToGet) -> str:
    """Return the command that gets it with a new key of P-256."""
    return f"certbot certonly --key-type ecdsa {_options(wanted)}"


def certbot_with_key(wanted: CertificateToGet) -> tuple[str, ...]:
    """Return the commands that get it for the key in use, by a request that is signed with that."""
    names = ",".join(f"DNS:{name}" for name in wanted.names)
    return (
        f"openssl req -new -key key.pem -subj / -addext subjectAltName={names} -out request.pem",
        "certbot certonly --csr request.pem",
    )


def _options(wanted: CertificateToGet) -> str:
    return " ".join(f"-d {name}" for name in wanted.names)
