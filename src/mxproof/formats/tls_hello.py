"""The first message of a TLS handshake and what a server answers to it, without a key ever being agreed on.

A library of today no longer has most of what an old server takes, and cannot ask for it. The two first messages come in
the clear and need no arithmetic: which version and suite a server agrees to stands in its ServerHello, and that it
agrees to none in an alert.

    record       = type(1) version(2) length(2) fragment                              RFC 8446 section 5.1
    alert        = level(1) description(1)                                            section 6
    handshake    = type(1) length(3) body, cut into fragments at will                 section 4
    ClientHello  = version(2) random(32) session_id<1> suites<2> compression<1> extensions<2>   section 4.1.2
    ServerHello  = version(2) random(32) session_id<1> suite(2) compression(1) extensions<2>    section 4.1.3

`<n>` is a length of n bytes and as many bytes. In TLS 1.3 the version that counts is in an extension (section 4.2.1); a
HelloRetryRequest has the form of a ServerHello and agrees on version and suite as well (section 4.1.4).
"""

from typing import Final

import msgspec

from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tls_suite import SUITES

CHANCE_BYTES: Final = 96
"""How many bytes by chance a ClientHello takes: its random, a session ID, and what passes for a key of X25519."""
SERVER_HELLO_BYTES_MAX: Final = 16 * 1024

REFUSALS: Final = frozenset({"handshake_failure", "protocol_version", "insufficient_security"})
"""The alerts that say that nothing of what was offered suits the server (RFC 8446 section 6.2, RFC 5246 section 7.2.2)."""
LEAVE: Final = bytes.fromhex("1503030002015a") + bytes.fromhex("15030300020100")
"""The alerts user_canceled and close_notify: no fault of the server's (RFC 8446 section 6.1)."""

_VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}
_LEGACY = {Offer.TLS_1_1: 0x0302}
_TLS_1_2, _TLS_1_3 = 0x0303, 0x0304
_ALERT, _HANDSHAKE, _CHANGE_CIPHER_SPEC = 21, 22, 20
_CLIENT_HELLO, _SERVER_HELLO = 1, 2
_RECORD_HEAD, _MESSAGE_HEAD = 5, 4
_FATAL = 2
_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    40: "handshake_failure",
    47: "illegal_parameter",
    50: "decode_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
}

# Extensions (RFC 6066 section 3, RFC 8422 section 5.1, RFC 8446 section 4.2, RFC 7627 section 5.1, RFC 5746 section 3.2).
_SERVER_NAME, _GROUPS, _POINT_FORMATS, _SIGNATURES, _MASTER_SECRET = 0, 10, 11, 13, 23
_SUPPORTED_VERSIONS, _KEY_MODES, _KEY_SHARE, _RENEGOTIATION = 43, 45, 51, 0xFF01
_X25519 = 29
_GROUP_NUMBERS = (_X25519, 23, 24, 25, 256, 257)
"""X25519, P-256, P-384, P-521, ffdhe2048 and ffdhe3072 (RFC 8446 section 4.2.7)."""
_SCHEMES = (0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201)
"""ECDSA, Ed25519, RSASSA-PSS and PKCS #1, over SHA-256 and up, and at last over SHA-1 (section 4.2.3)."""


class ServerHello(msgspec.Struct, frozen=True):
    """What a server agrees to: a version as OpenSSL writes it, and a suite by its name in the registry, or its number."""

    version: str
    suite: str


class TlsAlert(msgspec.Struct, frozen=True):
    """An alert by its name in RFC 8446 section 6, or its number, with which a server ends a handshake."""

    description: str


