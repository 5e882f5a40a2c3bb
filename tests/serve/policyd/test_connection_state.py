"""The table of a connection, cell by cell, and what holds of every sequence of events."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.postfix.netstring import print_netstring
from mxproof.serve.policyd.connection_state import (
    RECEIVED_BYTES_MAX,
    SILENT,
    Action,
    Answered,
    Do,
    Event,
    LookUp,
    Phase,
    Received,
    Refuse,
    State,
    Write,
    step,
)

ONE, TWO = print_netstring(b"postfix one"), print_netstring(b"postfix two")
LOOK_UP_ONE, LOOK_UP_TWO = LookUp(ONE, b"postfix one"), LookUp(TWO, b"postfix two")
REPLY = Answered(b"8:NOTFOUND ,")
WRITE = Write(REPLY.framed)
FULL = b"x" * (RECEIVED_BYTES_MAX + 1)
CLOSED = State(Phase.CLOSED)


def in_(phase: Phase, received: bytes = b"", *, said_all: bool = False) -> State:
    return State(phase, received, said_all)


@pytest.mark.parametrize(
    ("state", "event", "after", "actions"),
    [
        (SILENT, Received(ONE + TWO), in_(Phase.ASKED, TWO), (LOOK_UP_ONE,)),
        (SILENT, Received(ONE[:5]), in_(Phase.WAITING, ONE[:5]), ()),
        (in_(Phase.WAITING, ONE[:5]), Received(ONE[5:]), in_(Phase.ASKED), (LOOK_UP_ONE,)),
        (SILENT, Event.CLOGGED, in_(Phase.CLOGGED), (Do.PAUSE,)),
        (SILENT, Event.SAID_ALL, CLOSED, (Do.CLOSE,)),
        (in_(Phase.WAITING, ONE[:5]), Event.SAID_ALL, CLOSED, (Do.CLOSE,)),
        (in_(Phase.ASKED), Received(TWO), in_(Phase.ASKED, TWO), ()),
        (in_(Phase.ASKED), Received(FULL), in_(Phase.ASKED, FULL), (Do.PAUSE,)),
        (in_(Phase.ASKED), Received(FULL[1:]), in_(Phase.ASKED, FULL[1:]), ()),
        (in_(Phase.ASKED, TWO), REPLY, in_(Phase.ANSWERED, TWO), (WRITE, Do.TURN)),
        (in_(Phase.ASKED), REPLY, SILENT, (Do.RESUME, WRITE)),
        (in_(Phase.ASKED, said_all=True), REPLY, CLOSED, (WRITE, Do.CLOSE)),
        (in_(Phase.ASKED), Event.CLOGGED, in_(Phase.ASKED_CLOGGED), (Do.PAUSE,)),
        (in_(Phase.ASKED), Event.SAID_ALL, in_(Phase.ASKED, said_all=True), ()),
        (in_(Phase.ASKED_CLOGGED), Received(TWO), in_(Phase.ASKED_CLOGGED, TWO), ()),
        (in_(Phase.ASKED_CLOGGED, TWO), REPLY, in_(Phase.CLOGGED, TWO), (WRITE,)),
        (in_(Phase.ASKED_CLOGGED), Event.READ, in_(Phase.ASKED), ()),
        (in_(Phase.ASKED_CLOGGED), Event.SAID_ALL, in_(Phase.ASKED_CLOGGED, said_all=True), ()),
        (in_(Phase.ANSWERED), Event.NEXT_TURN, SILENT, (Do.RESUME,)),
        (in_(Phase.ANSWERED), Received(TWO), in_(Phase.ANSWERED, TWO), ()),
        (in_(Phase.ANSWERED), Received(FULL), in_(Phase.ANSWERED, FULL), (Do.PAUSE,)),
        (in_(Phase.ANSWERED, TWO), Event.NEXT_TURN, in_(Phase.ASKED), (LOOK_UP_TWO,)),
        (in_(Phase.ANSWERED, TWO[:5]), Event.NEXT_TURN, in_(Phase.WAITING, TWO[:5]), (Do.RESUME,)),
        (in_(Phase.ANSWERED, said_all=True), Event.NEXT_TURN, CLOSED, (Do.CLOSE,)),
        (in_(Phase.ANSWERED), Event.CLOGGED, in_(Phase.CLOGGED), (Do.PAUSE,)),
        (in_(Phase.ANSWERED), Event.SAID_ALL, in_(Phase.ANSWERED, said_all=True), ()),
        (in_(Phase.CLOGGED), Event.READ, SILENT, (Do.RESUME,)),
        (in_(Phase.CLOGGED, TWO), Event.READ, in_(Phase.ASKED), (LOOK_UP_TWO,)),
        (in_(Phase.CLOGGED), Received(TWO), in_(Phase.CLOGGED, TWO), ()),
        (in_(Phase.CLOGGED), Event.SAID_ALL, CLOSED, (Do.CLOSE,)),
        (in_(Phase.CLOGGED, TWO), Event.SAID_ALL, in_(Phase.CLOGGED, TWO, said_all=True), ()),
        (in_(Phase.CLOGGED), Event.NEXT_TURN, in_(Phase.CLOGGED), ()),
    ],
)
def test_a_cell_of_the_table(
    state: State, event: Received | Answered | Event, after: State, actions: tuple[Action, ...]
) -> None:
    assert step(state, event) == (after, actions)


@pytest.mark.parametrize("state", [SILENT, in_(Phase.ANSWERED, b"GET /"), in_(Phase.CLOGGED, b"GET /")])
def test_what_is_no_netstring_is_refused_and_ends_the_connection(state: State) -> None:
    events: dict[Phase, Received | Event] = {
        Phase.WAITING: Received(b"GET /"),
        Phase.ANSWERED: Event.NEXT_TURN,
        Phase.CLOGGED: Event.READ,
    }
    after, (action,) = step(state, events[state.phase])
    assert (after, isinstance(action, Refuse)) == (CLOSED, True)


@pytest.mark.parametrize("event", [Received(ONE), REPLY, *Event])
def test_nothing_changes_a_connection_that_is_closed(event: Received | Answered | Event) -> None:
    assert step(CLOSED, event) == (CLOSED, ())


@pytest.mark.parametrize("phase", Phase)
def test_a_connection_may_be_closed_at_any_moment(phase: Phase) -> None:
    assert step(in_(phase, TWO), Event.CLOSED) == (CLOSED, ())


@given(
    st.lists(st.sampled_from([b"postfix a", b"postfix b.example", b"x"]), max_size=9),
    st.lists(st.integers(1, 40), min_size=1),
    st.lists(st.sampled_from([Event.CLOGGED, Event.READ, Event.NEXT_TURN]), max_size=60),
)
def test_every_request_is_answered_once_and_in_order_however_it_comes(
    payloads: list[bytes], sizes: list[int], noise: list[Event]
) -> None:
    stream = b"".join(map(print_netstring, payloads))
    events: deque[Received | Answered | Event] = deque()
    place, turn = 0, 0
    while place < len(stream):
        size = sizes[turn % len(sizes)]
        events.append(Received(stream[place : place + size]))
        place, turn = place + size, turn + 1
    events.append(Event.SAID_ALL)
    state, asked, written = SILENT, [], []
    while state.phase is not Phase.CLOSED:
        event = noise.pop() if noise else events.popleft() if events else Event.READ
        state, actions = step(state, event)
        for action in actions:
            match action:
                case LookUp():
                    asked.append(action.payload)
                    events.append(Answered(action.payload))
                case Write():
                    written.append(action.data)
                case Do.TURN:
                    events.append(Event.NEXT_TURN)
    assert asked == written == payloads
