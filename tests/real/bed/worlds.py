"""The mail worlds that are built with real daemons, as data.

All are `example.com` with one or two MX hosts. In some the MX names are CNAMEs, which RFC 2181 section 10.3 and RFC 5321
section 5.1 forbid and many domains have nonetheless; in the others each MX name is the host itself.
"""

from enum import Enum

import msgspec

DOMAIN = "example.com"
PROVIDER = "example.net"
POLICY_HOST = f"mta-sts.{DOMAIN}"
RECIPIENT = f"user@{DOMAIN}"


class Tlsa(Enum):
    """Which TLSA records the MX hosts have. They stand at the name of the machine unless said otherwise."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"
    RIGHT_AT_ALIAS = "right, at the alias"
    ANCHOR = "the root of the certificate's chain"
    UNUSABLE = "of a usage that is not for SMTP"
    UNANSWERED = "in a zone whose servers do not exist"


class Offer(Enum):
    """What an MX host offers to a client."""

    TLS = "STARTTLS, and a handshake"
    CLEAR = "no STARTTLS"
    REFUSAL = "STARTTLS, and an error in answer to it"
    NO_HANDSHAKE = "STARTTLS, and a handshake that fails"
    NOTHING = "no answer at port 25 but a refusal to connect"


class Flaw(Enum):
    """What is wrong with a certificate beside its names."""

    NONE = "nothing"
    EXPIRED = "expired"
    EARLY = "not yet valid"
    SELF_SIGNED = "self-signed"
    COMMON_NAME = "its first name stands in the subject alone"
    WEAK_KEY = "its key is RSA with 1024 bits"
    OLD_SIGNATURE = "it is signed over SHA-1"
    KEY_USAGE = "its key may sign certificates, and nothing else"
    ANY_PURPOSE = "it is for any extended key usage, and none in particular"
    ROOT_UNSENT = "the root above it is not sent"


class Exchange(msgspec.Struct, frozen=True):
    """One MX host: the name in the MX record, the name of the machine behind it, the names in its certificate."""

    mx: str
    host: str
    certificate_names: tuple[str, ...]
    preference: int = 10
    offer: Offer = Offer.TLS
    flaw: Flaw = Flaw.NONE


class World(msgspec.Struct, frozen=True):
    """One state of `example.com`.

    `policy_mx` are the MX patterns of its policy. `signed` are the zones that are signed beside the root and the
    top-level domains; `disowned` makes the delegation of `example.com` name another key than it is signed with.
    `other_texts` is how many TXT records stand beside the one of MTA-STS.
    """

    name: str
    exchanges: tuple[Exchange, ...]
    policy_mx: tuple[str, ...]
    mode: str = "enforce"
    signed: tuple[str, ...] = ()
    disowned: bool = False
    tlsa: Tlsa = Tlsa.NONE
    other_texts: int = 0

    @property
    def secure(self) -> bool:
        """Tell whether a validating resolver vouches for the answers about `example.com`."""
        return DOMAIN in self.signed and not self.disowned

    def policy(self) -> bytes:
        """Return the body of the policy (RFC 8461 section 3.2)."""
        lines = (
            "version: STSv1",
            f"mode: {self.mode}",
            *(f"mx: {name}" for name in self.policy_mx),
            "max_age: 86400",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()


MXI1, MXI2 = f"mxi1.{DOMAIN}", f"mxi2.{DOMAIN}"
SMOL, TOL = f"smol.{DOMAIN}", f"tol.{DOMAIN}"
MX1, MX2 = f"mx1.{DOMAIN}", f"mx2.{DOMAIN}"
DEEP1, DEEP2 = f"mx1.in.{DOMAIN}", f"mx2.in.{DOMAIN}"
PROVIDED1, PROVIDED2 = f"mx1.{PROVIDER}", f"mx2.{PROVIDER}"
MAIL = f"mail.{DOMAIN}"


def _host(name: str, *, offer: Offer = Offer.TLS, flaw: Flaw = Flaw.NONE) -> Exchange:
    """Return an MX host that is no alias and is named in its certificate."""
    return Exchange(name, name, (name,), offer=offer, flaw=flaw)


def _pair(first: Exchange, second: Exchange) -> tuple[Exchange, ...]:
    return first, msgspec.structs.replace(second, preference=20)


_ALIASES = _pair(Exchange(MXI1, SMOL, (MXI1,)), Exchange(MXI2, TOL, (MXI2,)))
_ALIASES_NAMED_TWICE = _pair(Exchange(MXI1, SMOL, (MXI1, SMOL)), Exchange(MXI2, TOL, (MXI2, TOL)))
_DIRECT = _pair(_host(MX1), _host(MX2))
_DIRECT_NAMED_MAIL = _pair(Exchange(MX1, MX1, (MX1, MAIL)), Exchange(MX2, MX2, (MX2, MAIL)))
_FIRST_MISNAMED = _pair(Exchange(MX1, MX1, (MAIL,)), _host(MX2))
_EXPIRED = _pair(_host(MX1, flaw=Flaw.EXPIRED), _host(MX2, flaw=Flaw.EXPIRED))
_UNTRUSTED = _pair(_host(MX1, flaw=Flaw.SELF_SIGNED), _host(MX2, flaw=Flaw.EARLY))
_CLEAR = _pair(_host(MX1, offer=Offer.CLEAR), _host(MX2, offer=Offer.CLEAR))
_FIRST_CLOSED = _pair(_host(MX1, offer=Offer.NOTHING), _host(MX2))
_DEEP = _pair(_host(DEEP1), _host(DEEP2))
_PROVIDED = _pair(_host(PROVIDED1), _host(PROVIDED2))

WORLDS = (
    World("incident", _ALIASES, (MXI1, MXI2)),
    World("half-fixed", _ALIASES, (MXI1, MXI2, SMOL, TOL)),
    World("half-fixed-cert", _ALIASES_NAMED_TWICE, (MXI1, MXI2)),
    World("fixed", _ALIASES_NAMED_TWICE, (MXI1, MXI2, SMOL, TOL)),
    World("direct", _DIRECT, (MX1, MX2)),
    World("testing", _EXPIRED, (MX1, MX2), mode="testing"),
    World("expired", _EXPIRED, (MX1, MX2)),
    World("untrusted", _UNTRUSTED, (MX1, MX2)),
    World("first-misnamed", _FIRST_MISNAMED, (MX1, MX2)),
    World("first-closed", _FIRST_CLOSED, (MX1, MX2)),
    World("no-starttls", _CLEAR, (MX1, MX2)),
    World("starttls-refused", (_host(MX1, offer=Offer.REFUSAL),), (MX1,)),
    World("no-handshake", (_host(MX1, offer=Offer.NO_HANDSHAKE),), (MX1,)),
    World("unlisted", _DIRECT, (MAIL,)),
    World("unlisted-but-named", _DIRECT_NAMED_MAIL, (MAIL,)),
    World("wildcard-depth", _DEEP, (f"*.{DOMAIN}",)),
    World("disowned", _DIRECT, (MX1, MX2), signed=(DOMAIN,), disowned=True),
    World("dane", _DIRECT, (MX1, MX2), signed=(DOMAIN,), tlsa=Tlsa.RIGHT),
    World("dane-mismatch", _DIRECT, (MX1, MX2), signed=(DOMAIN,), tlsa=Tlsa.WRONG),
    World("dane-unsigned", _DIRECT, (MX1, MX2), tlsa=Tlsa.WRONG),
    World("dane-expired", _EXPIRED, (MX1, MX2), signed=(DOMAIN,), tlsa=Tlsa.RIGHT),
    World("dane-anchor", _FIRST_MISNAMED, (MX1, MX2), signed=(DOMAIN,), tlsa=Tlsa.ANCHOR),
    World("dane-unusable", _UNTRUSTED, (MX1, MX2), signed=(DOMAIN,), tlsa=Tlsa.UNUSABLE),
    World("dane-unanswered", _DIRECT, (MX1, MX2), signed=(DOMAIN,), tlsa=Tlsa.UNANSWERED),
    World("dane-at-target", _ALIASES, (MXI1, MXI2), signed=(DOMAIN,), tlsa=Tlsa.RIGHT),
    World("dane-at-alias", _ALIASES, (MXI1, MXI2), signed=(DOMAIN,), tlsa=Tlsa.RIGHT_AT_ALIAS),
    World("dane-at-provider", _PROVIDED, (PROVIDED1, PROVIDED2), signed=(PROVIDER,), tlsa=Tlsa.WRONG),
)