def client_hello(offer: Offer, server_name: str, chance: bytes) -> bytes:
    """Return the record of a ClientHello that offers `offer` and nothing else.

    `server_name` goes into SNI, unless it is empty; `chance` are CHANCE_BYTES that nobody can foresee.
    """
    assert len(chance) == CHANCE_BYTES, "a hello takes its chance from outside"
    random, session, share = chance[:32], chance[32:64], chance[64:]
    newest = offer is Offer.TLS_1_3
    suites = b"".join(number.to_bytes(2) for number in SUITES[offer])
    extensions = b"".join(
        (
            _extension(_SERVER_NAME, _sized(b"\0" + _sized(server_name.encode()))) if server_name else b"",
            _extension(_GROUPS, _sized(_numbers(_GROUP_NUMBERS))),
            b"" if newest else _extension(_POINT_FORMATS, _sized(b"\0", 1)),
            _extension(_SIGNATURES, _sized(_numbers(_SCHEMES))),
            b"" if newest else _extension(_MASTER_SECRET, b"") + _extension(_RENEGOTIATION, b"\0"),
            _only_tls_1_3(share) if newest else b"",
        )
    )
    version = _LEGACY.get(offer, _TLS_1_2).to_bytes(2)
    body = version + random + _sized(session, 1) + _sized(suites) + _sized(b"\0", 1) + _sized(extensions)
    message = bytes((_CLIENT_HELLO,)) + _sized(body, 3)
    return bytes((_HANDSHAKE, 3, 1)) + _sized(message)


def read_answer(data: bytes) -> ServerHello | TlsAlert | None:
    """Return what a server answers to a hello, None where more has to come first.

    Raises FormatError for what is no TLS, and for more than SERVER_HELLO_BYTES_MAX without an answer in it.
    """
    messages = bytearray()
    place = 0
    while len(data) - place >= _RECORD_HEAD:
        kind, size = data[place], int.from_bytes(data[place + 3 : place + 5])
        if kind not in {_ALERT, _HANDSHAKE, _CHANGE_CIPHER_SPEC} or data[place + 1] != 3:
            raise _refusal("no record of TLS", place)
        fragment = data[place + _RECORD_HEAD : place + _RECORD_HEAD + size]
        if len(fragment) < size:
            break
        if kind == _ALERT and len(fragment) == 2 and fragment[0] == _FATAL:
            return TlsAlert(_ALERTS.get(fragment[1], str(fragment[1])))
        if kind == _HANDSHAKE:
            messages += fragment
            size_said = int.from_bytes(messages[1:_MESSAGE_HEAD])
            if len(messages) >= _MESSAGE_HEAD and len(messages) - _MESSAGE_HEAD >= size_said:
                return _server_hello(bytes(messages[: _MESSAGE_HEAD + size_said]), place)
        place += _RECORD_HEAD + size
    if len(data) > SERVER_HELLO_BYTES_MAX:
        raise _refusal(f"more than {SERVER_HELLO_BYTES_MAX} bytes and no ServerHello", len(data))
    return None


def _server_hello(message: bytes, place: int) -> ServerHello:
    body = message[_MESSAGE_HEAD:]
    after = 35 + body[34] if len(body) > 34 else 0
    if message[0] != _SERVER_HELLO or len(body) < after + 3 or not after:
        raise _refusal("no ServerHello", place)
    version, number = int.from_bytes(body[:2]), int.from_bytes(body[after : after + 2])
    version = _selected(body[after + 3 :]) or version
    names = (names[number] for names in SUITES.values() if number in names)
    return ServerHello(_VERSIONS.get(version, f"{version:#06x}"), next(names, f"{number:#06x}"))


def _selected(extensions: bytes) -> int | None:
    """Return the version that the extension supported_versions names (RFC 8446 section 4.2.1), None without one."""
    place = 2
    while place + 4 <= len(extensions):
        kind, size = (int.from_bytes(extensions[at : at + 2]) for at in (place, place + 2))
        if kind == _SUPPORTED_VERSIONS and size == 2:
            return int.from_bytes(extensions[place + 4 : place + 6])
        place += 4 + size
    return None


def _only_tls_1_3(share: bytes) -> bytes:
    """Return the extensions that a hello has which goes no lower than TLS 1.3 (RFC 8446 section 9.2)."""
    entry = _X25519.to_bytes(2) + _sized(share)
    return (
        _extension(_SUPPORTED_VERSIONS, _sized(_TLS_1_3.to_bytes(2), 1))
        + _extension(_KEY_MODES, _sized(b"\1", 1))
        + _extension(_KEY_SHARE, _sized(entry))
    )


def _extension(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2) + _sized(data)


def _sized(data: bytes, length_bytes: int = 2) -> bytes:
    return len(data).to_bytes(length_bytes) + data


def _numbers(numbers: tuple[int, ...]) -> bytes:
    return b"".join(number.to_bytes(2) for number in numbers)


def _refusal(message: str, place: int) -> FormatError:
    return FormatError("TLS", Objection("tls-hello", message, place, "RFC 8446 section 4.1.3"))
