"""Tell the service manager what the daemon is up to (sd_notify(3)); without one it is told nothing."""

import asyncio
import logging
import os
import socket
import time

_log = logging.getLogger("mxproof.daemon")


def ready() -> None:
    """Say that requests are answered."""
    _say("READY=1")


def reloading() -> None:
    """Say that the configuration is read again; `ready` ends it."""
    _say(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    """Say that the end has begun."""
    _say("STOPPING=1")


async def stay_alive() -> None:
    """Say again and again that the loop turns, where the service manager watches for that (sd_watchdog_enabled(3))."""
    text = os.environ.get("WATCHDOG_USEC", "")
    while text.isdigit() and int(text) > 0:
        _say("WATCHDOG=1")
        await asyncio.sleep(int(text) / 2e6)


def _say(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as one:
            one.settimeout(1.0)
            one.sendto(state.encode(), address)
    except OSError as error:
        _log.warning("the service manager cannot be told %r: %s", state, error)
