"""Delivery lines in the logs of Postfix, Exim, Sendmail, qmail and Exchange: who tried, for whom, where, and what came of it.

| program | shape (observed) |
|---|---|
| Postfix | `... postfix/smtp[1]: ID: to=<a@b>, relay=mx[192.0.2.1]:25, delay=9, dsn=4.7.5, status=deferred (text)` |
| Postfix | `... postfix/smtp[1]: warning: text`, `... postfix/smtp[1]: text` |
| Sendmail | `... sendmail[1]: ID: to=<a@b>, delay=00:00:09, relay=mx [192.0.2.1], dsn=4.7.0, stat=text` |
| Exim | `2026-11-20 09:02:44 ID == a@b R=router T=transport defer (-37): text`, and `**` for a final failure |
| Exim | `2026-11-20 09:02:44 ID H=mx [192.0.2.1] text`, `... ID DANE attempt failed; text`: about the lines that follow |
| qmail | `... delivery 7: deferral: Text_with_underscores._(#4.4.1)/`, and `failure:`, `success:` |
| Exchange | `[{LED=text};{MSG=};{FQDN=mx};{IP=192.0.2.1};{LRT=11/20/2026 9:02:44 AM}]` |

The instances of Postfix have names of their own (`enforced-tls-smtp/smtp`); what tells them is the daemon behind the
slash. A delivery line is one without the stamp and the name of its program, too (`journalctl -o cat`, RFC 5424).
"""

import re
from datetime import datetime

import msgspec

from mxproof.formats.bounce.maildate import parse_mail_date

LOG_LINE_CHARACTERS_MAX = 16 * 1024

_SYSLOG = re.compile(r"([A-Za-z0-9_.-]{1,60}(?:/[a-z0-9_/-]{1,60})?)\[\d{1,10}\]: ")
_DAEMONS = frozenset(
    {
        "smtp",
        "smtpd",
        "lmtp",
        "qmgr",
        "bounce",
        "error",
        "cleanup",
        "pickup",
        "local",
        "virtual",
        "pipe",
        "postscreen",
    }
    | {"tlsproxy", "relay", "retry", "discard", "proxymap", "trivial-rewrite", "master"}
)
_TO = re.compile(r"\bto=<([^>\s]{1,320})>")
_RELAY = re.compile(r"\brelay=([A-Za-z0-9._-]{1,255})(?: ?\[([0-9A-Fa-f.:]{2,45})\])?")
_DSN = re.compile(r"\bdsn=([245]\.\d{1,3}\.\d{1,3})\b")
_DELAY_S = re.compile(r"\bdelay=(\d{1,8})(?:\.\d{1,4})?(?=,)")
_DELAY_HOURS = re.compile(r"\bdelay=(?:(\d{1,3})\+)?(\d\d):(\d\d):(\d\d)\b")
_POSTFIX_STATUS = re.compile(r"\bstatus=([a-z]{3,12}) \(")
_QUEUE_ID = re.compile(r"\b([0-9A-Za-z]{2,20}): (?=to=)")
_EXIM = re.compile(
    r"(?:^|\s)([A-Za-z0-9]{6}-[A-Za-z0-9]{6,11}-[A-Za-z0-9]{2,4}) (==|\*\*|=>|->) ([^\s:]{1,320})"
)
_EXIM_REASON = re.compile(r"\bdefer \(-?\d{1,4}\)")
_EXIM_NOTE = re.compile(
    r"(?:^|\s)([A-Za-z0-9]{6}-[A-Za-z0-9]{6,11}-[A-Za-z0-9]{2,4}) (?=H=|DANE |TLS |[A-Za-z0-9.-]{1,255} \[)"
)
_QMAIL = re.compile(r"\bdelivery \d{1,10}: (deferral|failure|success): ")
_EXIM_HOST = re.compile(r"\bH=([A-Za-z0-9._-]{1,255}) \[([0-9A-Fa-f.:]{2,45})\]")
_EXCHANGE = re.compile(r"\{(LED|FQDN|IP|LRT)=([^{}]{1,2000})\}")
_QMAIL_OUTCOMES = {"deferral": "deferred", "failure": "bounced", "success": "sent"}
_QMAIL_SIGNS = str.maketrans("_/", "  ")
_EXIM_OUTCOMES = {"==": "deferred", "**": "bounced", "=>": "sent", "->": "sent"}
_SENT = "sent"


