"""What the daemon says of itself: a page, a reply, and what its store lacks, in as many replies as it takes."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.daemon.control import ControlServer
from mxproof.serve.policyd.state import (
    FIRST,
    DaemonState,
    health_text,
    state_lines,
    state_reply,
    told_state,
    told_unwritten,
    unwritten_reply,
)
from support_store import destination

STATE = DaemonState(
    now=datetime(2026, 6, 1, tzinfo=UTC),
    clock="the machine's clock is +34560000 s away",
    clock_away=True,
    dane="absent",
    resolver="no answer from 127.0.0.1:53",
    resolver_silent=True,
    store_down=True,
    unwritten=3,
    lines_lost=7,
)
MANY = 700


def test_the_health_page_has_a_line_for_each_thing_that_can_be_amiss() -> None:
    assert health_text(STATE).splitlines() == [
        "answering",
        "dane: absent",
        "store: down",
        "resolver: silent: no answer from 127.0.0.1:53",
        "clock: the machine's clock is +34560000 s away",
        "log: 7 lines lost, for nobody read them",
    ]


def test_query_has_the_same_from_the_daemon() -> None:
    text = state_lines(STATE)
    assert all(part in text for part in (STATE.clock, STATE.resolver, "store down", "3 destinations"))
    assert state_lines(None) == ""


def test_a_running_daemon_is_asked_over_its_control_socket(tmp_path: Path) -> None:
    rows = [destination(f"d{number:03}.example") for number in range(MANY)]
    control = UnixPath(f"{tmp_path}/control")

    async def scene() -> None:
        async def state(_key: str) -> SocketmapReply:
            return state_reply(STATE)

        async def unwritten(after: str) -> SocketmapReply:
            asked.append(after)
            return unwritten_reply(rows, after)

        asked: list[str] = []
        server = await asyncio.start_unix_server(
            ControlServer({"state": state, "unwritten": unwritten}), control.path
        )
        async with server:
            assert await asyncio.to_thread(told_state, control) == STATE
            assert await asyncio.to_thread(told_unwritten, control) == rows
        assert asked[0] == FIRST
        assert len(asked) > 2

    asyncio.run(scene())


def test_where_no_daemon_runs_nothing_is_told(tmp_path: Path) -> None:
    assert told_state(None) is None
    assert told_state(UnixPath(f"{tmp_path}/nobody")) is None


def test_a_destination_too_large_for_its_share_goes_alone() -> None:
    large = destination()
    assert large.held.policy is not None
    body = large.held.policy.body + b"x" * 60_000
    held = msgspec.structs.replace(large.held, policy=msgspec.structs.replace(large.held.policy, body=body))
    rows = [msgspec.structs.replace(large, key=key, held=held) for key in ("a.example", "b.example")]
    reply = unwritten_reply(rows, FIRST)
    assert reply.status is Status.OK
    assert [one["key"] for one in json.loads(reply.text)] == ["a.example"]
    assert Request("unwritten", FIRST).key == FIRST
