"""A measure: changes that only make sense together, as an administrator makes them for one purpose in one place.

A policy is one file, so that listing one name or five in it is one measure, with the new id that belongs to it; what is
done at one MX host is one measure for that host. The size of a way out is the number of its measures.

| kind | what it is | what it alters |
|---|---|---|
| `serve-policy` | the policy lists every name that senders compare, in a text that all read alike | policy |
| `announce` | one record, with a new id, in place of all that stand for one | policy |
| `addresses` | addresses in place of a CNAME | dns |
| `mx-target` | the MX record names the target of the alias | mx |
| `mx-name` | the MX record names a host that the certificate or a policy names already | mx |
| `retire-host` | an MX host goes | mx |
| `null-mx` | a null MX beside others goes | mx |
| `drop-address` | an address of a host goes | dns |
| `certificate` | a host presents a certificate with the names | certificate |
| `server` | a server is set up to answer, offer STARTTLS or speak TLS 1.2, with a certificate | certificate |
| `tlsa-records` | TLSA records name the keys that are shown | dns |
| `name-servers` | the name servers answer for a name, or those that are behind serve what the others do | dns |
| `policy-host` | the policy host answers, or has a certificate that holds for its name | certificate |
| `wait` | a policy that senders still hold is over | nothing |
| `planned` | what somebody has planned: records, a policy, certificates | whatever it says |
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mxproof.mail.change import (
    Change,
    Configure,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Wait,
    Withdraw,
)
from mxproof.survey.reading import STS_LABEL


class MeasureKind(StrEnum):
    """What is done; the table of the module says more."""

    SERVE_POLICY = "serve-policy"
    ANNOUNCE = "announce"
    ADDRESSES = "addresses"
    MX_TARGET = "mx-target"
    MX_NAME = "mx-name"
    RETIRE_HOST = "retire-host"
    NULL_MX = "null-mx"
    DROP_ADDRESS = "drop-address"
    CERTIFICATE = "certificate"
    SERVER = "server"
    TLSA_RECORDS = "tlsa-records"
    NAME_SERVERS = "name-servers"
    POLICY_HOST = "policy-host"
    WAIT = "wait"
    PLANNED = "planned"


class DomainPart(StrEnum):
    """A part of the mail domain that may be meant to stay as it is."""

    MX = "mx"
    CERTIFICATE = "certificate"
    POLICY = "policy"
    DNS = "dns"
    """Every record but those of MX and of the policy."""


class Measure(msgspec.Struct, frozen=True):
    """Changes for one purpose; `about` is the MX host, or empty where it is for all of them."""

    kind: MeasureKind
    about: str
    changes: tuple[Change, ...]


def parts_of(changes: Iterable[Change]) -> frozenset[DomainPart]:
    """Return what `changes` alter."""
    return frozenset(part for change in changes if (part := _part(change)) is not None)


def _part(change: Change) -> DomainPart | None:
    match change:
        case Publish(_, MxValue()) | Withdraw(_, MxValue()):
            return DomainPart.MX
        case Publish(name) | Withdraw(name):
            return DomainPart.POLICY if name.startswith(f"{STS_LABEL}.") else DomainPart.DNS
        case ServePolicy():
            return DomainPart.POLICY
        case PresentCertificate():
            return DomainPart.CERTIFICATE
        case Wait():
            return None
        case Configure(Service.DNS):
            return DomainPart.DNS
        case _:
            return DomainPart.CERTIFICATE


def together(measures: Iterable[Measure]) -> tuple[Change, ...]:
    """Return the changes of all measures: of policies the last, records once, and no record that also goes.

    A later policy was made with the earlier one in force, so that it holds all of it.
    """
    every = [change for measure in measures for change in measure.changes]
    last_policy = next((one for one in reversed(every) if isinstance(one, ServePolicy)), None)
    found: dict[Change, None] = {}
    for change in every:
        if isinstance(change, ServePolicy) and change is not last_policy:
            continue
        if isinstance(change, Withdraw) and (published := Publish(change.name, change.record)) in found:
            del found[published]
        else:
            found.setdefault(change)
    return tuple(found)
