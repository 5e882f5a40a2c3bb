"""Whom a scan asks: the network by the project's own asker, as the manifest says."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

import msgspec

from mxproof.evidence import CONNECTION_KINDS, Answer, Question
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, parse_connect_to, parse_peer
from mxproof.net.dns.bulk import BulkLookups
from mxproof.net.dns.bulk_port import Told
from mxproof.scan.manifest import ScanAsking, ScanManifest

Ask = Callable[[Question], Awaitable[Answer]]
"""Puts one question and returns its answer; what fails is in the answer."""
Asked = Callable[[ScanManifest], AbstractContextManager[Ask]]
"""Whom a task asks, as long as the block lasts."""
Put = Callable[[Question, Told], None]
"""Puts one question, and has somebody told its answer."""


class NetworkAsk:
    """The resolvers and servers of the network; as a context manager it closes its sockets.

    It belongs to the event loop in which the first question is asked.
    """

    def __init__(self, manifest: ScanManifest) -> None:
        self._asking = asking_of(manifest.asking)
        self._window = manifest.asking.resolver_window
        self._asker = Asker(self._asking)
        self._lookups: BulkLookups | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close."""
        if self._lookups is not None:
            self._lookups.close()
        self._asker.close()

    def __call__(self, question: Question) -> Awaitable[Answer]:
        """Ask one question."""
        if question.kind in CONNECTION_KINDS:
            return self._asker.ask_now(question)  # the limits of a scan are those of `asking`
        if not BulkLookups.takes(question):
            return self._asker.ask(question, self._asker.share())
        return self.bulk.ask(question)

    @property
    def bulk(self) -> BulkLookups:
        """Return what asks the resolvers; there has to be an event loop."""
        if self._lookups is None:
            self._lookups = BulkLookups(self._asking, self._window, self._with_care)
        return self._lookups

    async def _with_care(self, question: Question, within_s: float) -> Answer:
        timed = self._asker.with_options(msgspec.structs.replace(self._asking, dns_timeout_s=within_s))
        return await timed.ask(question, timed.share())


def over_network(manifest: ScanManifest) -> AbstractContextManager[Ask]:
    """Ask the resolvers and servers of the network."""
    return NetworkAsk(manifest)


def asking_of(settings: ScanAsking) -> Asking:
    """Return the settings of a manifest as the asker takes them."""
    return Asking(
        resolvers=tuple(parse_peer(one) for one in settings.resolvers),
        connect_to=dict(parse_connect_to(one) for one in settings.connect_to),
        families=settings.families,
        timeout_s=settings.timeout_s,
        trust_ad=settings.trust_ad,
        allow_private=settings.allow_private,
        helo_name=settings.helo_name,
        contact=settings.contact,
    )
