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


_GOOGLE_DOMAINS = ("gmail.com", "googlemail.com")
_MICROSOFT_DOMAINS = (
    "msn.com",
    "hotmail.de",
    "hotmail.fr",
    "hotmail.co.uk",
    "live.de",
    "live.fr",
    "live.co.uk",
)
_YAHOO_DOMAINS = ("ymail.com", "aol.com", "yahoo.de", "yahoo.fr", "yahoo.co.uk", "yahoo.co.jp")

SYSTEMS: tuple[System, ...] = (
    System(
        "microsoft",
        "Microsoft (Exchange Online, Outlook.com)",
        "microsoft",
        ("outlook.com", "hotmail.com", "office365.com", "live.com", "exchangelabs.com"),
        (
            "postmaster@outlook.com",
            ".prod.outlook.com",
            ".prod.exchangelabs.com",
            "[lastattemptedservername=",
        ),
        ("exchange",),
        provider=True,
        domains=_MICROSOFT_DOMAINS,
    ),
    System(
        "google",
        "Google (Gmail, Workspace)",
        "google",
        ("google.com", "googlemail.com"),
        ("mailer-daemon@googlemail.com", "mailer-daemon@google.com", "the response was:\ndns error"),
        provider=True,
        domains=_GOOGLE_DOMAINS,
    ),
    System(
        "amazonses",
        "Amazon SES",
        "",
        ("amazonses.com",),
        ("amazonses.com>", '"notificationtype":'),
        provider=True,
    ),
    System("sparkpost", "SparkPost", "", ("sparkpostmail.com",), ("[internal]",), provider=True),
    System("sendgrid", "SendGrid", "", ("sendgrid.net",), ("sg_event_id",), provider=True),
    System("mailgun", "Mailgun", "", ("mailgun.net", "mailgun.org"), (), provider=True),
    System(
        "zoho",
        "Zoho Mail",
        "",
        ("zoho.com", "zohomail.com"),
        ("mailer-daemon@mail.zoho.com",),
        provider=True,
    ),
    System(
        "mailru",
        "Mail.Ru",
        "",
        ("mail.ru", "smailru.net"),
        ("mailer-daemon@corp.mail.ru",),
        provider=True,
    ),
    System(
        "gmx",
        "GMX, Web.de",
        "",
        ("gmx.com", "gmx.net", "web.de"),
        ("mailer-daemon@mail.gmx",),
        provider=True,
        domains=("gmx.de", "gmx.at", "gmx.ch"),
    ),
    System(
        "yahoo",
        "Yahoo",
        "",
        ("yahoo.com", "yahoodns.net"),
        ("mailer-daemon@yahoo.com",),
        provider=True,
        domains=_YAHOO_DOMAINS,
    ),
    System("apple", "Apple iCloud", "", ("icloud.com", "me.com"), (), provider=True, domains=("mac.com",)),
    System("orange", "Orange", "", ("orange.fr", "wanadoo.fr"), (), provider=True),
    System("free", "Free", "", ("free.fr",), (), provider=True),
    System("cox", "Cox", "", ("cox.net",), (), provider=True),
    System("mimecast", "Mimecast", "", ("mimecast.com",), ()),
    System(
        "proton",
        "Proton Mail",
        "",
        ("protonmail.ch", "proton.ch"),
        ("this is the mail system at protonmail",),
        provider=True,
    ),
    System("proofpoint", "Proofpoint", "", ("pphosted.com", "ppe-hosted.com"), ()),
    System("barracuda", "Barracuda", "", ("barracudanetworks.com",), ()),
    System("cisco", "Cisco Secure Email", "", ("iphmx.com",), ()),
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
    System(
        "opensmtpd", "OpenSMTPD", "", (), ("this is the mailer-daemon, please do not reply", "smtp-out: ")
    ),
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
    System("kumomta", "KumoMTA", "kumomta", (), ("kumomta internal:",)),
    System("mox", "mox", "mox"),
    System("chasquid", "chasquid", "chasquid"),
    System("maddy", "maddy", "", (), ("queue: delivery attempt failed",)),
    System("haraka", "Haraka"),
    System("zonemta", "ZoneMTA", "", (), ("zone-mta[", "connfail domain=")),
    System("postal", "Postal"),
    System("postfix-tlspol", "postfix-tlspol"),
    System("mta-sts-daemon", "postfix-mta-sts-resolver"),
    System("hmailserver", "hMailServer"),
    System("domino", "HCL Domino"),
    System("mailenable", "MailEnable", "", (), ("mailenable: message could not",)),
    System(
        "exchange",
        "Exchange Server (on premises)",
        "",
        (),
        ("diagnostic information for administrators", "primary target ip address responded with"),
    ),
    System("trendmicro", "Trend Micro"),
)

NAMES: Mapping[str, str] = MappingProxyType({system.id: system.name for system in SYSTEMS})
"""The name of each system by its id."""
