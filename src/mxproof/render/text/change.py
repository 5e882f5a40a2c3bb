"""A change in words that can be acted on: a zone line with a sign before it, a policy, a certificate, a setting."""

from collections.abc import Sequence
from types import MappingProxyType

from mxproof.formats.text import listed
from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.mail.change import (
    Change,
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    Wait,
    Withdraw,
)
from mxproof.render.text.words import duration

_SERVERS = MappingProxyType(
    {Service.SMTP: "the SMTP server", Service.HTTPS: "the web server", Service.DNS: "the name servers"}
)
_SETTINGS = MappingProxyType(
    {
        Setting.ANSWERING: "answers everyone who asks",
        Setting.STARTTLS: "offers STARTTLS, and the handshake succeeds",
        Setting.TLS: "speaks TLS 1.2 or later",
        Setting.SIGNED: "signs its answers with DNSSEC",
        Setting.CURRENT: "serves the version of the zone that the others have",
    }
)


def change_lines(changes: Sequence[Change]) -> list[str]:
    """Return each change in a line of its own."""
    return [_line(change) for change in changes]


def _line(change: Change) -> str:
    match change:
        case Publish(name, record):
            return f"+ {zone_line(name, record)}"
        case Withdraw(name, record):
            return f"- {zone_line(name, record)}"
        case ServePolicy(domain, policy, at):
            where = f" ({listed(at)})" if at else ""
            patterns = "".join(f", mx: {one}" for one in policy.mx)
            return f"serve at mta-sts.{domain}{where}: mode: {policy.mode}{patterns}, max_age: {policy.max_age_s}"
        case PresentCertificate(service, host, addresses, names, keeps_key):
            key = ", with the key it has now" if keeps_key else ""
            where = f"{_SERVERS[service]} at {listed(addresses)}"
            return f"{where} shows whoever asks for {host} a certificate with {listed(names)}{key}"
        case Configure(Service.DNS, host, addresses, setting) if addresses:
            return f"{_SERVERS[Service.DNS]} of {host} at {listed(addresses)}: see that each {_SETTINGS[setting]}"
        case Configure(Service.DNS, host, _, setting):
            return f"{_SERVERS[Service.DNS]} of {host}: see that each {_SETTINGS[setting]}"
        case Configure(service, host, addresses, setting):
            return f"{_SERVERS[service]} of {host} at {listed(addresses)} {_SETTINGS[setting]}"
        case Wait(name, _, seconds, until):
            then = f", until {until:%Y-%m-%d %H:%M} UTC" if until is not None else ""
            return f"wait {duration(seconds)}{then}: senders may hold an older policy of {name}"
