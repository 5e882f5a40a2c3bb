"""What a server would have us calculate, read from its handshake before the TLS library does it.

Up to TLS 1.2 a server chooses its Diffie-Hellman group itself, and nothing but the library's limit of 10 000 bits keeps it
from one whose arithmetic takes ten seconds, in which nobody else has a turn and no clock runs out. These messages come
in the clear, so that a group beyond DH_BITS_MAX ends the handshake unread, and one below it is known to be `costly`.

    record     = type(1) version(2) length(2) fragment                          RFC 5246 section 6.2.1
    handshake  = type(1) length(3) body, cut into fragments at will              section 7.4
    ServerHello: version(2) random(32) length(1) session_id cipher_suite(2) ...  section 7.4.1.3
    ServerKeyExchange, where the suite is one of DHE_SUITES: length(2) dh_p ...        section 7.4.3

Everything behind the first record of another type than these, or behind a ServerHello of TLS 1.3, is encrypted.
"""

from enum import IntEnum

DH_BITS_MAX = 4096
"""Takes less than a fifth of a second; administrators do not use more."""
HELLO_BYTES_MAX = 64 * 1024

_RECORD_HEAD = 5
_MESSAGE_HEAD = 4
_ALERT, _HANDSHAKE = 21, 22
DHE_SUITES = frozenset(
    (
        *range(0x0011, 0x0017),
        *(0x0032, 0x0033, 0x0038, 0x0039, 0x0040, 0x0044, 0x0045, 0x0067, 0x006A, 0x006B, 0x0087, 0x0088),
        *(0x0099, 0x009A, 0x009E, 0x009F, 0x00A2, 0x00A3, 0x00BD, 0x00BE, 0x00C3, 0x00C4, 0xC044, 0xC045),
        *(
            0xC052,
            0xC053,
            0xC056,
            0xC057,
            0xC07C,
            0xC07D,
            0xC080,
            0xC081,
            0xC09E,
            0xC09F,
            0xC0A2,
            0xC0A3,
            0xCCAA,
        ),
    )
)
"""TLS_DHE_RSA_* and TLS_DHE_DSS_* of the registry "TLS Cipher Suites"."""


class _Message(IntEnum):
    SERVER_HELLO = 2
    SERVER_KEY_EXCHANGE = 12
    SERVER_HELLO_DONE = 14


class KeyExchange:
    """Reads along what a server sends, up to the end of what it says in the clear."""

    def __init__(self) -> None:
        self.dh_bits = 0
        self._records = bytearray()
        self._messages = bytearray()
        self._suite: int | None = None
        self._over = False

    @property
    def costly(self) -> bool:
        """Tell whether a Diffie-Hellman group was chosen, whose arithmetic takes a while."""
        return bool(self.dh_bits)

    @property
    def excessive(self) -> bool:
        """Tell whether the group is too large to be calculated with."""
        return self.dh_bits > DH_BITS_MAX

    def feed(self, data: bytes) -> None:
        """Take bytes as they came from the server."""
        if self._over:
            return
        self._records += data
        while not self._over and len(self._records) >= _RECORD_HEAD:
            kind, size = self._records[0], int.from_bytes(self._records[3:5])
            if kind not in {_ALERT, _HANDSHAKE}:
                self._over = True
            elif len(self._records) < _RECORD_HEAD + size:
                break
            elif kind == _HANDSHAKE:
                self._messages += self._records[_RECORD_HEAD : _RECORD_HEAD + size]
                self._read_messages()
            del self._records[: _RECORD_HEAD + size]
        if len(self._records) + len(self._messages) > HELLO_BYTES_MAX:
            self._over = True

    def _read_messages(self) -> None:
        while not self._over and len(self._messages) >= _MESSAGE_HEAD:
            size = int.from_bytes(self._messages[1:4])
            if len(self._messages) < _MESSAGE_HEAD + size:
                return
            self._read(self._messages[0], bytes(self._messages[_MESSAGE_HEAD : _MESSAGE_HEAD + size]))
            del self._messages[: _MESSAGE_HEAD + size]

    def _read(self, kind: int, body: bytes) -> None:
        match kind:
            case _Message.SERVER_HELLO:
                suite = body[35 + body[34] :][:2] if len(body) > 34 else b""
                self._suite = int.from_bytes(suite)
                self._over = suite[:1] == b"\x13"  # TLS 1.3, whose groups the client names
            case _Message.SERVER_KEY_EXCHANGE if self._suite in DHE_SUITES:
                self.dh_bits = int.from_bytes(body[:2]) * 8
                self._over = True
            case _Message.SERVER_KEY_EXCHANGE | _Message.SERVER_HELLO_DONE:
                self._over = True