class LogLine(msgspec.Struct, frozen=True):
    """One attempt as a log has it; an empty string is what the line does not say.

    `program` is `postfix`, `sendmail`, `exim`, `qmail` or `exchange`; `outcome` is `sent`, `deferred` or `bounced`;
    `session` is the same in all lines about one attempt: the process of Postfix and Sendmail, the message id of Exim;
    `queue_id` is the message's.
    """

    program: str
    text: str
    recipient: str = ""
    relay: str = ""
    address: str = ""
    status: str = ""
    outcome: str = ""
    delay_s: int | None = None
    at: datetime | None = None
    session: str = ""
    queue_id: str = ""


def parse_log_line(line: str) -> LogLine | None:
    """Return the attempt that `line` tells of, or None where it is not from one of these logs."""
    line = line[:LOG_LINE_CHARACTERS_MAX]
    syslog = _SYSLOG.search(line[:400])
    if syslog and _is_known(syslog.group(1)):
        return _syslog(line, syslog.group(1), syslog.end())
    if exim := _EXIM.search(line[:400]):
        return _exim(line, exim)
    if qmail := _QMAIL.search(line[:400]):
        return _qmail(line, qmail)
    if note := _EXIM_NOTE.search(line[:100]):
        text = line[note.end() :].strip()
        return LogLine(program="exim", text=text, at=parse_mail_date(line), session=note.group(1))
    if "{LED=" in line:
        return _exchange(line)
    if "to=<" in line and _POSTFIX_STATUS.search(line):
        return _syslog(line, "postfix", 0)
    return None


def _is_known(name: str) -> bool:
    """Tell whether a program of this name writes the log of Postfix or Sendmail."""
    return name.startswith(("postfix", "sendmail", "sm-mta", "mta/")) or (
        "/" in name and name.rpartition("/")[2] in _DAEMONS
    )


def _syslog(line: str, name: str, message_start: int) -> LogLine:
    program = "sendmail" if name.startswith(("sendmail", "sm-mta", "mta/")) else "postfix"
    queue = _QUEUE_ID.search(line[:400])
    to = _TO.search(line)
    relay = _RELAY.search(line)
    dsn = _DSN.search(line)
    text, outcome = _reason(line, message_start)
    return LogLine(
        program=program,
        text=text,
        recipient=to.group(1) if to else "",
        relay=relay.group(1) if relay and relay.group(1) != "none" else "",
        address=(relay.group(2) or "") if relay else "",
        status=dsn.group(1) if dsn else "",
        outcome=outcome,
        delay_s=_delay_s(line),
        at=parse_mail_date(line),
        session=line[:message_start].rpartition("[")[2].partition("]")[0],
        queue_id=queue.group(1) if queue else "",
    )


def _reason(line: str, message_start: int) -> tuple[str, str]:
    """Return the text behind the fields of a syslog line, and the outcome."""
    if status := _POSTFIX_STATUS.search(line):
        return line[status.end() :].rstrip().removesuffix(")"), status.group(1)
    _, stat, text = line.partition(", stat=")
    if stat:
        sent = text.startswith("Sent")
        return text.strip(), _SENT if sent else "deferred" if text.startswith("Deferred") else "bounced"
    return line[message_start:].strip(), ""


def _exim(line: str, found: re.Match[str]) -> LogLine:
    host = _EXIM_HOST.search(line)
    behind = line[found.end() :]
    reason = _EXIM_REASON.search(behind)
    text = behind[reason.start() :] if reason else behind.partition(": ")[2] or behind
    return LogLine(
        program="exim",
        text=text.strip(),
        recipient=found.group(3).strip("<>"),
        relay=host.group(1) if host else "",
        address=host.group(2) if host else "",
        outcome=_EXIM_OUTCOMES[found.group(2)],
        at=parse_mail_date(line),
        session=found.group(1),
        queue_id=found.group(1),
    )


def _qmail(line: str, found: re.Match[str]) -> LogLine:
    """Return what qmail-send logs: it writes `_` for a space and `/` for the end of a line."""
    return LogLine(
        program="qmail",
        text=line[found.end() :].translate(_QMAIL_SIGNS).strip(),
        outcome=_QMAIL_OUTCOMES[found.group(1)],
        at=parse_mail_date(line[: found.start()]),
    )


def _exchange(line: str) -> LogLine:
    fields = dict(_EXCHANGE.findall(line))
    return LogLine(
        program="exchange",
        text=fields.get("LED", line).strip(),
        relay=fields.get("FQDN", ""),
        address=fields.get("IP", ""),
        outcome="deferred",
        at=parse_mail_date(fields.get("LRT", "")),
    )


def _delay_s(line: str) -> int | None:
    if seconds := _DELAY_S.search(line):
        return int(seconds.group(1))
    if hours := _DELAY_HOURS.search(line):
        days, hour, minute, second = hours.groups()
        return ((int(days or 0) * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second)
    return None
