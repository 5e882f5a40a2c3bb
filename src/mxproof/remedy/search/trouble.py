"""What stands between a sender and delivery: the places where it fails, gathered over all senders that are to deliver.

It is read from the attempts that a sender made and from what was seen there, and from no finding: which name was
compared at which host, how the attempt ended, and at which addresses.
"""

from collections.abc import Iterable

import msgspec

from mxproof.formats.result_type import ResultType
from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.domain import Host, MailDomain


class HostTrouble(msgspec.Struct, frozen=True):
    """One MX host at which senders fail.

    `addresses` are those at which they do, none where they never connect; `compared` the names that they compared
    there; `result_types` how the attempts ended, None among them for what is no failure of TLS.
    """

    host: Host
    addresses: tuple[str, ...]
    compared: tuple[str, ...]
    result_types: frozenset[ResultType | None]
    senders: tuple[str, ...]


def troubles(domain: MailDomain, failing: Iterable[Delivery]) -> tuple[HostTrouble, ...]:
    """Return the hosts at which `failing` senders do not simply deliver, in order of preference."""
    by_host: dict[str, list[tuple[str, str | None, str, ResultType | None]]] = {}
    for sender in failing:
        for one in sender.attempts:
            if one.outcome is not Verdict.DELIVERS:
                seen = sender.id, one.address, one.judged_name, one.result_type
                by_host.setdefault(one.mx, []).append(seen)
    return tuple(_trouble(host, by_host[host.name]) for host in domain.hosts if host.name in by_host)


def _trouble(host: Host, seen: list[tuple[str, str | None, str, ResultType | None]]) -> HostTrouble:
    return HostTrouble(
        host,
        tuple(dict.fromkeys(address for _, address, _, _ in seen if address is not None)),
        tuple(dict.fromkeys(name for _, _, name, _ in seen)),
        frozenset(result_type for *_, result_type in seen),
        tuple(dict.fromkeys(sender for sender, *_ in seen)),
    )
