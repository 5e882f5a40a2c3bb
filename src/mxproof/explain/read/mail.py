"""From a message to material: the report, the prose beside it, and what is known of the message that bounced."""

import re
import zlib
from collections.abc import Iterator

from mxproof.explain.read.automatic import is_automatic, is_automatic_reply
from mxproof.explain.read.material import Material, MaterialForm, Notification, Statement, StatementPlace
from mxproof.explain.read.results import result_fields, results_in
from mxproof.formats.bounce.dsn import (
    STATUS_TYPES,
    Action,
    DeliveryStatus,
    RecipientStatus,
    delivery_statuses,
    parse_delivery_status,
)
from mxproof.formats.bounce.logline import LogLine
from mxproof.formats.bounce.maildate import parse_mail_date
from mxproof.formats.bounce.markup import html_text
from mxproof.formats.bounce.mime import (
    Mail,
    Part,
    decode_text,
    decode_words,
    parse_mail,
    parse_wanted_headers,
    part_bytes,
    part_text,
)
from mxproof.formats.bounce.notice import addresses_spoken_of, sections, transcript, without_returned
from mxproof.formats.bounce.reply import flattened, plain
from mxproof.formats.bounce.ses import parse_ses_notification
from mxproof.formats.dkim import Signature, parse_signature

ATTEMPTS_MAX = 100
NESTING_MAX = 3
RETURNED_BYTES_MAX = 64 * 1024
TLS_REPORT_CHARACTERS_MAX = 8 * 1024 * 1024
TLS_REPORT_TEXT_CHARACTERS_MAX = 64 * 1024
"""Of a report that is searched as text, where its rows could not be read."""
SIGNATURES_MAX = 10

_REPORTERS = re.compile(
    r"mailer-daemon|postmaster|mail delivery|mail administrator|double-bounce", re.IGNORECASE
)
_SUBJECTS = re.compile(
    r"undeliver|returned mail|delivery (?:status|fail|report|notification|has)|failure notice|mail (?:delivery|failure|system)"
    r"|not delivered|could not send|warning: message|delivery failure|failed delivery|message you sent"
    r"|unzustellbar|nicht zugestellt|nicht zustellbar|onbestelbaar|bezorging mislukt|niet bezorgd|niedostarczalne"
    r"|non (?:remis|distribu|délivr)|échec de (?:la )?remise|non recapitabil|mancat[oa] (?:recapito|consegna)"
    r"|no se (?:puede|pudo) entregar|no entregad[oa]|não (?:é possível|foi possível|pode ser) entreg|não entregue"
    r"|配信不能|配信(?:の|が|でき)|配達(?:不能|でき)|无法投递|не доставлено",
    re.IGNORECASE,
)
_NOTIFICATIONS = {
    "message/disposition-notification": Notification.RECEIPT,
    "message/feedback-report": Notification.COMPLAINT,
}
"""RFC 8098 section 3 and RFC 5965 section 3: reports about a message that arrived."""
_SES_NOTIFICATIONS = {"complaint": Notification.COMPLAINT, "delivery": Notification.DELIVERY}
_MARKUP = "text/html"
_SIGNATURE_FIELD = "dkim-signature"
_TLS_REPORT_TYPE = "application/tlsrpt"
_GZIP_WINDOW = 31
_ATTEMPT = re.compile(r"^\s{0,8}(\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M)", re.MULTILINE)
_REPORTING_HOST = re.compile(
    r"(?:generating server:|generierender server:|serveur de génération ?:|servidor de (?:generación|geração):"
    r"|server di generazione:|genererende server:|生成サーバー:|program at|mail system at host|postfix program at host|delivery status notification from"
    r"|mail agent v[\d.]{1,10} at|message from) +([a-z0-9][a-z0-9._-]{0,252}[a-z0-9])",
    re.IGNORECASE,
)
_BEFORE_HOST = (
    "serv",
    " at host",
    "program at",
    "notification from",
    "mail agent",
    "message from",
    "サーバー",
)
"""What stands before it, one of which is looked for first."""
_OF_AUTHOR = frozenset({b"return-path", b"from"})
_AUTHOR = re.compile(r"@([A-Za-z0-9][A-Za-z0-9.-]{0,252}[A-Za-z0-9])")
_REPLY = re.compile(
    r"\b[245]\d\d[ -]#?[245]\.\d{1,3}\.\d{1,3}|(?:^[ \t]{0,8}|[\"'(:=]\s{0,8})[45]\d\d[ -]\S", re.MULTILINE
)
"""A reply beside an enhanced code, or where a reply is quoted: behind a mark, or at the beginning of a line."""


