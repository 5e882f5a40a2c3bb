"""What to set where a mail server does not honour MTA-STS or DANE when it sends: one value for each server and mechanism."""

from typing import Final

import msgspec

from mxproof.judge.senders.inference.case import Topic


class ServerSetting(msgspec.Struct, frozen=True):
    """`lines` are typed or written as they stand, in `where`; without any, there is no way known, and `note` says so."""

    server: str
    mechanism: Topic
    where: str
    lines: tuple[str, ...] = ()
    note: str = ""


SETTINGS: Final = (
    ServerSetting(
        "Postfix",
        Topic.MTA_STS,
        "a shell, once mxproof policyd runs",
        (
            "postconf smtp_dns_support_level=dnssec smtp_tls_security_level=dane",
            "postconf smtp_tls_policy_maps=socketmap:inet:127.0.0.1:8461:postfix",
            "postfix reload",
        ),
        "The guide Postfix in ten minutes sets up the daemon; from Postfix 3.10.5 on the map is called postfix-tlsrpt.",
    ),
    ServerSetting(
        "Postfix",
        Topic.DANE,
        "a shell",
        ("postconf smtp_dns_support_level=dnssec smtp_tls_security_level=dane", "postfix reload"),
        "The resolver has to validate, and resolv.conf to say `options trust-ad`.",
    ),
    ServerSetting(
        "Exim",
        Topic.MTA_STS,
        "",
        (),
        "Exim has no MTA-STS of its own; its mail can leave by way of another server.",
    ),
    ServerSetting(
        "Exim",
        Topic.DANE,
        "the router dnslookup and the transport remote_smtp",
        ("dnssec_request_domains = *", "hosts_try_dane = *"),
        "Both are defaults. The resolver has to validate, and resolv.conf to say `options trust-ad`.",
    ),
    ServerSetting("Sendmail", Topic.MTA_STS, "", (), "Sendmail as Debian builds it has no MTA-STS."),
    ServerSetting(
        "Sendmail",
        Topic.DANE,
        "sendmail.mc",
        ("define(`confDANE', `true')dnl",),
        "The resolver has to validate, and resolv.conf to say `options trust-ad`.",
    ),
    ServerSetting("Courier", Topic.MTA_STS, "a shell", ("testmxlookup --sts-cache-enable",)),
    ServerSetting("Courier", Topic.DANE, "", (), "Courier has no DANE."),
)
