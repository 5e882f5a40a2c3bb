"""What commands look with that look again and again: one event loop and the same resolvers and roots, as long as a block lasts."""

import sys
from asyncio import Runner
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager

from mxproof.cli.evidence_source import Surroundings, Survey, surroundings
from mxproof.cli.options.asking import AskingOptions
from mxproof.evidence import Evidence
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.collect import collect
from mxproof.net.loop import loop_factory
from mxproof.survey.together import Wanted


class Looking:
    """Looks in `around`."""

    def __init__(self, runner: Runner, around: Surroundings) -> None:
        self._runner = runner
        self._around = around

    @property
    def roots(self) -> Sequence[bytes]:
        """Return the roots (DER) by which chains are verified."""
        return self._around.roots

    def look(self, start: Evidence, wanted: Wanted) -> Evidence:
        """Return the evidence with what is wanted of it asked."""
        return self._runner.run(self._asked(start, wanted))

    async def _asked(self, start: Evidence, wanted: Wanted) -> Evidence:
        with Asker(self._around.asking) as asker:
            return with_anchors(
                await collect(start.domain, asker, wanted, evidence=start), self._around.roots
            )


@contextmanager
def looking(asking: AskingOptions, wanted: Wanted) -> Iterator[Looking]:
    """Return what looks as the options say, in a lab at what `wanted` wants there; raises RunError as `observe` does."""
    with Runner(loop_factory=loop_factory(sys.platform)) as runner:
        held = AsyncExitStack()
        around = runner.run(held.enter_async_context(surroundings(asking, Survey(wanted))))
        try:
            yield Looking(runner, around)
        finally:
            runner.run(held.aclose())
