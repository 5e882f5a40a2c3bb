"""Port 25 at every address up to STARTTLS: what is wrong, in whose words, and what mends it."""

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question, SmtpStage
from mxproof.judge.checks import smtp
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Configure, Ipv6Value, PresentCertificate, Service, Setting, Withdraw
from support_findings import asked, codes, found, only, places
from support_world import Smtp, ZoneWorld, collect
from support_worlds import ADDRESSES, GOOD, INCIDENT, MX1, MX2, connect, everywhere

V4, V6, OTHER = ADDRESSES


def one_bad(server: Smtp) -> ZoneWorld:
    """Return a world in which one address of four sessions is `server`."""
    return GOOD.but(smtp={V6: server})


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (connect(Outcome.REFUSED), Code.SMTP_UNREACHABLE),
        (connect(Outcome.TIMEOUT), Code.SMTP_UNANSWERED),
        (connect(Outcome.UNREACHABLE), Code.SMTP_UNANSWERED),
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.TIMEOUT), Code.SMTP_UNANSWERED),
        (Smtp(stage=SmtpStage.GREETING), Code.SMTP_TURNED_AWAY),
        (Smtp(stage=SmtpStage.EHLO, reply=b"550 5.7.1 no"), Code.SMTP_TURNED_AWAY),
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.MALFORMED), Code.SMTP_BROKEN),
        (Smtp(stage=SmtpStage.EHLO, outcome=Outcome.CLOSED), Code.SMTP_BROKEN),
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.CLOSED), Code.SMTP_TURNED_AWAY),
        (Smtp(stage=SmtpStage.EHLO), Code.STARTTLS_MISSING),
        (Smtp(stage=SmtpStage.STARTTLS), Code.STARTTLS_REJECTED),
        (Smtp(stage=SmtpStage.STARTTLS, early=b"x"), Code.STARTTLS_EARLY_DATA),
        (Smtp(early=b"x"), Code.STARTTLS_EARLY_DATA),
        (Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.TLS_FAILED), Code.TLS_HANDSHAKE_FAILED),
        (Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.CLOSED), Code.TLS_HANDSHAKE_FAILED),
        (Smtp(inside=b"421 4.7.0 no"), Code.SMTP_EHLO_REJECTED),
        (Smtp(inside=b"502 5.5.1 what"), Code.SMTP_EHLO_REJECTED),
        (Smtp(inside=b"250-mx\r\n250-starttls\r\n250 SIZE 1"), Code.STARTTLS_REPEATED),
        (Smtp(version="TLSv1"), Code.TLS_VERSION_OLD),
        (Smtp(version="TLSv1.1"), Code.TLS_VERSION_OLD),
    ],
)
def test_one_bad_address_is_found_and_named(server: Smtp, code: Code) -> None:
    assert places(one_bad(server), smtp.check) == [(code, MX1)]
    assert only(one_bad(server), code, smtp.check).params["addresses"] == (V6,)


def test_sessions_that_are_secured_give_no_finding() -> None:
    assert codes(GOOD, smtp.check) == []
    assert codes(everywhere(Smtp(version="TLSv1.2")), smtp.check) == []
    assert codes(everywhere(Smtp(inside=b"250 STARTTLS")), smtp.check) == []


def test_addresses_that_fail_alike_share_a_finding_for_each_host() -> None:
    world = everywhere(Smtp(stage=SmtpStage.EHLO))
    assert places(world, smtp.check) == [(Code.STARTTLS_MISSING, MX1), (Code.STARTTLS_MISSING, MX2)]
    first = found(world, smtp.check)[0]
    assert first.params["addresses"] == (V4, V6)
    assert list(asked(first)) == [f"SMTP {V4} ({MX1})", f"SMTP {V6} ({MX1})"]


def test_what_the_server_said_is_passed_on() -> None:
    world = one_bad(Smtp(stage=SmtpStage.STARTTLS, reply=b"454 4.3.0 later\xff"))
    assert only(world, Code.STARTTLS_REJECTED, smtp.check).params["seen"] == (b"454 4.3.0 later\xff",)


def test_silence_everywhere_is_a_wall_here_and_blames_no_host() -> None:
    for outcome in (Outcome.TIMEOUT, Outcome.REFUSED, Outcome.UNREACHABLE):
        assert codes(everywhere(connect(outcome)), smtp.check) == [Code.PORT_25_BLOCKED]


def test_silence_at_all_but_one_address_is_theirs() -> None:
    servers = dict.fromkeys((V4, V6), connect(Outcome.TIMEOUT))
    assert codes(GOOD.but(smtp=servers), smtp.check) == [Code.SMTP_UNANSWERED]


def test_a_wall_here_is_told_once_with_how_many_addresses_stand_behind_it() -> None:
    finding = only(everywhere(connect(Outcome.TIMEOUT)), Code.PORT_25_BLOCKED, smtp.check)
    assert (finding.subject, finding.params["count"]) == ("example.com", 3)


@pytest.mark.parametrize(
    ("server", "seen"),
    [
        (Smtp(stage=SmtpStage.GREETING), b"554 5.7.1 no service here"),
        (Smtp(inside=b"502 5.5.1 what"), b"502 5.5.1 what"),
        (Smtp(version="TLSv1.1"), "TLSv1.1"),
    ],
    ids=["turned away", "EHLO refused inside TLS", "an old TLS"],
)
def test_a_finding_shows_the_last_words_or_the_version_of_tls(server: Smtp, seen: bytes | str) -> None:
    (finding,) = found(one_bad(server), smtp.check)
    assert finding.params["seen"] == (seen,)


