"""What a server agreed to or refused; what it did not say is not known."""

from datetime import timedelta

import msgspec

from mxproof.evidence import Answer, Evidence, HelloData, Kind, Outcome, Question, SmtpStage
from mxproof.formats.tls_offer import Offer
from mxproof.mail.tls_offer import offers_of
from mxproof.survey import inbound
from support_certificates import NOW
from support_world import collect
from support_worlds import MX1, OFFERED

ADDRESS = "192.0.2.1"
CLOSED = Answer(Outcome.CLOSED, NOW, HelloData(SmtpStage.HANDSHAKE))
AGREED = Answer(
    Outcome.FOUND, NOW + timedelta(seconds=1), HelloData(SmtpStage.HANDSHAKE, version="TLSv1.3", cipher="any")
)


def known(**answers: Answer) -> dict[Offer, bool]:
    """Return which offers of a server are known to be refused."""
    given = ((Question(Kind.TLS, MX1, ADDRESS, offer=Offer[name]), one) for name, one in answers.items())
    evidence: Evidence = collect(OFFERED, inbound.wanted).with_answers(given)
    return {one.offer: one.is_refused for one in offers_of(evidence, MX1, ADDRESS)}


ALL = dict.fromkeys(("TLS_1_2", "ECDHE_CBC", "KEY_TRANSPORT", "TLS_1_1", "WEAK", "ANONYMOUS"), CLOSED)


def test_an_alert_is_a_refusal() -> None:
    alert = Answer(Outcome.FOUND, NOW, HelloData(SmtpStage.HANDSHAKE, alert="handshake_failure"))
    assert known(TLS_1_2=alert) == {Offer.TLS_1_2: True}
    assert known(TLS_1_2=AGREED) == {Offer.TLS_1_2: False}


def test_a_connection_that_is_closed_tells_nothing_by_itself() -> None:
    assert known(TLS_1_2=CLOSED) == {}
    assert known(**ALL) == {}
    assert known(**ALL, TLS_1_3=CLOSED) == {}


def test_a_connection_that_is_closed_is_a_refusal_where_a_later_offer_is_taken() -> None:
    assert known(**ALL, TLS_1_3=AGREED) == {
        **{Offer[name]: True for name in ALL},
        Offer.TLS_1_3: False,
    }
    assert known(TLS_1_2=CLOSED, ECDHE_CBC=AGREED) == {Offer.TLS_1_2: True, Offer.ECDHE_CBC: False}


def test_a_server_that_closes_from_some_moment_on_may_have_had_enough() -> None:
    for before_s in (0, 1):
        earlier = msgspec.structs.replace(AGREED, at=NOW - timedelta(seconds=before_s))
        assert known(TLS_1_2=earlier, WEAK=CLOSED) == {Offer.TLS_1_2: False}


def test_what_came_to_no_handshake_tells_nothing() -> None:
    away = Answer(Outcome.FOUND, NOW, HelloData(SmtpStage.GREETING, reply=b"421 no"))
    assert known(TLS_1_2=away) == {}
    assert known(TLS_1_2=Answer(Outcome.TIMEOUT, NOW, HelloData(SmtpStage.HANDSHAKE))) == {}


def test_an_offer_that_was_closed_on_later_is_none_that_was_taken() -> None:
    assert known(TLS_1_2=CLOSED, WEAK=msgspec.structs.replace(CLOSED, at=AGREED.at)) == {}


def test_a_refusal_by_closing_rests_on_itself_and_on_the_first_that_was_taken_later() -> None:
    given = {Offer.TLS_1_3: AGREED, Offer.TLS_1_2: CLOSED, Offer.WEAK: AGREED, Offer.ANONYMOUS: AGREED}
    asked = {one: Question(Kind.TLS, MX1, ADDRESS, offer=one) for one in given}
    evidence = collect(OFFERED, inbound.wanted).with_answers(
        (asked[one], said) for one, said in given.items()
    )
    (refused,) = (one for one in offers_of(evidence, MX1, ADDRESS) if one.is_refused)
    first = next(one for one in Offer if given.get(one) is AGREED)
    assert (refused.offer, refused.questions) == (Offer.TLS_1_2, (asked[Offer.TLS_1_2], asked[first]))
