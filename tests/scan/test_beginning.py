"""What is found out before a scan begins: whether its resolvers answer, and whether they validate."""

from collections.abc import Iterable

import dns.flags
import dns.rcode
import pytest

from mxproof.net.asking import Asking
from mxproof.scan.beginning import _validates
from mxproof.scan.error import ScanError
from support_clock import run
from support_dns import Respond, dns_server, reply

ROOT_SOA = ". 300 IN SOA ns. root. 1 2 3 4 60"


def secure(wire: bytes, _transport: str) -> Iterable[bytes]:
    return [reply(wire, ROOT_SOA, flags=dns.flags.AD)]


def insecure(wire: bytes, _transport: str) -> Iterable[bytes]:
    return [reply(wire, ROOT_SOA)]


def silent(_wire: bytes, _transport: str) -> Iterable[bytes]:
    return []


def validates(*servers: Respond) -> bool:
    async def scenario() -> bool:
        async with dns_server(servers[0]) as first, dns_server(servers[-1]) as second:
            return (await _validates(Asking((first, second)[: len(servers)], timeout_s=1.0)))[0]

    return run(scenario())


@pytest.mark.parametrize(("server", "want"), [(secure, True), (insecure, False)])
def test_a_resolver_that_answers_is_believed_where_it_validates(server: Respond, *, want: bool) -> None:
    assert validates(server) is want


def test_a_scan_whose_resolvers_say_nothing_is_not_begun() -> None:
    with pytest.raises(ScanError, match="no resolver answers"):
        validates(silent)


def test_of_two_resolvers_one_that_answers_is_enough() -> None:
    assert validates(insecure, silent) is False
