"""The words of bounces: which place they are about, and what is filled in."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.report import Bounce
from mxproof.judge.senders import SENDERS, deliver
from mxproof.mail.assemble import assemble
from support_certificates import Defect
from support_incident import policy
from support_world import Smtp, ZoneWorld, collect

FIVE_DAYS_S = 5 * 86_400
SIGNED = ZoneWorld(signed=("example.com",))


def bounce(world: ZoneWorld, sender: str) -> Bounce | None:
    traits = next(one for one in SENDERS if one.id == sender)
    return deliver(assemble(collect(world), world.at), traits).bounce


def transient(world: ZoneWorld, sender: str) -> str | None:
    found = bounce(world, sender)
    assert found is not None
    return found.transient


def everywhere(server: Smtp) -> dict[str, Smtp]:
    return dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), server)


def test_the_words_are_about_the_last_place_that_was_tried() -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(stage=SmtpStage.EHLO)))
    assert transient(world, "postfix-sts") == (
        "4.7.4 TLS is required, but was not offered by host mx2.example.com[192.0.2.2]"
    )
    assert transient(world.zone_with("mx2.example.com CNAME nowhere.example.com"), "postfix-sts") == (
        "4.7.4 TLS is required, but was not offered by host mx1.example.com[2001:db8::1]"
    )


def test_a_host_outside_the_policy_has_words_only_where_none_is_inside() -> None:
    refused = {"192.0.2.1": Smtp(defect=Defect.EXPIRED), "2001:db8::1": Smtp(defect=Defect.EXPIRED)}
    world = ZoneWorld(policy=policy("mx1.example.com"), smtp=refused)
    assert transient(world, "microsoft") == "451 4.7.5 Remote certificate failed MTA-STS validation"
    assert transient(world.but(policy=policy("other.example.com")), "microsoft") == (
        "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
    )


def test_what_may_come_back_has_its_words_where_no_place_takes_mail_for_sure() -> None:
    named = SIGNED.zone_with(
        "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1",
        "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2",
        "mx1.example.com A 192.0.2.1",
        "mx1.example.com AAAA",
        "_mta-sts.example.com TXT",
    )
    expired = Smtp(defect=Defect.EXPIRED)
    words = "450 4.7.322 certificate-expired: Destination mail server's certificate is expired."
    assert transient(named.but(smtp=everywhere(expired)), "microsoft") == words
    assert bounce(named.but(smtp={"192.0.2.2": expired}), "microsoft") is None


def test_postfix_gives_up_with_the_words_of_its_last_attempt() -> None:
    """observed: tests/real; the notice of failure keeps the code of class 4."""
    words = "4.7.5 Server certificate not verified"
    world = ZoneWorld(smtp=everywhere(Smtp(defect=Defect.SELF_SIGNED)))
    assert bounce(world, "postfix-sts") == Bounce(words, words, FIVE_DAYS_S)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"454 4.7.0 TLS not available", "4.7.0 TLS is required, but host {} refused to start TLS: {}"),
        (b"502 Not here", "5.0.0 TLS is required, but host {} refused to start TLS: {}"),
    ],
)
def test_postfix_repeats_what_the_server_says_to_starttls(reply: bytes, words: str) -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(stage=SmtpStage.STARTTLS, reply=reply)))
    assert transient(world, "postfix-sts") == words.format("mx2.example.com[192.0.2.2]", reply.decode())


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (
            Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.TLS_FAILED),
            "4.7.5 Cannot start TLS: handshake failure",
        ),
        (Smtp(defect=Defect.NOT_YET_VALID), "4.7.5 Server certificate not verified"),
    ],
    ids=["handshake", "not-yet-valid"],
)
def test_postfix_tells_a_handshake_from_a_certificate(server: Smtp, words: str) -> None:
    """Both are `validation-failure` in reports."""
    assert transient(ZoneWorld(smtp=everywhere(server)), "postfix-sts") == words


def test_postfix_names_the_host_whose_tlsa_records_cannot_be_looked_up() -> None:
    world = SIGNED.zone_with(
        "_25._tcp.mx1.example.com TLSA !servfail", "_25._tcp.mx2.example.com TLSA !servfail"
    )
    assert transient(world, "postfix-dane") == "4.7.5 TLSA lookup error for mx2.example.com:25"


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (
            Smtp(names=("other.example.net",)),
            (
                "450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative "
                "name matching the hostname (DANE)"
            ),
        ),
        (
            Smtp(stage=SmtpStage.EHLO),
            "450 4.7.321 starttls-not-supported: Destination mail server must support TLS",
        ),
    ],
    ids=["certificate", "starttls"],
)
def test_microsoft_says_whether_dane_refuses(server: Smtp, words: str) -> None:
    world = SIGNED.zone_with(
        "_25._tcp.mx1.example.com TLSA 2 0 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 2 0 1 @192.0.2.2"
    )
    assert transient(world.but(smtp=everywhere(server)), "microsoft") == words


def test_stalwart_refuses_at_once_and_for_good() -> None:
    """CA-08 asks for a transient failure; Stalwart makes it a permanent one."""
    found = bounce(ZoneWorld(policy=policy("other.example.com")), "stalwart")
    assert found == Bounce(None, "MX mx2.example.com not authorized by policy.", 0)
