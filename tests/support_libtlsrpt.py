"""The library that Postfix tells of its deliveries through, as a client of tests and of the bench: Debian's own, by ctypes.

    python -m support_libtlsrpt SOCKET COUNT DOMAINS RATE

sends COUNT attempts over DOMAINS domains, RATE a second with a socket for each, as Postfix does (0: as fast as the other side takes
them, with one for all), and prints `{"sent": ..., "lost": ..., "seconds": ..., "cpu_s": ...}`. It loads nothing of mxproof, so that it costs the machine little.
"""

import ctypes
import json
import os
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

LIBRARY: Final = "libtlsrpt.so.0"
TLSA, STS, NONE = 1, 2, 9
HOST_MISMATCH: Final = 202
QUEUE_FULL: Final = 13011
"""EAGAIN of sendto(2), as the library says it."""
FAILS_EVERY: Final = 4
"""Of so many attempts one fails."""
_BEHIND_S_MAX: Final = 0.005
"""How far whoever paces itself may be late before it gives up to catch up."""


def library_path() -> Path | None:
    """Return where the library is: that of this machine, or of the Debian that the real tests install."""
    root = Path(os.environ.get("MXPROOF_TRIXIE", "/var/cache/mxproof/trixie"))
    folders = [Path("/usr/lib/x86_64-linux-gnu"), Path("/usr/lib/aarch64-linux-gnu")]
    for folder in (*folders, *(root / one.relative_to("/") for one in folders)):
        if (folder / LIBRARY).exists():
            return folder / LIBRARY
    return None


class Attempt(NamedTuple):
    """One delivery attempt under an MTA-STS policy; `failure` is 0 for one that satisfies it."""

    domain: bytes
    failure: int = 0


class Libtlsrpt:
    """A connection of the library; `blocking` waits while the queue is full, as no mail server does."""

    def __init__(self, socket_path: str, *, blocking: bool) -> None:
        path = library_path()
        assert path is not None, "libtlsrpt is not here"
        self._library = library = ctypes.CDLL(str(path))
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        library.tlsrpt_init_delivery_request.argtypes = [ctypes.POINTER(pointer), pointer, text, text]
        library.tlsrpt_init_policy.argtypes = [pointer, ctypes.c_int, text]
        library.tlsrpt_add_policy_string.argtypes = [pointer, text]
        library.tlsrpt_add_mx_host_pattern.argtypes = [pointer, text]
        library.tlsrpt_add_delivery_request_failure.argtypes = [pointer, ctypes.c_int, *[text] * 6]
        library.tlsrpt_finish_policy.argtypes = [pointer, ctypes.c_int]
        library.tlsrpt_finish_delivery_request.argtypes = [ctypes.POINTER(pointer)]
        (library.tlsrpt_set_blocking if blocking else library.tlsrpt_set_nonblocking)()
        self._path = socket_path.encode()
        self._connection = pointer()
        self.open()

    def open(self) -> None:
        """Open a connection."""
        done = self._library.tlsrpt_open(ctypes.byref(self._connection), self._path)
        assert done == 0, done

    def send(self, attempt: Attempt) -> int:
        """Tell of an attempt, and return what the library says: 0 where it was sent."""
        library, domain = self._library, attempt.domain
        request = ctypes.c_void_p()
        library.tlsrpt_init_delivery_request(
            ctypes.byref(request), self._connection, domain, b"v=TLSRPTv1; rua=mailto:tls@" + domain
        )
        library.tlsrpt_init_policy(request, STS, domain)
        for line in (b"version: STSv1", b"mode: enforce", b"mx: mx." + domain, b"max_age: 86400"):
            library.tlsrpt_add_policy_string(request, line)
        library.tlsrpt_add_mx_host_pattern(request, b"mx." + domain)
        if attempt.failure:
            ehlo = b"250-mx." + domain + b"\r\n250-SIZE 33554432\r\n250 HELP"
            library.tlsrpt_add_delivery_request_failure(
                *(request, attempt.failure, b"192.0.2.1", b"mx." + domain, ehlo, b"192.0.2.25", None, None)
            )
        library.tlsrpt_finish_policy(request, int(bool(attempt.failure)))
        return int(library.tlsrpt_finish_delivery_request(ctypes.byref(request)))

    def close(self) -> None:
        """Close the connection."""
        self._library.tlsrpt_close(ctypes.byref(self._connection))


def attempts(count: int, domains: int) -> list[Attempt]:
    """Return attempts over many domains, one of FAILS_EVERY failing, each domain alike every time."""
    return [
        Attempt(
            f"d{number % domains}.example".encode(), 0 if number % domains % FAILS_EVERY else HOST_MISMATCH
        )
        for number in range(count)
    ]


def main(socket_path: str, count: str, domains: str, rate: str) -> None:
    """Send, and print what came of it."""
    wanted = attempts(int(count), int(domains))
    every_s = 1 / int(rate) if int(rate) else 0.0
    client = Libtlsrpt(socket_path, blocking=not every_s)
    lost = 0
    began = due = time.perf_counter()
    for one in wanted:
        if every_s:
            due = max(due + every_s, time.perf_counter() - _BEHIND_S_MAX)
            while (early_s := due - time.perf_counter()) > 0:
                time.sleep(early_s)
            client.close()
            client.open()
        lost += client.send(one) != 0
    took_s = time.perf_counter() - began
    client.close()
    print(json.dumps({"sent": len(wanted), "lost": lost, "seconds": took_s, "cpu_s": time.process_time()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
