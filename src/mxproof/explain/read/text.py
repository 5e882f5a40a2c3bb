"""From bytes to material: what kind of thing was given, and its parts.

| given | told by |
|---|---|
| a message | a header field in the first line and a second field of mail |
| header lines | authentication fields without a body |
| a DMARC report | `feedback` and `policy_published` in XML |
| a TLS report | a JSON object with `organization-name` and `policies` (RFC 8460 section 4.4), or a piece of one |
| log lines | the shape of a delivery line |
| anything else | lines of text, each part for the recipient that it names |

Pasted text is read without the marks of quotation, the markup, the prefixes and the line breaks that it got on the way
(`formats/bounce/reply`, `markup`, `record`).
"""

from mxproof.explain.read import mail as message
from mxproof.explain.read.about_mail import is_about_mail
from mxproof.explain.read.log import log
from mxproof.explain.read.material import Material, MaterialForm, Notification, Statement, StatementPlace
from mxproof.explain.read.results import result_fields, results_in
from mxproof.explain.read.strangers import is_dmarc_report, is_of_stranger
from mxproof.formats.bounce.dsn import parse_delivery_status
from mxproof.formats.bounce.markup import copied_text
from mxproof.formats.bounce.mime import (
    MAIL_BYTES_MAX,
    decode_text,
    parse_headers,
    parse_mail,
    quoted_printable,
    with_line_feeds,
)
from mxproof.formats.bounce.notice import sections, without_returned
from mxproof.formats.bounce.record import records
from mxproof.formats.bounce.reply import REPLY_CHARACTERS_MAX, flattened, readable

_MAIL_FIELDS = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version"}
)
_MAIL_FIELDS_MIN = 2
_REPORT_KEYS = tuple(
    f'"{key}"'
    for key in (
        *("result-type", "failure-details", "failed-session-count", "policy-string", "policy-type"),
        *("total-successful-session-count", "total-failure-session-count", "receiving-mx-hostname"),
        *("sending-mta-ip", "report-id", "date-range", "contact-info", "organization-name"),
    )
)
_REPORT_KEYS_MIN = 3
_JSON_SIGNS = ("{", "}", "[", "]", '"')
_SOFT_BREAK = b"=\n"
_QUOTED_SIGNS = (b"=3D", b"=20", b"=27")


def read(data: bytes, *, markup: bool = False) -> Material:
    """Return what `data` says; the HTML parts of a message are read only with `markup`, since they cost more."""
    data = with_line_feeds(data[:MAIL_BYTES_MAX])
    mail = parse_mail(data)
    names = {name for name, _ in mail.headers}
    if len(names & _MAIL_FIELDS) >= _MAIL_FIELDS_MIN:
        return message.material(mail, markup=markup)
    whole = copied_text(readable(decode_text(_unquoted(data))))
    text = whole[:REPLY_CHARACTERS_MAX]
    if not text.strip():
        return Material(form=MaterialForm.NOTHING)
    if _is_tls_report(text):
        return message.tls_report(text)
    if is_dmarc_report(text):
        return Material(form=MaterialForm.LINES, notification=Notification.DMARC_REPORT)
    fields = _header_lines(text)
    headers = result_fields(fields)
    if headers:
        return Material(
            form=MaterialForm.MESSAGE,
            auth=results_in(headers),
            signatures=message.signatures(fields),
            statements=(Statement(StatementPlace.LINE, flattened(text)),),
        )
    told = [one for one in records(whole) if not is_of_stranger(one)]
    if not any(told):
        return Material(form=MaterialForm.NOTHING)
    return log(told) or _bare("\n".join(told)[:REPLY_CHARACTERS_MAX], text)


def _unquoted(data: bytes) -> bytes:
    """Return pasted quoted-printable decoded; other text has no soft line break beside a coded sign."""
    if (_SOFT_BREAK in data or b"=3D" in data) and any(sign in data for sign in _QUOTED_SIGNS):
        return quoted_printable(data)
    return data


def _is_tls_report(text: str) -> bool:
    """Tell whether a text is a TLS report or a piece cut out of one, with nothing beside it but the ends of the cut."""
    if text.lstrip()[:1] == "{" and '"organization-name"' in text and '"policies"' in text:
        return True
    if sum(key in text for key in _REPORT_KEYS) < _REPORT_KEYS_MIN:
        return False
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return lines[0].endswith((",", *_JSON_SIGNS)) and all(line.startswith(_JSON_SIGNS) for line in lines[1:])


def _header_lines(text: str) -> tuple[tuple[str, str], ...]:
    """Return header fields at the beginning of `text`, or one field whose name was not copied."""
    start = text.lstrip()
    if start.lower().startswith(("spf=", "dkim=", "dmarc=", "compauth=")):
        return (("authentication-results", " ".join(start.split())),)
    return parse_headers(start.encode())


def _bare(text: str, whole: str) -> Material:
    """Return the material of lines; `whole` is the text with the lines of programs that deliver no mail."""
    body = without_returned(text)
    report = parse_delivery_status(body)
    if report.recipients:
        return message.bare_report(body, report)
    return Material(
        form=MaterialForm.LINES,
        statements=tuple(
            Statement(StatementPlace.LINE, flattened(one.text), one.address)
            for one in sections(body, with_commands=True)
        ),
        reporting_host=message.reporting_host(body),
        marks=body.lower(),
        is_mail=is_about_mail(body) and (text == whole or is_about_mail(whole)),
    )
