"""From a transaction to what is said of it: the sender judged at that address, and the dialogue as lines."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question, SmtpData, SmtpLine, SmtpStage
from mxproof.judge.delivery_test import DeliveryTry, DialogueLine, DialogueSide, TlsSeen, TryResult
from mxproof.judge.report import Delivery
from mxproof.judge.senders import Traits, deliver_at, server_name
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Endpoint, Host, MailDomain
from mxproof.mail.memory import SenderMemory
from mxproof.mail.transaction import Transaction, TransactionStage
from mxproof.mail.transcript import last_reply
from mxproof.mail.trust import with_anchors

DELIVERIES_MAX = 50
"""Addresses that one test goes to; no domain needs as many, and each gets a mail."""
_NOT_YET = "not connected to yet"


class Target(msgspec.Struct, frozen=True):
    """One address to try, and the question that names it with what the sender puts in SNI."""

    host: Host
    endpoint: Endpoint
    question: Question


class Trying(msgspec.Struct, frozen=True):
    """A sender before one domain: all that was found out of it, without a session, and the roots (DER) to judge with."""

    evidence: Evidence
    traits: Traits
    roots: tuple[bytes, ...]
    memories: tuple[SenderMemory, ...] = ()

    def domain(self, now: datetime) -> MailDomain:
        """Return the domain as it was found."""
        return assemble(self.evidence, now)

    def targets(self, now: datetime) -> tuple[Target, ...]:
        """Return every address of every MX host in order of preference, at most DELIVERIES_MAX."""
        domain = self.domain(now)
        return tuple(
            Target(host, endpoint, Question(Kind.SMTP, self._name(domain, host), endpoint.address))
            for host in domain.hosts
            for endpoint in host.endpoints
        )[:DELIVERIES_MAX]

    def with_session(self, target: Target, session: Answer) -> "Trying":
        """Return it with a session that was made; it stands for those with other names in SNI, for one was made."""
        questions = dict.fromkeys((*(one.question for one in target.endpoint.sessions), target.question))
        asked = self.evidence.with_answers((question, session) for question in questions)
        return msgspec.structs.replace(self, evidence=with_anchors(asked, self.roots))

    def before(self, target: Target, now: datetime) -> Delivery:
        """Return what the sender does at an address as far as that is known before it connects."""
        return self.with_session(target, Answer(Outcome.TIMEOUT, now, detail=_NOT_YET)).delivery(target, now)

    def delivery(self, target: Target, now: datetime) -> Delivery:
        """Return what the sender does at an address, after the session that was made there."""
        domain = self.domain(now)
        return deliver_at(domain, self.traits, target.host.name, target.endpoint.address, self.memories)

    def tls(self, target: Target, now: datetime) -> TlsSeen | None:
        """Return what TLS there was in the session that was made."""
        domain = self.domain(now)
        met = next(one for one in domain.hosts if one.name == target.host.name)
        endpoint = next(one for one in met.endpoints if one.address == target.endpoint.address)
        seen = endpoint.sessions[0]
        if seen.tls is None:
            return None
        leaf = seen.chain.leaf if seen.chain is not None else None
        return TlsSeen(
            version=seen.tls.version,
            cipher=seen.tls.cipher,
            server_name=target.question.name,
            names=leaf.dns_names or leaf.common_names if leaf is not None else (),
            trusted=seen.chain is not None and seen.chain.trust.fault is None,
            not_after=leaf.not_after if leaf is not None else None,
        )

    def _name(self, domain: MailDomain, host: Host) -> str:
        return server_name(domain, self.traits, host.name, self.memories)


def goes_on(delivery: Delivery) -> bool:
    """Tell whether the sender hands over mail. Where nobody knows it does: the mail is there to be tried."""
    return delivery.outcome is not Verdict.REFUSED


def again_in_clear(delivery: Delivery, session: Answer) -> bool:
    """Tell whether the sender comes again in clear text, for TLS went wrong and it does without."""
    data = session.data
    tried = isinstance(data, SmtpData) and data.stage in {SmtpStage.HANDSHAKE, SmtpStage.SECURED}
    return tried and delivery.outcome is Verdict.DELIVERS and delivery.security is Security.NONE


def unconnected(target: Target, delivery: Delivery) -> DeliveryTry:
    """Return the try at an address where the sender does not connect."""
    return _try(target, delivery, TryResult.WITHHELD, _detail(delivery))


def unreached(target: Target, delivery: Delivery, session: Answer) -> DeliveryTry:
    """Return the try at an address that nobody connects to from here."""
    return _try(target, delivery, TryResult.UNREACHED, session.detail)


def tried(
    target: Target,
    delivery: Delivery,
    tls: TlsSeen | None,
    made: Transaction,
    message: tuple[str, int] | None,
) -> DeliveryTry:
    """Return the try that came to a transaction; `message` is the Message-ID and the size in bytes of what was to be sent."""
    result = _result(made, delivery, with_data=message is not None)
    sent = made.stage is TransactionStage.MESSAGE and message is not None
    size_bytes = message[1] if message is not None else 0
    said = [
        *_before_again(made, tls),
        *dialogue(made.transcript, None if made.again else tls, made.stage, size_bytes),
    ]
    detail = made.detail or (_detail(delivery) if result is TryResult.WITHHELD else "")
    plain = _try(target, delivery, result, detail)
    return msgspec.structs.replace(
        plain,
        stage=made.stage.value,
        reply=tuple(_text(line) for line in made.reply or _last(made)),
        tls=None if made.again else tls,
        connections=2 if made.again else 1,
        elapsed_ms=made.elapsed_ms,
        message_id=message[0] if sent and message is not None else None,
        dialogue=tuple(said),
    )


def dialogue(
    transcript: tuple[SmtpLine, ...], tls: TlsSeen | None, stage: TransactionStage, message_bytes: int
) -> Iterator[DialogueLine]:
    """Yield the dialogue with the handshake and the message where they were."""
    sides = {"C": DialogueSide.CLIENT, "S": DialogueSide.SERVER}
    command = b""
    for line in transcript:
        yield DialogueLine(sides[line.side], _text(line.text))
        if line.side == "C":
            command = line.text
        elif line.text.startswith(b"220 ") and command == b"STARTTLS" and tls is not None:
            yield DialogueLine(DialogueSide.TLS, tls_words(tls))
        elif line.text.startswith(b"354 ") and stage is TransactionStage.MESSAGE:
            yield DialogueLine(DialogueSide.MESSAGE, f"the message, {message_bytes} bytes, and a dot")


def _before_again(made: Transaction, tls: TlsSeen | None) -> Iterator[DialogueLine]:
    """Yield the dialogue of the first of two connections."""
    data = made.session.data
    if made.again and isinstance(data, SmtpData):
        yield from dialogue(data.transcript, tls, TransactionStage.SESSION, 0)
        why = made.session.detail or "not what the sender accepts"
        yield DialogueLine(DialogueSide.TLS, f"{why}; the sender connects again and goes on in clear text")


def tls_words(tls: TlsSeen) -> str:
    """Return the facts of TLS in one line."""
    names = f"certificate for {', '.join(tls.names[:4])}{', ...' * (len(tls.names) > 4)}" if tls.names else ""
    until = f"until {tls.not_after:%Y-%m-%d}" if tls.not_after is not None else ""
    trust = "trusted" if tls.trusted else "NOT trusted"
    return ", ".join(filter(None, (tls.version, tls.cipher, f"SNI {tls.server_name}", names, trust, until)))


def _try(target: Target, delivery: Delivery, result: TryResult, detail: str) -> DeliveryTry:
    refused = delivery.outcome is Verdict.REFUSED
    return DeliveryTry(
        mx=target.host.name,
        preference=target.host.preference,
        address=target.endpoint.address,
        result=result,
        stage=TransactionStage.SESSION.value,
        reply=(),
        detail=detail,
        verdict=delivery.outcome,
        security=delivery.security,
        because=delivery.because,
        bounce=delivery.bounce if refused else None,
        tls=None,
        connections=0,
        elapsed_ms=0,
        message_id=None,
        dialogue=(),
    )


def _result(made: Transaction, delivery: Delivery, *, with_data: bool) -> TryResult:
    """Name what became of the mail."""
    if made.outcome is not Outcome.FOUND:
        hands_over = made.stage is not TransactionStage.SESSION or goes_on(delivery)
        tls_failed = made.outcome is Outcome.TLS_FAILED
        return TryResult.WITHHELD if tls_failed and not hands_over else TryResult.BROKEN
    code = made.code or _code(_last(made))
    if made.stage is TransactionStage.SESSION and code < 400:
        return TryResult.WITHHELD
    end = TransactionStage.MESSAGE if with_data else TransactionStage.RCPT
    if made.stage is end and 200 <= code < 300:
        return TryResult.ACCEPTED
    if made.stage is TransactionStage.SESSION and _is_begun(made):
        return TryResult.WITHHELD
    return TryResult.DEFERRED if 400 <= code < 500 else TryResult.REJECTED


def _is_begun(made: Transaction) -> bool:
    """Tell whether a session came as far as STARTTLS, so that the server did not turn the client away."""
    data = made.session.data
    return isinstance(data, SmtpData) and data.stage not in {
        SmtpStage.CONNECT,
        SmtpStage.GREETING,
        SmtpStage.EHLO,
    }


def _last(made: Transaction) -> tuple[bytes, ...]:
    said = last_reply(made.transcript)
    return (said,) if said else ()


def _code(reply: tuple[bytes, ...]) -> int:
    return int(reply[-1][:3]) if reply and reply[-1][:3].isdigit() else 0


def _detail(delivery: Delivery) -> str:
    """Return the sender's reason at the address."""
    return next((one.detail for one in delivery.attempts if one.outcome is not Verdict.DELIVERS), "")


def _text(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")
