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
from mxproof.render.text.fix import PASTED_INDENT
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import duration

_WHOLE = ("+ ", "- ", "  ")
"""How lines begin that are records or lines of a policy."""

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
    """Return each change in a line of its own, and each line of a policy below it."""
    return [line for change in changes for line in (_line(change), *_policy(change))]


def changes_laid_out(changes: Sequence[Change], column: int, paper: Paper, *front: Label) -> list[str]:
    """Return the changes from `column` on with `front` before the first: records and policies whole, however long."""
    lines: list[str] = []
    for line in change_lines(changes):
        before = () if lines else front
        if not line.startswith(_WHOLE):
            lines += paper.hung(line, column, *before)
        elif column + len(line) <= paper.width:
            lines.append(paper.row(*before, Label(column, line, Tone.PLAIN)))
        else:
            lines += [paper.row(*before)] if before else []
            lines.append(paper.pasted(line, PASTED_INDENT))
    return lines


def _policy(change: Change) -> list[str]:
    if not isinstance(change, ServePolicy):
        return []
    policy = change.policy
    fields = [("version", "STSv1"), ("mode", str(policy.mode)), *(("mx", pattern) for pattern in policy.mx)]
    return [f"  {name}: {value}" for name, value in (*fields, ("max_age", str(policy.max_age_s)))]


def _line(change: Change) -> str:
    match change:
        case Publish(name, record):
            return f"+ {zone_line(name, record)}"
        case Withdraw(name, record):
            return f"- {zone_line(name, record)}"
        case ServePolicy(domain, _, at):
            where = f" ({listed(at)})" if at else ""
            return f"serve at mta-sts.{domain}{where}:"
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
