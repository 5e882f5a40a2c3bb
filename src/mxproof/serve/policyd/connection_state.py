"""What a connection of Postfix is doing, as a value: requests in netstrings come in, one is answered after another.

    step(state, event) -> (state, actions)

| phase | Received | Answered | NextTurn | Clogged | Read | SaidAll |
|---|---|---|---|---|---|---|
| WAITING, no request is open | *next* | | | CLOGGED, pause | | *next* |
| ASKED, one is being answered | full: pause | *replied* | | ASKED_CLOGGED, pause | | |
| ASKED_CLOGGED, and replies are not read | | CLOGGED, write | | | ASKED | |
| ANSWERED, its reply is written and more waits | full: pause | | *next* | CLOGGED, pause | | |
| CLOGGED, replies are not read | | | | | *next* | nothing waits: CLOSED, close |
| CLOSED | | | | | | |

*next* looks at what was received and not yet answered:

| what stands there | phase | action |
|---|---|---|
| a request | ASKED | look it up |
| less than a request | WAITING, or CLOSED where the other side has said all | resume, or close |
| no netstring | CLOSED | refuse: where the next request would begin is unknown |

*replied* does the same, but for a turn that others have in between:

| what stands there | phase | actions |
|---|---|---|
| something | ANSWERED | write, turn |
| nothing | WAITING, or CLOSED where the other side has said all | resume and write, or write and close |

What a cell does not say changes nothing but what was received and that all was said. Whoever does not read replies is
neither read from nor answered, so that a connection holds little more than one reading. Between two answers others
have their turn, and the loop may find that nobody reads.
"""

from enum import Enum
from typing import NamedTuple

from mxproof.formats import FormatError
from mxproof.formats.postfix.netstring import read_netstring
from mxproof.formats.postfix.socketmap import SOCKETMAP_REQUEST_BYTES_MAX

RECEIVED_BYTES_MAX = 4 * SOCKETMAP_REQUEST_BYTES_MAX
"""Beyond that nothing more is read while a request is open."""


class Phase(Enum):
    """What a connection waits for."""

    WAITING = "waiting"
    ASKED = "asked"
    ASKED_CLOGGED = "asked-clogged"
    ANSWERED = "answered"
    CLOGGED = "clogged"
    CLOSED = "closed"


class State(NamedTuple):
    """One moment of a connection: `received` is not answered yet; `said_all` where the other side asks no more."""

    phase: Phase
    received: bytes = b""
    said_all: bool = False


SILENT = State(Phase.WAITING)
"""A connection on which nothing is open, as most are."""


class Received(NamedTuple):
    """Bytes came."""

    data: bytes


class Answered(NamedTuple):
    """The open request has its reply, in its netstring."""

    framed: bytes


class Event(Enum):
    """What else may happen."""

    NEXT_TURN = "next-turn"
    CLOGGED = "clogged"
    READ = "read"
    SAID_ALL = "said-all"
    CLOSED = "closed"


class LookUp(NamedTuple):
    """Find the reply to `payload`, which came as `request`; the event Answered follows."""

    request: bytes
    payload: bytes


class Write(NamedTuple):
    """Send bytes."""

    data: bytes


class Refuse(NamedTuple):
    """Say what is wrong with bytes that are no request, and close."""

    message: str


class Do(Enum):
    """Actions that need no more words; for TURN the event NEXT_TURN follows."""

    PAUSE = "pause"
    RESUME = "resume"
    TURN = "turn"
    CLOSE = "close"


Action = LookUp | Write | Refuse | Do
Step = tuple[State, tuple[Action, ...]]


def step(state: State, event: Received | Answered | Event) -> Step:
    """Return what a connection does from now on, and what has to be done for that at once."""
    if state.phase is Phase.CLOSED or event is Event.CLOSED:
        return State(Phase.CLOSED), ()
    if isinstance(event, Received):
        return _received(state._replace(received=state.received + event.data))
    if isinstance(event, Answered):
        return _answered(state, event)
    match event, state.phase:
        case (Event.NEXT_TURN, Phase.ANSWERED) | (Event.READ, Phase.CLOGGED):
            return _next(state)
        case Event.READ, Phase.ASKED_CLOGGED:
            return state._replace(phase=Phase.ASKED), ()
        case Event.CLOGGED, Phase.WAITING | Phase.ANSWERED:
            return state._replace(phase=Phase.CLOGGED), (Do.PAUSE,)
        case Event.CLOGGED, Phase.ASKED:
            return state._replace(phase=Phase.ASKED_CLOGGED), (Do.PAUSE,)
        case Event.SAID_ALL, Phase.WAITING:
            return _next(state._replace(said_all=True))
        case Event.SAID_ALL, Phase.CLOGGED:
            said = state._replace(said_all=True)
            return (said, ()) if said.received else _next(said)
        case Event.SAID_ALL, _:
            return state._replace(said_all=True), ()
    return state, ()


def _received(state: State) -> Step:
    if state.phase is Phase.WAITING:
        return _next(state)
    full = len(state.received) > RECEIVED_BYTES_MAX and state.phase in {Phase.ASKED, Phase.ANSWERED}
    return state, (Do.PAUSE,) if full else ()


def _answered(state: State, event: Answered) -> Step:
    match state.phase:
        case Phase.ASKED:
            if state.received:
                return state._replace(phase=Phase.ANSWERED), (Write(event.framed), Do.TURN)
            if state.said_all:
                return State(Phase.CLOSED), (Write(event.framed), Do.CLOSE)
            return SILENT, (Do.RESUME, Write(event.framed))  # in this order, for writing may end in a pause
        case Phase.ASKED_CLOGGED:
            return state._replace(phase=Phase.CLOGGED), (Write(event.framed),)
        case _:
            return state, ()


def _next(state: State) -> Step:
    try:
        framed = read_netstring(state.received, SOCKETMAP_REQUEST_BYTES_MAX)
    except FormatError as error:
        return State(Phase.CLOSED), (Refuse(str(error)),)
    if framed is not None:
        request, rest = state.received[: framed.end], state.received[framed.end :]
        return State(Phase.ASKED, rest, state.said_all), (LookUp(request, framed.payload),)
    if state.said_all:
        return State(Phase.CLOSED), (Do.CLOSE,)
    waiting = State(Phase.WAITING, state.received) if state.received else SILENT
    return waiting, () if state.phase is Phase.WAITING else (Do.RESUME,)
