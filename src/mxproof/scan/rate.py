"""How often one address is connected to: so many times a minute, fewer where its network asks for that, or not at all.

All questions to an address are asked by one task at a time (`sharing`), so that what is kept here holds across all workers.
A file of rates has a network and a number a line, of which the narrowest network counts:

    192.0.2.0/24      6
    2001:db8::/32     0      # not at all
"""

import ipaddress
from collections.abc import Iterable, Sequence

import msgspec

from mxproof.evidence import Kind, Question
from mxproof.scan.error import ScanError

SMTP_A_MINUTE = 60
POLICIES_A_MINUTE = 600
A_MINUTE_MAX = 60_000
RATES_MAX = 10_000
_MINUTE_S = 60.0

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetworkRate(msgspec.Struct, frozen=True):
    """How many connections a minute each address of a network is to have."""

    network: str
    a_minute: int


class Rates:
    """The connections a minute to one address, for mail servers, for policy hosts, and for networks that are named."""

    def __init__(self, smtp: int, policies: int, networks: Sequence[NetworkRate] = ()) -> None:
        self._smtp = smtp
        self._policies = policies
        read = [(ipaddress.ip_network(one.network), one.a_minute) for one in networks]
        self._networks = sorted(read, key=lambda one: -one[0].prefixlen)

    def of(self, question: Question) -> int:
        """Return how many connections a minute the address of `question` is to have."""
        usual = self._policies if question.kind is Kind.POLICY else self._smtp
        if not self._networks:
            return usual
        address = ipaddress.ip_address(question.at)
        named = (rate for network, rate in self._networks if address in network)
        return next((min(usual, rate) for rate in named), usual)


class Turns:
    """The times at which one address may be connected to next, `a_minute` times a minute in even steps."""

    def __init__(self, a_minute: int) -> None:
        self._step_s = _MINUTE_S / a_minute
        self._next = 0.0

    def wait_s(self, now: float) -> float:
        """Take the next turn, and return the seconds until it comes."""
        at = max(now, self._next)
        self._next = at + self._step_s
        return at - now


def read_rates(lines: Iterable[bytes], name: str) -> tuple[NetworkRate, ...]:
    """Return the rates in a file; raises ScanError with the line of what is none."""
    rates: list[NetworkRate] = []
    for number, line in enumerate(lines, 1):
        words = line.decode(errors="replace").partition("#")[0].split()
        if not words:
            continue
        try:
            network, rate = words
            rates.append(NetworkRate(str(ipaddress.ip_network(network)), _a_minute(rate)))
        except ValueError:
            raise ScanError(
                f"{name}, line {number}: a network and connections a minute were expected, as 192.0.2.0/24 6"
            ) from None
        if len(rates) > RATES_MAX:
            raise ScanError(f"{name}: more than {RATES_MAX} networks; expected at most that many")
    return tuple(rates)


def _a_minute(text: str) -> int:
    number = int(text)
    if not 0 <= number <= A_MINUTE_MAX:
        raise ValueError(text)
    return number
