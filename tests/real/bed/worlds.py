"""The mail worlds that are built with real daemons, as data.

All are `example.com` with two MX hosts. In some the MX names are CNAMEs, which RFC 2181 section 10.3 and RFC 5321
section 5.1 forbid and many domains have nonetheless; in the others each MX name is the host itself.
"""

from enum import Enum

import msgspec

DOMAIN = "example.com"
POLICY_HOST = f"mta-sts.{DOMAIN}"
RECIPIENT = f"user@{DOMAIN}"


class Tlsa(Enum):
    """Which TLSA records the MX hosts have. They stand at the name of the machine unless said otherwise."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"
    RIGHT_AT_ALIAS = "right, at the alias"


class Exchange(msgspec.Struct, frozen=True):
    """One MX host: the name in the MX record, the name of the machine behind it, the names in its certificate."""

    mx: str
    host: str
    certificate_names: tuple[str, ...]
    preference: int = 10
    starttls: bool = True


class World(msgspec.Struct, frozen=True):
    """One state of `example.com`; `policy_mx` are the MX patterns of its policy, whose mode is enforce."""

    name: str
    exchanges: tuple[Exchange, ...]
    policy_mx: tuple[str, ...]
    signed: bool = False
    tlsa: Tlsa = Tlsa.NONE
    certificates_expired: bool = False

    def policy(self) -> bytes:
        """Return the body of the policy (RFC 8461 section 3.2)."""
        lines = (
            "version: STSv1",
            "mode: enforce",
            *(f"mx: {name}" for name in self.policy_mx),
            "max_age: 86400",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()


MXI1, MXI2 = f"mxi1.{DOMAIN}", f"mxi2.{DOMAIN}"
SMOL, TOL = f"smol.{DOMAIN}", f"tol.{DOMAIN}"
MX1, MX2 = f"mx1.{DOMAIN}", f"mx2.{DOMAIN}"
DEEP1, DEEP2 = f"mx1.in.{DOMAIN}", f"mx2.in.{DOMAIN}"
MAIL = f"mail.{DOMAIN}"


def _pair(first: Exchange, second: Exchange) -> tuple[Exchange, ...]:
    return first, msgspec.structs.replace(second, preference=20)


_ALIASES = _pair(Exchange(MXI1, SMOL, (MXI1,)), Exchange(MXI2, TOL, (MXI2,)))
_ALIASES_NAMED_TWICE = _pair(Exchange(MXI1, SMOL, (MXI1, SMOL)), Exchange(MXI2, TOL, (MXI2, TOL)))
_DIRECT = _pair(Exchange(MX1, MX1, (MX1,)), Exchange(MX2, MX2, (MX2,)))
_DIRECT_NAMED_MAIL = _pair(Exchange(MX1, MX1, (MX1, MAIL)), Exchange(MX2, MX2, (MX2, MAIL)))
_FIRST_MISNAMED = _pair(Exchange(MX1, MX1, (MAIL,)), Exchange(MX2, MX2, (MX2,)))
_PLAIN = _pair(Exchange(MX1, MX1, (MX1,), starttls=False), Exchange(MX2, MX2, (MX2,), starttls=False))
_DEEP = _pair(Exchange(DEEP1, DEEP1, (DEEP1,)), Exchange(DEEP2, DEEP2, (DEEP2,)))

WORLDS = (
    World("incident", _ALIASES, (MXI1, MXI2)),
    World("half-fixed", _ALIASES, (MXI1, MXI2, SMOL, TOL)),
    World("half-fixed-cert", _ALIASES_NAMED_TWICE, (MXI1, MXI2)),
    World("fixed", _ALIASES_NAMED_TWICE, (MXI1, MXI2, SMOL, TOL)),
    World("direct", _DIRECT, (MX1, MX2)),
    World("expired", _DIRECT, (MX1, MX2), certificates_expired=True),
    World("no-starttls", _PLAIN, (MX1, MX2)),
    World("first-misnamed", _FIRST_MISNAMED, (MX1, MX2)),
    World("unlisted", _DIRECT, (MAIL,)),
    World("unlisted-but-named", _DIRECT_NAMED_MAIL, (MAIL,)),
    World("wildcard-depth", _DEEP, (f"*.{DOMAIN}",)),
    World("dane", _DIRECT, (MX1, MX2), signed=True, tlsa=Tlsa.RIGHT),
    World("dane-mismatch", _DIRECT, (MX1, MX2), signed=True, tlsa=Tlsa.WRONG),
    World("dane-unsigned", _DIRECT, (MX1, MX2), tlsa=Tlsa.WRONG),
    World("dane-expired", _DIRECT, (MX1, MX2), signed=True, tlsa=Tlsa.RIGHT, certificates_expired=True),
    World("dane-at-target", _ALIASES, (MXI1, MXI2), signed=True, tlsa=Tlsa.RIGHT),
    World("dane-at-alias", _ALIASES, (MXI1, MXI2), signed=True, tlsa=Tlsa.RIGHT_AT_ALIAS),
)
