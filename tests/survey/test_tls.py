"""What a server is offered of TLS, in which order, and when no more."""

import pytest

from mxproof.evidence import Answer, Evidence, HelloData, Kind, Outcome, Question, SmtpStage
from mxproof.formats.tls_offer import Offer
from mxproof.survey import inbound, tls
from mxproof.survey.reading import nameless
from mxproof.survey.tls import OFFERS_MAX
from support_certificates import NOW
from support_world import Smtp, ZoneWorld, collect
from support_worlds import MX1, OFFERED, everywhere

ADDRESS = "192.0.2.1"
REFUSED = Answer(Outcome.FOUND, NOW, HelloData(SmtpStage.HANDSHAKE, alert="handshake_failure"))
CLOSED = Answer(Outcome.CLOSED, NOW, HelloData(SmtpStage.HANDSHAKE))


def offered(world: ZoneWorld) -> list[Offer]:
    """Return what was offered to one server, in order."""
    asked = collect(world).answers
    return [one.offer for one in asked if one.kind is Kind.TLS and one.at == ADDRESS]


def at(server: Smtp) -> ZoneWorld:
    return everywhere(server, OFFERED)


def next_after(evidence: Evidence, *answers: tuple[Offer, Answer]) -> list[Offer]:
    """Return what is offered next to one server once it gave these answers."""
    given = ((Question(Kind.TLS, MX1, ADDRESS, offer=offer), answer) for offer, answer in answers)
    wanted = tls.wanted(evidence.with_answers(given))
    return [one.offer for one in wanted if one.at == ADDRESS and one.kind is Kind.TLS]


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (Smtp(), ["tls1.2", "tls1.2-rsa", "tls1.1", "weak", "anonymous"]),
        (Smtp(version="TLSv1.2"), ["tls1.2-rsa", "tls1.1", "weak", "anonymous"]),
        (
            Smtp(version="TLSv1.2", offers=(Offer.ECDHE_CBC,)),
            ["tls1.2", "tls1.2-cbc", "tls1.2-rsa", "tls1.1", "weak", "anonymous"],
        ),
        (Smtp(version="TLSv1"), ["tls1.2", "tls1.2-cbc", "tls1.2-rsa", "weak", "anonymous"]),
    ],
)
def test_what_the_usual_session_has_shown_is_not_offered_again(server: Smtp, want: list[str]) -> None:
    assert offered(at(server)) == want


@pytest.mark.parametrize(
    "server",
    [
        Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT),
        Smtp(stage=SmtpStage.GREETING),
        Smtp(stage=SmtpStage.EHLO),
        Smtp(stage=SmtpStage.STARTTLS),
    ],
)
def test_a_server_that_does_not_come_to_a_handshake_is_offered_nothing(server: Smtp) -> None:
    assert offered(at(server)) == []


def test_a_server_whose_handshake_fails_is_offered_all_one_by_one() -> None:
    evidence = collect(at(Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.CLOSED)), inbound.wanted)
    answers: list[tuple[Offer, Answer]] = []
    while following := next_after(evidence, *answers):
        (offer,) = following
        answers.append((offer, REFUSED))
    assert [offer for offer, _ in answers] == [one for one in Offer if one is not Offer.ANY]
    assert len(answers) == OFFERS_MAX


@pytest.mark.parametrize(
    "answer",
    [
        Answer(Outcome.REFUSED, NOW, HelloData(SmtpStage.CONNECT)),
        Answer(Outcome.FOUND, NOW, HelloData(SmtpStage.GREETING, reply=b"421 too many connections")),
        Answer(Outcome.TIMEOUT, NOW, HelloData(SmtpStage.HANDSHAKE)),
        Answer(Outcome.UNASKED, NOW),
    ],
)
def test_a_server_that_has_enough_is_asked_nothing_more(answer: Answer) -> None:
    evidence = collect(OFFERED, inbound.wanted)
    assert next_after(evidence) == [Offer.TLS_1_2]
    assert next_after(evidence, (Offer.TLS_1_2, answer)) == []


def test_what_it_is_known_to_take_is_offered_once_more_to_a_server_that_closes() -> None:
    evidence = collect(OFFERED, inbound.wanted)
    told = [(one, REFUSED) for one in Offer if one not in {Offer.ANY, Offer.TLS_1_3, Offer.ANONYMOUS}]
    assert next_after(evidence, *told, (Offer.ANONYMOUS, REFUSED)) == []
    assert next_after(evidence, *told, (Offer.ANONYMOUS, CLOSED)) == [Offer.TLS_1_3]
    assert next_after(evidence, *told, (Offer.ANONYMOUS, CLOSED), (Offer.TLS_1_3, CLOSED)) == []


