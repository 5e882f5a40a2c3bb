"""What the daemon says of itself, on its health page and to the commands."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from mxproof.formats import ConfigError
from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.daemon.control import tell
from mxproof.store.destinations.destination import Destination, DestinationRow, from_row, to_row

UNWRITTEN_BYTES_MAX = 60_000
"""As many destinations as one reply of the control socket holds; whoever wants more asks for those behind the last."""
FIRST = "-"
"""Before every destination, since no key can be empty."""


class DaemonState(msgspec.Struct, frozen=True):
    """A moment of the daemon: its time, and what is amiss.

    `clock` and `resolver` are in words; `unwritten` counts destinations that the store lacks, `lines_lost` those of the
    log.
    """

    now: datetime
    clock: str
    clock_away: bool
    dane: str
    resolver: str
    resolver_silent: bool
    store_down: bool
    unwritten: int
    lines_lost: int


def health_text(state: DaemonState) -> str:
    """Return the page for whoever looks after the daemon: a line for each thing that can be amiss."""
    lines = [
        "answering",
        f"dane: {state.dane}",
        f"store: {'down' if state.store_down else 'up'}",
        f"resolver: {'silent: ' + state.resolver if state.resolver_silent else 'answering'}",
        f"clock: {state.clock}",
    ]
    lines += [f"log: {state.lines_lost} lines lost, for nobody read them"] if state.lines_lost else []
    return "\n".join(lines) + "\n"


def state_lines(state: DaemonState | None) -> str:
    """Return what `query` says of the daemon, nothing where none was asked."""
    if state is None:
        return ""
    lines = [
        f"dane {state.dane}: {state.resolver}",
        f"clock: {state.clock}",
        f"store {'down' if state.store_down else 'up'}, {state.unwritten} destinations not written",
    ]
    return "".join(f"{title:13} {line}\n" for title, line in zip(("daemon", "", ""), lines, strict=True))


def state_reply(state: DaemonState) -> SocketmapReply:
    """Return the state as the control socket sends it."""
    return SocketmapReply(Status.OK, msgspec.json.encode(state).decode())


def unwritten_reply(destinations: Sequence[Destination], after: str) -> SocketmapReply:
    """Return what is not in the store, from the first key after `after` on, as far as a reply goes."""
    rows: list[bytes] = []
    left = UNWRITTEN_BYTES_MAX
    for destination in destinations:
        if after != FIRST and destination.key <= after:
            continue
        row = msgspec.json.encode(to_row(destination))
        left -= len(row) + 1
        if left < 0 and rows:
            break
        rows.append(row)
    return SocketmapReply(Status.OK, f"[{b','.join(rows).decode()}]")


def told_state(control: UnixPath | None) -> DaemonState | None:
    """Return the state of the running daemon, None where none can be asked."""
    if control is None:
        return None
    try:
        answer = tell(control.path, Request("state", FIRST))
        return msgspec.json.decode(answer.text, type=DaemonState) if answer.status is Status.OK else None
    except (ConfigError, msgspec.DecodeError):
        return None


def told_unwritten(control: UnixPath) -> list[Destination]:
    """Return what the running daemon knows and its store does not; raises ConfigError where none answers."""
    found: list[Destination] = []
    after = FIRST
    while True:
        answer = tell(control.path, Request("unwritten", after))
        try:
            rows = msgspec.json.decode(answer.text, type=list[DestinationRow])
        except msgspec.DecodeError:
            raise ConfigError(f"{control.path}: {answer.text}") from None
        if not rows:
            return found
        found += [one for row in rows if (one := from_row(row)) is not None]
        after = rows[-1].key
