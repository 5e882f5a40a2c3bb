"""The one who asks: what all questions of a process have in common, whichever domain they are about.

An asker lives as long as its process and belongs to its event loop. Its limits (`net/pacing`) hold across all domains
that are asked about over it, and it owns the sockets that questions share. Answers it keeps only where it is given
`SharedAnswers`, for a run about several domains; what is known already is given to `collect` as evidence.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import nullcontext
from copy import copy
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mxproof.evidence import Answer, Kind, Question
from mxproof.evidence.answer import withheld
from mxproof.net.asking import Asking
from mxproof.net.dns.lookup import ROOT, ask_dns, validates
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.https import ask_policy
from mxproof.net.pacing import Pace, Share
from mxproof.net.reach import forbidden
from mxproof.net.smtp import ask_smtp

if TYPE_CHECKING:  # who asks about one domain has none
    from mxproof.net.shared_answers import SharedAnswers


class Asker:
    """Asks as `asking` says; as a context manager it closes its sockets at the end.

    What `shared` holds is not asked again; before each question `turn` is waited for, if there is one.
    """

    def __init__(self, asking: Asking, shared: "SharedAnswers | None" = None) -> None:
        self.asking = asking
        self.shared = shared
        self.turn: Callable[[], Awaitable[None]] | None = None
        self._pace = Pace()
        self._sockets = DatagramSockets()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close the sockets, or have them closed when the last question has left them."""
        self._sockets.close()

    def with_options(self, asking: Asking, shared: "SharedAnswers | None" = None) -> Self:
        """Return an asker with other options that has limits and sockets in common with this one, and no answers but `shared`."""
        other = copy(self)
        other.asking, other.shared = asking, shared
        return other

    def giving_way(self, turn: Callable[[], Awaitable[None]]) -> Self:
        """Return an asker like this one that waits for a `turn` before each question."""
        other = copy(self)
        other.turn = turn
        return other

    @property
    def gathers(self) -> bool:
        """Tell whether answers are gathered before they are looked at: so they are where nobody waits for one domain."""
        return self.shared is not None and not self.shared.is_partial

    def share(self) -> Share:
        """Return the part of one domain in what is asked at once."""
        return self._pace.share()

    def ask(
        self, question: Question, share: Share, begun: Callable[[Question], None] = lambda _question: None
    ) -> Coroutine[object, object, Answer]:
        """Return what asks one question when its turn has come, which `begun` is told; what fails is in the answer.

        What the records of a domain lead to is connected to only where it is public (`net/reach`).
        """
        if self.turn is None and (self.shared is None or not self.shared.takes(question)):
            return self._put(question, share, begun)
        return self._put_in_turn(question, share, begun)

    async def _put_in_turn(
        self, question: Question, share: Share, begun: Callable[[Question], None]
    ) -> Answer:
        kept_from = forbidden(question, self.asking)
        if kept_from is not None:
            return withheld(kept_from, datetime.now(UTC))
        if self.turn is not None:
            await self.turn()
        if self.shared is None or not self.shared.takes(question):
            return await self._put(question, share, begun)
        return await self.shared.answer(question, lambda: self._put(question, share, begun))

    async def ask_now(self, question: Question) -> Answer:
        """Ask at once, for who keeps limits of their own and no answers; whom nobody connects to is left alone all the same."""
        kept_from = forbidden(question, self.asking)
        if kept_from is not None:
            return withheld(kept_from, datetime.now(UTC))
        return await self._answer(question)

    async def _put(self, question: Question, share: Share, begun: Callable[[Question], None]) -> Answer:
        kept_from = forbidden(question, self.asking)
        if kept_from is not None:
            return withheld(kept_from, datetime.now(UTC))
        slot = share.slot(question)
        if not slot.take():
            await slot.wait()
        try:
            begun(question)
            return await self._answer(question)
        finally:
            slot.leave()

    def _answer(self, question: Question) -> Awaitable[Answer]:
        """Return what asks the question when it is waited for."""
        match question.kind:
            case Kind.SMTP | Kind.TLS:
                return ask_smtp(question, self.asking)
            case Kind.POLICY:
                return ask_policy(question, self.asking)
            case _:
                return ask_dns(question, self.asking, self._sockets)

    async def validates(self, share: Share) -> tuple[bool, str]:
        """Tell whether the AD bit of the resolvers' answers may be believed, and who says so."""
        async with (
            share.slot(ROOT) if self.asking.trust_ad is None else nullcontext()
        ):  # declared, nobody is asked
            return await validates(self.asking, self._sockets)
