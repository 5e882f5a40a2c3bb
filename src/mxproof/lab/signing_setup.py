"""How a zone of the lab is signed, and what is wrong with that."""

from enum import StrEnum

import msgspec

ECDSA_P256 = 13
RSA_BITS = 2048
NO_NSEC3 = -1


class SigningFault(StrEnum):
    """What is wrong with signatures."""

    NONE = "none"
    EXPIRED = "expired"
    EARLY = "early"
    """They begin the day after tomorrow."""
    MISSING = "missing"
    WRONG = "wrong"
    """A bit of each is another one."""
    OTHER_KEY = "other-key"
    """They are made with a key that the zone does not serve."""
    UNPROVEN = "unproven"
    """Nothing proves that a record is absent."""


class DsSetup(StrEnum):
    """What the zone above says of the keys."""

    RIGHT = "right"
    WRONG = "wrong"
    """It names a key that the zone had once."""
    NONE = "none"


class SigningSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A zone signed by one key of the `algorithm` (its number), with NSEC3 where `nsec3_iterations` is not negative.

    `fault` is in the signatures over records at `names`, of `types`, and over all where these are empty.
    """

    algorithm: int = ECDSA_P256
    key_bits: int = RSA_BITS
    age_days: float = 7
    days_left: float = 14
    fault: SigningFault = SigningFault.NONE
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    ds: DsSetup = DsSetup.RIGHT
    digest: int = 2
    nsec3_iterations: int = NO_NSEC3
