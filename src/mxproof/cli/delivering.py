"""A delivery test as it is carried out: ask about the domain, have it confirmed, and go to one address after another."""

import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from mxproof.cli.evidence_source import Surroundings, Survey, surroundings
from mxproof.cli.exit import PROBLEM, RunError
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.progress import progress
from mxproof.evidence import Answer, Evidence, Kind, Question
from mxproof.evidence.answer import withheld
from mxproof.formats.delivery_message import DeliveryMessage
from mxproof.formats.mailbox import Mailbox
from mxproof.formats.names import is_host
from mxproof.formats.text import safe
from mxproof.judge.delivery_test import DELIVERY_TEST_VERSION, DeliveryTest, DeliveryTry
from mxproof.judge.delivery_trying import (
    DELIVERIES_MAX,
    Target,
    Trying,
    again_in_clear,
    goes_on,
    tried,
    unconnected,
    unreached,
)
from mxproof.judge.senders import Traits, deliver
from mxproof.mail.transaction import Transaction
from mxproof.net.asker import Asker
from mxproof.net.reach import forbidden
from mxproof.net.transaction import TRANSACTION_TIMEOUT_S, Envelope, NextMove, transact
from mxproof.survey import inbound

LAB_HELO_NAME = "tester.example.net"
TOKEN_BYTES = 8


class Errand(msgspec.Struct, frozen=True):
    """What is to be tried: to whom, from whom (empty for the null reverse-path), as which sender, and how far.

    `host` is the one MX host to go to, None for all. `helo_name` is empty for that of this machine.
    """

    recipient: Mailbox
    author: str
    traits: Traits
    with_data: bool
    host: str | None
    helo_name: str
    confirmed: bool


async def carried_out(errand: Errand, options: AskingOptions) -> DeliveryTest:
    """Try the errand; raises RunError where there is nowhere to go, or nobody confirms it."""
    survey = Survey(_without_smtp)
    async with surroundings(options, survey) as around:
        with progress() as report, Asker(around.asking) as asker:
            seen = await around.observation(errand.recipient.domain, asker, survey, report)
        trying = Trying(seen.evidence, errand.traits, tuple(around.roots), seen.memories)
        begun_at = datetime.now(UTC)
        targets = _targets(errand, trying, begun_at)
        _confirm(errand, targets, around)
        return await _Tour(errand, options, around, begun_at).run(trying, targets)


def _without_smtp(evidence: Evidence) -> Iterable[Question]:
    """Want all that is known before a sender connects."""
    return [question for question in inbound.wanted(evidence) if question.kind is not Kind.SMTP]


def _targets(errand: Errand, trying: Trying, now: datetime) -> tuple[Target, ...]:
    found = trying.targets(now)
    domain = trying.domain(now)
    if errand.host is not None:
        names = ", ".join(one.name for one in domain.hosts) or "none"
        if errand.host not in {one.name for one in domain.hosts}:
            raise RunError(
                f"{errand.host} is no MX host of {domain.name}, and mail goes to those alone: {names}"
            )
        found = tuple(one for one in found if one.host.name == errand.host)
    if found:
        return found
    because = ", ".join(deliver(domain, trying.traits).because) or "none of its MX hosts has an address"
    raise RunError(f"{domain.name}: there is nowhere to deliver to ({because}); see mxproof check", PROBLEM)


def _confirm(errand: Errand, targets: tuple[Target, ...], around: Surroundings) -> None:
    """Have somebody say yes to exactly what is about to be done, unless that was said with the command."""
    if errand.confirmed:
        return
    places = [f"  {one.host.name} [{one.endpoint.address}]" for one in targets]
    what = "send one test mail" if errand.with_data else "ask for the recipient, without a mail,"
    lab = " of the lab" if around.asking.simulated else ""
    question = f"mxproof is about to {what} to {errand.recipient} over each of these addresses{lab}:"
    sys.stderr.write("\n".join([safe(question), *map(safe, places), "Go on? [y/N] "]))
    sys.stderr.flush()
    if _line_of_stdin().strip().lower() not in {"y", "yes"}:
        raise RunError("nothing was sent", PROBLEM)


