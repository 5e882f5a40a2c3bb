"""What a session that was made stands for, what is remembered before it, and what is told of two connections to one address."""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from mxproof.evidence import Answer, Kind, Outcome, SmtpData, SmtpLine, SmtpStage
from mxproof.judge.codes import Code
from mxproof.judge.delivery_test import DialogueLine, DialogueSide, TlsSeen, TryResult
from mxproof.judge.delivery_trying import (
    Trying,
    again_in_clear,
    dialogue,
    goes_on,
    tls_words,
    tried,
    unconnected,
    unreached,
)
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.traits import Traits
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.memory import Memory
from mxproof.mail.transaction import Transaction, TransactionStage
from support_certificates import ROOT
from support_incident import FIXED, INCIDENT, policy
from support_world import ZoneWorld, collect

AT = INCIDENT.at
C, S = "C", "S"
GREETED = (SmtpLine(S, b"220 mx"), SmtpLine(C, b"EHLO a"), SmtpLine(S, b"250 STARTTLS"))
STARTED = (*GREETED, SmtpLine(C, b"STARTTLS"), SmtpLine(S, b"220 go"))
TLS = TlsSeen("TLSv1.3", "AES", "mx1.example.com", ("mx1.example.com",), True, AT)


def model(sender: str) -> Traits:
    return next(one for one in SENDERS if one.id == sender)


@cache
def trying(sender: str = "rfc8461", *, has_alias: bool = False) -> Trying:
    """Return a sender before a domain of which all is known but the sessions and the roots to judge them with."""
    evidence = collect(FIXED if has_alias else ZoneWorld())
    bare = evidence.without([question for question in evidence.answers if question.kind is Kind.SMTP])
    vantage = msgspec.structs.replace(bare.vantage, anchors=())
    return Trying(msgspec.structs.replace(bare, vantage=vantage), model(sender), (ROOT.der,))


def whole() -> Answer:
    """Return a sound session with the first host."""
    return collect(ZoneWorld()).answer(trying().targets(AT)[0].question)


def test_a_session_is_judged_with_the_roots_that_were_handed_over() -> None:
    one = trying()
    target = one.targets(AT)[0]
    known = one.with_session(target, whole())
    seen = known.tls(target, AT)
    assert seen is not None
    assert (seen.trusted, seen.names, seen.server_name) == (True, (target.host.name,), target.question.name)
    assert seen.not_after is not None
    delivery = known.delivery(target, AT)
    assert delivery.because == ()
    stranger = msgspec.structs.replace(one, roots=()).with_session(target, whole())
    untrusted = stranger.tls(target, AT)
    assert untrusted is not None
    assert not untrusted.trusted


def test_one_session_stands_for_those_with_any_other_name_in_sni() -> None:
    """Which name Microsoft puts there is not known, and one was tried."""
    one = trying("microsoft", has_alias=True)
    target = next(each for each in one.targets(AT) if each.host.is_alias)
    assert len({each.question for each in target.endpoint.sessions}) == 2
    made = collect(FIXED).answer(target.question)
    known = one.with_session(target, made)
    answers = {known.evidence.answer(each.question) for each in target.endpoint.sessions}
    assert answers == {made}
    assert known.delivery(target, AT).outcome is Verdict.DELIVERS
    assert one.before(target, AT).outcome is Verdict.UNKNOWN


def test_what_a_sender_remembers_decides_before_it_connects_and_afterwards() -> None:
    held = (Memory(policy("old.example.com"), AT - timedelta(hours=1), "old"),)
    no_record = ZoneWorld().zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
    evidence = collect(no_record)
    bare = evidence.without([question for question in evidence.answers if question.kind is Kind.SMTP])
    fresh = Trying(bare, model("rfc8461"), (ROOT.der,))
    holding = msgspec.structs.replace(fresh, memories=held)
    target = fresh.targets(AT)[0]
    assert [one.with_session(target, whole()).delivery(target, AT).outcome for one in (fresh, holding)] == [
        Verdict.DELIVERS,
        Verdict.AT_RISK,
    ]
    assert Code.STS_MEMORY_OUTLIVES in holding.before(target, AT).because
    assert Code.STS_MEMORY_OUTLIVES not in fresh.before(target, AT).because


