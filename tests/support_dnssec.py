"""Signed worlds: a domain whose zones have keys and signatures, and one bad world for each finding about these."""

from collections.abc import Mapping
from typing import Any

from mxproof.judge.codes import Code
from mxproof.lab.signing_setup import DsSetup, SigningFault, SigningSetup
from mxproof.survey.check_set import CheckSet
from support_world import GOOD_ZONE, ZoneWorld

NS1, NS2 = "192.0.2.53", "198.51.100.53"
SETS = (CheckSet.ARRIVAL, CheckSet.DNSSEC)
SERVERS = """
com                        NS    a.gtld.example
example                    NS    a.gtld.example
a.gtld.example             A     203.0.113.1
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns2.example.com            A     198.51.100.53
"""
TLSA = (
    "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1",
    "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2",
)
UNSIGNED = ZoneWorld(zone=GOOD_ZONE + SERVERS, sets=SETS, signed=("com",), signing={"com": SigningSetup()})
"""A domain below a signed top-level domain, and not signed itself."""
BARE = UNSIGNED.but(
    signed=("example.com", "com"), signing={"com": SigningSetup(), "example.com": SigningSetup()}
)
"""The same, signed, without TLSA records."""
WHOLE = BARE.zone_with(*TLSA)
"""The good world: signed from the top-level domain down, with the TLSA records of its keys."""


def signed_so(world: ZoneWorld = WHOLE, **changes: Any) -> ZoneWorld:  # noqa: ANN401 - the fields of the setup have many types
    """Return a world whose domain is signed in another way."""
    return world.but(signing={**world.signing, "example.com": SigningSetup(**changes)})


def faulty(fault: SigningFault, *types: str) -> ZoneWorld:
    """Return a world with something wrong in the signatures over records of `types`, or in all."""
    return signed_so(fault=fault, types=types)


def at_second_server(fault: SigningFault) -> ZoneWorld:
    """Return a world in which one of two name servers serves other signatures."""
    return WHOLE.but(signing_at={NS2: {**WHOLE.signing, "example.com": SigningSetup(fault=fault)}})


_UNCHAINED = BARE.but(signed=("com",))
DNSSEC_WORLDS: Mapping[Code, ZoneWorld] = {
    Code.DNSSEC_OK: WHOLE,
    Code.DNSSEC_DS_UNMATCHED: signed_so(ds=DsSetup.WRONG),
    Code.DNSSEC_SIGNATURE_EXPIRED: faulty(SigningFault.EXPIRED, "MX"),
    Code.DNSSEC_SIGNATURE_EARLY: faulty(SigningFault.EARLY, "MX"),
    Code.DNSSEC_SIGNATURE_WRONG: faulty(SigningFault.WRONG, "MX"),
    Code.DNSSEC_SIGNATURE_MISSING: faulty(SigningFault.MISSING, "TLSA"),
    Code.DNSSEC_KEY_MISSING: faulty(SigningFault.OTHER_KEY, "MX"),
    Code.DNSSEC_DENIAL_UNPROVEN: signed_so(BARE, fault=SigningFault.UNPROVEN),
    Code.DNSSEC_SERVER_DIFFERS: at_second_server(fault=SigningFault.EXPIRED),
    Code.DNSSEC_SIGNATURE_ENDING: signed_so(days_left=0.5),
    Code.DNSSEC_ALGORITHM_OLD: signed_so(algorithm=7),
    Code.DNSSEC_DIGEST_OLD: signed_so(digest=1),
    Code.DNSSEC_KEY_SHORT: signed_so(algorithm=8, key_bits=1024),
    Code.DNSSEC_ITERATIONS: signed_so(nsec3_iterations=10),
    Code.DNSSEC_ITERATIONS_MANY: signed_so(nsec3_iterations=100),
    Code.DNSSEC_ISLAND: signed_so(_UNCHAINED, ds=DsSetup.NONE),
    Code.DNSSEC_UNSIGNED: UNSIGNED,
    Code.DNSSEC_UNANSWERED: WHOLE.zone_with("com NS !servfail"),
    Code.DANE_ABSENT: BARE,
    Code.DANE_LINES: WHOLE,
}


def signature_over(covered: int) -> bytes:
    """Return the data of an RRSIG over records of this type (RFC 4034 section 3.1) that nobody made with a key."""
    return covered.to_bytes(2, "big") + bytes.fromhex("0d 02 0000012c 00000001 00000000 3039 00") + bytes(64)
