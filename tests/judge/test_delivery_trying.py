"""A sender before each address: what it does there, and what is told of the dialogue."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Answer, Outcome, SmtpData, SmtpLine, SmtpStage
from mxproof.judge.delivery_test import DialogueLine, DialogueSide, TryResult
from mxproof.judge.delivery_trying import Trying, again_in_clear, dialogue, goes_on, tried, unconnected
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.transaction import Transaction, TransactionStage
from support_incident import FIXED, INCIDENT
from support_world import ZoneWorld, collect

AT = INCIDENT.at
C, S = "C", "S"
EHLO = (SmtpLine(S, b"220 mx"), SmtpLine(C, b"EHLO a"), SmtpLine(S, b"250 mx"))


def trying(world: ZoneWorld, sender: str = "rfc8461") -> Trying:
    """Return a sender before a world of which all is known but the sessions."""
    evidence = collect(world)
    sessions = [question for question in evidence.answers if question.kind == "smtp"]
    traits = next(one for one in SENDERS if one.id == sender)
    return Trying(evidence.without(sessions), traits, evidence.vantage.anchors)


def clear(stage: SmtpStage = SmtpStage.EHLO, outcome: Outcome = Outcome.FOUND) -> Answer:
    return Answer(outcome, AT, SmtpData(stage, EHLO, ()))


def test_every_address_of_every_host_is_a_target_in_order_of_preference() -> None:
    got = [(one.host.name, one.endpoint.address) for one in trying(INCIDENT).targets(AT)]
    assert [name for name, _ in got] == sorted(name for name, _ in got)
    assert len(got) == len(set(got)) > 1


def test_what_the_policy_forbids_is_known_before_anybody_connects() -> None:
    one = trying(INCIDENT, "microsoft")
    target = one.targets(AT)[0]
    before = one.before(target, AT)
    told = unconnected(target, before)
    assert not goes_on(before)
    assert (told.result, told.connections, told.verdict) == (TryResult.WITHHELD, 0, Verdict.REFUSED)
    assert told.bounce is not None


def test_what_the_whole_session_shows_decides_as_in_a_check() -> None:
    one = trying(FIXED)
    target, whole = one.targets(AT)[0], collect(FIXED)
    assert goes_on(one.before(target, AT))
    known = one.with_session(target, whole.answer(target.question))
    assert known.delivery(target, AT).outcome is Verdict.DELIVERS
    seen = known.tls(target, AT)
    assert seen is not None
    assert (seen.trusted, seen.server_name) == (True, target.question.name)
    assert target.host.name in seen.names


def test_where_tls_is_demanded_a_server_without_it_gets_no_mail() -> None:
    one = trying(FIXED)
    target = one.targets(AT)[0]
    delivery = one.with_session(target, clear()).delivery(target, AT)
    assert not goes_on(delivery)
    made = Transaction(clear(), TransactionStage.SESSION, Outcome.FOUND, "", EHLO)
    told = tried(target, delivery, None, made, ("<id>", 10))
    assert (told.result, told.message_id) == (TryResult.WITHHELD, None)


def test_a_broken_handshake_has_an_opportunistic_sender_come_again_in_clear_text() -> None:
    session = Answer(Outcome.TLS_FAILED, AT, SmtpData(SmtpStage.HANDSHAKE, EHLO, ("STARTTLS",)))
    for sender, again in (("opportunistic", True), ("rfc8461", False)):
        one = trying(FIXED, sender)
        target = one.targets(AT)[0]
        delivery = one.with_session(target, session).delivery(target, AT)
        assert (goes_on(delivery), again_in_clear(delivery, session)) == (again, again)


@pytest.mark.parametrize(
    ("stage", "code", "with_data", "want"),
    [
        (TransactionStage.MESSAGE, 250, True, TryResult.ACCEPTED),
        (TransactionStage.RCPT, 250, False, TryResult.ACCEPTED),
        (TransactionStage.RCPT, 550, True, TryResult.REJECTED),
        (TransactionStage.RCPT, 450, False, TryResult.DEFERRED),
        (TransactionStage.MESSAGE, 451, True, TryResult.DEFERRED),
        (TransactionStage.MAIL, 552, True, TryResult.REJECTED),
    ],
)
def test_the_last_reply_names_the_result(
    stage: TransactionStage, code: int, with_data: bool, want: TryResult
) -> None:
    one = trying(FIXED, "opportunistic")
    target = one.targets(AT)[0]
    delivery = one.with_session(target, clear()).delivery(target, AT)
    made = Transaction(clear(), stage, Outcome.FOUND, "", EHLO, code, (b"%d x" % code,))
    told = tried(target, delivery, None, made, ("<id>", 10) if with_data else None)
    assert (told.result, told.stage, told.reply) == (want, stage.value, (f"{code} x",))
    assert (told.message_id is not None) == (stage is TransactionStage.MESSAGE and with_data)


@pytest.mark.parametrize(
    ("greeting", "want"), [(b"421 busy", TryResult.DEFERRED), (b"554 no", TryResult.REJECTED)]
)
def test_a_greeting_that_turns_away_is_the_servers_word(greeting: bytes, want: TryResult) -> None:
    said = (SmtpLine(S, greeting), SmtpLine(C, b"QUIT"), SmtpLine(S, b"221 bye"))
    session = Answer(Outcome.FOUND, AT, SmtpData(SmtpStage.GREETING, said, ()))
    one = trying(FIXED)
    target = one.targets(AT)[0]
    delivery = one.with_session(target, session).delivery(target, AT)
    made = Transaction(session, TransactionStage.SESSION, Outcome.FOUND, "", said)
    assert tried(target, delivery, None, made, None).result is want


def test_silence_is_no_refusal() -> None:
    session = Answer(Outcome.TIMEOUT, AT + timedelta(seconds=1), SmtpData(SmtpStage.CONNECT))
    one = trying(FIXED)
    target = one.targets(AT)[0]
    delivery = one.with_session(target, session).delivery(target, AT)
    made = Transaction(session, TransactionStage.SESSION, Outcome.TIMEOUT, "not complete within 10 s", ())
    assert tried(target, delivery, None, made, None).result is TryResult.BROKEN


def test_the_message_stands_in_the_dialogue_where_it_was_sent() -> None:
    said = (SmtpLine(C, b"DATA"), SmtpLine(S, b"354 go"), SmtpLine(S, b"250 \xff"))
    got = list(dialogue(said, None, TransactionStage.MESSAGE, 7))
    assert [one.side for one in got] == [
        DialogueSide.CLIENT,
        DialogueSide.SERVER,
        DialogueSide.MESSAGE,
        DialogueSide.SERVER,
    ]
    assert got[-1] == DialogueLine(DialogueSide.SERVER, "250 \\xff")


def test_of_two_connections_both_are_shown() -> None:
    session = Answer(Outcome.TLS_FAILED, AT, SmtpData(SmtpStage.HANDSHAKE, EHLO), detail="no cipher")
    one = trying(FIXED, "opportunistic")
    target = one.targets(AT)[0]
    delivery = one.with_session(target, session).delivery(target, AT)
    made = Transaction(session, TransactionStage.RCPT, Outcome.FOUND, "", EHLO, 250, (b"250 ok",), again=True)
    told = tried(target, delivery, None, made, None)
    sides = [line.side for line in told.dialogue]
    assert (told.connections, told.result, told.tls) == (2, TryResult.ACCEPTED, None)
    assert sides.index(DialogueSide.TLS) == len(EHLO)
    assert len(sides) == 2 * len(EHLO) + 1


@pytest.mark.parametrize(
    ("stage", "outcome", "security", "is_again"),
    [
        (SmtpStage.HANDSHAKE, Verdict.DELIVERS, Security.NONE, True),
        (SmtpStage.SECURED, Verdict.DELIVERS, Security.NONE, True),
        (SmtpStage.STARTTLS, Verdict.DELIVERS, Security.NONE, False),
        (SmtpStage.EHLO, Verdict.DELIVERS, Security.NONE, False),
        (SmtpStage.HANDSHAKE, Verdict.REFUSED, Security.NONE, False),
        (SmtpStage.HANDSHAKE, Verdict.AT_RISK, Security.NONE, False),
        (SmtpStage.SECURED, Verdict.DELIVERS, Security.MTA_STS, False),
        (SmtpStage.SECURED, Verdict.DELIVERS, Security.DANE, False),
    ],
)
def test_only_who_does_without_tls_comes_again_in_clear_text_once_tls_was_tried(
    stage: SmtpStage, outcome: Verdict, security: Security, *, is_again: bool
) -> None:
    one = trying(FIXED)
    known = one.delivery(one.targets(AT)[0], AT)
    delivery = msgspec.structs.replace(known, outcome=outcome, security=security)
    assert again_in_clear(delivery, clear(stage)) is is_again
    assert not again_in_clear(delivery, Answer(Outcome.TIMEOUT, AT))


@pytest.mark.parametrize("outcome", list(Verdict))
def test_a_sender_hands_its_mail_over_unless_it_is_known_to_refuse(outcome: Verdict) -> None:
    one = trying(FIXED)
    known = one.delivery(one.targets(AT)[0], AT)
    assert goes_on(msgspec.structs.replace(known, outcome=outcome)) is (outcome is not Verdict.REFUSED)
