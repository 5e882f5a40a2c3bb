"""A world and what comes of it: a domain with its policy, the replies about it, and what three senders then do."""

import msgspec

from real.bed.delivery import UNVERIFIED, Deed
from real.bed.town import PARENT, Host, MailDomain

MAX_AGE_S = 86_400
NOT_FOUND = "NOTFOUND "
DANE_ONLY = "OK dane-only"
DANE = "OK dane"

MISNAMED = Deed("deferred", "4.7.5", "Trusted")
NO_MX_LEFT = Deed("deferred", "4.3.0", "none")
NOT_TOLD = Deed("deferred", "4.7.5", "none")


class Deeds(msgspec.Struct, frozen=True):
    """What each sender does: Postfix 3.7, Postfix 3.10 with the same replies, Postfix 3.10 told the whole policy."""

    old: Deed
    classic: Deed
    told: Deed


class Case(msgspec.Struct, frozen=True):
    """A world, the replies to its name in the maps `postfix` and `postfix-tlsrpt`, and what the senders do."""

    domain: MailDomain
    reply: str
    told: str
    deeds: Deeds

    @property
    def name(self) -> str:
        """Return the first label of the domain."""
        return self.domain.name.partition(".")[0]


def named(label: str) -> str:
    """Return the domain of the world `label`."""
    return f"{label}.{PARENT}"


def policy(*mx: str, mode: str = "enforce") -> bytes:
    """Return the body of a policy (RFC 8461 section 3.2)."""
    return policy_bytes(*(name.encode() for name in mx), mode=mode)


def policy_bytes(*mx: bytes, mode: str = "enforce") -> bytes:
    """Return the body of a policy whose `mx` values may be no names."""
    lines = (b"version: STSv1", b"mode: %b" % mode.encode(), *(b"mx: %b" % name for name in mx))
    return b"".join(b"%b\r\n" % line for line in (*lines, b"max_age: %d" % MAX_AGE_S))


def secure(*mx: str) -> str:
    """Return the reply for an enforced policy in the map `postfix`."""
    return f"OK secure match={':'.join(name.removeprefix('*') for name in mx)} servername=hostname"


def about(domain: str, *mx: str, mode: str = "enforce") -> str:
    """Return what the map `postfix-tlsrpt` says of a policy beyond that."""
    strings = ("version: STSv1", f"mode: {mode}", *(f"mx: {name}" for name in mx), f"max_age: {MAX_AGE_S}")
    return " ".join(
        (
            f"policy_type=sts policy_domain={domain}",
            *(f"mx_host_pattern={name}" for name in mx),
            *(f"{{ policy_string = {string} }}" for string in strings),
        )
    )


REFUSED = Deeds(UNVERIFIED, MISNAMED, NO_MX_LEFT)
"""What becomes of mail for a host that the policy does not list, and that has no certificate for what it lists."""


def alike(deed: Deed) -> Deeds:
    """Return that all senders do the same."""
    return Deeds(deed, deed, deed)


def enforced(domain: MailDomain, mx: tuple[str, ...], deeds: Deeds) -> Case:
    """Return the case of a domain whose policy is enforced."""
    published = msgspec.structs.replace(domain, id="1", policy=policy(*mx))
    return Case(published, secure(*mx), f"{secure(*mx)} {about(domain.name, *mx)}", deeds)


def overruled(domain: MailDomain, mx: tuple[str, ...], reply: str, deed: Deed) -> Case:
    """Return the case of a domain whose policy, though it says enforce, has no say beside DANE."""
    published = msgspec.structs.replace(domain, id="1", policy=policy(*mx), signed=True)
    return Case(published, reply, reply, alike(deed))


def direct(label: str, *hosts: Host) -> MailDomain:
    """Return the domain of a world whose MX names are the hosts themselves: `hosts`, or two of its own."""
    at = named(label)
    both = hosts or (Host(f"mx1.{at}"), Host(f"mx2.{at}"))
    return MailDomain(at, tuple(host.name for host in both), both)
