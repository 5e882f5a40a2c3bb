"""What MX addresses take of TLS beside what a usual session shows."""

import pytest

from mxproof.evidence import Kind, Outcome, SmtpStage
from mxproof.formats.tls_offer import Offer
from mxproof.judge.checks import tls
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Configure, PresentCertificate, Service, Setting
from support_findings import codes, found, only
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, OFFERED, everywhere

TODAY = (Offer.TLS_1_3, Offer.TLS_1_2)


def taking(*offers: Offer, version: str = "TLSv1.3") -> list[str]:
    """Return what is found at each of two hosts, once."""
    found = codes(everywhere(Smtp(offers=offers, version=version), OFFERED), tls.check)
    assert found[: len(found) // 2] == found[len(found) // 2 :]
    return found[: len(found) // 2]


def test_versions_and_suites_of_today_are_in_order() -> None:
    assert taking(*TODAY) == [Code.TLS_OK]
    assert only(OFFERED.zone_with("example.com MX 10 mx1.example.com"), Code.TLS_OK, tls.check).params[
        "seen"
    ] == (
        "TLSv1.3",
        "TLSv1.2",
    )


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        (Offer.TLS_1_1, Code.TLS_RETIRED_TAKEN),
        (Offer.WEAK, Code.TLS_CIPHER_WEAK),
        (Offer.ANONYMOUS, Code.TLS_CIPHER_ANONYMOUS),
        (Offer.KEY_TRANSPORT, Code.TLS_KEY_TRANSPORT),
    ],
)
def test_what_had_better_be_refused_is_told(offer: Offer, code: Code) -> None:
    assert taking(*TODAY, offer) == [code]


def test_tls_1_2_alone_is_remarked_on_and_1_3_alone_is_a_fault() -> None:
    assert taking(Offer.TLS_1_2, version="TLSv1.2") == [Code.TLS_NEWEST_MISSING]
    assert taking(Offer.TLS_1_3) == [Code.TLS_NEWEST_ONLY]
    assert taking(Offer.TLS_1_3, Offer.ECDHE_CBC) == [Code.TLS_OK]


def test_suites_that_some_libraries_no_longer_offer_are_a_fault() -> None:
    assert taking(Offer.ECDHE_CBC, version="TLSv1.2") == [Code.TLS_SUITES_OLD, Code.TLS_NEWEST_MISSING]


def test_a_server_that_has_nothing_in_force_is_told_of_elsewhere() -> None:
    assert taking(Offer.TLS_1_1, version="TLSv1") == []


def test_a_world_in_which_nothing_was_offered_is_not_judged() -> None:
    assert codes(GOOD, tls.check) == []
    assert codes(everywhere(Smtp(stage=SmtpStage.EHLO), OFFERED), tls.check) == []
    blocked = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT)
    assert codes(everywhere(blocked, OFFERED), tls.check) == []


def test_an_offer_without_an_answer_leaves_the_rest_to_be_said() -> None:
    world: ZoneWorld = everywhere(Smtp(offers=(*TODAY, Offer.WEAK)), OFFERED)
    evidence = collect(world)
    cut = evidence.without(
        one for one in evidence.answers if one.kind is Kind.TLS and one.offer is Offer.ANONYMOUS
    )
    found = [one.code for one in tls.check(assemble(cut, world.at))]
    assert found == [Code.TLS_CIPHER_WEAK] * 2
    sound = collect(OFFERED)
    cut = sound.without(one for one in sound.answers if one.kind is Kind.TLS and one.offer is Offer.ANONYMOUS)
    assert list(tls.check(assemble(cut, world.at))) == []


def test_what_addresses_take_is_told_of_all_of_them_with_all_that_showed_it() -> None:
    weak = Smtp(offers=(*TODAY, Offer.WEAK))
    world = OFFERED.but(smtp={"192.0.2.1": weak, "2001:db8::1": weak})
    finding = only(world, Code.TLS_CIPHER_WEAK, tls.check)
    assert finding.params["addresses"] == ("192.0.2.1", "2001:db8::1")
    assert [(one.kind, one.at, one.offer) for one in finding.evidence] == [
        (Kind.SMTP, "192.0.2.1", Offer.ANY),
        (Kind.TLS, "192.0.2.1", Offer.WEAK),
        (Kind.SMTP, "2001:db8::1", Offer.ANY),
        (Kind.TLS, "2001:db8::1", Offer.WEAK),
    ]
    assert codes(world, tls.check) == [Code.TLS_CIPHER_WEAK, Code.TLS_OK]


def test_addresses_of_one_host_that_take_different_things_are_told_each_by_what_it_takes() -> None:
    old = Smtp(version="TLSv1.2", offers=(Offer.ECDHE_CBC,))
    world = OFFERED.but(smtp={"192.0.2.1": old, "2001:db8::1": Smtp(offers=(*TODAY, Offer.KEY_TRANSPORT))})
    told = [(one.code, one.params["addresses"]) for one in found(world, tls.check)]
    assert told == [
        (Code.TLS_SUITES_OLD, ("192.0.2.1",)),
        (Code.TLS_NEWEST_MISSING, ("192.0.2.1",)),
        (Code.TLS_KEY_TRANSPORT, ("2001:db8::1",)),
        (Code.TLS_OK, ("192.0.2.2",)),
    ]


def test_only_the_address_with_old_suites_is_set_right_and_goes_on_with_its_certificate() -> None:
    old = Smtp(version="TLSv1.2", offers=(Offer.ECDHE_CBC,))
    finding = only(OFFERED.but(smtp={"2001:db8::1": old}), Code.TLS_SUITES_OLD, tls.check)
    host = "mx1.example.com"
    assert finding.changes == (
        Configure(Service.SMTP, host, ("2001:db8::1",), Setting.TLS),
        PresentCertificate(Service.SMTP, host, ("2001:db8::1",), (host,), keeps_key=True),
    )
