"""Where a scan asks: the real world, or a lab that is kept running beside it, and how that stands in the manifest."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

from mxproof.cli.evidence_source import Surroundings, of_sets, surroundings
from mxproof.cli.options.scan import ScanAskingOptions
from mxproof.net.asking import Asking
from mxproof.net.loop import run
from mxproof.survey.check_set import CheckSet

Around = tuple[Asking, Sequence[bytes]]


@contextmanager
def asked_world(options: ScanAskingOptions) -> Iterator[Around]:
    """Return how is asked, and the roots, as long as the block lasts; raises RunError where this machine cannot ask."""
    held: Future[Around] = Future()
    over = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def hold() -> None:
        loops.append(asyncio.get_running_loop())
        async with surroundings(options.ways, of_sets((CheckSet.ARRIVAL,))) as around:
            held.set_result(_way(around))
            if options.lab is not None:
                await over.wait()

    def kept() -> None:
        try:
            run(hold())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for it
            if not held.done():
                held.set_exception(error)

    thread = Thread(target=kept, name="lab", daemon=True)
    thread.start()
    try:
        yield held.result()
    finally:
        if thread.is_alive():
            loops[0].call_soon_threadsafe(over.set)
            thread.join()


def _way(around: Surroundings) -> Around:
    return around.asking, around.roots
