"""The mail systems that report: their names, their sender models, and how each is recognised.

A program tells itself apart by its phrases, a provider by the names of its hosts.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from mxproof.judge.vocabulary import Security


class System(msgspec.Struct, frozen=True):
    """A mail system: its id in the knowledge, its name, its sender model, and how to recognise it.

    A `provider` runs it for millions of mailboxes; `domains` are those of its mailboxes where its hosts have others.
    `senders` are its models by the protection that was demanded, where it is not the same for all mail; `programs` are
    the names that its log lines have in `LogLine`.
    """

    id: str
    name: str
    sender: str = ""
    hosts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    senders: tuple[tuple[Security, str], ...] = ()
    provider: bool = False
    domains: tuple[str, ...] = ()


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
        ),
        ("exchange",),
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
        ("this is the mail system at host", "the postfix program"),
        ("postfix",),
        ((Security.DANE, "postfix-dane"), (Security.MTA_STS, "postfix-sts")),
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
    System(
        "exim",
        "Exim",
        "",
        (),
        ("created automatically by mail delivery software",),
        ("exim",),
        ((Security.DANE, "exim-dane"),),
    ),
    System(
        "messagingserver",
        "Oracle Messaging Server",
        "",
        (),
        ("this report relates to a message you sent with",),
    ),
    System("sendmail", "Sendmail", "", (), ("transcript of session follows",), ("sendmail",)),
    System("kumomta", "KumoMTA", "kumomta"),
    System("mox", "mox", "mox"),
    System("chasquid", "chasquid", "chasquid"),
    System("maddy", "maddy"),
    System("trendmicro", "Trend Micro"),
    System("sendgrid", "SendGrid"),
)

NAMES: Mapping[str, str] = MappingProxyType({system.id: system.name for system in SYSTEMS})
"""The name of each system by its id."""
