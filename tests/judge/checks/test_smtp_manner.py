"""How the servers behind port 25 behave beside what decides whether mail arrives."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.checks import smtp_manner
from mxproof.judge.checks.smtp_manner import SLOW_MS
from mxproof.judge.codes import Code
from mxproof.judge.value import OfferedExtensions
from support_findings import codes, found, only, places
from support_world import Smtp, ZoneWorld
from support_worlds import GOOD, MX1, MX2

BACKUP = "192.0.2.2"


def backup(server: Smtp) -> ZoneWorld:
    return GOOD.but(smtp={BACKUP: server})


def test_sound_servers_are_in_order_with_what_they_offer() -> None:
    assert places(GOOD, smtp_manner.check) == [(Code.SMTP_OK, MX1), (Code.SMTP_OK, MX2)]
    world = GOOD.but(smtp={BACKUP: Smtp(inside=b"250-mx2.example.com\r\n250-SIZE 5\r\n250 REQUIRETLS")})
    (finding,) = (
        one
        for one in (
            only(world.zone_with("example.com MX 1 mx2.example.com"), Code.SMTP_OK, smtp_manner.check),
        )
    )
    assert finding.params["offered"] == ("SIZE 5", "REQUIRETLS")


@pytest.mark.parametrize(
    ("said", "limited"),
    [
        (b"421 4.7.0 too many connections from your address", True),
        (b"450 4.7.1 client rate exceeded", True),
        (b"421 4.3.2 concurrency limit reached", True),
        (b"554 5.7.1 rejected, your address is on a list", False),
        (b"421 4.3.0 service not available", False),
    ],
)
def test_a_limit_is_told_from_a_fault_by_the_words_of_the_server(said: bytes, *, limited: bool) -> None:
    world = backup(Smtp(stage=SmtpStage.GREETING, reply=said))
    assert (Code.SMTP_RATE_LIMITED in codes(world, smtp_manner.check)) is limited


def test_a_greeting_that_has_begun_is_no_silence() -> None:
    silent = Smtp(stage=SmtpStage.GREETING, outcome=Outcome.TIMEOUT)
    begun = Smtp(stage=SmtpStage.GREETING, outcome=Outcome.TIMEOUT, reply=b"220-mx2.exa")
    assert Code.SMTP_TARPIT not in codes(backup(silent), smtp_manner.check)
    assert Code.SMTP_TARPIT in codes(backup(begun), smtp_manner.check)


def test_a_greeting_is_late_from_two_seconds_on() -> None:
    assert Code.SMTP_GREETING_SLOW not in codes(backup(Smtp(delay_ms=SLOW_MS - 1)), smtp_manner.check)
    finding = only(backup(Smtp(delay_ms=SLOW_MS)), Code.SMTP_GREETING_SLOW, smtp_manner.check)
    assert (finding.subject, finding.params["slowest_ms"]) == (MX2, SLOW_MS)


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("mx2.example.com", False),
        ("MX2.example.com.", False),
        ("host.example.net", True),
        ("localhost", True),
        ("mail", True),
        ("[192.0.2.2]", True),
    ],
)
def test_a_name_that_stands_nowhere_else_is_odd(name: str, *, odd: bool) -> None:
    assert (Code.SMTP_NAME_OTHER in codes(backup(Smtp(name=name)), smtp_manner.check)) is odd


def test_a_name_in_the_certificate_or_the_reverse_zone_is_not_odd() -> None:
    in_certificate = backup(Smtp((MX2, "smol.example.com"), name="smol.example.com"))
    in_reverse = backup(Smtp(name="smol.example.com")).zone_with(
        "192.0.2.2 PTR smol.example.com", "smol.example.com A 192.0.2.2"
    )
    unknown = backup(Smtp(name="smol.example.com")).zone_with("192.0.2.2 PTR !timeout")
    for world in (in_certificate, in_reverse, unknown):
        assert Code.SMTP_NAME_OTHER not in codes(world, smtp_manner.check)


def test_servers_differ_in_what_decides_which_mail_they_take() -> None:
    smaller = backup(Smtp(keywords=("PIPELINING", "SIZE 1000")))
    (finding,) = (only(smaller, Code.SMTP_EXTENSIONS_DIFFER, smtp_manner.check),)
    assert finding.params["seen"] == (
        OfferedExtensions(("192.0.2.1", "2001:db8::1"), ()),
        OfferedExtensions((BACKUP,), ("SIZE 1000",)),
    )
    quicker = backup(Smtp(keywords=("PIPELINING", "CHUNKING")))
    assert Code.SMTP_EXTENSIONS_DIFFER not in codes(quicker, smtp_manner.check)


@pytest.mark.parametrize(
    ("keyword", "masked"),
    [("XXXXXXXA", True), ("XXXXXXXB", True), ("XXXX", True), ("XCLIENT", False), ("X-EXPS", False)],
)
def test_extensions_that_were_written_over_are_remarked_on_where_starttls_is_missing(
    keyword: str, *, masked: bool
) -> None:
    plain = Smtp(stage=SmtpStage.EHLO, keywords=("PIPELINING", keyword))
    secured = Smtp(keywords=("PIPELINING", keyword))
    assert (Code.STARTTLS_MASKED in codes(backup(plain), smtp_manner.check)) is masked
    assert Code.STARTTLS_MASKED not in codes(backup(secured), smtp_manner.check)


def test_what_all_addresses_of_a_host_offer_is_told_in_the_order_of_the_first() -> None:
    first = Smtp(inside=b"250-mx1.example.com\r\n250-SIZE 5\r\n250-8BITMIME\r\n250 PIPELINING")
    second = Smtp(
        inside=b"250-mx1.example.com\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 SIZE 5", version="TLSv1.2"
    )
    world = GOOD.but(smtp={"192.0.2.1": first, "2001:db8::1": second})
    order = next(
        one for one in found(world, smtp_manner.check) if (one.code, one.subject) == (Code.SMTP_OK, MX1)
    )
    assert (order.params["offered"], order.params["versions"], order.params["addresses"]) == (
        ("SIZE 5", "PIPELINING"),
        ("TLSv1.2", "TLSv1.3"),
        ("192.0.2.1", "2001:db8::1"),
    )


def test_an_odd_name_rests_on_the_session_the_addresses_and_the_reverse_names() -> None:
    finding = only(backup(Smtp(name="localhost.localdomain")), Code.SMTP_NAME_OTHER, smtp_manner.check)
    told = [str(one) for one in finding.evidence]
    assert told[:3] == [f"SMTP {BACKUP} ({MX2})", f"A {MX2}", f"AAAA {MX2}"]
    assert any(one.startswith("PTR ") for one in told[3:])


def test_extensions_are_held_against_each_other_only_where_mail_arrives_over_tls() -> None:
    fewer = ("SIZE 1000000",)
    plain = backup(Smtp(stage=SmtpStage.EHLO, keywords=fewer))
    assert Code.SMTP_EXTENSIONS_DIFFER not in codes(plain, smtp_manner.check)
    assert Code.SMTP_EXTENSIONS_DIFFER in codes(backup(Smtp(keywords=fewer)), smtp_manner.check)
