"""What no plan of this program says: a plan from a file, which somebody may have edited, is held to it before it is used.

    objection(plan, number) -> what is wrong with way `number`, first of all; None for nothing

Whether a way does what it promises is not asked again. What is asked is that its names are names, its records records, its
times go forward, and that there is no more of it than can be looked at.
"""

import ipaddress
from collections.abc import Iterator

from mxproof.formats.dns_name import name_text, parse_name
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import print_policy
from mxproof.formats.names import parse_domain
from mxproof.mail.change import (
    CaaValue,
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    PtrValue,
    Publish,
    RecordValue,
    ServePolicy,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.plan import Plan, PlannedStep

STEPS_MAX = 200
CHANGES_MAX = 1000
"""Changes of one way: twenty MX hosts, each with all that can be altered about it, are fewer."""
LASTS_S_MAX = 10 * 366 * 86_400
"""How long after the first step of a way the last one may be over; a max_age is a year at most."""
_PREFERENCE_MAX = 65_535
_OCTET_MAX = 255


def objection(plan: Plan, number: int) -> str | None:
    """Return where a plan is none, and why."""
    return next(_objections(plan, number), None)


def _objections(plan: Plan, number: int) -> Iterator[str]:
    try:
        named = parse_domain(plan.domain).name
    except FormatError as error:
        yield f"domain {plan.domain!r}: {error.objections[0].message}"
        return
    if named != plan.domain:
        yield f"domain {plan.domain!r}: {named!r} was expected"
    way, where = plan.ways[number - 1], f"ways[{number - 1}].steps"
    if len(way.steps) > STEPS_MAX:
        yield f"{where}: {len(way.steps)} steps; at most {STEPS_MAX} were expected"
    if sum(len(step.changes) for step in way.steps) > CHANGES_MAX:
        yield f"{where}: more than {CHANGES_MAX} changes"
    earliest_s = 0
    for place, step in enumerate(way.steps):
        yield from (f"{where}[{place}].{wrong}" for wrong in _of_step(step, earliest_s))
        earliest_s = step.at_s


def _of_step(step: PlannedStep, earliest_s: int) -> Iterator[str]:
    if step.at_s < earliest_s:
        yield f"at_s is {step.at_s}; {earliest_s} or later was expected, for steps follow one another"
    if not step.at_s <= step.wait_until_s <= LASTS_S_MAX:
        yield f"wait_until_s is {step.wait_until_s}; {step.at_s} to {LASTS_S_MAX} was expected"
    if not step.changes:
        yield "changes is empty; at least one was expected"
    for place, change in enumerate(step.changes):
        yield from (f"changes[{place}].{wrong}" for wrong in _of_change(change))


def _of_change(change: Change) -> Iterator[str]:
    match change:
        case Publish(name, record) | Withdraw(name, record):
            yield from _of_name("name", name)
            yield from (f"record.{wrong}" for wrong in _of_record(record))
        case ServePolicy(domain, policy, addresses):
            yield from _of_name("domain", domain)
            yield from _of_addresses(addresses)
            try:
                print_policy(policy)
            except FormatError as error:
                yield f"policy: {error.objections[0].message}"
        case PresentCertificate(_, host, addresses) | Configure(_, host, addresses):
            yield from _of_name("host", host)
            yield from _of_addresses(addresses)


def _of_record(record: RecordValue) -> Iterator[str]:
    match record:
        case Ipv4Value(address):
            yield from _of_address("address", address, 4)
        case Ipv6Value(address):
            yield from _of_address("address", address, 6)
        case CnameValue(target) | PtrValue(target):
            yield from _of_name("target", target)
        case MxValue(preference, exchange):
            yield from _of_number("preference", preference, _PREFERENCE_MAX)
            yield from _of_name("exchange", exchange)
        case TxtValue():
            try:
                record.octets()
            except UnicodeEncodeError:
                yield f"text {record.text!r}; one character for each byte was expected"
        case TlsaValue(usage, selector, matching_type, association):
            yield from _of_number("usage", usage, _OCTET_MAX)
            yield from _of_number("selector", selector, _OCTET_MAX)
            yield from _of_number("matching_type", matching_type, _OCTET_MAX)
            try:
                bytes.fromhex(association)
            except ValueError:
                yield f"association {association!r}; hexadecimal was expected"
        case CaaValue(flags, tag, value):
            yield from _of_number("flags", flags, _OCTET_MAX)
            if not (tag.isascii() and tag.isalnum() and tag == tag.lower()):
                yield f"tag {tag!r}; letters and digits in lower case were expected"
            if any(character > "\xff" for character in value):
                yield f"value {value!r}; one character for each byte was expected"


def _of_number(member: str, number: int, most: int) -> Iterator[str]:
    if not 0 <= number <= most:
        yield f"{member} is {number}; 0 to {most} was expected"


def _of_name(member: str, name: str) -> Iterator[str]:
    try:
        meant = name_text(parse_name(name))
    except FormatError as error:
        yield f"{member} {name!r}: {error.objections[0].message}"
        return
    if meant != name:
        yield f"{member} {name!r}: {meant!r} was expected"


def _of_addresses(addresses: tuple[str, ...]) -> Iterator[str]:
    for place, address in enumerate(addresses):
        yield from _of_address(f"addresses[{place}]", address)


def _of_address(member: str, address: str, version: int | None = None) -> Iterator[str]:
    """Yield what is wrong with an address, of whichever version where none is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        yield f"{member} {address!r}; an address was expected"
        return
    if version is not None and found.version != version:
        yield f"{member} {address!r}; an address of IPv{version} was expected"
