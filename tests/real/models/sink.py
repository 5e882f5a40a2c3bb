"""A receiving server with many doors, each a host with a certificate and a fault of its own: `python sink.py CONFIGURATION`.

It takes every message and forgets it. On standard output it writes `ready`, and then a line of JSON for each message
that it took: `address` and `host` of the door, `tls` (the version, null without), `mail_from`, `recipient`.
"""

import json
import socket
import ssl
import sys
import threading
from contextlib import suppress
from pathlib import Path

import msgspec

PATIENCE_S = 300.0
BACKLOG = 256
_LINE_BYTES_MAX = 4096


class Door(msgspec.Struct, frozen=True):
    """An address to listen on, the host there, the file of its certificate and what it offers (`case.Offer`)."""

    address: str
    host: str
    pem: str
    offer: str


class _Session:
    """One connection."""

    def __init__(self, connection: socket.socket, door: Door, context: ssl.SSLContext) -> None:
        self._connection, self._door, self._context = connection, door, context
        self._lines = connection.makefile("rb")
        self._tls: str | None = None
        self._mail_from = ""
        self._recipients: list[str] = []

    def serve(self) -> None:
        self._say(f"220 {self._door.host} ESMTP")
        while line := self._lines.readline(_LINE_BYTES_MAX):
            text = line.decode("latin-1").strip()
            verb = text.upper()
            if verb.startswith(("EHLO", "HELO")):
                self._greet(verb[:4])
            elif verb.startswith("STARTTLS"):
                if not self._start_tls():
                    return
            elif verb.startswith("MAIL FROM:"):
                self._mail_from, self._recipients = text[10:].split(" ")[0].strip("<>"), []
                self._say("250 2.1.0 Ok")
            elif verb.startswith("RCPT TO:"):
                self._recipients.append(text[8:].split(" ")[0].strip("<>"))
                self._say("250 2.1.5 Ok")
            elif verb.startswith("DATA"):
                self._take()
            elif verb.startswith("QUIT"):
                self._say("221 2.0.0 Bye")
                return
            else:
                self._say("250 2.0.0 Ok")

    def _greet(self, verb: str) -> None:
        offer = self._door.offer
        if self._tls is not None and offer == "LEAVE":
            self._say("421 4.3.2 Closing")
        elif self._tls is not None and offer == "HELO_AT_ONCE" and verb == "EHLO":
            self._say("450 4.3.2 Not now")
        elif self._tls is not None and (offer == "NO_EHLO" or (offer == "HELO_ONLY" and verb == "EHLO")):
            self._say("502 5.5.1 Command not implemented")
        elif self._tls is not None and offer == "LATER":
            self._say("450 4.3.2 Not now")
        elif verb == "HELO" or self._tls is not None or offer == "CLEAR" or self._is_done():
            self._say(f"250 {self._door.host}")
        else:
            self._say(f"250-{self._door.host}", "250 STARTTLS")

    def _is_done(self) -> bool:
        return self._door.offer == "TLS_ONCE" and self._door.address in _used

    def _start_tls(self) -> bool:
        """Go over to TLS; tell whether the session goes on."""
        match self._door.offer:
            case "CLEAR":
                self._say("502 5.5.1 Command not implemented")
                return True
            case "REFUSAL":
                self._say("454 4.7.0 TLS not available due to local problem")
                return True
            case "NO_HANDSHAKE":
                self._say("220 2.0.0 Ready to start TLS")
                self._connection.recv(_LINE_BYTES_MAX)
                self._connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # the alert handshake_failure
                return False
            case "EARLY":
                self._say("220 2.0.0 Ready to start TLS", "250 2.0.0 Ok")
            case _:
                self._say("220 2.0.0 Ready to start TLS")
        self._connection = self._context.wrap_socket(self._connection, server_side=True)
        self._lines, self._tls = self._connection.makefile("rb"), self._connection.version()
        return self._door.offer != "CUT"

    def _take(self) -> None:
        self._say("354 End data with <CR><LF>.<CR><LF>")
        while (line := self._lines.readline()) and line != b".\r\n":
            pass
        for recipient in self._recipients:
            taken = {
                "address": self._door.address,
                "host": self._door.host,
                "tls": self._tls,
                "mail_from": self._mail_from,
                "recipient": recipient,
            }
            _print(json.dumps(taken))
        _used.add(self._door.address)
        self._say("250 2.0.0 Ok: taken")

    def _say(self, *lines: str) -> None:
        self._connection.sendall("".join(f"{line}\r\n" for line in lines).encode())


_used: set[str] = set()
"""The addresses at which a message was taken."""
_printing = threading.Lock()


def _print(line: str) -> None:
    with _printing:
        print(line, flush=True)


def _context(door: Door) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")  # to show weak keys and old signatures too
    context.load_cert_chain(door.pem)
    if door.offer == "OLD":
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


def _open(door: Door) -> None:
    family = socket.AF_INET6 if ":" in door.address else socket.AF_INET
    listening = socket.create_server((door.address, 25), family=family, backlog=BACKLOG)
    context = _context(door)
    threading.Thread(target=_accept, args=(listening, door, context), daemon=True).start()


def _accept(listening: socket.socket, door: Door, context: ssl.SSLContext) -> None:
    while True:
        connection, _ = listening.accept()
        connection.settimeout(PATIENCE_S)
        threading.Thread(target=_serve, args=(connection, door, context), daemon=True).start()


def _serve(connection: socket.socket, door: Door, context: ssl.SSLContext) -> None:
    with connection, suppress(OSError):
        _Session(connection, door, context).serve()


def main(configuration: str) -> None:
    """Open all doors and serve until killed."""
    for door in msgspec.json.decode(Path(configuration).read_bytes(), type=list[Door]):
        _open(door)
    _print("ready")
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