def test_of_two_connections_tls_is_told_with_the_first_alone() -> None:
    data = SmtpData(SmtpStage.SECURED, STARTED, ("STARTTLS",))
    one = trying("opportunistic")
    target = one.targets(AT)[0]
    delivery = one.with_session(target, whole()).delivery(target, AT)
    clear = (*STARTED[:3], SmtpLine(C, b"STARTTLS"), SmtpLine(S, b"220 go"))
    made = Transaction(
        Answer(Outcome.FOUND, AT, data), TransactionStage.RCPT, Outcome.FOUND, "", clear, 250, (b"250 ok",)
    )
    again = tried(target, delivery, TLS, msgspec.structs.replace(made, again=True), None)
    assert (again.tls, again.connections) == (None, 2)
    told = [line for line in again.dialogue if line.side is DialogueSide.TLS]
    assert told[0] == DialogueLine(DialogueSide.TLS, tls_words(TLS))
    assert len(told) == 2
    assert told[1].text.endswith("the sender connects again and goes on in clear text")
    once = tried(target, delivery, TLS, made, None)
    assert (once.tls, once.connections) == (TLS, 1)
    assert [line.text for line in once.dialogue if line.side is DialogueSide.TLS] == [tls_words(TLS)]


@pytest.mark.parametrize(
    ("stage", "message", "sent"),
    [
        (TransactionStage.MESSAGE, ("<id>", 10), True),
        (TransactionStage.RCPT, ("<id>", 10), False),
        (TransactionStage.RCPT, None, False),
    ],
)
def test_a_message_is_named_and_told_only_where_it_was_sent(
    stage: TransactionStage, message: tuple[str, int] | None, *, sent: bool
) -> None:
    one = trying("opportunistic")
    target = one.targets(AT)[0]
    delivery = one.with_session(target, whole()).delivery(target, AT)
    said = (*GREETED, SmtpLine(C, b"DATA"), SmtpLine(S, b"354 go"))
    made = Transaction(whole(), stage, Outcome.FOUND, "", said, 250, (b"250 ok",), elapsed_ms=77)
    told = tried(target, delivery, None, made, message)
    assert told.message_id == ("<id>" if sent else None)
    assert (DialogueSide.MESSAGE in {line.side for line in told.dialogue}) is sent
    assert told.reply == ("250 ok",)


def test_the_handshake_stands_behind_the_220_to_starttls_and_behind_no_other() -> None:
    said = (*STARTED, SmtpLine(C, b"EHLO a"), SmtpLine(S, b"220 odd"))
    sides = [one.side for one in dialogue(said, TLS, TransactionStage.SESSION, 0)]
    assert sides.index(DialogueSide.TLS) == len(STARTED)
    assert sides.count(DialogueSide.TLS) == 1
    assert DialogueSide.TLS not in {one.side for one in dialogue(STARTED, None, TransactionStage.SESSION, 0)}
    refused = (*GREETED, SmtpLine(C, b"STARTTLS"), SmtpLine(S, b"454 no"))
    assert DialogueSide.TLS not in {one.side for one in dialogue(refused, TLS, TransactionStage.SESSION, 0)}


def test_what_was_not_reached_is_told_in_the_words_of_the_session_and_what_was_not_tried_in_the_sender_s() -> (
    None
):
    one = trying()
    target = one.targets(AT)[0]
    lost = Answer(Outcome.UNREACHABLE, AT, detail="no route")
    delivery = one.with_session(target, lost).delivery(target, AT)
    told = unreached(target, delivery, lost)
    assert (told.result, told.detail, told.address) == (
        TryResult.UNREACHED,
        "no route",
        target.endpoint.address,
    )
    strict = msgspec.structs.replace(one, traits=model("microsoft"))
    refusing = msgspec.structs.replace(delivery, outcome=Verdict.REFUSED)
    withheld = unconnected(target, refusing)
    assert (withheld.result, withheld.detail) == (TryResult.WITHHELD, delivery.attempts[0].detail)
    assert (withheld.mx, withheld.connections, withheld.message_id) == (target.host.name, 0, None)
    assert goes_on(strict.before(target, AT))


def test_a_session_without_data_is_never_come_back_from_in_clear_text() -> None:
    one = trying("opportunistic")
    target = one.targets(AT)[0]
    delivery = one.with_session(target, whole()).delivery(target, AT)
    clear = msgspec.structs.replace(delivery, outcome=Verdict.DELIVERS, security=Security.NONE)
    assert again_in_clear(clear, whole())
    assert not again_in_clear(delivery, whole())
    assert not again_in_clear(clear, Answer(Outcome.CLOSED, AT))
