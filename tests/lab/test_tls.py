"""What the TLS of a lab's server takes and shows: one version, some offers, or a certificate by name."""

import ssl
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import pytest

from mxproof.formats.tls_offer import Offer
from mxproof.lab.ca import Issued
from mxproof.lab.tls import server_context
from support_certificates import INTERMEDIATE, leaf

NAME, OTHER = "mx1.example.com", "mx2.example.com"
V1, V1_1, V1_2, V1_3 = (
    ssl.TLSVersion.TLSv1,
    ssl.TLSVersion.TLSv1_1,
    ssl.TLSVersion.TLSv1_2,
    ssl.TLSVersion.TLSv1_3,
)


class Session(NamedTuple):
    """What a client came to."""

    version: str | None
    suite: str
    shown: bytes | None


@cache
def issued(name: str) -> Issued:
    own = leaf((name,))
    return Issued(own.key, (own.certificate, INTERMEDIATE.certificate))


def shaken(server: ssl.SSLContext, client: ssl.SSLContext, name: str | None = NAME) -> Session:
    """Shake hands within this process; raises what ends the handshake at the client."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = client.wrap_bio(to_client, to_server, server_hostname=name)
    there = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (here, there):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    suite = here.cipher()
    return Session(here.version(), suite[0] if suite else "", here.getpeercert(binary_form=True))


def trusting(ciphers: str = "ALL:eNULL:@SECLEVEL=0") -> ssl.SSLContext:
    """Return a client that takes everything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


def context(only: str = "", offers: tuple[Offer, ...] = ()) -> ssl.SSLContext:
    return server_context(issued(NAME), only=only, offers=offers)


def bounds(one: ssl.SSLContext) -> tuple[ssl.TLSVersion, ssl.TLSVersion]:
    return one.minimum_version, one.maximum_version


def suites(one: ssl.SSLContext) -> set[str]:
    """Return the suites that a server takes up to TLS 1.2."""
    return {cipher["name"] for cipher in one.get_ciphers() if not cipher["name"].startswith("TLS_")}


def test_a_server_shows_its_certificate_and_speaks_the_newest_version() -> None:
    got = shaken(context(), trusting())
    assert (got.version, got.shown) == ("TLSv1.3", issued(NAME).ders()[0])


@pytest.mark.parametrize(("only", "version"), [("TLSv1", V1), ("TLSv1.1", V1_1), ("TLSv1.2", V1_2)])
def test_a_server_of_one_older_version_speaks_no_other(only: str, version: ssl.TLSVersion) -> None:
    assert bounds(context(only)) == (version, version)


def test_a_server_of_the_newest_version_is_not_limited_to_it() -> None:
    assert bounds(context("TLSv1.3")) == bounds(context())
    assert shaken(context("TLSv1.2"), trusting()).version == "TLSv1.2"


@pytest.mark.parametrize(
    ("offers", "want"),
    [
        ((Offer.TLS_1_3,), (V1_3, V1_3)),
        ((Offer.TLS_1_2,), (V1_2, V1_2)),
        ((Offer.TLS_1_3, Offer.TLS_1_2), (V1_2, V1_3)),
        ((Offer.KEY_TRANSPORT,), (V1_2, V1_2)),
        ((Offer.TLS_1_1,), (V1, V1_1)),
        ((Offer.TLS_1_1, Offer.TLS_1_2), (V1, V1_2)),
        ((Offer.TLS_1_1, Offer.TLS_1_3), (V1, V1_3)),
    ],
)
def test_a_server_speaks_the_versions_of_the_offers_that_it_takes(
    offers: tuple[Offer, ...], want: tuple[ssl.TLSVersion, ssl.TLSVersion]
) -> None:
    assert bounds(context(offers=offers)) == want


def test_offers_count_before_a_version() -> None:
    assert bounds(context("TLSv1", (Offer.TLS_1_3,))) == (V1_3, V1_3)


@pytest.mark.parametrize(
    ("offer", "has"),
    [
        (Offer.TLS_1_2, "ECDHE-RSA-AES256-GCM-SHA384"),
        (Offer.ECDHE_CBC, "ECDHE-RSA-AES256-SHA"),
        (Offer.KEY_TRANSPORT, "AES256-SHA"),
        (Offer.WEAK, "NULL-SHA256"),
        (Offer.ANONYMOUS, "ADH-AES256-SHA"),
    ],
)
def test_a_server_has_the_suites_of_its_offers_and_no_others(offer: Offer, has: str) -> None:
    alone = suites(context(offers=(offer,)))
    assert has in alone
    usual = suites(context(offers=(Offer.TLS_1_2,)))
    assert (alone & usual == set()) is (offer is not Offer.TLS_1_2)
    assert suites(context(offers=(offer, Offer.TLS_1_3))) == alone


def test_a_server_of_tls_1_3_alone_has_the_suites_that_are_usual() -> None:
    assert suites(context(offers=(Offer.TLS_1_3,))) == suites(context())


@pytest.mark.parametrize(
    ("name", "shown"), [(OTHER, OTHER), (NAME, NAME), ("mx3.example.com", NAME), (None, NAME)]
)
def test_the_certificate_is_that_of_the_name_in_sni_or_else_the_usual_one(
    name: str | None, shown: str
) -> None:
    by_name: Mapping[str, Issued] = {OTHER: issued(OTHER)}
    got = shaken(server_context(issued(NAME), by_name), trusting(), name)
    assert got.shown == issued(shown).ders()[0]


def test_a_server_with_one_certificate_is_told_no_name() -> None:
    assert server_context(issued(NAME), {}).sni_callback is None
    assert server_context(issued(NAME), {OTHER: issued(OTHER)}).sni_callback is not None


def test_a_client_that_cannot_agree_is_told_by_an_alert() -> None:
    old = trusting()
    old.maximum_version = V1_2
    with pytest.raises(ssl.SSLError) as told:
        shaken(context(offers=(Offer.TLS_1_3,)), old)
    assert told.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"