def material(mail: Mail, *, markup: bool, nesting: int = 0) -> Material:
    """Return what a message says. A bounce that was forwarded as an attachment is read in its place."""
    report = _report(mail)
    if not report.recipients and not _is_from_reporter(mail) and nesting < NESTING_MAX:
        for part in mail.parts:
            if part.media_type == "message/rfc822":
                inner = parse_mail(part_bytes(part))
                if _report(inner).recipients or _is_bounce(inner):
                    return material(inner, markup=markup, nesting=nesting + 1)
    if attached := _tls_report(mail):
        return tls_report(attached)
    notice = "\n".join(_notices(mail, markup=markup))
    if kind := next(
        (_NOTIFICATIONS[one.media_type] for one in mail.parts if one.media_type in _NOTIFICATIONS), None
    ):
        return _bounce(mail, DeliveryStatus(), "", kind)
    if told := parse_ses_notification(notice):
        return _bounce(mail, told.report, "", _SES_NOTIFICATIONS.get(told.kind.lower()))
    if not report.recipients:
        report = _in_prose(report, notice)
    if report.recipients or _is_bounce(mail) or _was_forwarded(mail, notice):
        has_markup = any(part.media_type == _MARKUP for part in _shown(mail))
        return _bounce(mail, report, notice, has_markup_unread=has_markup and not markup)
    return _message(mail, notice)


def tls_report(text: str) -> Material:
    """Return the material of a TLS report."""
    whole = text[:TLS_REPORT_CHARACTERS_MAX]
    text = whole[:TLS_REPORT_TEXT_CHARACTERS_MAX]
    return Material(
        form=MaterialForm.TLS_REPORT,
        tls_report=whole.encode("utf-8", "replace"),
        statements=(Statement(StatementPlace.LINE, flattened(text)),),
        marks=text.lower(),
    )


def bare_report(text: str, report: DeliveryStatus) -> Material:
    """Return the material of a report that was pasted without its message."""
    return _bounce(Mail((), ()), report, text)


def reporting_host(notice: str) -> str:
    """Return the host that a notice says it comes from, or an empty string."""
    lowered = notice.lower()
    words = [one for one in _BEFORE_HOST if one in lowered]
    if not words:
        return ""
    lines = (line for line in notice.split("\n") if any(one in line.lower() for one in words))
    named = next((found for line in lines if (found := _REPORTING_HOST.search(line))), None)
    return named.group(1) if named else ""


def signatures(headers: tuple[tuple[str, str], ...]) -> tuple[Signature, ...]:
    """Return the DKIM signatures among header fields, as far as they name their keys."""
    values = [value for name, value in headers if name.lower() == _SIGNATURE_FIELD][:SIGNATURES_MAX]
    return tuple(one for one in map(parse_signature, values) if one is not None)


def recipient(address: str, line: LogLine) -> RecipientStatus:
    """Return what a log line says of its recipient."""
    action = Action.DELAYED if line.outcome == "deferred" else Action.FAILED
    return RecipientStatus(
        address=address,
        action=Action.DELIVERED if line.outcome == "sent" else action,
        status=line.status,
        remote_mta=line.relay,
        diagnostic=flattened(line.text),
        last_attempt=line.at,
    )


def _tls_report(mail: Mail) -> str:
    """Return the TLS report that is attached (RFC 8460 section 5.3), unpacked up to a limit, or an empty string."""
    for part in mail.parts:
        if not part.media_type.startswith(_TLS_REPORT_TYPE):
            continue
        data = part_bytes(part)
        if part.media_type.endswith("gzip"):
            try:
                data = zlib.decompressobj(_GZIP_WINDOW).decompress(data, TLS_REPORT_CHARACTERS_MAX)
            except zlib.error:
                return part.media_type
        return decode_text(data) or part.media_type
    return ""


def _report(mail: Mail) -> DeliveryStatus:
    return next(delivery_statuses(mail), DeliveryStatus())


def _in_prose(report: DeliveryStatus, notice: str) -> DeliveryStatus:
    """Return the report that stands in the prose itself, or else what was there."""
    found = (
        parse_delivery_status(notice) if "ecipient:" in notice or "eporting-" in notice else DeliveryStatus()
    )
    return found if found.recipients else report


def _is_bounce(mail: Mail) -> bool:
    if _is_from_reporter(mail):
        return True
    return not is_automatic(mail) and bool(_SUBJECTS.search(decode_words(mail.header("subject"))))


