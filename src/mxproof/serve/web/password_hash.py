"""The slow hash of passwords: argon2id, with the parameters that its library recommends (RFC 9106 section 4)."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LOGIN_PASSWORD_CHARACTERS_MIN: Final = 12
LOGIN_PASSWORD_BYTES_MAX: Final = 1024

_HASHER = PasswordHasher()
_NOBODYS = _HASHER.hash("the password of nobody")


def hashed(password: str) -> str:
    """Return the hash of a password, with its salt and parameters."""
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Tell whether `password` is that of the hash; for None, where nobody has an account, it takes as long and is not."""
    try:
        _HASHER.verify(_NOBODYS if kept is None else kept, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
