"""The survey of what each MX address takes of TLS: one handshake after the other, each with less on offer.

```
SMTP (SNI: the MX name) came to STARTTLS ── TLS tls1.3, where its own handshake failed
    ── TLS tls1.2, unless it has shown that ── refused: TLS tls1.2-cbc
    ── TLS tls1.2-rsa ── TLS tls1.1, unless it has shown that ── TLS weak ── TLS anonymous
    ── SMTP (no SNI), where the first session was secured
```
A handshake is tried once the one before came to its answer, so that a server never has more than one of these at a time,
OFFERS_MAX in all; one that turns us away at any of them is asked nothing more. What the usual session has shown is not
asked again: a server that agreed to TLS 1.3 has it, and one that agreed to less has not, for all of it was on offer.

Some servers say that nothing suits them by closing the connection, as they would on one whom they have had enough of. So
where the last answers are such, what the server is known to take is offered once more: if it agrees, the others were
refusals.
"""

from collections.abc import Iterator
from typing import Final

from mxproof.evidence import Evidence, Outcome, Question, SmtpData, SmtpStage, TlsData
from mxproof.evidence.question import Kind
from mxproof.formats.tls_offer import Offer
from mxproof.survey import inbound
from mxproof.survey.reading import addresses, askable, mx_set, nameless

OFFERS_MAX: Final = len(Offer) - 1
"""As many offers to one address at most, one at a time; a session without a name follows them."""

NEWEST: Final = "TLSv1.3"
_AT_HANDSHAKE = frozenset({SmtpStage.HANDSHAKE, SmtpStage.SECURED})


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer; they need those of `arrival`."""
    asked = (question for question in needed(evidence) if question not in evidence.answers)
    return tuple(dict.fromkeys((*inbound.wanted(evidence), *asked)))


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions about offers that the evidence calls for, answered or not."""
    hosts = (one.name for one in mx_set(evidence).exchanges if askable(one.name))
    return tuple(
        question
        for host in hosts
        for address in addresses(evidence, host)
        for question in (*in_turn(evidence, host, address), *_nameless(evidence, host, address))
    )


def unanswered(evidence: Evidence) -> tuple[Question, ...]:
    """Return the offers of which nothing came to be known because the server was not reached, or had had enough."""
    asked = (one for one in needed(evidence) if one.kind is Kind.TLS and one in evidence.answers)
    return tuple(question for question in asked if _is_turned_away(evidence, question))


def in_turn(evidence: Evidence, host: str, address: str) -> Iterator[Question]:
    """Yield the questions to one server up to the first that has no answer yet, or none that leads on."""
    _, session = evidence.smtp(host, address)
    if session is None or session.stage not in _AT_HANDSHAKE:
        return
    is_cut = is_taken = False
    for offer in _offers(session):
        if offer is Offer.ECDHE_CBC and is_taken:
            continue
        question = Question(Kind.TLS, host, address, offer=offer)
        yield question
        if question not in evidence.answers or _is_turned_away(evidence, question):
            return
        is_taken = is_agreed(evidence, question)
        is_cut = not is_taken and (is_cut or is_closed(evidence, question))
    if is_cut and session.tls is not None and (shown := _shown(session.tls)):
        yield Question(Kind.TLS, host, address, offer=shown)


def _nameless(evidence: Evidence, host: str, address: str) -> Iterator[Question]:
    """Yield the session without a name in SNI, once no offer is left to make."""
    _, session = evidence.smtp(host, address)
    if session is None or session.stage is not SmtpStage.SECURED:
        return
    made = tuple(in_turn(evidence, host, address))
    if all(one in evidence.answers and not _is_turned_away(evidence, one) for one in made):
        yield nameless(address)


def is_agreed(evidence: Evidence, question: Question) -> bool:
    """Tell whether the server agreed to something of the offer."""
    _, data = evidence.hello(question)
    return data is not None and bool(data.version)


def is_closed(evidence: Evidence, question: Question) -> bool:
    """Tell whether the server ended the connection at the offer, without a word."""
    answer, data = evidence.hello(question)
    return answer.outcome is Outcome.CLOSED and data is not None and data.stage is SmtpStage.HANDSHAKE


def is_told(evidence: Evidence, question: Question) -> bool:
    """Tell whether the server agreed, or said that nothing suits it."""
    answer, data = evidence.hello(question)
    return answer.outcome is Outcome.FOUND and data is not None and data.stage is SmtpStage.HANDSHAKE


def _offers(session: SmtpData) -> Iterator[Offer]:
    """Yield what is worth offering to a server that showed `session`, in order."""
    tls = session.tls
    if tls is None:
        yield Offer.TLS_1_3
    if tls is None or _shown(tls) is not Offer.TLS_1_2:
        yield from (Offer.TLS_1_2, Offer.ECDHE_CBC)
    yield Offer.KEY_TRANSPORT
    if tls is None or not tls.outdated:
        yield Offer.TLS_1_1
    yield from (Offer.WEAK, Offer.ANONYMOUS)


def _shown(tls: TlsData) -> Offer | None:
    """Return the offer that a server is known to take by its usual session, None where it is none of the best."""
    if tls.version == NEWEST:
        return Offer.TLS_1_3
    modern = tls.cipher.startswith("ECDHE-") and ("GCM" in tls.cipher or "CHACHA20" in tls.cipher)
    return Offer.TLS_1_2 if modern else None


def _is_turned_away(evidence: Evidence, question: Question) -> bool:
    """Tell whether there was no connection, or none that came to the handshake: others would fare no better."""
    answer, data = evidence.hello(question)
    if data is None or data.stage is not SmtpStage.HANDSHAKE:
        return True
    return answer.outcome is Outcome.TIMEOUT