def _line_of_stdin() -> str:
    """Read a line that somebody types; Ctrl-C ends the program there and then, and not when the event loop goes on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, before)


class _Tour:
    """The way from address to address; messages differ in their number."""

    def __init__(
        self, errand: Errand, options: AskingOptions, around: Surroundings, begun_at: datetime
    ) -> None:
        self._errand = errand
        self._timeout_s = options.timeout or TRANSACTION_TIMEOUT_S
        helo_name = errand.helo_name or (LAB_HELO_NAME if around.asking.simulated else _own_name())
        self._asking = msgspec.structs.replace(around.asking, helo_name=helo_name)
        self._begun_at = begun_at
        self._token = secrets.token_hex(TOKEN_BYTES)
        self._author = errand.author or f"postmaster@{helo_name}"
        if not helo_name and not errand.author and errand.with_data:
            raise RunError(
                "this machine has no full name to send in; name one with --helo, or an author with --from"
            )

    async def run(self, trying: Trying, targets: tuple[Target, ...]) -> DeliveryTest:
        """Go to every address in turn, and judge at the end with all that was seen."""
        made = list[Callable[[Trying], DeliveryTry]]()
        for number, target in enumerate(targets[:DELIVERIES_MAX], 1):
            message = self._message(target, number, len(targets))
            trying, told = await self._go_to(trying, target, message)
            made.append(told)
        errand = self._errand
        return DeliveryTest(
            schema_version=DELIVERY_TEST_VERSION,
            recipient=str(errand.recipient),
            domain=errand.recipient.domain.name,
            sender=errand.traits.id,
            sender_name=errand.traits.name,
            mail_from=errand.author,
            begun_at=self._begun_at,
            simulated=self._asking.simulated,
            with_data=errand.with_data,
            token=self._token,
            tries=tuple(one(trying) for one in made),
        )

    async def _go_to(
        self, trying: Trying, target: Target, message: DeliveryMessage | None
    ) -> tuple[Trying, Callable[[Trying], DeliveryTry]]:
        """Go to one address; return what is known then, and what tells of the try from all that is known at the end."""
        now = self._begun_at
        before = trying.before(target, now)
        if not goes_on(before):
            return trying, lambda _known: unconnected(target, before)
        range_ = forbidden(target.question, self._asking)
        if range_ is not None:
            session = withheld(range_, now)
            known = trying.with_session(target, session)
            return known, lambda known: unreached(target, known.delivery(target, now), session)
        made, encoded = await self._hand_over(trying, target, message)
        sent = (message.message_id, len(encoded)) if message is not None and encoded is not None else None
        known = trying.with_session(target, made.session)
        return known, lambda known: tried(
            target, known.delivery(target, now), known.tls(target, now), made, sent
        )

    async def _hand_over(
        self, trying: Trying, target: Target, message: DeliveryMessage | None
    ) -> tuple[Transaction, bytes | None]:
        def course(session: Answer) -> NextMove:
            delivery = trying.with_session(target, session).delivery(target, self._begun_at)
            if again_in_clear(delivery, session):
                return NextMove.CLEAR_TEXT
            return NextMove.GO_ON if goes_on(delivery) else NextMove.STOP

        encoded = message.encoded() if message is not None else None
        errand = self._errand
        envelope = Envelope(errand.author, str(errand.recipient), encoded, self._timeout_s)
        return await transact(target.question, self._asking, envelope, course), encoded

    def _message(self, target: Target, number: int, total: int) -> DeliveryMessage | None:
        if not self._errand.with_data:
            return None
        return DeliveryMessage(
            author=self._author,
            recipient=str(self._errand.recipient),
            host=target.host.name,
            address=target.endpoint.address,
            model=self._errand.traits.name,
            helo_name=self._asking.helo_name,
            at=self._begun_at,
            token=self._token,
            number=number,
            total=total,
        )


def _own_name() -> str:
    """Return the full name of this machine, empty where it has none to show itself with (RFC 5321 section 4.1.1.1)."""
    name = socket.gethostname().lower()
    return name if "." in name and is_host(name) else ""
