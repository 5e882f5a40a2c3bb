"""The mails that a log tells of, in whatever form its entries are kept.

Lines of syslog and Exim; a JSON object a line, as `journalctl -o json` and many shippers write; and journald's export format, whose
entries are lines of `FIELD=value` with an empty line behind (https://systemd.io/JOURNAL_EXPORT_FORMATS).
"""

from collections.abc import Iterable, Iterator

import msgspec

from mxproof.formats.maillog.handed_in import EXIM_SIGN, POSTFIX_SIGN, host_of
from mxproof.formats.maillog.likely_line import JSON_EXIM_SIGN
from mxproof.formats.maillog.line_time import LineTime, LineTimes, written_at

_EXPORT_BEGINS = (b"__CURSOR=", b"__REALTIME_TIMESTAMP=")
_TIMES = ("@timestamp", "timestamp", "time", "ts", "date", "eventtime")
_MESSAGES = ("MESSAGE", "message", "msg", "log", "line", "short_message", "full_message")
_SERVICES = (
    "SYSLOG_IDENTIFIER",
    "program",
    "ident",
    "app",
    "appname",
    "process",
    "tag",
    "_facility",
    "facility",
)
_WITHIN_MAX = 3
"""How many objects within one another are looked into for the one that has the message."""
_MICROSECONDS = 1_000_000
_MILLISECONDS_FROM, _MILLISECONDS_UNTIL = 1e11, 1e14


class HandedIn(msgspec.Struct, frozen=True, gc=False):
    """A mail that `host` handed in; `moment` is None where its entry has no time."""

    moment: LineTime | None
    host: str


class LogEnd(msgspec.Struct, frozen=True, gc=False):
    """The end of a log: when its last entry was written, of a mail or of anything else; None where that has no time."""

    moment: LineTime | None


def handed_in(lines: Iterable[bytes], moments: LineTimes) -> Iterator[HandedIn | LogEnd]:
    """Yield the mails that came from outside, in the order of the log, and its end."""
    source = iter(lines)
    line = b""
    for line in source:
        if POSTFIX_SIGN in line or EXIM_SIGN in line:
            if line[:1] == b"{":
                yield from _of_json(line, moments)
            elif host := host_of(line):
                yield HandedIn(moments.of(line), host)
        elif line[:1] == b"{":
            if JSON_EXIM_SIGN in line:
                yield from _of_json(line, moments)
        elif line[:2] == b"__" and line.startswith(_EXPORT_BEGINS):
            yield from _of_export(line, source)
    yield LogEnd(_moment_of(line, moments))


def _moment_of(line: bytes, moments: LineTimes) -> LineTime | None:
    """Return when an entry was written, if it is on one line and says so."""
    if line[:1] == b"{":
        fields = _fields(line)
        whole = _with_message(fields or {}, _WITHIN_MAX) or fields
        return _json_moment(whole, moments) if whole else None
    return moments.of(line)


def _of_export(first: bytes, rest: Iterator[bytes]) -> Iterator[HandedIn]:
    """Read the entries from `first` to the end of the log; a field of bytes, which has no `=`, is passed over."""
    at_s: float | None = None
    service = message = b""
    line: bytes | None = first
    while line is not None:
        if line.startswith(b"__REALTIME_TIMESTAMP="):
            number = line[21:].strip()
            at_s = float(number) / _MICROSECONDS if number.isdigit() else None
        elif line.startswith(b"SYSLOG_IDENTIFIER="):
            service = line[18:].strip()
        elif line.startswith(b"MESSAGE="):
            message = line[8:]
        following = next(rest, None)
        if line in {b"\n", b"\r\n"} or following is None:
            if (POSTFIX_SIGN in message or EXIM_SIGN in message) and (
                host := host_of(_whole(service, message))
            ):
                yield HandedIn(None if at_s is None else written_at(at_s), host)
            at_s, service, message = None, b"", b""
        line = following


def _whole(service: bytes, message: bytes) -> bytes:
    return service + b": " + message if service and POSTFIX_SIGN in message else message


def _of_json(line: bytes, moments: LineTimes) -> Iterator[HandedIn]:
    fields = _with_message(_fields(line) or {}, _WITHIN_MAX)
    if fields is None:
        return
    found = next(found for name in _MESSAGES if isinstance(found := fields.get(name), str))
    message = found.encode("utf-8", "replace")
    service = next(
        (str(fields[name]).encode("utf-8", "replace") for name in _SERVICES if name in fields), b""
    )
    whole = message if b"smtpd[" in message else _whole(service, message)
    if host := host_of(whole):
        yield HandedIn(_json_moment(fields, moments) or moments.of(message), host)


def _fields(line: bytes) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _with_message(fields: dict[str, object], within: int) -> dict[str, object] | None:
    """Return the object that has the message: this one or, as shippers wrap it, one within; None where there is none."""
    if any(isinstance(fields.get(name), str) for name in _MESSAGES):
        return fields
    inner = (value for value in fields.values() if isinstance(value, dict)) if within else ()
    return next((found for one in inner if (found := _with_message(one, within - 1)) is not None), None)


def _json_moment(fields: dict[str, object], moments: LineTimes) -> LineTime | None:
    journal = str(fields.get("__REALTIME_TIMESTAMP", ""))
    if journal.isdecimal():
        return written_at(float(journal) / _MICROSECONDS)
    for name in _TIMES:
        said = fields.get(name)
        if isinstance(said, (int, float)):
            return written_at(said / 1000 if _MILLISECONDS_FROM < said < _MILLISECONDS_UNTIL else said)
        if isinstance(said, str) and (found := moments.of(said.encode("utf-8", "replace"))):
            return found
    return None