def _is_from_reporter(mail: Mail) -> bool:
    """Tell whether a mail system itself reports; a person who forwards a bounce keeps nothing but its subject."""
    if "delivery-status" in mail.header("content-type").lower() or mail.header("return-path") == "<>":
        return True
    return bool(_REPORTERS.search(decode_words(mail.header("from"))))


def _was_forwarded(mail: Mail, notice: str) -> bool:
    """Tell whether a message without a sign of its own has the text of a bounce: a reply code and an address."""
    if is_automatic(mail) or result_fields(mail.headers):
        return False
    return bool(_REPLY.search(notice))


def _notices(mail: Mail, *, markup: bool) -> Iterator[str]:
    """Yield the prose of the message: its text parts that stand before the returned message."""
    for part in _shown(mail):
        if part.media_type == _MARKUP and markup:
            yield without_returned(plain(html_text(part_text(part))))
        elif part.media_type == "text/plain":
            yield without_returned(plain(part_text(part).replace("\r\n", "\n")))


def _shown(mail: Mail) -> Iterator[Part]:
    """Yield the parts that stand before the returned message."""
    for part in mail.parts:
        if part.media_type.startswith("message/") and part.media_type not in STATUS_TYPES:
            return
        yield part


def _bounce(
    mail: Mail,
    report: DeliveryStatus,
    notice: str,
    notification: Notification | None = None,
    *,
    has_markup_unread: bool = False,
) -> Material:
    has_times = " AM" in notice or " PM" in notice
    times = _ATTEMPT.findall(notice)[:ATTEMPTS_MAX] if has_times else []
    attempts = [parse_mail_date(found) for found in times]
    attempts += [one.last_attempt for one in report.recipients]
    subject = decode_words(mail.header("subject"))
    return Material(
        form=MaterialForm.BOUNCE,
        statements=tuple(_statements(report, notice)),
        recipients=report.recipients,
        reporting_host=report.reporting_mta or reporting_host(notice),
        marks="\n".join((mail.header("from"), subject, notice)).lower(),
        sender_domain=_sender_domain(mail),
        notification=notification,
        arrived=report.arrived,
        attempts=tuple(sorted(at for at in attempts if at)),
        has_markup_unread=has_markup_unread,
    )


def _statements(report: DeliveryStatus, notice: str) -> Iterator[Statement]:
    for one in report.recipients:
        if one.diagnostic:
            yield Statement(StatementPlace.DIAGNOSTIC, flattened(plain(one.diagnostic)), one.address)
    reported = {one.address for one in report.recipients}
    for section in sections(notice):
        spoken_of = (section.address,) if section.address else addresses_spoken_of(section.text)
        about = [address for address in spoken_of if not reported or address in reported]
        yield Statement(StatementPlace.NOTICE, flattened(section.text), about[0] if len(about) == 1 else "")
    said = transcript(notice)
    if said:
        yield Statement(StatementPlace.TRANSCRIPT, flattened(said))


def _message(mail: Mail, notice: str) -> Material:
    """Return the material of a message that is no bounce; text with a reply code in it may quote one."""
    headers = result_fields(mail.headers)
    statements = [Statement(StatementPlace.LINE, flattened(value)) for _, value in headers]
    if not is_automatic(mail) and _REPLY.search(notice):
        statements.append(Statement(StatementPlace.NOTICE, flattened(notice)))
    return Material(
        form=MaterialForm.MESSAGE,
        auth=results_in(headers),
        signatures=signatures(mail.headers),
        statements=tuple(statements),
        marks="\n".join((mail.header("from"), mail.header("subject"), notice)).lower(),
        sender_domain=_domain(mail.header("from")),
        notification=Notification.AUTOMATIC_REPLY if is_automatic_reply(mail) else None,
    )


def _sender_domain(mail: Mail) -> str:
    """Return the domain of the author of the returned message, or of the address that the bounce went to."""
    for part in mail.parts:
        if part.media_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            fields = dict(reversed(_returned_headers(part)))
            return _domain(fields.get("return-path", "")) or _domain(fields.get("from", ""))
    return _domain(mail.header("to"))


def _returned_headers(part: Part) -> tuple[tuple[str, str], ...]:
    head = part.raw[:RETURNED_BYTES_MAX].lstrip(b"\n").partition(b"\n\n")[0]
    return parse_wanted_headers(head, _OF_AUTHOR)


def _domain(value: str) -> str:
    found = _AUTHOR.search(value)
    return found.group(1).lower() if found else ""
