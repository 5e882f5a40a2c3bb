"""Who reports: the mail system that wrote the bounce or the log, and the sender model that stands for it.

A program tells itself apart by its phrases, a provider by the names of its hosts. Which sender model it is, is said
only where it follows: Postfix delivers by DANE or by an MTA-STS plugin, and only the cause tells which of the two.
"""

import msgspec

from mxproof.explain.cause import Cause
from mxproof.explain.explanation import Reporter
from mxproof.explain.material import Material


class System(msgspec.Struct, frozen=True):
    """A mail system: its id in the knowledge, its name, its sender model, and how to recognise it."""

    id: str
    name: str
    sender: str = ""
    hosts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


SYSTEMS: tuple[System, ...] = (
    System(
        "microsoft",
        "Microsoft (Exchange Online, Outlook.com)",
        "microsoft",
        ("outlook.com", "hotmail.com", "office365.com", "live.com"),
        (
            "postmaster@outlook.com",
            "diagnostic information for administrators",
            ".prod.outlook.com",
            "log of exchange",
        ),
    ),
    System(
        "google",
        "Google (Gmail, Workspace)",
        "google",
        ("google.com", "googlemail.com"),
        ("mailer-daemon@googlemail.com", "mailer-daemon@google.com", "the response was:\ndns error"),
    ),
    System(
        "amazonses",
        "Amazon SES",
        "",
        ("amazonses.com", "amazonaws.com"),
        ("amazonses.com>", '"notificationtype":'),
    ),
    System("zoho", "Zoho Mail", "", ("zoho.com", "zohomail.com"), ("mailer-daemon@mail.zoho.com",)),
    System("mailru", "Mail.Ru", "", ("mail.ru", "smailru.net"), ("mailer-daemon@corp.mail.ru",)),
    System("gmx", "GMX, Web.de", "", ("gmx.com", "gmx.net", "web.de"), ("mailer-daemon@mail.gmx",)),
    System("yahoo", "Yahoo", "", ("yahoo.com", "yahoodns.net"), ("mailer-daemon@yahoo.com",)),
    System(
        "postfix",
        "Postfix",
        "",
        (),
        ("this is the mail system at host", "the postfix program", "log of postfix"),
    ),
    System("qmail", "qmail", "", (), ("this is the qmail-send program",)),
    System("dragonfly", "DragonFly Mail Agent", "", (), ("this is the dragonfly mail agent",)),
    System("opensmtpd", "OpenSMTPD", "", (), ("this is the mailer-daemon, please do not reply",)),
    System("courier", "Courier", "", (), ("running the courier mail server",)),
    System(
        "stalwart",
        "Stalwart",
        "stalwart",
        (),
        ("with code 250", "there was a temporary problem delivering to"),
    ),
    System("exim", "Exim", "", (), ("created automatically by mail delivery software", "log of exim")),
    System(
        "messagingserver",
        "Oracle Messaging Server",
        "",
        (),
        ("this report relates to a message you sent with",),
    ),
    System("sendmail", "Sendmail", "", (), ("transcript of session follows", "log of sendmail")),
    System("kumomta", "KumoMTA", "kumomta"),
    System("mox", "mox", "mox"),
    System("chasquid", "chasquid", "chasquid"),
    System("maddy", "maddy"),
    System("trendmicro", "Trend Micro"),
    System("sendgrid", "SendGrid"),
)
_BY_ID = {system.id: system for system in SYSTEMS}
_DANE_SENDERS = {"postfix": "postfix-dane", "exim": "exim-dane"}
_STS_SENDERS = {"postfix": "postfix-sts"}


def reporter(material: Material, cause: Cause | None, author: str) -> Reporter:
    """Return who reports; `author` is the system that alone writes the text of the cause, or an empty string."""
    system = _by_host(material.reporting_host) or _by_marks(material.marks) or _BY_ID.get(author)
    host = material.reporting_host or None
    if system is None:
        return Reporter(host=host)
    return Reporter(system.name, host, system.sender or _by_cause(system, cause))


def _by_host(host: str) -> System | None:
    bare = host.lower().partition(" ")[0].rstrip(".")
    for system in SYSTEMS:
        if any(bare == suffix or bare.endswith(f".{suffix}") for suffix in system.hosts):
            return system
    return None


def _by_marks(marks: str) -> System | None:
    return next((system for system in SYSTEMS if any(mark in marks for mark in system.marks)), None)


def _by_cause(system: System, cause: Cause | None) -> str | None:
    if cause is None:
        return None
    if cause.id.startswith("dane_"):
        return _DANE_SENDERS.get(system.id)
    return _STS_SENDERS.get(system.id) if cause.id.startswith("mtasts_") else None
