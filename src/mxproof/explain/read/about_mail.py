"""Whether a bare text speaks of mail at all: a log of a package manager has numbers like status codes, too.

A text speaks of mail by an address, a reply with its code, or a word of mail in one of the languages that bounces
come in. A log of another program, lines with a stamp of which none names a mail program or an address, does not.
"""

import re

from mxproof.formats.bounce.reply import reply_codes

LINES_MIN = 2
_STAMPED_SHARE_MIN = 0.6

_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]@[A-Za-z0-9-]{1,63}\.[A-Za-z]")
_WORDS = re.compile(
    r"\b(?:e-?mail|mails?|smtp\w*|dns error|mx\d?|deferred|stat=|mta|esmtp|starttls|recipients?|sender|deliver\w*|bounced?|postmaster|dkim|spf|dmarc"
    r"|mailbox|inbox|undeliver\w*|message|mta-sts|mtasts\w*|sts|dane|tlsa|relay|gsmtp|rcpt"
    r"|nachricht\w*|empfänger\w*|zustell\w*|postfach|courriel|destinataires?|remise|boîte|buzón|correo|mensajes?"
    r"|destinatari\w*|messaggi\w*|casella|recapito|consegna|mensage\w+|destinatário\w*|entrega|caixa|bericht\w*"
    r"|geadresseerde\w*|bezorg\w*|postbus)\b|メール|受信者|配信|宛先|:25\b",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?<![\d.])[45]\d\d[ -]#?[45]\.\d\.\d{1,3}(?![\d.])|\([45]\.\d\.\d{1,3}\b")
"""A reply with its code, wherever it stands."""
_PROGRAM = re.compile(
    r"\b(?:postfix|exim|sendmail|sm-mta|smtp\w*|smtp-out|stalwart|maddy|mox|chasquid|haraka|zone-mta|kumod|kumomta|opensmtpd"
    r"|qmail|courier|postal|mail|mta|tlspol|mta-?sts\S*|sts|outbound|delivery|tls error on connection)\b",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\s{0,4}(?:\[|[^\W\d_]{3,5}\.? {1,2}\d{1,2} \d\d:\d\d:\d\d|\d{4}[-/]\d\d[-/]\d\d[T ]|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    r"|(?:\d{1,3}\.){3}\d{1,3} |[\d:]{8} )"
)


def is_about_mail(text: str) -> bool:
    """Tell whether a bare text speaks of mail."""
    if _ADDRESS.search(text):
        return True
    if _is_other_log(text):
        return False
    if _WORDS.search(text) or _REPLY.search(text):
        return True
    return any(code.basic for code in reply_codes(text.strip()))


def _is_other_log(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    stamped = sum(1 for line in lines if _STAMP.match(line))
    return (
        len(lines) >= LINES_MIN and stamped >= _STAMPED_SHARE_MIN * len(lines) and not _PROGRAM.search(text)
    )
