"""MX records that do not hold the name of a host: how a sender takes them (RFC 5321 section 5.1, RFC 7505 section 3)."""

from itertools import product

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.senders.traits import ExchangeReading, Traits
from mxproof.mail.domain import Host, HostState, MailDomain

NOT_A_NAME = {
    HostState.INVALID: (Code.MX_NAME_INVALID, "the MX record does not hold a host name"),
    HostState.LITERAL: (Code.MX_ADDRESS_LITERAL, "the MX record holds an address and no host name"),
}
_NULL_WINS = (Code.MX_NULL_MIXED, "a null MX says that the domain takes no mail")


class ExchangeReadings(msgspec.Struct, frozen=True):
    """One way to take each kind of MX record that is no host name."""

    malformed: ExchangeReading = ExchangeReading.PASSED_OVER
    literal: ExchangeReading = ExchangeReading.PASSED_OVER
    null_beside: ExchangeReading = ExchangeReading.PASSED_OVER

    def of(self, host: Host) -> ExchangeReading:
        """Return how the record of `host` is taken."""
        match host.state:
            case HostState.INVALID:
                return self.malformed
            case HostState.LITERAL:
                return self.literal
            case _:
                return ExchangeReading.TAKEN


PLAIN = ExchangeReadings()
"""The one way to take MX records that all hold host names."""


def exchange_readings(domain: MailDomain, traits: Traits) -> tuple[ExchangeReadings, ...]:
    """Return every way of the sender to take the MX records of `domain`; one where all of them hold host names."""
    states = {host.state for host in domain.hosts} & NOT_A_NAME.keys()
    if not states and not domain.mx.null_beside:
        return (PLAIN,)
    possible = product(
        traits.malformed_mx if HostState.INVALID in states else traits.malformed_mx[:1],
        traits.literal_mx if HostState.LITERAL in states else traits.literal_mx[:1],
        traits.null_mx_beside if domain.mx.null_beside else traits.null_mx_beside[:1],
    )
    return tuple(ExchangeReadings(*one) for one in possible)


def fatal(domain: MailDomain, readings: ExchangeReadings) -> tuple[Code, str] | None:
    """Return why nothing at all is delivered, where one record spoils the others."""
    if readings is PLAIN:
        return None
    if domain.mx.null_beside and readings.null_beside is ExchangeReading.FATAL:
        return _NULL_WINS
    spoilt = (host for host in domain.hosts if readings.of(host) is ExchangeReading.FATAL)
    return next((NOT_A_NAME[host.state] for host in spoilt), None)


def passed_over(host: Host, readings: ExchangeReadings) -> tuple[Code, str] | None:
    """Return why no try is made at `host`, where its record is not taken, or where taking it leads nowhere."""
    fault = NOT_A_NAME.get(host.state)
    if fault is None:
        return None
    taken = readings.of(host) is ExchangeReading.TAKEN
    return None if taken and host.endpoints else fault
