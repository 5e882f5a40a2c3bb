"""The founding incident and the states on the way out of it, as test worlds."""

from support_world import Smtp, ZoneWorld

ALIASES = ("mxi1.example.com", "mxi2.example.com")
TARGETS = ("smol.example.com", "tol.example.com")


def policy(*mx: str, mode: str = "enforce", max_age_s: int = 604_800) -> bytes:
    """Return a policy text with these mx patterns."""
    lines = [
        "version: STSv1",
        f"mode: {mode}",
        *(f"mx: {pattern}" for pattern in mx),
        f"max_age: {max_age_s}",
    ]
    return ("\n".join(lines) + "\n").encode()


_ZONE = """
example.com                MX     10 mxi1.example.com
example.com                MX     20 mxi2.example.com
mxi1.example.com           CNAME  smol.example.com
mxi2.example.com           CNAME  tol.example.com
smol.example.com           A      192.0.2.1
smol.example.com           AAAA   2001:db8::1
tol.example.com            A      192.0.2.2
tol.example.com            AAAA   2001:db8::2
192.0.2.1                  PTR    smol.example.com
2001:db8::1                PTR    smol.example.com
192.0.2.2                  PTR    tol.example.com
2001:db8::2                PTR    tol.example.com
_mta-sts.example.com       TXT    v=STSv1; id=20261101;
_smtp._tls.example.com     TXT    v=TLSRPTv1; rua=mailto:tls@example.com
mta-sts.example.com        A      192.0.2.80
"""


def _smtp(first: tuple[str, ...], second: tuple[str, ...]) -> dict[str, Smtp]:
    one, two = Smtp(names=first), Smtp(names=second)
    return {"192.0.2.1": one, "2001:db8::1": one, "192.0.2.2": two, "2001:db8::2": two}


INCIDENT = ZoneWorld(zone=_ZONE, policy=policy(*ALIASES), smtp=_smtp(ALIASES[:1], ALIASES[1:]))
HALF_FIXED = INCIDENT.but(policy=policy(*ALIASES, *TARGETS))
HALF_FIXED_CERT = INCIDENT.but(smtp=_smtp((ALIASES[0], TARGETS[0]), (ALIASES[1], TARGETS[1])))
FIXED = HALF_FIXED_CERT.but(policy=policy(*ALIASES, *TARGETS))
DIRECT = ZoneWorld(
    zone=_ZONE.replace("MX     10 mxi1", "MX 10 smol").replace("MX     20 mxi2", "MX 20 tol"),
    policy=policy(*TARGETS),
    smtp=_smtp(TARGETS[:1], TARGETS[1:]),
)
