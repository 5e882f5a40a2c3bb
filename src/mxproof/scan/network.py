"""Whom a scan asks: the network by the project's own asker, as the manifest says."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from mxproof.evidence import Answer, Question
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, parse_connect_to, parse_peer
from mxproof.scan.manifest import ScanAsking, ScanManifest

Ask = Callable[[Question], Awaitable[Answer]]
"""Puts one question and returns its answer; what fails is in the answer."""
Asked = Callable[[ScanManifest], AbstractContextManager[Ask]]
"""Whom a task asks, as long as the block lasts."""


@contextmanager
def over_network(manifest: ScanManifest) -> Iterator[Ask]:
    """Ask the resolvers and servers of the network."""
    with Asker(asking_of(manifest.asking)) as asker:

        async def ask(question: Question) -> Answer:
            return await asker.ask(question, asker.share())

        yield ask


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
