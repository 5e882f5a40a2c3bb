"""From bytes to material: what kind of thing was given, and its parts.

| given | told by |
|---|---|
| a message | a header field in the first line and a second field of mail |
| header lines | authentication fields without a body |
| a TLS report | a JSON object with `organization-name` and `policies` (RFC 8460 section 4.4) |
| log lines | the shape of a delivery line |
| anything else | lines of text |
"""

from mxproof.explain.read import mail as message
from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.formats.bounce.authres import is_auth_header, parse_auth_header
from mxproof.formats.bounce.dsn import parse_delivery_status
from mxproof.formats.bounce.logline import LogLine, parse_log_line
from mxproof.formats.bounce.mime import (
    MAIL_BYTES_MAX,
    decode_text,
    parse_headers,
    parse_mail,
    quoted_printable,
)
from mxproof.formats.bounce.notice import without_returned
from mxproof.formats.bounce.reply import flattened, plain, without_controls

LOG_LINES_MAX = 2000

_MAIL_FIELDS = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version"}
)
_MAIL_FIELDS_MIN = 2
_SOFT_BREAK = b"=\n"
_QUOTED_SIGNS = (b"=3D", b"=20", b"=27")


def read(data: bytes, *, markup: bool = False) -> Material:
    """Return what `data` says; the HTML parts of a message are read only with `markup`, since they cost more."""
    data = data[:MAIL_BYTES_MAX].replace(b"\r\n", b"\n")
    mail = parse_mail(data)
    names = {name for name, _ in mail.headers}
    if len(names & _MAIL_FIELDS) >= _MAIL_FIELDS_MIN:
        return message.material(mail, markup=markup)
    whole = decode_text(_unquoted(data))
    text = plain(whole)
    if not text.strip():
        return Material(form=MaterialForm.NOTHING)
    if _is_tls_report(text):
        return message.tls_report(text)
    fields = _header_lines(text)
    headers = [(name, value) for name, value in fields if is_auth_header(name)]
    if headers:
        return Material(
            form=MaterialForm.MESSAGE,
            auth=tuple(parse_auth_header(name, value) for name, value in headers),
            signatures=message.signatures(fields),
            statements=(Statement(StatementPlace.LINE, flattened(text)),),
        )
    told = without_controls(whole).split("\n", LOG_LINES_MAX)[:LOG_LINES_MAX]
    lines = [line for line in map(parse_log_line, told) if line]
    return _log(lines) if lines else _bare(text)


def _unquoted(data: bytes) -> bytes:
    """Return pasted quoted-printable decoded; other text has no soft line break beside a coded sign."""
    if (_SOFT_BREAK in data or b"=3D" in data) and any(sign in data for sign in _QUOTED_SIGNS):
        return quoted_printable(data)
    return data


def _is_tls_report(text: str) -> bool:
    return text.lstrip()[:1] == "{" and '"organization-name"' in text and '"policies"' in text


def _header_lines(text: str) -> tuple[tuple[str, str], ...]:
    """Return header fields at the beginning of `text`, or one field whose name was not copied."""
    start = text.lstrip()
    if start.lower().startswith(("spf=", "dkim=", "dmarc=", "compauth=")):
        return (("authentication-results", " ".join(start.split())),)
    return parse_headers(start.encode())


def _log(lines: list[LogLine]) -> Material:
    attempts = sorted(line.at for line in lines if line.at)
    delays = [line.delay_s for line in lines if line.delay_s is not None]
    return Material(
        form=MaterialForm.LOG,
        statements=tuple(Statement(StatementPlace.LOG, _said(line), line.recipient) for line in lines),
        program=lines[0].program,
        attempts=tuple(attempts),
        delay_s=max(delays, default=None),
        recipients=tuple(
            message.recipient(address, line)
            for address, line in {line.recipient: line for line in lines if line.recipient}.items()
        ),
    )


def _said(line: LogLine) -> str:
    where = (
        f"host {line.relay}[{line.address}] said: "
        if line.relay and line.address and "said:" not in line.text
        else ""
    )
    return flattened(f"{where}{line.text}")


def _bare(text: str) -> Material:
    body = without_returned(text)
    report = parse_delivery_status(body)
    if report.recipients:
        return message.bare_report(body, report)
    return Material(
        form=MaterialForm.LINES,
        statements=(Statement(StatementPlace.LINE, flattened(body)),),
        marks=body.lower(),
    )