@pytest.mark.parametrize(
    ("server", "outcome"),
    [
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.CLOSED), Outcome.CLOSED),
        (connect(Outcome.REFUSED), Outcome.REFUSED),
        (Smtp(stage=SmtpStage.EHLO, outcome=Outcome.CLOSED), Outcome.CLOSED),
    ],
    ids=["hung up without a word", "refused", "hung up in the middle"],
)
def test_where_the_servers_words_do_not_tell_the_fault_the_end_of_the_connection_does(
    server: Smtp, outcome: Outcome
) -> None:
    (finding,) = found(one_bad(server), smtp.check)
    seen = finding.params["seen"]
    assert isinstance(seen, tuple)
    assert [one.outcome for one in seen if isinstance(one, Answer)] == [outcome]


def test_a_refused_connection_is_told_beside_one_that_came_through() -> None:
    """Without it, the refusal might be this side's."""
    world = GOOD.but(smtp={V4: connect(Outcome.TIMEOUT), V6: connect(Outcome.REFUSED)})
    finding = only(world, Code.SMTP_UNREACHABLE, smtp.check)
    assert [one.at for one in finding.evidence] == [V6, OTHER]
    silent = only(world, Code.SMTP_UNANSWERED, smtp.check)
    assert [one.at for one in silent.evidence] == [V4]


def test_an_address_that_refuses_can_go_where_the_host_has_another() -> None:
    (way,) = only(one_bad(connect(Outcome.REFUSED)), Code.SMTP_UNREACHABLE, smtp.check).others
    assert (way.name, way.changes) == ("withdraw", (Withdraw(MX1, Ipv6Value(V6)),))
    alone = GOOD.but(smtp={OTHER: connect(Outcome.REFUSED)})
    assert only(alone, Code.SMTP_UNREACHABLE, smtp.check).others == ()
    assert only(one_bad(Smtp(stage=SmtpStage.EHLO)), Code.STARTTLS_MISSING, smtp.check).others == ()


@pytest.mark.parametrize(
    ("server", "setting", "shows"),
    [
        (Smtp(stage=SmtpStage.EHLO), Setting.STARTTLS, True),
        (Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.TLS_FAILED), Setting.TLS, True),
        (Smtp(stage=SmtpStage.EHLO, outcome=Outcome.CLOSED), Setting.ANSWERING, True),
        (Smtp(stage=SmtpStage.GREETING), Setting.ANSWERING, False),
        (connect(Outcome.REFUSED), Setting.ANSWERING, False),
    ],
    ids=["no STARTTLS", "no handshake", "broken", "turned away", "refused"],
)
def test_a_server_is_set_right_and_shows_a_certificate_where_tls_or_its_dialogue_failed(
    server: Smtp, setting: Setting, *, shows: bool
) -> None:
    (finding,) = found(one_bad(server), smtp.check)
    configured, *certificates = finding.changes
    assert configured == Configure(Service.SMTP, MX1, (V6,), setting)
    assert [type(one) for one in certificates] == [PresentCertificate] * shows


def test_a_server_goes_on_showing_the_certificate_that_was_seen_at_any_of_its_addresses() -> None:
    world = GOOD.but(smtp={V4: Smtp(early=b"x"), V6: Smtp(stage=SmtpStage.STARTTLS, early=b"x")})
    _, *shown = only(world, Code.STARTTLS_EARLY_DATA, smtp.check).changes
    assert shown == [PresentCertificate(Service.SMTP, MX1, (V4,), (MX1,), keeps_key=True)]


def test_nothing_is_to_be_set_right_at_a_server_that_did_not_answer() -> None:
    assert only(one_bad(connect(Outcome.TIMEOUT)), Code.SMTP_UNANSWERED, smtp.check).changes == ()


def test_an_address_to_which_nobody_connected_is_not_said_to_be_silent() -> None:
    world = GOOD.zone_with(f"{MX1} A 192.0.2.1", f"{MX1} A 10.0.0.1")
    unasked = Answer(Outcome.UNASKED, world.at)
    domain = assemble(
        collect(world).with_answers([(Question(Kind.SMTP, MX1, "10.0.0.1"), unasked)]), world.at
    )
    assert list(smtp.check(domain)) == []


def test_of_an_address_that_fails_for_both_names_of_an_alias_the_session_with_the_mx_name_is_told() -> None:
    world = INCIDENT.but(smtp={**INCIDENT.smtp, V4: Smtp(stage=SmtpStage.EHLO), V6: Smtp(early=b"x")})
    early, missing = sorted(found(world, smtp.check), key=lambda one: one.code)
    assert (early.code, early.evidence) == (Code.STARTTLS_EARLY_DATA, (Question(Kind.SMTP, MX1, V6),))
    assert (missing.code, missing.evidence) == (Code.STARTTLS_MISSING, (Question(Kind.SMTP, MX1, V4),))


def test_a_server_that_offers_starttls_again_and_speaks_too_early_is_told_of_both() -> None:
    both = Smtp(early=b"x", inside=b"250-mx\r\n250 STARTTLS")
    assert set(codes(one_bad(both), smtp.check)) == {Code.STARTTLS_REPEATED, Code.STARTTLS_EARLY_DATA}
