"""The domains of the tests of plans: times to live and max_age are of seconds, so that what takes a week takes some."""

from real.bed.town import Host, MailDomain, Tlsa
from real.policyd.case import named

TTL_S = 2
MAX_AGE_S = 8
LAG_S = 3
"""How long the second name server may take, as the planner is told."""
MODELS = {
    "plain": "opportunistic",
    "dane": "postfix-dane",
    "fresh": "postfix-mxproof",
    "holding": "postfix-mxproof",
}
"""The model of each real sender."""


def brief_policy(*mx: str) -> bytes:
    """Return the body of a policy that is over within seconds."""
    lines = ("version: STSv1", "mode: enforce", *(f"mx: {one}" for one in mx), f"max_age: {MAX_AGE_S}")
    return "".join(f"{line}\r\n" for line in lines).encode()


def moving(label: str, *, named_already: bool = False) -> MailDomain:
    """Return a domain with one MX host; the hosts `smol` and `tol` are up, with certificates for names to come.

    `named_already` has the aliases published, though nothing leads to them.
    """
    at = named(label)
    hosts = (
        Host(f"mail.{at}"),
        Host(f"smol.{at}", (f"mxi1.{at}",)),
        Host(f"tol.{at}", (f"mxi2.{at}",)),
    )
    policy = brief_policy(f"mail.{at}")
    aliases = ((f"mxi1.{at}", f"smol.{at}"), (f"mxi2.{at}", f"tol.{at}")) if named_already else ()
    return MailDomain(at, (f"mail.{at}",), hosts, aliases, id="1", policy=policy, ttl_s=TTL_S, secondary=True)


MOVE_ZONE = """\
@         MX    10 mxi1
@         MX    20 mxi2
mxi1      CNAME smol
mxi2      CNAME tol
_mta-sts  TXT   "v=STSv1; id=2;"
"""
"""The founding migration: two MX hosts whose names are aliases."""


def move_policy(label: str) -> bytes:
    """Return the policy after the founding migration, which lists the MX names alone."""
    return brief_policy(f"mxi1.{named(label)}", f"mxi2.{named(label)}")


def secured(label: str) -> MailDomain:
    """Return a signed domain with one MX host and the TLSA record of its key."""
    host = Host(f"mx.{named(label)}")
    return MailDomain(
        named(label),
        (host.name,),
        (host,),
        tlsa=(Tlsa(host.name, host.name),),
        signed=True,
        ttl_s=TTL_S,
        secondary=True,
    )


MOVED, MOVED_NAIVELY = moving("moved"), moving("naive", named_already=True)
ROLLED, ROLLED_NAIVELY = secured("rolled"), secured("rolled-naively")
DOMAINS = (MOVED, MOVED_NAIVELY, ROLLED, ROLLED_NAIVELY)
