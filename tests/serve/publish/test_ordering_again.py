"""When certificates are ordered: at first, now and then, and soon where a host is new, with a look at the files after each time."""

import asyncio

import pytest

from mxproof.serve.publish.ordering import AGAIN_AFTER_S, Ordering
from support_clock import at, passed_s, run

EVERY_S = 600.0
ORDER_S = 5.0
"""How long an order takes here."""


class _Orders(Ordering):
    """An ordering whose process takes a while and does nothing; `events` has what happened when."""

    def __init__(self) -> None:
        self.events: list[tuple[str, float]] = []
        super().__init__(("order",), self._looked)

    async def _looked(self) -> None:
        self.events.append(("looked", passed_s()))

    async def _order(self) -> None:
        self.events.append(("ordered", passed_s()))
        await asyncio.sleep(ORDER_S)


@pytest.mark.parametrize(
    ("wanted_at", "second_at"),
    [
        ((), ORDER_S + AGAIN_AFTER_S + EVERY_S),
        ((1.0,), ORDER_S + AGAIN_AFTER_S),
        ((10.0, 11.0), ORDER_S + AGAIN_AFTER_S),
        ((300.0,), 300.0),
    ],
    ids=["nobody", "while one is ordered", "right after it", "later"],
)
def test_it_is_ordered_again_when_it_is_time_or_soon_after_it_was_wanted(
    wanted_at: tuple[float, ...], second_at: float
) -> None:
    async def main() -> list[tuple[str, float]]:
        orders = _Orders()
        running = asyncio.create_task(orders.run(lambda: EVERY_S))
        for moment in wanted_at:
            await at(moment)
            orders.want()
        await at(second_at + ORDER_S + 1)
        early = list(orders.events)
        await at(second_at + ORDER_S + AGAIN_AFTER_S + EVERY_S - 1)
        assert orders.events == early, "what was wanted is ordered once"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return early

    assert run(main(), patience_s=0) == [
        ("ordered", 0.0),
        ("looked", ORDER_S),
        ("ordered", second_at),
        ("looked", second_at + ORDER_S),
    ]


def test_how_often_is_asked_anew_each_time_as_a_reload_may_have_altered_it() -> None:
    async def main() -> list[float]:
        orders, every_s = _Orders(), iter((100.0, 200.0, 300.0))
        running = asyncio.create_task(orders.run(lambda: next(every_s)))
        await at(500)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return [moment for what, moment in orders.events if what == "ordered"]

    assert run(main(), patience_s=0) == [0.0, 135.0, 370.0]
