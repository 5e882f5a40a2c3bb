"""What a sender makes of a certificate that is not meant for a server, by its TLS library."""

import pytest

from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.traits import Library
from mxproof.judge.vocabulary import Verdict
from support_certificates import Defect
from support_senders import deliveries, everywhere, those
from support_world import Smtp, ZoneWorld

BARE = ZoneWorld().zone_with("_mta-sts.example.com TXT")
"""Without a policy."""
ENFORCING = {traits.id for traits in SENDERS if traits.mta_sts}


def having(*libraries: Library) -> set[str]:
    return {traits.id for traits in SENDERS if traits.library in libraries}


def refusing(defect: Defect, world: ZoneWorld | None = None) -> set[str]:
    return those(Verdict.REFUSED, (world or ZoneWorld()).but(smtp=everywhere(Smtp(defect=defect))))


@pytest.mark.parametrize(
    ("defect", "libraries"),
    [
        (Defect.KEY_USAGE, {Library.OPENSSL, Library.GNUTLS, Library.UNKNOWN}),
        (Defect.NO_SIGNATURES, {Library.GNUTLS}),
        (Defect.ANY_PURPOSE, {Library.OPENSSL, Library.RUSTLS}),
    ],
)
def test_where_a_policy_is_enforced_the_library_decides(defect: Defect, libraries: set[Library]) -> None:
    assert refusing(defect) == ENFORCING & having(*libraries)


@pytest.mark.parametrize("defect", [Defect.KEY_USAGE, Defect.NO_SIGNATURES])
def test_where_nothing_is_demanded_only_who_never_falls_back_refuses(defect: Defect) -> None:
    """observed: GnuTLS breaks the handshake off; Exim comes in clear text then, Courier does not."""
    assert refusing(defect, BARE) == {"courier"}


def test_a_key_that_tlsa_names_is_taken_where_a_handshake_comes_about() -> None:
    dane = {traits.id for traits in SENDERS if traits.dane}
    assert refusing(
        Defect.KEY_USAGE,
        BARE.but(signed=("example.com", "in-addr.arpa", "ip6.arpa")).zone_with(
            "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"
        ),
    ) & dane == dane & having(Library.GNUTLS)


def test_the_finding_is_the_reason() -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(defect=Defect.NO_SIGNATURES)))
    assert deliveries(world)["courier"].because == (Code.CERT_PURPOSE_WRONG,)