def test_what_is_not_known_of_a_server_that_turns_away_is_told() -> None:
    evidence = collect(OFFERED, inbound.wanted)
    question = Question(Kind.TLS, MX1, ADDRESS, offer=Offer.TLS_1_2)
    away = Answer(Outcome.FOUND, NOW, HelloData(SmtpStage.GREETING, reply=b"421 no"))
    assert tls.unanswered(evidence.with_answers([(question, away)])) == (question,)
    assert tls.unanswered(evidence.with_answers([(question, CLOSED)])) == ()
    assert tls.unanswered(collect(OFFERED)) == ()


def test_a_session_without_a_name_follows_when_no_offer_is_left_to_make() -> None:
    asked = [
        one for one in collect(OFFERED).answers if one.at == ADDRESS and one.kind in {Kind.TLS, Kind.SMTP}
    ]
    assert asked[-1] == Question(Kind.SMTP, ADDRESS, ADDRESS)
    assert asked[0] == Question(Kind.SMTP, MX1, ADDRESS)


def test_a_server_that_came_to_no_session_is_not_tried_without_a_name() -> None:
    asked = collect(at(Smtp(stage=SmtpStage.STARTTLS))).answers
    assert Question(Kind.SMTP, ADDRESS, ADDRESS) not in asked


@pytest.mark.parametrize(
    ("last", "want"),
    [
        (None, False),
        (REFUSED, True),
        (CLOSED, False),
        (Answer(Outcome.TIMEOUT, NOW, HelloData(SmtpStage.HANDSHAKE)), False),
        (Answer(Outcome.REFUSED, NOW, HelloData(SmtpStage.CONNECT)), False),
    ],
)
def test_the_session_without_a_name_waits_for_an_answer_to_the_last_offer(
    last: Answer | None, want: bool
) -> None:
    evidence = collect(OFFERED, inbound.wanted)
    told = [(one, REFUSED) for one in Offer if one not in {Offer.ANY, Offer.TLS_1_3, Offer.ANONYMOUS}]
    answers = [*told, *([(Offer.ANONYMOUS, last)] if last else [])]
    given = [(Question(Kind.TLS, MX1, ADDRESS, offer=offer), answer) for offer, answer in answers]
    assert (nameless(ADDRESS) in tls.wanted(evidence.with_answers(given))) is want


AGREED = Answer(
    Outcome.FOUND,
    NOW,
    HelloData(SmtpStage.HANDSHAKE, version="TLSv1.2", cipher="TLS_RSA_WITH_AES_128_GCM_SHA256"),
)
_OFFERS = (Offer.TLS_1_2, Offer.ECDHE_CBC, Offer.KEY_TRANSPORT, Offer.TLS_1_1, Offer.WEAK, Offer.ANONYMOUS)


@pytest.mark.parametrize(
    ("answers", "want"),
    [
        pytest.param("rrrrrr", [], id="all refused"),
        pytest.param("rrcrrr", [Offer.TLS_1_3], id="a close that nothing agreed behind"),
        pytest.param("crrrrr", [Offer.TLS_1_3], id="the first"),
        pytest.param("rrcarr", [], id="it agreed to a later one"),
        pytest.param("rracrr", [Offer.TLS_1_3], id="it agreed to an earlier one alone"),
        pytest.param("rrcacr", [Offer.TLS_1_3], id="closed again"),
        pytest.param("rrrrca", [], id="it agreed to the last"),
    ],
)
def test_a_close_is_doubted_unless_the_server_agreed_to_a_later_offer(
    answers: str, want: list[Offer]
) -> None:
    evidence = collect(OFFERED, inbound.wanted)
    said = {"r": REFUSED, "c": CLOSED, "a": AGREED}
    told = [(offer, said[letter]) for offer, letter in zip(_OFFERS, answers, strict=True)]
    assert next_after(evidence, *told) == want


def test_a_cipher_in_cbc_mode_is_offered_to_those_alone_who_refuse_better_ones() -> None:
    evidence = collect(OFFERED, inbound.wanted)
    assert next_after(evidence, (Offer.TLS_1_2, AGREED)) == [Offer.KEY_TRANSPORT]
    for answer in (REFUSED, CLOSED):
        assert next_after(evidence, (Offer.TLS_1_2, answer)) == [Offer.ECDHE_CBC]


def test_a_server_whose_usual_handshake_failed_is_not_tried_without_a_name() -> None:
    evidence = collect(at(Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.CLOSED)), inbound.wanted)
    given = [
        (Question(Kind.TLS, MX1, ADDRESS, offer=offer), REFUSED) for offer in Offer if offer is not Offer.ANY
    ]
    whole = evidence.with_answers(given)
    assert [one for one in tls.wanted(whole) if one.at == ADDRESS] == []
    assert nameless(ADDRESS) not in tls.needed(whole)
