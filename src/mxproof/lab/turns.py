"""A server that says what its script has, byte by byte, whatever the client says: for what no sound server does."""

import asyncio
import socket
import ssl

from mxproof.lab.serving import LAB_RECEIVED_BYTES_MAX, hang_up, start_tls
from mxproof.world.world import TLS_TURN, Ending, Script

REPEATED_BYTES = 64 * 1024
"""How much of a turn that is repeated is sent at once."""


class TurnServing:
    """Plays one script on every connection; `context` is for its handshake in the middle of a talk."""

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        self._script = script
        self._context = context

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Wait for the client before each turn."""
        await self._play(reader, writer, client_speaks=True)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the first turn unasked."""
        await self._play(reader, writer, client_speaks=False)

    async def _play(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, client_speaks: bool
    ) -> None:
        for turn in self._script.turns:
            if turn == TLS_TURN:
                assert self._context is not None, "a script with a handshake has a certificate"
                await start_tls(writer, self._context)
                continue
            if client_speaks and not await reader.read(LAB_RECEIVED_BYTES_MAX):
                return
            client_speaks = True
            await self._say(writer, turn)
        await self._end(reader, writer)

    async def _say(self, writer: asyncio.StreamWriter, turn: bytes) -> None:
        if not self._script.pause_s:
            writer.write(turn)
        else:
            for byte in turn:
                await asyncio.sleep(self._script.pause_s)
                writer.write(bytes((byte,)))
        await writer.drain()

    async def _end(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match self._script.ending:
            case Ending.RESET:
                hang_up(writer)
            case Ending.HANG:
                while await reader.read(LAB_RECEIVED_BYTES_MAX):
                    pass
            case Ending.CUT:
                raw = writer.get_extra_info("socket")
                raw.shutdown(socket.SHUT_WR)
                while await reader.read(LAB_RECEIVED_BYTES_MAX):
                    pass
            case Ending.REPEAT:
                last = self._script.turns[-1]
                block = last * (REPEATED_BYTES // len(last) + 1)
                while True:
                    await self._say(writer, block)
            case Ending.CLOSE:
                pass
