"""How long one call waits for whoever lags: never longer than its patience, and with longer and longer pauses."""

from collections.abc import Callable

from mxproof.publish.patience import PAUSE_FIRST_S, PAUSE_MAX_S, Patience
from mxproof.publish.step import LaggingPlace

LATE = (LaggingPlace("ns1.example.com", "192.0.2.53", "udp", "no record"),)


def looks(*lags: tuple[LaggingPlace, ...]) -> Callable[[], tuple[LaggingPlace, ...]]:
    """Return looks of which each sees the next of `lags`."""
    coming = iter(lags)
    return lambda: next(coming)


def test_a_pause_is_made_whole_or_not_at_all() -> None:
    pauses: list[float] = []
    patience = Patience(10, pauses.append)
    assert [patience.waited(4), patience.waited(7), patience.waited(6), patience.waited(1)] == [
        True,
        False,
        True,
        False,
    ]
    assert pauses == [4, 6]


def test_without_patience_there_is_no_pause_at_all() -> None:
    pauses: list[float] = []
    assert not Patience(0, pauses.append).waited(0)
    assert not Patience(0, pauses.append).waited_a_while(1)
    assert not Patience(-1, pauses.append).waited_a_while(1)
    assert pauses == []


def test_a_while_is_as_long_as_there_is_patience() -> None:
    pauses: list[float] = []
    patience = Patience(5, pauses.append)
    assert [patience.waited_a_while(3), patience.waited_a_while(3), patience.waited_a_while(3)] == [
        True,
        True,
        False,
    ]
    assert pauses == [3, 2]


def test_where_nobody_lags_nothing_is_waited_for() -> None:
    pauses: list[float] = []
    assert Patience(100, pauses.append).looked_until_none(looks(())) == ()
    assert pauses == []


def test_looks_end_with_the_first_at_which_nobody_lags() -> None:
    pauses: list[float] = []
    assert Patience(100, pauses.append).looked_until_none(looks(LATE, LATE, LATE, ())) == ()
    assert pauses == [PAUSE_FIRST_S, 2 * PAUSE_FIRST_S, 4 * PAUSE_FIRST_S]


def test_pauses_grow_up_to_a_limit_and_the_last_look_tells_who_lags() -> None:
    pauses: list[float] = []
    assert Patience(40, pauses.append).looked_until_none(lambda: LATE) == LATE
    assert pauses == [1, 2, 4, 8, PAUSE_MAX_S, 10]
    assert sum(pauses) == 40


def test_without_patience_there_is_one_look() -> None:
    assert Patience(0, lambda _: None).looked_until_none(looks(LATE)) == LATE
